"""The form of a scenario: what it offers, what was typed, and what a ready-made situation puts into it."""

from typing import Any
from uuid import UUID

from pitchreview import timecode
from pitchreview.actions import anchoring, briefing, exemplifying, messages, prompting, rubrics
from pitchreview.actions.ready_rubrics import READY_RUBRICS
from pitchreview.actions.ready_scenarios import ReadyScenario
from pitchreview.models import Scenario, Stage
from pitchreview.web import find, forms
from pitchreview.web.context import db, viewer


def offered(team_id: UUID, scenario: Scenario | None = None) -> dict[str, Any]:
    """What can be chosen; a card or a rubric that was put away stays on offer where it is used."""
    used = {card.message_id for card in scenario.cards} if scenario else set()
    cards = messages.of_team(db(), viewer(), team_id)
    return {
        "scenario": scenario,
        "stages": list(Stage),
        "rubrics": rubrics.choices(db(), team_id, scenario.rubric if scenario else None),
        "cards": [card for card in cards if card.retired_at is None or card.id in used],
        "offered": anchoring.offered(db(), viewer(), team_id),
        "example": exemplifying.chosen(db(), scenario) if scenario else None,
    }


def typed() -> briefing.Brief:
    return briefing.Brief(
        title=forms.text("title"),
        stage=forms.choice("stage", Stage),
        buyer=forms.text("buyer"),
        situation=forms.text("situation"),
        prompt=forms.text("prompt"),
        target=forms.text("target"),
        key_messages=forms.lines("key_messages"),
        beats=forms.lines("beats"),
    )


def take_along(scenario: Scenario) -> None:
    """Rubric, cards, the recorded prompt and the example, as the form names them."""
    scenario.rubric = rubrics.chosen(db(), scenario.team_id, forms.text("rubric"), scenario.rubric)
    briefing.use_cards(db(), scenario, viewer(), forms.ids("message"))
    recording_id = forms.one_id("recording_id")
    if recording_id is not None:
        prompting.record(db(), scenario, viewer(), recording_id)
    elif forms.text("without_recording"):
        prompting.take_away(db(), scenario)
    example_id = forms.one_id("example")
    example = find.exemplar(example_id) if example_id else None
    exemplifying.choose(db(), scenario, example, shown_after=forms.text("example_shown") == "after")


def values_of(scenario: Scenario) -> dict[str, Any]:
    example = exemplifying.chosen(db(), scenario)
    return {
        "title": scenario.title,
        "stage": scenario.stage.value,
        "buyer": scenario.buyer,
        "situation": scenario.situation,
        "prompt": scenario.prompt,
        "target": timecode.format_ms(scenario.target_seconds * 1000),
        "key_messages": "\n".join(message.text for message in scenario.key_messages),
        "beats": _lines([(beat.name, beat.target_seconds) for beat in scenario.beats]),
        "rubric": str(scenario.rubric_id or ""),
        "message": [str(card.message_id) for card in scenario.cards],
        "example": str(example.exemplar_id) if example else "",
        "example_shown": "after" if example and example.is_shown_after else "before",
    }


def blank_values(offered: dict[str, Any]) -> dict[str, Any]:
    return {"target": "1:30", "rubric": offered["rubrics"][0].value}


def ready_values(ready: ReadyScenario, offered: dict[str, Any]) -> dict[str, Any]:
    """A ready-made situation; its rubric is the team's own copy where there is one."""
    name = next(rubric.name for rubric in READY_RUBRICS if rubric.key == ready.rubric)
    own = next((choice.value for choice in offered["rubrics"] if choice.name == name), ready.rubric)
    return {
        "title": ready.title,
        "stage": ready.stage.value,
        "buyer": ready.buyer,
        "situation": ready.situation,
        "prompt": ready.prompt,
        "target": timecode.format_ms(ready.target_seconds * 1000),
        "key_messages": "\n".join(ready.key_messages),
        "beats": _lines(list(ready.beats)),
        "rubric": own,
    }


def _lines(beats: list[tuple[str, int]]) -> str:
    return "\n".join(f"{name} {timecode.format_ms(seconds * 1000)}" for name, seconds in beats)
