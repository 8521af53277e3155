"""A drawing on the frame comes back as it was drawn, and nothing else is taken for one."""

import html
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from pitchreview.errors import InvalidInput
from pitchreview.models import Comment, Take
from pitchreview.models.comment import MOST_POINTS, MOST_STROKES, clean_drawing
from tests.conftest import Cast
from tests.factories import Factory
from tests.web.test_comments import OURS, ClientOf

PLACES = st.lists(st.floats(0, 1), min_size=2, max_size=2)
PENS = st.fixed_dictionaries({"tool": st.just("pen"), "points": st.lists(PLACES, min_size=2, max_size=9)})
SHAPES = st.fixed_dictionaries(
    {"tool": st.sampled_from(["arrow", "box"]), "points": st.lists(PLACES, min_size=2, max_size=2)}
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["tool", "points"]), inner),
    max_leaves=8,
)


def box(*points: Any) -> dict[str, Any]:
    return {"tool": "box", "points": list(points)}


@given(st.lists(PENS | SHAPES, min_size=1, max_size=5))
def test_what_was_drawn_is_kept_to_a_ten_thousandth(drawing: list[dict[str, Any]]) -> None:
    kept = clean_drawing(drawing)
    assert kept is not None
    assert [stroke["tool"] for stroke in kept] == [stroke["tool"] for stroke in drawing]
    for drawn, stroke in zip(drawing, kept, strict=True):
        places = zip(sum(drawn["points"], []), sum(stroke["points"], []), strict=True)
        assert all(place == pytest.approx(kept_place, abs=0.00005001) for place, kept_place in places)
    assert clean_drawing(kept) == kept


@given(JSON)
def test_anything_else_is_refused_and_never_breaks(sent: Any) -> None:
    try:
        kept = clean_drawing(sent)
        assert kept is None or kept == clean_drawing(kept)
    except InvalidInput as error:
        assert error.field == "drawing"


@pytest.mark.parametrize(
    "drawing",
    [
        [box([0, 0], [1.01, 1])],
        [box([0, 0], [-0.01, 1])],
        [box([0, 0], [float("nan"), 1])],
        [box([0, 0], [float("inf"), 1])],
        [box([0, 0], [True, 1])],
        [box([0, 0], ["1", 1])],
        [box([0, 0])],
        [box([0, 0], [1, 1], [0, 1])],
        [{"tool": "stamp", "points": [[0, 0], [1, 1]]}],
        [box([0, 0], [1, 1])] * (MOST_STROKES + 1),
        [{"tool": "pen", "points": [[0, 0]] * (MOST_POINTS // 2 + 1)}] * 2,
    ],
)
def test_a_drawing_that_does_not_fit_is_refused(drawing: list[Any]) -> None:
    with pytest.raises(InvalidInput):
        clean_drawing(drawing)


@pytest.fixture
def take(make: Factory, cast: Cast) -> Take:
    take = make.take(cast.ada, make.scenario(cast.team))
    make.session.commit()
    return take


def test_a_drawing_comes_back_with_its_comment(
    client_of: ClientOf, cast: Cast, session: Session, take: Take
) -> None:
    drawing = [box([0.1, 0.2], [0.5, 0.75])]
    data = {"body": "Look here.", "at_ms": "1000", "drawing": json.dumps(drawing)}
    answer = client_of(cast.cole).post(f"/takes/{take.id}/comments", data=data, headers=OURS)
    assert answer.status_code == 201
    (carried,) = re.findall(r'data-drawing="([^"]*)"', answer.text)
    assert json.loads(html.unescape(carried)) == drawing == session.query(Comment).one().drawing


@pytest.mark.parametrize("sent", ["[[", "[" * 150_000, '[{"tool": "<b>"}]', "7" * 5000])
def test_a_broken_drawing_loses_no_words(client_of: ClientOf, cast: Cast, take: Take, sent: str) -> None:
    data = {"body": "Look here.", "at_ms": "1000", "drawing": sent}
    headers = {**OURS, "Accept": "application/json"}
    answer = client_of(cast.cole).post(f"/takes/{take.id}/comments", data=data, headers=headers)
    assert answer.status_code == 400
    assert answer.json is not None and answer.json["error"]["field"] == "drawing"
