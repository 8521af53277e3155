"""Rubrics: the team's own and the ready-made ones, building them, and what their levels look like."""

from dataclasses import replace
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pitchreview.actions import anchoring, building, rubrics
from pitchreview.actions.building import MOST_LEVELS, Line, Plan
from pitchreview.actions.ready_rubrics import READY_RUBRICS
from pitchreview.errors import InvalidInput, InvalidState
from pitchreview.models import Rubric
from pitchreview.permissions import Act, may
from pitchreview.web import find, forms
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer, wants_fragment

bp = Blueprint("rubrics", __name__, url_prefix="/rubrics")


@bp.get("")
@login_required
def index() -> ResponseReturnValue:
    team = find.my_team()
    own = rubrics.of_team(db(), team.id)
    names = {rubric.name for rubric in own}
    return render_template(
        "rubrics/index.html",
        own=own,
        uses={rubric.id: building.uses_of(db(), rubric) for rubric in own},
        put_away=rubrics.put_away_of(db(), team.id),
        ready=[each for each in READY_RUBRICS if each.name not in names],
        writes=may(viewer(), Act.WRITE_SCENARIO, team),
    )


@bp.get("/new")
@login_required
def new() -> ResponseReturnValue:
    find.my_team(Act.WRITE_SCENARIO)
    ready = next((each for each in READY_RUBRICS if each.key == request.args.get("from")), None)
    return _form(building.plan_of_ready(ready) if ready else building.blank())


@bp.post("")
@login_required
def create() -> ResponseReturnValue:
    team = find.my_team(Act.WRITE_SCENARIO)
    plan = _typed()
    if forms.text("do"):
        return _form(_arranged(plan, forms.text("do")))
    try:
        rubric = building.build(db(), team.id, plan, viewer())
    except InvalidInput as error:
        return _form(plan, errors={error.field or "": error.message}), 400
    db().commit()
    flash("The rubric is ready to be chosen in a scenario.", "success")
    return redirect(url_for("rubrics.show", rubric_id=rubric.id))


@bp.post("/preview")
@login_required
def preview() -> ResponseReturnValue:
    """As a reviewer will see it."""
    find.my_team(Act.WRITE_SCENARIO)
    page = "rubrics/_sheet.html" if wants_fragment() else "rubrics/preview.html"
    return render_template(page, plan=_typed())


@bp.get("/<uuid:rubric_id>")
@login_required
def show(rubric_id: UUID) -> ResponseReturnValue:
    rubric = find.rubric(rubric_id)
    writes = may(viewer(), Act.WRITE_SCENARIO, rubric)
    return forms.show(
        "rubrics/show.html",
        rubric=rubric,
        plan=building.plan_of(rubric),
        newest=building.newest(db(), rubric),
        versions=building.versions_of(db(), rubric),
        uses=building.uses_of(db(), rubric),
        clips=anchoring.clips_of(db(), viewer(), rubric),
        offered=anchoring.offered(db(), viewer(), rubric.team_id) if writes else [],
        named=find.exemplar_in(request.args, "exemplar"),
        writes=writes,
    )


@bp.get("/<uuid:rubric_id>/edit")
@login_required
def edit(rubric_id: UUID) -> ResponseReturnValue:
    rubric = building.newest(db(), find.rubric(rubric_id, Act.WRITE_SCENARIO))
    return _form(building.plan_of(rubric), rubric)


@bp.post("/<uuid:rubric_id>")
@login_required
def update(rubric_id: UUID) -> ResponseReturnValue:
    rubric = find.rubric(rubric_id, Act.WRITE_SCENARIO)
    plan, seen = _typed(), forms.text("seen")
    if forms.text("do"):
        return _form(_arranged(plan, forms.text("do")), rubric, seen=seen)
    try:
        saved = building.rebuild(db(), rubric, plan, viewer(), seen=seen)
    except InvalidInput as error:
        db().rollback()
        return _form(plan, rubric, seen=seen, errors={error.field or "": error.message}), 400
    except InvalidState:
        db().rollback()
        return _form(plan, rubric, is_overtaken=True), 409
    db().commit()
    flash("Saved." if saved == rubric else f"Saved as version {saved.version}.", "success")
    return redirect(url_for("rubrics.show", rubric_id=saved.id))


@bp.post("/<uuid:rubric_id>/retirement")
@login_required
def retire(rubric_id: UUID) -> ResponseReturnValue:
    """Puts it away, or brings it back."""
    rubric = find.rubric(rubric_id, Act.WRITE_SCENARIO)
    building.put_away(db(), rubric, viewer())
    db().commit()
    flash("Put away; what uses it keeps it." if rubric.retired_at else "It is back.", "success")
    return redirect(url_for("rubrics.index"))


@bp.post("/<uuid:rubric_id>/clips")
@login_required
def pin(rubric_id: UUID) -> ResponseReturnValue:
    """A moment of the library shows what a level looks like."""
    rubric = find.rubric(rubric_id, Act.WRITE_SCENARIO)
    level_id, exemplar_id = forms.one_id("level"), forms.one_id("exemplar")
    if level_id is None:
        raise InvalidInput("Choose a level of this rubric.", field="level")
    level = anchoring.level_in(db(), rubric, level_id)
    anchoring.pin(db(), level, find.exemplar(exemplar_id) if exemplar_id else None, viewer())
    db().commit()
    flash("Pinned: reviewers can watch it beside this level." if exemplar_id else "Taken away.", "success")
    return redirect(url_for("rubrics.show", rubric_id=rubric.id, _anchor="clips"))


def _form(
    plan: Plan,
    rubric: Rubric | None = None,
    *,
    seen: str = "",
    errors: dict[str, str] | None = None,
    is_overtaken: bool = False,
) -> str:
    """The builder; what was overtaken shows what stands now, and sends it along as seen."""
    current = rubric and building.newest(db(), rubric)
    theirs = current and building.plan_of(current)
    return render_template(
        "rubrics/edit.html",
        plan=plan,
        rubric=current,
        seen=seen or (theirs.stamp if theirs else ""),
        theirs=theirs if is_overtaken else None,
        uses=current and building.uses_of(db(), current),
        errors=errors or {},
        most_levels=MOST_LEVELS,
    )


def _typed() -> Plan:
    return Plan(
        name=forms.text("name"),
        about=forms.text("about"),
        levels=tuple(forms.text(f"level-{number}") for number in range(1, MOST_LEVELS + 1)),
        lines=tuple(_line(line_id) for line_id in forms.ids("criterion")),
    )


def _line(line_id: UUID) -> Line:
    weight = forms.text(f"weight-{line_id}")
    return Line(
        line_id=line_id,
        name=forms.text(f"name-{line_id}"),
        about=forms.text(f"about-{line_id}"),
        weight=int(weight) if weight.isdecimal() else 1,
        anchors=tuple(forms.text(f"anchor-{line_id}-{n}") for n in range(1, MOST_LEVELS + 1)),
    )


def _arranged(plan: Plan, what: str) -> Plan:
    """What the buttons of the form do where there are no scripts: "add", "remove:…", "up:…", "down:…"."""
    lines = list(plan.lines)
    act, _, line_id = what.partition(":")
    place = next((n for n, line in enumerate(lines) if str(line.line_id) == line_id), None)
    if act == "add":
        lines.append(Line(uuid4()))
    elif place is not None:
        line = lines.pop(place)
        if act != "remove":
            lines.insert(max(0, place + (-1 if act == "up" else 1)), line)
    return replace(plan, lines=tuple(lines))
