"""The embedded PostgreSQL."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from pitchreview.local import postgres, tools
from pitchreview.local.processes import is_gone
from tests.local.running import eventually

Start = Callable[..., postgres.Server]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started: list[postgres.Server] = []

    def start(folder: Path = tmp_path / "data") -> postgres.Server:
        started.append(postgres.start(folder, durable=False))
        return started[-1]

    yield start
    for server in started:
        server.stop()


def write(server: postgres.Server, text: str) -> None:
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS notes (text text)")
        connection.execute("INSERT INTO notes VALUES (%s)", [text])


def read(server: postgres.Server) -> list[str]:
    with psycopg.connect(server.url) as connection:
        return [text for (text,) in connection.execute("SELECT text FROM notes")]


def family(server: postgres.Server) -> list[psutil.Process]:
    wrapper = psutil.Process(server.process.pid)
    return [wrapper, *wrapper.children(recursive=True)]


def kill(processes: list[psutil.Process]) -> None:
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):  # it went with the one before
            process.kill()


def connections(process: psutil.Process) -> list[object]:
    with contextlib.suppress(psutil.NoSuchProcess):  # a passing helper of PostgreSQL
        return list(process.net_connections("inet"))
    return []


def test_it_keeps_what_was_written_over_a_stop(start: Start) -> None:
    first = start()
    write(first, "kept")
    processes = family(first)

    first.stop()

    assert all(is_gone(process) for process in processes)
    assert read(start()) == ["kept"]


def test_it_keeps_what_was_written_over_kill_9_of_every_process(start: Start) -> None:
    first = start()
    write(first, "kept")
    kill(family(first))
    first.process.wait()

    assert read(start()) == ["kept"]


def test_a_server_that_outlived_its_supervisor_is_ended_first(start: Start) -> None:
    forgotten = start()
    write(forgotten, "kept")
    processes = family(forgotten)

    second = start()

    assert all(is_gone(process) for process in processes)
    assert read(second) == ["kept"]


def test_a_lock_file_that_names_somebody_else_by_now_stops_nobody(start: Start, tmp_path: Path) -> None:
    first = start()
    lock = tmp_path / "data" / "postgres" / "postmaster.pid"
    lines = lock.read_text().splitlines()
    kill(family(first))
    first.process.wait()
    with subprocess.Popen(["sleep", "60"]) as somebody:
        lock.write_text("\n".join([str(somebody.pid), *lines[1:]]) + "\n")

        assert start().is_ready()

        assert somebody.poll() is None
        somebody.kill()


def test_a_creation_that_was_broken_off_is_begun_anew(start: Start, tmp_path: Path) -> None:
    (tmp_path / "data" / ".initdb-broken" / "cluster").mkdir(parents=True)

    assert start().is_ready()

    assert not (tmp_path / "data" / ".initdb-broken").exists()


def test_it_listens_on_a_private_socket_and_on_no_port(start: Start, tmp_path: Path) -> None:
    server = start()

    assert [connections(process) for process in family(server) if connections(process)] == []
    assert (tmp_path / "data" / "socket").stat().st_mode & 0o777 == 0o700


def test_a_data_folder_may_lie_deep(start: Start, tmp_path: Path) -> None:
    server = start(tmp_path / ("deep" * 30) / "data")
    write(server, "kept")

    assert read(server) == ["kept"]


@pytest.mark.parametrize("role", [postgres.ROLE, postgres.SUPERUSER])
def test_nobody_gets_in_without_the_password(database: postgres.Server, role: str) -> None:
    host = psycopg.conninfo.conninfo_to_dict(database.url)["host"]
    for password in ("", "guessed"):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(host=host, user=role, password=password, dbname=postgres.DATABASE)


def test_the_application_is_no_superuser(database: postgres.Server) -> None:
    with psycopg.connect(database.url) as connection:
        assert connection.execute("SELECT usesuper FROM pg_user WHERE usename = current_user").fetchone() == (
            False,
        )
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("COPY (SELECT 1) TO PROGRAM 'true'")


def test_its_log_knows_no_password(start: Start, tmp_path: Path) -> None:
    start()
    kept = json.loads((tmp_path / "data" / "secrets.json").read_text()).values()
    log = (tmp_path / "data" / "logs" / "postgres.log").read_text()

    assert "ready to accept connections" in log
    assert not any(secret in log for secret in kept)


def test_it_dies_with_whoever_started_it(tmp_path: Path) -> None:
    program = (
        "import pathlib, time; from pitchreview.local import postgres; "
        f"server = postgres.start(pathlib.Path({str(tmp_path)!r}), durable=False); "
        "print(server.process.pid, flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as starter:
        assert starter.stdout is not None
        wrapper = psutil.Process(int(starter.stdout.readline()))
        processes = [wrapper, *wrapper.children(recursive=True)]
        starter.kill()

    assert eventually(lambda: all(is_gone(process) for process in processes), 15)


def test_an_ordinary_person_runs_it_as_well(tmp_path: Path) -> None:
    """As root this looks from inside a namespace, where root's files belong to an ordinary account."""
    program = (
        "import os, pathlib, psycopg; from pitchreview.local import postgres; "
        f"server = postgres.start(pathlib.Path({str(tmp_path)!r}), durable=False); "
        "row = psycopg.connect(server.url).execute('SELECT 41 + 1').fetchone(); "
        "server.stop(); print(os.geteuid(), row[0])"
    )
    namespace = ("--unshare-user", "--uid", "1000", "--gid", "1000", "--dev-bind", "/", "/", "--")
    prefix = [str(tools.bwrap()), *namespace] if os.geteuid() == 0 else []

    answer = subprocess.run(
        [*prefix, sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    uid, found = answer.stdout.split()
    assert uid != "0" and found == "42"


def test_where_namespaces_are_forbidden_a_closed_folder_is_named(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    (closed / "data").mkdir(parents=True)
    closed.chmod(0o700)

    with pytest.raises(postgres.PostgresFailed, match="`nobody` may not enter"):
        postgres._check_reachable(postgres.Account(user=65534), closed / "data")


def test_somebody_elses_folder_is_not_used_for_the_socket(tmp_path: Path) -> None:
    (tmp_path / "socket").symlink_to("/")

    with pytest.raises(postgres.PostgresFailed, match="belongs to another account"):
        postgres._socket_folder(tmp_path, postgres.Account())


def test_it_stops_quickly_while_somebody_is_connected(start: Start) -> None:
    server = start()
    with psycopg.connect(server.url) as connection:
        connection.execute("SELECT 1")
        server.stop()

        assert server.process.returncode is not None
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
