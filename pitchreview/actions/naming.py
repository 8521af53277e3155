"""How people are called in front of others: by their name, unless a drill hides it.

Names only: a face and a voice tell anyway, and so the pages say.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from pitchreview.models import Review, Role, Take, User

PRESENTER = "The presenter"


def name_of(session: Session, person: User, take: Take, viewer: User) -> str:
    """What `viewer` reads instead of the name of `person`, in what is said about this take."""
    if not is_hidden(person, take, viewer):
        return person.name
    if person.id == take.pitch.presenter_id:
        return PRESENTER
    return f"Reviewer {_place_of(session, person, take)}"


def is_hidden(person: User, take: Take, viewer: User) -> bool:
    """Managers see every name, and everybody sees their own."""
    drill = take.drill
    if drill is None or person.id == viewer.id or viewer.role_in(take.pitch.team_id) is Role.MANAGER:
        return False
    if person.id == take.pitch.presenter_id:
        return drill.hides_presenter
    return drill.hides_reviewers


def _place_of(session: Session, person: User, take: Take) -> int:
    """Reviewers are counted in the order in which they began; who only remarks comes after them."""
    begun = select(Review.reviewer_id).where(Review.take_id == take.id).order_by(Review.started_at, Review.id)
    ids = list(session.scalars(begun))
    return ids.index(person.id) + 1 if person.id in ids else len(ids) + 1
