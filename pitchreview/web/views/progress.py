"""How a rep gets on: for themselves, and for those who coach them."""

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from pitchreview.actions import progressing, warming_up
from pitchreview.models import User
from pitchreview.permissions import Act
from pitchreview.web import find
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer

bp = Blueprint("progress", __name__, url_prefix="/progress")


@bp.get("")
@login_required
def mine() -> ResponseReturnValue:
    return _show(viewer())


@bp.get("/<uuid:user_id>")
@login_required
def of(user_id: UUID) -> ResponseReturnValue:
    if user_id == viewer().id:
        return _show(viewer())
    return _show(find.teammate(user_id, Act.COACH))


def _show(person: User) -> str:
    team = find.my_team()
    progress = progressing.progress_of(db(), person, team.id, viewer())
    is_mine = person.id == viewer().id
    # How practice went is nobody else's business.
    runs = warming_up.runs_of(db(), person, team.id) if is_mine else []
    return render_template("progress/show.html", progress=progress, is_mine=is_mine, runs=runs)
