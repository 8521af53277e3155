"""What presenters say about being held up: yes, no, to whom, and who has watched."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pitchreview.actions import consenting
from pitchreview.models import ConsentState, Exemplar
from pitchreview.permissions import Act
from pitchreview.web import find, forms
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer

bp = Blueprint("consents", __name__)


@bp.get("/account/moments")
@login_required
def index() -> ResponseReturnValue:
    return render_template("consents/index.html", exemplars=consenting.mine(db(), viewer()))


@bp.post("/exemplars/<uuid:exemplar_id>/consent")
@login_required
def answer(exemplar_id: UUID) -> ResponseReturnValue:
    exemplar = find.exemplar(exemplar_id, Act.CONSENT)
    said = forms.choice("answer", ConsentState)
    consenting.answer(db(), exemplar, viewer(), said, forms.text("reason"))
    db().commit()
    return _thank(exemplar, said)


@bp.post("/exemplars/<uuid:exemplar_id>/consent/teams/<uuid:team_id>")
@login_required
def answer_team(exemplar_id: UUID, team_id: UUID) -> ResponseReturnValue:
    exemplar = find.exemplar(exemplar_id, Act.CONSENT)
    said = forms.choice("answer", ConsentState)
    consenting.answer_team(db(), exemplar, team_id, viewer(), said)
    db().commit()
    return _thank(exemplar, said)


@bp.get("/exemplars/<uuid:exemplar_id>/viewers")
@login_required
def viewers(exemplar_id: UUID) -> ResponseReturnValue:
    exemplar = find.exemplar(exemplar_id, Act.READ_VIEWERS)
    return render_template(
        "consents/viewers.html", exemplar=exemplar, viewings=consenting.viewers_of(db(), exemplar)
    )


def _thank(exemplar: Exemplar, said: ConsentState) -> ResponseReturnValue:
    yes = "Thank you. Others can learn from it now."
    flash(yes if said is ConsentState.GIVEN else "Nobody there can watch it any more.", "success")
    if consenting.questions_for(db(), viewer()):
        return redirect(url_for("home.show"))
    return redirect(url_for("exemplars.show", exemplar_id=exemplar.id))
