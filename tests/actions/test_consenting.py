"""Consent: for one library at a time, taken back at once with a reason, asked again when somebody leaves."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import accounts, consenting, library
from pitchreview.actions.library import NewExemplar
from pitchreview.errors import InvalidInput, InvalidState, NotFound
from pitchreview.models import ConsentState, Exemplar, Listing, Notification, NotificationKind, Take, User
from pitchreview.permissions import exemplars_visible_to
from tests.conftest import Cast
from tests.factories import Factory

NEW = NewExemplar("Silence after the price", "She waits.")


@pytest.fixture
def take(make: Factory, cast: Cast) -> Take:
    take = make.take(cast.ada, make.scenario(cast.team))
    make.session.commit()
    return take


@pytest.fixture
def exemplar(make: Factory, cast: Cast, take: Take) -> Exemplar:
    return make.exemplar(take, cast.mona)


def told(session: Session, person: User) -> list[NotificationKind]:
    return list(session.scalars(select(Notification.kind).where(Notification.user_id == person.id)))


def sees(session: Session, person: User) -> bool:
    return bool(session.scalars(exemplars_visible_to(person)).all())


def test_the_presenter_hears_that_somebody_asks_and_the_curator_of_a_no(
    session: Session, cast: Cast, take: Take
) -> None:
    exemplar = library.hold_up(session, take, cast.mona, NEW)
    assert told(session, cast.ada) == [NotificationKind.CONSENT]
    consenting.answer(session, exemplar, cast.ada, ConsentState.DECLINED, "  A client is named.  ")
    assert told(session, cast.ada) == []
    assert told(session, cast.mona) == [NotificationKind.WITHDRAWN]
    assert exemplar.withdrawal_reason == "A client is named."
    consenting.answer(session, exemplar, cast.ada, ConsentState.GIVEN)
    assert exemplar.withdrawal_reason == ""


def test_of_a_draft_nobody_is_asked_until_it_is_published(session: Session, cast: Cast, take: Take) -> None:
    draft = library.hold_up(session, take, cast.mona, NewExemplar("Silence", "She waits.", is_draft=True))
    assert consenting.questions_for(session, cast.ada) == told(session, cast.ada) == []
    assert not sees(session, cast.ada)
    library.change(session, draft, cast.mona, NEW)
    assert consenting.questions_for(session, cast.ada) == [draft]
    consenting.answer(session, draft, cast.ada, ConsentState.GIVEN)
    assert sees(session, cast.jonas)


def test_what_is_scheduled_may_be_answered_and_comes_out_by_itself(
    session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    tomorrow = db.now() + timedelta(days=1)
    later = library.hold_up(session, take, cast.mona, NewExemplar("A", "B", publish_at=tomorrow))
    consenting.answer(session, later, cast.ada, ConsentState.GIVEN)
    assert (sees(session, cast.jonas), sees(session, cast.ada)) == (False, True)
    later.published_at = db.now() - timedelta(seconds=1)
    session.flush()
    assert sees(session, cast.jonas)


# --- further teams ------------------------------------------------------------------------------------


def test_each_further_team_needs_a_yes_of_its_own(session: Session, cast: Cast, exemplar: Exemplar) -> None:
    consenting.ask_team(session, exemplar, cast.other_team, cast.mona)
    consenting.ask_team(session, exemplar, cast.other_team, cast.mona)
    assert consenting.questions_for(session, cast.ada) == [exemplar]
    assert told(session, cast.ada) == [NotificationKind.CONSENT]
    assert not sees(session, cast.zoe)
    consenting.answer_team(session, exemplar, cast.other_team.id, cast.ada, ConsentState.GIVEN)
    assert consenting.questions_for(session, cast.ada) == []
    assert sees(session, cast.zoe)
    consenting.answer_team(session, exemplar, cast.other_team.id, cast.ada, ConsentState.WITHDRAWN)
    assert (sees(session, cast.zoe), sees(session, cast.jonas)) == (False, True)
    consenting.ask_team(session, exemplar, cast.other_team, cast.mona)
    assert consenting.questions_for(session, cast.ada) == [], "a no is asked about once"


def test_a_withdrawal_reaches_every_team(session: Session, cast: Cast, exemplar: Exemplar) -> None:
    consenting.ask_team(session, exemplar, cast.other_team, cast.mona)
    consenting.answer_team(session, exemplar, cast.other_team.id, cast.ada, ConsentState.GIVEN)
    consenting.answer(session, exemplar, cast.ada, ConsentState.WITHDRAWN)
    assert [sees(session, person) for person in (cast.zoe, cast.jonas, cast.cole)] == [False] * 3
    assert session.scalars(select(Listing)).all() == []
    consenting.answer(session, exemplar, cast.ada, ConsentState.GIVEN)
    assert (sees(session, cast.zoe), sees(session, cast.jonas)) == (False, True), "a yes is for one library"


def test_nobody_answers_what_was_not_asked(session: Session, cast: Cast, exemplar: Exemplar) -> None:
    with pytest.raises(NotFound):
        consenting.answer_team(session, exemplar, cast.other_team.id, cast.ada, ConsentState.GIVEN)
    consenting.ask_team(session, exemplar, cast.other_team, cast.mona)
    for nonsense in (ConsentState.ASKED, ConsentState.WITHDRAWN):
        with pytest.raises(InvalidInput):
            consenting.answer_team(session, exemplar, cast.other_team.id, cast.ada, nonsense)


def test_who_has_no_account_stays_in_their_own_team(session: Session, make: Factory, cast: Cast) -> None:
    guests = make.take("Grace Hall", make.scenario(cast.team), uploaded_by=cast.mona)
    exemplar = library.hold_up(session, guests, cast.mona, NEW)
    with pytest.raises(InvalidState, match="Grace Hall has no account"):
        consenting.ask_team(session, exemplar, cast.other_team, cast.mona)


# --- leaving ------------------------------------------------------------------------------------------


def leave(session: Session, cast: Cast) -> None:
    membership = cast.ada.memberships[0]
    accounts.end_membership(session, membership, actor=cast.ada)
    consenting.ask_who_leaves(session, membership)
    session.flush()


def test_who_leaves_is_asked_and_without_an_answer_it_goes_after_a_month(
    session: Session, cast: Cast, exemplar: Exemplar
) -> None:
    leave(session, cast)
    assert consenting.questions_for(session, cast.ada) == [exemplar]
    assert sees(session, cast.jonas)
    exemplar.leaving_asked_at = db.now() - timedelta(days=30)
    session.flush()
    assert (exemplar.is_shown, sees(session, cast.jonas), sees(session, cast.mona)) == (False, False, True)
    consenting.answer(session, exemplar, cast.ada, ConsentState.GIVEN)
    assert (exemplar.is_shown, sees(session, cast.jonas)) == (True, True)
    assert consenting.questions_for(session, cast.ada) == []


def test_who_leaves_may_take_it_along_and_who_comes_back_is_asked_no_more(
    session: Session, cast: Cast, exemplar: Exemplar
) -> None:
    leave(session, cast)
    membership = cast.ada.memberships[0]
    accounts.resume_membership(session, membership, actor=cast.mona)
    consenting.forget_that_they_left(session, membership)
    assert consenting.questions_for(session, cast.ada) == []
    leave(session, cast)
    consenting.answer(session, exemplar, cast.ada, ConsentState.WITHDRAWN, "Left the team")
    assert not sees(session, cast.jonas)


def test_a_former_member_finds_the_question_at_home_without_a_team(
    client_of, session: Session, cast: Cast, exemplar: Exemplar
) -> None:
    leave(session, cast)
    session.commit()
    ada = client_of(cast.ada)
    assert "May “Handing the price back as a question” stay?" in ada.get("/").text
    assert exemplar.title in ada.get("/account/moments").text
    ada.post(f"/exemplars/{exemplar.id}/consent", data={"answer": "withdrawn", "reason": "Left the team"})
    session.expire_all()
    assert exemplar.consent is ConsentState.WITHDRAWN
