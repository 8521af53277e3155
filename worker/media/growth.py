"""A rung that plays while it is made: its finished stretches, as soon as ffmpeg has written them."""

from dataclasses import dataclass
from pathlib import Path

from worker.media.playlist import read_finished
from worker.media.renditions import ByteRange


@dataclass(frozen=True)
class Stretch:
    """Number 0 is the head of the file, which plays nothing by itself and takes no time."""

    number: int
    content: bytes
    duration_ms: int


class Growth:
    """Follows one file and the playlist that ffmpeg writes beside it."""

    def __init__(self, file: Path, playlist: Path) -> None:
        self._file = file
        self._playlist = playlist
        self._taken = 0

    def fresh(self) -> list[Stretch]:
        """What has been finished since the last call, in order."""
        head, segments = read_finished(self._playlist)
        if head is None or not segments:
            return []
        parts = [(head, 0), *((ByteRange(s.offset, s.length), s.duration_ms) for s in segments)]
        found = []
        with self._file.open("rb") as file:
            for place, lasts in parts[self._taken :]:
                file.seek(place.offset)
                content = file.read(place.length)
                if len(content) < place.length:
                    break  # listed, but not all on disk yet
                found.append(Stretch(self._taken, content, lasts))
                self._taken += 1
        return found
