"""The world of the tests: a real PostgreSQL, a real SeaweedFS, the application, and a small cast.

Ada presents, Jonas is another rep, Cole coaches, Mona manages; Zoe manages another team; Olga runs
the site. Servers are started once a session; every test that asks for a `session` finds empty tables.
"""

import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from pitchreview import migrations
from pitchreview.actions import accounts
from pitchreview.config import Settings
from pitchreview.db import Base, make_engine, make_session_factory
from pitchreview.local import objectstore, postgres
from pitchreview.models import Role, Team, User
from pitchreview.store import ObjectStore
from pitchreview.web.app import create_app
from pitchreview.web.auth import SignedIn
from tests.factories import Factory

pytest_plugins = ["tests.site"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that mostly wait begin first, so that others use the machine meanwhile."""
    items.sort(key=lambda item: item.get_closest_marker("patient") is None)


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """Real argon2, but as cheap as it can be: tests hash hundreds of passwords."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts, "_hasher", PasswordHasher(time_cost=1, memory_cost=256, parallelism=1))
        yield


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgres.Server]:
    server = postgres.start(tmp_path_factory.mktemp("database"), durable=False)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def object_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[objectstore.Server]:
    server = objectstore.start(tmp_path_factory.mktemp("objects"))
    yield server
    server.stop(0)  # nobody reads it again


@pytest.fixture(scope="session")
def settings(
    database: postgres.Server, object_server: objectstore.Server, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    return Settings(
        database_url=database.url,
        s3_endpoint_url=object_server.endpoint_url,
        s3_access_key_id=object_server.access_key,
        s3_secret_access_key=object_server.secret_key,
        secret_key="only-for-tests-" * 3,
        work_dir=str(tmp_path_factory.mktemp("work")),
        log_level="error",
    )


@pytest.fixture(scope="session")
def engine(settings: Settings) -> Iterator[Engine]:
    engine = make_engine(settings.sqlalchemy_url, pool_size=5)
    migrations.upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def store(settings: Settings) -> ObjectStore:
    store = ObjectStore(settings)
    store.prepare_bucket(["http://localhost"])
    return store


@pytest.fixture(scope="session")
def app(settings: Settings, engine: Engine, store: ObjectStore) -> Flask:
    app = create_app(settings, engine=engine, store=store)
    app.config["TESTING"] = False  # errors become answers, as they do for people
    app.config["WTF_CSRF_ENABLED"] = False
    _search_less_for_garbage()
    return app


def _search_less_for_garbage() -> None:
    """What is loaded by now stays until the end: looking it through again takes a third of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture
def sessions(engine: Engine) -> sessionmaker[Session]:
    """A factory on emptied tables, for tests with several sessions."""
    empty_tables(engine)
    return make_session_factory(engine)


@pytest.fixture
def session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    with sessions() as session:
        yield session


def empty_tables(engine: Engine) -> None:
    """Children first. On tables this small DELETE takes 3 ms where TRUNCATE takes 30."""
    ours = [table.name for table in reversed(Base.metadata.sorted_tables)]
    queue = ["procrastinate_periodic_defers", "procrastinate_events", "procrastinate_jobs"]
    with engine.begin() as connection:
        connection.execute(text("; ".join(f"DELETE FROM {name}" for name in [*queue, *ours])))


@pytest.fixture
def make(session: Session, store: ObjectStore) -> Factory:
    return Factory(session, store)


@dataclass
class Cast:
    team: Team
    other_team: Team
    ada: User
    jonas: User
    cole: User
    mona: User
    zoe: User
    olga: User


@pytest.fixture
def cast(make: Factory) -> Cast:
    team, other_team = make.team("EMEA mid-market"), make.team("Partner sales")
    people = Cast(
        team=team,
        other_team=other_team,
        ada=make.user("Ada Lindqvist", team, Role.REP),
        jonas=make.user("Jonas Weber", team, Role.REP),
        cole=make.user("Cole Okafor", team, Role.COACH),
        mona=make.user("Mona Ruiz", team, Role.MANAGER),
        zoe=make.user("Zoe Park", other_team, Role.MANAGER),
        olga=make.user("Olga Berg", is_operator=True),
    )
    make.session.commit()
    return people


@pytest.fixture
def client_of(app: Flask, session: Session) -> Callable[[User | None], FlaskClient]:
    """A browser in which this person is signed in; None is somebody who is not."""

    def open_client(user: User | None) -> FlaskClient:
        client = app.test_client()
        if user is not None:
            opened = accounts.open_session(session, user, address="127.0.0.1", browser="test")
            session.commit()
            with client.session_transaction() as cookie:
                cookie["_user_id"] = SignedIn(opened.user_session, opened.token).get_id()
                cookie["_fresh"] = True
        return client

    return open_client


@pytest.fixture(scope="session")
def clips_folder() -> Path:
    """The committed clips of the demo team: small real videos with speech."""
    return Path(__file__).parent.parent / "pitchreview" / "local" / "demo_clips"
