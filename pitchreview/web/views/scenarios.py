"""Briefs: browsing and writing."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from pitchreview import db as database
from pitchreview.actions import (
    accounts,
    briefing,
    drilling,
    exemplifying,
    intake,
    preparing,
    quota,
    warming_up,
    watching,
)
from pitchreview.actions.ready_scenarios import READY_SCENARIOS, ready_scenario
from pitchreview.models import Drill, Pitch, Scenario, ScenarioMessage, Stage, Take
from pitchreview.permissions import (
    Act,
    drills_visible_to,
    may,
    scenarios_visible_to,
    takes_visible_to,
)
from pitchreview.web import briefs, find, forms
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, settings, viewer

SHORTEST_TARGET_SECONDS = 5

bp = Blueprint("scenarios", __name__, url_prefix="/scenarios")


@bp.get("")
@login_required
def index() -> ResponseReturnValue:
    team = find.my_team()
    stage = request.args.get("stage", "")
    query = (
        scenarios_visible_to(viewer())
        .where(Scenario.team_id == team.id, Scenario.archived_at.is_(None))
        .order_by(Scenario.created_at)
        .options(selectinload(Scenario.cards).joinedload(ScenarioMessage.message))
    )
    if stage in set(Stage):
        query = query.where(Scenario.stage == stage)
    return render_template(
        "scenarios/index.html",
        scenarios=list(db().scalars(query)),
        stage=stage,
        stages=list(Stage),
        drills=_open_drills(team.id),
        team=team,
    )


@bp.get("/new")
@login_required
def new() -> ResponseReturnValue:
    """Begins with a choice of situations; one of them, or a blank page, is then filled in."""
    team = find.my_team(Act.WRITE_SCENARIO)
    begins, title = request.args.get("from", ""), request.args.get("title", "")[:200]
    ready = ready_scenario(begins)
    if ready is None and not begins and not title:
        return render_template("scenarios/choose.html", ready=READY_SCENARIOS, stages=list(Stage))
    offered = briefs.offered(team.id)
    values = briefs.ready_values(ready, offered) if ready else briefs.blank_values(offered) | {"title": title}
    return forms.show("scenarios/edit.html", values, **offered)


@bp.post("")
@login_required
def create() -> ResponseReturnValue:
    team = find.my_team(Act.WRITE_SCENARIO)

    def act() -> ResponseReturnValue:
        scenario = Scenario(team_id=team.id, created_by=viewer(), key_messages=[], beats=[], cards=[])
        briefing.write(scenario, briefs.typed())
        db().add(scenario)
        briefs.take_along(scenario)
        db().commit()
        flash("The scenario is ready to be practised.", "success")
        return redirect(url_for("scenarios.show", scenario_id=scenario.id))

    return forms.ask_again_if_wrong(act, "scenarios/edit.html", **briefs.offered(team.id))


@bp.get("/<uuid:scenario_id>")
@login_required
def show(scenario_id: UUID) -> ResponseReturnValue:
    scenario = find.scenario(scenario_id)
    return forms.show("scenarios/show.html", **_page(scenario))


@bp.get("/<uuid:scenario_id>/studio")
@login_required
def studio(scenario_id: UUID) -> ResponseReturnValue:
    scenario = find.scenario(scenario_id, Act.PITCH)
    drill = drilling.live_drill(db(), scenario.id, viewer())
    after = find.exemplar_in(request.args, "after")
    asked = request.args.get("warm_up", type=UUID)
    return render_template(
        "studio/show.html",
        scenario=scenario,
        after=after,
        takeaway=after and watching.takeaway_of(db(), after, viewer()),
        warm_up=warming_up.find(db(), viewer(), asked) if asked else None,
        drill=drill,
        counts_first=bool(drill and drilling.counts_first(db(), drill, viewer())),
        target_seconds=_target(scenario),
        exemplars=exemplifying.exemplars_of(db(), viewer(), scenario)[:3],
        limits={
            "max_bytes": settings().max_upload_bytes,
            "max_seconds": settings().max_duration_seconds,
            "hard_limit_seconds": drill.limit_seconds if drill else None,
            "quota_left_bytes": quota.bytes_left(db(), settings(), viewer()),
        },
    )


def _target(scenario: Scenario) -> int:
    """The scenario's, or that of one answer which is recorded again (`?target=20`, in seconds)."""
    asked = request.args.get("target", "")
    is_shorter = asked.isdecimal() and SHORTEST_TARGET_SECONDS <= int(asked) < scenario.target_seconds
    return int(asked) if is_shorter else scenario.target_seconds


@bp.get("/<uuid:scenario_id>/edit")
@login_required
def edit(scenario_id: UUID) -> ResponseReturnValue:
    scenario = find.scenario(scenario_id, Act.WRITE_SCENARIO)
    offered = briefs.offered(scenario.team_id, scenario)
    return forms.show("scenarios/edit.html", briefs.values_of(scenario), **offered)


@bp.post("/<uuid:scenario_id>")
@login_required
def update(scenario_id: UUID) -> ResponseReturnValue:
    scenario = find.scenario(scenario_id, Act.WRITE_SCENARIO)

    def act() -> ResponseReturnValue:
        briefing.write(scenario, briefs.typed())
        briefs.take_along(scenario)
        db().commit()
        flash("Saved.", "success")
        return redirect(url_for("scenarios.show", scenario_id=scenario.id))

    offered = briefs.offered(scenario.team_id, scenario)
    return forms.ask_again_if_wrong(act, "scenarios/edit.html", **offered)


@bp.post("/<uuid:scenario_id>/check")
@login_required
def check(scenario_id: UUID) -> ResponseReturnValue:
    """Its cards have changed; somebody looked, and the scenario still fits."""
    scenario = find.scenario(scenario_id, Act.WRITE_SCENARIO)
    briefing.check_cards(scenario)
    db().commit()
    flash("Checked: the messages stand as they read now.", "success")
    return redirect(url_for("scenarios.show", scenario_id=scenario.id))


@bp.post("/<uuid:scenario_id>/archive")
@login_required
def archive(scenario_id: UUID) -> ResponseReturnValue:
    scenario = find.scenario(scenario_id, Act.WRITE_SCENARIO)
    scenario.archived_at = None if scenario.is_archived else database.now()
    db().commit()
    flash("Put away; its takes stay." if scenario.is_archived else "It is back.", "success")
    return redirect(url_for("scenarios.show", scenario_id=scenario.id))


def _page(scenario: Scenario) -> dict[str, Any]:
    pitch = db().scalar(
        select(Pitch).where(Pitch.scenario_id == scenario.id, Pitch.presenter_id == viewer().id)
    )
    for_others = may(viewer(), Act.PITCH_FOR_OTHERS, scenario)
    drill = drilling.live_drill(db(), scenario.id, viewer())
    return {
        "scenario": scenario,
        "pitch": pitch,
        "takes": _my_takes(scenario),
        "exemplars": exemplifying.exemplars_of(db(), viewer(), scenario),
        "example": exemplifying.chosen(db(), scenario),
        "example_waits": exemplifying.waits(db(), viewer(), scenario),
        "drill": drill,
        "drill_is_done": bool(drill and drilling.done_among(db(), [drill], viewer())),
        "open_drills": _open_drills(scenario.team_id, scenario),
        "watch_first": preparing.watch_first(db(), viewer(), drill) if drill else [],
        "presenters": accounts.members_of(db(), scenario.team_id) if for_others else [],
        "upload_limits": {
            "max_bytes": settings().max_upload_bytes,
            "quota_gb": settings().quota_gb,
            "left_bytes": quota.bytes_left(db(), settings(), viewer()),
            "endings": list(intake.ACCEPTED_ENDINGS),
        },
    }


def _my_takes(scenario: Scenario) -> list[Take]:
    """The viewer's own takes, the newest first."""
    mine = takes_visible_to(viewer()).where(
        Pitch.scenario_id == scenario.id, Pitch.presenter_id == viewer().id
    )
    return list(db().scalars(mine.order_by(Take.created_at.desc())))


def _open_drills(team_id: UUID, scenario: Scenario | None = None) -> list[Drill]:
    query = drills_visible_to(viewer()).where(Drill.team_id == team_id, Drill.closed_at.is_(None))
    if scenario is not None:
        query = query.where(Drill.scenario_id == scenario.id)
    return list(db().scalars(query.order_by(Drill.due_at)))
