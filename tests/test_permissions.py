"""The table of acts, asked directly; what people are answered is tested in `web/test_authorization.py`."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from pitchreview import permissions
from pitchreview.models import ConsentState, Role, Take
from pitchreview.permissions import MAY, Act, may
from tests.conftest import Cast
from tests.factories import Factory

PEOPLE = ("ada", "jonas", "cole", "mona", "zoe", "olga")


@pytest.fixture
def take(make: Factory, cast: Cast) -> Take:
    take = make.take(cast.ada, make.scenario(cast.team))
    make.session.commit()
    return take


def who_may(cast: Cast, act: Act, thing: Any) -> set[str]:
    return {name for name in PEOPLE if may(getattr(cast, name), act, thing)}


def test_every_act_has_its_line_in_the_table() -> None:
    assert set(MAY) == set(Act)


@pytest.mark.parametrize(
    ("act", "who"),
    [
        (Act.USE_TEAM, {"ada", "jonas", "cole", "mona"}),
        (Act.MANAGE_TEAM, {"mona"}),
        (Act.WRITE_SCENARIO, {"mona"}),
        (Act.CURATE, {"mona"}),
    ],
)
def test_what_members_do_with_their_team(cast: Cast, act: Act, who: set[str]) -> None:
    assert who_may(cast, act, cast.team) == who


@pytest.mark.parametrize(
    ("act", "who"),
    [
        (Act.PITCH, {"ada", "jonas", "cole", "mona"}),
        (Act.PITCH_FOR_OTHERS, {"mona"}),
        (Act.WRITE_SCENARIO, {"mona"}),
    ],
)
def test_what_members_do_with_a_scenario(cast: Cast, take: Take, act: Act, who: set[str]) -> None:
    assert who_may(cast, act, take.pitch.scenario) == who


@pytest.mark.parametrize(
    ("act", "who"),
    [
        (Act.OWN_TAKE, {"ada"}),
        (Act.COMMENT, {"ada", "jonas", "cole", "mona"}),
        (Act.REVIEW, {"cole", "mona"}),
        (Act.HOLD_UP, {"mona"}),
    ],
)
def test_what_people_do_with_a_submitted_take(cast: Cast, take: Take, act: Act, who: set[str]) -> None:
    assert who_may(cast, act, take) == who


@pytest.mark.parametrize("act", [Act.COMMENT, Act.REVIEW, Act.HOLD_UP])
def test_nobody_judges_a_practice_take(cast: Cast, take: Take, act: Act) -> None:
    take.take_back()
    assert who_may(cast, act, take) == set()
    assert who_may(cast, Act.OWN_TAKE, take) == {"ada"}


def test_nobody_reviews_themselves(make: Factory, cast: Cast) -> None:
    own = make.take(cast.cole, make.scenario(cast.team))
    assert who_may(cast, Act.REVIEW, own) == {"mona"}


def test_an_upload_for_somebody_without_account_belongs_to_who_made_it(make: Factory, cast: Cast) -> None:
    guests = make.take("Grace Hall", make.scenario(cast.team), uploaded_by=cast.mona)
    assert who_may(cast, Act.OWN_TAKE, guests) == {"mona"}
    assert who_may(cast, Act.CONSENT, make.exemplar(guests, cast.mona)) == set()


def test_consent_is_the_presenters_alone(make: Factory, cast: Cast, take: Take) -> None:
    assert who_may(cast, Act.CONSENT, make.exemplar(take, cast.mona)) == {"ada"}


def test_words_are_their_authors_alone(make: Factory, cast: Cast, take: Take) -> None:
    remark = make.comment(take, cast.cole)
    assert who_may(cast, Act.REWRITE_COMMENT, remark) == {"cole"}
    remark.deleted_at = take.created_at
    assert who_may(cast, Act.REWRITE_COMMENT, remark) == set()
    assert who_may(cast, Act.RESTORE_COMMENT, remark) == {"cole"}


def test_who_runs_the_site_sees_no_takes(session: Session, make: Factory, cast: Cast, take: Take) -> None:
    make.exemplar(take, cast.mona)
    make.comment(take, cast.cole)
    assert who_may(cast, Act.OPERATE, None) == {"olga"}
    seeing: list[Callable[[Any], Any]] = [
        permissions.takes_visible_to,
        permissions.recordings_visible_to,
        permissions.comments_visible_to,
        permissions.exemplars_visible_to,
        permissions.scenarios_visible_to,
        permissions.collections_visible_to,
        permissions.drills_visible_to,
        permissions.pitches_visible_to,
        permissions.uploads_visible_to,
        permissions.teams_visible_to,
    ]
    for visible_to in seeing:
        assert session.scalars(visible_to(cast.olga)).all() == [], visible_to
        assert session.scalars(visible_to(cast.zoe)).all() in ([], [cast.other_team]), visible_to


def test_somebody_in_two_teams_has_each_role_only_there(session: Session, make: Factory, cast: Cast) -> None:
    """A manager of one team is a rep in another: there she sees what reps see."""
    not_hers = make.take(cast.ada, make.scenario(cast.team))
    from_there = make.user("Max Other", cast.other_team, Role.REP)
    of_zoes_team = make.take(from_there, make.scenario(cast.other_team))
    membership = cast.zoe.memberships[0]
    session.add(type(membership)(user=cast.zoe, team=cast.team, role=Role.REP))
    session.commit()
    session.refresh(cast.zoe, ["memberships"])
    assert session.scalars(permissions.takes_visible_to(cast.zoe)).all() == [of_zoes_team]
    assert not may(cast.zoe, Act.REVIEW, not_hers)
    assert may(cast.zoe, Act.REVIEW, of_zoes_team)


def test_a_take_that_is_seen_for_several_reasons_is_listed_once(
    session: Session, make: Factory, cast: Cast
) -> None:
    take = make.take(cast.mona, make.scenario(cast.team), shared=True)
    make.exemplar(take, cast.mona)
    make.exemplar(take, cast.mona, consent=ConsentState.GIVEN)
    session.commit()
    assert session.scalars(permissions.takes_visible_to(cast.mona)).all() == [take]
    assert session.scalars(permissions.recordings_visible_to(cast.jonas)).all() == [take.recording]
