"""What a tool cannot see, touch or ask for: in bubblewrap, in Landlock, behind the filter of system calls."""

import os
import shutil
import struct
import sys
from dataclasses import replace
from pathlib import Path
from platform import machine

import pytest

from tests.worker.media import fakes
from tests.worker.media.canary import Canary
from worker.media import landlock, process, sandbox, seccomp
from worker.media.errors import ToolFailed
from worker.media.process import Limits, run

BRIEF = Limits(wall_seconds=10)
EPERM, ENOSYS = 1, 38
# Asks for each of the system calls whose numbers it is told, and says how it was answered
ASKER = 'for (@ARGV) { $! = 0; syscall($_, 0, 0, 0, 0, 0); print "$_ ", $! + 0, "\\n" }'


@pytest.fixture(params=["bubblewrap", "landlock"])
def walled(request, tools):
    """The tools of this machine, in either sandbox."""
    assert tools.bwrap is not None and tools.has_seccomp and landlock.version() > 0
    return tools if request.param == "bubblewrap" else fakes.in_landlock(tools)


@pytest.fixture
def perl(walled):
    """A tool that can ask the kernel for anything."""
    binary = Path(shutil.which("perl") or "").resolve()
    return replace(walled, ffmpeg=binary, shows_libraries=True)


def ask(perl, folder, *numbers: int) -> dict[int, int]:
    """System call -> the error it was answered with; 0 when it was done."""
    argv = [str(perl.ffmpeg), "-e", ASKER, *map(str, numbers)]
    output = run(perl, argv, limits=BRIEF, folder=folder).output.decode()
    return {int(number): int(error) for number, error in map(str.split, output.splitlines())}


def numbers_of(*calls: str) -> list[int]:
    row = seccomp.ARCHITECTURES[machine()][1]
    numbers = (seccomp.REFUSED[call][row] for call in calls or seccomp.REFUSED)
    return [number for number in numbers if number is not None]


def test_a_neighbours_file_is_out_of_sight(walled, clips, folder):
    talk = clips("talk.mp4")
    argv = [str(walled.ffmpeg), "-v", "error", "-i", str(talk), "-f", "null", "-"]

    run(walled, argv, limits=BRIEF, reads=[talk], folder=folder)

    with pytest.raises(ToolFailed) as failure:
        run(walled, argv, limits=BRIEF, reads=[], folder=folder)
    assert "No such file" in failure.value.complaints or "Permission denied" in failure.value.complaints


def test_the_input_cannot_be_overwritten(walled, clips, folder, tmp_path):
    source = tmp_path / "source.mp4"
    source.write_bytes(clips("talk.mp4").read_bytes())
    before = source.read_bytes()
    argv = [str(walled.ffmpeg), "-nostdin", "-y", "-f", "lavfi", "-i", "color=d=0.1", str(source)]

    with pytest.raises(ToolFailed, match="ended"):
        run(walled, argv, limits=BRIEF, reads=[source], folder=folder)

    assert source.read_bytes() == before


def test_bubblewrap_guards_the_input_even_inside_the_jobs_folder(tools, clips, folder):
    source = folder / "source.mp4"
    source.write_bytes(clips("talk.mp4").read_bytes())
    before = source.read_bytes()
    argv = [str(tools.ffmpeg), "-nostdin", "-y", "-f", "lavfi", "-i", "color=d=0.1", str(source)]

    with pytest.raises(ToolFailed, match="ended"):
        run(tools, argv, limits=BRIEF, reads=[source], folder=folder)

    assert source.read_bytes() == before


def test_there_is_no_network(walled, folder):
    with Canary() as canary:
        address = f"http://127.0.0.1:{canary.port}/x.mp4"
        argv = [str(walled.ffmpeg), "-v", "error", "-i", address, "-f", "null", "-"]
        with pytest.raises(ToolFailed):
            run(walled, argv, limits=BRIEF, folder=folder)

    assert canary.visits == 0


@pytest.mark.parametrize("wall", ["bubblewrap", "landlock"])
def test_each_sandbox_keeps_the_network_out_without_the_filter(tools, folder, wall):
    unfiltered = replace(tools if wall == "bubblewrap" else fakes.in_landlock(tools), has_seccomp=False)
    with Canary() as canary:
        address = f"http://127.0.0.1:{canary.port}/x.mp4"
        argv = [str(tools.ffmpeg), "-v", "error", "-i", address, "-f", "null", "-"]
        with pytest.raises(ToolFailed):
            run(unfiltered, argv, limits=BRIEF, folder=folder)

    assert canary.visits == 0


def test_a_tool_with_libraries_sees_no_homes_no_secrets_and_no_other_process(walled, folder):
    fake = fakes.script(
        folder,
        "for path in /root/.bashrc /etc/passwd /proc/1/environ /proc/self/environ; do\n"
        '  if read line < "$path"; then echo "$path"; fi\n'
        "done 2>/dev/null; export -p; echo end",
    )
    wide = replace(walled, ffmpeg=fake, shows_libraries=True)

    outcome = run(wide, [str(fake)], limits=BRIEF, folder=folder)

    told = [line for line in outcome.output.decode().splitlines() if "PWD" not in line]
    assert told == ["export MALLOC_ARENA_MAX='4'", "end"]


def test_nothing_can_be_written_outside_the_jobs_folder(walled, folder, tmp_path):
    body = "for place in / /tmp /dev/shm /usr ..; do echo x > $place/note; done 2>/dev/null; echo x > note"
    fake = fakes.script(folder, body)
    wide = replace(walled, ffmpeg=fake, shows_libraries=True)

    run(wide, [str(fake)], limits=BRIEF, folder=folder)

    assert (folder / "note").exists()
    assert not any((Path(place) / "note").exists() for place in ("/", "/tmp", "/dev/shm", "/usr", tmp_path))


def test_the_memory_behind_bubblewraps_root_cannot_be_filled(tools, folder):
    fake = fakes.script(folder, "echo x > /note")
    wide = replace(tools, ffmpeg=fake, shows_libraries=True)

    with pytest.raises(ToolFailed) as failure:
        run(wide, [str(fake)], limits=BRIEF, folder=folder)
    assert "Read-only file system" in failure.value.complaints


def test_every_call_of_the_list_is_refused(perl, folder):
    numbers = numbers_of()

    assert ask(perl, folder, *numbers) == dict.fromkeys(numbers, EPERM)


def test_the_filter_and_nothing_else_refuses(perl, folder):
    unfiltered = replace(perl, has_seccomp=False)
    harmless = numbers_of("socket", "memfd_create", "chmod" if machine() == "x86_64" else "fchmodat")

    assert EPERM not in ask(unfiltered, folder, *harmless).values()


def test_a_child_is_refused_and_a_new_kind_of_clone_does_not_exist(perl, folder):
    row = seccomp.ARCHITECTURES[machine()][1]
    clone, clone3, unheard_of = seccomp.CLONE[row], seccomp.CLONE3[row], seccomp.LAST_KNOWN + 1

    assert ask(perl, folder, clone, clone3, unheard_of) == {clone: EPERM, clone3: ENOSYS, unheard_of: ENOSYS}


def test_the_limits_of_another_process_cannot_be_changed(perl, folder):
    prlimit = seccomp.PRLIMIT[seccomp.ARCHITECTURES[machine()][1]]
    body = f"print syscall({prlimit}, $_, 7, 0, 0) for 0, {os.getpid()}"

    assert run(perl, [str(perl.ffmpeg), "-e", body], limits=BRIEF, folder=folder).output == b"0-1"


@pytest.mark.skipif(machine() != "x86_64", reason="only x86-64 has a second set of numbers")
def test_numbers_of_another_machine_end_the_tool(perl, folder):
    with pytest.raises(ToolFailed) as failure:
        ask(perl, folder, seccomp.X32_BIT + 39)

    assert failure.value.was_killed


def test_ffmpeg_works_with_many_threads(walled, clips, folder):
    talk, made = clips("talk.mp4"), folder / "made.mp4"
    encode = f"-c:v libx264 -preset ultrafast -threads 8 -filter_threads 4 -c:a aac {made}"
    argv = f"{walled.ffmpeg} -nostdin -v error -threads 8 -i {talk} {encode}".split()

    outcome = run(walled, argv, limits=BRIEF, reads=[talk], folder=folder)

    assert made.stat().st_size > 10_000 and outcome.complaints == ""


def judge(machine_name: str, number: int, argument: int = 0, audit_number: int | None = None) -> int:
    """What the kernel would answer on that machine: the four kinds of instruction, carried out here."""
    code = list(struct.iter_unpack("=HBBI", seccomp.program(machine_name) or b""))
    told = {0: number, 4: audit_number or seccomp.ARCHITECTURES[machine_name][0], 16: argument}
    tests = {0x15: int.__eq__, 0x25: int.__gt__, 0x45: int.__and__}
    place, held = 0, 0
    while True:
        kind, if_so, if_not, value = code[place]
        if kind == 0x06:
            return value
        if kind == 0x20:
            held = told[value]
        place += 1 + ((if_so if tests[kind](held, value) else if_not) if kind in tests else 0)


# openat, mmap, futex, write, execve
NEEDED = {"x86_64": (257, 9, 202, 1, 59), "aarch64": (56, 222, 98, 64, 221)}


@pytest.mark.parametrize("known", seccomp.ARCHITECTURES)
def test_the_filter_means_the_same_on_every_machine(known):
    row = seccomp.ARCHITECTURES[known][1]
    clone, prlimit = seccomp.CLONE[row], seccomp.PRLIMIT[row]
    allow, refuse, kill = 0x7FFF0000, 0x00050000 | EPERM, 0x80000000
    refused = [numbers[row] for numbers in seccomp.REFUSED.values() if numbers[row] is not None]

    assert {judge(known, number) for number in NEEDED[known]} == {allow}
    assert {judge(known, number) for number in refused} == {refuse}
    assert len(refused) == len(set(refused))
    assert judge(known, clone, 0x003D0F00) == allow  # a thread, as the C library makes one
    assert judge(known, clone, 0x01200011) == judge(known, clone, 0x10000000) == refuse
    assert (judge(known, prlimit, 0), judge(known, prlimit, 4711)) == (allow, refuse)
    assert judge(known, seccomp.CLONE3[row]) == 0x00050000 | ENOSYS
    assert judge(known, NEEDED[known][0], audit_number=0x40000003) == kill


def test_a_machine_without_a_list_of_numbers_gets_no_filter():
    assert seccomp.program("riscv64") is None


def test_the_landlock_launcher_ends_when_its_worker_has_died(tools):
    words = sandbox.wrap_with_landlock(tools.ffmpeg, (), None, False)
    words[words.index("--parent") + 1] = "1"

    with pytest.raises(ToolFailed, match="ended with 1"):
        run(fakes.unsandboxed(tools, tools.ffmpeg), [*words, str(tools.ffmpeg), "-version"], limits=BRIEF)


def test_the_landlock_launcher_imports_next_to_nothing():
    source = Path(landlock.__file__).read_text()

    assert {line.split()[1] for line in source.splitlines() if line.startswith(("import", "from"))} == {
        "ctypes",
        "os",
        "struct",
        "sys",
    }
    assert sandbox.wrap_with_landlock(Path(sys.executable), (), None, False)[1:4] == ["-I", "-S", "-E"]


def test_without_a_sandbox_the_limits_still_hold(tools, folder):
    fake = fakes.script(folder, "ulimit -c; ulimit -n; nice")
    limits = replace(BRIEF, niceness=12)
    outcome = run(fakes.unsandboxed(tools, fake), [str(fake)], limits=limits, folder=folder)

    core, files, niceness = map(int, outcome.output.split())
    assert (core, files) == (0, 256)
    assert niceness == min(19, os.nice(0) + 12)


def test_the_launcher_needs_no_environment_of_ours():
    assert set(process._LAUNCHER_ENVIRONMENT) == {"PATH", "LC_ALL"}
