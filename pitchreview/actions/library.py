"""What great looks like: holding takes up as exemplars, with the consent of who is seen in them."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from pitchreview import db, timecode
from pitchreview.actions import accounts, clipping, consenting, listing, tagging
from pitchreview.actions.tagging import NewTag
from pitchreview.errors import InvalidInput
from pitchreview.models import Exemplar, Take, User


@dataclass(frozen=True)
class NewExemplar:
    title: str
    why: str
    tags: list[NewTag] = field(default_factory=list)
    from_ms: int | None = None
    until_ms: int | None = None
    is_draft: bool = False  # nobody is asked, and nobody but the curators knows of it
    publish_at: datetime | None = None  # None: at once
    contrast_to: Exemplar | None = None  # it is the middling half of a pair with that one


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
        shares=[],
        commentary=[],
        published_at=_coming_out(new),
    )
    session.add(exemplar)
    describe(session, exemplar, new)
    pair(exemplar, new.contrast_to)
    if not exemplar.is_draft:
        consenting.ask(session, exemplar, by)
    listing.keep(session, exemplar)
    accounts.note(session, "held up", actor=by, subject=str(exemplar.id), consent=exemplar.consent.value)
    return exemplar


def _coming_out(new: NewExemplar, before: datetime | None = None) -> datetime | None:
    """When it comes out; what is out already stays out since then."""
    if new.is_draft:
        return None
    now = db.now()
    return new.publish_at or (before if before is not None and before <= now else now)


def pair(exemplar: Exemplar, model: Exemplar | None) -> None:
    """Make it the middling half beside a model, or a model of its own again."""
    if model is not None:
        if model.team_id != exemplar.team_id or model is exemplar:
            raise InvalidInput("Choose another moment of this team.", field="contrast_to")
        if model.contrast_to_id is not None:
            raise InvalidInput("That one is itself the middling half of a pair.", field="contrast_to")
        if exemplar.contrasts:
            raise InvalidInput(
                "This one is the model of a pair, so it cannot be a middling half.", field="contrast_to"
            )
    exemplar.contrast_to = model


def _check_range(take: Take, new: NewExemplar) -> None:
    if (new.from_ms is None) != (new.until_ms is None):
        raise InvalidInput("Give both ends of the range, or neither.", field="until")
    if new.from_ms is None or new.until_ms is None:
        return
    end = take.recording.duration_ms
    if not 0 <= new.from_ms < new.until_ms or (end is not None and new.until_ms > end + 500):
        raise InvalidInput("That range is not in this take.", field="until")


def change(session: Session, exemplar: Exemplar, by: User, new: NewExemplar) -> None:
    """New words, tags, range or date for an exemplar.

    The presenter is asked when it stops being a draft, and again when it shows more of them.
    """
    _check_range(exemplar.take, new)
    is_to_be_asked = exemplar.is_draft or _shows_more(exemplar, new)
    before = told(exemplar)
    exemplar.from_ms, exemplar.until_ms = new.from_ms, new.until_ms
    exemplar.published_at = _coming_out(new, exemplar.published_at)
    describe(session, exemplar, new)
    pair(exemplar, new.contrast_to)
    if is_to_be_asked and not exemplar.is_draft:
        consenting.ask(session, exemplar, by)
    clipping.follow(session, exemplar)
    listing.keep(session, exemplar)
    note_change(session, exemplar, by, before)


def told(exemplar: Exemplar) -> dict[str, str]:
    """What its history tells of, in words."""
    at = exemplar.published_at
    is_whole = exemplar.from_ms is None or exemplar.until_ms is None
    return {
        "title": exemplar.title,
        "why": exemplar.why,
        "range": "the whole take" if is_whole else _written_range(exemplar),
        "tags": ", ".join(tag.label for tag in exemplar.tags),
        "publication": "a draft" if at is None else f"{at:%-d %b %Y, %H:%M} UTC",
        "pair": exemplar.contrast_to.title if exemplar.contrast_to else "",
    }


def _written_range(exemplar: Exemplar) -> str:
    ends = (timecode.format_ms(ms or 0, tenths=True) for ms in (exemplar.from_ms, exemplar.until_ms))
    return " to ".join(ends)


def note_change(session: Session, exemplar: Exemplar, by: User, before: dict[str, str]) -> None:
    """Who changed what, with the words before and after."""
    after = told(exemplar)
    changed = {
        f"{name}_{when}": words[name]
        for name in before
        if before[name] != after[name]
        for when, words in (("before", before), ("after", after))
    }
    accounts.note(session, "changed", actor=by, team=None, subject=str(exemplar.id), **changed)


def _shows_more(exemplar: Exemplar, new: NewExemplar) -> bool:
    if exemplar.from_ms is None or exemplar.until_ms is None:
        return False
    if new.from_ms is None or new.until_ms is None:
        return True
    return new.from_ms < exemplar.from_ms or new.until_ms > exemplar.until_ms


def describe(session: Session, exemplar: Exemplar, new: NewExemplar) -> None:
    """Title, why it works, tags."""
    title, why = " ".join(new.title.split()), new.why.strip()
    if not title:
        raise InvalidInput("Give it a title people will search for.", field="title")
    if not why:
        raise InvalidInput("Say why this works; without it nobody learns what to take over.", field="why")
    exemplar.title, exemplar.why = title[:200], why[:2000]
    exemplar.set_tags(tagging.tags_for(session, exemplar.team_id, new.tags[: tagging.MOST_TAGS]))


def take_down(session: Session, exemplar: Exemplar, by: User) -> None:
    exemplar.taken_down_at = db.now()
    clipping.drop(session, exemplar)
    listing.keep(session, exemplar)
    accounts.note(session, "took down", actor=by, subject=str(exemplar.id))
