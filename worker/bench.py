"""The folder in which this process works: locked while it lives, so that others can tell when it died."""

import fcntl
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

_PREFIX = "pitchreview-work-"
_LOCK = "lock"
_DOOR = ".pitchreview-door"


class Bench:
    """A folder of our own below `parent` (default: the system's). What dead processes left goes first."""

    def __init__(self, parent: str = "") -> None:
        place = Path(parent or tempfile.gettempdir())
        place.mkdir(parents=True, exist_ok=True)
        # One at a time: a folder that is made but not locked yet looks like that of a dead process.
        with (place / _DOOR).open("w") as door:
            fcntl.flock(door, fcntl.LOCK_EX)
            clear_dead(place)
            self.folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place))
            self._lock = (self.folder / _LOCK).open("w")
            fcntl.flock(self._lock, fcntl.LOCK_EX)

    def new_folders(self, *names: str) -> list[Path]:
        """Folders of these names side by side, for one job."""
        job = Path(tempfile.mkdtemp(prefix="job-", dir=self.folder))
        for name in names:
            (job / name).mkdir()
        return [job / name for name in names]

    def close(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self._lock.close()


def clear_dead(place: Path) -> None:
    """Remove the folders whose process is gone."""
    for folder in place.glob(f"{_PREFIX}*"):
        # Gone or somebody else's: then it is not ours to clear.
        with suppress(OSError), (folder / _LOCK).open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
