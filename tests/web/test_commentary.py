"""The second layer of an exemplar: told by who is seen in it, read by who may watch it, found by words."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import practising, replying
from pitchreview.models import Commentary, ConsentState, Exemplar, Recording, User
from tests.conftest import Cast
from tests.factories import Factory

ClientOf = Callable[[User | None], FlaskClient]
THOUGHT = {"at": "0:04.5", "thought": "Now be quiet.", "unsaid": "That we do it live."}


@pytest.fixture
def moment(make: Factory, cast: Cast) -> Exemplar:
    take = make.take(cast.ada, make.scenario(cast.team))
    exemplar = make.exemplar(take, cast.mona, from_ms=10_000, until_ms=30_000)
    make.session.commit()
    return exemplar


def told(session: Session) -> list[Commentary]:
    session.expire_all()
    return list(session.scalars(select(Commentary).order_by(Commentary.at_ms)))


def test_a_thought_is_told_read_found_changed_and_taken_out(
    client_of: ClientOf, session: Session, cast: Cast, moment: Exemplar
) -> None:
    ada, jonas = client_of(cast.ada), client_of(cast.jonas)
    page = f"/exemplars/{moment.id}"
    assert "What you thought" in ada.get(page).text
    assert "thought" not in jonas.get(page).text, "where nobody told anything there is nothing to see"

    answer = ada.post(f"{page}/commentary", data=THOUGHT)

    (said,) = told(session)
    assert answer.headers["Location"] == f"{page}#thought-{said.id}"
    assert (said.at_ms, said.author) == (14_500, cast.ada), "on the clock of the take"
    read = jonas.get(page).text
    assert all(words in read for words in ("What Ada thought", "Now be quiet.", "That we do it live."))
    assert ">0:04</a>" in read
    assert "Tell a thought" not in read and f"{page}/commentary/{said.id}" not in read
    assert moment.title in jonas.get("/library?q=quiet").text

    ada.post(f"{page}/commentary/{said.id}", data=THOUGHT | {"at": "0:06", "thought": "Count to three."})
    (said,) = told(session)
    assert (said.at_ms, said.thought, said.edited_at is not None) == (16_000, "Count to three.", True)
    assert moment.title not in jonas.get("/library?q=quiet").text
    gone = f"{page}/commentary/{said.id}/deletion"
    ada.post(gone)
    assert told(session) == []
    assert moment.title not in jonas.get("/library?q=three").text
    assert ada.post(gone).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "told_so"),
    [
        ({"thought": "  "}, "Say in a line"),
        ({"at": ""}, "Say when that was"),
        ({"at": "0:20.1"}, "not in this part"),
        ({"at": "soon"}, "Write a time"),
    ],
)
def test_what_does_not_fit_is_told(
    client_of: ClientOf,
    session: Session,
    cast: Cast,
    moment: Exemplar,
    wrong: dict[str, str],
    told_so: str,
) -> None:
    answer = client_of(cast.ada).post(f"/exemplars/{moment.id}/commentary", data=THOUGHT | wrong)
    assert answer.status_code == 400 and told_so in answer.text
    assert told(session) == []


def test_a_thought_outside_of_the_part_that_is_shown_is_not_shown(
    client_of: ClientOf, session: Session, cast: Cast, moment: Exemplar
) -> None:
    client_of(cast.ada).post(f"/exemplars/{moment.id}/commentary", data=THOUGHT)
    moment = session.merge(moment)
    moment.from_ms = 15_000
    session.commit()
    assert "Now be quiet." not in client_of(cast.jonas).get(f"/exemplars/{moment.id}").text


def test_what_is_spoken_is_heard_by_who_may_watch_and_goes_with_the_thought(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, moment: Exemplar
) -> None:
    ada, jonas = client_of(cast.ada), client_of(cast.jonas)
    spoken, of_cole = make.spoken(cast.ada), make.spoken(cast.cole)
    session.commit()
    address = f"/exemplars/{moment.id}/commentary"
    sound = f"/media/{spoken.id}/{spoken.renditions[0].id}"
    assert jonas.get(sound).status_code == 404
    assert ada.post(address, data=THOUGHT | {"recording_id": str(of_cole.id)}).status_code == 400
    ada.post(address, data=THOUGHT | {"recording_id": str(spoken.id)})
    assert jonas.get(sound).status_code == 302
    assert "Ada on this moment" in jonas.get(f"/exemplars/{moment.id}").text
    assert ada.post(address, data=THOUGHT | {"recording_id": str(spoken.id)}).status_code == 409

    with time_machine.travel(db.now() + replying.UNUSED_AFTER + timedelta(hours=1)):
        replying.forget_unused(session)
        session.commit()
    assert session.scalars(select(Recording).where(Recording.is_reply)).all() == [spoken], "it is carried"

    moment.answer_consent(ConsentState.WITHDRAWN, db.now())
    session.commit()
    assert jonas.get(sound).status_code == 404
    (said,) = told(session)
    ada.post(f"{address}/{said.id}/deletion")
    session.expire_all()
    assert session.scalars(select(Recording).where(Recording.is_reply)).all() == []


def test_a_forgotten_take_takes_the_thoughts_over_it_along(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, moment: Exemplar
) -> None:
    spoken = make.spoken(cast.ada)
    session.commit()
    data = THOUGHT | {"recording_id": str(spoken.id)}
    client_of(cast.ada).post(f"/exemplars/{moment.id}/commentary", data=data)
    session.expire_all()
    practising.forget_take(session, moment.take)
    session.commit()
    assert told(session) == []
    assert session.scalars(select(Recording)).all() == []
