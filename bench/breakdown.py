"""Where the time to playable goes.

Queue wake-up and live event come from a real upload; the parts in between are called one by one in this
process, with the same functions and the sandbox on. Whatever their sum does not explain is "rest": two
transactions, the sandbox probing itself, and what the worker does besides.
"""

import time
from pathlib import Path

import psycopg

from bench.measure import measured
from bench.world import World
from pitchreview.db import LIVE_CHANNEL
from pitchreview.models import Recording, RecordingState, StepName
from worker.media.copy import copy_playable
from worker.media.probe import probe
from worker.media.tools import Tools


def break_down(here: World, tools: Tools, source: Path) -> dict[str, float]:
    """Seconds by part, for one upload."""
    recording, heard_after = _upload_listening(here, source)
    step = recording.step(StepName.CHECK)
    assert recording.received_at and recording.playable_at and step.started_at
    parts = {"wake-up": (step.started_at - recording.received_at).total_seconds()}
    parts |= _parts(here, tools, source)
    playable = (recording.playable_at - recording.received_at).total_seconds()
    parts["rest"] = playable - sum(parts.values())
    parts["live event"] = heard_after
    return parts


def _upload_listening(here: World, source: Path) -> tuple[Recording, float]:
    """Upload with an ear at the live channel; how long after `playable_at` the commit was heard."""
    with psycopg.connect(here.settings.libpq_url, autocommit=True) as connection:
        connection.execute(f"LISTEN {LIVE_CHANNEL}")
        recording_id = here.upload(source)
        heard: list[float] = []
        while not here.recording(recording_id).is_playable:
            heard += [time.time() for _ in connection.notifies(timeout=0.05)]
        heard += [time.time() for _ in connection.notifies(timeout=0.5)]
        recording = here.recording(recording_id)
    here.wait_for(recording_id, RecordingState.READY)
    assert recording.playable_at is not None
    playable_at = recording.playable_at.timestamp()
    return recording, min((at - playable_at for at in heard if at >= playable_at), default=0.0)


def _parts(here: World, tools: Tools, source: Path) -> dict[str, float]:
    folder = here.folder / "parts"
    folder.mkdir(exist_ok=True)
    key, fetched = "bench/part", folder / "source"
    here.store.put_file(source, key, "video/mp4")
    parts = {"download": measured(lambda: here.store.fetch(key, fetched)).wall}
    started = time.monotonic()
    found = probe(tools, fetched)
    parts["probe"], started = time.monotonic() - started, time.monotonic()
    made = copy_playable(tools, fetched, found, folder)
    parts["copy"], started = time.monotonic() - started, time.monotonic()
    here.store.put_file(made.path, key, "video/mp4")
    parts["upload"] = time.monotonic() - started
    here.store.delete([key])
    return parts
