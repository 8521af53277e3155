"""For the people who run the site: accounts, teams, password links. No takes are to be seen here."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from pitchreview.actions import accounts
from pitchreview.errors import InvalidInput
from pitchreview.models import Role, Team
from pitchreview.web import find, forms, mails
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer

bp = Blueprint("operator", __name__, url_prefix="/operator")


@bp.get("")
@login_required
def show() -> ResponseReturnValue:
    find.operate()
    return forms.show("operator/show.html", **_page())


@bp.post("/users/<uuid:user_id>/reset-link")
@login_required
def make_reset_link(user_id: UUID) -> ResponseReturnValue:
    """The link is shown once, to hand over; the person is told that it was made."""
    user = find.user(user_id)
    token = accounts.make_reset(db(), user)
    accounts.note(db(), "made reset link", actor=viewer(), subject=user.email)
    mails.tell_reset_was_made(user)
    db().commit()
    link = mails.site_url("resets.edit", token=token)
    return render_template("operator/reset_link.html", user=user, link=link)


@bp.post("/users/<uuid:user_id>/closing")
@login_required
def close(user_id: UUID) -> ResponseReturnValue:
    user = find.user(user_id)
    accounts.deactivate_user(db(), user, actor=viewer())
    db().commit()
    flash(f"{user.name} can no longer sign in.", "success")
    return redirect(url_for("operator.show"))


@bp.post("/users/<uuid:user_id>/reopening")
@login_required
def reopen(user_id: UUID) -> ResponseReturnValue:
    user = find.user(user_id)
    accounts.reactivate_user(db(), user, actor=viewer())
    db().commit()
    flash(f"{user.name} can sign in again.", "success")
    return redirect(url_for("operator.show"))


@bp.post("/teams")
@login_required
def create_team() -> ResponseReturnValue:
    """A new team and a link for its first manager."""
    find.operate()
    return forms.ask_again_if_wrong(_create_team, "operator/show.html", **_page())


def _create_team() -> ResponseReturnValue:
    team = accounts.create_team(db(), forms.text("name"))
    emails = accounts.split_addresses(forms.text("manager"))
    if len(emails) != 1:
        raise InvalidInput("Give the e-mail address of one person.", field="manager")
    invited = accounts.invite(db(), team, emails, Role.MANAGER, inviter=viewer())[0]
    if invited.token is None:
        raise InvalidInput(invited.problem or "", field="manager")
    link = mails.site_url("invitations.show", token=invited.token)
    mails.send_invitation(invited.email, link=link, invited_by=viewer(), team_name=team.name)
    db().commit()
    return render_template("operator/team_created.html", team=team, email=invited.email, link=link)


def _page() -> dict[str, Any]:
    teams = list(db().scalars(select(Team).order_by(Team.name)))
    return {"users": accounts.everybody(db()), "teams": teams}
