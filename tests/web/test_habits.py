"""How a person likes to work is kept with the account, and only what is known is kept."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.conftest import Cast
from tests.web.test_comments import ClientOf


def test_habits_come_together_and_go_one_by_one(client_of: ClientOf, cast: Cast, session: Session) -> None:
    cole = client_of(cast.cole)
    for sent in ({"speed": 1.5, "pauses": False}, {"keys": {"comment": "w"}}, {"speed": None}):
        assert cole.post("/account/habits", json=sent).status_code == 204
    session.refresh(cast.cole)
    assert cast.cole.habits == {"pauses": False, "keys": {"comment": "w"}}


@pytest.mark.parametrize(
    "sent",
    [
        {"speed": 3},
        {"speed": "1"},
        {"speed": float("nan")},
        {"volume": True},
        {"pauses": 1},
        {"keys": {"comment": ""}},
        {"keys": {"comment": "w" * 25}},
        {"keys": {f"act{i}": "w" for i in range(61)}},
        {"keys": ["w"]},
        {"colour": "red"},
        {"x" * 5000: 1},
    ],
)
def test_what_is_no_habit_is_refused(
    client_of: ClientOf, cast: Cast, session: Session, sent: dict[str, Any]
) -> None:
    answer = client_of(cast.cole).post("/account/habits", json={"captions": True, **sent})
    assert answer.status_code == 400
    session.refresh(cast.cole)
    assert cast.cole.habits == {}
