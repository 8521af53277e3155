"""The doors refuse to open on settings that are missing, unfit or guessable."""

import subprocess
import sys

import pytest

from pitchreview.__main__ import main
from pitchreview.config import Settings
from pitchreview.errors import Misconfigured
from pitchreview.local import ports

WHOLE = {
    "DATABASE_URL": "postgresql://ada@127.0.0.1/pitchreview",
    "S3_ENDPOINT_URL": "http://127.0.0.1:9000",
    "S3_ACCESS_KEY_ID": "key",
    "S3_SECRET_ACCESS_KEY": "hidden",
    "SECRET_KEY": "vR7-dq3Zk0mXbT9wLs2Yc8HfUa5NgEj1",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in WHOLE:
        monkeypatch.delenv(name, raising=False)


def test_whole_settings_are_taken() -> None:
    settings = Settings(**WHOLE)

    settings.require(*WHOLE)

    assert settings.weakness_of_secret_key == ""


@pytest.mark.parametrize("name", WHOLE)
def test_each_missing_setting_is_named(name: str) -> None:
    settings = Settings(**{key: value for key, value in WHOLE.items() if key != name})

    with pytest.raises(Misconfigured, match=rf"Not set: {name}\. Set it in the environment"):
        settings.require(*WHOLE)


@pytest.mark.parametrize("key", ["0123456789abcdef", "x" * 40, "please-change-me-to-something-random"])
def test_a_key_that_can_be_guessed_is_refused(key: str) -> None:
    settings = Settings(**WHOLE | {"SECRET_KEY": key})

    with pytest.raises(Misconfigured, match="SECRET_KEY is .*Make one with"):
        settings.require("SECRET_KEY")


@pytest.mark.parametrize("door", ["worker", "migrate"])
def test_a_door_without_settings_stays_shut(door: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([door]) == 1

    said = capsys.readouterr().err
    assert said.startswith("pitchreview: Not set: DATABASE_URL, S3_ENDPOINT_URL, S3_ACCESS_KEY_ID")
    assert "SECRET_KEY" not in said


def test_the_web_stays_shut_without_a_secret_key() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "pitchreview", "web"],
        env={name: value for name, value in WHOLE.items() if name != "SECRET_KEY"},
        capture_output=True,
        text=True,
    )

    assert answer.returncode == 1
    assert answer.stderr.startswith("pitchreview: Not set: SECRET_KEY.")


def test_a_value_that_does_not_fit_is_told_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WEB_PORT", "eighty")

    assert main(["migrate"]) == 1

    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "WEB_PORT: Input should be a valid integer" in said


def test_a_database_that_is_away_is_told_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    port = ports.choose()
    monkeypatch.setenv("DATABASE_URL", f"postgresql://ada:of-course@127.0.0.1:{port}/pitchreview")

    assert main(["users", "list"]) == 1

    said = capsys.readouterr().err
    assert said.startswith("pitchreview: The database does not answer: connection failed")
    assert said.count("\n") == 1 and f"port {port}" in said and "of-course" not in said
