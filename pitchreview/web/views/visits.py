"""An open page of a take tells that it is open and what was watched, and hears who else is here."""

from typing import Any
from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from pitchreview.actions import visiting
from pitchreview.actions.visiting import Span
from pitchreview.errors import InvalidInput
from pitchreview.models import User
from pitchreview.web import find, forms
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer
from pitchreview.web.filters import hue, initials
from pitchreview.web.pages import waiting

bp = Blueprint("visits", __name__)


@bp.post("/takes/<uuid:take_id>/visit")
@login_required
def update(take_id: UUID) -> ResponseReturnValue:
    take, told = find.take(take_id), forms.json_object()
    is_open = told.get("is_open") is not False
    visit = visiting.look_in(db(), take, viewer(), watched=_spans(told.get("watched", [])), is_open=is_open)
    others = visiting.others_here(db(), take, viewer())
    new = visiting.new_threads(db(), visit, viewer())
    db().commit()
    return {
        "here": [_person(user) for user in others],
        "new": [str(thread_id) for thread_id in new],
        "watched": visit.watched,
        "waiting": sum(1 for other in waiting() if other.id != take.id),
    }


def _person(user: User) -> dict[str, Any]:
    return {"name": user.name, "initials": initials(user.name), "hue": hue(user.name)}


def _spans(value: Any) -> list[Span]:
    """[[from_ms, until_ms], …] as a browser sends it."""
    if not isinstance(value, list):
        raise InvalidInput("Send what was watched as a list.")
    return [_span(pair) for pair in value]


def _span(pair: Any) -> Span:
    is_pair = isinstance(pair, list) and len(pair) == 2 and all(type(end) is int for end in pair)
    if not is_pair or not all(0 <= end < 2**31 for end in pair):
        raise InvalidInput("Each span is two moments in milliseconds.")
    return pair[0], pair[1]
