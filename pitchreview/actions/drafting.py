"""A review while it is being written: it begins by itself, and two tabs work on the same one."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from pitchreview.actions import practising
from pitchreview.errors import InvalidState
from pitchreview.models import Review, ReviewState, Take, User


def review_of(session: Session, take: Take, reviewer: User) -> Review | None:
    return session.scalar(select(Review).where(Review.take_id == take.id, Review.reviewer_id == reviewer.id))


def held_review(session: Session, take: Take, reviewer: User) -> Review:
    """The reviewer's review, begun if need be; held against a second tab at the same moment.

    Whoever goes on with a review that they took back begins it again.
    """
    begun = review_of(session, take, reviewer) or start_review(session, take, reviewer)
    session.refresh(begun, ["state", "rubric_id"], with_for_update=True)
    session.refresh(begun, ["scores"])
    if begun.state is ReviewState.WITHDRAWN:
        begun.begin_again()
    return begun


def start_review(session: Session, take: Take, reviewer: User) -> Review:
    """Begin a review; from here on the presenter cannot swap the take any more."""
    practising.hold_still(session, take)
    if not take.is_submitted or take.is_deleted:
        raise InvalidState("The presenter has just taken this back. Your words are still in the box.")
    begun_meanwhile = review_of(session, take, reviewer)
    if begun_meanwhile is not None:
        return begun_meanwhile
    # The yardstick stays as it is now, whatever the scenario is given later.
    review = Review(take=take, reviewer=reviewer, rubric_id=take.rubric_id, scores=[])
    session.add(review)
    session.flush()
    return review
