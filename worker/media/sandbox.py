"""What a tool may see while it runs: no network, no environment, its own binary, its input, its job's folder.

bubblewrap gives it namespaces of its own; where the host forbids those, Landlock hides the same things from
it. Either way a filter refuses the system calls that no tool needs (`seccomp`). Everything keeps its path
inside a sandbox, so the same command line works with and without one.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from worker.media import landlock

# For binaries that load libraries: their loader and libraries, read-only. A static binary needs none of it.
LIBRARY_FOLDERS = ("/usr", "/lib", "/lib64", "/bin", "/etc/alternatives", "/etc/ld.so.cache")
# Without it ffmpeg takes a quarter of a second to gather randomness for each WebM it writes
RANDOMNESS = "/dev/urandom"
NOTHING = "/dev/null"


def wrap(
    bwrap: Path,
    binary: Path,
    reads: Sequence[Path],
    folder: Path | None,
    shows_libraries: bool,
    filter_fd: int | None = None,
) -> list[str]:
    """The words of bubblewrap to put before `binary`'s own command line.

    --die-with-parent follows the *thread* that starts it: start it from one that outlives the child.
    """
    words = [str(bwrap), "--unshare-all", "--die-with-parent", "--new-session"]
    words += ["--clearenv", "--cap-drop", "ALL"]
    for name, value in landlock.ENVIRONMENT.items():
        words += ["--setenv", name, value]
    if filter_fd is not None:
        words += ["--seccomp", str(filter_fd)]
    for device in (RANDOMNESS, NOTHING):
        words += ["--dev-bind", device, device]
    if shows_libraries:
        words += _show_libraries()
    words += ["--ro-bind", str(binary), str(binary)]
    if folder is not None:
        words += ["--bind", str(folder), str(folder), "--chdir", str(folder)]
    for path in reads:  # after the folder, so that an input inside it stays read-only
        words += ["--ro-bind", str(path), str(path)]
    # The root is in memory, which no limit of ours counts: nothing may be written there
    return [*words, "--remount-ro", "/", "--"]


def wrap_with_landlock(
    binary: Path,
    reads: Sequence[Path],
    folder: Path | None,
    shows_libraries: bool,
    filter_fd: int | None = None,
) -> list[str]:
    """The words of our Landlock launcher to put before `binary`'s own command line.

    Rights only add up in Landlock: an input inside the job's folder can be written like the folder.
    """
    words = [sys.executable, "-I", "-S", "-E", landlock.__file__, "--parent", str(os.getpid())]
    if filter_fd is not None:
        words += ["--seccomp", str(filter_fd)]
    words += ["--read", RANDOMNESS, "--device", NOTHING, "--run", str(binary)]
    if shows_libraries:
        for name in LIBRARY_FOLDERS:
            words += ["--see", name] if Path(name).exists() else []
    if folder is not None:
        words += ["--write", str(folder)]
    for path in reads:
        words += ["--read", str(path)]
    return [*words, "--"]


def _show_libraries() -> list[str]:
    words: list[str] = []
    for name in LIBRARY_FOLDERS:
        path = Path(name)
        if path.is_symlink():
            words += ["--symlink", str(path.readlink()), name]
        elif path.exists():
            words += ["--ro-bind", name, name]
    return words
