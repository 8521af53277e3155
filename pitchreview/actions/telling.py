"""Telling people what concerns them: what they find in their notifications, and what goes out by mail."""

from sqlalchemy.orm import Session

from pitchreview.models import Comment, Request, Review, Take


def tell_comment(session: Session, remark: Comment) -> None:
    """A comment or an answer can be read by others from now on."""


def tell_review(session: Session, review: Review) -> None:
    """A review was published; its comments were told of one by one before."""


def tell_opened(session: Session, take: Take) -> None:
    """The presenter has looked at their own work: what was published before reaches them now."""


def tell_request(session: Session, request: Request) -> None:
    """Somebody is asked for a review."""
