"""Briefs: browsing and writing."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from pitchreview import db as database
from pitchreview import timecode
from pitchreview.actions import accounts, briefing, drilling, intake, preparing, quota, rubrics, watching
from pitchreview.models import Drill, Exemplar, Pitch, Scenario, Stage, Take
from pitchreview.permissions import (
    Act,
    drills_visible_to,
    exemplars_visible_to,
    may,
    scenarios_visible_to,
    takes_visible_to,
)
from pitchreview.web import find, forms
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, settings, viewer

SHORTEST_TARGET_SECONDS = 5
# So many models stand beside a scenario; the library has the others
MOST_EXEMPLARS = 12

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
    team = find.my_team(Act.WRITE_SCENARIO)
    form = _form(team.id)
    title = request.args.get("title", "")[:200]
    values = {"title": title, "target": "1:30", "rubric": form["rubrics"][0].value}
    return forms.show("scenarios/edit.html", values, **form)


@bp.post("")
@login_required
def create() -> ResponseReturnValue:
    team = find.my_team(Act.WRITE_SCENARIO)

    def act() -> ResponseReturnValue:
        scenario = Scenario(team_id=team.id, created_by=viewer(), key_messages=[], beats=[])
        briefing.write(scenario, _brief())
        scenario.rubric = rubrics.chosen(db(), team.id, forms.text("rubric"))
        db().add(scenario)
        db().commit()
        flash("The scenario is ready to be practised.", "success")
        return redirect(url_for("scenarios.show", scenario_id=scenario.id))

    return forms.ask_again_if_wrong(act, "scenarios/edit.html", **_form(team.id))


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
    return render_template(
        "studio/show.html",
        scenario=scenario,
        after=after,
        takeaway=after and watching.takeaway_of(db(), after, viewer()),
        drill=drill,
        counts_first=bool(drill and drilling.counts_first(db(), drill, viewer())),
        target_seconds=_target(scenario),
        exemplars=_exemplars(scenario)[:3],
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
    return forms.show("scenarios/edit.html", _values(scenario), **_form(scenario.team_id, scenario))


@bp.post("/<uuid:scenario_id>")
@login_required
def update(scenario_id: UUID) -> ResponseReturnValue:
    scenario = find.scenario(scenario_id, Act.WRITE_SCENARIO)

    def act() -> ResponseReturnValue:
        briefing.write(scenario, _brief())
        scenario.rubric = rubrics.chosen(db(), scenario.team_id, forms.text("rubric"))
        db().commit()
        flash("Saved.", "success")
        return redirect(url_for("scenarios.show", scenario_id=scenario.id))

    return forms.ask_again_if_wrong(act, "scenarios/edit.html", **_form(scenario.team_id, scenario))


@bp.post("/<uuid:scenario_id>/archive")
@login_required
def archive(scenario_id: UUID) -> ResponseReturnValue:
    scenario = find.scenario(scenario_id, Act.WRITE_SCENARIO)
    scenario.archived_at = None if scenario.is_archived else database.now()
    db().commit()
    flash("Put away; its takes stay." if scenario.is_archived else "It is back.", "success")
    return redirect(url_for("scenarios.show", scenario_id=scenario.id))


def _form(team_id: UUID, scenario: Scenario | None = None) -> dict[str, Any]:
    return {"scenario": scenario, "stages": list(Stage), "rubrics": rubrics.choices(db(), team_id)}


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
        "exemplars": _exemplars(scenario),
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


def _exemplars(scenario: Scenario) -> list[Exemplar]:
    take_ids = select(Take.id).join(Take.pitch).where(Pitch.scenario_id == scenario.id)
    models = exemplars_visible_to(viewer()).where(
        Exemplar.take_id.in_(take_ids), Exemplar.contrast_to_id.is_(None)
    )
    newest = models.order_by(Exemplar.created_at.desc()).limit(MOST_EXEMPLARS)
    return [exemplar for exemplar in db().scalars(newest) if exemplar.is_shown]


def _open_drills(team_id: UUID, scenario: Scenario | None = None) -> list[Drill]:
    query = drills_visible_to(viewer()).where(Drill.team_id == team_id, Drill.closed_at.is_(None))
    if scenario is not None:
        query = query.where(Drill.scenario_id == scenario.id)
    return list(db().scalars(query.order_by(Drill.due_at)))


def _brief() -> briefing.Brief:
    return briefing.Brief(
        title=forms.text("title"),
        stage=forms.choice("stage", Stage),
        buyer=forms.text("buyer"),
        situation=forms.text("situation"),
        prompt=forms.text("prompt"),
        target=forms.text("target"),
        key_messages=forms.lines("key_messages"),
        beats=forms.lines("beats"),
    )


def _values(scenario: Scenario) -> dict[str, str]:
    """The brief as the form writes it."""
    return {
        "title": scenario.title,
        "stage": scenario.stage.value,
        "buyer": scenario.buyer,
        "situation": scenario.situation,
        "prompt": scenario.prompt,
        "target": timecode.format_ms(scenario.target_seconds * 1000),
        "key_messages": "\n".join(message.text for message in scenario.key_messages),
        "beats": "\n".join(
            f"{beat.name} {timecode.format_ms(beat.target_seconds * 1000)}" for beat in scenario.beats
        ),
        "rubric": str(scenario.rubric_id or ""),
    }
