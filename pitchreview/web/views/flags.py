"""Comments that somebody finds hurtful: brought before the managers, and settled by one of them."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pitchreview.actions import flagging
from pitchreview.permissions import Act
from pitchreview.web import find, forms
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer, wants_fragment

bp = Blueprint("flags", __name__)


@bp.get("/flags")
@login_required
def index() -> ResponseReturnValue:
    team = find.my_team(Act.MANAGE_TEAM)
    flags = flagging.flags_of(db(), viewer(), team.id)
    return render_template("flags/index.html", flags=flags)


@bp.get("/comments/<uuid:comment_id>/flag")
@login_required
def new(comment_id: UUID) -> ResponseReturnValue:
    """The form, alone for a page that shows it in a dialog."""
    remark = find.comment(comment_id, Act.FLAG)
    return render_template("flags/_form.html" if wants_fragment() else "flags/new.html", remark=remark)


@bp.post("/comments/<uuid:comment_id>/flag")
@login_required
def create(comment_id: UUID) -> ResponseReturnValue:
    remark = find.comment(comment_id, Act.FLAG)
    flagging.flag(db(), remark, viewer(), forms.text("reason"))
    db().commit()
    flash("Your managers hear of it. Nobody is told that it was you.", "success")
    return redirect(url_for("takes.show", take_id=remark.take_id, c=remark.parent_id or remark.id))


@bp.post("/flags/<uuid:flag_id>/settlement")
@login_required
def settle(flag_id: UUID) -> ResponseReturnValue:
    raised = find.flag(flag_id, Act.SETTLE_FLAG)
    hides = forms.text("outcome") == "hide"
    flagging.settle(db(), raised, viewer(), hides=hides, words=forms.text("words"))
    db().commit()
    flash("The comment is taken away." if hides else "The comment stays.", "success")
    return redirect(url_for("flags.index"))
