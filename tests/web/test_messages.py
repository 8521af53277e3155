"""The message library: everybody reads it, managers write it, and nothing typed is lost."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import briefing, messages, nudging
from pitchreview.actions.messages import Card
from pitchreview.models import Message, MessageKind, User
from tests.conftest import Cast
from tests.factories import Factory

ClientOf = Callable[[User | None], FlaskClient]
CARD = Card(
    MessageKind.OBJECTION,
    "Too expensive",
    "You cost more.",
    "Compared with what?",
    ("Tell me more",),
    ("cheap",),
)
FORM = {
    "kind": "objection",
    "name": "Too expensive",
    "body": "You cost more.",
    "answer": "Compared with whom?",
}


@pytest.fixture
def card(session: Session, cast: Cast) -> Message:
    card = messages.write(session, cast.team.id, CARD, cast.mona)
    session.commit()
    return card


def test_a_card_is_written_read_by_the_team_and_compared_with_how_it_was(
    client_of: ClientOf, session: Session, cast: Cast
) -> None:
    mona, ada = client_of(cast.mona), client_of(cast.ada)
    assert "Write the first message" in mona.get("/messages").text
    assert "Your managers write them" in ada.get("/messages").text
    address = mona.post("/messages", data=FORM | {"must_say": "Compared\nTell me", "avoid": "cheap"}).headers[
        "Location"
    ]
    assert "Compared with whom?" in ada.get(address).text
    mona.post(address, data=FORM | {"answer": "That is much. And?", "why": "Warmer.", "seen": "1"})
    page = ada.get(f"{address}?version=1").text
    for words in ("Compared with whom?", "That is much. And?", "Warmer.", "Now, version 2"):
        assert words in page
    assert "Too expensive" not in ada.get("/messages?kind=value").text


def test_who_is_overtaken_keeps_what_they_typed(client_of: ClientOf, cast: Cast, card: Message) -> None:
    mona = client_of(cast.mona)
    mona.post(f"/messages/{card.id}", data=FORM | {"body": "Too much.", "why": "Shorter.", "seen": "1"})
    answer = mona.post(f"/messages/{card.id}", data=FORM | {"body": "No way.", "why": "Mine.", "seen": "1"})
    assert answer.status_code == 409
    for words in ("has changed this card meanwhile", "Shorter.", "No way.", 'name="seen" value="2"'):
        assert words in answer.text
    answer = mona.post(f"/messages/{card.id}", data=FORM | {"body": "No way.", "why": "Mine.", "seen": "2"})
    assert answer.status_code == 302


def test_its_owner_says_that_it_is_still_right(
    client_of: ClientOf, session: Session, cast: Cast, card: Message
) -> None:
    card.owner, card.review_on = cast.cole, (db.now() - timedelta(days=2)).date()
    session.commit()
    assert "Look at it again" in client_of(cast.ada).get("/messages").text
    assert "Still right" not in client_of(cast.ada).get(f"/messages/{card.id}").text
    cole = client_of(cast.cole)
    nudging.remind(session)
    session.commit()
    told = cole.get("/notifications").text
    assert f'href="/messages/{card.id}">Does “{card.name}” still hold?</a>' in told
    assert "One is new." in told
    assert "Still right" in cole.get(f"/messages/{card.id}").text
    cole.post(f"/messages/{card.id}/check")
    assert "You have seen everything." in cole.get("/notifications").text
    assert "Look at it again" not in cole.get("/messages").text


def test_a_changed_card_asks_managers_to_check_its_scenarios(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, card: Message
) -> None:
    scenario = make.scenario(cast.team)
    briefing.use_cards(session, scenario, cast.mona, [card.id])
    session.commit()
    mona, ada, page = client_of(cast.mona), client_of(cast.ada), f"/scenarios/{scenario.id}"
    for address in (page, f"{page}/studio"):
        assert "Tell me more" in ada.get(address).text
        assert "cheap" in ada.get(address).text
    assert "Check again" not in mona.get("/scenarios").text
    mona.post(f"/messages/{card.id}", data=FORM | {"why": "Warmer.", "seen": "1"})
    assert "Check again" in mona.get("/scenarios").text
    assert "has changed: Warmer." in mona.get(page).text
    for address in ("/scenarios", page):
        assert "Check again" not in ada.get(address).text
        assert "still fit" not in ada.get(address).text
    mona.post(f"{page}/check")
    assert "Check again" not in mona.get("/scenarios").text


def test_a_card_of_another_team_is_not_owned_by_a_stranger(client_of: ClientOf, cast: Cast) -> None:
    answer = client_of(cast.mona).post("/messages", data=FORM | {"owner": str(cast.zoe.id)})
    assert answer.status_code == 400
    assert "Choose a member of this team." in answer.text
