"""The words of a team: renamed, marked as changed, retired, brought back."""

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from pitchreview.actions import tagging, wording
from pitchreview.errors import NotFound
from pitchreview.models import Tag, Team
from pitchreview.permissions import Act
from pitchreview.web import find, forms
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer

bp = Blueprint("tags", __name__, url_prefix="/library/tags")


@bp.get("")
@login_required
def index() -> ResponseReturnValue:
    team = find.my_team(Act.CURATE)
    return forms.show("curating/tags.html", by_facet=wording.by_facet(db(), team))


@bp.post("/<uuid:tag_id>")
@login_required
def rename(tag_id: UUID) -> ResponseReturnValue:
    team = find.my_team(Act.CURATE)
    tag = _tag(team, tag_id)
    before = tag.label
    kept = wording.rename(db(), tag, viewer(), forms.text("name"))
    db().commit()
    became = f"is “{kept.label}” now" if kept is tag else f"and “{kept.label}” are one now"
    flash(f"“{before}” {became}.", "success")
    return redirect(url_for("tags.index"))


@bp.post("/<uuid:tag_id>/change")
@login_required
def mark_changed(tag_id: UUID) -> ResponseReturnValue:
    """What it names has changed: its moments go to the drawer of what should be looked at again."""
    tag = _tag(find.my_team(Act.CURATE), tag_id)
    tagging.mark_changed(tag)
    db().commit()
    flash(f"The moments with “{tag.label}” are gathered here.", "success")
    return redirect(url_for("curating.desk", view="ageing"))


@bp.post("/<uuid:tag_id>/retirement")
@login_required
def retire(tag_id: UUID) -> ResponseReturnValue:
    """Retires it, or brings it back."""
    tag = _tag(find.my_team(Act.CURATE), tag_id)
    if tag.retired_at is None:
        tagging.retire(tag)
        flash(f"“{tag.label}” is offered no more.", "success")
    else:
        tagging.bring_back(tag)
        flash(f"“{tag.label}” is back.", "success")
    db().commit()
    return redirect(url_for("tags.index"))


def _tag(team: Team, tag_id: UUID) -> Tag:
    tag = db().scalar(select(Tag).where(Tag.id == tag_id, Tag.team_id == team.id))
    if tag is None:
        raise NotFound("There is no such tag in your team.")
    return tag
