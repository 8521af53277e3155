"""Exemplars: holding up, watching, taking down."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pitchreview.actions import library, watching
from pitchreview.models import Exemplar
from pitchreview.permissions import Act
from pitchreview.web import find, forms, holding_up, leafing
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer
from pitchreview.web.filters import moment_of_day

bp = Blueprint("exemplars", __name__)


@bp.get("/takes/<uuid:take_id>/exemplars/new")
@login_required
def new(take_id: UUID) -> ResponseReturnValue:
    """Empty, with a range (`from`, `until`), or filled from a remark about the take (`comment`)."""
    take = find.take(take_id, Act.HOLD_UP)
    values = {name: request.args.get(name, "") for name in ("from", "until")}
    remark_id = request.args.get("comment", type=UUID)
    remark = find.comment(remark_id) if remark_id is not None else None
    if remark is not None and remark.take_id == take.id:
        values = holding_up.values_of_remark(remark)
    return forms.show("exemplars/edit.html", values, **holding_up.page(take, None, values))


@bp.post("/takes/<uuid:take_id>/exemplars")
@login_required
def create(take_id: UUID) -> ResponseReturnValue:
    take = find.take(take_id, Act.HOLD_UP)

    def act() -> ResponseReturnValue:
        exemplar = library.hold_up(db(), take, viewer(), holding_up.typed())
        holding_up.place(exemplar)
        db().commit()
        flash(_what_happens_now(exemplar), "success")
        return redirect(url_for("exemplars.show", exemplar_id=exemplar.id))

    return forms.ask_again_if_wrong(act, "exemplars/edit.html", **holding_up.page(take, None))


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
        halves=find.halves_of(exemplar),
        model=find.model_of(exemplar),
        way=leafing.way_to(exemplar),
        takeaway=watching.takeaway_of(db(), exemplar, viewer()),
    )


@bp.get("/exemplars/<uuid:exemplar_id>/edit")
@login_required
def edit(exemplar_id: UUID) -> ResponseReturnValue:
    exemplar = find.exemplar(exemplar_id, Act.CURATE)
    values = holding_up.values_of(exemplar)
    return forms.show("exemplars/edit.html", values, **holding_up.page(exemplar.take, exemplar))


@bp.post("/exemplars/<uuid:exemplar_id>")
@login_required
def update(exemplar_id: UUID) -> ResponseReturnValue:
    exemplar = find.exemplar(exemplar_id, Act.CURATE)

    def act() -> ResponseReturnValue:
        library.change(db(), exemplar, viewer(), holding_up.typed(exemplar))
        holding_up.place(exemplar)
        db().commit()
        flash(_what_happens_now(exemplar), "success")
        return redirect(url_for("exemplars.show", exemplar_id=exemplar.id))

    return forms.ask_again_if_wrong(act, "exemplars/edit.html", **holding_up.page(exemplar.take, exemplar))


@bp.post("/exemplars/<uuid:exemplar_id>/taking-down")
@login_required
def take_down(exemplar_id: UUID) -> ResponseReturnValue:
    exemplar = find.exemplar(exemplar_id, Act.CURATE)
    library.take_down(db(), exemplar, viewer())
    db().commit()
    flash("Taken down; the take itself stays.", "success")
    return redirect(url_for("library.index"))


def _what_happens_now(exemplar: Exemplar) -> str:
    if exemplar.is_draft:
        return "Kept as a draft; only managers know of it."
    if exemplar.waits_for_consent:
        return f"{exemplar.take.pitch.presented_by} is asked; the team sees it after a yes."
    if exemplar.is_scheduled:
        return f"It comes out on {moment_of_day(exemplar.published_at)}."
    return "It is in the library." if exemplar.is_shown else "Saved."
