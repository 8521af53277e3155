"""Watching an exemplar: people are counted once, leafing keeps its way, what one takes over is one's own."""

import re
from collections.abc import Callable
from html import unescape
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import finding, watching
from pitchreview.actions.finding import pages
from pitchreview.models import ConsentState, Exemplar, Take, Takeaway, User, Viewing
from tests.conftest import Cast
from tests.factories import Factory

ClientOf = Callable[[User | None], FlaskClient]
SCRIPT = {"X-Requested-With": "fetch"}
RECORDING = {"file_name": "Recording.webm", "content_type": "video/webm", "fingerprint": "recording:1"}


@pytest.fixture
def take(make: Factory, cast: Cast) -> Take:
    return make.take(cast.ada, make.scenario(cast.team))


@pytest.fixture
def exemplar(make: Factory, cast: Cast, take: Take, session: Session) -> Exemplar:
    exemplar = make.exemplar(take, cast.mona, from_ms=10_000, until_ms=20_000)
    session.commit()
    return exemplar


def tell(client: FlaskClient, exemplar: Exemplar, into_ms: object, *, begins: bool = False) -> int:
    told = {"into_ms": into_ms, "begins": begins}
    return client.post(f"/exemplars/{exemplar.id}/viewing", json=told).status_code


def counts(session: Session, exemplar: Exemplar) -> tuple[int, int]:
    session.expire_all()
    return exemplar.opened_count, exemplar.finished_count


# --- who watched ----------------------------------------------------------------------------------------


def test_people_are_counted_once_however_often_they_watch(
    client_of: ClientOf, session: Session, cast: Cast, exemplar: Exemplar
) -> None:
    jonas, cole = client_of(cast.jonas), client_of(cast.cole)
    assert tell(jonas, exemplar, 100, begins=True) == 204
    assert counts(session, exemplar) == (1, 0)
    for into_ms in (8_900, 9_000, 10_000):
        tell(jonas, exemplar, into_ms)
    tell(jonas, exemplar, 9_500, begins=True)
    assert counts(session, exemplar) == (1, 1)
    tell(cole, exemplar, 3_000, begins=True)
    assert counts(session, exemplar) == (2, 1)
    viewing = session.get_one(Viewing, (exemplar.id, cast.jonas.id))
    assert (viewing.times, viewing.furthest_ms) == (2, 10_000)
    assert viewing.finished_at is not None


def test_who_is_seen_in_it_and_who_curates_it_are_not_its_audience(
    client_of: ClientOf, session: Session, cast: Cast, exemplar: Exemplar
) -> None:
    for person in (cast.ada, cast.mona):
        assert tell(client_of(person), exemplar, 10_000, begins=True) == 204
        assert "<exemplar-visit" not in client_of(person).get(f"/exemplars/{exemplar.id}").text
    assert counts(session, exemplar) == (0, 0)
    assert session.scalars(select(Viewing)).all() == []
    assert "<exemplar-visit" in client_of(cast.jonas).get(f"/exemplars/{exemplar.id}").text


@pytest.mark.parametrize("into_ms", [-1, 2**31, "9", 1.5, None, True])
def test_what_is_no_time_is_refused(
    client_of: ClientOf, session: Session, cast: Cast, exemplar: Exemplar, into_ms: object
) -> None:
    assert tell(client_of(cast.jonas), exemplar, into_ms) == 400
    assert counts(session, exemplar) == (0, 0)


# --- leafing --------------------------------------------------------------------------------------------


def steps_on(client: FlaskClient, address: str) -> dict[str, str]:
    page = client.get(address).text
    return {way: unescape(href) for href, way in re.findall(r'href="([^"]*)" data-step="(\w+)"', page)}


@pytest.mark.parametrize("query", ["order=newest", "q=names"])
def test_one_leafs_through_a_search_also_over_the_end_of_its_page(
    client_of: ClientOf,
    make: Factory,
    session: Session,
    cast: Cast,
    take: Take,
    monkeypatch: pytest.MonkeyPatch,
    query: str,
) -> None:
    monkeypatch.setattr(pages, "PAGE", 3)
    for number in range(finding.PAGE + 2):
        make.exemplar(take, cast.mona, title=f"Moment {number}")
    session.commit()
    jonas = client_of(cast.jonas)
    page = jonas.get(f"/library?{query}").text
    address = unescape(re.findall(r'<h3><a href="([^"]*)"', page)[0])
    assert "previous" not in steps_on(jonas, address)
    walked = [address]
    while (following := steps_on(jonas, walked[-1]).get("next")) is not None:
        walked.append(following)
    assert len({address.partition("?")[0] for address in walked}) == finding.PAGE + 2
    for place in (1, finding.PAGE):
        assert steps_on(jonas, walked[place])["previous"] == walked[place - 1]


def test_one_leafs_through_a_shelf_past_what_one_may_not_watch(
    client_of: ClientOf, make: Factory, session: Session, cast: Cast, take: Take
) -> None:
    consents = (ConsentState.GIVEN, ConsentState.WITHDRAWN, ConsentState.GIVEN)
    first, hidden, last = (make.exemplar(take, cast.mona, consent=consent) for consent in consents)
    shelf = make.collection(cast.team, cast.mona, first, hidden, last)
    session.commit()
    for person in (cast.jonas, cast.mona):
        client = client_of(person)
        following = f"/exemplars/{last.id}?shelf={shelf.id}"
        assert steps_on(client, f"/exemplars/{first.id}?shelf={shelf.id}") == {"next": following}
        assert steps_on(client, following) == {"previous": f"/exemplars/{first.id}?shelf={shelf.id}"}
    for odd in (uuid4(), "nowhere", ""):
        assert steps_on(client_of(cast.jonas), f"/exemplars/{first.id}?shelf={odd}") == {}


# --- taking over ----------------------------------------------------------------------------------------


def test_what_somebody_takes_over_is_kept_changed_and_seen_by_nobody_else(
    client_of: ClientOf, session: Session, cast: Cast, exemplar: Exemplar
) -> None:
    jonas, address = client_of(cast.jonas), f"/exemplars/{exemplar.id}"
    for words in ("Her silence.", "Her silence <after> the range."):
        answer = jonas.post(f"{address}/takeaway", data={"words": words})
        assert answer.headers["Location"] == f"{address}#take-over"
    assert [one.words for one in session.scalars(select(Takeaway))] == ["Her silence <after> the range."]
    assert "Her silence &lt;after&gt; the range." in jonas.get(address).text
    for other in (cast.ada, cast.cole, cast.mona):
        assert "Her silence" not in client_of(other).get(address).text


def test_in_place_the_answer_is_the_question_itself(
    client_of: ClientOf, cast: Cast, exemplar: Exemplar
) -> None:
    place = f"/exemplars/{exemplar.id}/takeaway"
    answer = client_of(cast.jonas).post(place, data={"words": "Her pause."}, headers=SCRIPT)
    assert "<html" not in answer.text
    assert "Her pause.</textarea>" in answer.text


def test_who_goes_on_to_record_finds_the_words_in_the_studio_and_the_take_beside_them(
    client_of: ClientOf, session: Session, cast: Cast, exemplar: Exemplar
) -> None:
    jonas = client_of(cast.jonas)
    place = f"/exemplars/{exemplar.id}/takeaway"
    scenario = f"/scenarios/{exemplar.take.pitch.scenario_id}"
    answer = jonas.post(place, data={"words": "Her pause.", "then": "record"})
    assert answer.headers["Location"] == f"{scenario}/studio?after={exemplar.id}"
    studio = jonas.get(answer.headers["Location"]).text
    assert f'data-after="{exemplar.id}"' in studio
    assert "Her pause." in studio
    begun = jonas.post(f"{scenario}/recordings", json=RECORDING | {"after": str(exemplar.id)})
    session.expire_all()
    takeaway = session.scalars(select(Takeaway)).one()
    assert begun.json is not None
    assert begun.json["take"] == f"/takes/{takeaway.take_id}"
    assert takeaway.words == "Her pause."


def test_the_own_version_stands_beside_the_model_until_it_is_deleted(
    client_of: ClientOf, make: Factory, session: Session, cast: Cast, exemplar: Exemplar
) -> None:
    own = make.take(cast.jonas, exemplar.take.pitch.scenario, submitted=False)
    watching.tried(session, exemplar, own)
    session.commit()
    jonas, address = client_of(cast.jonas), f"/exemplars/{exemplar.id}"
    side_by_side = f"/compare/exemplar:{exemplar.id}/take:{own.id}"
    assert f'href="{side_by_side}"' in jonas.get(address).text
    assert jonas.get(side_by_side).status_code == 200
    assert side_by_side not in client_of(cast.cole).get(address).text
    own.deleted_at = db.now()
    session.commit()
    assert side_by_side not in jonas.get(address).text


@pytest.mark.parametrize("after", ["gone", None, 7, "1fefe99b-a56a-49b7-a2b4-104dc92920e0"])
def test_a_recording_is_begun_whatever_it_was_watched_before(
    client_of: ClientOf, session: Session, cast: Cast, exemplar: Exemplar, after: object
) -> None:
    place = f"/scenarios/{exemplar.take.pitch.scenario_id}/recordings"
    answer = client_of(cast.jonas).post(place, json=RECORDING | {"after": after})
    assert answer.status_code == 201
    assert session.scalars(select(Takeaway)).all() == []


def test_nothing_is_taken_over_from_what_left_the_library(
    client_of: ClientOf, session: Session, cast: Cast, exemplar: Exemplar
) -> None:
    exemplar.answer_consent(ConsentState.WITHDRAWN, db.now())
    session.commit()
    place = f"/exemplars/{exemplar.id}/takeaway"
    assert client_of(cast.jonas).post(place, data={"words": "x"}).status_code == 404
    assert client_of(cast.ada).post(place, data={"words": "x"}).status_code == 409


def test_one_thought_is_enough(client_of: ClientOf, session: Session, cast: Cast, exemplar: Exemplar) -> None:
    place = f"/exemplars/{exemplar.id}/takeaway"
    assert client_of(cast.jonas).post(place, data={"words": "x" * 1001}).status_code == 400
    assert session.scalars(select(Takeaway)).all() == []
