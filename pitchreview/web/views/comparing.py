"""Side by side: two takes or exemplars on one clock, and the seconds of a comment in other voices."""

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from pitchreview.actions import comparing, hearing
from pitchreview.actions.comparing import Side
from pitchreview.errors import NotFound
from pitchreview.permissions import find_visible, takes_visible_to
from pitchreview.web import find
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer, wants_fragment

bp = Blueprint("comparing", __name__)


@bp.get("/compare/<left>/<right>")
@login_required
def show(left: str, right: str) -> ResponseReturnValue:
    """Each side is `take:<id>` or `exemplar:<id>`."""
    sides = (_side(left), _side(right))
    return render_template(
        "comparing/show.html",
        sides=sides,
        beats=[beat._asdict() for beat in comparing.beats_of(db(), *sides)],
        levels=comparing.levels_of(db(), *sides, viewer()),
        remarks=[comparing.remarks_of(db(), side, viewer()) for side in sides],
    )


@bp.get("/takes/<uuid:take_id>/comparing")
@login_required
def choose(take_id: UUID) -> ResponseReturnValue:
    """What this take can be put beside; alone for a page that shows it in a dialog."""
    take = find.take(take_id)
    template = "comparing/_partners.html" if wants_fragment() else "comparing/choose.html"
    return render_template(template, take=take, partners=comparing.partners_of(db(), take, viewer()))


@bp.get("/comments/<uuid:comment_id>/hearing")
@login_required
def hear(comment_id: UUID) -> ResponseReturnValue:
    """The seconds of a comment in other voices, to be played in its thread."""
    remark = find.comment(comment_id)
    if remark.is_deleted:
        raise NotFound("This comment was deleted.")
    heard = hearing.of(db(), remark, viewer())
    return render_template("comments/_hear.html", remark=remark, hearing=heard)


def _side(name: str) -> Side:
    kind, _, written = name.partition(":")
    try:
        thing_id = UUID(written)
    except ValueError:
        raise NotFound("This page does not exist, or it is not for you.") from None
    if kind == "take":
        return Side(find.take(thing_id), exemplar=None, sees_take=True)
    if kind != "exemplar":
        raise NotFound("This page does not exist, or it is not for you.")
    exemplar = find.exemplar(thing_id)
    sees_take = find_visible(db(), takes_visible_to(viewer()), exemplar.take_id) is not None
    if not exemplar.is_shown and not sees_take:
        raise NotFound("Your team cannot watch this example any more.")
    return Side(exemplar.take, exemplar, sees_take)
