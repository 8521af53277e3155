"""The team: members, roles, leaving, and which team this browser looks at."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pitchreview.actions import accounts, assigning, consenting
from pitchreview.errors import NotFound
from pitchreview.models import Role
from pitchreview.permissions import Act, may
from pitchreview.web import find, forms
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, user_session, viewer

bp = Blueprint("teams", __name__)


@bp.get("/team")
@login_required
def show() -> ResponseReturnValue:
    team = find.my_team()
    manages = may(viewer(), Act.MANAGE_TEAM, team)
    return render_template(
        "teams/show.html",
        team=team,
        members=accounts.members_of(db(), team.id, with_former=manages),
        invitations=accounts.open_invitations(db(), team) if manages else [],
        roles=list(Role),
    )


@bp.post("/teams/<uuid:team_id>/use")
@login_required
def switch(team_id: UUID) -> ResponseReturnValue:
    team = find.team(team_id, Act.USE_TEAM)
    user_session().team_id = team.id
    db().commit()
    return redirect(url_for("home.show"))


@bp.post("/team/members/<uuid:membership_id>/role")
@login_required
def change_role(membership_id: UUID) -> ResponseReturnValue:
    membership = find.membership(membership_id)
    accounts.change_role(db(), membership, forms.choice("role", Role), actor=viewer())
    assigning.let_go(db(), membership)
    db().commit()
    flash(f"{membership.user.name} is now a {membership.role.value}.", "success")
    return redirect(url_for("teams.show"))


@bp.post("/team/members/<uuid:membership_id>/end")
@login_required
def end_membership(membership_id: UUID) -> ResponseReturnValue:
    membership = find.membership(membership_id)
    accounts.end_membership(db(), membership, actor=viewer())
    consenting.ask_who_leaves(db(), membership)
    assigning.let_go(db(), membership)
    db().commit()
    flash(f"{membership.user.name} can no longer see this team.", "success")
    return redirect(url_for("teams.show" if membership.user_id != viewer().id else "home.show"))


@bp.post("/team/members/<uuid:membership_id>/resume")
@login_required
def resume_membership(membership_id: UUID) -> ResponseReturnValue:
    membership = find.membership(membership_id)
    accounts.resume_membership(db(), membership, actor=viewer())
    consenting.forget_that_they_left(db(), membership)
    db().commit()
    flash(f"{membership.user.name} is back in the team.", "success")
    return redirect(url_for("teams.show"))


@bp.post("/team/leave")
@login_required
def leave() -> ResponseReturnValue:
    team = find.my_team()
    membership = next((m for m in viewer().active_memberships if m.team_id == team.id), None)
    if membership is None:
        raise NotFound("You are not in this team.")
    accounts.end_membership(db(), membership, actor=viewer())
    consenting.ask_who_leaves(db(), membership)
    assigning.let_go(db(), membership)
    db().commit()
    flash(f"You have left {team.name}. Your own takes stay yours.", "success")
    return redirect(url_for("home.show"))
