"""What a manager should do next: three things at most, the most pressing first."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pitchreview.actions.overseeing import COACHED_WITHIN, Overview, Row

MOST = 3


class StepKind(StrEnum):
    FLAG = "flag"
    LATE_REVIEW = "late_review"
    DISPUTE = "dispute"
    LATE_DRILL = "late_drill"
    UNHEARD = "unheard"
    UNPROVED = "unproved"
    NO_FOCUS = "no_focus"


@dataclass(frozen=True)
class Step:
    """One thing to do; `about` is what it is about: a raised thing, a late review or drill, a rep."""

    kind: StepKind
    about: Any
    others: int = 0  # of the same kind


def next_steps(overview: Overview) -> list[Step]:
    """One of each kind, so that one trouble does not hide the others."""
    found = []
    for step in _all(overview):
        found.append(step)
        if len(found) == MOST:
            break
    return found


def _all(overview: Overview) -> Iterator[Step]:
    groups: tuple[tuple[StepKind, list[Any]], ...] = (
        (StepKind.FLAG, overview.flags),
        (StepKind.LATE_REVIEW, overview.late_reviews),
        (StepKind.DISPUTE, overview.disputes),
        (StepKind.LATE_DRILL, overview.late_drills),
        (StepKind.UNHEARD, _unheard(overview)),
        (StepKind.UNPROVED, _unproved(overview)),
        (StepKind.NO_FOCUS, _without_focus(overview)),
    )
    for kind, things in groups:
        if things:
            yield Step(kind, things[0], len(things) - 1)


def _unheard(overview: Overview) -> list[Row]:
    """Reps without feedback for a month, the longest first; who has just come has time."""
    silent = [
        row
        for row in overview.rows
        if not row.is_coached(overview.now) and overview.now - row.joined_at > COACHED_WITHIN
    ]
    return sorted(silent, key=lambda row: row.heard.at if row.heard else row.joined_at)


def _unproved(overview: Overview) -> list[Row]:
    late = [row for row in overview.rows if row.late_commitments]
    return sorted(late, key=lambda row: -row.late_commitments)


def _without_focus(overview: Overview) -> list[Row]:
    return [row for row in overview.rows if row.heard and not row.focus]
