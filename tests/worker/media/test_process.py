"""One child from start to end: whatever it does, we get our answer and our thread back."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.worker.media import fakes
from worker.media import commands, process
from worker.media.errors import Aborted, TimedOut, ToolFailed
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


def test_a_file_cannot_grow_beyond_its_limit(tools, folder):
    with pytest.raises(ToolFailed):
        run_script(
            tools,
            folder,
            "exec head -c 3000000 /dev/zero > big",
            Limits(wall_seconds=30, file_bytes=1024 * 1024),
        )

    assert (folder / "big").stat().st_size <= 1024 * 1024


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


def test_a_sandboxed_tool_dies_with_a_killed_worker(tools, folder):
    fake = fakes.script(folder, fakes.BEATS)
    beats = folder / "beats"
    worker = subprocess.Popen([sys.executable, "-c", WORKER, str(fake), str(folder)])
    try:
        wait_until(beats.exists)
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()

    time.sleep(0.2)
    heard = beats.stat().st_size
    time.sleep(0.3)
    assert beats.stat().st_size == heard


WORKER = """
import sys
from dataclasses import replace
from pathlib import Path
from pitchreview.config import Settings
from worker.media.process import Limits, run
from worker.media.tools import find_tools
fake, folder = map(Path, sys.argv[1:])
run(replace(find_tools(Settings()), shows_libraries=True), [str(fake)], limits=Limits(60), folder=folder)
"""


def wait_until(holds: object, seconds: float = 20) -> None:
    give_up_at = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < give_up_at, "It did not happen in time."
        time.sleep(0.02)
