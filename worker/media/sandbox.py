"""What a tool may see while it runs: no network, no environment, its own binary, its input, its job's folder.

Everything keeps its path inside the sandbox, so the same command line works with and without one.
bubblewrap is the only sandbox so far; Landlock, for hosts that forbid user namespaces, comes later.
"""

from collections.abc import Sequence
from pathlib import Path

# For binaries that load libraries: their loader and libraries, read-only. A static binary needs none of it.
LIBRARY_FOLDERS = ("/usr", "/lib", "/lib64", "/bin", "/etc/alternatives", "/etc/ld.so.cache")


def wrap(
    bwrap: Path, binary: Path, reads: Sequence[Path], folder: Path | None, shows_libraries: bool
) -> list[str]:
    """The words to put before `binary`'s own command line.

    --die-with-parent follows the *thread* that starts it: start it from one that outlives the child.
    """
    words = [str(bwrap), "--unshare-all", "--die-with-parent", "--new-session"]
    words += ["--clearenv", "--cap-drop", "ALL"]
    # Without it ffmpeg takes a quarter of a second to gather randomness for each WebM it writes
    words += ["--dev-bind", "/dev/urandom", "/dev/urandom"]
    if shows_libraries:
        words += _show_libraries()
    words += ["--ro-bind", str(binary), str(binary)]
    if folder is not None:
        words += ["--bind", str(folder), str(folder), "--chdir", str(folder)]
    for path in reads:  # after the folder, so that an input inside it stays read-only
        words += ["--ro-bind", str(path), str(path)]
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
