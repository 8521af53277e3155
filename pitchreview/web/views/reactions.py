"""Short answers to a comment: agreed, thanks, it helped."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pitchreview.actions import reacting, reading
from pitchreview.models import ReactionKind
from pitchreview.permissions import Act
from pitchreview.web import find, forms
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer, wants_fragment

bp = Blueprint("reactions", __name__)


@bp.post("/comments/<uuid:comment_id>/reactions")
@login_required
def toggle(comment_id: UUID) -> ResponseReturnValue:
    """Say it or take it back; answers the whole thread, as the page shows it."""
    remark = find.comment(comment_id)
    take = find.take(remark.take_id, Act.COMMENT)
    reacting.react(db(), remark, viewer(), forms.choice("kind", ReactionKind), forms.text("reason"))
    db().commit()
    if not wants_fragment():
        return redirect(url_for("takes.show", take_id=take.id, c=remark.id))
    [thread] = reading.threads_of(db(), take, viewer(), [remark.parent_id or remark.id])
    return render_template("comments/_thread.html", take=take, thread=thread)
