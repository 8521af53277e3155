"""The talk track: cards that are written, rewritten in versions, looked at again, and retired.

Each card is a tag of the library as well: the moments which bear it are looked at again when it changes.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import accounts, tagging, telling, wording
from pitchreview.actions.tagging import NewTag
from pitchreview.errors import InvalidInput, InvalidState
from pitchreview.models import Facet, Message, MessageKind, MessageVersion, Scenario, ScenarioMessage, User
from pitchreview.models.tag import LONGEST_NAME
from pitchreview.permissions import messages_visible_to

HOLDS_FOR = timedelta(days=90)
MOST_PHRASES = 12
LONGEST_BODY, LONGEST_PHRASE, LONGEST_WHY = 2000, 160, 300


@dataclass(frozen=True)
class Card:
    """A message as it is typed; of an objection `body` is what the buyer says, and `answer` what we say."""

    kind: MessageKind
    name: str
    body: str
    answer: str = ""
    must_say: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    owner_id: UUID | None = None
    review_on: date | None = None


def write(session: Session, team_id: UUID, card: Card, by: User) -> Message:
    """A new card; raises `InvalidInput` beside the field that does not fit."""
    message = Message(team_id=team_id, kind=card.kind, version=1, versions=[])
    card = _checked(session, message, card)
    _put(message, card)
    (message.tag,) = tagging.tags_for(session, team_id, [NewTag(Facet.MESSAGE, card.name)])
    tagging.bring_back(message.tag)
    session.add(message)
    _remember(message, by, why="")
    session.flush()
    accounts.note(session, "message written", actor=by, subject=str(message.id))
    return message


def rewrite(session: Session, message: Message, card: Card, by: User, *, why: str, seen: int) -> None:
    """Other words make a new version, which says what changed; owner and date alone do not.

    `seen` is the version that was shown to the person who rewrites it.
    """
    session.refresh(message, with_for_update=True)
    if message.version != seen:
        raise InvalidState("Somebody else has changed this card meanwhile. What you typed is all here.")
    card = _checked(session, message, card)
    before, renamed = _words(message), message.name != card.name
    if (message.owner_id, message.review_on) != (card.owner_id, card.review_on):
        telling.card_is_settled(session, message)
    _put(message, card)
    if _words(message) == before:
        return
    if not why.strip():
        raise InvalidInput("Say in a line what changed, and why.", field="why")
    message.version += 1
    message.changed_at = db.now()
    _remember(message, by, why=why.strip()[:LONGEST_WHY])
    if message.tag is not None:
        if renamed:
            message.tag = wording.rename(session, message.tag, by, card.name)
        tagging.mark_changed(message.tag)
    session.flush()
    accounts.note(session, "message changed", actor=by, subject=str(message.id), version=str(message.version))


def still_right(session: Session, message: Message, today: date) -> None:
    """Somebody looked: it holds, and is looked at again in three months."""
    message.review_on = today + HOLDS_FOR
    telling.card_is_settled(session, message)


def retire(session: Session, message: Message, by: User) -> None:
    """Said no more, or said again; its scenarios and moments are to be checked."""
    if message.retired_at is None:
        message.retired_at = db.now()
        telling.card_is_settled(session, message)
        if message.tag is not None:
            tagging.retire(message.tag)
    else:
        _check_name(session, message, message.name)
        message.retired_at = None
        if message.tag is not None:
            tagging.bring_back(message.tag)
    act = "message retired" if message.retired_at else "message brought back"
    accounts.note(session, act, actor=by, subject=str(message.id))


def of_team(session: Session, viewer: User, team_id: UUID) -> list[Message]:
    """All cards, also the retired ones, by name."""
    query = messages_visible_to(viewer).where(Message.team_id == team_id)
    return list(session.scalars(query.order_by(Message.name)))


def scenarios_with(session: Session, message: Message) -> list[tuple[Scenario, ScenarioMessage]]:
    """Where it is to be said, with the version that somebody looked at there."""
    query = (
        select(Scenario, ScenarioMessage)
        .join(ScenarioMessage, ScenarioMessage.scenario_id == Scenario.id)
        .where(ScenarioMessage.message_id == message.id, Scenario.archived_at.is_(None))
        .order_by(Scenario.title)
    )
    return [(scenario, use) for scenario, use in session.execute(query)]


def version_of(message: Message, number: int) -> MessageVersion | None:
    return next((each for each in message.versions if each.version == number), None)


def _put(message: Message, card: Card) -> None:
    message.kind, message.name, message.body, message.answer = card.kind, card.name, card.body, card.answer
    message.must_say, message.avoid = list(card.must_say), list(card.avoid)
    message.owner_id, message.review_on = card.owner_id, card.review_on


def _words(message: Message) -> tuple[object, ...]:
    return message.name, message.body, message.answer, list(message.must_say), list(message.avoid)


def _remember(message: Message, by: User, *, why: str) -> None:
    message.versions.insert(
        0,
        MessageVersion(
            version=message.version,
            name=message.name,
            body=message.body,
            answer=message.answer,
            must_say=message.must_say,
            avoid=message.avoid,
            why=why,
            written_by=by,
        ),
    )


def _checked(session: Session, message: Message, card: Card) -> Card:
    is_objection = card.kind is MessageKind.OBJECTION
    name = " ".join(card.name.split())[:LONGEST_NAME]
    if not name:
        raise InvalidInput("Give the card a name.", field="name")
    if not card.body:
        words = "Write what the buyer says." if is_objection else "Write what is to come across."
        raise InvalidInput(words, field="body")
    if is_objection and not card.answer:
        raise InvalidInput("Write what we say to it.", field="answer")
    _check_name(session, message, name)
    return Card(
        kind=card.kind,
        name=name,
        body=card.body[:LONGEST_BODY],
        answer=card.answer[:LONGEST_BODY] if is_objection else "",
        must_say=_phrases(card.must_say),
        avoid=_phrases(card.avoid),
        owner_id=card.owner_id,
        review_on=card.review_on,
    )


def _check_name(session: Session, message: Message, name: str) -> None:
    others = exists().where(
        Message.team_id == message.team_id,
        Message.id != message.id,
        func.lower(Message.name) == name.lower(),
        Message.retired_at.is_(None),
    )
    if session.scalar(select(others)):
        raise InvalidInput("There is a card with this name already.", field="name")


def _phrases(typed: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(phrase[:LONGEST_PHRASE] for phrase in typed[:MOST_PHRASES])
