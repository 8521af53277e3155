"""Words that somebody says often: kept for them alone, put into a comment with two keys."""

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from pitchreview import db as database
from pitchreview.errors import InvalidState, NotFound
from pitchreview.models import CommentKind, Phrase
from pitchreview.models.comment import clean_body
from pitchreview.web import forms
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer

bp = Blueprint("phrases", __name__)

MOST_PHRASES = 60


@bp.get("/phrases")
@login_required
def index() -> ResponseReturnValue:
    return _list()


@bp.post("/phrases")
@login_required
def create() -> ResponseReturnValue:
    """Keep what is written; the same words are kept once."""
    kind = forms.choice("kind", CommentKind) if forms.text("kind") else None
    body, instead = clean_body(request.form.get("body", "")), forms.text("instead")[:2000]
    mine = _mine()
    known = next((phrase for phrase in mine if (phrase.body, phrase.instead) == (body, instead)), None)
    if known is None and len(mine) >= MOST_PHRASES:
        raise InvalidState(f"You keep {MOST_PHRASES} phrases already. Remove one that you never use.")
    if known is None:
        db().add(Phrase(user_id=viewer().id, kind=kind, body=body, instead=instead))
    db().commit()
    return _list(), 201


@bp.post("/phrases/<uuid:phrase_id>/use")
@login_required
def use(phrase_id: UUID) -> ResponseReturnValue:
    """What is used stands first in the list."""
    _find(phrase_id).used_at = database.now()
    db().commit()
    return "", 204


@bp.post("/phrases/<uuid:phrase_id>/deletion")
@login_required
def delete(phrase_id: UUID) -> ResponseReturnValue:
    db().delete(_find(phrase_id))
    db().commit()
    return _list()


def _find(phrase_id: UUID) -> Phrase:
    found = db().get(Phrase, phrase_id)
    if found is None or found.user_id != viewer().id:
        raise NotFound("There is no such phrase.")
    return found


def _mine() -> list[Phrase]:
    lately = func.coalesce(Phrase.used_at, Phrase.created_at).desc()
    return list(db().scalars(select(Phrase).where(Phrase.user_id == viewer().id).order_by(lately, Phrase.id)))


def _list() -> str:
    return render_template("comments/_phrases.html", phrases=_mine())
