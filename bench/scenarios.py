"""One fault each, met on purpose, and what must have become of the take afterwards.

Every scenario gets a world without workers, uploads what it needs, and answers with violations; none is good.
"""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import psutil
from sqlalchemy import select

from bench.crew import WORKER, Program, crew, kill, tools_below
from bench.invariants import multipart_uploads, settle
from bench.world import World
from pitchreview import db, queue
from pitchreview.actions import intake, practising
from pitchreview.db import transaction
from pitchreview.models import Recording, StepName, StepState, Take
from tests.faulty_store import FaultyStore, faulty_store
from worker.bench import Bench
from worker.media.process import Limits
from worker.media.tools import Tools
from worker.tasks.check import check_recording
from worker.workshop import Workshop

ROOM_BYTES = 2 * 1024 * 1024
FROZEN_SECONDS = 40
DOWN_SECONDS = 20
HOUR = 3600
# A worker that may write only small files
LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, ({bytes}, {bytes}))
sys.argv = ["pitchreview", "worker"]
from pitchreview.__main__ import main
sys.exit(main())
"""
# A worker whose clock is wrong: everything of ours that asks for the time gets this answer.
SHIFTED = """
import datetime, sys
from pitchreview import db
shift, true = datetime.timedelta(seconds={seconds}), db.now
db.now = lambda: true() + shift
sys.argv = ["pitchreview", "worker"]
from pitchreview.__main__ import main
sys.exit(main())
"""


@dataclass(frozen=True)
class Stage:
    """What a scenario plays on."""

    here: World
    tools: Tools
    clip: Path  # short, of the kind that is copied
    foreign: Path  # of the kind that must be encoded before it plays
    heavy: Path  # so large that its copy is sent in parts
    seed: int

    def upload(self) -> UUID:
        return self.here.upload(self.clip)

    def settle(self, *takes: UUID) -> list[str]:
        return settle(self.here, takes)

    def wait_running(self, take: UUID, name: StepName, percent: int = 0) -> None:
        """Until this step is in work, and so far."""

        def is_there() -> bool:
            steps = self.here.recording(take).steps
            return any(
                s.name is name and s.state is StepState.RUNNING and s.percent >= percent for s in steps
            )

        until(is_there, f"{name} of {take} runs")

    def failures(self, take: UUID) -> int:
        return sum(step.failures for step in self.here.recording(take).steps)


Scenario = Callable[[Stage], list[str]]


def until(holds: Callable[[], object], what: str, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds:.0f} s: {what}")
        time.sleep(0.05)


# --- the object store ----------------------------------------------------------------------------


def store_is_down(stage: Stage) -> list[str]:
    """Nothing goes through for a while: no try is used up, nothing breaks."""
    with _behind_proxy(stage) as (here, store), crew(here):
        store.faults.is_down = True
        take = stage.upload()
        until(lambda: store.met.get("down"), "the worker asks the store")
        time.sleep(DOWN_SECONDS)
        store.faults.is_down = False
        violations = stage.settle(take)
    return violations + _unless(stage.failures(take) == 0, "an outage of the store used up a try")


def store_is_slow(stage: Stage) -> list[str]:
    with _behind_proxy(stage) as (here, store), crew(here):
        store.faults.delay_seconds, store.faults.bytes_per_second = 0.5, 300_000
        return stage.settle(stage.upload())


def store_answers_503(stage: Stage) -> list[str]:
    """Three in ten requests."""
    with _behind_proxy(stage) as (here, store), crew(here):
        store.faults.errors = 0.3
        violations = stage.settle(*[stage.upload() for _ in range(3)])
        return violations + _unless(bool(store.met.get("error")), "no request met an error")


def downloads_break_off(stage: Stage) -> list[str]:
    with _behind_proxy(stage) as (here, store), crew(here):
        store.faults.cut_downloads = 0.3
        violations = stage.settle(*[stage.upload() for _ in range(2)])
        return violations + _unless(bool(store.met.get("cut")), "no download broke off")


def downloads_are_short(stage: Stage) -> list[str]:
    """The store calls half of a file the whole of it; such a half is never taken for the recording."""
    with _behind_proxy(stage) as (here, store), crew(here):
        store.faults.short_downloads = 0.2
        takes = [stage.upload() for _ in range(2)]
        violations = stage.settle(*takes)
        violations += _unless(bool(store.met.get("short")), "no download was short")
    lengths = {stage.here.recording(take).duration_ms for take in takes}
    return violations + _unless(len(lengths) == 1, f"the same file has several lengths: {lengths}")


def killed_in_the_middle_of_a_part(stage: Stage) -> list[str]:
    """A worker that dies while it sends a large file leaves no half of it in the store."""
    with _behind_proxy(stage) as (here, store), crew(here) as team:
        take = here.upload(stage.heavy)
        store.faults.bytes_per_second = 12_000_000
        until(lambda: multipart_uploads(here), "a file goes up in parts")
        team.workers[0].kill()
        store.faults.bytes_per_second = 0
        return stage.settle(take)


# --- database, disk, clock -----------------------------------------------------------------------


def database_restarts(stage: Stage) -> list[str]:
    with crew(stage.here):
        take = stage.upload()
        stage.wait_running(take, StepName.ENCODE, percent=5)
        stage.here.restart_database()
        violations = stage.settle(take)
    return violations + _unless(stage.failures(take) == 0, "a restart of the database used up a try")


def disk_is_full(stage: Stage) -> list[str]:
    """It fails with words, leaves nothing, and goes through when there is room again."""
    with _tiny_disk(stage.here.folder / "tiny") as (room, program):
        with crew(stage.here, changes={"PITCHREVIEW_WORK_DIR": str(room)}, program=program):
            take = stage.here.upload(stage.heavy)
            until(lambda: stage.here.recording(take).is_settled, "the worker gives up")
        left = [path.name for path in room.glob("pitchreview-work-*")]
    given_up = stage.here.recording(take)
    violations = _unless(not left, f"left on the full disk: {left}")
    violations += _unless(bool(given_up.reason or given_up.warning), "no reason was given")
    with transaction(stage.here.sessions) as session:
        intake.retry(session, session.get_one(Recording, take))
    with crew(stage.here):
        return violations + stage.settle(take)


def clocks_are_wrong(stage: Stage) -> list[str]:
    """One worker an hour ahead, one an hour behind: who is alive is decided by the database's clock."""
    violations: list[str] = []
    ahead, behind = (("-c", SHIFTED.format(seconds=shift)) for shift in (HOUR, -HOUR))
    with crew(stage.here, program=ahead), crew(stage.here, program=behind):
        takes = [stage.upload() for _ in range(4)]
        violations += stage.settle(*takes)
    for take in takes:
        attempts = {step.name: step.attempt for step in stage.here.recording(take).steps if step.attempt}
        violations += _unless(set(attempts.values()) == {1}, f"steps were begun more than once: {attempts}")
    return violations


# --- workers -------------------------------------------------------------------------------------


def told_to_stop(stage: Stage) -> list[str]:
    """SIGTERM: gone within ten seconds, and the work waits for the next one without a try used up."""
    take = stage.upload()
    worker = stage.here.spawn_worker({})
    stage.wait_running(take, StepName.ENCODE, percent=5)
    worker.terminate()
    try:
        code = worker.wait(timeout=10)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()
        code = -1
    violations = _unless(code == 0, f"the worker ended with {code}")
    violations += _unless(stage.failures(take) == 0, "the stop used up a try")
    with crew(stage.here):
        return violations + stage.settle(take)


def zombie_comes_back(stage: Stage) -> list[str]:
    """A worker frozen in the middle of an encode, whose work another has finished meanwhile."""
    take = stage.upload()
    frozen = stage.here.spawn_worker({})
    try:
        stage.wait_running(take, StepName.ENCODE, percent=5)
        frozen.send_signal(signal.SIGSTOP)
        with crew(stage.here):
            time.sleep(FROZEN_SECONDS)
            frozen.send_signal(signal.SIGCONT)
            violations = stage.settle(take)
            time.sleep(10)  # the time the zombie would need to publish what it has
    finally:
        frozen.send_signal(signal.SIGCONT)
        frozen.terminate()
        frozen.wait(timeout=20)
    recording = stage.here.recording(take)
    published = {row.attempt for row in recording.rungs if "/encode/" in row.object_key}
    current = recording.step(StepName.ENCODE).attempt
    violations += _unless(current >= 2, "nobody took over from the frozen worker")
    return violations + _unless(
        published <= {current}, f"attempts {published} are published, {current} is due"
    )


def two_workers_on_one_take(stage: Stage) -> list[str]:
    """The same step twice at the same moment, past the queue's lock: only one may publish."""
    take = stage.upload()
    benches = [Bench(stage.here.settings.work_dir) for _ in range(2)]
    workshops = [_workshop(stage, bench) for bench in benches]
    barrier = threading.Barrier(2)

    def work(workshop: Workshop) -> None:
        barrier.wait()
        check_recording(workshop, str(take))

    threads = [threading.Thread(target=work, args=(workshop,)) for workshop in workshops]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for bench in benches:
        bench.close()
    with crew(stage.here):
        return stage.settle(take)


def tool_hangs(stage: Stage) -> list[str]:
    """A stopped ffmpeg shows no progress; the watchdog ends it and the step is tried again."""
    with crew(stage.here):
        take = stage.upload()
        stage.wait_running(take, StepName.ENCODE)
        hung = _any_tool(stage.here)
        kill(hung.pid, signal.SIGSTOP)
        limit = Limits(wall_seconds=0).stall_seconds
        until(lambda: not hung.is_running(), "the watchdog ends it", seconds=limit + 20)
        return stage.settle(take)


def deleted_in_the_middle(stage: Stage) -> list[str]:
    """A take that is deleted for good while it is encoded: no row and no object remains or comes back."""
    with crew(stage.here):
        take = stage.upload()
        stage.wait_running(take, StepName.ENCODE, percent=5)
        folder = stage.here.recording(take).folder
        _delete_for_good(stage.here, take)
        until(lambda: not tools_below(stage.here.work_dir), "the encode ends", seconds=15)
        until(lambda: not list(stage.here.store.list_objects(folder)), "the objects are gone", seconds=15)
        time.sleep(3)
        back = [stat.key for stat in stage.here.store.list_objects(folder)]
    with transaction(stage.here.sessions) as session:
        is_gone = session.get(Recording, take) is None
    return _unless(is_gone, "the row is still there") + _unless(not back, f"came back: {back}")


QUICK: tuple[Scenario, ...] = (
    store_answers_503,
    downloads_are_short,
    downloads_break_off,
    killed_in_the_middle_of_a_part,
    database_restarts,
    told_to_stop,
    two_workers_on_one_take,
    deleted_in_the_middle,
)
LONG: tuple[Scenario, ...] = (
    store_is_down,
    store_is_slow,
    disk_is_full,
    clocks_are_wrong,
    zombie_comes_back,
    tool_hangs,
)


# --- helpers -------------------------------------------------------------------------------------


def _unless(holds: bool, violation: str) -> list[str]:
    return [] if holds else [violation]


@contextmanager
def _behind_proxy(stage: Stage) -> Iterator[tuple[World, FaultyStore]]:
    """The same world, whose workers reach the store through the proxy."""
    with faulty_store(stage.here.settings.s3_endpoint_url, seed=stage.seed) as store:
        settings = stage.here.settings.model_copy(update={"s3_endpoint_url": store.url})
        yield replace(stage.here, settings=settings, workers=[]), store


@contextmanager
def _tiny_disk(folder: Path) -> Iterator[tuple[Path, Program]]:
    """Root gets a file system of its own, anybody else a limit on the size of files; and who works there."""
    folder.mkdir()
    if os.geteuid() != 0:
        yield folder, ("-c", LIMITED.format(bytes=ROOM_BYTES))
        return
    options = f"size={ROOM_BYTES}"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=True)
    try:
        yield folder, WORKER
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def _any_tool(here: World) -> psutil.Process:
    """The next one that is seen at work."""
    seen: list[psutil.Process] = []

    def look() -> bool:
        seen.extend(tools_below(here.work_dir))
        return bool(seen)

    until(look, "a tool runs")
    return seen[0]


def _workshop(stage: Stage, bench: Bench) -> Workshop:
    return Workshop(stage.here.settings, stage.here.sessions, stage.here.store, stage.tools, bench)


def _delete_for_good(here: World, recording_id: UUID) -> None:
    """As if the time to undo were over."""
    with transaction(here.sessions) as session:
        take = session.scalars(select(Take).where(Take.recording_id == recording_id)).one()
        practising.delete_take(session, take)
        take.deleted_at = db.now() - practising.UNDO_WINDOW
        queue.defer(session, queue.Task.FORGET_TAKE, take_id=str(take.id))
