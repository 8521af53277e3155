"""Who hears of what: notifications of comments, reviews and requests."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import asking, practising, reviewing, telling
from pitchreview.actions.asking import Question
from pitchreview.actions.reviewing import NewComment
from pitchreview.errors import InvalidInput, InvalidState
from pitchreview.models import Comment, Mention, Notification, Request, Take, User
from pitchreview.permissions import comments_visible_to, notifications_visible_to, takes_visible_to
from tests.conftest import Cast
from tests.factories import Factory

Heard = Callable[[User], list[str]]


@pytest.fixture
def take(make: Factory, cast: Cast) -> Take:
    return make.take(cast.ada, make.scenario(cast.team))


@pytest.fixture
def heard(session: Session) -> Heard:
    """What somebody finds in their notifications: "reply by Ada Lindqvist", the newest last."""

    def list_them(user: User) -> list[str]:
        rows = session.scalars(notifications_visible_to(user).order_by(Notification.created_at))
        return [f"{row.kind} by {row.actor.first_name}" for row in rows if row.actor]

    return list_them


def say(session: Session, take: Take, author: User, *named: User, **more: bool) -> Comment:
    """A comment as the room posts it, with people called by name."""
    remark = reviewing.comment(session, take, author, NewComment("Ask first.", 12_000, **more))
    remark.mentions = [Mention(user_id=person.id) for person in named]
    session.flush()
    telling.tell_mentions(session, remark)
    return remark


# --- reviews ----------------------------------------------------------------------------------------


def test_a_published_review_is_one_message_however_much_it_says(
    session: Session, cast: Cast, take: Take, heard: Heard
) -> None:
    for _ in range(3):
        say(session, take, cast.cole)
    assert heard(cast.ada) == []
    reviewing.publish(session, take, cast.cole, "Ask one question.")
    assert heard(cast.ada) == ["feedback_ready by Cole"]
    assert heard(cast.cole) == []


def test_people_named_in_a_review_hear_of_it_when_it_comes_out(
    session: Session, cast: Cast, take: Take, heard: Heard
) -> None:
    remark = say(session, take, cast.cole, cast.mona, cast.ada, cast.zoe)
    assert heard(cast.mona) == []
    assert session.scalars(select(Notification)).all() == []
    reviewing.publish(session, take, cast.cole, "Ask one question.")
    telling.tell_mentions(session, remark)
    assert heard(cast.mona) == ["mention by Cole"]
    assert heard(cast.ada) == ["feedback_ready by Cole"]
    assert heard(cast.zoe) == []


def test_a_comment_let_out_alone_is_told_of_and_then_part_of_its_review(
    session: Session, cast: Cast, take: Take, heard: Heard
) -> None:
    remark = say(session, take, cast.cole)
    reviewing.share(session, remark)
    assert heard(cast.ada) == ["comment by Cole"]
    reviewing.publish(session, take, cast.cole, "Ask one question.")
    assert heard(cast.ada) == ["feedback_ready by Cole"]


def test_what_a_reviewer_adds_later_is_told_of(
    session: Session, cast: Cast, take: Take, heard: Heard
) -> None:
    say(session, take, cast.cole)
    reviewing.publish(session, take, cast.cole, "Ask one question.")
    say(session, take, cast.cole)
    assert heard(cast.ada) == ["feedback_ready by Cole", "comment by Cole"]


def test_who_looks_at_the_own_take_first_hears_afterwards(
    session: Session, make: Factory, cast: Cast, take: Take, heard: Heard
) -> None:
    take.awaits_self_assessment = True
    say(session, take, cast.cole, cast.ada)
    reviewing.publish(session, take, cast.cole, "Ask one question.")
    take.shared_with_team = True
    say(session, take, cast.jonas, cast.ada)
    assert heard(cast.ada) == []
    take.awaits_self_assessment = False
    telling.tell_opened(session, take)
    assert heard(cast.ada) == ["feedback_ready by Cole", "comment by Jonas"]


# --- comments ---------------------------------------------------------------------------------------


def test_remarks_of_a_colleague_are_one_message_until_it_is_read(
    session: Session, cast: Cast, take: Take, heard: Heard
) -> None:
    take.shared_with_team = True
    for _ in range(3):
        say(session, take, cast.jonas)
    assert heard(cast.ada) == ["comment by Jonas"]
    telling.mark_read(session, cast.ada, take_id=take.id)
    say(session, take, cast.jonas)
    assert heard(cast.ada) == ["comment by Jonas"] * 2


def test_who_is_named_in_an_edit_hears_of_it_once(
    session: Session, cast: Cast, take: Take, heard: Heard
) -> None:
    remark = reviewing.comment(session, take, cast.ada, NewComment("Ask first.", 0))
    for version in (1, 2):
        named = (cast.cole.id,)
        reviewing.rewrite(
            session, remark, body="@Cole?", instead="", kind=None, version=version, mention_ids=named
        )
    assert heard(cast.cole) == ["mention by Ada"]


def test_nobody_hears_of_a_private_note(session: Session, cast: Cast, take: Take, heard: Heard) -> None:
    say(session, take, cast.cole, cast.mona, is_private=True)
    assert heard(cast.ada) == heard(cast.mona) == []


def test_nobody_hears_of_a_comment_they_cannot_read(
    session: Session, cast: Cast, take: Take, heard: Heard
) -> None:
    say(session, take, cast.ada, cast.jonas, cast.zoe, cast.cole)
    assert (heard(cast.jonas), heard(cast.zoe)) == ([], [])
    assert session.scalar(select(func.count(Notification.id))) == 1
    assert heard(cast.cole) == ["mention by Ada"]


def test_nobody_hears_of_what_they_did_themselves(
    session: Session, cast: Cast, take: Take, heard: Heard
) -> None:
    mine = say(session, take, cast.ada, cast.ada)
    reviewing.reply(session, mine, cast.ada, "I mean the first half.", None)
    assert heard(cast.ada) == []


def test_an_answer_reaches_everybody_in_the_thread_once(
    session: Session, make: Factory, cast: Cast, take: Take, heard: Heard
) -> None:
    root = make.comment(take, cast.cole)
    make.reply(root, cast.mona)
    reviewing.reply(session, root, cast.ada, "I will try it.", None)
    assert heard(cast.cole) == heard(cast.mona) == ["reply by Ada"]
    reviewing.reply(session, root, cast.mona, "Do.", None)
    assert heard(cast.ada) == ["reply by Mona"]


def test_an_answer_among_others_is_a_remark_on_my_take(
    session: Session, make: Factory, cast: Cast, take: Take, heard: Heard
) -> None:
    root = make.comment(take, cast.cole)
    reviewing.reply(session, root, cast.mona, "I see it differently.", None)
    assert heard(cast.ada) == ["comment by Mona"]


def test_what_is_deleted_is_not_told_any_more(
    session: Session, make: Factory, cast: Cast, take: Take, heard: Heard
) -> None:
    root = make.comment(take, cast.cole)
    answer = reviewing.reply(session, root, cast.ada, "I will.", None)
    reviewing.delete_comment(session, answer)
    session.flush()
    assert heard(cast.cole) == []
    reviewing.undelete_comment(session, answer)
    session.flush()
    assert heard(cast.cole) == ["reply by Ada"]


def test_letters_wait_for_those_who_want_them(
    session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    cast.mona.wants_mail = False
    root = make.comment(take, cast.cole)
    make.reply(root, cast.mona)
    reviewing.reply(session, root, cast.ada, "I will try it.", None)
    query = "SELECT args ->> 'notification_id' FROM procrastinate_jobs WHERE task_name = 'tell_by_mail'"
    of_cole = select(Notification.id).where(Notification.user_id == cast.cole.id)
    assert list(session.scalars(text(query))) == [str(session.scalars(of_cole).one())]


def test_messages_read_long_ago_are_dropped(
    session: Session, make: Factory, cast: Cast, take: Take, heard: Heard
) -> None:
    for days in (400, 1):
        long_ago = make.take(cast.ada, make.scenario(cast.team))
        say(session, long_ago, cast.cole)
        reviewing.publish(session, long_ago, cast.cole, "Ask.")
        newest = session.scalars(notifications_visible_to(cast.ada).where(Notification.read_at.is_(None)))
        newest.one().read_at = db.now() - timedelta(days=days)
        session.flush()
    telling.sweep(session)
    assert heard(cast.ada) == ["feedback_ready by Cole"]


# --- asking -----------------------------------------------------------------------------------------


@pytest.fixture
def practice(make: Factory, cast: Cast) -> Take:
    return make.take(cast.ada, make.scenario(cast.team, "Price"), submitted=False)


def test_asking_submits_the_take_and_opens_it_to_who_was_asked(
    session: Session, cast: Cast, practice: Take, heard: Heard
) -> None:
    due_on = (db.now() + timedelta(days=2)).date().isoformat()
    [request] = asking.ask(
        session, practice, cast.ada, Question([cast.jonas.id], "Is the opening too long?", due_on)
    )
    session.flush()
    assert practice.is_submitted and request.due_at is not None
    assert practice in session.scalars(takes_visible_to(cast.jonas))
    assert heard(cast.jonas) == ["request by Ada"]
    assert asking.asked_of(session, cast.jonas, cast.team.id) == [request]
    assert asking.asked_of(session, cast.cole, cast.team.id) == []


def test_a_review_of_who_was_asked_answers_the_request(
    session: Session, cast: Cast, practice: Take, heard: Heard
) -> None:
    [request] = asking.ask(session, practice, cast.ada, Question([cast.jonas.id]))
    session.expire(practice, ["requests"])
    reviewing.comment(session, practice, cast.jonas, NewComment("Ask first.", 0))
    reviewing.publish(session, practice, cast.jonas, "Ask one question.")
    session.refresh(request)
    assert request.answered_at is not None and not request.is_open
    assert heard(cast.ada) == ["feedback_ready by Jonas"]
    assert asking.asked_of(session, cast.jonas, cast.team.id) == []
    with pytest.raises(InvalidState):
        asking.withdraw(session, request)


def test_a_no_reaches_who_asked_and_closes_the_take_again(
    session: Session, cast: Cast, practice: Take, heard: Heard
) -> None:
    [request] = asking.ask(session, practice, cast.ada, Question([cast.jonas.id]))
    asking.decline(session, request, "  I am away\nuntil Monday. ")
    session.flush()
    assert request.reason == "I am away until Monday."
    assert heard(cast.ada) == ["declined by Jonas"]
    assert practice not in session.scalars(takes_visible_to(cast.jonas)) and heard(cast.jonas) == []
    with pytest.raises(InvalidState):
        asking.decline(session, request, "Again.")


def test_a_request_taken_back_leaves_no_trace_with_who_was_asked(
    session: Session, cast: Cast, practice: Take, heard: Heard
) -> None:
    [request] = asking.ask(session, practice, cast.ada, Question([cast.cole.id]))
    asking.withdraw(session, request)
    session.flush()
    assert heard(cast.cole) == [] and asking.asked_of(session, cast.cole, cast.team.id) == []


def test_who_said_no_can_be_asked_again_and_who_is_asked_hears_once(
    session: Session, cast: Cast, practice: Take, heard: Heard
) -> None:
    [request] = asking.ask(session, practice, cast.ada, Question([cast.cole.id]))
    session.expire(practice, ["requests"])
    asking.ask(session, practice, cast.ada, Question([cast.cole.id], "And the ending?"))
    assert heard(cast.cole) == ["request by Ada"] and request.question == "And the ending?"
    asking.decline(session, request, "")
    asking.ask(session, practice, cast.ada, Question([cast.cole.id]))
    assert heard(cast.cole) == ["request by Ada"] * 2
    assert session.scalars(select(Request)).one().is_open


@pytest.mark.parametrize("whom", ["nobody", "oneself", "a stranger", "the operator"])
def test_only_others_of_the_team_can_be_asked(
    session: Session, cast: Cast, practice: Take, whom: str
) -> None:
    people = {"nobody": [], "oneself": [cast.ada], "a stranger": [cast.zoe], "the operator": [cast.olga]}
    with pytest.raises(InvalidInput):
        asking.ask(session, practice, cast.ada, Question([person.id for person in people[whom]]))
    assert not practice.is_submitted


@pytest.mark.parametrize("day", ["2020-01-01", "tomorrow", "9999-12-31T00", "0000-00-00"])
def test_a_date_is_one_that_is_still_to_come(session: Session, cast: Cast, practice: Take, day: str) -> None:
    with pytest.raises(InvalidInput):
        asking.ask(session, practice, cast.ada, Question([cast.cole.id], "", day))


def test_a_take_taken_back_is_asked_of_nobody(session: Session, cast: Cast, practice: Take) -> None:
    asking.ask(session, practice, cast.ada, Question([cast.cole.id, cast.jonas.id]))
    practising.take_back(session, practice)
    session.flush()
    assert asking.asked_of(session, cast.cole, cast.team.id) == []
    assert session.scalars(comments_visible_to(cast.jonas)).all() == []
