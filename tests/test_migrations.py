"""The schema: complete, repeatable, safe for several processes, and kept across versions."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlalchemy.engine import make_url

from pitchreview import migrations
from pitchreview.config import Settings
from pitchreview.db import Base, make_engine
from pitchreview.local import postgres
from tests.waiting import together

NewDatabase = Callable[[], Engine]


@pytest.fixture
def new_database(database: postgres.Server, settings: Settings) -> Iterator[NewDatabase]:
    """Makes empty databases on the test's server."""
    engines: list[Engine] = []
    owner = database._owner_url.replace("postgresql+psycopg://", "postgresql://")

    def create() -> Engine:
        name = f"test_{uuid4().hex[:12]}"
        with psycopg.connect(owner, autocommit=True) as connection:
            role = make_url(settings.sqlalchemy_url).username
            connection.execute(f'CREATE DATABASE "{name}" OWNER "{role}"')  # type: ignore[arg-type]
        address = make_url(settings.sqlalchemy_url).set(database=name)
        engines.append(make_engine(address.render_as_string(hide_password=False), pool_size=3))
        return engines[-1]

    yield create
    for engine in engines:
        engine.dispose()
        with psycopg.connect(owner, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{engine.url.database}" WITH (FORCE)')  # type: ignore[arg-type]


def schema_of(engine: Engine) -> dict[str, list[str]]:
    found = inspect(engine)
    return {
        table: sorted(column["name"] for column in found.get_columns(table))
        for table in found.get_table_names()
    }


def test_an_empty_database_becomes_current_and_stays_so(new_database: NewDatabase) -> None:
    engine = new_database()
    assert not migrations.is_current(engine)
    migrations.upgrade(engine)
    assert migrations.is_current(engine)
    schema = schema_of(engine)
    assert {"takes", "procrastinate_jobs", "queue_schema"} <= set(schema)
    migrations.upgrade(engine)
    assert schema_of(engine) == schema


def test_processes_that_start_together_apply_each_change_once(new_database: NewDatabase) -> None:
    engine = new_database()
    assert together(*[lambda: migrations.upgrade(engine)] * 3) == [None, None, None]
    assert migrations.is_current(engine)


def test_the_lock_is_let_go_when_a_change_fails(
    new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = new_database()
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "_upgrade_queue", lambda connection: connection.execute(text("SELECT 1/0")))
        with pytest.raises(Exception, match="division by zero"):
            migrations.upgrade(engine)
    migrations.upgrade(engine)
    assert migrations.is_current(engine)


def test_the_models_and_the_schema_are_the_same(engine: Engine) -> None:
    def is_ours(_object: object, name: str | None, kind: str, _reflected: bool, _compare_to: object) -> bool:
        return not (kind == "table" and (name or "").startswith(("procrastinate_", "queue_schema")))

    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True, "include_object": is_ours}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def test_sizes_of_files_are_big_integers(engine: Engine) -> None:
    columns = inspect(engine).get_columns("sources") + inspect(engine).get_columns("renditions")
    sizes = {column["name"]: str(column["type"]) for column in columns if "size" in column["name"]}
    assert sizes == {"size_bytes": "BIGINT", "part_size": "BIGINT"}


@pytest.mark.parametrize("revision", migrations.revisions())
def test_a_database_with_people_and_takes_comes_up_from_every_revision(
    new_database: NewDatabase, revision: str
) -> None:
    engine = new_database()
    migrations.upgrade(engine, revision)
    with engine.begin() as connection:
        for statement in A_TEAM_AT_WORK:
            connection.execute(text(statement))
    migrations.upgrade(engine)
    assert migrations.is_current(engine)
    with engine.connect() as connection:
        row = connection.execute(text(WHAT_WAS_SAID)).one()
    said = ("ada@example.com", "We already have a vendor", 1, 0, "Ask first.")
    assert tuple(row) == (*said, 6_000_000_000, False, "corner", None, True, False)


def test_recordings_get_the_owner_that_their_takes_had(new_database: NewDatabase) -> None:
    engine = new_database()
    migrations.upgrade(engine, "0003")
    with engine.begin() as connection:
        for statement in A_TEAM_AT_WORK:
            connection.execute(text(statement))
        connection.execute(text("UPDATE takes SET uploaded_by_id = (SELECT id FROM users)"))
    migrations.upgrade(engine)
    with engine.connect() as connection:
        query = "SELECT u.name, r.is_reply FROM recordings r JOIN users u ON u.id = r.recorded_by_id"
        assert tuple(connection.execute(text(query)).one()) == ("Ada", False)


def test_tags_become_topics_of_their_team_and_what_is_held_up_is_found(new_database: NewDatabase) -> None:
    engine = new_database()
    migrations.upgrade(engine, "0007")
    with engine.begin() as connection:
        for statement in (*A_TEAM_AT_WORK, *AN_OLD_EXEMPLAR):
            connection.execute(text(statement))
    migrations.upgrade(engine)
    with engine.connect() as connection:
        query = "SELECT facet, key FROM tags JOIN exemplar_tags ON tag_id = tags.id ORDER BY key"
        found = [tuple(row) for row in connection.execute(text(query))]
        assert found == [("topic", "topic:cfo"), ("topic", "topic:price")]
        query = (
            "SELECT e.published_at = e.created_at, l.listed_at = e.created_at, cardinality(l.tag_ids),"
            " l.words @@ websearch_to_tsquery('english', 'price waiting') FROM exemplars e JOIN listings l"
            " ON l.exemplar_id = e.id"
        )
        assert [tuple(row) for row in connection.execute(text(query))] == [(True, True, 2, True)]


def test_drills_keep_the_day_of_who_set_them_and_the_yardstick_of_their_scenario(
    new_database: NewDatabase,
) -> None:
    engine = new_database()
    migrations.upgrade(engine, "0008")
    with engine.begin() as connection:
        for statement in (*A_TEAM_AT_WORK, *AN_OLD_DRILL):
            connection.execute(text(statement))
    migrations.upgrade(engine)
    with engine.connect() as connection:
        query = (
            "SELECT due_on::text, rubric_id = '00000000-0000-4000-8000-00000000000a', for_team,"
            " reviewers_from, practice_allowed FROM drills"
        )
        assert tuple(connection.execute(text(query)).one()) == ("2026-03-01", True, True, "pool", True)
        lines = connection.execute(text("SELECT line_id IS NOT NULL, weight FROM criteria")).one()
        assert tuple(lines) == (True, 1)


A_TEAM_AT_WORK = (
    "INSERT INTO teams (id, name, created_at) VALUES ('00000000-0000-4000-8000-000000000001', 'EMEA', now())",
    "INSERT INTO users (id, email, name, time_zone, is_operator, created_at) VALUES"
    " ('00000000-0000-4000-8000-000000000002', 'ada@example.com', 'Ada', 'UTC', false, now())",
    "INSERT INTO scenarios (id, team_id, title, stage, buyer, situation, prompt, target_seconds, created_at)"
    " VALUES ('00000000-0000-4000-8000-000000000003', '00000000-0000-4000-8000-000000000001',"
    " 'We already have a vendor', 'objection', '', '', 'Go.', 90, now())",
    "INSERT INTO pitches (id, team_id, scenario_id, presenter_id, created_at) VALUES"
    " ('00000000-0000-4000-8000-000000000004', '00000000-0000-4000-8000-000000000001',"
    " '00000000-0000-4000-8000-000000000003', '00000000-0000-4000-8000-000000000002', now())",
    "INSERT INTO recordings (id, state, created_at) VALUES"
    " ('00000000-0000-4000-8000-000000000005', 'ready', now())",
    "INSERT INTO sources (id, recording_id, role, sequence, offset_ms, object_key, file_name, content_type,"
    " size_bytes, fingerprint, part_size, created_at) VALUES ('00000000-0000-4000-8000-000000000008',"
    " '00000000-0000-4000-8000-000000000005', 'camera', 0, 0, 'k', 'f', 't', 6000000000, '', 8388608, now())",
    "INSERT INTO takes (id, pitch_id, recording_id, number, round, shared_with_team, created_at,"
    " submitted_at) VALUES ('00000000-0000-4000-8000-000000000006', '00000000-0000-4000-8000-000000000004',"
    " '00000000-0000-4000-8000-000000000005', 1, 1, false, now(), now())",
    "INSERT INTO comments (id, take_id, author_id, at_ms, body, instead, version, created_at) VALUES"
    " ('00000000-0000-4000-8000-000000000007', '00000000-0000-4000-8000-000000000006',"
    " '00000000-0000-4000-8000-000000000002', 0, 'Ask first.', '', 1, now())",
)
AN_OLD_EXEMPLAR = (
    "INSERT INTO exemplars (id, team_id, take_id, title, why, consent, created_at) VALUES"
    " ('00000000-0000-4000-8000-000000000009', '00000000-0000-4000-8000-000000000001',"
    " '00000000-0000-4000-8000-000000000006', 'Silence', 'She waits.', 'given', '2026-01-01')",
    "INSERT INTO exemplar_tags (id, exemplar_id, name) SELECT gen_random_uuid(),"
    " '00000000-0000-4000-8000-000000000009', unnest(ARRAY['Price', 'price', 'CFO'])",
)
# Due at the end of 1 March in Honolulu, which is the second in London.
AN_OLD_DRILL = (
    "UPDATE users SET time_zone = 'Pacific/Honolulu'",
    "INSERT INTO rubrics (id, team_id, name, about, version, created_at) VALUES"
    " ('00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-000000000001', 'Talk', '', 1, now())",
    "INSERT INTO criteria (id, rubric_id, position, name, about) VALUES"
    " (gen_random_uuid(), '00000000-0000-4000-8000-00000000000a', 0, 'Opening', '')",
    "UPDATE scenarios SET rubric_id = '00000000-0000-4000-8000-00000000000a'",
    "INSERT INTO drills (id, team_id, scenario_id, focus, note, due_at, created_by_id, created_at)"
    " SELECT gen_random_uuid(), team_id, id, '', '', '2026-03-02 09:59+00',"
    " '00000000-0000-4000-8000-000000000002', now() FROM scenarios",
)
WHAT_WAS_SAID = (
    "SELECT u.email, s.title, t.round, c.at_ms, c.body, f.size_bytes, f.is_open, r.layout, r.cut_of_id,"
    # What was said before there were drafts stays readable.
    " c.published_at = c.created_at, t.awaits_self_assessment"
    " FROM comments c"
    " JOIN takes t ON t.id = c.take_id JOIN pitches p ON p.id = t.pitch_id"
    " JOIN scenarios s ON s.id = p.scenario_id JOIN users u ON u.id = c.author_id"
    " JOIN sources f ON f.recording_id = t.recording_id JOIN recordings r ON r.id = t.recording_id"
)


# --- the queue's own schema -------------------------------------------------------------------------


def test_the_queues_schema_is_noted_version_by_version(engine: Engine) -> None:
    with engine.connect() as connection:
        noted = list(connection.scalars(text("SELECT version FROM queue_schema ORDER BY version")))
    assert noted
    assert all(name.endswith(".sql") for name in noted)


def test_a_newer_queue_applies_only_what_came_since(
    new_database: NewDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes = tmp_path / "sql" / "migrations"
    changes.mkdir(parents=True)
    (tmp_path / "sql" / "schema.sql").write_text(
        "CREATE TABLE procrastinate_jobs (id int, note text DEFAULT '100%')"
    )
    (changes / "01.00.00_01_pre.sql").write_text("CREATE TABLE procrastinate_jobs (id int)")
    monkeypatch.setattr(migrations, "files", lambda _package: tmp_path)
    engine = new_database()
    migrations.upgrade(engine)
    (changes / "02.00.00_01_pre.sql").write_text("ALTER TABLE procrastinate_jobs ADD COLUMN more text")
    for _ in range(2):
        migrations.upgrade(engine)
    assert schema_of(engine)["procrastinate_jobs"] == ["id", "more", "note"]
    with engine.connect() as connection:
        noted = list(connection.scalars(text("SELECT version FROM queue_schema ORDER BY version")))
    assert noted == ["01.00.00_01_pre.sql", "02.00.00_01_pre.sql"]
