"""Short answers to a comment without words: agreed, thanks, it helped."""

from sqlalchemy.orm import Session

from pitchreview.actions import limits, reviewing
from pitchreview.errors import InvalidState, NotAllowed
from pitchreview.models import Comment, Reaction, ReactionKind, User

LONGEST_REASON = 200


def react(session: Session, remark: Comment, user: User, kind: ReactionKind, reason: str = "") -> None:
    """Say it, or take it back when it was said; another reason replaces the one before."""
    limits.count(session, f"reaction:{user.id}", most=120, seconds=60)
    if remark.is_deleted:
        raise InvalidState("That comment has been deleted meanwhile.")
    if not remark.is_published:
        raise InvalidState("That comment is not out yet.")
    if remark.author_id == user.id:
        raise NotAllowed("This is your own comment.")
    # Whether it helped is for the one whom it was meant for to say.
    if kind is ReactionKind.HELPFUL and remark.take.pitch.presenter_id != user.id:
        raise NotAllowed("Only the presenter can say whether it helped.")
    session.refresh(remark, ["reactions"], with_for_update=True)
    reason = " ".join(reason.split())[:LONGEST_REASON]
    said = next((each for each in remark.reactions if each.user_id == user.id and each.kind is kind), None)
    if said is None:
        remark.reactions.append(Reaction(user=user, kind=kind, reason=reason))
    elif reason and reason != said.reason:
        said.reason = reason
    else:
        remark.reactions.remove(said)
    session.flush()
    reviewing.touch(session, remark)
