"""Takes: my own, the team's submitted ones, and the room where one is watched."""

from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, exists, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from pitchreview import timecode
from pitchreview.actions import beats, composing, intake, overseeing, practising, reading, warming_up
from pitchreview.actions.reading import Place
from pitchreview.errors import InvalidInput, NotAllowed
from pitchreview.models import (
    Layout,
    Pitch,
    Recording,
    RecordingState,
    Review,
    ReviewState,
    Role,
    Scenario,
    Take,
    Team,
    User,
)
from pitchreview.permissions import Act, is_nameless_to, may, scenarios_visible_to, takes_visible_to
from pitchreview.web import feedback, find, forms
from pitchreview.web.auth import login_required
from pitchreview.web.context import current_role, db, settings, viewer
from pitchreview.web.pages import pages_beside

bp = Blueprint("takes", __name__)


@bp.get("/takes")
@login_required
def index() -> ResponseReturnValue:
    """My takes, in the present team."""
    team = find.my_team()
    chosen = request.args.get("show", "all")
    query = takes_visible_to(viewer()).where(Pitch.presenter_id == viewer().id, Pitch.team_id == team.id)
    conditions = {
        "practice": Take.submitted_at.is_(None),
        "submitted": Take.submitted_at.is_not(None),
        "feedback": _is_reviewed(),
    }
    if chosen in conditions:
        query = query.where(conditions[chosen])
    takes, pages = _page(query.order_by(Take.created_at.desc(), Take.id))
    return render_template("takes/index.html", takes=takes, pages=pages, filter=chosen)


@bp.get("/team/takes")
@login_required
def team() -> ResponseReturnValue:
    """The team's submitted takes, for coaches and managers."""
    present = find.my_team()
    if current_role() not in (Role.COACH, Role.MANAGER):
        raise NotAllowed("Coaches and managers see the team's takes here.")
    submitted = takes_visible_to(viewer()).where(Take.submitted_at.is_not(None), Pitch.team_id == present.id)
    filters = {name: request.args.get(name, "") for name in ("presenter", "scenario", "state")}
    takes, pages = _page(_filtered(submitted, filters, present).order_by(Take.submitted_at.desc(), Take.id))
    presenters = select(User).where(User.id.in_(submitted.with_only_columns(Pitch.presenter_id)))
    scenarios = scenarios_visible_to(viewer()).where(Scenario.team_id == present.id)
    return render_template(
        "takes/team.html",
        takes=takes,
        pages=pages,
        filters=filters,
        presenters=list(db().scalars(presenters.order_by(User.name))),
        scenarios=list(db().scalars(scenarios.order_by(Scenario.title))),
        reviewed_ids=_reviewed_ids(submitted.where(Take.id.in_([take.id for take in takes]))),
    )


# A list of takes holds so many on a page; each comes with what its card shows.
ON_A_PAGE = 48


def _page(query: Select[Take]) -> tuple[list[Take], dict[str, str | None]]:
    """One page of a list of takes that have arrived, and the addresses of the pages beside it."""
    start = max(0, request.args.get("after", 0, type=int))
    arrived = query.join(Take.recording).where(Recording.state != RecordingState.AWAITING_UPLOAD)
    shown = (
        arrived.offset(start)
        .limit(ON_A_PAGE + 1)
        .options(
            contains_eager(Take.pitch).joinedload(Pitch.scenario),
            contains_eager(Take.pitch).joinedload(Pitch.presenter),
            contains_eager(Take.recording).selectinload(Recording.renditions),
            contains_eager(Take.recording).selectinload(Recording.steps),
            joinedload(Take.drill),
            selectinload(Take.requests),
            selectinload(Take.assignments),
        )
    )
    found = list(db().scalars(shown))
    return found[:ON_A_PAGE], pages_beside(start, ON_A_PAGE, has_more=len(found) > ON_A_PAGE)


def _filtered(query: Select[Take], filters: dict[str, str], team: Team) -> Select[Take]:
    if filters["presenter"] == "reps":
        query = query.where(Pitch.presenter_id.in_(overseeing.reps_of(team.id)))
    if presenter := _as_id(filters["presenter"]):
        query = query.where(Pitch.presenter_id == presenter, ~is_nameless_to(viewer()))
    if scenario := _as_id(filters["scenario"]):
        query = query.where(Pitch.scenario_id == scenario)
    if filters["state"] == "waiting":
        query = query.where(~_is_reviewed())
    if filters["state"] == "reviewed":
        query = query.where(_is_reviewed())
    if filters["state"] == "coached":
        query = query.where(Take.id.in_(overseeing.coached_takes_of(team.id)))
    return query


def _as_id(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None


def _is_reviewed() -> Any:
    return exists().where(Review.take_id == Take.id, Review.state == ReviewState.PUBLISHED)


def _reviewed_ids(submitted: Select[Take]) -> set[UUID]:
    return set(db().scalars(submitted.where(_is_reviewed()).with_only_columns(Take.id)))


# So many threads are in the page when it comes; the others follow when they are looked for.
FIRST_THREADS = 8


@bp.get("/takes/<uuid:take_id>")
@login_required
def show(take_id: UUID) -> ResponseReturnValue:
    take, me = find.take_to_watch(take_id), viewer()
    above = feedback.about(take)
    outline = reading.outline_of(db(), take, me)
    is_practice = not take.is_submitted and take.pitch.presenter_id == me.id
    return render_template(
        "takes/show.html",
        warm_up=warming_up.behind(db(), take) if is_practice else None,
        **above,
        recording=take.recording,
        said_by_all=_kinds(outline),
        said_by_me=_kinds(place for place in outline if place.is_mine),
        threads=reading.threads_of(db(), take, me, _first_ids(outline)),
        exemplars=[exemplar for exemplar in take.exemplars if exemplar.is_shown],
        is_owner=may(me, Act.OWN_TAKE, take),
        parts=beats.parts_of(db(), take),
    )


def _kinds(places: Iterable[Place]) -> Counter[str]:
    """How many comments of each kind there are."""
    return Counter(place.kind or "" for place in places if not place.is_deleted)


def _first_ids(outline: list[Place]) -> list[UUID]:
    """The threads around the comment or the moment that the address names, else the first ones."""
    comment_id, at_ms = _as_id(request.args.get("c", "")), timecode.parse_ms(request.args.get("t", ""))
    found = (
        i for i, place in enumerate(outline) if place.id == comment_id or (at_ms and place.at_ms >= at_ms)
    )
    start = max(0, min(next(found, 0) - FIRST_THREADS // 2, len(outline) - FIRST_THREADS))
    return [place.id for place in outline[start : start + FIRST_THREADS]]


@bp.get("/takes/<uuid:take_id>/brief")
@login_required
def brief(take_id: UUID) -> ResponseReturnValue:
    """What the presenter was asked to do: fetched when somebody looks at it."""
    take = find.take(take_id)
    return render_template("takes/_brief.html", recording=take.recording, scenario=take.pitch.scenario)


@bp.get("/takes/<uuid:take_id>/stage")
@login_required
def stage(take_id: UUID) -> ResponseReturnValue:
    """The player, or how far it is: what a page asks for again when it hears of a change."""
    take = find.take(take_id)
    is_owner = may(viewer(), Act.OWN_TAKE, take)
    parts = beats.parts_of(db(), take)
    return render_template(
        "takes/_stage.html", take=take, recording=take.recording, is_owner=is_owner, parts=parts
    )


@bp.post("/takes/<uuid:take_id>/submission")
@login_required
def submit(take_id: UUID) -> ResponseReturnValue:
    take = find.take(take_id, Act.OWN_TAKE)
    practising.submit(db(), take)
    db().commit()
    flash("Submitted. Your coaches find it in their queue.", "success")
    return _back_to(take)


@bp.post("/takes/<uuid:take_id>/submission/withdrawal")
@login_required
def take_back(take_id: UUID) -> ResponseReturnValue:
    take = find.take(take_id, Act.OWN_TAKE)
    practising.take_back(db(), take)
    db().commit()
    flash("It is a practice take again; only you see it.", "success")
    return _back_to(take)


@bp.post("/takes/<uuid:take_id>/sharing")
@login_required
def share(take_id: UUID) -> ResponseReturnValue:
    take = find.take(take_id, Act.OWN_TAKE)
    practising.share_with_team(take, request.form.get("shared") == "1")
    db().commit()
    flash(
        "Your team can watch it." if take.shared_with_team else "Only coaches and managers see it.", "success"
    )
    return _back_to(take)


@bp.post("/takes/<uuid:take_id>/retry")
@login_required
def retry(take_id: UUID) -> ResponseReturnValue:
    take = find.take(take_id, Act.OWN_TAKE)
    intake.retry(db(), take.recording)
    db().commit()
    return _back_to(take)


@bp.post("/takes/<uuid:take_id>/trim")
@login_required
def trim(take_id: UUID) -> ResponseReturnValue:
    """A shorter practice take of a stretch of this one."""
    take = find.take(take_id, Act.OWN_TAKE)
    shorter = composing.trim(db(), settings(), take, viewer(), _moment("from"), _moment("until"))
    db().commit()
    flash("Here is the shorter take. The whole one stays with you.", "success")
    return _back_to(shorter)


def _moment(name: str) -> int:
    """From the page's script in milliseconds, else as it was typed."""
    exact, typed = forms.integer(f"{name}_ms"), forms.moment(name)
    moment = exact if exact is not None else typed
    if moment is None:
        raise InvalidInput("Say where the shorter take begins and where it ends.", field=name)
    return moment


@bp.post("/takes/<uuid:take_id>/layout")
@login_required
def arrange(take_id: UUID) -> ResponseReturnValue:
    """Screen and camera put together in another way."""
    take = find.take(take_id, Act.OWN_TAKE)
    composing.arrange(db(), take, forms.choice("layout", Layout))
    db().commit()
    flash("Screen and camera are being put together anew. This take plays as it is until then.", "success")
    return _back_to(take)


@bp.post("/takes/<uuid:take_id>/deletion")
@login_required
def delete(take_id: UUID) -> ResponseReturnValue:
    take = find.take(take_id, Act.OWN_TAKE)
    practising.delete_take(db(), take)
    db().commit()
    flash(url_for("takes.restore", take_id=take.id), "undo-take")
    return redirect(url_for("pitches.show", pitch_id=take.pitch_id))


@bp.post("/takes/<uuid:take_id>/restoration")
@login_required
def restore(take_id: UUID) -> ResponseReturnValue:
    take = find.deleted_take(take_id)
    practising.undelete_take(db(), take)
    db().commit()
    flash("Your take is back.", "success")
    return _back_to(take)


def _back_to(take: Take) -> ResponseReturnValue:
    return redirect(url_for("takes.show", take_id=take.id))
