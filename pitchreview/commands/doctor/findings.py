"""What `doctor` has to say: each finding is one sentence and how bad it is."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Finding:
    level: Level
    text: str


def ok(text: str) -> Finding:
    return Finding(Level.OK, text)


def warning(text: str) -> Finding:
    """It works, but somebody will miss something."""
    return Finding(Level.WARNING, text)


def problem(text: str) -> Finding:
    """It does not work; the text says what to do."""
    return Finding(Level.PROBLEM, text)
