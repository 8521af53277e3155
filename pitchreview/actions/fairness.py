"""What it costs to give a review to somebody: the less, the fairer.

In this order: who is asked for comes before managers, and time left in the week before none; then everybody
carries the same share of their week; then who knows the presenter's pitches least; then chance, which falls
the same way each time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from uuid import UUID
from zlib import crc32


class Rank(IntEnum):
    """Whose work it is. Somebody without time left stands two steps lower."""

    ASKED_FOR = 0
    STANDS_IN = 1  # a manager, where coaches or peers are asked for
    UNCALIBRATED = 4  # where somebody is needed whose eye was checked


NO_TIME_LEFT = 2
# One step down weighs more than any load, and a load more than all that follows it.
_STEP = 10**16
_LOAD = 10**10
_DAY = 1000
_EACH_MEETING = 100 * _DAY
_MOST_MEETINGS = 9
# A step that nobody can be given at all.
NOBODY = 20 * _STEP


@dataclass(frozen=True)
class Reviewer:
    """Somebody who is here and has minutes for reviews."""

    id: UUID
    weekly_minutes: int
    load: float  # minutes: what is open, and half of what was done in two weeks


@dataclass(frozen=True)
class Meetings:
    """How often somebody reviewed a presenter, and when last."""

    number: int
    last_at: datetime


@dataclass(frozen=True)
class Wanted:
    """Reviews that one take still needs, from people who can give any of them."""

    take_id: UUID
    minutes: int
    number: int
    people: Mapping[UUID, Rank]
    met: Mapping[UUID, Meetings] = field(default_factory=dict)
    is_for_coach: bool = False  # chosen before the others: fewer people can


def cost_of_load(reviewer: Reviewer, minutes: float, more: int = 0) -> int:
    """Of one review, after `more` others as long: each costs more than the last."""
    before = reviewer.load + more * minutes
    has_time = before + minutes <= reviewer.weekly_minutes
    share = minutes * (2 * before + minutes) / reviewer.weekly_minutes
    return (0 if has_time else NO_TIME_LEFT * _STEP) + round(_LOAD * share)


def cost_of_pair(wanted: Wanted, reviewer_id: UUID, now: datetime) -> int:
    """Of this person for this take, whatever else they have."""
    met = wanted.met.get(reviewer_id)
    known = 0 if met is None else _EACH_MEETING * min(met.number, _MOST_MEETINGS) - _DAY * _days(met, now)
    chance = crc32(wanted.take_id.bytes + reviewer_id.bytes) % _DAY
    return wanted.people[reviewer_id] * _STEP + known + chance


def _days(met: Meetings, now: datetime) -> int:
    """Since they met, counted up to three months."""
    return max(0, min((now - met.last_at).days, 90))


def fairest(wanted: Wanted, reviewers: Mapping[UUID, Reviewer], now: datetime) -> UUID | None:
    """The one who should have the next review of this take; None when nobody can."""
    costs = {
        each: cost_of_load(reviewers[each], wanted.minutes) + cost_of_pair(wanted, each, now)
        for each in wanted.people
        if each in reviewers
    }
    return min(costs, key=costs.__getitem__) if costs else None
