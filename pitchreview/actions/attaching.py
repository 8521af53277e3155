"""What goes along with the words of a comment: a line of the rubric, an exemplar, people called by name."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.orm import Session

from pitchreview.actions import finding
from pitchreview.errors import InvalidInput
from pitchreview.models import (
    Comment,
    Criterion,
    Exemplar,
    Mention,
    Review,
    Rubric,
    Take,
    User,
)
from pitchreview.permissions import exemplars_visible_to, find_visible, people_who_see

MOST_MENTIONS = 20
MOST_FOUND = 20


def rubric_for(take: Take, review: Review | None) -> Rubric | None:
    """The yardstick of a comment: that of the review it belongs to, else the scenario's."""
    return (review and review.rubric) or take.pitch.scenario.rubric


def criterion(take: Take, review: Review | None, criterion_id: UUID | None) -> Criterion | None:
    if criterion_id is None:
        return None
    rubric = rubric_for(take, review)
    for line in rubric.criteria if rubric else []:
        if line.id == criterion_id:
            return line
    raise InvalidInput("That is not a line of this take’s rubric.", field="criterion_id")


def exemplar(session: Session, take: Take, author: User, exemplar_id: UUID | None) -> Exemplar | None:
    """One that the author sees, and the presenter with the rest of the team."""
    if exemplar_id is None:
        return None
    found = find_visible(session, exemplars_visible_to(author), exemplar_id)
    if found is None or not found.is_shown or found.team_id != take.pitch.team_id:
        raise InvalidInput("Your team cannot watch that example any more.", field="exemplar_id")
    return found


def exemplars(session: Session, take: Take, author: User, words: str) -> list[Exemplar]:
    """What the team may watch, the newest that fit the words first."""
    return finding.fitting(session, author, take.pitch.team_id, words, MOST_FOUND)


def people(session: Session, take: Take, author: User) -> list[User]:
    """Whom the author can call: who sees the take, by name."""
    others = people_who_see(take).where(User.id != author.id)
    return list(session.scalars(others.order_by(User.name)))


def mention(session: Session, remark: Comment, author: User, ids: Collection[UUID]) -> None:
    """Call people in a comment, beside those who are called in it already."""
    known = {named.user_id for named in remark.mentions}
    wanted = set(ids) - known - {author.id}
    if len(known | wanted) > MOST_MENTIONS:
        raise InvalidInput(f"Mention at most {MOST_MENTIONS} people in one comment.", field="mention")
    seeing = people_who_see(remark.take).where(User.id.in_(wanted)).with_only_columns(User.id)
    if wanted and set(session.scalars(seeing)) != wanted:
        raise InvalidInput("Somebody you mention cannot see this take.", field="mention")
    remark.mentions += [Mention(user_id=user_id) for user_id in sorted(wanted)]
