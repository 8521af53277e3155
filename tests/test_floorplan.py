"""The house keeps its floor plan: arrows run down, each outside thing has one gate."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = sorted([*(ROOT / "pitchreview").rglob("*.py"), *(ROOT / "worker").rglob("*.py")])

# A module may import from its own floor's room and from any floor below it.
FLOORS = (
    ("pitchreview.__main__",),
    ("pitchreview.web", "pitchreview.local", "pitchreview.commands", "worker"),
    ("pitchreview.actions",),
    ("pitchreview.permissions", "pitchreview.queue"),
    ("pitchreview.models", "pitchreview.store", "pitchreview.migrations"),
    ("pitchreview.db", "pitchreview.mail", "pitchreview.logs"),
    ("pitchreview.errors", "pitchreview.timecode", "pitchreview.config"),
)
# Doors never import each other; inside one they may do as they like.
APART = ("pitchreview.web", "pitchreview.local", "pitchreview.commands", "worker")

GATES = {
    "flask": ("pitchreview.web",),
    "flask_login": ("pitchreview.web",),
    "boto3": ("pitchreview.store",),
    "botocore": ("pitchreview.store",),
    "ffmpeg": ("worker.media",),
    "smtplib": ("pitchreview.mail",),
    "subprocess": ("worker.media", "pitchreview.local", "pitchreview.commands.doctor"),
    "procrastinate": ("pitchreview.queue", "worker"),
    "gevent": ("pitchreview.web", "pitchreview.__main__"),
}


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def lies_in(module: str, room: str) -> bool:
    return module == room or module.startswith(room + ".")


def floor_of(module: str) -> int | None:
    return next(
        (number for number, rooms in enumerate(FLOORS) if any(lies_in(module, room) for room in rooms)), None
    )


@pytest.mark.parametrize("path", ROOMS, ids=name_of)
def test_no_arrow_runs_upward(path: Path) -> None:
    module = name_of(path)
    own = floor_of(module)
    if module == "pitchreview":
        own = len(FLOORS)
    assert own is not None, f"{module} stands on no floor"
    for imported in imports_in(path):
        target = floor_of(imported)
        assert target is None or target >= own, f"{module} imports {imported}, which is above it"


@pytest.mark.parametrize("path", ROOMS, ids=name_of)
def test_doors_do_not_know_each_other(path: Path) -> None:
    module = name_of(path)
    own = next((room for room in APART if lies_in(module, room)), None)
    if own is None:
        return
    for imported in imports_in(path):
        other = next((room for room in APART if lies_in(imported, room)), None)
        assert other in (None, own), f"{module} imports {imported}"


@pytest.mark.parametrize("path", ROOMS, ids=name_of)
def test_each_outside_thing_has_one_gate(path: Path) -> None:
    module = name_of(path)
    for imported in imports_in(path):
        gates = GATES.get(imported.split(".")[0])
        if gates is not None:
            assert any(lies_in(module, gate) for gate in gates), f"{module} imports {imported}"


@pytest.mark.parametrize("path", ROOMS, ids=name_of)
def test_only_config_reads_the_environment(path: Path) -> None:
    if name_of(path) == "pitchreview.config":
        return
    text = path.read_text(encoding="utf-8")
    assert "os.environ" not in text and "getenv" not in text


@pytest.mark.parametrize("path", ROOMS, ids=name_of)
def test_rooms_do_not_commit(path: Path) -> None:
    module = name_of(path)
    if any(lies_in(module, room) for room in ("pitchreview.actions", "pitchreview.models")):
        assert ".commit()" not in path.read_text(encoding="utf-8"), "doors commit, rooms do not"


def test_in_models_a_child_imports_its_parent() -> None:
    roll = (
        "user team tag message recording rubric scenario drill pitch take standard assignment"
        " self_assessment beat_start request review exemplar listing comment example commitment objection"
        " rhythm suggestion phrase draft visit notification collection learning audit rate"
    )
    order = roll.split(" ")
    for path in (ROOT / "pitchreview" / "models").glob("*.py"):
        if path.stem == "__init__":
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pitchreview.models."):
                parent = node.module.removeprefix("pitchreview.models.")
                assert order.index(parent) < order.index(path.stem), f"{path.stem} imports {parent}"
