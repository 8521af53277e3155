"""Writing scenarios."""

import re
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from pitchreview import timecode
from pitchreview.errors import InvalidInput
from pitchreview.models import Message, Scenario, ScenarioMessage, Stage, User
from pitchreview.permissions import messages_visible_to

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


def use_cards(session: Session, scenario: Scenario, viewer: User, message_ids: list[UUID]) -> None:
    """The cards that are to be said, in this order. One that is new here was looked at just now."""
    query = messages_visible_to(viewer).where(
        Message.id.in_(message_ids), Message.team_id == scenario.team_id
    )
    messages = {message.id: message for message in session.scalars(query)}
    known = {card.message_id: card for card in scenario.cards}
    cards = []
    for position, message_id in enumerate(dict.fromkeys(message_ids)):
        if message_id not in messages:
            raise InvalidInput("Choose messages of this team.", field="messages")
        message = messages[message_id]
        card = known.get(message_id) or ScenarioMessage(message=message, seen_version=message.version)
        card.position = position
        cards.append(card)
    scenario.cards = cards


def check_cards(scenario: Scenario) -> None:
    """Somebody looked: changed cards are taken as they read now, retired ones leave."""
    scenario.cards = [card for card in scenario.cards if card.message.retired_at is None]
    for card in scenario.cards:
        card.seen_version = card.message.version


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
