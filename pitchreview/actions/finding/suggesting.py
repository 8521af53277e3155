"""What fits while one types: tags and moments, each of which leads to something."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import Session

from pitchreview.actions.finding.hits import loaded
from pitchreview.actions.finding.wanted import LONGEST_WORDS, matching_listings, plan_for_these_words
from pitchreview.models import Exemplar, Listing, Tag, Team, User

MOST_SUGGESTED = 5


@dataclass(frozen=True)
class Suggestions:
    tags: list[Tag] = field(default_factory=list)
    exemplars: list[Exemplar] = field(default_factory=list)


def suggest(session: Session, viewer: User, team: Team, typed: str) -> Suggestions:
    """Tags and moments that fit what is typed so far; each of them leads to something."""
    typed = " ".join(typed.split())[:LONGEST_WORDS]
    if not typed:
        return Suggestions()
    tags = _suggested_tags(session, viewer, team, typed)
    return Suggestions(tags, fitting(session, viewer, team.id, typed, MOST_SUGGESTED))


def fitting(session: Session, viewer: User, team_id: UUID, words: str, most: int) -> list[Exemplar]:
    """The newest moments that these words fit; without words the newest of all."""
    plan_for_these_words(session)
    newest = matching_listings(viewer, team_id, words, ()).order_by(
        Listing.listed_at.desc(), Listing.exemplar_id.desc()
    )
    ids = session.scalars(newest.with_only_columns(Listing.exemplar_id).limit(most)).all()
    return loaded(session, ids)


def _suggested_tags(session: Session, viewer: User, team: Team, typed: str) -> list[Tag]:
    fitting = (
        select(Tag)
        .where(
            Tag.team_id == team.id,
            Tag.retired_at.is_(None),
            Tag.name.icontains(typed, autoescape=True),
        )
        .order_by(Tag.name.istartswith(typed, autoescape=True).desc(), Tag.name, Tag.level)
        .limit(2 * MOST_SUGGESTED)
    )
    tags = session.scalars(fitting).all()
    if not tags:
        return []
    # One short look for each: whether it leads to anything that this person finds.
    looks = (
        matching_listings(viewer, team.id, "", (tag,))
        .with_only_columns(literal(number).label("number"))
        .limit(1)
        .subquery()
        for number, tag in enumerate(tags)
    )
    leading = set(session.scalars(union_all(*(select(look.c.number) for look in looks))))
    return [tag for number, tag in enumerate(tags) if number in leading][:MOST_SUGGESTED]
