"""Exemplars: holding up, watching, consent."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pitchreview import timecode
from pitchreview.actions import library, shelving, tagging, watching
from pitchreview.models import Exemplar, Take
from pitchreview.permissions import Act, may
from pitchreview.web import find, forms, leafing
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer

bp = Blueprint("exemplars", __name__)


@bp.get("/takes/<uuid:take_id>/exemplars/new")
@login_required
def new(take_id: UUID) -> ResponseReturnValue:
    take = find.take(take_id, Act.HOLD_UP)
    values = {name: request.args.get(name, "") for name in ("from", "until")}
    return forms.show("exemplars/edit.html", values, take=take, exemplar=None, **_shelves(take))


@bp.post("/takes/<uuid:take_id>/exemplars")
@login_required
def create(take_id: UUID) -> ResponseReturnValue:
    take = find.take(take_id, Act.HOLD_UP)

    def act() -> ResponseReturnValue:
        exemplar = library.hold_up(db(), take, viewer(), _typed())
        _place(exemplar)
        db().commit()
        asked = f"{take.pitch.presented_by} is asked; the team sees it after a yes."
        flash(asked if exemplar.waits_for_consent else "It is in the library.", "success")
        return redirect(url_for("exemplars.show", exemplar_id=exemplar.id))

    return forms.ask_again_if_wrong(act, "exemplars/edit.html", take=take, exemplar=None, **_shelves(take))


@bp.get("/exemplars/<uuid:exemplar_id>")
@login_required
def show(exemplar_id: UUID) -> ResponseReturnValue:
    exemplar = find.exemplar(exemplar_id)
    return render_template(
        "exemplars/show.html",
        exemplar=exemplar,
        take=exemplar.take,
        recording=exemplar.take.recording,
        shelves=find.collections_with(exemplar),
        way=leafing.way_to(exemplar),
        takeaway=watching.takeaway_of(db(), exemplar, viewer()),
    )


@bp.get("/exemplars/<uuid:exemplar_id>/edit")
@login_required
def edit(exemplar_id: UUID) -> ResponseReturnValue:
    exemplar = find.exemplar(exemplar_id, Act.CURATE)
    return forms.show(
        "exemplars/edit.html",
        _values(exemplar),
        take=exemplar.take,
        exemplar=exemplar,
        **_shelves(exemplar.take),
    )


@bp.post("/exemplars/<uuid:exemplar_id>")
@login_required
def update(exemplar_id: UUID) -> ResponseReturnValue:
    exemplar = find.exemplar(exemplar_id, Act.CURATE)

    def act() -> ResponseReturnValue:
        library.change(db(), exemplar, viewer(), _typed())
        _place(exemplar)
        db().commit()
        flash("Saved.", "success")
        return redirect(url_for("exemplars.show", exemplar_id=exemplar.id))

    return forms.ask_again_if_wrong(
        act, "exemplars/edit.html", take=exemplar.take, exemplar=exemplar, **_shelves(exemplar.take)
    )


@bp.post("/exemplars/<uuid:exemplar_id>/taking-down")
@login_required
def take_down(exemplar_id: UUID) -> ResponseReturnValue:
    exemplar = find.exemplar(exemplar_id, Act.CURATE)
    library.take_down(db(), exemplar, viewer())
    db().commit()
    flash("Taken down; the take itself stays.", "success")
    return redirect(url_for("library.index"))


def _shelves(take: Take) -> dict[str, Any]:
    return {"collections": find.collections(take.pitch.scenario.team)}


def _typed() -> library.NewExemplar:
    return library.NewExemplar(
        title=forms.text("title"),
        why=forms.text("why"),
        tags=tagging.read(forms.text("tags")),
        from_ms=forms.moment("from"),
        until_ms=forms.moment("until"),
    )


def _place(exemplar: Exemplar) -> None:
    """Put it on the ticked shelves, and on a new one when a name was typed."""
    team = exemplar.take.pitch.scenario.team
    available = find.collections(team)
    ticked = set(forms.ids("shelf"))
    shelves = [c for c in available if c.id in ticked]
    if forms.text("new_shelf") and may(viewer(), Act.CURATE, team):
        made = shelving.make_collection(db(), team, viewer(), title=forms.text("new_shelf"), description="")
        available, shelves = [*available, made], [*shelves, made]
    shelving.place(db(), exemplar, available, shelves)


def _values(exemplar: Exemplar) -> dict[str, str]:
    def written(ms: int | None) -> str:
        return "" if ms is None else timecode.format_ms(ms, tenths=True)

    return {
        "title": exemplar.title,
        "why": exemplar.why,
        "tags": ", ".join(tagging.written(tag) for tag in exemplar.tags),
        "from": written(exemplar.from_ms),
        "until": written(exemplar.until_ms),
    }
