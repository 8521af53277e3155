"""The manager's page: who was coached, what is late, what changed; and the results of a drill."""

from collections.abc import Iterator
from uuid import UUID

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from pitchreview import db as database
from pitchreview.actions import advising, overseeing, tabulating
from pitchreview.actions.exporting.spreadsheet import write_rows
from pitchreview.models import Commitment, CommitmentState, Criterion, Pitch, Proof, Take
from pitchreview.models.commitment import OPEN_COMMITMENTS
from pitchreview.permissions import Act, commitments_visible_to
from pitchreview.web import find
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer
from pitchreview.web.mails import site_url
from pitchreview.web.pages import pages_beside

bp = Blueprint("coaching", __name__, url_prefix="/coaching")

ON_A_PAGE = 100
STATES = ("open", "late", "fixed", "judged", "met")


@bp.get("")
@login_required
def index() -> ResponseReturnValue:
    team = find.my_team(Act.OVERSEE)
    overview = overseeing.overview(db(), team.id)
    return render_template("coaching/index.html", overview=overview, steps=advising.next_steps(overview))


@bp.get("/commitments")
@login_required
def commitments() -> ResponseReturnValue:
    """What was agreed, with the take behind each and what later takes proved."""
    team = find.my_team(Act.OVERSEE)
    state = request.args.get("state", "")
    state = state if state in STATES else "open"
    query = (
        commitments_visible_to(viewer())
        .where(Commitment.team_id == team.id, _is(state))
        .options(
            joinedload(Commitment.user),
            joinedload(Commitment.criterion),
            joinedload(Commitment.take).joinedload(Take.pitch).joinedload(Pitch.scenario),
            selectinload(Commitment.proofs).joinedload(Proof.judged_by),
        )
        .order_by(Commitment.due_on.nulls_last(), Commitment.created_at.desc(), Commitment.id)
    )
    asked = _asked_id("person")
    person = find.teammate(asked, Act.OVERSEE) if asked else None
    if person is not None:
        query = query.where(Commitment.user_id == person.id)
    elif state in ("open", "late"):
        # What somebody agreed to who has left is nobody's to show any more.
        query = query.where(Commitment.user_id.in_(overseeing.reps_of(team.id)))
    if line := request.args.get("line", ""):
        line_id = _asked_id("line")
        named = Commitment.criterion.has(Criterion.line_id == line_id)
        query = query.where(named if line_id else Commitment.criterion_id.is_(None))
    start = max(0, request.args.get("after", 0, type=int))
    found = list(db().scalars(query.offset(start).limit(ON_A_PAGE + 1)))
    return render_template(
        "coaching/commitments.html",
        commitments=found[:ON_A_PAGE],
        pages=pages_beside(start, ON_A_PAGE, has_more=len(found) > ON_A_PAGE),
        state=state,
        states=STATES,
        person=person,
        line=line,
    )


def _asked_id(name: str) -> UUID | None:
    try:
        return UUID(request.args.get(name, ""))
    except ValueError:
        return None


def _is(state: str) -> ColumnElement[bool]:
    match state:
        case "late":
            return Commitment.state.in_(OPEN_COMMITMENTS) & (Commitment.due_on < func.current_date())
        case "fixed":
            return Commitment.state == CommitmentState.FIXED
        case "judged":
            return _was_judged()
        case "met":
            return _was_judged() & (Commitment.state == CommitmentState.FIXED)
        case _:
            return Commitment.state.in_(OPEN_COMMITMENTS)


def _was_judged() -> ColumnElement[bool]:
    """What the fix rate counts: looked at again, or said to be fixed without a proof."""
    recently = database.now() - overseeing.PROVED_WITHIN
    looked_at = select(Proof.commitment_id).where(Proof.published_at > recently)
    said = (Commitment.state == CommitmentState.FIXED) & (Commitment.closed_at > recently)
    return or_(Commitment.id.in_(looked_at), said)


@bp.get("/overdue")
@login_required
def overdue() -> ResponseReturnValue:
    team = find.my_team(Act.OVERSEE)
    return render_template("coaching/overdue.html", overdue=overseeing.overdue(db(), team.id))


@bp.get("/drills/of/<uuid:user_id>")
@login_required
def drills_of(user_id: UUID) -> ResponseReturnValue:
    """What is set for a rep and running, with the take behind each."""
    team, person = find.my_team(Act.OVERSEE), find.teammate(user_id, Act.OVERSEE)
    late_only = request.args.get("state") == "late"
    drills = overseeing.drills_of(db(), team.id, person.id, late_only=late_only)
    return render_template("coaching/drills.html", person=person, drills=drills, late_only=late_only)


@bp.get("/drills/<uuid:drill_id>")
@login_required
def results(drill_id: UUID) -> ResponseReturnValue:
    drill = find.drill(drill_id, Act.OVERSEE)
    found, late_only = tabulating.results_of(db(), drill), request.args.get("state") == "late"
    shown = [row for row in found.rows if row.is_missing] if late_only else found.rows
    return render_template("coaching/results.html", results=found, rows=shown, late_only=late_only)


@bp.get("/drills/<uuid:drill_id>.csv")
@login_required
def results_table(drill_id: UUID) -> ResponseReturnValue:
    drill = find.drill(drill_id, Act.OVERSEE)
    found = tabulating.results_of(db(), drill)
    response = Response(write_rows(_headings(found), _lines(found)), content_type="text/csv; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename="drill results.csv")
    return response


def _headings(results: tabulating.Results) -> list[str]:
    levels = [name for each in results.criteria for name in (each.name, f"{each.name} (differ by)")]
    own = [f"{each.name} (own)" for each in results.criteria]
    return ["name", "due", "submitted", "late", "reviewers", "overall", *levels, *own, "take"]


def _lines(results: tabulating.Results) -> Iterator[list[str]]:
    for row in results.rows:
        levels = [text for cell in row.cells for text in (_level(cell.level), str(cell.spread or ""))]
        yield [
            row.person.name,
            row.due_at.date().isoformat(),
            row.submitted_at.isoformat(timespec="minutes") if row.submitted_at else "",
            "yes" if row.is_late else "",
            str(row.reviewers) if row.take else "",
            _level(row.overall),
            *levels,
            *(str(cell.own or "") for cell in row.cells),
            site_url("takes.show", take_id=row.take.id) if row.take else "",
        ]


def _level(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")
