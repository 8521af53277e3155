"""What machines that watch over the site are told, also when parts of it are gone."""

from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from pitchreview.config import Settings
from pitchreview.db import make_engine
from pitchreview.local import ports
from pitchreview.store import ObjectStore
from pitchreview.web.app import create_app

Client = Callable[..., FlaskClient]


@pytest.fixture
def client(settings: Settings, store: ObjectStore, session: Session) -> Iterator[Client]:
    """A browser of a site whose settings differ in what the test says."""
    opened: list[Engine] = []

    def open_client(**changes: object) -> FlaskClient:
        changed = settings.model_copy(update=changes)
        opened.append(make_engine(changed.sqlalchemy_url, pool_size=1))
        return create_app(changed, engine=opened[-1]).test_client()

    yield open_client
    for engine in opened:
        engine.dispose()


@pytest.fixture
def worker(session: Session) -> Iterator[Callable[[int], None]]:
    """Pretends that the last sign of life of any worker was so many seconds ago."""

    def was_alive(seconds_ago: int) -> None:
        session.execute(
            text(
                "INSERT INTO procrastinate_workers (last_heartbeat)"
                " VALUES (now() - make_interval(secs => :ago))"
            ),
            {"ago": seconds_ago},
        )
        session.commit()

    forget_workers(session)
    yield was_alive
    forget_workers(session)


def forget_workers(session: Session) -> None:
    session.execute(text("DELETE FROM procrastinate_workers"))
    session.commit()


def nobody_there() -> int:
    """A port on which nothing listens."""
    return ports.choose()


def test_the_process_says_that_it_is_alive(client: Client) -> None:
    response = client().get("/healthz")

    assert response.status_code == 200
    assert response.json == {"ok": True}


def test_a_whole_site_is_ready(client: Client, worker: Callable[[int], None]) -> None:
    worker(2)

    response = client().get("/readyz")

    assert response.status_code == 200
    assert response.json is not None
    assert response.json["ok"] and response.json["worker"]
    assert response.json["queue_age_seconds"] == 0
    assert 2 <= response.json["worker_silent_seconds"] < 30


def test_a_silent_worker_is_told_but_pages_still_work(client: Client, worker: Callable[[int], None]) -> None:
    worker(90)

    response = client().get("/readyz")

    assert response.status_code == 200
    assert response.json is not None and response.json["worker"] is False
    assert response.json["worker_silent_seconds"] >= 90


def test_a_worker_that_was_never_seen_is_valid_json(client: Client, worker: Callable[[int], None]) -> None:
    response = client().get("/readyz")

    assert response.json is not None and response.json["worker"] is False
    assert response.json["worker_silent_seconds"] is None
    assert "Infinity" not in response.text


def test_a_job_that_waits_ages_the_queue(
    client: Client, worker: Callable[[int], None], session: Session
) -> None:
    session.execute(
        text(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, scheduled_at)"
            " VALUES ('house', 'sweep', now() - interval '5 minutes')"
        )
    )
    session.commit()

    response = client().get("/readyz")

    assert response.json is not None and 300 <= response.json["queue_age_seconds"] < 330


def test_without_the_object_store_the_site_is_not_ready(client: Client) -> None:
    response = client(s3_endpoint_url=f"http://127.0.0.1:{nobody_there()}").get("/readyz")

    assert response.status_code == 503
    assert response.json is not None
    assert response.json["database"] is True and response.json["object_store"] is False


def test_without_the_database_the_site_is_not_ready(client: Client) -> None:
    gone = Settings(database_url=f"postgresql://ada:secret@127.0.0.1:{nobody_there()}/pitchreview")

    response = client(database_url=gone.database_url).get("/readyz")

    assert response.status_code == 503
    assert response.json == {"ok": False, "database": False, "object_store": True, "worker": False}


def test_figures_are_for_those_who_hold_the_token(client: Client) -> None:
    watched = client(metrics_token=Settings(metrics_token="a-token").metrics_token)

    stranger = watched.get("/readyz")
    odd = watched.get("/readyz", headers={"Authorization": "Bearer tökén"})
    holder = watched.get("/readyz", headers={"Authorization": "Bearer a-token"})

    assert stranger.json is not None and "queue_age_seconds" not in stranger.json
    assert odd.json is not None and "queue_age_seconds" not in odd.json
    assert holder.json is not None and "queue_age_seconds" in holder.json


def test_without_a_token_figures_stay_on_this_machine(client: Client) -> None:
    response = client().get("/readyz", environ_base={"REMOTE_ADDR": "203.0.113.9"})

    assert response.status_code == 200
    assert response.json is not None and "queue_age_seconds" not in response.json
