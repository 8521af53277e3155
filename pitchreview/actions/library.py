"""What great looks like: holding takes up as exemplars, consent, shelves."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import accounts
from pitchreview.errors import InvalidInput, InvalidState
from pitchreview.models import (
    Collection,
    CollectionItem,
    ConsentState,
    Exemplar,
    ExemplarTag,
    Take,
    Team,
    User,
)
from pitchreview.permissions import exemplars_visible_to

MOST_TAGS = 8


@dataclass(frozen=True)
class NewExemplar:
    title: str
    why: str
    tags: list[str]
    from_ms: int | None = None
    until_ms: int | None = None


def hold_up(session: Session, take: Take, by: User, new: NewExemplar) -> Exemplar:
    """Hold a take, or a range of it, up as a model. The team sees it once the presenter said yes."""
    _check_range(take, new)
    exemplar = Exemplar(
        team_id=take.pitch.team_id,
        take=take,
        held_up_by=by,
        from_ms=new.from_ms,
        until_ms=new.until_ms,
        title="",
        why="",
        tags=[],
    )
    describe(exemplar, new)
    _begin_consent(exemplar, by)
    session.add(exemplar)
    session.flush()
    accounts.note(session, "held up", actor=by, subject=str(exemplar.id), consent=exemplar.consent.value)
    return exemplar


def _check_range(take: Take, new: NewExemplar) -> None:
    if (new.from_ms is None) != (new.until_ms is None):
        raise InvalidInput("Give both ends of the range, or neither.", field="until")
    if new.from_ms is None or new.until_ms is None:
        return
    end = take.recording.duration_ms
    if not 0 <= new.from_ms < new.until_ms or (end is not None and new.until_ms > end + 500):
        raise InvalidInput("That range is not in this take.", field="until")


def change(exemplar: Exemplar, by: User, new: NewExemplar) -> None:
    """New words, tags or range for an exemplar; the presenter is asked again when it shows more of them."""
    _check_range(exemplar.take, new)
    shows_more = _shows_more(exemplar, new)
    exemplar.from_ms, exemplar.until_ms = new.from_ms, new.until_ms
    describe(exemplar, new)
    if shows_more and exemplar.take.pitch.presenter_id not in (None, by.id):
        exemplar.consent, exemplar.consent_at = ConsentState.ASKED, None


def _shows_more(exemplar: Exemplar, new: NewExemplar) -> bool:
    if exemplar.from_ms is None or exemplar.until_ms is None:
        return False
    if new.from_ms is None or new.until_ms is None:
        return True
    return new.from_ms < exemplar.from_ms or new.until_ms > exemplar.until_ms


def describe(exemplar: Exemplar, new: NewExemplar) -> None:
    """Title, why it works, tags."""
    title, why = " ".join(new.title.split()), new.why.strip()
    if not title:
        raise InvalidInput("Give it a title people will search for.", field="title")
    if not why:
        raise InvalidInput("Say why this works; without it nobody learns what to take over.", field="why")
    exemplar.title, exemplar.why = title[:200], why[:2000]
    exemplar.set_tags(new.tags[:MOST_TAGS])


def clean_tags(text: str) -> list[str]:
    """Tags out of "Objection, CFO": trimmed, without doubles."""
    names = (" ".join(part.split())[:40] for part in text.split(","))
    return list(dict.fromkeys(name for name in names if name))


def _begin_consent(exemplar: Exemplar, by: User) -> None:
    """One's own take, or one with consent noted at upload, needs no question."""
    pitch = exemplar.take.pitch
    if pitch.presenter_id == by.id or (pitch.presenter_id is None and exemplar.take.consent_at is not None):
        exemplar.answer_consent(ConsentState.GIVEN, db.now())
    elif pitch.presenter_id is None:
        raise InvalidState("Nobody noted how this presenter agreed, so it cannot be held up.")


def answer_consent(session: Session, exemplar: Exemplar, presenter: User, answer: ConsentState) -> None:
    """Yes, no, or later withdrawal; it acts at once."""
    if answer is ConsentState.ASKED or (answer is ConsentState.WITHDRAWN and not exemplar.is_shown):
        raise InvalidInput("Answer yes or no.")
    exemplar.answer_consent(answer, db.now())
    accounts.note(session, f"consent {answer.value}", actor=presenter, subject=str(exemplar.id))


def take_down(session: Session, exemplar: Exemplar, by: User) -> None:
    exemplar.taken_down_at = db.now()
    accounts.note(session, "took down", actor=by, subject=str(exemplar.id))


def make_collection(session: Session, team: Team, by: User, *, title: str, description: str) -> Collection:
    collection = Collection(team_id=team.id, created_by=by, title="", items=[])
    name_collection(collection, title=title, description=description)
    session.add(collection)
    session.flush()
    return collection


def name_collection(collection: Collection, *, title: str, description: str) -> None:
    title = " ".join(title.split())
    if not title:
        raise InvalidInput("Give the collection a title.", field="title")
    collection.title, collection.description = title[:200], description.strip()[:1000]


def place(
    session: Session, exemplar: Exemplar, collections: list[Collection], shelves: list[Collection]
) -> None:
    """Let the exemplar stand on exactly these shelves among the `collections` of its team."""
    for collection in collections:
        if collection in shelves:
            collection.put(exemplar)
        else:
            collection.drop(exemplar)
    session.flush()


def browse(session: Session, viewer: User, team: Team, *, words: str = "", tag: str = "") -> list[Exemplar]:
    """The team's exemplars, newest first; words are looked for in title, why and tags."""
    query = exemplars_visible_to(viewer).where(Exemplar.team_id == team.id)
    if tag:
        query = query.where(Exemplar.tags.any(ExemplarTag.name == tag))
    if words:
        query = query.where(_matches(words))
    return list(session.scalars(query.order_by(Exemplar.created_at.desc())).unique())


def _matches(words: str) -> ColumnElement[bool]:
    searched = func.websearch_to_tsquery("simple", words)
    text = func.to_tsvector("simple", Exemplar.title + " " + Exemplar.why)
    return or_(text.op("@@")(searched), Exemplar.tags.any(ExemplarTag.name.icontains(words, autoescape=True)))


def tags_in(exemplars: list[Exemplar]) -> list[str]:
    """Every tag of these, the most used first."""
    counts: dict[str, int] = {}
    for exemplar in exemplars:
        for tag in exemplar.tags:
            counts[tag.name] = counts.get(tag.name, 0) + 1
    return sorted(counts, key=lambda name: (-counts[name], name.lower()))


def shelf_of(session: Session, collection: Collection, viewer: User) -> list[Exemplar]:
    """What this viewer sees on a shelf, in its order."""
    query = (
        exemplars_visible_to(viewer)
        .join(CollectionItem, CollectionItem.exemplar_id == Exemplar.id)
        .where(CollectionItem.collection_id == collection.id)
        .order_by(CollectionItem.position)
    )
    return list(session.scalars(query))


def questions_for(session: Session, presenter: User) -> list[Exemplar]:
    """Exemplars of this person that wait for their yes or no."""
    query = exemplars_visible_to(presenter).where(
        Exemplar.consent == ConsentState.ASKED,
        Exemplar.take.has(Take.pitch.has(presenter_id=presenter.id)),
    )
    return list(session.scalars(query))
