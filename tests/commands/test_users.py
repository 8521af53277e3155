"""`pitchreview users`: people, without a browser."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pitchreview.__main__ import _parser
from pitchreview.actions import accounts
from pitchreview.commands import users
from pitchreview.config import Settings
from pitchreview.errors import InvalidInput, NotFound
from pitchreview.models import Role, Team
from tests.conftest import Cast

Say = Callable[[str], str]
MONA = "create --email mona@example.com --name Mona"


@pytest.fixture
def say(settings: Settings, session: Session, capsys: pytest.CaptureFixture[str]) -> Say:
    """What is printed after `pitchreview users` and these words."""

    def run(words: str) -> str:
        users.run(settings, _parser().parse_args(["users", *words.split(" ")]))
        return capsys.readouterr().out

    return run


def test_a_person_with_a_password_can_sign_in(say: Say, session: Session) -> None:
    said = say(f"{MONA} --password a-long-password --team EMEA --role manager")

    assert said == "Mona <mona@example.com> has an account.\n"
    opened = accounts.sign_in(
        session, email="mona@example.com", password="a-long-password", address="127.0.0.1", browser="test"
    )
    [membership] = opened.user_session.user.active_memberships
    assert (membership.team.name, membership.role) == ("EMEA", Role.MANAGER)


def test_a_person_without_a_password_gets_a_link_that_sets_one(say: Say, session: Session) -> None:
    said = say(MONA)

    token = said.strip().rpartition("/password/")[2]
    assert accounts.find_reset(session, token).user.email == "mona@example.com"


def test_a_second_person_joins_the_team_of_that_name(say: Say, session: Session) -> None:
    say(f"{MONA} --password a-long-password --team EMEA")
    say("create --email ada@example.com --name Ada --password a-long-password --team EMEA --role rep")

    assert session.scalar(select(func.count()).select_from(Team)) == 1


def test_an_address_is_taken_once(say: Say) -> None:
    say(f"{MONA} --password a-long-password")

    with pytest.raises(InvalidInput):
        say(f"{MONA} --password a-long-password")


def test_a_short_password_is_refused(say: Say, session: Session) -> None:
    with pytest.raises(InvalidInput):
        say(f"{MONA} --password short")

    assert accounts.find_user(session, "mona@example.com") is None


def test_everybody_is_listed_with_roles(say: Say, cast: Cast) -> None:
    lines = say("list").splitlines()

    assert "mona@example.com  Mona Ruiz  manager in EMEA mid-market" in lines
    assert "olga@example.com  Olga Berg (operator)" in [line.strip() for line in lines]


def test_a_reset_link_is_made_for_those_who_exist(say: Say, cast: Cast) -> None:
    assert "within 30 minutes: http://127.0.0.1:8080/password/" in say("reset-link --email ada@example.com")

    with pytest.raises(NotFound, match="Nobody has the address nobody@example.com"):
        say("reset-link --email nobody@example.com")


def test_the_welcome_link_is_for_an_empty_site_only(say: Say) -> None:
    assert "/welcome/" in say("welcome-link")

    say(f"{MONA} --password a-long-password")

    assert say("welcome-link") == ""


def test_the_first_operator_comes_from_the_settings(settings: Settings, session: Session) -> None:
    changes = Settings(admin_email="olga@example.com", admin_password="a-long-password")
    wished = settings.model_copy(
        update={"admin_email": changes.admin_email, "admin_password": changes.admin_password}
    )

    assert users.create_first_operator(session, wished) is True
    assert users.create_first_operator(session, wished) is False

    operator = accounts.find_user(session, "olga@example.com")
    assert operator is not None and operator.is_operator
