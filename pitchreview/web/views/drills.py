"""Drills: set on a form of their own, changed while they run, and who has done them."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from pitchreview import db as database
from pitchreview.actions import accounts, drilling, preparing, setting
from pitchreview.models import Drill, Role, Scenario, Take
from pitchreview.permissions import Act, drills_visible_to, scenarios_visible_to, takes_visible_to
from pitchreview.web import drill_form, find, forms
from pitchreview.web.auth import login_required
from pitchreview.web.context import current_role, db, viewer

# Closed ones of late; the others are found through their scenario.
MOST_CLOSED = 20

bp = Blueprint("drills", __name__)


@bp.get("/drills")
@login_required
def index() -> ResponseReturnValue:
    team = find.my_team()
    mine = drilling.open_for(db(), viewer(), team.id)
    all_of_team = (
        drills_visible_to(viewer())
        .where(Drill.team_id == team.id)
        .options(joinedload(Drill.scenario), joinedload(Drill.series), selectinload(Drill.people))
    )
    closed = all_of_team.where(Drill.closed_at.is_not(None)).order_by(Drill.closed_at.desc())
    running = all_of_team.where(Drill.closed_at.is_(None)).order_by(Drill.due_at)
    coaches = current_role() in (Role.COACH, Role.MANAGER)
    shown = list(db().scalars(running)) if coaches else [drill for drill, _ in mine]
    return render_template(
        "drills/index.html",
        drills=shown,
        done={drill.id for drill, is_done in mine if is_done},
        progress=drilling.progress_of(db(), team.id, shown) if coaches else {},
        closed=list(db().scalars(closed.limit(MOST_CLOSED))),
    )


@bp.get("/drills/new")
@login_required
def new() -> ResponseReturnValue:
    team = find.my_team(Act.WRITE_SCENARIO)
    scenario = _scenario_in(request.args.get("scenario", ""))
    if scenario is None:
        query = scenarios_visible_to(viewer()).where(
            Scenario.team_id == team.id, Scenario.archived_at.is_(None)
        )
        return render_template(
            "drills/choose.html", scenarios=list(db().scalars(query.order_by(Scenario.title)))
        )
    return forms.show("drills/edit.html", drill_form.first_values(viewer()), **_form(scenario))


@bp.post("/scenarios/<uuid:scenario_id>/drills")
@login_required
def create(scenario_id: UUID) -> ResponseReturnValue:
    scenario = find.scenario(scenario_id, Act.WRITE_SCENARIO)

    def act() -> ResponseReturnValue:
        drill = setting.set_drill(db(), scenario, viewer(), drill_form.terms(viewer()))
        _set_along(drill)
        db().commit()
        flash("The drill is set, and the people it is for are told.", "success")
        return redirect(url_for("drills.show", drill_id=drill.id))

    return forms.ask_again_if_wrong(act, "drills/edit.html", **_form(scenario))


@bp.get("/drills/<uuid:drill_id>")
@login_required
def show(drill_id: UUID) -> ResponseReturnValue:
    drill = find.drill(drill_id)
    return render_template("drills/show.html", **_page(drill))


@bp.get("/drills/<uuid:drill_id>/edit")
@login_required
def edit(drill_id: UUID) -> ResponseReturnValue:
    drill = find.drill(drill_id, Act.WRITE_SCENARIO)
    watch_first = [each.id for each in preparing.watch_first(db(), viewer(), drill)]
    typed = drill_form.values(drill, viewer(), watch_first)
    return forms.show("drills/edit.html", typed, **_form(drill.scenario, drill))


@bp.post("/drills/<uuid:drill_id>")
@login_required
def update(drill_id: UUID) -> ResponseReturnValue:
    drill = find.drill(drill_id, Act.WRITE_SCENARIO)

    def act() -> ResponseReturnValue:
        setting.change(db(), drill, viewer(), drill_form.terms(viewer()))
        _set_along(drill)
        db().commit()
        flash("The drill is changed. Whom it concerns is told.", "success")
        return redirect(url_for("drills.show", drill_id=drill.id))

    return forms.ask_again_if_wrong(act, "drills/edit.html", **_form(drill.scenario, drill))


@bp.post("/drills/<uuid:drill_id>/closing")
@login_required
def close(drill_id: UUID) -> ResponseReturnValue:
    drill = find.drill(drill_id, Act.WRITE_SCENARIO)
    setting.close(drill)
    db().commit()
    flash("The drill is closed.", "success")
    return redirect(url_for("drills.show", drill_id=drill.id))


@bp.post("/drills/<uuid:drill_id>/opening")
@login_required
def open_again(drill_id: UUID) -> ResponseReturnValue:
    drill = find.drill(drill_id, Act.WRITE_SCENARIO)
    setting.open_again(drill)
    db().commit()
    flash("The drill is open again.", "success")
    return redirect(url_for("drills.show", drill_id=drill.id))


def _scenario_in(written: str) -> Scenario | None:
    """The one that the address names."""
    return find.scenario(UUID(written), Act.WRITE_SCENARIO) if forms.is_id(written) else None


def _set_along(drill: Drill) -> None:
    offered = preparing.offered_for(db(), viewer(), drill.scenario)
    chosen = set(forms.ids("exemplar"))
    preparing.set_along(db(), drill, [each for each in offered if each.id in chosen], among=offered)


def _form(scenario: Scenario, drill: Drill | None = None) -> dict[str, Any]:
    rubric_id = drill.rubric_id if drill else scenario.rubric_id
    return {
        "scenario": scenario,
        "drill": drill,
        "criteria": setting.criteria_of(db(), rubric_id),
        "members": accounts.members_of(db(), scenario.team_id),
        "offered": preparing.offered_for(db(), viewer(), scenario),
        "today": setting.today(viewer()),
        "done": drilling.done_by(db(), drill) if drill else set(),
    }


def _page(drill: Drill) -> dict[str, Any]:
    role = viewer().role_in(drill.team_id)
    coaches = role in (Role.COACH, Role.MANAGER)
    people = drilling.people_of(db(), drill)
    takes = _visible_takes(drill)
    by_person: dict[UUID, Take] = {}
    for take in takes:
        if take.pitch.presenter_id is not None:
            by_person.setdefault(take.pitch.presenter_id, take)
    done = drilling.done_by(db(), drill)
    others = [take for take in takes if take.pitch.presenter_id not in {person.id for person in people}]
    return {
        "drill": drill,
        "coaches": coaches,
        "people": people,
        "is_mine": drilling.is_for(drill, viewer()),
        "is_done": viewer().id in done,
        "done": done,
        "take_of": by_person,
        "others": others,
        "shows_takes": not drill.hides_presenter or role is Role.MANAGER,
        "watch_first": preparing.watch_first(db(), viewer(), drill),
        "now": database.now(),
    }


def _visible_takes(drill: Drill) -> list[Take]:
    """Of what was submitted for it, what this viewer sees."""
    takes = drilling.takes_of(db(), drill)
    seen = select(Take.id).where(Take.id.in_([take.id for take in takes]))
    query = takes_visible_to(viewer()).where(Take.id.in_(seen)).with_only_columns(Take.id)
    ids = set(db().scalars(query))
    return [take for take in takes if take.id in ids]
