"""Time for reviews: one's own, and for managers that of the team and its rules."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from pitchreview.actions import availability, calibrating, capacity, queueing
from pitchreview.errors import InvalidInput, NotFound
from pitchreview.models import Membership
from pitchreview.permissions import Act
from pitchreview.web import find, forms
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, today, viewer

bp = Blueprint("availability", __name__)


@bp.get("/review/time")
@login_required
def mine() -> ResponseReturnValue:
    return forms.show("availability/mine.html", **_own_page())


def _own_page() -> dict[str, Any]:
    membership = _own_membership()
    return {
        "membership": membership,
        "absences": availability.absences_of(db(), [viewer()], today())[viewer().id],
        "load": round(capacity.loads_of(db(), membership.team_id).get(viewer().id, 0)),
    }


def _own_membership() -> Membership:
    team = find.my_team()
    found = next((one for one in viewer().active_memberships if one.team_id == team.id), None)
    if found is None:
        raise NotFound("You are not in this team.")
    return found


@bp.post("/review/time")
@login_required
def set_minutes() -> ResponseReturnValue:
    def act() -> ResponseReturnValue:
        availability.set_minutes(_own_membership(), forms.integer("weekly_minutes"))
        db().commit()
        flash("Saved. New reviews are shared out by it.", "success")
        return redirect(url_for("availability.mine"))

    return forms.ask_again_if_wrong(act, "availability/mine.html", **_own_page())


@bp.post("/review/time/absences")
@login_required
def add_absence() -> ResponseReturnValue:
    def act() -> ResponseReturnValue:
        availability.add_absence(db(), viewer(), _day("from_on"), _day("until_on"))
        db().commit()
        flash("Noted. Nobody asks you for a review on these days.", "success")
        return redirect(url_for("availability.mine"))

    return forms.ask_again_if_wrong(act, "availability/mine.html", **_own_page())


def _day(name: str) -> date | None:
    value = forms.text(name)
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as error:
        raise InvalidInput("Choose a day.", field=name) from error


@bp.post("/review/time/absences/<uuid:absence_id>/removal")
@login_required
def drop_absence(absence_id: UUID) -> ResponseReturnValue:
    availability.drop_absence(db(), viewer(), absence_id)
    db().commit()
    return redirect(url_for("availability.mine"))


# --- the team's ---------------------------------------------------------------------------------------


@bp.get("/team/reviews")
@login_required
def team() -> ResponseReturnValue:
    return forms.show("availability/team.html", **_team_page())


def _team_page() -> dict[str, Any]:
    managed = find.my_team(Act.MANAGE_TEAM)
    members = capacity.members_of(db(), managed.id)
    return {
        "team": managed,
        "members": members,
        "loads": capacity.loads_of(db(), managed.id),
        "away": capacity.away_today(db(), [one.user for one in members]),
        "absences": availability.absences_of(db(), [one.user for one in members], today()),
        "calibrated": calibrating.calibrated_in(db(), managed),
        "conflicts": availability.conflicts_in(db(), managed),
        "given_back": queueing.given_back_in(db(), managed.id),
        "standards": len(calibrating.standards_for(db(), managed.id)),
    }


@bp.post("/team/reviews")
@login_required
def set_rules() -> ResponseReturnValue:
    managed = find.my_team(Act.MANAGE_TEAM)

    def act() -> ResponseReturnValue:
        availability.set_rules(
            db(),
            managed,
            asks_calibration=forms.text("asks_calibration") == "1",
            check_percent=forms.integer("check_percent"),
        )
        db().commit()
        flash("Saved.", "success")
        return redirect(url_for("availability.team"))

    return forms.ask_again_if_wrong(act, "availability/team.html", **_team_page())


@bp.post("/team/members/<uuid:membership_id>/minutes")
@login_required
def set_minutes_of(membership_id: UUID) -> ResponseReturnValue:
    membership = find.membership(membership_id)
    availability.set_minutes(membership, forms.integer("weekly_minutes"))
    db().commit()
    flash(f"{membership.user.first_name} has {membership.weekly_minutes} minutes a week.", "success")
    return redirect(url_for("availability.team"))


@bp.post("/team/conflicts")
@login_required
def add_conflict() -> ResponseReturnValue:
    managed = find.my_team(Act.MANAGE_TEAM)

    def act() -> ResponseReturnValue:
        availability.add_conflict(db(), managed, forms.one_id("one"), forms.one_id("other"))
        db().commit()
        flash("They do not get each other’s takes any more.", "success")
        return redirect(url_for("availability.team"))

    return forms.ask_again_if_wrong(act, "availability/team.html", **_team_page())


@bp.post("/team/conflicts/<uuid:conflict_id>/removal")
@login_required
def drop_conflict(conflict_id: UUID) -> ResponseReturnValue:
    availability.drop_conflict(db(), find.my_team(Act.MANAGE_TEAM), conflict_id)
    db().commit()
    return redirect(url_for("availability.team"))
