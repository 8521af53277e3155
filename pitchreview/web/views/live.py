"""The live stream of one browser: which of my topics changed."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, Response, request, stream_with_context
from flask.typing import ResponseReturnValue

from pitchreview.errors import InvalidInput
from pitchreview.web import find
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, services
from pitchreview.web.live import MOST_TOPICS

bp = Blueprint("live", __name__)

_FINDERS: dict[str, Callable[[UUID], object]] = {
    "take": find.take,
    "recording": find.recording,
    "user": find.oneself,
}


@bp.get("/live")
@login_required
def stream() -> ResponseReturnValue:
    """Server-sent events; each topic is checked like the page it belongs to."""
    topics = request.args.getlist("topic")
    if not topics or len(topics) > MOST_TOPICS:
        raise InvalidInput(f"Ask for 1 to {MOST_TOPICS} topics.")
    for topic in topics:
        _check(topic)
    # A stream lives for minutes; it holds no database connection meanwhile.
    db().close()
    response = Response(stream_with_context(services().live.stream(topics)), mimetype="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _check(topic: str) -> None:
    kind, _, name = topic.partition(":")
    finder = _FINDERS.get(kind)
    if finder is None:
        raise InvalidInput("There is no such topic.")
    try:
        thing_id = UUID(name)
    except ValueError as error:
        raise InvalidInput("There is no such topic.") from error
    finder(thing_id)
