"""What a tool in the sandbox cannot see or touch."""

import os
from dataclasses import replace

import pytest

from tests.worker.media import fakes
from tests.worker.media.canary import Canary
from worker.media import process
from worker.media.errors import ToolFailed
from worker.media.process import Limits, run

BRIEF = Limits(wall_seconds=10)


def test_a_neighbours_file_is_out_of_sight(tools, clips, folder):
    talk = clips("talk.mp4")
    argv = [str(tools.ffmpeg), "-v", "error", "-i", str(talk), "-f", "null", "-"]

    run(tools, argv, limits=BRIEF, reads=[talk], folder=folder)

    with pytest.raises(ToolFailed) as failure:
        run(tools, argv, limits=BRIEF, reads=[], folder=folder)
    assert "No such file" in failure.value.complaints


def test_the_input_cannot_be_overwritten_even_inside_the_jobs_folder(tools, clips, folder):
    source = folder / "source.mp4"
    source.write_bytes(clips("talk.mp4").read_bytes())
    before = source.read_bytes()
    argv = [str(tools.ffmpeg), "-nostdin", "-y", "-f", "lavfi", "-i", "color=d=0.1", str(source)]

    with pytest.raises(ToolFailed, match="ended"):
        run(tools, argv, limits=BRIEF, reads=[source], folder=folder)

    assert source.read_bytes() == before


def test_there_is_no_network(tools, folder):
    with Canary() as canary:
        address = f"http://127.0.0.1:{canary.port}/x.mp4"
        argv = [str(tools.ffmpeg), "-v", "error", "-i", address, "-f", "null", "-"]
        with pytest.raises(ToolFailed):
            run(tools, argv, limits=BRIEF, folder=folder)

    assert canary.visits == 0


def test_a_tool_with_libraries_sees_no_homes_no_secrets_and_no_other_process(tools, folder):
    fake = fakes.script(folder, "ls -d /root /home /etc/passwd /proc/1 2>/dev/null; env; echo end")
    wide = replace(tools, ffmpeg=fake, shows_libraries=True)

    outcome = run(wide, [str(fake)], limits=BRIEF, folder=folder)

    assert outcome.output.replace(f"PWD={folder}\n".encode(), b"") == b"end\n"


def test_without_a_sandbox_the_limits_still_hold(tools, folder):
    fake = fakes.script(folder, "ulimit -c; ulimit -n; nice")
    outcome = run(fakes.unsandboxed(tools, fake), [str(fake)], limits=BRIEF, folder=folder)

    core, files, niceness = map(int, outcome.output.split())
    assert (core, files) == (0, 256)
    assert niceness >= min(19, os.nice(0) + 10)


def test_the_launcher_needs_no_environment_of_ours():
    assert set(process._LAUNCHER_ENVIRONMENT) == {"PATH", "LC_ALL"}
