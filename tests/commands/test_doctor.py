"""What `pitchreview doctor` finds on real servers, whole and broken."""

import shutil
from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from pitchreview.commands import doctor
from pitchreview.config import Settings
from pitchreview.db import make_engine
from pitchreview.errors import InvalidInput
from pitchreview.local import ports
from pitchreview.store import ObjectStore

Examine = Callable[..., str]
SITE = "http://localhost"  # the origin that the bucket of the tests lets in


@pytest.fixture
def examine(settings: Settings, capsys: pytest.CaptureFixture[str]) -> Examine:
    """The lines that doctor prints about one part of a site with changed settings."""

    def look_at(part: str | None, **changes: Any) -> str:
        site = settings.model_copy(update={"public_url": SITE, **changes})
        code = doctor.run(site, Namespace(only=part))
        said = capsys.readouterr().out
        assert code == (1 if "problem  " in said else 0)
        return said

    return look_at


@pytest.fixture
def worker(session: Session) -> Iterator[None]:
    session.execute(text("DELETE FROM procrastinate_workers"))
    session.execute(text("INSERT INTO procrastinate_workers DEFAULT VALUES"))
    session.commit()
    yield
    session.execute(text("DELETE FROM procrastinate_workers"))
    session.commit()


@pytest.fixture
def bucket(settings: Settings) -> Iterator[Callable[..., ObjectStore]]:
    """Makes further buckets, as somebody else may have set them up."""
    client = boto3.client(
        "s3",
        endpoint_url=settings.s3_endpoint_url,
        region_name=settings.s3_region,
        aws_access_key_id=settings.s3_access_key_id.get_secret_value(),
        aws_secret_access_key=settings.s3_secret_access_key.get_secret_value(),
    )
    made: list[str] = []

    def make(name: str, policy: str = "") -> None:
        client.create_bucket(Bucket=name)
        made.append(name)
        if policy:
            client.put_bucket_policy(Bucket=name, Policy=policy)

    yield make
    for name in made:
        client.delete_bucket(Bucket=name)
    client.close()


def nobody_there() -> str:
    return f"http://127.0.0.1:{ports.choose()}"


def test_a_whole_site_has_no_problem(examine: Examine, store: ObjectStore, worker: None) -> None:
    said = examine(None)

    assert "PostgreSQL 18" in said
    assert "A worker gave a sign" in said
    assert "Pages of http://localhost may upload" in said
    assert "A part that changed on its way is refused." in said
    assert "in bubblewrap and a filter of system calls: no network" in said
    assert "problem  " not in said


def test_nothing_stays_behind_in_the_bucket(examine: Examine, store: ObjectStore) -> None:
    examine("objects")

    assert list(store.list_objects("doctor/")) == []


def test_one_part_can_be_looked_at_alone(examine: Examine) -> None:
    said = examine("database")

    assert {line[9:17] for line in said.splitlines()[:-1]} == {"database"}


def test_an_unknown_part_is_refused_with_the_known_ones(examine: Examine) -> None:
    with pytest.raises(InvalidInput, match="versions, settings, database"):
        examine("weather")


def test_a_site_without_worker_is_a_problem(examine: Examine, session: Session) -> None:
    session.execute(text("DELETE FROM procrastinate_workers"))
    session.commit()

    assert "problem  worker    No worker is at work; start `pitchreview worker`." in examine("worker")


def test_a_database_that_does_not_answer_is_a_problem(examine: Examine) -> None:
    url = SecretStr(f"postgresql://ada@127.0.0.1:{ports.choose()}/pitchreview")

    assert "problem  database  " in examine("database", database_url=url)


def test_a_missing_setting_is_named(examine: Examine) -> None:
    said = examine("database", database_url=SecretStr(""))

    assert "problem  database  Not set: DATABASE_URL." in said


def test_an_empty_database_asks_for_migrate(examine: Examine, settings: Settings) -> None:
    own = make_engine(settings.sqlalchemy_url, pool_size=1).execution_options(isolation_level="AUTOCOMMIT")
    with own.connect() as connection:
        connection.execute(text("CREATE DATABASE empty_house"))
        try:
            url = make_url(settings.libpq_url).set(database="empty_house")
            said = examine("database", database_url=SecretStr(url.render_as_string(hide_password=False)))
        finally:
            connection.execute(text("DROP DATABASE empty_house"))
    own.dispose()

    assert "run `pitchreview migrate`" in said


def test_a_store_that_does_not_answer_is_a_problem(examine: Examine) -> None:
    assert "does not show us the bucket pitchreview" in examine("objects", s3_endpoint_url=nobody_there())


def test_a_public_address_that_browsers_cannot_reach_is_a_problem(
    examine: Examine, store: ObjectStore
) -> None:
    address = nobody_there()

    said = examine("objects", s3_public_url=address)

    assert f"problem  objects   {address}, where browsers look for it (S3_PUBLIC_URL)" in said
    assert list(store.list_objects("doctor/")) == []


def test_inside_a_container_localhost_is_not_the_store_of_the_browsers(
    examine: Examine, settings: Settings, store: ObjectStore
) -> None:
    elsewhere = settings.s3_endpoint_url.replace("127.0.0.1", "0.0.0.0")  # as if it were another host

    said = examine("objects", s3_endpoint_url=elsewhere, s3_public_url="http://localhost:9000")

    assert (
        "warning  objects   S3_PUBLIC_URL is http://localhost:9000, which from here is not the store" in said
    )


def test_pages_that_the_bucket_does_not_know_are_a_problem(examine: Examine, store: ObjectStore) -> None:
    said = examine("objects", public_url="https://pitches.example.com")

    assert "Browsers will refuse to upload from https://pitches.example.com" in said


def test_a_bucket_open_to_all_is_a_problem(examine: Examine, bucket: Callable[..., None]) -> None:
    everybody = (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*",'
        ' "Action": "s3:GetObject", "Resource": "arn:aws:s3:::open-to-all/*"}]}'
    )
    bucket("open-to-all", everybody)

    assert "got 200: anybody may read the bucket" in examine("objects", s3_bucket="open-to-all")


def test_a_bucket_without_rule_for_stale_uploads_is_a_warning(
    examine: Examine, bucket: Callable[..., None]
) -> None:
    bucket("without-rules")

    assert "warning  objects   No lifecycle rule" in examine("objects", s3_bucket="without-rules")


@pytest.fixture
def unsuited_ffmpeg(tmp_path: Path) -> str:
    """Runs only where all of the machine can be seen, so in no sandbox."""
    shell, ffmpeg = tmp_path / "shell", tmp_path / "ffmpeg"
    shutil.copy("/bin/sh", shell)
    ffmpeg.write_text(f"#!{shell}\necho 'ffmpeg version n8.2 Copyright'\n")
    ffmpeg.chmod(0o755)
    return str(ffmpeg)


def test_a_worker_without_sandbox_is_a_problem(examine: Examine, unsuited_ffmpeg: str) -> None:
    assert "problem  media     No sandbox for ffmpeg" in examine("media", ffmpeg=unsuited_ffmpeg)


def test_an_allowed_lack_of_sandbox_is_a_warning(examine: Examine, unsuited_ffmpeg: str) -> None:
    said = examine("media", ffmpeg=unsuited_ffmpeg, allow_unsandboxed=True)

    assert "WITHOUT a sandbox" in said and "warning  media" in said


def test_landlock_in_the_place_of_bubblewrap_is_told(examine: Examine) -> None:
    said = examine("media", bwrap="/bin/false")

    assert "ok       media     ffmpeg" in said
    assert "in Landlock (version" in said and "and a filter of system calls: no network" in said


def test_without_mail_server_links_are_shown(examine: Examine) -> None:
    assert "ok       mail      No SMTP_HOST" in examine("mail")


def test_a_mail_server_is_knocked_at(examine: Examine) -> None:
    port = ports.choose()
    server = Controller(Sink(), hostname="127.0.0.1", port=port)
    server.start()

    said = examine("mail", smtp_host="127.0.0.1", smtp_port=port, smtp_tls="none", mail_from="a@b.example")
    server.stop()

    assert said.startswith(f"ok       mail      127.0.0.1:{port} takes letters from us.")


def test_a_mail_server_without_encryption_is_a_problem(examine: Examine) -> None:
    port = ports.choose()
    server = Controller(Sink(), hostname="127.0.0.1", port=port)
    server.start()

    said = examine("mail", smtp_host="127.0.0.1", smtp_port=port, smtp_tls="starttls")
    server.stop()

    assert "STARTTLS extension not supported" in said


def test_a_mail_server_that_is_away_is_a_problem(examine: Examine) -> None:
    assert "refuses: [Errno 111]" in examine("mail", smtp_host="127.0.0.1", smtp_port=ports.choose())


@pytest.mark.parametrize("key", ["", "short", "change-me-change-me-change-me-change-me", "a" * 64])
def test_a_secret_key_that_can_be_guessed_is_a_problem(examine: Examine, key: str) -> None:
    assert "problem  settings  SECRET_KEY" in examine("settings", secret_key=SecretStr(key))


def test_plain_http_on_a_real_address_is_a_warning(examine: Examine) -> None:
    said = examine("settings", public_url="http://pitches.example.com")

    assert "warning  settings  PUBLIC_URL is plain HTTP" in said


def test_https_pages_cannot_play_from_an_http_store(examine: Examine) -> None:
    said = examine("settings", public_url="https://pitches.example.com")

    assert "problem  settings  Pages over HTTPS may not load media from http://127.0.0.1" in said
    assert "PROXY_HOPS is 0" in said


def test_a_disk_with_less_room_than_the_largest_upload_needs_is_a_warning(examine: Examine) -> None:
    assert "warning  disk" in examine("disk", max_upload_bytes=10**15)


def test_a_work_folder_that_is_not_there_is_a_problem(examine: Examine) -> None:
    assert "problem  disk      [Errno 2]" in examine("disk", work_dir="/no/such/folder")
