"""A workshop on the test's servers, and recordings whose sources really lie in the store."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from pitchreview.actions import intake
from pitchreview.config import Settings
from pitchreview.models import RecordingState, StepName, Take
from pitchreview.store import ObjectStore
from tests.conftest import Cast
from tests.factories import Factory
from worker.bench import Bench
from worker.media.tools import Tools, find_tools
from worker.workshop import Workshop


@pytest.fixture(scope="session")
def media_tools(settings: Settings) -> Tools:
    return find_tools(settings)


@pytest.fixture
def workshop(
    settings: Settings, sessions: sessionmaker[Session], store: ObjectStore, media_tools: Tools
) -> Iterator[Workshop]:
    bench = Bench(settings.work_dir)
    yield Workshop(settings=settings, sessions=sessions, store=store, tools=media_tools, bench=bench)
    bench.close()


@pytest.fixture
def upload(make: Factory, cast: Cast, store: ObjectStore) -> Callable[[Path], Take]:
    """A submitted take of Ada whose file has just arrived, with its job in the queue."""

    def upload_file(path: Path) -> Take:
        recording = make.recording(RecordingState.RECEIVED)
        source = recording.sources[0]
        source.file_name, source.size_bytes = path.name, path.stat().st_size
        store.put_file(path, source.object_key, "application/octet-stream")
        take = make.take(cast.ada, make.scenario(cast.team), recording=recording)
        recording.step(StepName.CHECK)
        intake.queue_step(make.session, recording, StepName.CHECK)
        make.session.commit()
        return take

    return upload_file
