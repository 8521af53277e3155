"""What the studio is told before somebody records a take."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, template_rendered
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from pitchreview.config import GIBIBYTE
from pitchreview.models import ConsentState, RecordingState, User
from tests.conftest import Cast
from tests.factories import Factory

ClientOf = Callable[[User | None], FlaskClient]


@pytest.fixture
def told(app: Flask) -> Iterator[dict[str, Any]]:
    """What the page that was asked for last was drawn from."""
    found: dict[str, Any] = {}

    def note(_app: Flask, context: dict[str, Any], **_: Any) -> None:
        found.update(context)

    with template_rendered.connected_to(note, app):
        yield found


def test_a_first_take_is_recorded_with_all_the_room_there_is(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, told: dict[str, Any]
) -> None:
    scenario = make.scenario(cast.team)
    session.commit()
    assert client_of(cast.ada).get(f"/scenarios/{scenario.id}/studio").status_code == 200
    assert told["scenario"].id == scenario.id
    assert (told["drill"], told["exemplars"]) == (None, [])
    assert told["limits"] == {
        "max_bytes": 5 * GIBIBYTE,
        "max_seconds": 10_800,
        "hard_limit_seconds": None,
        "quota_left_bytes": 20 * GIBIBYTE,
    }


def test_the_drill_and_three_models_are_at_hand(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, told: dict[str, Any]
) -> None:
    scenario = make.scenario(cast.team)
    drill = make.drill(scenario, cast.mona, limit_seconds=120)
    for _ in range(4):
        make.exemplar(make.take(cast.jonas, scenario), cast.mona)
    asked = make.exemplar(make.take(cast.jonas, scenario), cast.mona, consent=ConsentState.ASKED)
    make.take(cast.ada, scenario, submitted=False)
    make.take(cast.ada, scenario, submitted=False, state=RecordingState.AWAITING_UPLOAD)
    session.commit()
    assert client_of(cast.ada).get(f"/scenarios/{scenario.id}/studio").status_code == 200
    assert told["drill"].id == drill.id
    assert len(told["exemplars"]) == 3
    assert asked.id not in {exemplar.id for exemplar in told["exemplars"]}
    assert told["limits"]["hard_limit_seconds"] == 120
    assert told["limits"]["quota_left_bytes"] == 20 * GIBIBYTE - 2 * 20_000_000
