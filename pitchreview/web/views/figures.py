"""Figures for curators: what the library is used for, and what is missing in it."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pitchreview.actions import figuring, finding, tagging
from pitchreview.actions.figuring import By
from pitchreview.permissions import Act
from pitchreview.web import find, forms
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer

bp = Blueprint("figures", __name__)


@bp.get("/library/figures")
@login_required
def show() -> ResponseReturnValue:
    team = find.my_team(Act.CURATE)
    by = request.args.get("by", "")
    order = By(by) if by in set(By) else By.OPENED
    missed = finding.missed(db(), team)
    tags = tagging.by_keys(db(), team.id, sorted({key for search in missed for key in search.tags}))
    return render_template(
        "curating/figures.html",
        by=order,
        figures=figuring.figures(db(), viewer(), team, order),
        missed=missed,
        tags=tags,
    )


@bp.post("/library/figures/settling")
@login_required
def settle() -> ResponseReturnValue:
    team = find.my_team(Act.CURATE)
    how = "recorded" if forms.text("how") == "recorded" else "not needed"
    figuring.settle(db(), team, request.form.get("key", ""), viewer(), how)
    db().commit()
    flash("Settled. It comes back when somebody looks for it in vain again.", "success")
    return redirect(url_for("figures.show", _anchor="missed"))


@bp.get("/exemplars/<uuid:exemplar_id>/uses")
@login_required
def uses(exemplar_id: UUID) -> ResponseReturnValue:
    exemplar = find.exemplar(exemplar_id, Act.CURATE)
    found = figuring.uses_of(db(), viewer(), exemplar)
    return render_template("curating/uses.html", exemplar=exemplar, uses=found)
