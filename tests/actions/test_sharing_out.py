"""Sharing out by least cost: nobody unreviewed, nobody twice, evenly, and the same way each time."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pitchreview.actions.fairness import Meetings, Rank, Reviewer, Wanted, fairest
from pitchreview.actions.sharing_out import Pair, share_out

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTES = 3


def person(number: int) -> UUID:
    return UUID(int=number + 1)


def take(number: int) -> UUID:
    return UUID(int=10_000 + number)


def reviewer(number: int, load: float = 0, weekly: int = 60) -> Reviewer:
    return Reviewer(person(number), weekly, load)


def staff(*reviewers: Reviewer) -> dict[UUID, Reviewer]:
    return {each.id: each for each in reviewers}


def wanted(number: int, people: range | list[int], reviews: int = 1, **more: object) -> Wanted:
    ranks = {person(each): Rank.ASKED_FOR for each in people}
    return Wanted(take(number), MINUTES, reviews, ranks, **more)  # type: ignore[arg-type]


def loads(pairs: list[Pair], people: dict[UUID, Reviewer]) -> Counter[UUID]:
    given = Counter(reviewer_id for _, reviewer_id in pairs)
    return Counter({each: round(people[each].load / MINUTES) + given[each] for each in people})


# --- what must hold whatever the team looks like ------------------------------------------------------


@st.composite
def teams(draw: st.DrawFn) -> tuple[dict[UUID, Reviewer], list[Wanted]]:
    """Two to seven people, uneven loads, minutes short or plenty, and takes that only some may review."""
    size = draw(st.integers(2, 7))
    had, minutes = st.integers(0, 5), st.sampled_from([3, 9, 60])
    people = staff(*(reviewer(each, MINUTES * draw(had), draw(minutes)) for each in range(size)))
    takes = []
    for number in range(draw(st.integers(1, 10))):
        able = draw(st.sets(st.integers(0, size - 1), max_size=size))
        takes.append(wanted(number, sorted(able), draw(st.integers(1, 3)), is_for_coach=draw(st.booleans())))
    return people, takes


@settings(max_examples=60, deadline=None)
@given(teams())
def test_every_take_gets_what_it_needs_as_far_as_there_are_people(
    team: tuple[dict[UUID, Reviewer], list[Wanted]],
) -> None:
    people, takes = team
    pairs = share_out(people, takes, NOW)
    assert len(set(pairs)) == len(pairs)
    for each in takes:
        given_to = [reviewer_id for take_id, reviewer_id in pairs if take_id == each.take_id]
        assert set(given_to) <= set(each.people)
        assert len(given_to) == min(each.number, len(each.people))
    assert share_out(people, list(reversed(takes)), NOW) == pairs


@settings(max_examples=60, deadline=None)
@given(teams())
def test_nobody_is_given_more_than_a_week_holds_while_somebody_else_has_time(
    team: tuple[dict[UUID, Reviewer], list[Wanted]],
) -> None:
    people, takes = team
    takes = [Wanted(each.take_id, MINUTES, each.number, each.people) for each in takes]
    pairs = share_out(people, takes, NOW)
    had = loads(pairs, people)
    able = {each.take_id: set(each.people) for each in takes}
    for take_id, reviewer_id in pairs:
        if had[reviewer_id] * MINUTES <= people[reviewer_id].weekly_minutes:
            continue
        others = able[take_id] - {mine for other, mine in pairs if other == take_id}
        assert not [each for each in others if (had[each] + 1) * MINUTES <= people[each].weekly_minutes]


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 9), st.integers(1, 25), st.integers(1, 3))
def test_where_everybody_can_do_everything_the_loads_differ_by_one_at_most(
    size: int, number: int, reviews: int
) -> None:
    people = staff(*(reviewer(each, weekly=600) for each in range(size)))
    reviews = min(reviews, size)
    had = loads(share_out(people, [wanted(n, range(size), reviews) for n in range(number)], NOW), people)
    assert max(had.values()) - min(had.values()) <= 1


# --- single cases ---------------------------------------------------------------------------------------


def test_in_a_team_of_two_each_reviews_the_other() -> None:
    people = staff(reviewer(0), reviewer(1))
    pairs = share_out(people, [wanted(0, [1], 2), wanted(1, [0], 2)], NOW)
    assert sorted(pairs) == [(take(0), person(1)), (take(1), person(0))]


def test_who_has_much_already_gets_less() -> None:
    people = staff(reviewer(0, load=30), reviewer(1), reviewer(2))
    had = Counter(mine for _, mine in share_out(people, [wanted(n, range(3)) for n in range(10)], NOW))
    assert had == {person(1): 5, person(2): 5}


def test_who_has_more_time_gets_more() -> None:
    people = staff(reviewer(0, weekly=120), reviewer(1, weekly=60))
    had = Counter(mine for _, mine in share_out(people, [wanted(n, range(2)) for n in range(9)], NOW))
    assert had == {person(0): 6, person(1): 3}


def test_a_manager_is_asked_only_when_nobody_else_has_time() -> None:
    people = staff(reviewer(0, weekly=6), reviewer(1))
    ranks = {person(0): Rank.ASKED_FOR, person(1): Rank.STANDS_IN}
    pairs = share_out(people, [Wanted(take(n), MINUTES, 1, ranks) for n in range(3)], NOW)
    assert Counter(mine for _, mine in pairs) == {person(0): 2, person(1): 1}


def test_long_reviews_weigh_more_than_short_ones() -> None:
    people = staff(reviewer(0, weekly=120), reviewer(1, weekly=120))
    ranks = {person(0): Rank.ASKED_FOR, person(1): Rank.ASKED_FOR}
    takes = [Wanted(take(n), minutes, 1, ranks) for n, minutes in enumerate((20, 5, 5, 5, 5))]
    minutes = Counter[UUID]()
    for take_id, mine in share_out(people, takes, NOW):
        minutes[mine] += takes[take_id.int - 10_000].minutes
    assert set(minutes.values()) == {20}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Meetings(2, NOW), Meetings(1, NOW)),
        (Meetings(1, NOW - timedelta(days=3)), Meetings(1, NOW - timedelta(days=40))),
        (Meetings(1, NOW - timedelta(days=90)), None),
    ],
)
def test_who_met_the_presenter_less_or_longer_ago_is_taken(first: Meetings, second: Meetings | None) -> None:
    met = {person(0): first} | ({person(1): second} if second else {})
    for number in range(20):
        each = wanted(number, [0, 1], met=met)
        assert share_out(staff(reviewer(0), reviewer(1)), [each], NOW) == [(take(number), person(1))]


def test_one_alone_is_given_to_the_same_person_as_among_many() -> None:
    people = staff(*(reviewer(each, load=each % 3) for each in range(6)))
    for number in range(20):
        each = wanted(number, range(6))
        assert share_out(people, [each], NOW) == [(each.take_id, fairest(each, people, NOW))]


def test_where_nobody_can_nothing_is_given() -> None:
    assert share_out({}, [wanted(0, [1])], NOW) == []
    assert fairest(wanted(0, [1]), {}, NOW) is None
