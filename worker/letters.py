"""What a letter about a notification says: who, what, and links to the very moments."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sqlalchemy import select
from sqlalchemy.orm import Session

from pitchreview import timecode
from pitchreview.actions import subscribing
from pitchreview.actions.digesting import Digest
from pitchreview.actions.naming import Naming
from pitchreview.config import Settings, assets_folder
from pitchreview.models import (
    Comment,
    CommentKind,
    Exemplar,
    Notification,
    NotificationKind,
    Request,
    Review,
    ReviewState,
    Take,
    User,
)
from pitchreview.permissions import comments_visible_to

# A letter is read in a minute; the rest is on the page.
MOST_MOMENTS = 8
KIND_WORDS = {
    CommentKind.STRENGTH: "Strength",
    CommentKind.TRY_INSTEAD: "Try instead",
    CommentKind.QUESTION: "Question",
    None: "Comment",
}


@dataclass(frozen=True)
class Letter:
    to: str
    subject: str
    text: str
    html: str
    unsubscribe_url: str


@dataclass(frozen=True)
class Moment:
    """A comment as a letter tells of it."""

    kind: str
    time: str
    text: str
    instead: str
    url: str


def letter_about(session: Session, settings: Settings, message: Notification) -> Letter:
    person = message.user
    names = Naming(session, message.take, person) if message.take else None
    actor = _name(message.actor, names)
    token = subscribing.token_of(person, settings.secret_key.get_secret_value())
    subject = _subject(message, actor)
    page = (
        {
            "subject": subject,
            "person": person,
            "actor": actor,
            "kind": message.kind.value,
            "title": _title(message),
            "account_url": f"{settings.site_address}/account#mail",
            "unsubscribe_url": f"{settings.site_address}/mail/off/{token}",
        }
        | _place(settings, message, names)
        | _about(session, settings, message)
    )
    text, html = (_templates.get_template(f"told.{form}").render(page).strip() for form in ("txt", "html"))
    return Letter(person.email, subject, f"{text}\n", f"{html}\n", str(page["unsubscribe_url"]))


def weekly_letter(settings: Settings, digest: Digest) -> Letter:
    person, site = digest.person, settings.site_address
    token = subscribing.token_of(person, settings.secret_key.get_secret_value(), subscribing.DIGEST)
    subject = f"Your week in {digest.team.name}"
    page = {
        "subject": subject,
        "digest": digest,
        "person": person,
        "site": site,
        "take_url": f"{site}/takes/",
        "account_url": f"{site}/account#mail",
        "unsubscribe_url": f"{site}/mail/off/digest/{token}",
    }
    text, html = (_templates.get_template(f"digest.{form}").render(page).strip() for form in ("txt", "html"))
    return Letter(person.email, subject, f"{text}\n", f"{html}\n", str(page["unsubscribe_url"]))


def _title(message: Notification) -> str:
    if message.take is not None:
        return message.take.pitch.scenario.title
    if message.message is not None:
        return message.message.name
    assert message.drill is not None
    return message.drill.scenario.title


def _name(actor: User | None, names: Naming | None) -> str:
    if actor is None:
        return "Somebody"
    return names.of(actor).name if names else actor.name


def _place(settings: Settings, message: Notification, names: Naming | None) -> dict[str, object]:
    """What it is about, and the way there."""
    take, drill, card = message.take, message.drill, message.message
    if take is not None and names is not None:
        return {
            "is_mine": take.pitch.presenter_id == message.user_id,
            "presenter": names.presenter.name,
            "take_url": _take_url(settings, take),
        }
    if card is not None:
        return {"card": card, "card_url": f"{settings.site_address}/messages/{card.id}"}
    assert drill is not None
    return {"drill": drill, "drill_url": f"{settings.site_address}/scenarios/{drill.scenario_id}"}


def _subject(message: Notification, actor: str) -> str:
    title = _title(message)
    return {
        NotificationKind.FEEDBACK_READY: f"{actor} reviewed your take: {title}",
        NotificationKind.REPLY: f"{actor} answered: {title}",
        NotificationKind.MENTION: f"{actor} mentions you: {title}",
        NotificationKind.REQUEST: f"{actor} asks for your feedback: {title}",
        NotificationKind.CONSENT: f"{actor} wants to hold up your take: {title}",
        NotificationKind.DRILL: f"A drill for you: {title}",
        NotificationKind.DRILL_MOVED: f"Another date: {title}",
        NotificationKind.DRILL_DUE: f"Due soon: {title}",
        NotificationKind.CARD_DUE: f"Does it still hold? {title}",
        NotificationKind.ASSIGNED: f"A take for you to review: {title}",
        NotificationKind.REVIEW_DUE: f"Still waiting for your review: {title}",
        NotificationKind.DISPUTED: f"{actor} asks you to look at a level again: {title}",
        NotificationKind.FLAGGED: f"A comment was flagged: {title}",
    }.get(message.kind, title)


def _about(session: Session, settings: Settings, message: Notification) -> dict[str, object]:
    if message.kind is NotificationKind.FEEDBACK_READY:
        return _review(session, settings, message)
    if message.kind is NotificationKind.REQUEST:
        return _request(session, message)
    if message.exemplar is not None:
        return _consent(settings, message.exemplar)
    if message.drill is not None:
        return {"due": _day_of(message.drill.due_on)}
    if message.comment is None:
        return {}
    return {"moment": _moment(settings, message.comment)}


def _review(session: Session, settings: Settings, message: Notification) -> dict[str, object]:
    review = session.scalar(
        select(Review).where(
            Review.take_id == message.take_id,
            Review.reviewer_id == message.actor_id,
            Review.state == ReviewState.PUBLISHED,
        )
    )
    if review is None:
        return {"one_thing": "", "moments": [], "more": 0}
    remarks = session.scalars(
        comments_visible_to(message.user)
        .where(Comment.review_id == review.id, Comment.deleted_at.is_(None), Comment.parent_id.is_(None))
        .order_by(Comment.at_ms)
    ).all()
    # Strengths are heard first.
    in_order = sorted(remarks, key=lambda remark: remark.kind is not CommentKind.STRENGTH)
    return {
        "one_thing": review.one_thing,
        "moments": [_moment(settings, remark) for remark in in_order[:MOST_MOMENTS]],
        "more": max(0, len(in_order) - MOST_MOMENTS),
    }


def _request(session: Session, message: Notification) -> dict[str, object]:
    asked = session.scalar(
        select(Request).where(Request.take_id == message.take_id, Request.asked_id == message.user_id)
    )
    due = asked.due_at if asked else None
    return {
        "question": asked.question if asked else "",
        "due": _day(due, message.user) if due else "",
    }


def _consent(settings: Settings, exemplar: Exemplar) -> dict[str, object]:
    return {
        "exemplar": exemplar,
        "teams": [share.team.name for share in exemplar.asked_shares],
        "exemplar_url": f"{settings.site_address}/exemplars/{exemplar.id}",
    }


def _moment(settings: Settings, remark: Comment) -> Moment:
    root = remark.parent or remark
    at_ms = root.at_ms or 0
    return Moment(
        kind=KIND_WORDS[remark.kind],
        time=timecode.format_ms(at_ms),
        text=remark.body,
        instead=remark.instead,
        url=f"{_take_url(settings, remark.take)}?t={timecode.link_seconds(at_ms)}&c={root.id}",
    )


def _take_url(settings: Settings, take: Take) -> str:
    return f"{settings.site_address}/takes/{take.id}"


def _day_of(day: date) -> str:
    return day.strftime("%A, %-d %B")


def _day(instant: datetime, person: User) -> str:
    return instant.astimezone(ZoneInfo(person.time_zone)).strftime("%A, %-d %B")


_templates = Environment(
    loader=FileSystemLoader(assets_folder("templates") / "emails"),
    undefined=StrictUndefined,
    autoescape=select_autoescape(),
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters["day"] = _day_of
