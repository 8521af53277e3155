"""How people are called in front of others: by their name, unless a drill hides it.

Names only: a face and a voice tell anyway, and so the pages say.
"""

from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from pitchreview.models import Review, Role, Take, User

PRESENTER = "The presenter"


class Called(NamedTuple):
    """A person as a page may know them; `key` tells them apart, and is no id where the name is hidden."""

    key: str
    name: str

    @property
    def first_name(self) -> str:
        return self.name if self.key in (PRESENTER, self.name) else self.name.split()[0]


class Naming:
    """The names of one take, as one viewer reads them. Managers read every name, and everybody their own."""

    def __init__(self, session: Session, take: Take, viewer: User) -> None:
        self._session, self._take, self._viewer = session, take, viewer

    def of(self, person: User) -> Called:
        return self.of_id(person.id, person.name)

    def of_id(self, user_id: UUID, name: str) -> Called:
        if not self._is_hidden(user_id):
            return Called(str(user_id), name)
        if user_id == self._take.pitch.presenter_id:
            return Called(PRESENTER, PRESENTER)
        place = self._places.get(user_id, len(self._places) + 1)
        return Called(f"Reviewer {place}", f"Reviewer {place}")

    @property
    def presenter(self) -> Called:
        pitch = self._take.pitch
        if pitch.presenter_id is None:
            return Called(pitch.presented_by, pitch.presented_by)
        return self.of_id(pitch.presenter_id, pitch.presented_by)

    def _is_hidden(self, user_id: UUID) -> bool:
        drill = self._take.drill
        if drill is None or user_id == self._viewer.id:
            return False
        is_presenter = user_id == self._take.pitch.presenter_id
        if not (drill.hides_presenter if is_presenter else drill.hides_reviewers):
            return False
        return self._viewer.role_in(self._take.pitch.team_id) is not Role.MANAGER

    @cached_property
    def _places(self) -> dict[UUID, int]:
        """Reviewers are counted in the order in which they began; who only remarks comes after them."""
        begun = select(Review.reviewer_id).where(Review.take_id == self._take.id)
        ids = self._session.scalars(begun.order_by(Review.started_at, Review.id))
        return {user_id: place for place, user_id in enumerate(ids, start=1)}
