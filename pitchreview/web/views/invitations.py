"""Inviting people, one or many, and accepting."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pitchreview import db as database
from pitchreview.actions import accounts
from pitchreview.errors import NotFound
from pitchreview.models import Invitation, Role, Team
from pitchreview.permissions import Act
from pitchreview.web import auth, find, forms, mails
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, is_signed_in, settings, user_session, viewer

bp = Blueprint("invitations", __name__)


@dataclass(frozen=True)
class Outcome:
    """One pasted address, as the page shows it: a link to copy, or why there is none."""

    email: str
    link: str | None
    problem: str | None


@bp.get("/team/invitations")
@login_required
def new() -> ResponseReturnValue:
    team = find.my_team(Act.MANAGE_TEAM)
    return forms.show("invitations/new.html", {"role": Role.REP.value}, team=team, roles=list(Role))


@bp.post("/team/invitations")
@login_required
def create() -> ResponseReturnValue:
    team = find.my_team(Act.MANAGE_TEAM)
    return forms.ask_again_if_wrong(
        lambda: _invite(team), "invitations/new.html", team=team, roles=list(Role)
    )


def _invite(team: Team) -> ResponseReturnValue:
    emails = accounts.split_addresses(request.form.get("emails", ""))
    invited = accounts.invite(db(), team, emails, forms.choice("role", Role), inviter=viewer())
    outcomes = []
    for item in invited:
        link = item.token and mails.site_url("invitations.show", token=item.token)
        if link:
            mails.send_invitation(item.email, link=link, invited_by=viewer(), team_name=team.name)
        outcomes.append(Outcome(item.email, link, item.problem))
    db().commit()
    return render_template(
        "invitations/created.html", invited=outcomes, team=team, sends_mail=settings().sends_mail
    )


@bp.post("/team/invitations/<uuid:invitation_id>/revocation")
@login_required
def revoke(invitation_id: UUID) -> ResponseReturnValue:
    team = find.my_team(Act.MANAGE_TEAM)
    invitation = db().get(Invitation, invitation_id)
    if invitation is None or invitation.team_id != team.id:
        raise NotFound("There is no such invitation.")
    invitation.revoked_at = invitation.revoked_at or database.now()
    db().commit()
    flash(f"The invitation for {invitation.email} no longer works.", "success")
    return redirect(url_for("teams.show"))


@bp.get("/invitations/<token>")
def show(token: str) -> ResponseReturnValue:
    invitation = accounts.find_invitation(db(), token)
    return forms.show("invitations/show.html", invitation=invitation, token=token, **_page(invitation))


@bp.post("/invitations/<token>")
def accept(token: str) -> ResponseReturnValue:
    invitation = accounts.find_invitation(db(), token)
    act = (lambda: _accept_as_viewer(token)) if is_signed_in() else (lambda: _accept_as_new(token))
    return forms.ask_again_if_wrong(
        act, "invitations/show.html", invitation=invitation, token=token, **_page(invitation)
    )


def _page(invitation: Invitation) -> dict[str, Any]:
    return {"has_account": accounts.find_user(db(), invitation.email) is not None}


def _accept_as_viewer(token: str) -> ResponseReturnValue:
    team = accounts.accept_as(db(), token, viewer())
    user_session().team_id = team.id
    db().commit()
    flash(f"You are in {team.name}.", "success")
    return redirect(url_for("home.show"))


def _accept_as_new(token: str) -> ResponseReturnValue:
    user = accounts.accept_as_new(
        db(), token, name=forms.text("name"), password=request.form.get("password", "")
    )
    opened = accounts.open_session(
        db(), user, address=request.remote_addr or "", browser=request.user_agent.string
    )
    db().commit()
    auth.open_door(opened)
    flash(f"Welcome, {user.first_name}.", "success")
    return redirect(url_for("home.show"))
