"""Writing scenarios and setting drills, as people type them."""

from dataclasses import replace

import pytest

from pitchreview.actions import briefing
from pitchreview.actions.briefing import Brief
from pitchreview.errors import InvalidInput
from pitchreview.models import Scenario, Stage
from tests.conftest import Cast
from tests.factories import Factory

BRIEF = Brief(
    title="We already have a vendor",
    stage=Stage.OBJECTION,
    buyer="CFO",
    situation="First call.",
    prompt="We already have a vendor.",
    target="1:30",
    key_messages=["Ask before telling", "One next step"],
    beats=["Hook 0:15", "The value, in 3 words 1:05"],
)


@pytest.fixture
def scenario(make: Factory, cast: Cast) -> Scenario:
    return make.scenario(cast.team)


def test_a_brief_is_kept_as_it_was_typed(scenario: Scenario) -> None:
    briefing.write(scenario, BRIEF)
    assert (scenario.title, scenario.target_seconds) == ("We already have a vendor", 90)
    assert [message.text for message in scenario.key_messages] == ["Ask before telling", "One next step"]
    assert [(beat.name, beat.target_seconds) for beat in scenario.beats] == [
        ("Hook", 15),
        ("The value, in 3 words", 65),
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"prompt": ""}, "prompt"),
        ({"target": ""}, "target"),
        ({"target": "soon"}, "target"),
        ({"target": "0:04"}, "target"),
        ({"target": "1:00:01"}, "target"),
        ({"target": "9" * 40}, "target"),
        ({"beats": ["Hook"]}, "beats"),
        ({"beats": ["0:15"]}, "beats"),
        ({"beats": ["Hook 0:00"]}, "beats"),
        ({"beats": ["Hook 0:99"]}, "beats"),
    ],
)
def test_what_does_not_fit_is_told_beside_its_field(
    scenario: Scenario, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        briefing.write(scenario, replace(BRIEF, **changes))
    assert refusal.value.field == field


def test_long_words_are_cut_and_long_lists_too(scenario: Scenario) -> None:
    briefing.write(
        scenario,
        replace(BRIEF, title="x" * 999, key_messages=["y" * 999] * 50, beats=[f"{'z' * 99} 0:10"] * 50),
    )
    assert len(scenario.title) == 200
    assert (len(scenario.key_messages), len(scenario.key_messages[0].text)) == (12, 300)
    assert (len(scenario.beats), len(scenario.beats[0].name)) == (12, 60)
