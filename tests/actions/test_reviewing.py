"""Comments pinned to moments, reviews that gather them, and the queue of what waits."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from pitchreview import db
from pitchreview.actions import queueing, reading, reviewing
from pitchreview.actions.reviewing import NewComment
from pitchreview.errors import InvalidInput, InvalidState, TooMany
from pitchreview.models import (
    Comment,
    CommentKind,
    ConsentState,
    RecordingState,
    Review,
    ReviewState,
    Take,
    User,
)
from pitchreview.models.comment import LONGEST_BODY
from tests.conftest import Cast
from tests.factories import DURATION_MS, Factory
from tests.waiting import together


@pytest.fixture
def take(make: Factory, cast: Cast) -> Take:
    take = make.take(cast.ada, make.scenario(cast.team))
    make.session.commit()
    return take


# --- moments ----------------------------------------------------------------------------------------


def test_a_comment_at_the_very_start_keeps_its_time(session: Session, cast: Cast, take: Take) -> None:
    remark = reviewing.comment(session, take, cast.cole, NewComment("A strong start.", 0, until_ms=500))
    session.commit()
    session.expire_all()
    assert (remark.at_ms, remark.until_ms) == (0, 500)


@pytest.mark.parametrize(
    ("at_ms", "until_ms"),
    [
        (-1, None),
        (DURATION_MS + 1, None),
        (2**40, None),
        (5000, 5000),
        (5000, 4000),
        (5000, -1),
        (0, DURATION_MS + 1),
        (0, 2**40),
    ],
)
def test_a_moment_lies_in_its_take(
    session: Session, cast: Cast, take: Take, at_ms: int, until_ms: int | None
) -> None:
    with pytest.raises(InvalidInput):
        reviewing.comment(session, take, cast.cole, NewComment("Ask.", at_ms, until_ms))


def test_the_last_moment_is_a_moment(session: Session, cast: Cast, take: Take) -> None:
    remark = reviewing.comment(session, take, cast.cole, NewComment("Ask.", DURATION_MS - 1, DURATION_MS))
    assert remark.until_ms == DURATION_MS


def test_threads_stand_in_the_order_of_their_moments(
    session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    for at_ms in (3000, 0, 2000):
        make.comment(take, cast.cole, at_ms=at_ms)
    assert [thread.at_ms for thread in reading.threads_of(session, take, cast.cole)] == [0, 2000, 3000]


# --- words ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", ["", "  \n\t ", "a" * (LONGEST_BODY + 1)])
def test_a_comment_says_something_but_no_novel(session: Session, cast: Cast, take: Take, body: str) -> None:
    with pytest.raises(InvalidInput):
        reviewing.comment(session, take, cast.cole, NewComment(body, 0))


def test_only_a_try_instead_says_what_to_do_instead(session: Session, cast: Cast, take: Take) -> None:
    for kind in CommentKind:
        remark = reviewing.comment(
            session, take, cast.cole, NewComment("Ask.", 0, kind=kind, instead="Wait.")
        )
        assert remark.instead == ("Wait." if kind is CommentKind.TRY_INSTEAD else "")


def test_the_same_comment_sent_again_is_one_comment(session: Session, cast: Cast, take: Take) -> None:
    new = NewComment("Ask.", 0, client_key="from-the-browser")
    first = reviewing.comment(session, take, cast.cole, new)
    assert reviewing.comment(session, take, cast.cole, new) is first
    reply = reviewing.reply(session, first, cast.ada, "I will.", "another-key")
    assert reviewing.reply(session, first, cast.ada, "I will.", "another-key") is reply


def test_keys_of_different_people_do_not_meet(session: Session, cast: Cast, take: Take) -> None:
    new = NewComment("Ask.", 0, client_key="same")
    assert reviewing.comment(session, take, cast.cole, new) is not reviewing.comment(
        session, take, cast.mona, new
    )


def test_the_same_comment_sent_at_the_same_moment_is_one_comment(
    sessions: sessionmaker[Session], session: Session, cast: Cast, take: Take
) -> None:
    def send() -> object:
        with sessions() as tab:
            author, there = tab.get_one(User, cast.cole.id), tab.get_one(Take, take.id)
            remark = reviewing.comment(tab, there, author, NewComment("Ask.", 0, client_key="same"))
            tab.commit()
            return remark.id

    assert len(set(together(send, send, send))) == 1
    assert len(session.scalars(select(Comment)).all()) == 1
    assert len(session.scalars(select(Review)).all()) == 1


def test_two_comments_at_once_begin_one_review(
    sessions: sessionmaker[Session], session: Session, cast: Cast, take: Take
) -> None:
    def send() -> None:
        with sessions() as tab:
            author, there = tab.get_one(User, cast.cole.id), tab.get_one(Take, take.id)
            reviewing.comment(tab, there, author, NewComment("Ask.", 0, client_key=str(uuid4())))
            tab.commit()

    assert together(send, send) == [None, None]
    assert len(session.scalars(select(Comment)).all()) == 2
    assert len(session.scalars(select(Review)).all()) == 1


def test_nobody_writes_hundreds_of_comments_a_minute(session: Session, cast: Cast, take: Take) -> None:
    with pytest.raises(TooMany), time_machine.travel("2026-11-22 10:00:01+00:00", tick=False):
        for _ in range(121):
            reviewing.comment(session, take, cast.cole, NewComment("Ask.", 0))


def test_comments_of_who_reviews_belong_to_a_review_and_others_do_not(
    session: Session, cast: Cast, take: Take
) -> None:
    theirs = reviewing.comment(session, take, cast.cole, NewComment("Ask.", 0))
    own = reviewing.comment(session, take, cast.ada, NewComment("Here I was lost.", 0))
    assert theirs.review is not None
    assert theirs.review.reviewer is cast.cole
    assert own.review is None


def words(session: Session, take: Take, viewer: User) -> list[str]:
    return [thread.body for thread in reading.threads_of(session, take, viewer)]


def test_what_a_reviewer_writes_comes_out_when_the_review_is_published(
    session: Session, cast: Cast, take: Take
) -> None:
    remark = reviewing.comment(session, take, cast.cole, NewComment("Ask.", 0))
    answer = reviewing.reply(session, remark, cast.cole, "Or wait.", None)
    assert words(session, take, cast.cole) == ["Ask."]
    assert words(session, take, cast.ada) == words(session, take, cast.mona) == []
    assert reading.marks_of(session, take, cast.ada) == []
    reviewing.publish(session, take, cast.cole, "Ask first.")
    assert words(session, take, cast.ada) == ["Ask."]
    assert answer.is_published
    later = reviewing.comment(session, take, cast.cole, NewComment("And smile.", 1))
    assert later.is_published


def test_one_comment_can_be_let_out_before_its_review(session: Session, cast: Cast, take: Take) -> None:
    first = reviewing.comment(session, take, cast.cole, NewComment("Ask.", 0))
    reviewing.comment(session, take, cast.cole, NewComment("Wait.", 1))
    reviewing.share(session, first)
    assert words(session, take, cast.ada) == ["Ask."]


def test_a_note_to_oneself_stays_so_and_begins_no_review(session: Session, cast: Cast, take: Take) -> None:
    note = reviewing.comment(session, take, cast.cole, NewComment("Check this.", 0, is_private=True))
    assert note.review is None
    with pytest.raises(InvalidInput, match="at least one comment"):
        reviewing.publish(session, take, cast.cole, "Ask first.")
    reviewing.comment(session, take, cast.cole, NewComment("Ask.", 1))
    reviewing.publish(session, take, cast.cole, "Ask first.")
    assert words(session, take, cast.cole) == ["Check this.", "Ask."]
    assert words(session, take, cast.ada) == ["Ask."]
    reviewing.share(session, note)
    assert words(session, take, cast.ada) == ["Check this.", "Ask."]


def test_who_is_to_look_first_sees_what_others_say_afterwards(
    session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    make.comment(take, cast.cole)
    take.awaits_self_assessment = True
    session.flush()
    assert words(session, take, cast.ada) == []
    assert words(session, take, cast.mona) == ["Ask first."]
    take.awaits_self_assessment = False
    session.flush()
    assert words(session, take, cast.ada) == ["Ask first."]


def test_an_answer_to_an_answer_joins_the_same_thread(
    session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    root = make.comment(take, cast.cole)
    answer = reviewing.reply(session, root, cast.ada, "How?", None)
    again = reviewing.reply(session, answer, cast.cole, "Like this.", None)
    assert again.parent_id == root.id
    (thread,) = reading.threads_of(session, take, cast.cole)
    assert [reply.body for reply in thread.live_replies] == ["How?", "Like this."]


def test_nobody_answers_a_comment_that_is_gone(
    session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    root = make.comment(take, cast.cole, deleted_at=db.now())
    with pytest.raises(InvalidState):
        reviewing.reply(session, root, cast.ada, "How?", None)


# --- changing one's mind ----------------------------------------------------------------------------


def test_an_edit_keeps_what_stood_there_before(
    session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    remark = make.comment(take, cast.cole, "Ask.")
    reviewing.rewrite(session, remark, body="Wait.", instead="", kind=CommentKind.STRENGTH, version=1)
    session.commit()
    session.expire_all()
    assert (remark.body, remark.version, remark.kind) == ("Wait.", 2, CommentKind.STRENGTH)
    assert [edit.body for edit in remark.edits] == ["Ask."]
    assert remark.edited_at is not None


def test_an_edit_of_what_was_changed_meanwhile_is_refused(
    session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    remark = make.comment(take, cast.cole, "Ask.")
    reviewing.rewrite(session, remark, body="Wait.", instead="", kind=None, version=1)
    for stale in (1, 0, 3):
        with pytest.raises(InvalidState):
            reviewing.rewrite(session, remark, body="Stop.", instead="", kind=None, version=stale)
    assert remark.body == "Wait."


def test_of_two_edits_at_once_one_is_told_about_the_other(
    sessions: sessionmaker[Session], session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    remark = make.comment(take, cast.cole, "Ask.")
    session.commit()

    def edit(body: str) -> None:
        with sessions() as tab:
            there = tab.get_one(Comment, remark.id)
            reviewing.rewrite(tab, there, body=body, instead="", kind=None, version=1)
            tab.commit()

    outcomes = together(lambda: edit("One."), lambda: edit("Two."))
    assert [isinstance(outcome, InvalidState) for outcome in outcomes].count(True) == 1
    session.expire_all()
    assert (remark.version, len(remark.edits)) == (2, 1)


def test_a_deleted_comment_can_be_brought_back_for_ten_minutes(
    session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    remark = make.comment(take, cast.cole)
    reviewing.delete_comment(session, remark)
    assert reading.threads_of(session, take, cast.cole) == []
    reviewing.undelete_comment(session, remark)
    assert reading.threads_of(session, take, cast.cole) == [remark]
    reviewing.delete_comment(session, remark)
    with time_machine.travel(db.now() + timedelta(minutes=11)), pytest.raises(InvalidState):
        reviewing.undelete_comment(session, remark)


def test_a_deleted_comment_keeps_its_place_while_others_have_answered(
    session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    remark = make.comment(take, cast.cole)
    reply = make.reply(remark, cast.ada)
    reviewing.delete_comment(session, remark)
    session.flush()
    assert reading.threads_of(session, take, cast.cole) == [remark]
    reviewing.delete_comment(session, reply)
    session.flush()
    assert reading.threads_of(session, take, cast.cole) == []


# --- reviews ----------------------------------------------------------------------------------------


def test_a_review_is_published_once_with_the_one_thing(session: Session, cast: Cast, take: Take) -> None:
    reviewing.comment(session, take, cast.cole, NewComment("Ask.", 0))
    review = reviewing.publish(session, take, cast.cole, "  Ask one \n question.  ")
    assert (review.state, review.one_thing) == (ReviewState.PUBLISHED, "Ask one question.")
    with pytest.raises(InvalidState):
        reviewing.publish(session, take, cast.cole, "Again.")
    assert reviewing.reviews_of(session, take, cast.ada) == [review]


def test_a_review_without_the_one_thing_is_not_published(session: Session, cast: Cast, take: Take) -> None:
    with pytest.raises(InvalidInput):
        reviewing.publish(session, take, cast.cole, "  ")
    assert reviewing.reviews_of(session, take, cast.ada) == []


def test_of_two_tabs_that_publish_at_once_one_wins(
    sessions: sessionmaker[Session], session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    make.review(take, cast.cole, published=False)
    make.comment(take, cast.cole)
    session.commit()

    def publish(words: str) -> None:
        with sessions() as tab:
            reviewing.publish(tab, tab.get_one(Take, take.id), tab.get_one(User, cast.cole.id), words)
            tab.commit()

    outcomes = together(lambda: publish("One."), lambda: publish("Two."))
    assert [isinstance(outcome, InvalidState) for outcome in outcomes].count(True) == 1


# --- the queue --------------------------------------------------------------------------------------


def waiting(session: Session, reviewer: User, take: Take) -> bool:
    return take in queueing.waiting_for(session, reviewer, take.pitch.team_id)


def test_a_submitted_take_waits_for_coaches_and_managers_only(
    session: Session, cast: Cast, take: Take
) -> None:
    who_waits = {
        name
        for name in ("ada", "jonas", "cole", "mona", "zoe", "olga")
        if waiting(session, getattr(cast, name), take)
    }
    assert who_waits == {"cole", "mona"}


def test_a_practice_take_waits_for_nobody(session: Session, make: Factory, cast: Cast) -> None:
    take = make.take(cast.ada, make.scenario(cast.team), submitted=False)
    assert not waiting(session, cast.cole, take)


@pytest.mark.parametrize("state", RecordingState)
def test_a_take_waits_as_soon_as_it_plays(
    session: Session, make: Factory, cast: Cast, state: RecordingState
) -> None:
    take = make.take(cast.ada, make.scenario(cast.team), submitted=False, state=state)
    take.round, take.submitted_at = 1, db.now()
    assert waiting(session, cast.cole, take) is (state in (RecordingState.PLAYABLE, RecordingState.READY))


def test_nobody_reviews_their_own_take(session: Session, make: Factory, cast: Cast) -> None:
    take = make.take(cast.cole, make.scenario(cast.team))
    assert not waiting(session, cast.cole, take)


def test_a_published_review_takes_it_off_everybodys_queue_but_that_of_who_has_begun(
    session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    make.review(take, cast.mona, published=False)
    reviewing.comment(session, take, cast.cole, NewComment("Ask.", 0))
    reviewing.publish(session, take, cast.cole, "Ask one question.")
    assert not waiting(session, cast.cole, take)
    assert waiting(session, cast.mona, take)


def test_what_is_held_up_may_still_want_a_review(
    session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    make.exemplar(take, cast.mona, consent=ConsentState.DECLINED)
    assert waiting(session, cast.cole, take)


def test_what_others_than_reps_present_is_nobodys_work(session: Session, make: Factory, cast: Cast) -> None:
    scenario = make.scenario(cast.team)
    model = make.take(cast.mona, scenario)
    call = make.take("Grace Hall", scenario, uploaded_by=cast.mona)
    assert not waiting(session, cast.cole, model)
    assert not waiting(session, cast.cole, call)


def test_who_waited_longest_comes_first(session: Session, make: Factory, cast: Cast, take: Take) -> None:
    earlier = make.take(cast.jonas, take.pitch.scenario)
    earlier.submitted_at = db.now() - timedelta(days=2)
    assert queueing.waiting_for(session, cast.cole, cast.team.id) == [earlier, take]


def test_a_deleted_take_waits_no_more(session: Session, cast: Cast, take: Take) -> None:
    take.deleted_at = db.now()
    assert not waiting(session, cast.cole, take)
