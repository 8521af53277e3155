"""Watching an exemplar: how far one came, and what one takes over from it."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pitchreview.actions import watching
from pitchreview.errors import InvalidInput
from pitchreview.web import find, forms
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer, wants_fragment

bp = Blueprint("watching", __name__)


@bp.post("/exemplars/<uuid:exemplar_id>/viewing")
@login_required
def look(exemplar_id: UUID) -> ResponseReturnValue:
    exemplar, told = find.exemplar(exemplar_id), forms.json_object()
    into_ms = told.get("into_ms")
    if type(into_ms) is not int or not 0 <= into_ms < 2**31:
        raise InvalidInput("Send how far it was watched, in milliseconds.")
    watching.look(db(), exemplar, viewer(), into_ms, begins=told.get("begins") is True)
    db().commit()
    return "", 204


@bp.post("/exemplars/<uuid:exemplar_id>/takeaway")
@login_required
def take_over(exemplar_id: UUID) -> ResponseReturnValue:
    """Keep the words; whoever wants to record their own version goes on to the studio."""
    exemplar = find.exemplar(exemplar_id)
    takeaway = watching.take_over(db(), exemplar, viewer(), forms.text("words"))
    db().commit()
    if forms.text("then") == "record":
        scenario_id = exemplar.take.pitch.scenario_id
        return redirect(url_for("scenarios.studio", scenario_id=scenario_id, after=exemplar.id))
    if wants_fragment():
        return render_template("exemplars/_takeaway.html", exemplar=exemplar, takeaway=takeaway)
    return redirect(url_for("exemplars.show", exemplar_id=exemplar.id, _anchor="take-over"))
