"""Does the database answer, has it the tables of this version, and is a worker at work?"""

import time
from collections.abc import Iterator

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from pitchreview import db, migrations, queue
from pitchreview.commands.database import opened
from pitchreview.commands.doctor.findings import Finding, ok, problem, warning
from pitchreview.config import Settings

OLDEST_POSTGRESQL = 14
# Signatures of the object store and sessions are dated; a few minutes apart they fail.
LARGEST_CLOCK_DIFFERENCE = 10  # seconds
LONG_WAIT = 120  # seconds; even a busy site takes up the first step of a take within this


def check_database(settings: Settings) -> Iterator[Finding]:
    settings.require("DATABASE_URL")
    with opened(settings) as engine:
        with Session(engine) as session:
            yield _answers(session)
            yield _clock(session)
        yield _tables(engine)


def check_worker(settings: Settings) -> Iterator[Finding]:
    settings.require("DATABASE_URL")
    with opened(settings) as engine, Session(engine) as session:
        yield _heartbeat(queue.seconds_since_heartbeat(session))
        yield _waiting(queue.oldest_waiting_seconds(session))


def _answers(session: Session) -> Finding:
    number = int(session.scalar(text("SHOW server_version_num")) or 0)
    started = time.monotonic()
    version = session.scalar(text("SHOW server_version"))
    took_ms = (time.monotonic() - started) * 1000
    if number // 10_000 < OLDEST_POSTGRESQL:
        return problem(f"PostgreSQL {version} is too old; use {OLDEST_POSTGRESQL} or newer.")
    return ok(f"PostgreSQL {version} answers in {took_ms:.0f} ms.")


def _clock(session: Session) -> Finding:
    theirs = session.scalar(text("SELECT clock_timestamp()"))
    apart = abs((theirs - db.now()).total_seconds()) if theirs else 0.0
    if apart > LARGEST_CLOCK_DIFFERENCE:
        return warning(f"Its clock and ours are {apart:.0f} seconds apart; set both by a time server.")
    return ok("Its clock and ours agree.")


def _tables(engine: Engine) -> Finding:
    if migrations.is_current(engine):
        return ok("Its tables are those of this version.")
    return problem("Its tables are not those of this version; run `pitchreview migrate`.")


def _heartbeat(silent_seconds: float | None) -> Finding:
    if silent_seconds is None:
        return problem("No worker is at work; start `pitchreview worker`.")
    if silent_seconds >= queue.SILENT_WORKER_SECONDS:
        return problem(
            f"The last sign of a worker is {silent_seconds:.0f} s old; start `pitchreview worker`."
        )
    return ok(f"A worker gave a sign {max(silent_seconds, 0):.0f} s ago.")


def _waiting(age_seconds: float) -> Finding:
    if age_seconds > LONG_WAIT:
        return warning(f"The oldest job has waited for {age_seconds:.0f} s; more workers would help.")
    return ok(f"The oldest job has waited for {age_seconds:.0f} s." if age_seconds else "No job waits.")
