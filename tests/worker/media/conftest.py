"""Real tools and real clips, found and made once a session."""

from pathlib import Path

import pytest

from pitchreview.config import Settings
from tests.media import Clips
from worker.media.tools import Tools, find_tools


@pytest.fixture(scope="session")
def tools() -> Tools:
    return find_tools(Settings())


@pytest.fixture(scope="session")
def clips(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Clips:
    return Clips(tools, tmp_path_factory.mktemp("clips"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of one job."""
    path = tmp_path / "job"
    path.mkdir()
    return path
