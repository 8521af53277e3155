"""What it costs to share out many reviews at once, and how even the shares are.

    python -m bench.assignment [--takes 200] [--each 3] [--reviewers 60] [--rounds 3]

Takes of one team wait on a real PostgreSQL, each for three reviews; sixty coaches have uneven loads already.
Measured are choosing (the flow alone, the median of the rounds) and the whole job as the worker runs it:
reading the facts, choosing, writing rows, messages and letters. The last line is JSON: `seconds` (choosing,
by the clock), `cpu_seconds` (the same, of the processor), `job_seconds`, `reviews`, and `max_minus_mean` (in
reviews, with what each had before).
"""

import argparse
import json
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from pitchreview import db, migrations
from pitchreview.actions import assigning, capacity, seats, sharing_out
from pitchreview.db import make_engine, make_session_factory
from pitchreview.local import postgres
from pitchreview.models import (
    Assignment,
    AssignmentOrigin,
    AssignmentState,
    ReviewersFrom,
    Role,
    Take,
    Team,
    User,
)
from tests.factories import Factory

# What a take of the factory takes to review.
MINUTES = 3
PRESENTERS = 50


def main() -> None:
    options = _options()
    with _database() as sessions:
        team_id = _fill(sessions, options.takes, options.each, options.reviewers)
        seconds, cpu_seconds, spread = _choose(sessions, team_id, options.rounds)
        reviews, job_seconds = _run_job(sessions, team_id)
    figures = {
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu_seconds, 2),
        "job_seconds": round(job_seconds, 2),
        "reviews": reviews,
        "max_minus_mean": round(spread, 2),
    }
    print(json.dumps(figures))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--takes", type=int, default=200)
    parser.add_argument("--each", type=int, default=3)
    parser.add_argument("--reviewers", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


@contextmanager
def _database() -> Iterator[sessionmaker[Session]]:
    with tempfile.TemporaryDirectory(prefix="bench-assignment-") as folder:
        server = postgres.start(Path(folder), durable=False)
        engine = make_engine(server.url.replace("postgresql://", "postgresql+psycopg://", 1))
        try:
            migrations.upgrade(engine)
            yield make_session_factory(engine)
        finally:
            engine.dispose()
            server.stop()


def _fill(sessions: sessionmaker[Session], takes: int, each: int, reviewers: int) -> UUID:
    chance = random.Random(7)
    with sessions() as session:
        nothing: Any = None  # rows only: no object is written
        make = Factory(session, nothing)
        team = make.team()
        coaches = [make.user(f"Coach{number} C", team, Role.COACH) for number in range(reviewers)]
        presenters = [make.user(f"Rep{number} R", team) for number in range(PRESENTERS)]
        for coach in coaches:
            coach.memberships[0].weekly_minutes = 240
        drills = [make.drill(make.scenario(team, f"Drill {number}"), coaches[0]) for number in range(4)]
        for drill in drills:
            drill.reviewers_from, drill.reviewers_count = ReviewersFrom.COACHES, each
        for number in range(takes):
            drill = drills[number * len(drills) // takes]
            make.take(presenters[number % PRESENTERS], drill.scenario).drill = drill
        before = make.take(presenters[0], make.scenario(team, "Before"))
        for coach in coaches:
            for _ in range(chance.choice([0, 0, 1, 2])):
                session.add(_open_one(before, coach, chance))
                before = make.take(presenters[0], make.scenario(team, "Before"))
        session.commit()
        return team.id


def _open_one(take: Take, coach: User, chance: random.Random) -> Assignment:
    until = db.now() + timedelta(days=chance.randint(1, 3))
    return Assignment(
        take=take, reviewer=coach, origin=AssignmentOrigin.PICKED, minutes=MINUTES, leased_until=until
    )


def _choose(sessions: sessionmaker[Session], team_id: UUID, rounds: int) -> tuple[float, float, float]:
    """Median times of choosing (clock, processor), and how far the fullest desk is over the mean."""
    with sessions() as session:
        staff = capacity.staff_of(session, session.get_one(Team, team_id))
        wanted = seats.wanted_in(session, staff)
    spent, worked = [], []
    for number in range(rounds):
        began, at_work = time.perf_counter(), time.process_time()
        pairs = sharing_out.share_out(staff.reviewers, wanted, db.now())
        spent.append(time.perf_counter() - began)
        worked.append(time.process_time() - at_work)
        print(f"round {number + 1}: {len(pairs)} reviews chosen in {spent[-1]:.2f} s", flush=True)
    had = Counter(reviewer_id for _, reviewer_id in pairs)
    able = {person for each in wanted for person in each.people}
    loads = [staff.reviewers[person].load / MINUTES + had[person] for person in able]
    print(f"loads from {min(loads):.0f} to {max(loads):.0f}, mean {statistics.mean(loads):.2f}")
    return statistics.median(spent), statistics.median(worked), max(loads) - statistics.mean(loads)


def _run_job(sessions: sessionmaker[Session], team_id: UUID) -> tuple[int, float]:
    """As the worker does it, to the commit."""
    began = time.perf_counter()
    with sessions() as session:
        staff = capacity.staff_of(session, assigning.hold_still(session, team_id))
        wanted = seats.wanted_in(session, staff)
        pairs = sharing_out.share_out(staff.reviewers, wanted, db.now())
        assigning.give_all(session, staff, pairs)
        session.commit()
    seconds = time.perf_counter() - began
    with sessions() as session:
        given = select(Assignment).where(
            Assignment.origin == AssignmentOrigin.SHARED_OUT, Assignment.state == AssignmentState.OPEN
        )
        number = len(session.scalars(given).all())
    print(f"the whole job: {number} reviews in {seconds:.2f} s")
    return number, seconds


if __name__ == "__main__":
    main()
