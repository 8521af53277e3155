"""Curation in people's hands: the form with its tags, drafts and pairs, the desk, shelves, weeks, figures."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from pitchreview import db
from pitchreview.actions import accounts, featuring, finding, tagging
from pitchreview.actions.finding import Wanted
from pitchreview.models import (
    Collection,
    CommentKind,
    ConsentState,
    Criterion,
    Drill,
    DrillExemplar,
    Exemplar,
    Level,
    MissedSearch,
    Role,
    Rubric,
    Take,
    User,
)
from tests.conftest import Cast
from tests.factories import Factory
from tests.statements import heard_by

ClientOf = Callable[[User | None], FlaskClient]
NEW = {"title": "Silence", "why": "She waits."}
FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture
def take(make: Factory, cast: Cast) -> Take:
    take = make.take(cast.ada, make.scenario(cast.team))
    make.session.commit()
    return take


def made(session: Session) -> Exemplar:
    session.expire_all()
    return session.scalars(select(Exemplar).order_by(Exemplar.created_at.desc())).first() or pytest.fail()


# --- the form -----------------------------------------------------------------------------------------


def test_tags_are_ticked_and_typed_and_come_back_when_something_is_missing(
    client_of: ClientOf, session: Session, cast: Cast, take: Take
) -> None:
    mona = client_of(cast.mona)
    ticked = ["Objection", "Message: Ask, then tell", "Criterion: Asks first 4", ""]
    typed = [("tags", "Buyer: CFO, price"), ("why", "Yes.")]
    data = MultiDict([*(("tag", value) for value in ticked), *typed])
    again = mona.post(f"/takes/{take.id}/exemplars", data=data)
    assert again.status_code == 400
    for value in ("Message: Ask, then tell", "Criterion: Asks first 4", "Buyer: CFO"):
        assert f'value="{value}" checked' in again.text
    data.add("title", "Silence")
    assert mona.post(f"/takes/{take.id}/exemplars", data=data).status_code == 302
    keys = {tag.key for tag in made(session).tags}
    assert keys == {
        "stage:objection",
        "message:ask, then tell",
        "criterion:asks first:4",
        "persona:cfo",
        "topic:price",
    }


def test_a_draft_is_asked_about_when_it_is_published(
    client_of: ClientOf, session: Session, cast: Cast, take: Take
) -> None:
    mona, ada = client_of(cast.mona), client_of(cast.ada)
    mona.post(f"/takes/{take.id}/exemplars", data=NEW | {"act": "draft"})
    draft = made(session)
    assert draft.is_draft
    assert ada.get(f"/exemplars/{draft.id}").status_code == 404
    assert "Silence" in mona.get("/library/desk?view=drafts").text
    mona.post(f"/exemplars/{draft.id}", data=NEW)
    assert made(session).waits_for_consent
    assert ada.get(f"/exemplars/{draft.id}").status_code == 200


def test_a_new_title_alone_asks_nobody_again(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    exemplar = make.exemplar(take, cast.mona, from_ms=12_345, until_ms=20_678)
    session.commit()
    data = NEW | {"title": "Other words", "from": "0:12.3", "until": "0:20.6"}
    client_of(cast.mona).post(f"/exemplars/{exemplar.id}", data=data)
    session.expire_all()
    assert (exemplar.title, exemplar.consent) == ("Other words", ConsentState.GIVEN)
    assert (exemplar.from_ms, exemplar.until_ms) == (12_345, 20_678)


def test_a_moment_comes_out_on_the_day_in_the_curators_zone(
    client_of: ClientOf, session: Session, cast: Cast, take: Take
) -> None:
    cast.mona.time_zone = "Asia/Tokyo"
    session.commit()
    mona = client_of(cast.mona)
    day = (db.now() + timedelta(days=3)).strftime("%Y-%m-%d")
    for wrong in ("2020-01-01T09:00", "soon"):
        answer = mona.post(f"/takes/{take.id}/exemplars", data=NEW | {"publish_on": wrong})
        assert answer.status_code == 400
    mona.post(f"/takes/{take.id}/exemplars", data=NEW | {"publish_on": f"{day}T09:00"})
    exemplar = made(session)
    assert exemplar.published_at is not None
    assert exemplar.published_at.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%d %H:%M") == f"{day} 00:00"
    assert f'value="{day}T09:00"' in mona.get(f"/exemplars/{exemplar.id}/edit").text


def test_a_praised_moment_fills_the_form(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    levels = [Level(value=value, name=str(value)) for value in (1, 2, 3)]
    criterion = Criterion(position=0, name="Asks, then tells", levels=levels)
    take.pitch.scenario.rubric = Rubric(team_id=cast.team.id, name="Ours", criteria=[criterion])
    praise = {"kind": CommentKind.STRENGTH, "at_ms": 20_000, "criterion": criterion}
    remark = make.comment(take, cast.cole, "She lets him answer.", **praise)
    session.commit()
    page = client_of(cast.mona).get(f"/takes/{take.id}/exemplars/new?comment={remark.id}").text
    level = 'value="Criterion: Asks, then tells 3" checked'
    for value in ("She lets him answer.", 'value="0:18.0"', 'value="0:38.0"', level):
        assert value in page


def test_a_pair_is_shown_as_a_pair(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    model = make.exemplar(take, cast.mona, title="The model")
    other = make.take(cast.jonas, take.pitch.scenario)
    session.commit()
    mona = client_of(cast.mona)
    mona.post(f"/takes/{other.id}/exemplars", data=NEW | {"contrast_to": str(model.id)})
    half = made(session)
    assert half.contrast_to_id == model.id
    half.consent = ConsentState.GIVEN
    session.commit()
    cole = client_of(cast.cole)
    assert "What makes the difference?" in (page := cole.get(f"/exemplars/{model.id}").text)
    assert f"/exemplars/{half.id}" in page
    assert "The model" in cole.get(f"/exemplars/{half.id}").text
    half.consent = ConsentState.WITHDRAWN
    session.commit()
    assert f"/exemplars/{half.id}" not in cole.get(f"/exemplars/{model.id}").text


def test_a_model_of_another_team_is_not_there(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    theirs = make.exemplar(make.take(cast.zoe, make.scenario(cast.other_team)), cast.zoe)
    session.commit()
    answer = client_of(cast.mona).post(
        f"/takes/{take.id}/exemplars", data=NEW | {"contrast_to": str(theirs.id)}
    )
    assert answer.status_code == 404


# --- shelves ------------------------------------------------------------------------------------------


@pytest.fixture
def shelf(session: Session, make: Factory, cast: Cast, take: Take) -> Collection:
    exemplars = [make.exemplar(take, cast.mona, title=title) for title in ("One", "Two", "Three")]
    shelf = make.collection(cast.team, cast.mona, *exemplars)
    session.commit()
    return shelf


def test_a_shelf_is_arranged_with_and_without_scripts(
    client_of: ClientOf, session: Session, cast: Cast, shelf: Collection
) -> None:
    mona = client_of(cast.mona)
    address, first = f"/collections/{shelf.id}", shelf.items[0].exemplar_id
    sent = {"exemplar": str(first), "to": "1", "seen": shelf.order_key}
    assert sent["seen"] in mona.get(f"{address}?arrange=1").text
    moved = mona.post(f"{address}/order", data=sent)
    assert moved.headers["Location"] == f"{address}?arrange=1#at-{first}"
    stale = mona.post(f"{address}/order", data=sent, headers=FETCH)
    assert (stale.status_code, "Somebody else" in stale.get_json()["error"]["message"]) == (409, True)
    session.expire_all()
    again = mona.post(f"{address}/order", data=sent | {"seen": shelf.order_key, "to": "2"}, headers=FETCH)
    session.expire_all()
    assert again.get_json() == {"seen": shelf.order_key}
    assert shelf.items[2].exemplar_id == first
    fragment = mona.get(f"{address}?arrange=1", headers=FETCH).text
    assert fragment.lstrip().startswith("<reorder-list")


def test_a_shelf_is_pinned_shared_emptied_and_deleted(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, shelf: Collection
) -> None:
    mona, zoe = client_of(cast.mona), client_of(cast.zoe)
    address = f"/collections/{shelf.id}"
    mona.post(f"{address}/pinning")
    refused = mona.post(f"{address}/teams", data={"team": str(cast.other_team.id)})
    assert refused.status_code == 404
    accounts.join(session, cast.mona, cast.other_team, Role.MANAGER)
    session.commit()
    mona.post(f"{address}/teams", data={"team": str(cast.other_team.id)})
    assert zoe.get(address).status_code == 200
    mona.post(f"{address}/items/{shelf.items[0].exemplar_id}/removal")
    session.expire_all()
    assert (shelf.is_pinned, len(shelf.items), shelf.shared_with) == (True, 2, [cast.other_team])
    assert "Stop sharing" in mona.get(address).text
    history = mona.get(f"{address}/history").text
    for words in ("pinned it", "shared it with", "took off"):
        assert words in history
    mona.post(f"{address}/deletion")
    assert mona.get(address).status_code == 404
    assert session.scalars(select(Exemplar)).all()


# --- the desk -----------------------------------------------------------------------------------------


def test_several_moments_are_changed_at_once(
    client_of: ClientOf, session: Session, cast: Cast, shelf: Collection
) -> None:
    mona = client_of(cast.mona)
    ids = [str(item.exemplar_id) for item in shelf.items][:2]

    def do(act: str, **more: str) -> str:
        data = MultiDict([*(("exemplar", i) for i in ids), ("act", act), ("view", "all"), *more.items()])
        return mona.post("/library/desk/acts", data=data, follow_redirects=True).text

    assert "2 moments tagged" in do("tag", tags="Product: Sync")
    assert "2 moments changed" in do("untag", tags="CFO")
    (sync,) = tagging.by_keys(session, cast.team.id, ["product:sync"]).values()
    assert finding.find(session, cast.jonas, cast.team, Wanted(tags=(sync,))).total == 2
    do("record_again")
    again = mona.get("/library/desk/record-again").text
    assert "One" in again and "Two" in again and "Three" not in again
    do("take_down")
    session.expire_all()
    assert finding.find(session, cast.jonas, cast.team, Wanted()).total == 1
    for act in ("", "praise"):
        assert mona.post("/library/desk/acts", data={"act": act, "exemplar": ids[0]}).status_code == 400


def test_the_desk_says_why_a_presenter_took_it_back(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    make.exemplar(take, cast.mona, consent=ConsentState.WITHDRAWN, withdrawal_reason="I do it better now.")
    session.commit()
    assert "I do it better now." in client_of(cast.mona).get("/library/desk?view=consent").text


def test_a_word_that_changed_gathers_what_bears_it(
    client_of: ClientOf, session: Session, cast: Cast, shelf: Collection
) -> None:
    mona = client_of(cast.mona)
    (tag,) = (t for t in tagging.vocabulary(session, cast.team.id) if t.name == "CFO")
    assert "Everything holds" in mona.get("/library/desk?view=ageing").text
    gathered = mona.post(f"/library/tags/{tag.id}/change", follow_redirects=True).text
    assert gathered.count("“CFO” has changed") == 3
    assert "3 moments" in mona.get("/library/tags").text
    for _ in range(2):
        mona.post(f"/library/tags/{tag.id}/retirement")
    mona.post(f"/library/tags/{tag.id}", data={"name": "Head of finance"})
    assert "Head of finance" in client_of(cast.jonas).get("/library").text


def test_a_week_is_planned_with_a_line_why(
    client_of: ClientOf, session: Session, cast: Cast, shelf: Collection
) -> None:
    mona = client_of(cast.mona)
    exemplar_id = str(shelf.items[0].exemplar_id)
    monday = featuring.monday_of(db.now().date() + timedelta(weeks=1))
    assert "Plan it" in mona.get(f"/library/weeks?exemplar={exemplar_id}").text
    data = {"exemplar": exemplar_id, "week": monday.isoformat(), "note": "Three of us meet a CFO."}
    assert "Three of us meet a CFO." in mona.post("/library/weeks", data=data, follow_redirects=True).text
    mona.post(f"/library/weeks/{monday.isoformat()}/cancelling")
    assert "Three of us meet a CFO." not in mona.get("/library/weeks").text
    for week in ("soon", "2020-01-06"):
        assert mona.post("/library/weeks", data=data | {"week": week}).status_code == 400


# --- figures and drills -------------------------------------------------------------------------------


def test_figures_lead_to_what_they_count_in_few_statements(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, shelf: Collection, take: Take
) -> None:
    exemplar = session.get_one(Exemplar, shelf.items[0].exemplar_id)
    exemplar.opened_count, exemplar.finished_count = 4, 1
    make.comment(take, cast.cole, "Hear how she does it.", exemplar_id=exemplar.id)
    drill = make.drill(take.pitch.scenario, cast.mona)
    session.add_all([DrillExemplar(drill=drill, exemplar=exemplar)])
    finding.note_missed(session, cast.team, Wanted(words="legal review"))
    session.commit()
    mona = client_of(cast.mona)
    with heard_by(session.get_bind()) as statements:
        page = mona.get("/library/figures").text
    assert len(statements) <= 10, statements
    assert "25 %" in page and "legal review" in page
    uses = mona.get(f"/exemplars/{exemplar.id}/uses").text
    assert "Hear how she does it." in uses and take.pitch.scenario.title in uses
    assert urlencode({"title": "legal review"}) in page
    assert 'value="legal review"' in mona.get("/scenarios/new?title=legal+review").text
    key = session.scalars(select(MissedSearch.key)).one()
    mona.post("/library/figures/settling", data={"key": key, "how": "recorded"})
    assert "legal review" not in mona.get("/library/figures").text


def test_a_drill_says_what_to_watch_first(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, shelf: Collection, take: Take
) -> None:
    theirs = make.exemplar(make.take(cast.zoe, make.scenario(cast.other_team)), cast.zoe, title="Theirs")
    session.commit()
    chosen, scenario = shelf.items[1].exemplar_id, take.pitch.scenario
    day = (db.now() + timedelta(days=3)).date().isoformat()
    mona = client_of(cast.mona)
    data = MultiDict([("due_on", day), ("exemplar", str(chosen)), ("exemplar", str(theirs.id))])
    assert mona.post(f"/scenarios/{scenario.id}/drills", data=data).status_code == 302
    drill = session.scalars(select(Drill)).one()
    assert session.scalars(select(DrillExemplar.exemplar_id)).all() == [chosen]
    page = client_of(cast.jonas).get(f"/scenarios/{scenario.id}").text
    assert "Watch first" in page and f"/exemplars/{chosen}" in page
    session.get_one(Exemplar, chosen).consent = ConsentState.WITHDRAWN
    session.commit()
    assert "Watch first" not in client_of(cast.jonas).get(f"/scenarios/{scenario.id}").text
    assert drill.is_open
