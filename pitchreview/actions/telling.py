"""Telling people what concerns them: what they find in their notifications, and what goes out by mail.

1. Nobody hears of what they did themselves, nor of what they may not read.
2. A remark is told once to each person, for the nearest reason: named in it, part of its thread, or whose
   take it is.
3. A published review is one message to the presenter, however many comments it has.
4. What others remark on a take is one message per person while it is unread.
5. Letters go out a little later than the message, so that what is undone or read at once makes none.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from pitchreview import db, queue
from pitchreview.models import (
    Comment,
    Drill,
    Exemplar,
    Mention,
    Message,
    Notification,
    NotificationKind,
    Pitch,
    Request,
    Review,
    ReviewState,
    Take,
    User,
)
from pitchreview.models.notification import BY_MAIL
from pitchreview.permissions import (
    comments_visible_to,
    find_visible,
    notifications_visible_to,
    takes_visible_to,
)
from pitchreview.queue import Task

# As long as somebody has to undo what they just posted, and a little more.
MAIL_AFTER_SECONDS = 15
KEPT_FOR = timedelta(days=180)


def tell_comment(session: Session, remark: Comment) -> None:
    """A comment or an answer can be read by others from now on."""
    session.flush()
    take = remark.take
    told = {remark.author_id}
    for person in _mentioned(session, remark):
        if person.id not in told:
            told.add(person.id)
            _tell_of(session, person, NotificationKind.MENTION, remark)
    for person in _in_thread(session, remark):
        if person.id not in told:
            told.add(person.id)
            _tell_of(session, person, NotificationKind.REPLY, remark)
    if take.owner is not None and take.owner.id not in told and not _comes_with_review(remark):
        _tell_of(session, take.owner, NotificationKind.COMMENT, remark)


def tell_mentions(session: Session, remark: Comment) -> None:
    """Somebody was named in a comment that had come out before."""
    session.flush()
    for person in _mentioned(session, remark):
        if remark.is_published:
            _tell_of(session, person, NotificationKind.MENTION, remark)


def tell_review(session: Session, review: Review) -> None:
    """A review was published: the presenter hears of it as a whole, and who was asked has answered."""
    session.flush()
    session.execute(
        update(Request)
        .where(
            Request.take_id == review.take_id,
            Request.asked_id == review.reviewer_id,
            Request.answered_at.is_(None),
            Request.withdrawn_at.is_(None),
        )
        .values(answered_at=db.now())
    )
    _read(session, review.take, review.reviewer, NotificationKind.REQUEST)
    owner = review.take.owner
    if owner is None or review.take.awaits_self_assessment:
        return
    _forget_bundled(session, owner, review.take, review.reviewer_id)
    _tell(session, owner, NotificationKind.FEEDBACK_READY, review.take, review.reviewer)


def tell_opened(session: Session, take: Take) -> None:
    """The presenter has looked at the take alone: what others said meanwhile reaches them now."""
    session.flush()
    if take.owner is None or take.awaits_self_assessment:
        return
    published = select(Review).where(Review.take_id == take.id, Review.state == ReviewState.PUBLISHED)
    for review in session.scalars(published.order_by(Review.published_at)):
        _tell(session, take.owner, NotificationKind.FEEDBACK_READY, take, review.reviewer)
    by_others = select(Comment).where(
        Comment.take_id == take.id,
        Comment.author_id != take.owner.id,
        Comment.published_at.is_not(None),
        Comment.deleted_at.is_(None),
    )
    for remark in session.scalars(by_others.order_by(Comment.published_at)):
        if not _is_of_published_review(remark):
            _tell_of(session, take.owner, NotificationKind.COMMENT, remark)


def tell_request(session: Session, request: Request) -> None:
    """Somebody is asked for a review."""
    session.flush()
    _tell(session, request.asked, NotificationKind.REQUEST, request.take, request.asked_by)


def tell_declined(session: Session, request: Request) -> None:
    """Whom somebody asked cannot."""
    session.flush()
    _read(session, request.take, request.asked, NotificationKind.REQUEST)
    _tell(session, request.asked_by, NotificationKind.DECLINED, request.take, request.asked)


def tell_handed_on(session: Session, reviewer: User, take: Take) -> None:
    """A take is somebody else's to review now; what asked this reviewer to do it is settled."""
    session.flush()
    _read(session, take, reviewer, NotificationKind.ASSIGNED, NotificationKind.REVIEW_DUE)
    if find_visible(session, takes_visible_to(reviewer), take.id) is not None:
        _tell(session, reviewer, NotificationKind.HANDED_ON, take, None)


def tell_consent(session: Session, exemplar: Exemplar, by: User) -> None:
    """Somebody would like to hold up a take of the presenter; asked anew, it is told anew."""
    session.flush()
    presenter = exemplar.take.pitch.presenter
    if presenter is not None:
        _forget_of(session, exemplar, NotificationKind.CONSENT)
        _tell(session, presenter, NotificationKind.CONSENT, exemplar.take, by, exemplar=exemplar)


def tell_withdrawn(session: Session, exemplar: Exemplar, presenter: User) -> None:
    """The presenter said no, or took the consent back: its curator hears of it, with the reason."""
    session.flush()
    _forget_of(session, exemplar, NotificationKind.CONSENT)
    if exemplar.held_up_by is not None:
        _tell(
            session,
            exemplar.held_up_by,
            NotificationKind.WITHDRAWN,
            exemplar.take,
            presenter,
            exemplar=exemplar,
        )


def _forget_of(session: Session, exemplar: Exemplar, kind: NotificationKind) -> None:
    session.execute(
        delete(Notification).where(
            Notification.exemplar_id == exemplar.id,
            Notification.kind == kind,
            Notification.read_at.is_(None),
        )
    )


def card_is_settled(session: Session, card: Message) -> None:
    """Somebody looked at it, or it is another one's, or for another day: nobody need do so now."""
    query = (
        update(Notification)
        .where(
            Notification.message_id == card.id,
            Notification.kind == NotificationKind.CARD_DUE,
            Notification.read_at.is_(None),
        )
        .values(read_at=db.now())
        .returning(Notification.user_id)
    )
    for user_id in session.scalars(query).all():
        _ring(session, user_id)


def take_request_back(session: Session, request: Request) -> None:
    """It was asked by mistake, or is not needed any more."""
    session.execute(
        delete(Notification).where(
            Notification.user_id == request.asked_id,
            Notification.take_id == request.take_id,
            Notification.kind == NotificationKind.REQUEST,
        )
    )
    _ring(session, request.asked_id)


# --- reading ----------------------------------------------------------------------------------------


def unread_count(session: Session, user: User) -> int:
    visible = notifications_visible_to(user).where(Notification.read_at.is_(None))
    return session.scalar(visible.with_only_columns(func.count())) or 0


def told(session: Session, user: User, *, start: int, most: int) -> list[Notification]:
    """What somebody finds in their notifications: the unread first, then the newest first."""
    query = (
        notifications_visible_to(user)
        .options(
            joinedload(Notification.actor),
            joinedload(Notification.take).joinedload(Take.pitch).joinedload(Pitch.scenario),
            joinedload(Notification.take).joinedload(Take.pitch).joinedload(Pitch.presenter),
            joinedload(Notification.comment).joinedload(Comment.parent),
            joinedload(Notification.exemplar),
            joinedload(Notification.message),
            joinedload(Notification.drill).joinedload(Drill.scenario),
        )
        .order_by(Notification.read_at.is_not(None), Notification.created_at.desc(), Notification.id)
        .offset(start)
        .limit(most)
    )
    return list(session.scalars(query))


_HANDED_ON = "Its time was over, so it went on to others."
_KEPT = "What you began is kept, and you can still finish it."
_SPOKEN = (ReviewState.PUBLISHED, ReviewState.WITHDRAWN)


def words_of(session: Session, messages: list[Notification]) -> dict[UUID, str]:
    """What was said in requests, refusals and reviews, or what there is to say: by the id of the message."""
    takes = [message.take_id for message in messages if message.take_id]
    requests = session.scalars(select(Request).where(Request.take_id.in_(takes)))
    by_pair: dict[tuple[UUID | None, UUID], Request] = {
        (request.take_id, request.asked_id): request for request in requests
    }
    reviews = session.scalars(select(Review).where(Review.take_id.in_(takes), Review.state.in_(_SPOKEN)))
    by_reviewer: dict[tuple[UUID | None, UUID], Review] = {
        (review.take_id, review.reviewer_id): review for review in reviews
    }
    begun = select(Review.take_id, Review.reviewer_id).where(
        Review.take_id.in_(takes), Review.state == ReviewState.DRAFT
    )
    drafts = {(take_id, reviewer_id) for take_id, reviewer_id in session.execute(begun)}
    found = {}
    for message in messages:
        if message.kind is NotificationKind.REQUEST:
            asked = by_pair.get((message.take_id, message.user_id))
            found[message.id] = asked.question if asked else ""
        elif message.kind is NotificationKind.DECLINED and message.actor_id:
            asked = by_pair.get((message.take_id, message.actor_id))
            found[message.id] = asked.reason if asked else ""
        elif message.kind is NotificationKind.FEEDBACK_READY and message.actor_id:
            said = by_reviewer.get((message.take_id, message.actor_id))
            found[message.id] = said.one_thing if said and said.is_published else ""
        elif message.kind is NotificationKind.REVIEW_WITHDRAWN and message.actor_id:
            said = by_reviewer.get((message.take_id, message.actor_id))
            found[message.id] = said.withdrawal_reason if said else ""
        elif message.kind is NotificationKind.HANDED_ON:
            is_kept = (message.take_id, message.user_id) in drafts
            found[message.id] = f"{_HANDED_ON} {_KEPT}" if is_kept else _HANDED_ON
        else:
            found[message.id] = _words_about(message)
    return found


def _words_about(message: Notification) -> str:
    """What the thing itself says that it is about."""
    if message.comment is not None:
        return message.comment.body
    if message.drill is not None:
        return message.drill.note
    if message.message is not None:
        return message.message.body
    if message.exemplar is not None:
        return message.exemplar.withdrawal_reason or f"“{message.exemplar.title}”"
    return ""


def mark_read(session: Session, user: User, *, only: UUID | None = None, take_id: UUID | None = None) -> None:
    """What somebody has seen: one message, those about one take, or all of them."""
    query = (
        update(Notification)
        .where(Notification.user_id == user.id, Notification.read_at.is_(None))
        .values(read_at=db.now())
        .returning(Notification.id)
    )
    if only is not None:
        query = query.where(Notification.id == only)
    if take_id is not None:
        query = query.where(Notification.take_id == take_id)
    if session.scalars(query).all():
        _ring(session, user.id)


def sweep(session: Session) -> None:
    """Drop what was read long ago."""
    session.execute(delete(Notification).where(Notification.read_at < db.now() - KEPT_FOR))


# --- whom, and whether --------------------------------------------------------------------------------


def _mentioned(session: Session, remark: Comment) -> list[User]:
    """Who is called by name; what a review says to the presenter, it says as a whole."""
    query = select(User).join(Mention, Mention.user_id == User.id).where(Mention.comment_id == remark.id)
    named = session.scalars(query.order_by(User.id))
    return [person for person in named if not (_comes_with_review(remark) and person == remark.take.owner)]


def _in_thread(session: Session, remark: Comment) -> list[User]:
    """Whoever said something in the thread that this remark answers."""
    if remark.parent_id is None:
        return []
    said = select(Comment.author_id).where(
        or_(Comment.id == remark.parent_id, Comment.parent_id == remark.parent_id),
        Comment.deleted_at.is_(None),
    )
    return list(session.scalars(select(User).where(User.id.in_(said)).order_by(User.id)))


def _comes_with_review(remark: Comment) -> bool:
    """It was held back until its review came out, so that the review tells of it."""
    review = remark.review
    return (
        review is not None
        and review.published_at is not None
        and review.is_published
        and remark.created_at <= review.published_at
    )


def _is_of_published_review(remark: Comment) -> bool:
    return remark.review is not None and remark.review.is_published


def _tell_of(session: Session, person: User, kind: NotificationKind, remark: Comment) -> None:
    """Tell somebody of a remark, if they may read it and have not heard of it."""
    if find_visible(session, comments_visible_to(person), remark.id) is None:
        return
    known = select(Notification.id).where(Notification.user_id == person.id)
    if kind is NotificationKind.COMMENT:
        known = known.where(
            Notification.kind == kind,
            Notification.take_id == remark.take_id,
            Notification.actor_id == remark.author_id,
            Notification.read_at.is_(None),
        )
    else:
        known = known.where(Notification.kind == kind, Notification.comment_id == remark.id)
    if session.scalar(known.limit(1)) is None:
        _tell(session, person, kind, remark.take, remark.author, remark)


def tell(
    session: Session,
    person: User,
    kind: NotificationKind,
    *,
    take: Take | None = None,
    drill: Drill | None = None,
    message: Message | None = None,
    actor: User | None = None,
    remark: Comment | None = None,
) -> None:
    """Tell somebody of a take, a drill or a card; without an actor it is the house that says so."""
    session.flush()
    _tell(session, person, kind, take, actor, remark, drill=drill, card=message)


def _tell(
    session: Session,
    person: User,
    kind: NotificationKind,
    take: Take | None,
    actor: User | None,
    remark: Comment | None = None,
    exemplar: Exemplar | None = None,
    drill: Drill | None = None,
    card: Message | None = None,
) -> None:
    if (actor is not None and person.id == actor.id) or not person.is_active:
        return
    message = Notification(
        user=person,
        kind=kind,
        take=take,
        actor=actor,
        comment=remark,
        exemplar=exemplar,
        drill=drill,
        message=card,
    )
    session.add(message)
    session.flush()
    if person.wants_mail and kind in BY_MAIL:
        queue.defer(
            session, Task.TELL_BY_MAIL, in_seconds=MAIL_AFTER_SECONDS, notification_id=str(message.id)
        )
    _ring(session, person.id)


def _read(session: Session, take: Take, person: User, *kinds: NotificationKind) -> None:
    """What is settled need not be read any more: who has answered is not asked."""
    session.execute(
        update(Notification)
        .where(
            Notification.user_id == person.id,
            Notification.take_id == take.id,
            Notification.kind.in_(kinds),
            Notification.read_at.is_(None),
        )
        .values(read_at=db.now())
    )
    _ring(session, person.id)


def _forget_bundled(session: Session, person: User, take: Take, actor_id: UUID) -> None:
    """Remarks that were let out alone, and not seen yet, are now part of what the review says."""
    session.execute(
        delete(Notification).where(
            Notification.user_id == person.id,
            Notification.take_id == take.id,
            Notification.actor_id == actor_id,
            Notification.kind == NotificationKind.COMMENT,
            Notification.read_at.is_(None),
        )
    )


def _ring(session: Session, user_id: UUID) -> None:
    """Open pages of this person count again."""
    db.announce(session, f"user:{user_id}", "notifications")
