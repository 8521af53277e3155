"""One child from start to end: whatever it does, we get our answer and our thread back."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.worker.media import fakes
from worker.media import commands, process
from worker.media.errors import Aborted, TimedOut, ToolFailed, WroteTooMuch
from worker.media.process import Limits, run
from worker.media.tools import Tools

PATIENT = Limits(wall_seconds=30)


def run_script(tools: Tools, folder: Path, body: str, limits: Limits = PATIENT, **options: object) -> object:
    fake = fakes.script(folder, body)
    return run(fakes.unsandboxed(tools, fake), [str(fake)], limits=limits, folder=folder, **options)


def test_the_output_of_a_tool_is_kept(tools, folder):
    assert run_script(tools, folder, "echo hello").output == b"hello\n"


def test_a_tool_sees_an_empty_environment_and_no_input(tools, folder, monkeypatch):
    monkeypatch.setenv("S3_SECRET_ACCESS_KEY", "do-not-tell")

    outcome = run_script(tools, folder, "env; cat")

    assert b"do-not-tell" not in outcome.output
    assert b"PATH" in outcome.output


def test_a_failure_carries_the_last_words(tools, folder):
    with pytest.raises(ToolFailed) as failure:
        run_script(tools, folder, "echo first >&2; echo moov atom not found >&2; exit 3")

    assert failure.value.returncode == 3
    assert failure.value.complaints == "first\nmoov atom not found"
    assert not failure.value.was_killed


def test_endless_complaints_are_bounded_and_block_nobody(tools, folder):
    with pytest.raises(ToolFailed) as failure:
        run_script(tools, folder, fakes.COMPLAINS_ENDLESSLY)

    lines = failure.value.complaints.splitlines()
    assert lines[-1] == "complaint 19999"
    assert len(lines) == process.TAIL_LINES


def test_an_endless_line_is_cut(tools, folder):
    with pytest.raises(ToolFailed) as failure:
        run_script(tools, folder, "head -c 1000000 /dev/zero | tr '\\0' x >&2; exit 1")

    assert len(failure.value.complaints) < 1000000


def test_a_crash_is_told_from_a_failure(tools, folder):
    with pytest.raises(ToolFailed) as failure:
        run_script(tools, folder, fakes.CRASHES)

    assert failure.value.was_killed


def test_an_abort_ends_a_tool_within_a_second_even_if_it_ignores_sigterm(tools, folder):
    stop = fakes.Stop((folder / "pid").exists)

    with pytest.raises(Aborted):
        run_script(tools, folder, fakes.IGNORES_SIGTERM, abort=stop)

    assert stop.seconds_ago < 1
    assert not fakes.lives(int((folder / "pid").read_text()))


def test_nothing_starts_when_the_abort_came_first(tools, folder):
    with pytest.raises(Aborted):
        run_script(tools, folder, "touch started", abort=lambda: True)

    assert not (folder / "started").exists()


def test_an_abort_leaves_no_grandchild_behind(tools, folder):
    with pytest.raises(Aborted):
        run_script(tools, folder, fakes.LEAVES_A_CHILD, abort=(folder / "pid").exists)

    pid = int((folder / "pid").read_text())
    wait_until(lambda: not fakes.lives(pid))


def test_a_tool_that_hangs_is_ended_by_the_watchdog(tools, folder):
    with pytest.raises(TimedOut, match="No progress"):
        run_script(tools, folder, fakes.HANGS, Limits(wall_seconds=30, stall_seconds=0.4))


def test_repeating_the_same_progress_is_no_sign_of_life(tools, folder):
    with pytest.raises(TimedOut, match="No progress"):
        run_script(
            tools,
            folder,
            fakes.HANGS_AND_CHATTERS,
            Limits(wall_seconds=30, stall_seconds=0.6),
            on_line=commands.progress_reader(2000, commands.ignore),
        )


def test_a_tool_that_ignores_sigterm_is_killed_after_its_grace(tools, folder, monkeypatch):
    monkeypatch.setattr(process, "GRACE_SECONDS", 0.4)

    with pytest.raises(TimedOut, match="Not done"):
        run_script(tools, folder, fakes.IGNORES_SIGTERM, Limits(wall_seconds=0.4))

    assert not fakes.lives(int((folder / "pid").read_text()))


def test_an_exception_in_a_reader_ends_the_tool(tools, folder):
    def refuse(line: str) -> bool:
        raise ValueError(line)

    with pytest.raises(ValueError, match="pid"):
        run_script(tools, folder, "echo $$ > pid; echo pid; sleep 600", on_line=refuse)

    assert not fakes.lives(int((folder / "pid").read_text()))


def test_a_file_cannot_grow_beyond_its_limit_and_the_tool_says_so(tools, folder):
    with pytest.raises(WroteTooMuch) as failure:
        run_script(
            tools,
            folder,
            "exec head -c 3000000 /dev/zero > big",
            Limits(wall_seconds=30, file_bytes=1024 * 1024),
        )

    assert (folder / "big").stat().st_size <= 1024 * 1024
    assert failure.value.ran_out_of_room and not failure.value.was_killed


def test_many_files_cannot_fill_the_disk(tools, folder, monkeypatch):
    monkeypatch.setattr(process, "WEIGH_SECONDS", 0.1)
    (folder / "there-before").write_bytes(bytes(3_000_000))
    body = "i=0; while :; do head -c 100000 /dev/zero > part-$i; i=$((i+1)); sleep 0.02; done"

    with pytest.raises(WroteTooMuch, match="filled the folder"):
        run_script(tools, folder, body, Limits(wall_seconds=30, folder_bytes=1_000_000))


def test_what_may_be_written_is_not_weighed_against_what_lies_there(tools, folder):
    (folder / "there-before").write_bytes(bytes(3_000_000))

    run_script(tools, folder, "sleep 1.2", Limits(wall_seconds=30, folder_bytes=1_000_000))


def test_a_memory_hog_gets_no_more_than_its_limit(tools, folder):
    greedy = "exec head -c 900000000 /dev/zero | tail -n 1 > all"

    with pytest.raises(ToolFailed) as failure:
        run_script(tools, folder, f"set -e; {greedy}", Limits(wall_seconds=30, memory_bytes=64 * 1024**2))

    assert "memory" in failure.value.complaints


def test_a_probe_gets_less_memory_than_an_encode(tools, folder):
    fake = fakes.script(folder, "ulimit -v")
    encoder = fakes.unsandboxed(tools, fake)
    prober = replace(encoder, ffmpeg=tools.ffmpeg, ffprobe=fake)

    asked = [run(each, [str(fake)], limits=PATIENT, folder=folder).output for each in (encoder, prober)]

    assert [int(kib) // 1024**2 for kib in asked] == [4, 1]


def test_a_tool_that_computes_endlessly_is_ended(tools, folder):
    with pytest.raises(TimedOut, match="Not done"):
        run_script(tools, folder, "while :; do :; done", Limits(wall_seconds=0.6))


def test_a_tool_that_computes_endlessly_ends_even_without_its_watchdog(tools, folder):
    """The kernel counts its seconds, should our thread hang."""
    fake = fakes.script(folder, "ulimit -t")

    limit = int(run(fakes.unsandboxed(tools, fake), [str(fake)], limits=PATIENT, folder=folder).output)

    assert limit == 30 * (os.cpu_count() or 1) + 1


def test_a_tool_that_stands_still_is_killed_by_the_watchdog(tools, folder, monkeypatch):
    monkeypatch.setattr(process, "GRACE_SECONDS", 0.4)

    with pytest.raises(TimedOut, match="No progress"):
        run_script(tools, folder, "echo $$ > pid; kill -STOP $$", Limits(wall_seconds=30, stall_seconds=0.4))

    assert not fakes.lives(int((folder / "pid").read_text()))


@pytest.mark.parametrize("wall", ["bubblewrap", "landlock"])
def test_a_fork_bomb_does_not_get_its_first_child(tools, folder, wall):
    fake = fakes.script(folder, fakes.FORKS_ENDLESSLY)
    walled = tools if wall == "bubblewrap" else fakes.in_landlock(tools)

    with pytest.raises(ToolFailed) as failure:
        run(replace(walled, shows_libraries=True), [str(fake)], limits=PATIENT, folder=folder)

    assert "fork" in failure.value.complaints


@pytest.mark.parametrize("wall", ["bubblewrap", "landlock"])
def test_a_sandboxed_tool_that_ignores_sigterm_is_killed(tools, folder, monkeypatch, wall):
    monkeypatch.setattr(process, "GRACE_SECONDS", 0.4)
    fake = fakes.script(folder, f"trap '' TERM; {fakes.BEATS}")
    walled = tools if wall == "bubblewrap" else fakes.in_landlock(tools)

    with pytest.raises(TimedOut, match="Not done"):
        run(replace(walled, shows_libraries=True), [str(fake)], limits=Limits(0.5), folder=folder)

    assert has_stopped_growing(folder / "beats")


def test_progress_is_told_in_percent():
    seen: list[float] = []
    read = commands.progress_reader(2000, seen.append)

    assert read("out_time_us=500000")
    assert not read("out_time_us=500000")
    assert not read("speed=3x")
    assert read("out_time_us=400000")
    assert read("out_time_us=N/A")
    assert read("out_time_us=9000000")
    assert seen == [25.0, 100.0]


@pytest.mark.parametrize("bwrap", ["", "/bin/false"], ids=["bubblewrap", "landlock"])
def test_a_sandboxed_tool_dies_with_a_killed_worker(tools, folder, bwrap):
    fake = fakes.script(folder, fakes.BEATS)
    beats = folder / "beats"
    worker = subprocess.Popen([sys.executable, "-c", WORKER, str(fake), str(folder), bwrap])
    try:
        wait_until(beats.exists)
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()

    assert has_stopped_growing(beats)


WORKER = """
import sys
from dataclasses import replace
from pathlib import Path
from pitchreview.config import Settings
from worker.media.process import Limits, run
from worker.media.tools import find_tools
fake, folder = map(Path, sys.argv[1:3])
tools = replace(find_tools(Settings(bwrap=sys.argv[3])), shows_libraries=True)
run(tools, [str(fake)], limits=Limits(60), folder=folder)
"""


def has_stopped_growing(path: Path) -> bool:
    time.sleep(0.2)
    heard = path.stat().st_size
    time.sleep(0.3)
    return path.stat().st_size == heard


def wait_until(holds: object, seconds: float = 20) -> None:
    give_up_at = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < give_up_at, "It did not happen in time."
        time.sleep(0.02)
