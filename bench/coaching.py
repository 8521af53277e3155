"""What the manager's page costs when the team is large.

    python -m bench.coaching [--reps 200] [--takes 5000] [--rounds 40]

Fills teams on a real PostgreSQL, a small one and then the large one, and asks for the manager's page, the
results of a drill and the page of one rep, in this process and without a network: server time of the whole
request. The last line is JSON: `p50_ms` and `p95_ms` of the manager's page, its `statements` and those with
few reps (`statements_few`), `results_p50_ms` (a drill with everybody in it) and `rep_p50_ms`.
"""

import argparse
import json
import statistics
import time
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select

from bench.asking import asked_by, p95
from pitchreview.actions import rubrics
from pitchreview.actions.ready_rubrics import CONVERSATION
from pitchreview.models import User
from tests import shelves, teams
from tests.factories import Factory
from tests.site import Site, person, team_of

FEW_REPS, FEW_TAKES = 5, 25


def main() -> None:
    options = _options()
    with asked_by("mona") as (site, client, heard):
        drill = _fill(site, FEW_REPS, FEW_TAKES, "few")
        _, few = _ask(client, heard, "/coaching", 3)
        drill = _fill(site, options.reps, options.takes, "many")
        page, many = _ask(client, heard, "/coaching", options.rounds)
        results, _ = _ask(client, heard, f"/coaching/drills/{drill}", options.rounds)
        rep, _ = _ask(client, heard, f"/progress/{_a_rep(site)}", options.rounds)
    figures = {
        "p50_ms": round(statistics.median(page), 1),
        "p95_ms": round(p95(page), 1),
        "statements": many,
        "statements_few": few,
        "results_p50_ms": round(statistics.median(results), 1),
        "rep_p50_ms": round(statistics.median(rep), 1),
    }
    print(json.dumps(figures))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reps", type=int, default=200)
    parser.add_argument("--takes", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=40)
    return parser.parse_args()


def _fill(site: Site, reps: int, takes: int, name: str) -> str:
    """Answers the id of a drill that everybody has, due yesterday."""
    with site.session() as session:
        make, team, mona = Factory(session, site.store), team_of(session), person(session, "mona")
        rubric = rubrics.use_ready(session, team.id, CONVERSATION)
        scenario = make.scenario(team, f"With {name} reps", rubric_id=rubric.id)
        drill = make.drill(scenario, mona, due_in=timedelta(days=-1))
        drill.rubric_id = rubric.id
        session.flush()
        teams.fill(session, scenario, drill, person(session, "cole"), reps, takes, name)
        session.commit()
        shelves.analyze(session)
        session.commit()
        return str(drill.id)


def _a_rep(site: Site) -> str:
    with site.session() as session:
        found = session.scalar(select(User.id).where(User.email == "rep7.many@crowd.example"))
        return str(found)


def _ask(client: FlaskClient, heard: list[str], address: str, rounds: int) -> tuple[list[float], int]:
    """Milliseconds of each request, and the statements of one."""
    spent = []
    for _ in range(rounds):
        heard.clear()
        began = time.perf_counter()
        answer = client.get(address)
        spent.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"{address} was answered with {answer.status_code}")
    print(f"  {statistics.median(spent):6.1f} ms  {len(heard):2} statements  {address}", flush=True)
    return spent, len(heard)


if __name__ == "__main__":
    main()
