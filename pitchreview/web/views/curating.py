"""The desk of those who choose: what waits, what grows old, changes to several moments, histories."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pitchreview.actions import curating, recalling, suggesting, tagging
from pitchreview.actions.curating import Drawer
from pitchreview.errors import InvalidInput
from pitchreview.models import Exemplar, Team
from pitchreview.permissions import Act
from pitchreview.web import find, forms
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer

bp = Blueprint("curating", __name__)


@bp.get("/library/desk")
@login_required
def desk() -> ResponseReturnValue:
    team = find.my_team(Act.CURATE)
    drawer = _drawer(request.args.get("view", ""))
    suggestions = suggesting.suggestions(db(), viewer(), team)
    page = None
    if drawer is not Drawer.SUGGESTIONS:
        after = request.args.get("after", type=UUID)
        page = curating.in_drawer(db(), viewer(), team, drawer, after)
    return render_template(
        "curating/desk.html",
        drawer=drawer,
        counts=curating.counts(db(), viewer(), team) | {Drawer.SUGGESTIONS: len(suggestions)},
        suggestions=suggestions,
        page=page,
        doubts_about=curating.doubts_about,
        collections=find.collections(team),
    )


def _drawer(name: str) -> Drawer:
    return Drawer(name) if name in set(Drawer) else Drawer.SUGGESTIONS


@bp.get("/library/desk/record-again")
@login_required
def list_again() -> ResponseReturnValue:
    """What should be recorded anew, to print or to copy."""
    team = find.my_team(Act.CURATE)
    page = curating.in_drawer(db(), viewer(), team, Drawer.AGAIN, None)
    return render_template(
        "curating/again.html", team=team, exemplars=page.exemplars, doubts_about=curating.doubts_about
    )


@bp.post("/library/desk/acts")
@login_required
def act() -> ResponseReturnValue:
    """One thing done to all the chosen moments."""
    team = find.my_team(Act.CURATE)
    exemplars = curating.chosen(db(), viewer(), team, forms.ids("exemplar"))
    said = _do(forms.text("act"), team, exemplars)
    db().commit()
    flash(f"{len(exemplars)} {'moment' if len(exemplars) == 1 else 'moments'} {said}.", "success")
    return redirect(url_for("curating.desk", view=_drawer(forms.text("view")).value))


def _do(act: str, team: Team, exemplars: list[Exemplar]) -> str:
    """Does it, and says in the past what was done."""
    who = viewer()
    match act:
        case "tag":
            curating.tag(db(), exemplars, who, tagging.read(forms.text("tags")))
            return "tagged"
        case "untag":
            curating.untag(db(), exemplars, who, tagging.read(forms.text("tags")))
            return "changed"
        case "shelve":
            shelf = next((c for c in find.collections(team) if str(c.id) == forms.text("shelf")), None)
            if shelf is None:
                raise InvalidInput("Choose a collection.", field="shelf")
            curating.put_on(db(), exemplars, who, shelf)
            return f"put onto “{shelf.title}”"
        case "still_good":
            curating.still_good(db(), exemplars, who)
            return "looked at: still good"
        case "record_again":
            curating.record_again(db(), exemplars, who)
            return "put on the list to record again"
        case "take_down":
            curating.take_down(db(), exemplars, who)
            return "taken down"
    raise InvalidInput("Choose what to do with them.", field="act")


@bp.post("/comments/<uuid:comment_id>/passing-over")
@login_required
def pass_over(comment_id: UUID) -> ResponseReturnValue:
    remark = find.comment(comment_id)
    find.take(remark.take_id, Act.HOLD_UP)
    suggesting.pass_over(db(), remark, viewer())
    db().commit()
    flash("It is suggested no more.", "success")
    return redirect(url_for("curating.desk"))


@bp.get("/exemplars/<uuid:exemplar_id>/history")
@login_required
def exemplar_history(exemplar_id: UUID) -> ResponseReturnValue:
    exemplar = find.exemplar(exemplar_id, Act.CURATE)
    return _history(exemplar.id, exemplar.title, url_for("exemplars.show", exemplar_id=exemplar.id))


@bp.get("/collections/<uuid:collection_id>/history")
@login_required
def collection_history(collection_id: UUID) -> ResponseReturnValue:
    collection = find.collection(collection_id, Act.CURATE)
    address = url_for("collections.show", collection_id=collection.id)
    return _history(collection.id, collection.title, address)


def _history(thing_id: UUID, title: str, address: str) -> ResponseReturnValue:
    events = recalling.history_of(db(), thing_id)
    return render_template("curating/history.html", title=title, address=address, events=events)
