"""`pitchreview up`, with real parts and stand-ins for web and worker."""

import contextlib
import http.client
import json
import signal
import socket
import stat
import time
from pathlib import Path

import psutil
import psycopg
import pytest

from pitchreview.config import Settings
from pitchreview.errors import PitchReviewError
from pitchreview.local import objectstore, ports, postgres
from pitchreview.local.console import Console
from pitchreview.local.processes import is_gone
from pitchreview.store import ObjectStore
from tests.local.conftest import StartUp
from tests.local.running import READY, Up, eventually


@pytest.fixture
def elsewhere(database: postgres.Server, object_server: objectstore.Server) -> dict[str, str]:
    """Both parts, configured by the environment."""
    return {
        "DATABASE_URL": database.url,
        "S3_ENDPOINT_URL": object_server.endpoint_url,
        "S3_ACCESS_KEY_ID": object_server.access_key,
        "S3_SECRET_ACCESS_KEY": object_server.secret_key,
    }


def note(up: Up, text: str) -> None:
    """Write a row and an object."""
    with psycopg.connect(up.parts()["DATABASE_URL"]) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS notes (text text)")
        connection.execute("INSERT INTO notes VALUES (%s)", [text])
    store_of(up).put_bytes(text.encode(), f"notes/{text}", "text/plain")


def has_notes(up: Up, expected: set[str]) -> bool:
    """Are these the rows and the objects? False as well while a part is away."""
    try:
        with psycopg.connect(up.parts()["DATABASE_URL"]) as connection:
            rows = {text for (text,) in connection.execute("SELECT text FROM notes")}
        objects = {found.key.removeprefix("notes/") for found in store_of(up).list_objects("notes/")}
    except (psycopg.OperationalError, PitchReviewError):
        return False
    return rows == objects == expected


def store_of(up: Up) -> ObjectStore:
    told = {name: value for name, value in up.parts().items() if name.startswith("S3_")}
    store = ObjectStore(Settings.model_validate(told))
    store.prepare_bucket(["*"])
    return store


def test_everything_it_keeps_is_private(house: Up) -> None:
    secrets = json.loads((house.data / "secrets.json").read_text()).values()

    assert stat.S_IMODE(house.data.stat().st_mode) == 0o700
    for name in ("secrets.json", "environment.json"):
        assert stat.S_IMODE((house.data / name).stat().st_mode) == 0o600
    commands = " ".join(word for child in house.family() for word in child.cmdline())
    assert not any(secret in commands or secret in house.output for secret in secrets)


def test_nothing_is_open_to_other_machines(house: Up) -> None:
    assert open_to_others(house) == set()
    assert house.told()["S3_CORS_ORIGINS"] == f"http://127.0.0.1:{house.port},http://localhost:{house.port}"


def test_the_banner_tells_where_and_who(house: Up) -> None:
    assert f"    http://127.0.0.1:{house.port}\n" in house.output
    assert "ada@harbor.example       rep" in house.output


def test_killed_parts_start_again_where_they_were(house: Up) -> None:
    note(house, "before")
    told = house.told()

    for words in ("bin/postgres", "weed"):
        house.child(words).kill()
    house.wait_for("database ended (killed by SIGKILL")
    house.wait_for("objects ended (killed by SIGKILL")

    assert eventually(lambda: has_notes(house, {"before"}))
    assert house.told() == told


def test_it_stops_in_order_and_comes_back_without_a_second_demo_team(start_up: StartUp) -> None:
    first = start_up()
    first.wait_for(READY)
    assert "the demo team moves in" in first.output
    family = first.family()

    asked_at = time.monotonic()
    first.process.send_signal(signal.SIGINT)

    assert first.finish() == 0
    assert time.monotonic() - asked_at < 10
    assert first.output.endswith("Stopped.")
    assert all(is_gone(process) for process in family)
    assert not (first.data / "environment.json").exists()
    second = start_up()
    second.wait_for(READY)
    assert "the demo team moves in" not in second.output
    assert "ada@harbor.example" in second.output


def test_nothing_is_left_or_lost_after_kill_9(start_up: StartUp) -> None:
    first = start_up()
    first.wait_for(READY)
    note(first, "first")
    family = first.family()

    first.process.kill()  # the supervisor alone
    first.finish()

    assert eventually(lambda: all(is_gone(process) for process in family), 10)
    second = start_up()
    second.wait_for(READY)
    assert has_notes(second, {"first"})
    note(second, "second")

    for process in [psutil.Process(second.process.pid), *second.family()]:  # and now everybody at once
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    second.finish()

    third = start_up()
    third.wait_for(READY)
    assert has_notes(third, {"first", "second"})


def test_where_nobody_has_an_account_the_first_person_gets_a_link(
    start_up: StartUp, elsewhere: dict[str, str]
) -> None:
    up = start_up(environ=elsewhere)
    up.wait_for(READY)

    assert "the demo team moves in" not in up.output  # never into a database that is not ours
    assert "Nobody has an account yet" in up.output
    assert up.output.count("http://127.0.0.1/welcome/first") == 1


def test_a_second_up_on_the_same_folder_is_refused(start_up: StartUp, elsewhere: dict[str, str]) -> None:
    first = start_up(environ=elsewhere)
    first.wait_for(READY)

    second = start_up(environ=elsewhere)

    assert second.finish() == 1
    assert second.output == (
        f"PitchReview is already running on the data folder {first.data} at http://127.0.0.1:{first.port}."
    )
    assert first.process.poll() is None


def test_parts_that_the_environment_names_are_not_started(
    start_up: StartUp, elsewhere: dict[str, str]
) -> None:
    up = start_up(environ=elsewhere | {"LOG_FORMAT": "json"})
    up.wait_for(READY)

    assert {process.name() for process in up.family()}.isdisjoint({"postgres", "weed", "bwrap"})
    assert up.told()["DATABASE_URL"] == elsewhere["DATABASE_URL"]
    assert up.told()["LOG_FORMAT"] == "json"


def test_a_program_that_is_killed_starts_again_and_the_reason_is_shown(
    start_up: StartUp, elsewhere: dict[str, str]
) -> None:
    up = start_up(environ=elsewhere)
    up.wait_for(READY)
    # The site is ready as soon as its pages are; the worker may say its first words later.
    up.wait_for("the worker is at work")

    up.child("stubs.py worker").kill()

    up.wait_for("worker ended (killed by SIGKILL: the worker is at work); it starts again in 0.5 s.")
    assert eventually(lambda: any("stubs.py worker" in " ".join(p.cmdline()) for p in up.family()))


def test_a_program_that_cannot_live_is_tried_with_growing_pauses(
    start_up: StartUp, elsewhere: dict[str, str]
) -> None:
    up = start_up(environ=elsewhere, acts={"worker": "failing"})
    up.wait_for("worker ended (exit code 1: no camera today); it starts again in 0.5 s.")
    up.wait_for("it starts again in 1 s.")
    up.wait_for("it starts again in 2 s.")


def test_a_failed_migration_ends_the_start(start_up: StartUp, elsewhere: dict[str, str]) -> None:
    up = start_up(environ=elsewhere, acts={"migrate": "failing"})

    assert up.finish() == 1
    assert up.output.endswith("`pitchreview migrate` failed (exit code 1: no camera today).")


def test_what_outlived_a_killed_supervisor_is_ended_by_the_next_start(
    start_up: StartUp, elsewhere: dict[str, str]
) -> None:
    first = start_up(environ=elsewhere, acts={"worker": "orphaning"})
    first.wait_for("the orphan is")
    orphan = psutil.Process(int(first.output.partition("the orphan is ")[2].split()[0]))
    first.process.kill()
    first.finish()
    assert not is_gone(orphan)

    second = start_up(environ=elsewhere)
    second.wait_for(READY)

    assert is_gone(orphan)


@pytest.mark.campaign
def test_a_program_that_will_not_go_is_killed_in_time(start_up: StartUp) -> None:
    up = start_up(acts={"worker": "stubborn"})
    up.wait_for("the worker will not go")
    up.wait_for(READY)
    family = up.family()

    asked_at = time.monotonic()
    up.process.terminate()

    assert up.finish() == 0
    assert time.monotonic() - asked_at < 10
    assert all(is_gone(process) for process in family)


def test_a_port_that_was_asked_for_and_is_taken_is_refused(
    start_up: StartUp, elsewhere: dict[str, str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        up = start_up(environ=elsewhere, port=port)

        assert up.finish() == 1
    assert up.output == f"Port {port} is taken by another program; choose another one with --port."


def test_without_a_wish_a_free_port_is_taken_and_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert not ports.is_free(port)
        other = ports.keep(tmp_path / "ports.json", "web", "127.0.0.1")

    assert other != port
    assert ports.keep(tmp_path / "ports.json", "web", "127.0.0.1") == other


def test_with_a_host_other_machines_reach_the_web_and_the_object_store_and_nothing_else(
    start_up: StartUp,
) -> None:
    up = start_up(host="0.0.0.0")
    up.wait_for(READY)
    told = up.told()
    assert told["S3_PUBLIC_URL"].startswith("http://{host}:")
    assert told["S3_CORS_ORIGINS"] == "*"

    relay_port = int(told["S3_PUBLIC_URL"].rpartition(":")[2])
    assert open_to_others(up) == {up.port, relay_port}
    connection = http.client.HTTPConnection("127.0.0.1", relay_port, timeout=10)
    connection.request("GET", "/")
    assert connection.getresponse().status == 403  # the object store's own refusal
    connection.close()


def open_to_others(up: Up) -> set[int]:
    """Ports on which anybody but this machine itself is served."""
    listening = [
        connection
        for process in [*up.family(), psutil.Process(up.process.pid)]
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    return {found.laddr.port for found in listening if found.laddr.ip != "127.0.0.1"}


class Screen:
    """A terminal, or not."""

    def __init__(self, is_terminal: bool) -> None:
        self._is_terminal = is_terminal
        self.text = ""

    def isatty(self) -> bool:
        return self._is_terminal

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None:
        pass


@pytest.mark.parametrize(
    ("is_terminal", "plain", "coloured"), [(True, False, True), (True, True, False), (False, False, False)]
)
def test_colours_are_for_terminals_that_want_them(is_terminal: bool, plain: bool, coloured: bool) -> None:
    screen = Screen(is_terminal)
    Console(screen, plain=plain).line("web", "hello")  # type: ignore[arg-type]

    assert ("\x1b[" in screen.text) is coloured
    assert "web" in screen.text and "| hello" in screen.text
