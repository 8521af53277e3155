"""What somebody is writing about a take and has not posted: theirs alone, in whichever browser they go on."""

import json
import re
from datetime import datetime
from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from pitchreview import db as database
from pitchreview.actions import limits
from pitchreview.errors import InvalidInput, InvalidState, TooLarge
from pitchreview.models import Draft
from pitchreview.permissions import Act
from pitchreview.web import find, forms
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer

bp = Blueprint("drafts", __name__)

# Which box: that of a new comment, that which ends a review, an answer, an edit.
SPOT = re.compile(r"(comment|one_thing|(reply|edit):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})")
# A long comment with a drawing over the whole picture.
MOST_BYTES = 120_000
MOST_DRAFTS = 100


@bp.get("/takes/<uuid:take_id>/drafts")
@login_required
def index(take_id: UUID) -> ResponseReturnValue:
    """All that I have begun about a take: { spot: { words, saved } }."""
    take = find.take(take_id)
    mine = select(Draft).where(Draft.take_id == take.id, Draft.user_id == viewer().id)
    drafts = {kept.spot: {"words": kept.words, "saved": _stamp(kept.saved_at)} for kept in db().scalars(mine)}
    return {"drafts": drafts}


@bp.put("/takes/<uuid:take_id>/drafts/<spot>")
@login_required
def keep(take_id: UUID, spot: str) -> ResponseReturnValue:
    take = find.take(take_id, Act.COMMENT)
    words = forms.json_object()
    if not SPOT.fullmatch(spot):
        raise InvalidInput("There is no such box.")
    if len(json.dumps(words)) > MOST_BYTES:
        raise TooLarge("That is too long to be kept.")
    limits.count(db(), f"draft:{viewer().id}", most=240, seconds=60)
    known = select(func.count()).where(
        Draft.take_id == take.id, Draft.user_id == viewer().id, Draft.spot != spot
    )
    if (db().scalar(known) or 0) >= MOST_DRAFTS:
        raise InvalidState("You have begun a lot here. Post or discard some of it first.")
    instant = database.now()
    row = {"user_id": viewer().id, "take_id": take.id, "spot": spot, "words": words, "saved_at": instant}
    newer = {"words": words, "saved_at": instant}
    keys = [Draft.user_id, Draft.take_id, Draft.spot]
    db().execute(insert(Draft).values(row).on_conflict_do_update(index_elements=keys, set_=newer))
    db().commit()
    return {"saved": _stamp(instant)}


@bp.delete("/takes/<uuid:take_id>/drafts/<spot>")
@login_required
def drop(take_id: UUID, spot: str) -> ResponseReturnValue:
    """It was posted or discarded."""
    take = find.take(take_id)
    db().execute(
        delete(Draft).where(Draft.take_id == take.id, Draft.user_id == viewer().id, Draft.spot == spot)
    )
    db().commit()
    return "", 204


def _stamp(instant: datetime) -> int:
    """Milliseconds, as browsers count them."""
    return round(instant.timestamp() * 1000)
