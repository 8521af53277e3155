"""What must hold after any fault, as sentences about what does not."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from uuid import UUID

import boto3
from botocore.config import Config
from sqlalchemy import text
from sqlalchemy.orm import selectinload

from bench.crew import leftovers_below
from bench.world import World
from pitchreview.db import transaction
from pitchreview.models import Recording, RecordingState, RenditionKind
from worker.bench import Bench
from worker.media.tools import Tools
from worker.tasks.sweep import collect_garbage, sweep
from worker.workshop import Workshop

# Clocks of store and database may differ a little: what was just written is older than this.
NO_AGE = timedelta(seconds=-60)
SETTLE_SECONDS = 420
READY = "SELECT id FROM recordings WHERE state = 'ready'"


def settle(here: World, recordings: Iterable[UUID], seconds: float = SETTLE_SECONDS) -> list[str]:
    """Wait until nothing more happens by itself; what did not end `ready`."""
    deadline = time.monotonic() + seconds
    waiting = set(recordings)
    violations = []
    while waiting and time.monotonic() < deadline:
        time.sleep(0.5)
        for one in list(waiting):
            recording = here.recording(one)
            if recording.state is RecordingState.READY or recording.is_settled:
                waiting.discard(one)
            if recording.is_settled and recording.state is not RecordingState.READY:
                violations.append(f"{one} ended {recording.state}: {recording.reason or recording.warning}")
    return violations + [
        f"{one} is still {here.recording(one).state} after {seconds:.0f} s" for one in waiting
    ]


def check(here: World, tools: Tools) -> list[str]:
    """All of them, once the workers have stopped. Garbage is collected on the way, whatever its age."""
    return [
        *(f"process left: {name}" for name in leftovers_below(here.work_dir)),
        *(f"job folder left: {path.name}" for path in here.work_dir.glob("pitchreview-work-*")),
        *_wrong_rows(here),
        *_after_the_sweep(here, tools),
    ]


def _wrong_rows(here: World) -> Iterator[str]:
    """Exactly one set of renditions for each recording, every object there with its size."""
    with transaction(here.sessions) as session:
        recordings = session.query(Recording).options(selectinload(Recording.renditions)).all()
        for recording in recordings:
            yield from _wrong_set(recording)
            for row in recording.renditions:
                size = _size_of(here, row.object_key)
                if size != row.size_bytes:
                    yield f"{row.object_key} has {size} bytes, its row says {row.size_bytes}"
        running = "SELECT task_name FROM procrastinate_jobs WHERE status = 'doing'"
        yield from (f"job without a worker: {name}" for name in session.scalars(text(running)))


def _wrong_set(recording: Recording) -> Iterator[str]:
    rows = Counter((row.kind, row.rung) for row in recording.renditions)
    yield from (
        f"{recording.id} has {count} of {kind} {rung}" for (kind, rung), count in rows.items() if count > 1
    )
    if recording.state is RecordingState.READY:
        kinds = {row.kind for row in recording.renditions}
        wanted = {RenditionKind.RUNG, RenditionKind.POSTER, RenditionKind.STORYBOARD}
        if recording.has_video and not wanted <= kinds:
            yield f"{recording.id} lacks {', '.join(sorted(wanted - kinds))}"


def _size_of(here: World, key: str) -> int | None:
    return next((stat.size_bytes for stat in here.store.list_objects(key) if stat.key == key), None)


def _after_the_sweep(here: World, tools: Tools) -> Iterator[str]:
    bench = Bench(str(here.folder / "sweeper"))
    workshop = Workshop(here.settings, here.sessions, here.store, tools, bench)
    sweep(workshop)
    collect_garbage(workshop, NO_AGE)
    bench.close()
    with transaction(here.sessions) as session:
        query = (
            "SELECT object_key FROM renditions UNION SELECT object_key FROM sources"
            " UNION SELECT object_key FROM live_segments"
        )
        known = set(session.scalars(text(query)))
        kept = session.scalar(text(f"SELECT count(*) FROM live_segments WHERE recording_id IN ({READY})"))
    yield from [f"{kept} live segments of recordings that are ready"] if kept else []
    objects = {stat.key for stat in here.store.list_objects("recordings/")}
    yield from (f"object without a row: {key}" for key in sorted(objects - known))
    yield from (f"row without an object: {key}" for key in sorted(known - objects))
    yield from (f"multipart upload left: {key}" for key in multipart_uploads(here))
    here.store.abort_multiparts("recordings/")  # so that the next fault is not blamed for them


def multipart_uploads(here: World) -> list[str]:
    """Keys of uploads that were begun and neither finished nor aborted."""
    client = boto3.client(
        "s3",
        endpoint_url=here.settings.s3_endpoint_url,
        region_name=here.settings.s3_region,
        aws_access_key_id=here.settings.s3_access_key_id.get_secret_value(),
        aws_secret_access_key=here.settings.s3_secret_access_key.get_secret_value(),
        config=Config(s3={"addressing_style": "path"}),
    )
    answer = client.list_multipart_uploads(Bucket=here.settings.s3_bucket)
    return [upload["Key"] for upload in answer.get("Uploads", [])]
