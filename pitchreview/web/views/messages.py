"""The message library: reading the talk track, and for managers writing it."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pitchreview.actions import accounts, messages
from pitchreview.actions.messages import Card
from pitchreview.errors import InvalidInput, InvalidState
from pitchreview.models import Message, MessageKind
from pitchreview.permissions import Act, may
from pitchreview.web import find, forms
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, today, viewer

bp = Blueprint("messages", __name__, url_prefix="/messages")


@bp.get("")
@login_required
def index() -> ResponseReturnValue:
    team = find.my_team()
    kind = request.args.get("kind", "")
    cards = messages.of_team(db(), viewer(), team.id)
    shown = [card for card in cards if kind not in set(MessageKind) or card.kind == kind]
    return render_template(
        "messages/index.html",
        cards=[card for card in shown if card.retired_at is None],
        retired=[card for card in shown if card.retired_at is not None],
        has_any=bool(cards),
        kind=kind,
        kinds=list(MessageKind),
        today=today(),
        writes=may(viewer(), Act.WRITE_SCENARIO, team),
    )


@bp.get("/new")
@login_required
def new() -> ResponseReturnValue:
    team = find.my_team(Act.WRITE_SCENARIO)
    kind = request.args.get("kind", "")
    values = {
        "kind": kind if kind in set(MessageKind) else MessageKind.VALUE,
        "owner": str(viewer().id),
        "review_on": (today() + messages.HOLDS_FOR).isoformat(),
    }
    return forms.show("messages/edit.html", values, **_form(team.id))


@bp.post("")
@login_required
def create() -> ResponseReturnValue:
    team = find.my_team(Act.WRITE_SCENARIO)

    def act() -> ResponseReturnValue:
        message = messages.write(db(), team.id, _typed(team.id), viewer())
        db().commit()
        flash("The card is in the library. Choose it in the scenarios where it belongs.", "success")
        return redirect(url_for("messages.show", message_id=message.id))

    return forms.ask_again_if_wrong(act, "messages/edit.html", **_form(team.id))


@bp.get("/<uuid:message_id>")
@login_required
def show(message_id: UUID) -> ResponseReturnValue:
    message = find.message(message_id)
    asked = request.args.get("version", "")
    before = messages.version_of(message, int(asked)) if asked.isdecimal() else None
    return render_template(
        "messages/show.html",
        message=message,
        before=before,
        scenarios=messages.scenarios_with(db(), message),
        today=today(),
        writes=may(viewer(), Act.WRITE_SCENARIO, message),
        checks=may(viewer(), Act.CHECK_MESSAGE, message),
    )


@bp.get("/<uuid:message_id>/edit")
@login_required
def edit(message_id: UUID) -> ResponseReturnValue:
    message = find.message(message_id, Act.WRITE_SCENARIO)
    return forms.show("messages/edit.html", _values(message), **_form(message.team_id, message))


@bp.post("/<uuid:message_id>")
@login_required
def update(message_id: UUID) -> ResponseReturnValue:
    message = find.message(message_id, Act.WRITE_SCENARIO)
    form = _form(message.team_id, message)

    def act() -> ResponseReturnValue:
        card, seen = _typed(message.team_id), forms.integer("seen") or 0
        messages.rewrite(db(), message, card, viewer(), why=forms.text("why"), seen=seen)
        db().commit()
        flash("Saved.", "success")
        return redirect(url_for("messages.show", message_id=message.id))

    try:
        return act()
    except InvalidInput as error:
        db().rollback()
        errors = {error.field or "": error.message}
        return render_template("messages/edit.html", values=request.form, errors=errors, **form), 400
    except InvalidState:
        db().rollback()
        values = request.form.to_dict() | {"seen": message.version}
        return render_template(
            "messages/edit.html", values=values, errors={}, theirs=message.versions[0], **form
        ), 409


@bp.post("/<uuid:message_id>/check")
@login_required
def still_right(message_id: UUID) -> ResponseReturnValue:
    """Its owner, or a manager, looked at it: it holds."""
    message = find.message(message_id, Act.CHECK_MESSAGE)
    messages.still_right(db(), message, today())
    db().commit()
    flash("Good. It comes back to be looked at in three months.", "success")
    return redirect(url_for("messages.show", message_id=message.id))


@bp.post("/<uuid:message_id>/retirement")
@login_required
def retire(message_id: UUID) -> ResponseReturnValue:
    """Retires it, or brings it back."""
    message = find.message(message_id, Act.WRITE_SCENARIO)
    messages.retire(db(), message, viewer())
    db().commit()
    flash("Retired; it can still be read." if message.retired_at else "It is back.", "success")
    return redirect(url_for("messages.show", message_id=message.id))


def _form(team_id: UUID, message: Message | None = None) -> dict[str, Any]:
    return {
        "message": message,
        "kinds": list(MessageKind),
        "members": accounts.members_of(db(), team_id),
    }


def _typed(team_id: UUID) -> Card:
    owner_id = forms.one_id("owner")
    if owner_id is not None and owner_id not in {one.user_id for one in accounts.members_of(db(), team_id)}:
        raise InvalidInput("Choose a member of this team.", field="owner")
    return Card(
        kind=forms.choice("kind", MessageKind),
        name=forms.text("name"),
        body=forms.text("body"),
        answer=forms.text("answer"),
        must_say=tuple(forms.lines("must_say")),
        avoid=tuple(forms.lines("avoid")),
        owner_id=owner_id,
        review_on=_day("review_on"),
    )


def _day(name: str) -> date | None:
    if not forms.text(name):
        return None
    try:
        return date.fromisoformat(forms.text(name))
    except ValueError as error:
        raise InvalidInput("Choose a day.", field=name) from error


def _values(message: Message) -> dict[str, Any]:
    """The card as the form writes it."""
    return {
        "kind": message.kind.value,
        "name": message.name,
        "body": message.body,
        "answer": message.answer,
        "must_say": "\n".join(message.must_say),
        "avoid": "\n".join(message.avoid),
        "owner": str(message.owner_id or ""),
        "review_on": message.review_on.isoformat() if message.review_on else "",
        "seen": message.version,
    }
