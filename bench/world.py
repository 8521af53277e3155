"""The real parts for a benchmark: PostgreSQL, SeaweedFS and workers on a folder that is thrown away."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import psutil
from sqlalchemy.orm import Session, selectinload, sessionmaker

from pitchreview import migrations
from pitchreview.actions import accounts, intake, practising
from pitchreview.config import Settings, child_environment
from pitchreview.db import make_engine, make_session_factory, transaction
from pitchreview.local import objectstore, postgres
from pitchreview.models import Recording, RecordingState, Role, Scenario, Stage, Take
from pitchreview.store import ObjectStore

# Half an hour of video takes a quarter of an hour on two cores.
READY_SECONDS = 3600
# Each look costs some milliseconds of the CPU that is being measured; the rows carry the exact instants.
LOOK_SECONDS = 0.25


@dataclass
class World:
    folder: Path
    settings: Settings
    sessions: sessionmaker[Session]
    store: ObjectStore
    database: postgres.Server
    workers: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    @property
    def work_dir(self) -> Path:
        """Where the workers keep their files in work."""
        return Path(self.settings.work_dir)

    def start_worker(self, slots: int = 1) -> "subprocess.Popen[bytes]":
        worker = self.spawn_worker({"PITCHREVIEW_MEDIA_SLOTS": str(slots)})
        self.workers.append(worker)
        return worker

    def spawn_worker(
        self, changes: dict[str, str], program: tuple[str, ...] = ("-m", "pitchreview", "worker")
    ) -> "subprocess.Popen[bytes]":
        """A worker that nobody here looks after."""
        environment = child_environment(
            {
                "DATABASE_URL": self.settings.database_url.get_secret_value(),
                "S3_ENDPOINT_URL": self.settings.s3_endpoint_url,
                "S3_ACCESS_KEY_ID": self.settings.s3_access_key_id.get_secret_value(),
                "S3_SECRET_ACCESS_KEY": self.settings.s3_secret_access_key.get_secret_value(),
                "SECRET_KEY": self.settings.secret_key.get_secret_value(),
                "PITCHREVIEW_WORK_DIR": self.settings.work_dir,
                "PITCHREVIEW_MEDIA_SLOTS": "1",
                "LOG_LEVEL": "warning",
                **changes,
            }
        )
        with (self.folder / "workers.log").open("ab") as log:
            return subprocess.Popen([sys.executable, *program], env=environment, stdout=log, stderr=log)

    def stop_workers(self) -> None:
        for worker in self.workers:
            worker.terminate()
        for worker in self.workers:
            worker.wait(timeout=20)
        self.workers.clear()

    def worker_rss_mb(self) -> float:
        return max(psutil.Process(worker.pid).memory_info().rss for worker in self.workers) / 1e6

    def restart_database(self) -> None:
        """Stop it as an operator would, and start it again on the same files."""
        self.database.stop()
        self.database = postgres.start(self.folder / "database")

    def upload(self, path: Path) -> UUID:
        """A take whose file has arrived; answers its recording."""
        with transaction(self.sessions) as session:
            scenario = session.query(Scenario).first()
            assert scenario is not None and scenario.created_by is not None
            uploader = scenario.created_by
            file = intake.NewFile(path.name, path.stat().st_size, "video/mp4", "")
            plan = intake.plan_upload(session, self.settings, uploader, file)
            pitch = practising.start_pitch(session, scenario, practising.Presenter(user=uploader))
            take = intake.save_upload(session, plan, "", pitch=pitch, uploader=uploader)
            take_id, key = take.id, plan.object_key
        self.store.put_file(path, key, "application/octet-stream")
        with transaction(self.sessions) as session:
            return intake.mark_received(session, session.get_one(Take, take_id).recording.sources[0]).id

    def recording(self, recording_id: UUID) -> Recording:
        """As it is now, with all its rows."""
        with self.sessions() as session:
            everything = [selectinload(Recording.renditions), selectinload(Recording.steps)]
            return session.get_one(
                Recording, recording_id, options=[*everything, selectinload(Recording.sources)]
            )

    def wait_for(self, recording_id: UUID, *states: RecordingState) -> Recording:
        """The recording, once it is in one of these states; it carries the instants it got there."""
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            recording = self.recording(recording_id)
            if recording.state in states:
                return recording
            if recording.is_broken:
                raise RuntimeError(recording.reason)
            time.sleep(LOOK_SECONDS)
        raise TimeoutError(f"{recording_id} did not get to {states}")

    def stop_the_work(self, recording_id: UUID) -> None:
        """As its owner would; answers once nothing runs any more."""
        with transaction(self.sessions) as session:
            intake.cancel(session, session.get_one(Recording, recording_id))
        time.sleep(2)


@contextmanager
def world() -> Iterator[World]:
    with tempfile.TemporaryDirectory(prefix="pitchreview-bench-") as name:
        folder = Path(name)
        database = postgres.start(folder / "database")
        objects = objectstore.start(folder / "objects")
        here = _furnish(folder, database, objects)
        try:
            yield here
        finally:
            here.stop_workers()
            objects.stop()
            here.database.stop()


def _furnish(folder: Path, database: postgres.Server, objects: objectstore.Server) -> World:
    settings = Settings(
        database_url=database.url,
        s3_endpoint_url=objects.endpoint_url,
        s3_access_key_id=objects.access_key,
        s3_secret_access_key=objects.secret_key,
        secret_key=os.urandom(24).hex(),
        work_dir=str(folder / "work"),
    )
    engine = make_engine(settings.sqlalchemy_url, pool_size=3)
    migrations.upgrade(engine)
    store = ObjectStore(settings, timeout_seconds=60)
    store.prepare_bucket(["*"])
    sessions = make_session_factory(engine)
    with transaction(sessions) as session:
        ada = accounts.create_user(session, email="ada@example.com", name="Ada", password=None)
        team = accounts.create_team(session, "Bench")
        accounts.join(session, ada, team, Role.REP)
        session.add(
            Scenario(
                team_id=team.id,
                title="Bench",
                stage=Stage.DEMO,
                prompt="Go.",
                target_seconds=60,
                created_by=ada,
                key_messages=[],
                beats=[],
            )
        )
    return World(folder, settings, sessions, store, database)
