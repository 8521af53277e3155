"""Asking named people for feedback on a take, saying no, and taking it back."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pitchreview.actions import asking
from pitchreview.actions.asking import Question
from pitchreview.models import Request, Take
from pitchreview.permissions import Act
from pitchreview.web import find, forms
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer, wants_fragment

bp = Blueprint("requests", __name__)


@bp.get("/takes/<uuid:take_id>/requests")
@login_required
def new(take_id: UUID) -> ResponseReturnValue:
    """The form, alone for a page that shows it in a dialog."""
    take = find.take(take_id, Act.ASK)
    template = "requests/_form.html" if wants_fragment() else "requests/new.html"
    return forms.show(template, **_page(take))


@bp.post("/takes/<uuid:take_id>/requests")
@login_required
def create(take_id: UUID) -> ResponseReturnValue:
    take = find.take(take_id, Act.ASK)

    def act() -> ResponseReturnValue:
        question = Question(forms.ids("people"), forms.text("question"), forms.text("due_on"))
        asked = asking.ask(db(), take, viewer(), question)
        db().commit()
        flash(f"{_names(asked)} will hear of it.", "success")
        return redirect(url_for("takes.show", take_id=take.id))

    return forms.ask_again_if_wrong(act, "requests/new.html", **_page(take))


def _page(take: Take) -> dict[str, Any]:
    return {
        "take": take,
        "people": asking.people_to_ask(db(), take, viewer()),
        "asked": asking.asked_about(db(), take),
        "chosen": request.form.getlist("people"),
    }


def _names(asked: list[Request]) -> str:
    names = [item.asked.first_name for item in asked]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


@bp.get("/requests/<uuid:request_id>/refusal")
@login_required
def ask_why(request_id: UUID) -> ResponseReturnValue:
    asked = find.request(request_id, Act.DECLINE)
    template = "requests/_refusal.html" if wants_fragment() else "requests/refusal.html"
    return render_template(template, asked=asked)


@bp.post("/requests/<uuid:request_id>/refusal")
@login_required
def decline(request_id: UUID) -> ResponseReturnValue:
    asked = find.request(request_id, Act.DECLINE)
    asking.decline(db(), asked, forms.text("reason"))
    db().commit()
    flash(f"{asked.asked_by.first_name} is told, and can ask somebody else.", "success")
    return redirect(url_for("home.show"))


@bp.post("/requests/<uuid:request_id>/withdrawal")
@login_required
def withdraw(request_id: UUID) -> ResponseReturnValue:
    asked = find.request(request_id, Act.WITHDRAW)
    asking.withdraw(db(), asked)
    db().commit()
    flash(f"{asked.asked.first_name} is not asked any more.", "success")
    return redirect(url_for("takes.show", take_id=asked.take_id))
