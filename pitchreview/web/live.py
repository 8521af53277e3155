"""Live pages: one LISTEN per web process, handed on to every open stream that asked for the topic.

A message says only that something changed; the page fetches the fragment and is asked for its
rights again.
"""

import json
import logging
import queue
import threading
import time
from collections import defaultdict
from collections.abc import Iterator

import psycopg

from pitchreview.db import LIVE_CHANNEL

log = logging.getLogger(__name__)

KEEP_ALIVE_SECONDS = 15
# Streams end now and then and come back by themselves, so that rights are asked again.
LONGEST_STREAM_SECONDS = 600
MOST_TOPICS = 60
_MOST_WAITING = 100


class LiveHub:
    """Fans out the messages of the database to the streams of this process."""

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url
        self._streams: dict[str, set[queue.Queue[str]]] = defaultdict(set)
        self._lock = threading.Lock()
        self._listener: threading.Thread | None = None

    def stream(self, topics: list[str]) -> Iterator[str]:
        """Server-sent events about these topics, until the stream is old or the browser goes."""
        self._ensure_listening()
        inbox: queue.Queue[str] = queue.Queue(_MOST_WAITING)
        self._subscribe(inbox, topics)
        ends_at = time.monotonic() + LONGEST_STREAM_SECONDS
        try:
            yield "retry: 2000\n\n"
            while time.monotonic() < ends_at:
                yield _next_event(inbox)
        finally:
            self._unsubscribe(inbox, topics)

    def _subscribe(self, inbox: "queue.Queue[str]", topics: list[str]) -> None:
        with self._lock:
            for topic in topics:
                self._streams[topic].add(inbox)

    def _unsubscribe(self, inbox: "queue.Queue[str]", topics: list[str]) -> None:
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
                with psycopg.connect(self._database_url, autocommit=True) as connection:
                    connection.execute(f"LISTEN {LIVE_CHANNEL}")
                    for message in connection.notifies():
                        self._hand_on(message.payload)
            except psycopg.Error as error:
                log.warning("live messages stopped, trying again: %s", error)
                time.sleep(2)

    def _hand_on(self, payload: str) -> None:
        topic = json.loads(payload)["topic"]
        with self._lock:
            inboxes = list(self._streams.get(topic, ()))
        for inbox in inboxes:
            try:
                inbox.put_nowait(payload)
            except queue.Full:
                log.info("a live stream does not read; message dropped")


def _next_event(inbox: "queue.Queue[str]") -> str:
    try:
        return f"data: {inbox.get(timeout=KEEP_ALIVE_SECONDS)}\n\n"
    except queue.Empty:
        return ": still here\n\n"
