"""Sharing many reviews out at once, as a flow of least cost: from people, through takes, each pair once.

A person's reviews are arcs of rising cost, so that the cheapest flow is an even one. Only the worker imports
this: the library that finds the flow takes half a second to load.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import networkx

from pitchreview.actions.fairness import NOBODY, Reviewer, Wanted, cost_of_load, cost_of_pair

Pair = tuple[UUID, UUID]  # take, reviewer

_FROM = "from"


def share_out(reviewers: Mapping[UUID, Reviewer], wanted: Iterable[Wanted], now: datetime) -> list[Pair]:
    """Who reviews what. A take gets fewer than it needs only where there is nobody else."""
    people, pairs = dict(reviewers), list[Pair]()
    for group in _groups(wanted):
        taken = set(pairs)
        found = _flow(people, [_without(each, taken) for each in group], now)
        minutes = {each.take_id: each.minutes for each in group}
        for take_id, reviewer_id in found:
            person = people[reviewer_id]
            people[reviewer_id] = replace(person, load=person.load + minutes[take_id])
        pairs += found
    return pairs


def _groups(wanted: Iterable[Wanted]) -> Iterator[list[Wanted]]:
    """Seats that only some can take come first, then long reviews before short ones.

    Within a group a review counts as long as any other of it, so that a flow can count them.
    """
    groups: dict[tuple[bool, int], list[Wanted]] = defaultdict(list)
    for each in wanted:
        if each.number > 0:
            groups[not each.is_for_coach, -each.minutes.bit_length()].append(each)
    for key in sorted(groups):
        yield sorted(groups[key], key=lambda each: each.take_id)


def _without(wanted: Wanted, taken: set[Pair]) -> Wanted:
    free = {each: rank for each, rank in wanted.people.items() if (wanted.take_id, each) not in taken}
    return replace(wanted, people=free)


def _flow(people: Mapping[UUID, Reviewer], group: list[Wanted], now: datetime) -> list[Pair]:
    total = sum(each.number for each in group)
    minutes = sum(each.minutes * each.number for each in group) / total
    graph = networkx.MultiDiGraph()
    graph.add_node(_FROM, demand=-total)
    able = {person for each in group for person in each.people if person in people}
    for person in sorted(able):
        _add_reviews(graph, people[person], minutes, steps=2 * (total // len(able)) + 4, total=total)
    for each in group:
        graph.add_node(each.take_id, demand=each.number)
        graph.add_edge(_FROM, each.take_id, capacity=each.number, weight=NOBODY)
        for person in sorted(each.people):
            if person in able:
                weight = cost_of_pair(each, person, now)
                graph.add_edge((person,), each.take_id, capacity=1, weight=weight)
    _, flow = networkx.network_simplex(graph)
    return [
        (each.take_id, person)
        for each in group
        for person in sorted(each.people)
        if person in able and any(flow[(person,)].get(each.take_id, {}).values())
    ]


def _add_reviews(
    graph: networkx.MultiDiGraph, person: Reviewer, minutes: float, *, steps: int, total: int
) -> None:
    """The first ones each cost more than the last; what comes after so many costs no more than that."""
    for number in range(steps):
        weight = cost_of_load(person, minutes, number)
        graph.add_edge(_FROM, (person.id,), capacity=1, weight=weight)
    graph.add_edge(_FROM, (person.id,), capacity=total, weight=cost_of_load(person, minutes, steps))
