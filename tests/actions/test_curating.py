"""What lies on the desk of those who choose, and what they do with several moments at once."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import (
    curating,
    featuring,
    finding,
    library,
    offering,
    recalling,
    suggesting,
    tagging,
    wording,
)
from pitchreview.actions.curating import Drawer
from pitchreview.actions.finding import Wanted
from pitchreview.actions.library import NewExemplar
from pitchreview.errors import InvalidInput
from pitchreview.models import (
    Comment,
    CommentKind,
    ConsentState,
    Criterion,
    Exemplar,
    Facet,
    Level,
    Reaction,
    ReactionKind,
    Rubric,
    Scenario,
    Score,
    Take,
)
from tests.conftest import Cast
from tests.factories import Factory


@pytest.fixture
def scenario(make: Factory, cast: Cast) -> Scenario:
    levels = [Level(value=value, name=str(value)) for value in (1, 2, 3, 4)]
    criterion = Criterion(position=0, name="Asks first", levels=levels)
    scenario = make.scenario(cast.team, "“Too expensive”", buyer="Hélène, CFO at a manufacturer")
    scenario.rubric = Rubric(team_id=cast.team.id, name="Ours", criteria=[criterion])
    make.session.flush()
    return scenario


@pytest.fixture
def take(make: Factory, cast: Cast, scenario: Scenario) -> Take:
    return make.take(cast.ada, scenario)


def lie_in(session: Session, cast: Cast, drawer: Drawer) -> list[Exemplar]:
    session.flush()
    return curating.in_drawer(session, cast.mona, cast.team, drawer, None).exemplars


# --- drawers ------------------------------------------------------------------------------------------


def test_each_moment_lies_where_its_curator_looks_for_it(
    session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    soon, long_ago = db.now() + timedelta(days=2), db.now() - timedelta(days=400)
    draft = make.exemplar(take, cast.mona, published_at=None)
    scheduled = make.exemplar(take, cast.mona, published_at=soon)
    asked = make.exemplar(take, cast.mona, consent=ConsentState.ASKED)
    withdrawn = make.exemplar(take, cast.mona, consent=ConsentState.WITHDRAWN)
    old = make.exemplar(take, cast.mona, published_at=long_ago)
    fresh = make.exemplar(take, cast.mona)
    assert set(lie_in(session, cast, Drawer.DRAFTS)) == {draft, scheduled}
    assert set(lie_in(session, cast, Drawer.CONSENT)) == {asked, withdrawn}
    assert lie_in(session, cast, Drawer.AGEING) == [old]
    assert set(lie_in(session, cast, Drawer.ALL)) == {draft, scheduled, asked, withdrawn, old, fresh}
    counts = curating.counts(session, cast.mona, cast.team)
    assert counts == {Drawer.DRAFTS: 2, Drawer.CONSENT: 2, Drawer.AGEING: 1, Drawer.AGAIN: 0}
    assert curating.in_drawer(session, cast.zoe, cast.other_team, Drawer.ALL, None).exemplars == []


def test_the_desk_goes_on_where_a_page_ends(
    session: Session, make: Factory, cast: Cast, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(curating, "PAGE", 2)
    made = [make.exemplar(take, cast.mona) for _ in range(5)]
    seen, after = [], None
    while True:
        page = curating.in_drawer(session, cast.mona, cast.team, Drawer.ALL, after)
        seen += page.exemplars
        if (after := page.next) is None:
            break
    assert seen == made[::-1]


@pytest.mark.parametrize("act", [tagging.mark_changed, tagging.retire])
def test_what_bears_a_doubtful_word_ages_until_somebody_looks_at_it(
    session: Session, make: Factory, cast: Cast, take: Take, act: object
) -> None:
    exemplar = make.exemplar(take, cast.mona, tags=("Product: Sync",))
    make.exemplar(take, cast.mona, tags=("Product: Else",))
    assert lie_in(session, cast, Drawer.AGEING) == []
    act(exemplar.tags[0])  # type: ignore[operator]
    assert lie_in(session, cast, Drawer.AGEING) == [exemplar]
    (doubt,) = curating.doubts_about(exemplar)
    assert "“Sync”" in doubt
    curating.record_again(session, [exemplar], cast.mona)
    assert lie_in(session, cast, Drawer.AGEING) == []
    assert lie_in(session, cast, Drawer.AGAIN) == [exemplar]
    curating.still_good(session, [exemplar], cast.mona)
    assert lie_in(session, cast, Drawer.AGEING) == lie_in(session, cast, Drawer.AGAIN) == []
    assert curating.doubts_about(exemplar) == []


# --- several at once ----------------------------------------------------------------------------------


def test_several_are_tagged_found_by_it_and_remember_it(
    session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    both = [make.exemplar(take, cast.mona, tags=("CFO",)) for _ in range(2)]
    curating.tag(session, both, cast.mona, tagging.read("Buyer: IT, CFO"))
    assert [[tag.label for tag in e.tags] for e in both] == [["CFO", "IT"]] * 2
    it = tagging.by_keys(session, cast.team.id, ["persona:it"])["persona:it"]
    assert finding.find(session, cast.jonas, cast.team, Wanted(tags=(it,))).total == 2
    curating.untag(session, both, cast.mona, tagging.read("Buyer: IT"))
    assert finding.find(session, cast.jonas, cast.team, Wanted(tags=(it,))).total == 0
    session.flush()
    untagged = recalling.history_of(session, both[0].id)[0]
    assert [(c.what, c.before, c.after) for c in untagged.changes] == [("tags", "CFO, IT", "CFO")]


def test_of_the_chosen_ones_only_those_of_the_team_are_changed(
    session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    mine = make.exemplar(take, cast.mona)
    theirs = make.exemplar(make.take(cast.zoe, make.scenario(cast.other_team)), cast.zoe)
    assert curating.chosen(session, cast.mona, cast.team, [mine.id, theirs.id]) == [mine]
    with pytest.raises(InvalidInput):
        curating.chosen(session, cast.mona, cast.team, [])


# --- suggestions --------------------------------------------------------------------------------------


def praised(make: Factory, cast: Cast, take: Take, level: int, *, published: bool = True) -> Comment:
    (criterion,) = take.pitch.scenario.rubric.criteria  # type: ignore[union-attr]
    review = make.review(take, cast.cole, published=published)
    review.scores = [Score(criterion=criterion, level=criterion.levels[level - 1])]
    return make.comment(
        take,
        cast.cole,
        "She asks first.",
        kind=CommentKind.STRENGTH,
        criterion=criterion,
        review=review,
        published_at=db.now() if published else None,
    )


def suggested(session: Session, cast: Cast) -> list[Comment]:
    session.flush()
    return [found.remark for found in suggesting.suggestions(session, cast.mona, cast.team)]


def test_a_strength_at_the_top_level_is_suggested_until_it_is_held_up(
    session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    remark = praised(make, cast, take, 4)
    (suggestion,) = suggesting.suggestions(session, cast.mona, cast.team)
    assert (suggestion.remark, suggestion.is_top, suggestion.has_helped) == (remark, True, False)
    assert suggesting.suggestions(session, cast.zoe, cast.other_team) == []
    make.exemplar(take, cast.mona, from_ms=60_000, until_ms=70_000)
    assert suggested(session, cast) == [remark]
    make.exemplar(take, cast.mona, from_ms=10_000, until_ms=20_000)
    assert suggested(session, cast) == []


def test_what_is_not_at_the_top_is_suggested_once_it_helped(
    session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    remark = praised(make, cast, take, 3)
    assert suggested(session, cast) == []
    session.add(Reaction(comment_id=remark.id, user=cast.ada, kind=ReactionKind.HELPFUL))
    assert suggested(session, cast) == [remark]
    suggesting.pass_over(session, remark, cast.mona)
    assert suggested(session, cast) == []


def test_nothing_of_a_draft_review_or_a_take_that_was_taken_back_is_suggested(
    session: Session, make: Factory, cast: Cast, take: Take, scenario: Scenario
) -> None:
    praised(make, cast, take, 4, published=False)
    taken_back = make.take(cast.jonas, scenario)
    praised(make, cast, taken_back, 4)
    assert len(suggested(session, cast)) == 1
    taken_back.take_back()
    assert suggested(session, cast) == []


# --- pairs, weeks, words, offers ----------------------------------------------------------------------


def test_a_pair_has_one_model_and_its_middling_half_is_not_listed(
    session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    model = make.exemplar(take, cast.mona)
    new = NewExemplar("Middling", "Too early.", contrast_to=model)
    half = library.hold_up(session, make.take(cast.mona, take.pitch.scenario), cast.mona, new)
    session.refresh(model, ["contrasts"])
    assert model.contrasts == [half]
    assert [h.exemplar for h in finding.find(session, cast.jonas, cast.team, Wanted()).hits] == [model]
    for exemplar, other in ((model, model), (model, half)):
        with pytest.raises(InvalidInput):
            library.pair(exemplar, other)
    library.change(session, half, cast.mona, NewExemplar("Middling", "Too early."))
    assert finding.find(session, cast.jonas, cast.team, Wanted()).total == 2
    third = make.exemplar(take, cast.mona, contrast_to=model)
    with pytest.raises(InvalidInput):
        library.pair(half, third)


def test_a_week_has_one_exemplar_and_ends_with_its_sunday(
    session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    first, second = make.exemplar(take, cast.mona), make.exemplar(take, cast.mona)
    wednesday, monday = date(2026, 11, 25), date(2026, 11, 23)
    for exemplar in (first, second):
        featuring.choose(session, cast.team, exemplar, cast.mona, week=monday, note=" Why ", today=wednesday)
    assert [w.exemplar for w in featuring.weeks(session, cast.team, date(2026, 11, 29))][:2] == [second, None]
    assert featuring.weeks(session, cast.team, date(2026, 11, 30))[0].exemplar is None
    for week in (monday - timedelta(weeks=1), wednesday, monday + timedelta(weeks=6)):
        with pytest.raises(InvalidInput):
            featuring.choose(session, cast.team, first, cast.mona, week=week, note="", today=wednesday)
    featuring.cancel(session, cast.team, monday)
    assert featuring.weeks(session, cast.team, wednesday)[0].exemplar is None


def test_a_tag_that_gets_the_name_of_another_becomes_one_with_it(
    session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    both = make.exemplar(take, cast.mona, tags=("Buyer: CFO", "Buyer: Finance head"))
    one = make.exemplar(take, cast.mona, tags=("Buyer: Finance head",))
    old = tagging.by_keys(session, cast.team.id, ["persona:finance head"])["persona:finance head"]
    kept = wording.rename(session, old, cast.mona, "cfo")
    assert kept.label == "CFO"
    for exemplar in (both, one):
        assert [tag.label for tag in exemplar.tags] == ["CFO"]
    assert finding.find(session, cast.jonas, cast.team, Wanted(tags=(kept,))).total == 2
    (word,) = wording.by_facet(session, cast.team)[Facet.PERSONA]
    assert (word.tag, word.count) == (kept, 2)
    assert wording.rename(session, kept, cast.mona, "Head of finance") is kept
    assert finding.find(session, cast.jonas, cast.team, Wanted(words="head finance")).total == 2


def test_the_form_offers_the_situation_of_the_scenario_and_the_levels_of_its_rubric(
    session: Session, make: Factory, cast: Cast, take: Take, scenario: Scenario
) -> None:
    make.exemplar(take, cast.mona, tags=("Buyer: CFO", "Buyer: IT", "Silence"))
    offers = offering.offers_for(session, scenario)
    assert [tagging.written(tag) for tag in offers.situation] == [
        "Objection",
        "Buyer: CFO",
        "Objection: Too expensive",
    ]
    assert [tag.level for tag in offers.levels["Asks first"]] == [4, 3, 2, 1]
    assert [tag.name for tag in offers.words[Facet.MESSAGE]] == ["Ask before telling", "One next step"]
    assert [tag.name for tag in offers.words[Facet.PERSONA]] == ["IT"]


def test_a_change_remembers_the_words_before_and_after(
    session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    exemplar = make.exemplar(take, cast.mona, title="Silence", from_ms=10_000, until_ms=20_000)
    tags = [tagging.NewTag(tag.facet, tag.name, tag.level) for tag in exemplar.tags]
    library.change(session, exemplar, cast.mona, NewExemplar("Silence", exemplar.why, tags, 12_000, 20_000))
    session.flush()
    (event,) = recalling.history_of(session, exemplar.id)
    assert [(c.what, c.before, c.after) for c in event.changes] == [
        ("range", "0:10.0 to 0:20.0", "0:12.0 to 0:20.0")
    ]
    assert session.scalar(select(Exemplar.title)) == "Silence"
