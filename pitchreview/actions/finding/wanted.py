"""What is looked for, and the one query behind every answer: it passes through the sieve of the library."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, text
from sqlalchemy.orm import Session

from pitchreview.actions.listing import LANGUAGE
from pitchreview.models import Listing, Tag, User
from pitchreview.permissions import listings_visible_to

LONGEST_WORDS = 200


class Order(StrEnum):
    BEST = "best"
    NEWEST = "newest"


@dataclass(frozen=True)
class Wanted:
    words: str = ""
    tags: tuple[Tag, ...] = ()
    order: Order = Order.NEWEST
    after: str = ""  # `Found.next` of the page before
    most: int | None = None  # of the newest; else a whole page

    @property
    def is_anything(self) -> bool:
        """Neither words nor tags narrow it."""
        return not self.words and not self.tags


def plan_for_these_words(session: Session) -> None:
    """Common words and rare ones want different ways through the indexes: never one plan for both."""
    session.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))


def matching_listings(viewer: User, team_id: UUID, words: str, tags: Iterable[Tag]) -> Select[Any]:
    query: Select[Any] = listings_visible_to(viewer, team_id)
    if words:
        query = query.where(Listing.words.op("@@")(searched(words)))
    for tag in tags:
        query = query.where(Listing.tag_ids.contains([tag.id]))
    return query


def searched(words: str) -> ColumnElement[Any]:
    """What is looked for, as people write it in search boxes; the last word may be unfinished."""
    plain = words.split()
    if not all(word.isalnum() for word in plain):
        return func.websearch_to_tsquery(LANGUAGE, words)
    begun: ColumnElement[Any] = func.to_tsquery(LANGUAGE, f"{plain[-1]}:*")
    if plain[:-1]:
        begun = func.plainto_tsquery(LANGUAGE, " ".join(plain[:-1])).op("&&")(begun)
    return begun
