"""When letters may come: quiet hours, mornings and weeks, where somebody is.

Clocks are set forward and back: hours are worked out on the wall of that place, and compared as instants.
"""

import math
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pitchreview.errors import InvalidInput
from pitchreview.models import User

# Reminders of a day come at this hour, the digest an hour before on Mondays.
MORNING = time(9)
DIGEST_HOUR = time(8)


def at(day: date, hour: time, person: User) -> datetime:
    """The instant of that hour there; one that the clock leaps over is the first after the leap."""
    local = datetime.combine(day, hour, tzinfo=ZoneInfo(person.time_zone))
    return local.astimezone(UTC)


def is_quiet(person: User, now: datetime) -> bool:
    """Do they want to be left alone at this hour?"""
    if person.quiet_from is None or person.quiet_until is None:
        return False
    hour = now.astimezone(ZoneInfo(person.time_zone)).time()
    if person.quiet_from <= person.quiet_until:
        return person.quiet_from <= hour < person.quiet_until
    return hour >= person.quiet_from or hour < person.quiet_until


def quiet_ends(person: User, now: datetime) -> datetime:
    """The first instant that is not quiet; the present one if it is not."""
    if not is_quiet(person, now) or person.quiet_until is None:
        return now
    today = now.astimezone(ZoneInfo(person.time_zone)).date()
    ends = (at(today + timedelta(days=days), person.quiet_until, person) for days in range(3))
    return next(end for end in ends if end > now and not is_quiet(person, end))


def quiet_seconds(person: User, now: datetime) -> int:
    """So long a letter has to wait; 0: it may go."""
    return math.ceil((quiet_ends(person, now) - now).total_seconds())


def monday_of(person: User, now: datetime) -> date:
    """The first day of the week it is there."""
    today = now.astimezone(ZoneInfo(person.time_zone)).date()
    return today - timedelta(days=today.weekday())


def week_of(monday: date) -> str:
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02}"


def keep_quiet(person: User, from_: str, until: str) -> None:
    """No letters between these two hours; both empty: at any hour."""
    start, end = _hour(from_, "quiet_from"), _hour(until, "quiet_until")
    if (start is None) != (end is None):
        missing = "quiet_until" if end is None else "quiet_from"
        raise InvalidInput("Give both hours, or none.", field=missing)
    if start is not None and start == end:
        raise InvalidInput("That would be the whole day. Switch mail off instead.", field="quiet_until")
    person.quiet_from, person.quiet_until = start, end


def _hour(typed: str, field: str) -> time | None:
    if not typed:
        return None
    try:
        return time.fromisoformat(typed).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError as error:
        raise InvalidInput("Write an hour like 22:00.", field=field) from error
