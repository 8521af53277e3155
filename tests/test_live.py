"""Live pages hear of what was committed, soon, and go on hearing when a connection is lost."""

import json
import threading
from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import reviewing
from pitchreview.config import Settings
from pitchreview.models import User
from pitchreview.web import live
from pitchreview.web.live import LiveHub
from tests.conftest import Cast
from tests.factories import Factory
from tests.waiting import until

opened: list["Listener"] = []


class Listener:
    """One open page: reads its stream in a thread of its own."""

    def __init__(self, hub: LiveHub, *topics: str) -> None:
        self.heard: list[dict[str, str]] = []
        self._stream = hub.stream(list(topics))
        assert next(self._stream) == "retry: 2000\n\n"
        self._is_open = True
        threading.Thread(target=self._read, daemon=True).start()
        opened.append(self)

    def _read(self) -> None:
        while self._is_open:
            event = next(self._stream)
            if event.startswith("data: "):
                self.heard.append(json.loads(event.removeprefix("data: ")))
        self._stream.close()

    def close(self) -> None:
        self._is_open = False

    def hears(self, topic: str, what: str = "changed", *, seconds: float = 10) -> None:
        until(lambda: {"topic": topic, "what": what} in self.heard, seconds=seconds)


@pytest.fixture(scope="module")
def hub(settings: Settings, engine: Engine) -> Iterator[LiveHub]:
    """A hub that listens already: it says so to the pages that were open before."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(live, "KEEP_ALIVE_SECONDS", 0.2)
        hub = LiveHub(settings.libpq_url)
        Listener(hub, "take:0").hears("take:0")
        yield hub
        for page in opened:
            page.close()
        until(lambda: not hub._streams)


def say(session: Session, topic: str, what: str = "changed") -> None:
    db.announce(session, topic, what)
    session.commit()


def test_a_page_hears_within_a_second_of_what_was_committed(hub: LiveHub, session: Session) -> None:
    page = Listener(hub, "take:1", "recording:1")
    say(session, "take:1", "comments")
    page.hears("take:1", "comments", seconds=1)
    say(session, "recording:1")
    page.hears("recording:1", seconds=1)


def test_what_was_rolled_back_was_never_said(hub: LiveHub, session: Session) -> None:
    page = Listener(hub, "take:1")
    db.announce(session, "take:1", "secret")
    session.rollback()
    say(session, "take:1", "comments")
    page.hears("take:1", "comments")
    assert page.heard == [{"topic": "take:1", "what": "comments"}]


def test_a_page_hears_of_its_own_topics_only(hub: LiveHub, session: Session) -> None:
    one, other = Listener(hub, "take:1"), Listener(hub, "take:2")
    say(session, "take:2")
    say(session, "take:1")
    one.hears("take:1")
    other.hears("take:2")
    assert (len(one.heard), len(other.heard)) == (1, 1)


def test_a_message_carries_no_words(hub: LiveHub, session: Session, make: Factory, cast: Cast) -> None:
    take = make.take(cast.ada, make.scenario(cast.team))
    session.commit()
    page = Listener(hub, f"take:{take.id}")
    reviewing.comment(session, take, cast.cole, reviewing.NewComment("A secret between us.", 0))
    session.commit()
    page.hears(f"take:{take.id}", "comments")
    assert set(page.heard[0]) == {"topic", "what"}


def test_pages_go_on_hearing_after_the_connection_was_lost(hub: LiveHub, session: Session) -> None:
    page = Listener(hub, "take:1")
    cut_listeners(session)
    page.hears("take:1", seconds=10)  # by itself: it may have missed something meanwhile
    say(session, "take:1", "comments")
    page.hears("take:1", "comments", seconds=1)


def cut_listeners(session: Session) -> None:
    """What a restarted database or a cable does to the connection that listens."""
    cut = session.scalars(
        text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE query LIKE 'LISTEN%' AND datname = current_database() AND pid <> pg_backend_pid()"
        )
    ).all()
    session.commit()
    assert any(cut)


def test_a_page_that_reads_slowly_holds_up_nobody_and_misses_nothing(hub: LiveHub, session: Session) -> None:
    slow = hub.stream(["take:1"])
    next(slow)
    page = Listener(hub, "take:1")
    for _ in range(200):
        say(session, "take:1", "comments")
    say(session, "take:1", "reviews")
    page.hears("take:1", "reviews")
    said = [json.loads(next(slow).removeprefix("data: "))["what"] for _ in range(2)]
    assert said == ["comments", "reviews"]
    slow.close()


def test_a_stream_ends_after_a_while_so_that_rights_are_asked_again(
    hub: LiveHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "LONGEST_STREAM_SECONDS", 0)
    assert list(hub.stream(["take:1"])) == ["retry: 2000\n\n"]


def test_a_quiet_stream_shows_that_it_is_alive(hub: LiveHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "KEEP_ALIVE_SECONDS", 0.01)
    stream = hub.stream(["take:1"])
    assert [next(stream), next(stream)] == ["retry: 2000\n\n", ": still here\n\n"]
    stream.close()


def test_a_page_that_was_left_is_forgotten(hub: LiveHub) -> None:
    stream = hub.stream(["take:7", "recording:7"])
    next(stream)
    assert {"take:7", "recording:7"} <= set(hub._streams)
    stream.close()
    assert not {"take:7", "recording:7"} & set(hub._streams)


def test_an_open_stream_holds_no_database_connection(
    client_of: Callable[[User | None], FlaskClient], engine: Engine, make: Factory, cast: Cast
) -> None:
    take = make.take(cast.ada, make.scenario(cast.team))
    make.session.commit()
    client = client_of(cast.ada)
    held_before = engine.pool.checkedout()  # type: ignore[attr-defined]
    response = client.get("/live", query_string={"topic": [f"take:{take.id}"]})
    chunks = iter(response.response)
    assert next(chunks) == b"retry: 2000\n\n"
    assert engine.pool.checkedout() == held_before  # type: ignore[attr-defined]
    assert response.mimetype == "text/event-stream"
    assert response.headers["Cache-Control"] == "no-store"
    response.close()
