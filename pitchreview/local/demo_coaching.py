"""What came of feedback in the demo team: agreements and their proof, a focus, takes to set an eye by."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pitchreview.actions import warming_up
from pitchreview.local import demo_story as story
from pitchreview.models import (
    Commitment,
    CommitmentState,
    Criterion,
    Focus,
    Proof,
    Review,
    Standard,
    StandardScore,
    Take,
    User,
    Verdict,
)

Ago = Callable[[float], datetime]

# Expert levels of each criterion with the reason, by clip.
STANDARDS = {
    "discovery-priya": (
        (4, "Says what the fifteen minutes are for, and asks whether that fits."),
        (4, "Each question grows out of the last answer; the silences are hers."),
        (3, "One figure, and it is the buyer’s own."),
        (3, "The doubt is named, though late."),
        (2, "A next step without a day."),
    ),
    "vendor-ada-1": (
        (2, "A reason for the talk, but one that would fit anybody."),
        (1, "Tells for twenty seconds before the first question."),
        (2, "Benefits in general; nothing that this buyer said."),
        (2, "Answers the doubt before asking what is behind it."),
        (1, "Ends without one."),
    ),
}


def add(session: Session, takes: Mapping[str, Take], users: Mapping[str, User], ago: Ago) -> None:
    session.flush()
    _agree(session, takes, users, ago)
    _set_standards(session, takes, users)
    for review in session.scalars(select(Review).where(Review.published_at.is_not(None))):
        warming_up.after_review(session, review)


def _agree(session: Session, takes: Mapping[str, Take], users: Mapping[str, User], ago: Ago) -> None:
    """Ada fixed what Cole had proposed after her first round, and works on what came of the second."""
    first, second, ada = takes["vendor-ada-1"], takes["vendor-ada-2"], users["ada"]
    asking, ending = _criterion(first, 1), _criterion(first, 4)
    fixed = _commitment(first, users["cole"], "Ask one question before the first feature", asking)
    fixed.state, fixed.agreed_at, fixed.closed_at = CommitmentState.FIXED, ago(9.6), ago(4.2)
    at_ms, _ = story.moment(story.clip("vendor-ada-1"), "I understand that you already have a vendor")
    fixed.at_ms, fixed.until_ms = at_ms, at_ms + 6000
    seen_ms, _ = story.moment(story.clip("vendor-ada-2"), "May I ask")
    proof = Proof(
        commitment=fixed,
        take=second,
        judged_by=users["cole"],
        review=_review(session, second, users["cole"]),
        verdict=Verdict.FIXED,
        at_ms=seen_ms,
        until_ms=seen_ms + 6000,
        published_at=ago(4.2),
    )
    agreed = _commitment(second, users["cole"], "Count to three after the question", asking)
    agreed.state, agreed.agreed_at, agreed.at_ms = CommitmentState.AGREED, ago(4.0), seen_ms
    agreed.due_on = ago(-4.0).date()
    proposed = _commitment(second, users["mona"], "Name the figure of the person in front of you", ending)
    for one in (fixed, agreed, proposed):
        reviewer = one.proposed_by
        assert reviewer is not None
        one.review = _review(session, one.take, reviewer)
        session.add(one)
    session.add(proof)
    session.add(Focus(team_id=first.pitch.team_id, user=ada, criterion=asking, since=ago(9.6)))
    session.flush()


def _commitment(take: Take, by: User, words: str, criterion: Criterion) -> Commitment:
    assert take.pitch.presenter is not None
    return Commitment(
        team_id=take.pitch.team_id,
        user=take.pitch.presenter,
        take=take,
        criterion=criterion,
        words=words,
        state=CommitmentState.PROPOSED,
        proposed_by=by,
        proofs=[],
    )


def _criterion(take: Take, position: int) -> Criterion:
    rubric = take.pitch.scenario.rubric
    assert rubric is not None
    return rubric.criteria[position]


def _review(session: Session, take: Take, reviewer: User) -> Review:
    return session.scalars(select(Review).filter_by(take_id=take.id, reviewer_id=reviewer.id)).one()


def _set_standards(session: Session, takes: Mapping[str, Take], users: Mapping[str, User]) -> None:
    for clip, expected in STANDARDS.items():
        take = takes[clip]
        rubric = take.pitch.scenario.rubric
        assert rubric is not None
        scores = [
            StandardScore(criterion=criterion, level=criterion.levels[value - 1], reason=reason)
            for criterion, (value, reason) in zip(rubric.criteria, expected, strict=True)
        ]
        session.add(
            Standard(
                team_id=take.pitch.team_id, take=take, rubric=rubric, set_by=users["mona"], scores=scores
            )
        )
