"""What can go along with a comment: short lists that the composer asks for when somebody looks for one."""

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from pitchreview.actions import attaching, drafting
from pitchreview.errors import NotFound
from pitchreview.permissions import Act
from pitchreview.web import find
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer

bp = Blueprint("attaching", __name__)


@bp.get("/takes/<uuid:take_id>/attaching/people")
@login_required
def people(take_id: UUID) -> ResponseReturnValue:
    """Whom one can call by name: those who see the take."""
    take = find.take(take_id, Act.COMMENT)
    found = attaching.people(db(), take, viewer())
    return render_template("comments/_people.html", take=take, people=found)


@bp.get("/takes/<uuid:take_id>/attaching/criteria")
@login_required
def criteria(take_id: UUID) -> ResponseReturnValue:
    take = find.take(take_id, Act.COMMENT)
    rubric = attaching.rubric_for(take, drafting.review_of(db(), take, viewer()))
    return render_template("comments/_criteria.html", rubric=rubric)


@bp.get("/takes/<uuid:take_id>/attaching/exemplars")
@login_required
def exemplars(take_id: UUID) -> ResponseReturnValue:
    """What the team may watch, by words."""
    take = find.take(take_id, Act.COMMENT)
    words = request.args.get("q", "")[:200]
    found = attaching.exemplars(db(), take, viewer(), words)
    return render_template("comments/_exemplars.html", exemplars=found, words=words)


@bp.get("/exemplars/<uuid:exemplar_id>/clip")
@login_required
def clip(exemplar_id: UUID) -> ResponseReturnValue:
    """The moment of an exemplar, to be played beside a comment."""
    exemplar = find.exemplar(exemplar_id)
    if not exemplar.is_shown:
        raise NotFound("Your team cannot watch this example any more.")
    return render_template("comments/_exemplar_clip.html", exemplar=exemplar)
