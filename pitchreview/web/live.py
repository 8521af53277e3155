"""Live pages: one LISTEN per web process, handed on to every open stream that asked for the topic.

A message says only that something changed; the page fetches the fragment and is asked for its
rights again.
"""

import json
import logging
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import psycopg

from pitchreview.db import LIVE_CHANNEL

log = logging.getLogger(__name__)

KEEP_ALIVE_SECONDS = 15
# Streams end now and then and come back by themselves, so that rights are asked again.
LONGEST_STREAM_SECONDS = 600
MOST_TOPICS = 60
_PAUSE_SECONDS = 1
_NOTICE_A_DEAD_PEER: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}


class Inbox:
    """What one stream has not sent yet; what waits already is not put in twice."""

    def __init__(self) -> None:
        self._waiting: dict[str, None] = {}
        self._bell = threading.Condition()

    def put(self, message: str) -> None:
        with self._bell:
            self._waiting[message] = None
            self._bell.notify()

    def take(self, *, timeout: float) -> str | None:
        """The oldest message; None when none came in time."""
        with self._bell:
            if not self._waiting:
                self._bell.wait(timeout)
            message = next(iter(self._waiting), None)
            if message is not None:
                del self._waiting[message]
            return message


class LiveHub:
    """Fans out the messages of the database to the streams of this process."""

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url
        self._streams: dict[str, set[Inbox]] = defaultdict(set)
        self._lock = threading.Lock()
        self._listener: threading.Thread | None = None

    def stream(self, topics: list[str]) -> Iterator[str]:
        """Server-sent events about these topics, until the stream is old or the browser goes."""
        inbox = Inbox()
        self._subscribe(inbox, topics)
        self._ensure_listening()
        ends_at = time.monotonic() + LONGEST_STREAM_SECONDS
        try:
            yield "retry: 2000\n\n"
            while time.monotonic() < ends_at:
                yield _next_event(inbox)
        finally:
            self._unsubscribe(inbox, topics)

    def _subscribe(self, inbox: Inbox, topics: list[str]) -> None:
        with self._lock:
            for topic in topics:
                self._streams[topic].add(inbox)

    def _unsubscribe(self, inbox: Inbox, topics: list[str]) -> None:
        with self._lock:
            for topic in topics:
                self._streams[topic].discard(inbox)
                if not self._streams[topic]:
                    del self._streams[topic]

    def _ensure_listening(self) -> None:
        # Begun at the first stream, so that it belongs to the process that serves and not to its parent.
        with self._lock:
            if self._listener is None or not self._listener.is_alive():
                self._listener = threading.Thread(target=self._listen, name="live", daemon=True)
                self._listener.start()

    def _listen(self) -> None:
        while True:
            try:
                with psycopg.connect(
                    self._database_url, autocommit=True, **_NOTICE_A_DEAD_PEER
                ) as connection:
                    connection.execute(f"LISTEN {LIVE_CHANNEL}")
                    self._catch_up()
                    for message in connection.notifies():
                        self._hand_on(message.payload)
            except psycopg.Error as error:
                if self._nobody_is_there():
                    return
                log.warning("live messages stopped, trying again: %s", error)
                time.sleep(_PAUSE_SECONDS)

    def _nobody_is_there(self) -> bool:
        """Without open streams there is no reason to try again; the next one begins anew."""
        with self._lock:
            if not self._streams:
                self._listener = None
            return self._listener is None

    def _catch_up(self) -> None:
        """Nobody knows what was said while we did not listen, so every open page looks again."""
        with self._lock:
            topics = list(self._streams)
        for topic in topics:
            self._hand_on(json.dumps({"topic": topic, "what": "changed"}))

    def _hand_on(self, payload: str) -> None:
        topic = json.loads(payload)["topic"]
        with self._lock:
            inboxes = list(self._streams.get(topic, ()))
        for inbox in inboxes:
            inbox.put(payload)


def _next_event(inbox: Inbox) -> str:
    message = inbox.take(timeout=KEEP_ALIVE_SECONDS)
    return ": still here\n\n" if message is None else f"data: {message}\n\n"
