"""Counting how often a thing was tried."""

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from pitchreview.actions import limits
from pitchreview.errors import TooMany
from pitchreview.models import Rate
from tests.waiting import together

NOON = "2026-11-22 12:00:10+00:00"


def tries(session: Session, key: str, number: int) -> None:
    for _ in range(number):
        limits.count(session, key, most=3, seconds=60)


@time_machine.travel(NOON, tick=False)
def test_so_many_and_no_more(session: Session) -> None:
    tries(session, "a", 3)
    with pytest.raises(TooMany) as refusal:
        tries(session, "a", 1)
    assert refusal.value.retry_after_seconds == 50
    tries(session, "b", 3)


def test_a_new_window_starts_at_zero(session: Session) -> None:
    with time_machine.travel(NOON, tick=False):
        tries(session, "a", 3)
    with time_machine.travel("2026-11-22 12:01:00+00:00", tick=False):
        tries(session, "a", 3)


@time_machine.travel(NOON, tick=False)
def test_a_success_forgets(session: Session) -> None:
    for key in ("a", "b" * 5000):
        tries(session, key, 3)
        limits.forget(session, key)
        tries(session, key, 3)


def test_nobody_slips_through_at_the_same_moment(sessions: sessionmaker[Session], session: Session) -> None:
    def one_try() -> None:
        with sessions() as tab:
            limits.count(tab, "a", most=3, seconds=86_400)
            tab.commit()

    outcomes = together(*[one_try] * 6)
    assert [outcome is None for outcome in outcomes].count(True) == 3


def test_old_windows_are_swept_away(session: Session) -> None:
    with time_machine.travel("2020-01-01 00:00:00+00:00", tick=False):
        tries(session, "old", 1)
    tries(session, "new", 1)
    limits.sweep(session)
    assert session.scalars(select(Rate.key)).all() == ["new"]
