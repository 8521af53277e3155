"""However large the library is, finding goes through its indexes: what PostgreSQL says it would do.

A small library is read from end to end sooner than through an index, so there the planner is told to avoid
that: what is left is whether each question has a way through indexes at all. A large one is left to it, and
is asked in earnest: a scan may pass over a part of the library before it has found enough, never over most.
"""

import re

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from pitchreview.actions import finding, tagging
from pitchreview.actions.finding import Order, Wanted
from tests import shelves
from tests.conftest import Cast
from tests.factories import Factory

LARGE_TABLES = ("listings", "exemplars", "takes", "recordings", "comments")


class Plans:
    """Everything that was asked of the database, and how it would go about it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.asked: list[tuple[str, object]] = []

    def __enter__(self) -> "Plans":
        event.listen(self.session.get_bind(), "before_cursor_execute", self._hear)
        return self

    def __exit__(self, *_error: object) -> None:
        event.remove(self.session.get_bind(), "before_cursor_execute", self._hear)

    def _hear(self, _connection, _cursor, statement, parameters, _context, _many) -> None:
        self.asked.append((statement, parameters))

    def __str__(self) -> str:
        connection = self.session.connection()
        lines = []
        for statement, parameters in self.asked:
            if statement.startswith(("SELECT", "WITH")):
                plan = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, TIMING OFF) {statement}", parameters)
                lines += [line for (line,) in plan]
        return "\n".join(lines)


@pytest.mark.parametrize(
    ("moments", "avoids_scans"), [(2_000, True), pytest.param(100_000, False, marks=pytest.mark.campaign)]
)
def test_pages_words_facets_and_suggestions_use_indexes(
    session: Session, make: Factory, cast: Cast, moments: int, avoids_scans: bool
) -> None:
    shelves.fill(session, make.scenario(cast.team), cast.ada, cast.mona, moments)
    shelves.discuss(session, cast.cole, cast.team, moments, moments)
    shelves.analyze(session)
    if avoids_scans:
        session.execute(text("SET LOCAL enable_seqscan = off"))
    tags = tagging.by_keys(session, cast.team.id, ["topic:habit 200", "persona:cfo", "stage:objection"])
    rare, common = (tags["topic:habit 200"],), (tags["persona:cfo"], tags["stage:objection"])
    second = finding.find(session, cast.jonas, cast.team, Wanted()).next
    ways = {
        "the newest": (Wanted(), "ix_listings_team_id_listed_at"),
        "the next page": (Wanted(after=second), "ix_listings_team_id_listed_at"),
        "a rare word": (Wanted("wombat", order=Order.BEST), "ix_listings_words"),
        "a common word": (Wanted("price", order=Order.BEST), "ix_listings"),
        "a rare tag": (Wanted(tags=rare), "ix_listings_tag_ids"),
        "common tags": (Wanted(tags=common), "ix_listings"),
    }
    for name, (wanted, index) in ways.items():
        with Plans(session) as plans:
            assert finding.find(session, cast.jonas, cast.team, wanted).hits
        assert index in str(plans), f"{name}:\n{plans}"
        _assert_that_little_is_read(str(plans), moments, avoids_scans)
    with Plans(session) as plans:
        assert finding.suggest(session, cast.jonas, cast.team, "habit 2").tags
    _assert_that_little_is_read(str(plans), moments, avoids_scans)


def _assert_that_little_is_read(plans: str, moments: int, avoids_scans: bool) -> None:
    scanned = set(re.findall(r"Seq Scan on (\w+)", plans)) & set(LARGE_TABLES)
    if avoids_scans:
        assert scanned == set(), plans
        return
    assert scanned <= {"listings"}, plans
    passed_over = max((int(rows) for rows in re.findall(r"Rows Removed by Filter: (\d+)", plans)), default=0)
    assert passed_over < moments / 3, plans
