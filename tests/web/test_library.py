"""The library in people's hands: asked, shown, withdrawn, searched, shelved."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from pitchreview.models import Collection, ConsentState, Exemplar, Take, User
from tests.conftest import Cast
from tests.factories import Factory

ClientOf = Callable[[User | None], FlaskClient]
TITLE = "Handing the price back as a question"
NEW = {"title": TITLE, "why": "She waits.", "tags": "Objection, CFO"}


@pytest.fixture
def take(make: Factory, cast: Cast) -> Take:
    take = make.take(cast.ada, make.scenario(cast.team))
    make.session.commit()
    return take


def media_of(take: Take) -> list[str]:
    recording = take.recording
    return [
        f"/media/{recording.id}/master.m3u8",
        f"/media/{recording.id}/storyboard.vtt",
        *(f"/media/{recording.id}/{rendition.id}" for rendition in recording.renditions),
    ]


def test_an_exemplar_is_asked_for_shown_and_withdrawn_at_once(
    client_of: ClientOf, session: Session, cast: Cast, take: Take
) -> None:
    mona, ada, jonas = (client_of(person) for person in (cast.mona, cast.ada, cast.jonas))
    made = mona.post(f"/takes/{take.id}/exemplars", data=NEW)
    exemplar = session.scalars(select(Exemplar)).one()
    assert made.headers["Location"] == f"/exemplars/{exemplar.id}"
    scenario = f"/scenarios/{take.pitch.scenario_id}"
    places = ["/library", "/library?q=price", "/library?tag=topic:cfo", "/", scenario]

    def jonas_sees() -> set[bool]:
        media = {jonas.get(address).status_code in (200, 302) for address in media_of(take)}
        page = {jonas.get(f"/exemplars/{exemplar.id}").status_code == 200}
        return media | page | {TITLE in _without_marks(jonas.get(place).text) for place in places}

    assert jonas_sees() == {False}
    assert TITLE in ada.get("/").text
    answers = (("given", True), ("withdrawn", False), ("given", True), ("declined", False))
    for answer, is_seen in answers:
        ada.post(f"/exemplars/{exemplar.id}/consent", data={"answer": answer})
        assert jonas_sees() == {is_seen}, answer
    ada.post(f"/exemplars/{exemplar.id}/consent", data={"answer": "given"})
    mona.post(f"/exemplars/{exemplar.id}/taking-down")
    assert jonas_sees() == {False}


def _without_marks(page: str) -> str:
    return page.replace("<mark>", "").replace("</mark>", "")


def test_who_is_seen_may_watch_her_own_take_whatever_she_answered(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    exemplar = make.exemplar(take, cast.mona, consent=ConsentState.WITHDRAWN)
    session.commit()
    ada = client_of(cast.ada)
    assert ada.get(f"/exemplars/{exemplar.id}").status_code == 200
    assert {ada.get(address).status_code for address in media_of(take)} == {200, 302}


@pytest.mark.parametrize("answer", ["", "asked", "yes", "withdrawn"])
def test_an_answer_that_is_none_changes_nothing(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, take: Take, answer: str
) -> None:
    exemplar = make.exemplar(take, cast.mona, consent=ConsentState.ASKED)
    session.commit()
    reply = client_of(cast.ada).post(f"/exemplars/{exemplar.id}/consent", data={"answer": answer})
    assert reply.status_code == 400
    session.expire_all()
    assert exemplar.consent is ConsentState.ASKED


def test_a_range_is_typed_as_times(client_of: ClientOf, session: Session, cast: Cast, take: Take) -> None:
    mona = client_of(cast.mona)
    for start, end, status in (
        ("0:10", "0:20.5", 302),
        ("0:10", "", 400),
        ("ten", "20", 400),
        ("0:20", "0:10", 400),
    ):
        data = NEW | {"from": start, "until": end}
        assert mona.post(f"/takes/{take.id}/exemplars", data=data).status_code == status
    exemplar = session.scalars(select(Exemplar)).one()
    assert (exemplar.from_ms, exemplar.until_ms) == (10_000, 20_500)


def test_it_stands_on_the_ticked_shelves_and_on_a_new_one(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    ticked, other = make.collection(cast.team, cast.mona), make.collection(cast.team, cast.mona)
    session.commit()
    data = NEW | {"shelf": str(ticked.id), "new_shelf": "Openings"}
    client_of(cast.mona).post(f"/takes/{take.id}/exemplars", data=data)
    session.expire_all()
    exemplar = session.scalars(select(Exemplar)).one()
    made = session.scalars(select(Collection).where(Collection.title == "Openings")).one()
    assert [shelf.holds(exemplar) for shelf in (ticked, other, made)] == [True, False, True]


def test_a_shelf_of_another_team_takes_nothing(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    theirs = make.collection(cast.other_team, cast.zoe)
    session.commit()
    client_of(cast.mona).post(f"/takes/{take.id}/exemplars", data=NEW | {"shelf": str(theirs.id)})
    session.expire_all()
    assert theirs.items == []
    assert session.scalars(select(Exemplar)).one()


def test_each_team_has_a_library_of_its_own(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    make.exemplar(take, cast.mona, title="Only for us")
    make.collection(cast.team, cast.mona).title = "Our shelf"
    session.commit()
    page = client_of(cast.zoe).get("/library").text
    assert "Only for us" not in page
    assert "Our shelf" not in page
