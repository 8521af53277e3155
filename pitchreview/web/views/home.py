"""What waits for me now."""

from typing import NamedTuple

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from pitchreview.actions import (
    accounts,
    asking,
    consenting,
    drilling,
    finding,
    focusing,
    reviewing,
    warming_up,
)
from pitchreview.models import (
    Commitment,
    CommitmentState,
    Drill,
    Exemplar,
    Pitch,
    Recording,
    RecordingState,
    Review,
    Scenario,
    Take,
    Team,
)
from pitchreview.permissions import (
    Act,
    commitments_visible_to,
    is_open_to,
    may,
    takes_visible_to,
)
from pitchreview.web.auth import login_required
from pitchreview.web.context import current_team, db, viewer
from pitchreview.web.pages import waiting

bp = Blueprint("home", __name__)

# So many of the newest moments, for the first that is of somebody else
LOOKED_THROUGH = 12


class FirstStep(NamedTuple):
    """A line of the checklist that an empty team's manager sees."""

    label: str
    text: str
    url: str
    done: bool


@bp.get("/")
@login_required
def show() -> ResponseReturnValue:
    team = current_team()
    if team is None:
        return render_template("home/no_team.html", questions=consenting.questions_for(db(), viewer()))
    queue = waiting()
    return render_template(
        "home/show.html",
        queue=queue,
        minutes=sum(reviewing.review_minutes(take) for take in queue),
        review_minutes=reviewing.review_minutes,
        feedback=_feedback(),
        drills=_drills(team),
        asked=asking.asked_of(db(), viewer(), team.id),
        questions=consenting.questions_for(db(), viewer()),
        worth_watching=_worth_watching(team),
        my_takes=_my_takes(team),
        checklist=_checklist(team),
        works_on=_works_on(team),
        warm_ups=len(warming_up.due_for(db(), viewer(), team.id)),
    )


def _feedback() -> list[Review]:
    """The newest reviews of my takes."""
    mine = takes_visible_to(viewer()).where(Pitch.presenter_id == viewer().id).with_only_columns(Take.id)
    query = (
        select(Review)
        .where(is_open_to(viewer()), Review.take_id.in_(mine))
        .order_by(Review.published_at.desc())
        .limit(5)
    )
    return list(db().scalars(query))


def _drills(team: Team) -> list[tuple[Drill, bool]]:
    return drilling.open_for(db(), viewer(), team.id)


def _works_on(team: Team) -> list[Commitment]:
    """What I agreed to, and what somebody proposes that I have not answered; that first."""
    mine = focusing.open_commitments(db(), viewer().id, team.id)
    proposed = (
        commitments_visible_to(viewer())
        .where(
            Commitment.user_id == viewer().id,
            Commitment.team_id == team.id,
            Commitment.state == CommitmentState.PROPOSED,
        )
        .order_by(Commitment.created_at.desc())
        .limit(4)
    )
    agreed = [one for one in mine if one.state is CommitmentState.AGREED]
    return [*db().scalars(proposed), *agreed]


def _worth_watching(team: Team) -> Exemplar | None:
    """The newest of the library that is not of oneself."""
    newest = finding.fitting(db(), viewer(), team.id, "", LOOKED_THROUGH)
    return next((one for one in newest if one.take.pitch.presenter_id != viewer().id), None)


def _my_takes(team: Team) -> list[Take]:
    query = (
        takes_visible_to(viewer())
        .join(Take.recording)
        .where(
            Pitch.presenter_id == viewer().id,
            Pitch.team_id == team.id,
            Recording.state != RecordingState.AWAITING_UPLOAD,
        )
        .order_by(Take.created_at.desc())
        .limit(6)
    )
    return list(db().scalars(query))


def _checklist(team: Team) -> list[FirstStep]:
    """What a manager does first; gone when all is done."""
    if not may(viewer(), Act.MANAGE_TEAM, team):
        return []
    steps = [
        FirstStep(
            "Invite your team",
            "Paste their addresses; each gets a link.",
            url_for("invitations.new"),
            len(accounts.members_of(db(), team.id)) > 1 or bool(accounts.open_invitations(db(), team)),
        ),
        FirstStep(
            "Write the first scenario",
            "One situation your team meets every week.",
            url_for("scenarios.new"),
            _any(Scenario, team),
        ),
        FirstStep(
            "Hold up the first exemplar",
            "Record how you would do it, and say why it works.",
            url_for("library.index"),
            _any(Exemplar, team),
        ),
        FirstStep(
            "Set the first drill",
            "A scenario for everybody, with a date.",
            url_for("scenarios.index"),
            _any(Drill, team),
        ),
    ]
    return [] if all(step.done for step in steps) else steps


def _any(noun: type[Scenario] | type[Exemplar] | type[Drill], team: Team) -> bool:
    return bool(db().scalar(select(func.count()).select_from(noun).where(noun.team_id == team.id)))
