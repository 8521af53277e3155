"""Reminders and digests come once, at a good hour, wherever somebody is and however long nothing ran."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session, sessionmaker

from pitchreview import db
from pitchreview.actions import messages, nudging, practising, rhythm
from pitchreview.actions.messages import Card
from pitchreview.errors import InvalidInput
from pitchreview.models import Drill, Message, MessageKind, Notification, NotificationKind, Nudge, User
from pitchreview.permissions import notifications_visible_to
from tests.conftest import Cast
from tests.factories import Factory

KINDS = (NotificationKind.DRILL, NotificationKind.DRILL_DUE, NotificationKind.CARD_DUE)
ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/Los_Angeles",
    "Asia/Kathmandu",
    "Pacific/Auckland",
    "America/St_Johns",
)


def person(zone: str, quiet_from: time | None = None, quiet_until: time | None = None) -> User:
    return User(
        name="Ada", email="a@b.c", time_zone=zone, quiet_from=quiet_from, quiet_until=quiet_until, habits={}
    )


def told(session: Session, user: User) -> list[NotificationKind]:
    query = select(Notification.kind).where(Notification.user_id == user.id, Notification.kind.in_(KINDS))
    return list(session.scalars(query.order_by(Notification.created_at)))


def letters(session: Session) -> int:
    query = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'mail_digest'")
    return session.execute(query).scalar_one()


# --- hours ------------------------------------------------------------------------------------------


@given(
    zone=st.sampled_from(ZONES),
    hours=st.tuples(st.times(), st.times()).filter(lambda pair: pair[0] != pair[1]),
    now=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
)
def test_quiet_hours_end_and_never_last_longer_than_a_day(
    zone: str, hours: tuple[time, time], now: datetime
) -> None:
    ada = person(zone, *(hour.replace(second=0, microsecond=0) for hour in hours))
    if ada.quiet_from == ada.quiet_until:
        return
    ends = rhythm.quiet_ends(ada, now)
    assert not rhythm.is_quiet(ada, ends)
    assert ends == now or timedelta() < ends - now <= timedelta(hours=25)


@given(zone=st.sampled_from(ZONES), day=st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_the_morning_is_the_morning_there_whatever_the_clocks_do(zone: str, day: date) -> None:
    there = rhythm.at(day, rhythm.DIGEST_HOUR, person(zone)).astimezone(ZoneInfo(zone))
    assert (there.date(), there.time()) == (day, rhythm.DIGEST_HOUR)


def test_both_hours_or_none() -> None:
    ada = person("UTC")
    rhythm.keep_quiet(ada, "22:00", "07:00")
    assert rhythm.is_quiet(ada, datetime(2026, 5, 1, 23, tzinfo=UTC))
    assert not rhythm.is_quiet(ada, datetime(2026, 5, 1, 12, tzinfo=UTC))
    for hours in (("22:00", ""), ("", "07:00"), ("22:00", "22:00"), ("late", "07:00")):
        with pytest.raises(InvalidInput):
            rhythm.keep_quiet(ada, *hours)
    rhythm.keep_quiet(ada, "", "")
    assert ada.quiet_from is None


# --- reminders --------------------------------------------------------------------------------------

# A Monday, and a drill that is due on the Friday of that week.
MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)
FRIDAY = date(2026, 11, 27)


@pytest.fixture
def drill(session: Session, make: Factory, cast: Cast) -> Drill:
    with time_machine.travel(MONDAY, tick=False):
        drill = make.drill(make.scenario(cast.team), cast.mona)
        drill.due_on, drill.remind_days = FRIDAY, 2
        drill.due_at = datetime(2026, 11, 27, 23, 59, tzinfo=UTC)
        session.commit()
    return drill


def at(session: Session, when: datetime, act: Callable[[Session], None] = nudging.remind) -> None:
    with time_machine.travel(when, tick=False):
        act(session)
        session.commit()


def test_who_has_not_done_a_drill_is_reminded_once_in_the_morning(
    session: Session, make: Factory, cast: Cast, drill: Drill
) -> None:
    cast.ada.time_zone = "America/Los_Angeles"  # nine o'clock is 17:00 UTC there
    at(session, MONDAY + timedelta(days=1))
    assert told(session, cast.jonas) == []
    at(session, MONDAY + timedelta(days=2))
    at(session, MONDAY + timedelta(days=2, minutes=5))
    assert (told(session, cast.jonas), told(session, cast.ada)) == ([NotificationKind.DRILL_DUE], [])
    practising.submit(session, make.take(cast.ada, drill.scenario, submitted=False))
    at(session, MONDAY + timedelta(days=2, hours=8))
    assert told(session, cast.ada) == [], "it is done"
    passed = session.scalars(select(Nudge).where(Nudge.user_id == cast.ada.id)).one()
    assert passed.passed_at is not None


def test_a_reminder_that_was_missed_is_sent_while_it_is_of_use(
    session: Session, cast: Cast, drill: Drill
) -> None:
    at(session, MONDAY + timedelta(days=4))
    assert told(session, cast.ada) == [NotificationKind.DRILL_DUE]
    session.execute(delete(Nudge))
    session.execute(delete(Notification))
    at(session, MONDAY + timedelta(days=5))
    assert told(session, cast.ada) == []


def test_in_quiet_hours_a_reminder_waits(session: Session, cast: Cast, drill: Drill) -> None:
    rhythm.keep_quiet(cast.ada, "08:00", "12:00")
    wednesday = MONDAY + timedelta(days=2)
    at(session, wednesday)
    assert told(session, cast.ada) == []
    at(session, wednesday + timedelta(hours=2))
    assert told(session, cast.ada) == [NotificationKind.DRILL_DUE]


def test_a_drill_that_opens_later_is_told_when_it_opens(session: Session, cast: Cast, drill: Drill) -> None:
    drill.opens_at = MONDAY + timedelta(hours=3)
    at(session, MONDAY + timedelta(hours=2))
    assert told(session, cast.ada) == []
    for hours in (3, 4):
        at(session, MONDAY + timedelta(hours=hours))
    assert told(session, cast.ada) == [NotificationKind.DRILL]


# --- cards ------------------------------------------------------------------------------------------

MORNING = datetime(2026, 11, 27, 9, tzinfo=UTC)


def write_card(session: Session, owner: User, by: User, review_on: date = FRIDAY) -> Message:
    card = Card(MessageKind.VALUE, "Change it once", "One change.", owner_id=owner.id, review_on=review_on)
    return messages.write(session, owner.memberships[0].team_id, card, by)


@pytest.fixture
def card(session: Session, cast: Cast) -> Message:
    """Cole's, to be looked at on the Friday."""
    return write_card(session, cast.cole, cast.mona)


def test_the_owner_of_a_card_is_reminded_once_on_its_morning_there(
    session: Session, cast: Cast, card: Message
) -> None:
    cast.cole.time_zone = "Pacific/Auckland"  # nine o'clock on the Friday is 20:00 UTC on the Thursday
    thursday_evening = datetime(2026, 11, 26, 20, tzinfo=UTC)
    at(session, thursday_evening - timedelta(minutes=1))
    assert told(session, cast.cole) == []
    for later in (timedelta(), timedelta(minutes=5), timedelta(days=40)):
        at(session, thursday_evening + later)
        assert told(session, cast.cole) == [NotificationKind.CARD_DUE]
    assert told(session, cast.mona) == []


@pytest.mark.parametrize(("days", "is_told"), [(40, True), (91, False)])
def test_what_nobody_could_tell_for_weeks_is_told_while_it_is_of_use(
    session: Session, cast: Cast, card: Message, days: int, is_told: bool
) -> None:
    at(session, MORNING + timedelta(days=days))
    assert bool(told(session, cast.cole)) is is_told


def test_a_card_waits_for_the_end_of_quiet_hours(session: Session, cast: Cast, card: Message) -> None:
    rhythm.keep_quiet(cast.cole, "08:00", "12:00")
    at(session, MORNING)
    assert told(session, cast.cole) == []
    at(session, MORNING + timedelta(hours=3))
    assert told(session, cast.cole) == [NotificationKind.CARD_DUE]


def test_a_card_that_is_retired_or_for_another_day_is_not_told(
    session: Session, cast: Cast, card: Message
) -> None:
    messages.retire(session, card, cast.mona)
    at(session, MORNING)
    messages.retire(session, card, cast.mona)
    messages.still_right(session, card, FRIDAY)
    at(session, MORNING)
    assert told(session, cast.cole) == []
    at(session, MORNING + messages.HOLDS_FOR)
    assert told(session, cast.cole) == [NotificationKind.CARD_DUE], "the next day has its own reminder"


def test_an_owner_who_is_gone_is_not_reminded_nor_reads_of_it(
    session: Session, cast: Cast, card: Message
) -> None:
    at(session, MORNING)
    assert len(session.scalars(notifications_visible_to(cast.cole)).all()) == 1
    cast.cole.memberships[0].ended_at = MORNING
    card.review_on = FRIDAY + timedelta(days=1)
    at(session, MORNING + timedelta(days=1))
    assert len(told(session, cast.cole)) == 1
    assert session.scalars(notifications_visible_to(cast.cole)).all() == []
    card.owner = cast.mona
    cast.mona.deactivated_at = MORNING
    at(session, MORNING + timedelta(days=1))
    card.owner = None
    at(session, MORNING + timedelta(days=1))
    assert told(session, cast.mona) == []


@pytest.mark.parametrize("act", ["looked at", "retired", "given away"])
def test_who_need_not_look_any_more_has_nothing_unread(
    session: Session, cast: Cast, card: Message, act: str
) -> None:
    at(session, MORNING)
    if act == "looked at":
        messages.still_right(session, card, FRIDAY)
    elif act == "retired":
        messages.retire(session, card, cast.mona)
    else:
        typed = Card(card.kind, card.name, card.body, owner_id=cast.mona.id, review_on=FRIDAY)
        messages.rewrite(session, card, typed, cast.mona, why="", seen=1)
    session.commit()
    session.expire_all()
    assert session.scalars(select(Notification.read_at)).one() is not None
    at(session, MORNING)
    assert bool(told(session, cast.mona)) is (act == "given away")


# --- the weekly letter ------------------------------------------------------------------------------


def test_a_digest_comes_on_monday_once_and_only_with_news(
    session: Session, make: Factory, cast: Cast, drill: Drill
) -> None:
    next_monday = datetime(2026, 11, 30, 8, tzinfo=UTC)
    drill.due_at += timedelta(days=30)
    drill.due_on += timedelta(days=30)
    for user in (cast.ada, cast.jonas):
        user.created_at = user.memberships[0].created_at = MONDAY
    cast.jonas.wants_digest = False
    at(session, next_monday - timedelta(minutes=1), nudging.begin_digests)
    assert letters(session) == 0
    for minutes in (0, 5, 600):
        at(session, next_monday + timedelta(minutes=minutes), nudging.begin_digests)
    # Ada has a drill to do; Jonas wants no letter, and the others have no news.
    assert letters(session) == 1
    at(session, next_monday + timedelta(weeks=3), nudging.begin_digests)
    assert letters(session) == 2, "of the weeks that were missed there is one letter"
    at(session, next_monday + timedelta(weeks=4, days=5), nudging.begin_digests)
    assert letters(session) == 2, "on a Saturday it is too late for that of Monday"


# --- whatever happens --------------------------------------------------------------------------------


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    zone=st.sampled_from(ZONES),
    quiet=st.sampled_from([None, ("22:00", "07:30"), ("08:00", "18:00"), ("00:00", "12:00")]),
    begins=st.datetimes(datetime(2026, 3, 20), datetime(2026, 11, 10), timezones=st.just(UTC)),
    gaps=st.lists(st.integers(5, 60 * 24 * 9), min_size=4, max_size=10),
)
def test_never_twice_and_never_in_quiet_hours(
    sessions: sessionmaker[Session],
    session: Session,
    make: Factory,
    cast: Cast,
    zone: str,
    quiet: tuple[str, str] | None,
    begins: datetime,
    gaps: list[int],
) -> None:
    """Minutes lie between the calls, or days in which nothing ran."""
    ada = cast.ada
    ada.time_zone = zone
    rhythm.keep_quiet(ada, *(quiet or ("", "")))
    ada.created_at = ada.memberships[0].created_at = begins
    with time_machine.travel(begins, tick=False):
        drill = make.drill(make.scenario(cast.team), cast.mona, due_in=timedelta(days=9))
        card = write_card(session, ada, cast.mona, begins.date() + timedelta(days=3))
        session.commit()
    try:
        now = begins
        for minutes in gaps:
            now += timedelta(minutes=minutes)
            before = len(told(session, ada)), letters(session)
            at(session, now)
            at(session, now, nudging.begin_digests)
            with sessions() as another, time_machine.travel(now, tick=False):
                nudging.remind(another)
                nudging.begin_digests(another)
                another.commit()
            after = len(told(session, ada)), letters(session)
            assert not rhythm.is_quiet(ada, now) or after[0] == before[0]
        assert told(session, ada).count(NotificationKind.DRILL_DUE) <= 1
        is_over = now > datetime.combine(begins.date() + timedelta(days=5), time(), UTC)
        counts = {0, 1} if quiet or not is_over else {1}
        assert told(session, ada).count(NotificationKind.CARD_DUE) in counts
        keys = list(session.scalars(select(Nudge.key).where(Nudge.user_id == ada.id)))
        assert len(keys) == len(set(keys))
    finally:
        for noun in (Nudge, Notification):
            session.execute(delete(noun))
        session.execute(text("DELETE FROM procrastinate_jobs WHERE task_name = 'mail_digest'"))
        session.delete(drill)
        session.delete(card)
        session.commit()


def test_the_house_keeps_keys_for_a_year(session: Session, cast: Cast) -> None:
    for days in (10, 500):
        session.add(
            Nudge(
                user_id=cast.ada.id,
                key=f"drill:{days}",
                due_at=db.now(),
                created_at=db.now() - timedelta(days=days),
            )
        )
    session.flush()
    nudging.sweep(session)
    assert list(session.scalars(select(Nudge.key))) == ["drill:10"]
