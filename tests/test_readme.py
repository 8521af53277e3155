"""README.md and CONTRIBUTING.md say what is so."""

import re
from pathlib import Path

import pytest

from pitchreview.__main__ import COMMANDS
from pitchreview.local import sign_ins
from tools import settings_table

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()
DOCUMENTS = (README, CONTRIBUTING)


def test_the_table_of_settings_is_that_of_the_code() -> None:
    assert settings_table.with_table(README) == README, "run `make settings-table`"
    assert f"| `SECRET_KEY` |  | {settings_table.Settings.model_fields['secret_key'].description} |" in README


@pytest.mark.parametrize("text", DOCUMENTS, ids=["README", "CONTRIBUTING"])
def test_every_make_target_that_is_named_exists(text: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    benches = (path.stem.replace("_", "-") for path in (ROOT / "bench").glob("*.py"))
    targets |= {f"bench-{name}" for name in benches}  # by the pattern rule
    named = set(re.findall(r"(?:`|^)make ([a-z-]+)", text, re.MULTILINE))

    assert named and named <= targets


def test_every_command_that_is_named_exists() -> None:
    named = set(re.findall(r"(?:`|^)pitchreview ([a-z]+)", README, re.MULTILINE))

    assert {"up", "web", "worker", "migrate", "doctor"} <= named <= set(COMMANDS)


@pytest.mark.parametrize("text", DOCUMENTS, ids=["README", "CONTRIBUTING"])
def test_every_file_that_is_named_exists(text: str) -> None:
    named = re.findall(r"`((?:pitchreview|worker|templates|static|tests|tools|docker)/[\w./-]+)`", text)

    assert named and [name for name in named if not (ROOT / name).exists() and name != "static/dist"] == []


def test_the_floor_plan_names_rooms_that_exist() -> None:
    plan = README.split("```text\n")[1].split("```")[0]
    folders: list[str] = []
    for line in plan.splitlines():
        match = re.match(r"( *)([\w./]+)", line)
        assert match
        depth = len(match[1]) // 2
        folders[depth:] = [match[2]]
        assert (ROOT / "/".join(folders)).exists(), line
    assert "web/" in plan and "worker/" in plan


def test_the_demo_sign_ins_are_those_of_the_demo_team() -> None:
    for email, role in sign_ins.sign_ins():
        assert f"| `{email}` | {role} |" in README
    assert f"`{sign_ins.DEMO_PASSWORD}`" in README


def test_its_pictures_are_there_and_light() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)|(?:src|srcset)=\"([^\"]+\.png)\"", README)

    assert pictures
    for markdown, html in pictures:
        assert (ROOT / (markdown or html)).stat().st_size <= 400_000
