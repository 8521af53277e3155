"""Side by side: who is shown what of each side."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import rubrics
from pitchreview.models import ConsentState, Exemplar, Recording, RecordingState, Score, Take, User
from tests.conftest import Cast
from tests.factories import DURATION_MS, Factory

ClientOf = Callable[[User | None], FlaskClient]


@pytest.fixture
def take(make: Factory, cast: Cast) -> Take:
    """Ada's, reviewed by Cole with a comment at 0:12 and a level."""
    scenario = make.scenario(cast.team)
    scenario.rubric = rubrics.chosen(make.session, cast.team.id, "sales-conversation")
    take = make.take(cast.ada, scenario)
    make.comment(take, cast.cole, "You hand the price over too early.")
    make.comment(take, cast.cole, "A draft about the ending.", published_at=None)
    review = make.review(take, cast.cole)
    review.rubric = scenario.rubric
    criterion = scenario.rubric.criteria[0]
    review.scores = [Score(criterion=criterion, level=criterion.levels[1])]
    make.session.commit()
    return take


@pytest.fixture
def exemplar(make: Factory, cast: Cast, take: Take) -> Exemplar:
    """From 0:10 to 0:30 of it."""
    exemplar = make.exemplar(take, cast.mona, from_ms=10_000, until_ms=30_000)
    make.session.commit()
    return exemplar


@pytest.fixture
def beside(make: Factory, cast: Cast) -> Take:
    """A practice take of Jonas."""
    beside = make.take(cast.jonas, make.scenario(cast.team, "Mine"), submitted=False)
    make.session.commit()
    return beside


def sides_of(page: str) -> list[tuple[int, int]]:
    """Where each side begins in what is played, and how long it is."""
    found = re.findall(r'data-side="\w+" data-from="(\d+)" data-duration="(\d+)"', page)
    return [(int(start), int(length)) for start, length in found]


def plays(page: str, recording: Recording) -> bool:
    return f"/media/{recording.id}/" in page


def test_who_sees_the_take_reads_what_was_said_and_given(
    client_of: ClientOf, cast: Cast, take: Take, exemplar: Exemplar
) -> None:
    page = client_of(cast.ada).get(f"/compare/take:{take.id}/exemplar:{exemplar.id}").text
    assert sides_of(page) == [(0, DURATION_MS), (10_000, 20_000)]
    assert page.count("You hand the price over too early.") == 2
    # Each on its own clock: the exemplar begins ten seconds into the take
    assert re.findall(r'data-remark="(\w+)" data-at="(\d+)"', page) == [("left", "12000"), ("right", "2000")]
    assert "A draft about the ending." not in page
    assert page.count("In parts") >= 2


def test_who_sees_the_exemplar_alone_reads_nothing_about_the_take(
    client_of: ClientOf, cast: Cast, take: Take, exemplar: Exemplar, beside: Take
) -> None:
    page = client_of(cast.jonas).get(f"/compare/take:{beside.id}/exemplar:{exemplar.id}").text
    assert sides_of(page) == [(0, DURATION_MS), (10_000, 20_000)]
    assert exemplar.why in page
    assert "too early" not in page
    assert "Levels" not in page
    assert f"/takes/{take.id}" not in page


def test_who_sees_the_exemplar_alone_is_given_its_file_alone(
    client_of: ClientOf, make: Factory, cast: Cast, take: Take, exemplar: Exemplar, beside: Take
) -> None:
    exemplar.clip = make.recording()
    exemplar.clip.duration_ms = 20_000
    make.session.commit()
    page = client_of(cast.jonas).get(f"/compare/exemplar:{exemplar.id}/take:{beside.id}").text
    assert sides_of(page) == [(0, 20_000), (0, DURATION_MS)]
    assert plays(page, exemplar.clip)
    assert not plays(page, take.recording)
    page = client_of(cast.cole).get(f"/compare/exemplar:{exemplar.id}/take:{take.id}").text
    assert plays(page, take.recording)


def test_who_looks_at_it_first_themselves_reads_nothing_yet(
    client_of: ClientOf, session: Session, cast: Cast, take: Take, exemplar: Exemplar
) -> None:
    take.awaits_self_assessment = True
    session.commit()
    page = client_of(cast.ada).get(f"/compare/take:{take.id}/exemplar:{exemplar.id}").text
    assert "too early" not in page
    assert "Levels" not in page


def test_what_was_withdrawn_is_for_those_who_see_the_take(
    client_of: ClientOf, session: Session, cast: Cast, exemplar: Exemplar, beside: Take
) -> None:
    exemplar.consent = ConsentState.WITHDRAWN
    session.commit()
    address = f"/compare/exemplar:{exemplar.id}/take:{beside.id}"
    assert client_of(cast.jonas).get(address).status_code == 404


@pytest.mark.parametrize("name", ["take:", "take:1", "scenario:{id}", "{id}", "exemplar:{id}", "TAKE:{id}"])
def test_an_address_of_nothing_leads_nowhere(client_of: ClientOf, cast: Cast, take: Take, name: str) -> None:
    left = name.format(id=take.id)
    assert client_of(cast.ada).get(f"/compare/{left}/take:{take.id}").status_code == 404


def test_a_take_is_put_beside_models_of_its_scenario_and_other_takes_of_its_pitch(
    client_of: ClientOf, make: Factory, cast: Cast, take: Take, exemplar: Exemplar, beside: Take
) -> None:
    again = make.take(cast.ada, take.pitch.scenario, submitted=False)
    withdrawn = make.exemplar(again, cast.mona, title="Not any more", consent=ConsentState.WITHDRAWN)
    gone = make.take(cast.ada, take.pitch.scenario, submitted=False)
    gone.deleted_at = db.now()
    make.session.commit()
    page = client_of(cast.ada).get(f"/takes/{again.id}/comparing").text
    found = set(re.findall(rf"/compare/take:{again.id}/(\w+:[\w-]+)", page))
    assert found == {f"take:{take.id}", f"exemplar:{exemplar.id}"}
    page = client_of(cast.cole).get(f"/takes/{take.id}/comparing").text
    assert f"take:{again.id}" not in page
    assert withdrawn.title not in page


def test_where_one_cannot_be_watched_yet_both_wait(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    new = make.take(cast.ada, take.pitch.scenario, submitted=False, state=RecordingState.RECEIVED)
    session.commit()
    page = client_of(cast.ada).get(f"/compare/take:{take.id}/take:{new.id}").text
    assert "still being prepared" in page
    assert sides_of(page) == []


def voices(page: str) -> dict[str, tuple[int, int]]:
    """Who can be heard: from when in their recording, and for how long."""
    found = re.findall(
        r'data-heard="(\w+)" hidden>\s*<reply-player [^>]*data-from="(\d+)" data-duration="(\d+)"', page
    )
    return {name: (int(start), int(length)) for name, start, length in found}


def test_the_seconds_of_a_comment_are_heard_from_the_presenter_an_exemplar_and_the_coach(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    model = make.take(cast.jonas, take.pitch.scenario)
    exemplar = make.exemplar(model, cast.mona, from_ms=20_000, until_ms=50_000)
    spoken = make.spoken(cast.cole)
    remark = make.comment(take, cast.cole, at_ms=12_000, exemplar=exemplar, recording=spoken)
    session.commit()
    address = f"/comments/{remark.id}/hearing"
    page = client_of(cast.ada).get(address).text
    assert voices(page) == {"own": (12_000, 8_000), "exemplar": (20_000, 8_000), "demo": (0, DURATION_MS)}
    assert f"/scenarios/{take.pitch.scenario_id}/studio?target=20" in page
    assert "Record just this answer" not in client_of(cast.mona).get(address).text
    exemplar.answer_consent(ConsentState.WITHDRAWN, db.now())
    session.commit()
    page = client_of(cast.ada).get(address).text
    assert set(voices(page)) == {"own", "demo"}
    assert exemplar.why not in page


def test_of_a_comment_at_the_very_end_the_last_seconds_are_heard(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    remark = make.comment(take, cast.cole, at_ms=DURATION_MS)
    session.commit()
    page = client_of(cast.cole).get(f"/comments/{remark.id}/hearing").text
    assert voices(page) == {"own": (DURATION_MS - 2_000, 2_000)}


@pytest.mark.parametrize(("asked", "target"), [("20", 20), ("900", 90), ("2", 90), ("soon", 90), ("", 90)])
def test_an_answer_that_is_recorded_again_has_a_short_target(
    client_of: ClientOf, cast: Cast, take: Take, asked: str, target: int
) -> None:
    page = client_of(cast.ada).get(f"/scenarios/{take.pitch.scenario_id}/studio?target={asked}").text
    assert f'data-target="{target}"' in page
