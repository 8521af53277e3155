"""Writing scenarios."""

import re
from dataclasses import dataclass

from pitchreview import timecode
from pitchreview.errors import InvalidInput
from pitchreview.models import Scenario, Stage

MOST_MESSAGES = 12
MOST_BEATS = 12
LONGEST_TARGET_SECONDS = 3600
_BEAT = re.compile(r"^(?P<name>.+?)\s+(?P<time>\d+:\d{2})$")


@dataclass(frozen=True)
class Brief:
    """A scenario as it is typed; `beats` are lines like "Hook 0:15", `target` is like "1:30"."""

    title: str
    stage: Stage
    buyer: str
    situation: str
    prompt: str
    target: str
    key_messages: list[str]
    beats: list[str]


def write(scenario: Scenario, brief: Brief) -> None:
    """Put a brief into words; raises `InvalidInput` beside the field that does not fit."""
    if not brief.title:
        raise InvalidInput("Give the scenario a title.", field="title")
    if not brief.prompt:
        raise InvalidInput("Write what the buyer says, or what to do.", field="prompt")
    beats = [_beat(line) for line in brief.beats[:MOST_BEATS]]
    scenario.title, scenario.stage = brief.title[:200], brief.stage
    scenario.buyer, scenario.situation = brief.buyer[:200], brief.situation[:4000]
    scenario.prompt, scenario.target_seconds = brief.prompt[:4000], _seconds(brief.target, "target")
    scenario.set_key_messages([text[:300] for text in brief.key_messages[:MOST_MESSAGES]])
    scenario.set_beats(beats)


def _seconds(typed: str, field: str) -> int:
    ms = timecode.parse_ms(typed)
    if ms is None or not 5_000 <= ms <= LONGEST_TARGET_SECONDS * 1000:
        raise InvalidInput("Write a time between 0:05 and 60:00, like 1:30.", field=field)
    return ms // 1000


def _beat(line: str) -> tuple[str, int]:
    match = _BEAT.match(line)
    ms = match and timecode.parse_ms(match["time"])
    if match is None or not ms:
        raise InvalidInput(
            f"Write each part with its time, like “Hook 0:15”. This one has none: {line}", "beats"
        )
    return match["name"][:60], ms // 1000
