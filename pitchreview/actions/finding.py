"""Finding moments in the library of a team: words, facets, what fits while one types.

Nothing here grows with the library: a page is found by its key, and words are ranked, and facets
counted, among the newest that match only. All of it passes through `permissions.listings_visible_to`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, literal, null, select, text, tuple_, union_all
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, joinedload, selectinload

from pitchreview import db
from pitchreview.actions.listing import LANGUAGE
from pitchreview.errors import InvalidInput
from pitchreview.models import (
    Commentary,
    Exemplar,
    Facet,
    Listing,
    MissedSearch,
    Pitch,
    Recording,
    Tag,
    Take,
    Team,
    User,
)
from pitchreview.permissions import listings_visible_to

PAGE = 24
# So many of the newest matches are ranked when the best are asked for
RANKED = 120
# So many are counted; where there are more, a count says "500+"
COUNTED = 500
MOST_SUGGESTED = 5
LONGEST_WORDS = 200
# Marks around matching words, until a template makes elements of them
OPENS, CLOSES = "\x02", "\x03"


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


@dataclass(frozen=True)
class Hit:
    """An exemplar, with the words that matched between `OPENS` and `CLOSES`."""

    exemplar: Exemplar
    title: str
    why: str
    said: str = ""  # from the commentary, where the match is there
    at_ms: int | None = None  # the moment on the take at which that is said


@dataclass(frozen=True)
class FacetCount:
    tag: Tag
    count: int
    is_more: bool  # than were counted: then the number says little
    is_chosen: bool


@dataclass(frozen=True)
class Found:
    hits: list[Hit]
    total: int
    is_more: bool  # than were counted
    facets: dict[Facet, list[FacetCount]]
    next: str  # of `Wanted.after`; empty at the end


@dataclass(frozen=True)
class Neighbours:
    """What stands before and after an exemplar among what was found."""

    previous: Exemplar | None = None
    next: Exemplar | None = None


@dataclass(frozen=True)
class Suggestions:
    tags: list[Tag] = field(default_factory=list)
    exemplars: list[Exemplar] = field(default_factory=list)


def find(session: Session, viewer: User, team: Team, wanted: Wanted) -> Found:
    """One page of moments, how many there are, and what they can be narrowed by."""
    _plan_for_these_words(session)
    matching = _matching(viewer, team.id, wanted.words, wanted.tags)
    ids, following = _page(session, matching, wanted)
    total, facets = _counted(session, viewer, team, wanted)
    return Found(
        hits=_hits(session, ids, wanted.words),
        total=min(total, COUNTED),
        is_more=total > COUNTED,
        facets=facets,
        next=following,
    )


def _plan_for_these_words(session: Session) -> None:
    """Common words and rare ones want different ways through the indexes: never one plan for both."""
    session.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))


def _matching(viewer: User, team_id: UUID, words: str, tags: Iterable[Tag]) -> Select[Any]:
    query: Select[Any] = listings_visible_to(viewer, team_id)
    if words:
        query = query.where(Listing.words.op("@@")(_searched(words)))
    for tag in tags:
        query = query.where(Listing.tag_ids.contains([tag.id]))
    return query


def _searched(words: str) -> ColumnElement[Any]:
    """What is looked for, as people write it in search boxes; the last word may be unfinished."""
    plain = words.split()
    if not all(word.isalnum() for word in plain):
        return func.websearch_to_tsquery(LANGUAGE, words)
    begun: ColumnElement[Any] = func.to_tsquery(LANGUAGE, f"{plain[-1]}:*")
    if plain[:-1]:
        begun = func.plainto_tsquery(LANGUAGE, " ".join(plain[:-1])).op("&&")(begun)
    return begun


def _page(session: Session, matching: Select[Any], wanted: Wanted) -> tuple[list[UUID], str]:
    if wanted.order is Order.BEST and wanted.words:
        return _best(session, matching, wanted)
    newest_first = matching.order_by(Listing.listed_at.desc(), Listing.exemplar_id.desc())
    if wanted.after:
        at, exemplar_id = _read_key(wanted.after)
        newest_first = newest_first.where(
            tuple_(Listing.listed_at, Listing.exemplar_id) < tuple_(literal(at), literal(exemplar_id))
        )
    most = wanted.most or PAGE
    rows = session.execute(
        newest_first.with_only_columns(Listing.exemplar_id, Listing.listed_at).limit(most + 1)
    ).all()
    shown = rows[:most]
    return [row.exemplar_id for row in shown], _key(shown[-1]) if len(rows) > most else ""


def _best(session: Session, matching: Select[Any], wanted: Wanted) -> tuple[list[UUID], str]:
    """A page further on begins where the one before ended."""
    ids = _ranked(session, matching, wanted.words)
    start = int(wanted.after) if wanted.after.isdecimal() else 0
    return ids[start : start + PAGE], str(start + PAGE) if len(ids) > start + PAGE else ""


def _ranked(session: Session, matching: Select[Any], words: str) -> list[UUID]:
    """The newest matches, the best of them first."""
    newest_first = matching.order_by(Listing.listed_at.desc(), Listing.exemplar_id.desc())
    # Opened by many and finished by nobody says something: up to half of its rank.
    finished = (Exemplar.finished_count + 1.0) / (Exemplar.opened_count + 1.0)
    rank = func.ts_rank(Listing.words, _searched(words)) * (0.5 + 0.5 * func.least(1.0, finished))
    candidates = newest_first.with_only_columns(Listing.exemplar_id, rank.label("rank")).limit(RANKED)
    ranked = candidates.subquery()
    best_first = select(ranked.c.exemplar_id).order_by(ranked.c.rank.desc(), ranked.c.exemplar_id)
    return list(session.scalars(best_first))


def _key(row: Any) -> str:
    return f"{row.listed_at.isoformat()}~{row.exemplar_id}"


def _read_key(key: str) -> tuple[datetime, UUID]:
    at, _, exemplar_id = key.partition("~")
    try:
        return datetime.fromisoformat(at), UUID(exemplar_id)
    except ValueError:
        raise InvalidInput("That page of the library does not exist. Begin again at the first.") from None


def _hits(session: Session, ids: Sequence[UUID], words: str) -> list[Hit]:
    exemplars = loaded(session, ids)
    if not words:
        return [Hit(exemplar, exemplar.title, exemplar.why) for exemplar in exemplars]
    marks = _marked_words(session, ids, words)
    said = _marked_commentary(session, ids, words)
    hits = []
    for exemplar in exemplars:
        title, why = marks[exemplar.id]
        thought, at_ms = said.get(exemplar.id, ("", None))
        is_elsewhere = OPENS not in title and OPENS not in why
        hits.append(
            Hit(exemplar, title, why, thought if is_elsewhere else "", at_ms if is_elsewhere else None)
        )
    return hits


def loaded(session: Session, ids: Sequence[UUID]) -> list[Exemplar]:
    """These exemplars in this order, with what a card shows: a fixed number of statements."""
    query = (
        select(Exemplar)
        .where(Exemplar.id.in_(ids))
        .options(
            joinedload(Exemplar.take).joinedload(Take.pitch).joinedload(Pitch.presenter),
            joinedload(Exemplar.take).joinedload(Take.pitch).joinedload(Pitch.scenario),
            joinedload(Exemplar.take).joinedload(Take.recording).selectinload(Recording.renditions),
            selectinload(Exemplar.tags),
        )
    )
    by_id = {exemplar.id: exemplar for exemplar in session.scalars(query).unique()}
    return [by_id[exemplar_id] for exemplar_id in ids if exemplar_id in by_id]


def _marked(column: Any, words: str, options: str) -> ColumnElement[str]:
    clean = func.translate(column, OPENS + CLOSES, "")
    options = f"StartSel={OPENS}, StopSel={CLOSES}, {options}"
    return func.ts_headline(LANGUAGE, clean, _searched(words), options)


def _marked_words(session: Session, ids: Sequence[UUID], words: str) -> dict[UUID, tuple[str, str]]:
    title = _marked(Exemplar.title, words, "HighlightAll=true")
    why = _marked(Exemplar.why, words, "MaxWords=34, MinWords=14")
    rows = session.execute(select(Exemplar.id, title, why).where(Exemplar.id.in_(ids)))
    return {exemplar_id: (title, why) for exemplar_id, title, why in rows}


def _marked_commentary(
    session: Session, ids: Sequence[UUID], words: str
) -> dict[UUID, tuple[str, int | None]]:
    both = Commentary.thought + " " + Commentary.unsaid
    marked = _marked(both, words, "MaxWords=34, MinWords=14").label("marked")
    query = select(Commentary.exemplar_id, marked, Commentary.at_ms).where(
        Commentary.exemplar_id.in_(ids), func.to_tsvector(LANGUAGE, both).op("@@")(_searched(words))
    )
    rows = session.execute(query.order_by(Commentary.at_ms.desc()))
    return {exemplar_id: (said, at_ms) for exemplar_id, said, at_ms in rows}


def _counted(
    session: Session, viewer: User, team: Team, wanted: Wanted
) -> tuple[int, dict[Facet, list[FacetCount]]]:
    """How many match, and by what they can be narrowed; of a chosen facet, what could stand in its place."""
    chosen = {tag.facet: tag for tag in wanted.tags}
    asked: dict[Facet | None, Select[Any]] = {None: _matching(viewer, team.id, wanted.words, wanted.tags)}
    for facet, tag in chosen.items():
        others = [other for other in wanted.tags if other is not tag]
        asked[facet] = _matching(viewer, team.id, wanted.words, others)
    names = list(asked)
    rows = session.execute(
        union_all(*(part for i, query in enumerate(asked.values()) for part in _tallies(i, query)))
    ).all()
    totals = {names[row.asked]: row.number for row in rows if row.tag_id is None}
    tags = {tag.id: tag for tag in session.scalars(select(Tag).where(Tag.id.in_({r.tag_id for r in rows})))}
    facets: dict[Facet, list[FacetCount]] = {facet: [] for facet in Facet}
    for row in sorted(rows, key=lambda row: -row.number):
        borne, asked_for = tags.get(row.tag_id), names[row.asked]
        if borne is not None and asked_for is (borne.facet if borne.facet in chosen else None):
            is_more = totals[asked_for] > COUNTED
            facets[borne.facet].append(FacetCount(borne, row.number, is_more, borne in wanted.tags))
    for tag in wanted.tags:
        if all(entry.tag is not tag for entry in facets[tag.facet]):
            facets[tag.facet].append(FacetCount(tag, 0, False, True))
    return totals[None], {facet: entries for facet, entries in facets.items() if entries}


def _tallies(asked: int, matching: Select[Any]) -> list[Select[Any]]:
    """Of what matches, as far as it is counted: how much it is, and how often it bears each tag."""
    counted = matching.with_only_columns(Listing.tag_ids).limit(COUNTED + 1).cte(f"counted_{asked}")
    whole = select(literal(asked).label("asked"), null().label("tag_id"), func.count().label("number"))
    borne = select(func.unnest(counted.c.tag_ids).label("tag_id")).subquery()
    each = select(literal(asked), borne.c.tag_id, func.count()).group_by(borne.c.tag_id)
    return [whole.select_from(counted), each]


# --- leafing through -----------------------------------------------------------------------------------


def neighbours(session: Session, viewer: User, team: Team, wanted: Wanted, exemplar: Exemplar) -> Neighbours:
    """Wherever among what was found it stands; nothing beside what was not found."""
    _plan_for_these_words(session)
    matching = _matching(viewer, team.id, wanted.words, wanted.tags)
    is_ranked = wanted.order is Order.BEST and bool(wanted.words)
    beside = _beside_ranked if is_ranked else _beside_newest
    before, behind = beside(session, matching, wanted, exemplar)
    found = {one.id: one for one in loaded(session, [one for one in (before, behind) if one])}
    previous, following = (None if one is None else found.get(one) for one in (before, behind))
    return Neighbours(previous, following)


def _beside_ranked(
    session: Session, matching: Select[Any], wanted: Wanted, exemplar: Exemplar
) -> tuple[UUID | None, UUID | None]:
    ids = [None, *_ranked(session, matching, wanted.words), None]
    if exemplar.id not in ids:
        return None, None
    here = ids.index(exemplar.id)
    return ids[here - 1], ids[here + 1]


def _beside_newest(
    session: Session, matching: Select[Any], _wanted: Wanted, exemplar: Exemplar
) -> tuple[UUID | None, UUID | None]:
    listed_at = session.scalar(
        matching.where(Listing.exemplar_id == exemplar.id).with_only_columns(Listing.listed_at)
    )
    if listed_at is None:
        return None, None
    key = tuple_(Listing.listed_at, Listing.exemplar_id)
    here = tuple_(literal(listed_at), literal(exemplar.id))
    ids = matching.with_only_columns(Listing.exemplar_id).limit(1)
    newer = ids.where(key > here).order_by(Listing.listed_at, Listing.exemplar_id)
    older = ids.where(key < here).order_by(Listing.listed_at.desc(), Listing.exemplar_id.desc())
    return session.scalar(newer), session.scalar(older)


# --- while one types ---------------------------------------------------------------------------------


def suggest(session: Session, viewer: User, team: Team, typed: str) -> Suggestions:
    """Tags and moments that fit what is typed so far; each of them leads to something."""
    typed = " ".join(typed.split())[:LONGEST_WORDS]
    if not typed:
        return Suggestions()
    tags = _suggested_tags(session, viewer, team, typed)
    return Suggestions(tags, fitting(session, viewer, team.id, typed, MOST_SUGGESTED))


def fitting(session: Session, viewer: User, team_id: UUID, words: str, most: int) -> list[Exemplar]:
    """The newest moments that these words fit; without words the newest of all."""
    _plan_for_these_words(session)
    newest = _matching(viewer, team_id, words, ()).order_by(
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
        _matching(viewer, team.id, "", (tag,))
        .with_only_columns(literal(number).label("number"))
        .limit(1)
        .subquery()
        for number, tag in enumerate(tags)
    )
    leading = set(session.scalars(union_all(*(select(look.c.number) for look in looks))))
    return [tag for number, tag in enumerate(tags) if number in leading][:MOST_SUGGESTED]


# --- looked for in vain ------------------------------------------------------------------------------


def note_missed(session: Session, team: Team, wanted: Wanted) -> None:
    """Remember what nothing was found for, without who asked: it says what to record next."""
    if wanted.is_anything:
        return
    words = " ".join(wanted.words.split())[:LONGEST_WORDS]
    keys = sorted(tag.key for tag in wanted.tags)
    now = db.now()
    row = {
        "team_id": team.id,
        "key": "|".join([words.casefold(), *keys]),
        "words": words,
        "tags": keys,
        "times": 1,
        "first_at": now,
        "last_at": now,
    }
    again = {"times": MissedSearch.times + 1, "last_at": now, "settled_at": None}
    new = insert(MissedSearch).values(**row)
    session.execute(new.on_conflict_do_update(index_elements=["team_id", "key"], set_=again))


def missed(session: Session, team: Team, most: int = 20) -> list[MissedSearch]:
    """What the team looks for in vain, the most wanted first."""
    query = (
        select(MissedSearch)
        .where(MissedSearch.team_id == team.id, MissedSearch.settled_at.is_(None))
        .order_by(MissedSearch.times.desc(), MissedSearch.last_at.desc())
    )
    return list(session.scalars(query.limit(most)))
