"""Series: a baseline, practice, and the same prompt once more; what changed between the two."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from pitchreview.actions import accounts, drilling, sequencing, setting
from pitchreview.errors import InvalidInput
from pitchreview.models import Drill, Scenario, Series, Take, User
from pitchreview.permissions import Act, scenarios_visible_to, takes_visible_to
from pitchreview.web import drill_form, find, forms
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer

# Baseline, practice, final: so many days from today.
PROPOSED_DAYS = (0, 7, 14)

bp = Blueprint("series", __name__, url_prefix="/series")


@bp.get("/new")
@login_required
def new() -> ResponseReturnValue:
    team = find.my_team(Act.WRITE_SCENARIO)
    today = setting.today(viewer())
    dates = {
        f"due_on_{number}": (today + timedelta(days=days)).isoformat()
        for number, days in enumerate(PROPOSED_DAYS, 1)
    }
    chosen = request.args.get("scenario", "")
    values = {"who": "team", "reviewers_from": "pool", "scenario": chosen, "practice_scenario": chosen}
    return forms.show("drills/series_new.html", values | dates, **_form(team.id))


@bp.post("")
@login_required
def create() -> ResponseReturnValue:
    team = find.my_team(Act.WRITE_SCENARIO)

    def act() -> ResponseReturnValue:
        asked = _scenario(team.id, "scenario")
        practised = _scenario(team.id, "practice_scenario") if forms.text("practice_scenario") else asked
        parts = [
            sequencing.Part(scenario, forms.text(f"due_on_{number}"))
            for number, scenario in enumerate((asked, practised, asked), 1)
        ]
        series = sequencing.set_series(db(), forms.text("name"), viewer(), parts, drill_form.terms(viewer()))
        db().commit()
        flash("The series is set. The first part is open, the others open by themselves.", "success")
        return redirect(url_for("series.show", series_id=series.id))

    return forms.ask_again_if_wrong(act, "drills/series_new.html", **_form(team.id))


@bp.get("/<uuid:series_id>")
@login_required
def show(series_id: UUID) -> ResponseReturnValue:
    series = find.series(series_id)
    takes = {drill.id: _takes_by_person(drill) for drill in series.drills}
    return render_template(
        "drills/series.html",
        series=series,
        first=series.drills[0],
        last=series.drills[-1],
        people=_people(series),
        takes=takes,
    )


def _form(team_id: UUID) -> dict[str, Any]:
    query = scenarios_visible_to(viewer()).where(Scenario.team_id == team_id, Scenario.archived_at.is_(None))
    return {
        "scenarios": list(db().scalars(query.order_by(Scenario.title))),
        "members": accounts.members_of(db(), team_id),
        "today": setting.today(viewer()),
    }


def _scenario(team_id: UUID, field: str) -> Scenario:
    query = scenarios_visible_to(viewer()).where(
        Scenario.team_id == team_id, Scenario.archived_at.is_(None), Scenario.id == forms.one_id(field)
    )
    found = db().scalar(query)
    if found is None:
        raise InvalidInput("Choose a scenario.", field=field)
    return found


def _people(series: Series) -> list[User]:
    """Whoever has a part of it, by name."""
    found = {person.id: person for drill in series.drills for person in drilling.people_of(db(), drill)}
    return sorted(found.values(), key=lambda person: person.name)


def _takes_by_person(drill: Drill) -> dict[UUID | None, Take]:
    takes = drilling.takes_of(db(), drill)
    seen = takes_visible_to(viewer()).where(Take.id.in_([take.id for take in takes]))
    ids = set(db().scalars(select(Take.id).where(Take.id.in_(seen.with_only_columns(Take.id)))))
    # The newest of each person comes first, and so is written last.
    return {take.pitch.presenter_id: take for take in reversed(takes) if take.id in ids}
