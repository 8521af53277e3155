"""Small rules of people, teams, takes and exemplars that need no database."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from pitchreview.db import now
from pitchreview.errors import InvalidState
from pitchreview.models import (
    Collection,
    ConsentState,
    Drill,
    Exemplar,
    Invitation,
    Membership,
    PasswordReset,
    Pitch,
    Recording,
    RecordingState,
    Review,
    ReviewState,
    Role,
    Scenario,
    Tag,
    Take,
    Team,
    User,
    UserSession,
)
from pitchreview.models.user import clean_email

NOW = datetime(2026, 11, 22, tzinfo=UTC)
DAY = timedelta(days=1)


def test_an_address_is_kept_in_one_spelling() -> None:
    assert clean_email("  Ada@Example.COM\n") == "ada@example.com"


@pytest.mark.parametrize(("name", "first"), [("Ada Lindqvist", "Ada"), ("Ada", "Ada"), ("", "")])
def test_a_first_name_is_what_comes_first(name: str, first: str) -> None:
    assert User(name=name).first_name == first


def test_a_role_counts_while_the_membership_lasts() -> None:
    team, other = Team(id=uuid4(), name="B"), Team(id=uuid4(), name="a")
    user = User(name="Ada")
    user.memberships = [
        Membership(team=team, team_id=team.id, role=Role.COACH),
        Membership(team=other, team_id=other.id, role=Role.REP),
    ]
    assert (user.role_in(team), user.role_in(other.id), user.role_in(uuid4())) == (Role.COACH, Role.REP, None)
    assert [membership.team for membership in user.active_memberships] == [other, team]
    user.memberships[0].ended_at = NOW
    assert user.role_in(team) is None


@pytest.mark.parametrize(
    ("age", "revoked", "is_live"), [(29 * DAY, False, True), (31 * DAY, False, False), (DAY, True, False)]
)
def test_a_session_lives_while_it_is_used(age: timedelta, revoked: bool, is_live: bool) -> None:
    session = UserSession(last_seen_at=NOW - age, revoked_at=NOW if revoked else None)
    assert session.is_live(NOW) is is_live


def test_a_reset_lives_for_half_an_hour_for_one_address_and_one_use() -> None:
    reset = PasswordReset(user=User(email="ada@example.com"), email="ada@example.com", created_at=NOW)
    assert reset.is_live(NOW + timedelta(minutes=29))
    assert not reset.is_live(NOW + timedelta(minutes=30))
    reset.user.email = "ada@new.example"
    assert not reset.is_live(NOW)
    reset.user.email, reset.used_at = "ada@example.com", NOW
    assert not reset.is_live(NOW)


def test_an_invitation_is_open_for_two_weeks_until_it_is_used_or_taken_back() -> None:
    assert Invitation(created_at=NOW).is_open(NOW + 13 * DAY)
    assert not Invitation(created_at=NOW).is_open(NOW + 14 * DAY)
    assert not Invitation(created_at=NOW, accepted_at=NOW).is_open(NOW)
    assert not Invitation(created_at=NOW, revoked_at=NOW).is_open(NOW)


def test_a_take_that_is_taken_back_is_as_private_as_before() -> None:
    take = Take(recording=Recording(state=RecordingState.READY))
    take.submit(2, NOW)
    take.shared_with_team = True
    assert (take.is_submitted, take.round) == (True, 2)
    take.take_back()
    assert (take.is_submitted, take.round, take.shared_with_team) == (False, None, False)


def test_a_broken_recording_is_not_submitted() -> None:
    take = Take(recording=Recording(state=RecordingState.BROKEN))
    with pytest.raises(InvalidState):
        take.submit(1, NOW)


def test_a_presenter_is_a_person_or_a_name() -> None:
    assert Pitch(presenter=User(name="Ada")).presented_by == "Ada"
    assert Pitch(presenter_name="Grace Hall").presented_by == "Grace Hall"


def test_a_review_is_published_once() -> None:
    review = Review(state=ReviewState.DRAFT)
    review.publish("Ask one question.", NOW)
    assert (review.is_published, review.published_at) == (True, NOW)
    with pytest.raises(InvalidState):
        review.publish("Again.", NOW)


@pytest.mark.parametrize("consent", ConsentState)
@pytest.mark.parametrize("is_down", [False, True])
def test_an_exemplar_is_shown_with_consent_and_while_it_is_up(consent: ConsentState, is_down: bool) -> None:
    exemplar = Exemplar(consent=consent, published_at=NOW, taken_down_at=NOW if is_down else None)
    assert exemplar.is_shown is (consent is ConsentState.GIVEN and not is_down)
    assert exemplar.waits_for_consent is (consent is ConsentState.ASKED and not is_down)


def test_an_exemplar_is_as_long_as_its_range_or_its_take() -> None:
    take = Take(recording=Recording(duration_ms=90_000))
    assert Exemplar(take=take).duration_ms == 90_000
    assert Exemplar(take=take, from_ms=0, until_ms=5000).duration_ms == 5000


def test_tags_are_kept_once() -> None:
    exemplar, price, silence = Exemplar(tags=[]), Tag(name="Price"), Tag(name="Silence")
    exemplar.set_tags([price, silence, price])
    assert exemplar.tags == [price, silence]


def test_a_draft_and_what_is_scheduled_are_not_shown() -> None:
    draft = Exemplar(consent=ConsentState.GIVEN)
    scheduled = Exemplar(consent=ConsentState.GIVEN, published_at=now() + timedelta(days=1))
    assert (draft.is_shown, draft.is_draft, scheduled.is_shown, scheduled.is_scheduled) == (
        False,
        True,
        False,
        True,
    )


def test_a_shelf_grows_at_its_end() -> None:
    shelf, exemplars = Collection(items=[]), [Exemplar(id=uuid4()) for _ in range(3)]
    for exemplar in (*exemplars, exemplars[0]):
        shelf.put(exemplar)
    assert [item.position for item in shelf.items] == [0, 1, 2]
    shelf.drop(exemplars[0])
    shelf.put(exemplars[0])
    assert [item.position for item in shelf.items] == [1, 2, 3]
    assert shelf.holds(exemplars[0])


def test_a_drill_is_overdue_when_its_day_is_over_and_nobody_closed_it() -> None:
    drill = Drill(due_at=NOW)
    assert (drill.is_overdue(NOW - DAY), drill.is_overdue(NOW + DAY)) == (False, True)
    drill.closed_at = NOW
    assert not drill.is_overdue(NOW + DAY)


def test_parts_and_messages_of_a_scenario_keep_their_order() -> None:
    scenario = Scenario(key_messages=[], beats=[])
    scenario.set_key_messages(["Ask", "Wait"])
    scenario.set_beats([("Hook", 15), ("Value", 45)])
    assert [(m.position, m.text) for m in scenario.key_messages] == [(0, "Ask"), (1, "Wait")]
    assert [(beat.position, beat.name, beat.target_seconds) for beat in scenario.beats] == [
        (0, "Hook", 15),
        (1, "Value", 45),
    ]
