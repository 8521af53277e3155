"""The vocabulary of a team: tags are read as they are typed, and made when they are first used."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.models import Facet, Stage, Tag
from pitchreview.models.tag import LONGEST_NAME, clean_name, key_of, label_of

MOST_TAGS = 12
# How people write a facet before its colon
FACET_WORDS = {
    "stage": Facet.STAGE,
    "objection": Facet.OBJECTION,
    "buyer": Facet.PERSONA,
    "persona": Facet.PERSONA,
    "product": Facet.PRODUCT,
    "message": Facet.MESSAGE,
    "criterion": Facet.CRITERION,
    "topic": Facet.TOPIC,
}
HIGHEST_LEVEL = 5


@dataclass(frozen=True)
class NewTag:
    facet: Facet
    name: str
    level: int | None = None

    @property
    def key(self) -> str:
        return key_of(self.facet, self.name, self.level)

    @property
    def label(self) -> str:
        return label_of(self.name, self.level)


def read(text: str) -> list[NewTag]:
    """Tags out of "Objection, Buyer: CFO, Criterion: Asks before telling 4": trimmed, without doubles.

    A stage by itself is that stage, and anything else without a facet is a topic.
    """
    tags = (read_one(part) for part in text.split(",") if part.strip())
    return list({tag.key: tag for tag in tags if tag is not None}.values())


def read_one(text: str) -> NewTag | None:
    """A single tag, whose name may hold commas."""
    before, colon, after = text.partition(":")
    facet = FACET_WORDS.get(before.strip().casefold()) if colon else None
    name = " ".join((after if facet else text).split())[:LONGEST_NAME]
    if not name:
        return None
    if facet is None:
        facet = Facet.STAGE if name.casefold() in list(Stage) else Facet.TOPIC
    if facet is Facet.CRITERION:
        words, _, last = name.rpartition(" ")
        if words and last.isdecimal() and 1 <= int(last) <= HIGHEST_LEVEL:
            return NewTag(facet, words, int(last))
    return NewTag(facet, name)


def written(tag: Tag | NewTag) -> str:
    """As `read` reads it."""
    level = "" if tag.level is None else f" {tag.level}"
    if tag.facet is Facet.TOPIC or (tag.facet is Facet.STAGE and tag.name.casefold() in list(Stage)):
        return tag.name
    word = "Buyer" if tag.facet is Facet.PERSONA else tag.facet.value.capitalize()
    return f"{word}: {tag.name}{level}"


def tags_for(session: Session, team_id: UUID, wanted: Iterable[NewTag]) -> list[Tag]:
    """Their rows, in this order; those that the team has not used yet are made."""
    by_key = {tag.key: tag for tag in wanted}
    if not by_key:
        return []
    rows = [
        {"team_id": team_id, "facet": t.facet, "name": clean_name(t.name), "level": t.level, "key": key}
        for key, t in by_key.items()
    ]
    session.execute(insert(Tag).values(rows).on_conflict_do_nothing(index_elements=["team_id", "key"]))
    found = by_keys(session, team_id, list(by_key))
    return [found[key] for key in by_key]


def by_keys(session: Session, team_id: UUID, keys: Sequence[str]) -> dict[str, Tag]:
    """The tags of a team with these keys, in this order; unknown keys are left out."""
    query = select(Tag).where(Tag.team_id == team_id, Tag.key.in_(keys))
    found = {tag.key: tag for tag in session.scalars(query)}
    return {key: found[key] for key in keys if key in found}


def vocabulary(session: Session, team_id: UUID) -> list[Tag]:
    """All tags that are still in use, by facet and name."""
    query = select(Tag).where(Tag.team_id == team_id, Tag.retired_at.is_(None))
    tags = session.scalars(query.order_by(Tag.name, Tag.level)).all()
    return sorted(tags, key=lambda tag: list(Facet).index(tag.facet))


def mark_changed(tag: Tag) -> None:
    """What it names has changed: whatever bears it should be looked at again."""
    tag.changed_at = db.now()


def retire(tag: Tag) -> None:
    """What it names is no longer sold or said; it is offered no more."""
    tag.retired_at = tag.retired_at or db.now()


def bring_back(tag: Tag) -> None:
    tag.retired_at = None
