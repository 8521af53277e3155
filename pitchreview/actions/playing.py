"""A moment as it is played in place: a little before it, and as long as it takes to understand it."""

from dataclasses import dataclass

from pitchreview.models import Recording, Take

LEAD_IN_MS = 1_000
LONG_ENOUGH_MS = 8_000


@dataclass(frozen=True)
class Part:
    """A part of a take's recording, on its clock."""

    take: Take
    from_ms: int
    until_ms: int

    @property
    def recording(self) -> Recording:
        return self.take.recording


def part_of(take: Take, at_ms: int | None, until_ms: int | None = None) -> Part | None:
    """The part around a moment; None where none was named, or nothing can be played yet."""
    whole = take.recording.duration_ms
    if at_ms is None or not whole or not take.recording.is_playable:
        return None
    begins = max(0, min(at_ms - LEAD_IN_MS, whole - LEAD_IN_MS))
    return Part(take, begins, min(whole, max(until_ms or 0, begins + LONG_ENOUGH_MS)))
