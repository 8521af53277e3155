"""What a list hides no address finds, and a right that ends, ends at once."""

import random
import re
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import accounts
from pitchreview.models import Role, Take, Team, User
from tests.conftest import Cast
from tests.factories import Factory

ClientOf = Callable[[User | None], FlaskClient]

# Error pages name the request, so that whoever runs the site finds it in the log.
SAME_REQUEST = {"X-Request-ID": "the-same"}


@pytest.fixture
def shared_take(make: Factory, cast: Cast) -> Take:
    """A take of Ada's that her whole team may watch."""
    take = make.take(cast.ada, make.scenario(cast.team), shared=True)
    make.session.commit()
    return take


def addresses_of(take: Take) -> list[str]:
    """Everything through which a take is seen."""
    recording = take.recording
    return [
        f"/takes/{take.id}",
        f"/takes/{take.id}/stage",
        f"/takes/{take.id}/comments",
        f"/pitches/{take.pitch_id}",
        f"/media/{recording.id}/master.m3u8",
        f"/media/{recording.id}/storyboard.vtt",
        *(f"/media/{recording.id}/{rendition.id}" for rendition in recording.renditions),
        *(f"/media/{recording.id}/{rung.id}.m3u8" for rung in recording.rungs),
        f"/live?topic=take:{take.id}",
        f"/live?topic=recording:{recording.id}",
    ]


def statuses(client: FlaskClient, addresses: list[str]) -> set[int]:
    found = set()
    for address in addresses:
        response = client.get(address)
        response.close()
        found.add(response.status_code)
    return found


# --- unseen is the same as missing ------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "/comments", "/stage", "/submission", "/review", "/deletion"])
def test_a_take_of_another_team_looks_like_one_that_does_not_exist(
    client_of: ClientOf, cast: Cast, shared_take: Take, path: str
) -> None:
    client = client_of(cast.zoe)
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        unseen = client.open(f"/takes/{shared_take.id}{path}", method=method, headers=SAME_REQUEST)
        missing = client.open(f"/takes/{uuid4()}{path}", method=method, headers=SAME_REQUEST)
        assert unseen.status_code == missing.status_code
        assert unseen.status_code in (404, 405)
        assert _without_token(unseen.text) == _without_token(missing.text)


def test_the_answer_for_our_scripts_is_the_same_too(
    client_of: ClientOf, cast: Cast, shared_take: Take
) -> None:
    client = client_of(cast.zoe)
    headers = {"X-Requested-With": "fetch"}
    unseen = client.get(f"/takes/{shared_take.id}/comments", headers=headers)
    missing = client.get(f"/takes/{uuid4()}/comments", headers=headers)
    assert unseen.get_json() == missing.get_json()
    assert unseen.get_json()["error"]["message"]


def _without_token(page: str) -> str:
    """Tokens against forged requests differ in every answer."""
    return re.sub(r'(name="csrf-token" content|name="csrf_token" value)="[^"]*"', "", page)


# --- rights end at once -----------------------------------------------------------------------------


def test_a_peer_sees_a_shared_take_until_she_leaves_the_team(
    client_of: ClientOf, session: Session, cast: Cast, shared_take: Take
) -> None:
    jonas = client_of(cast.jonas)
    assert statuses(jonas, addresses_of(shared_take)) == {200, 302}
    accounts.end_membership(session, cast.jonas.memberships[0], actor=cast.mona)
    session.commit()
    assert statuses(jonas, addresses_of(shared_take)) == {404}


def test_who_leaves_keeps_her_own_takes_and_loses_everything_else(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, shared_take: Take
) -> None:
    theirs = make.take(cast.jonas, make.scenario(cast.team, "Theirs"), shared=True)
    exemplar = make.exemplar(theirs, cast.mona)
    session.commit()
    ada = client_of(cast.ada)
    accounts.end_membership(session, cast.ada.memberships[0], actor=cast.ada)
    session.commit()
    assert statuses(ada, addresses_of(shared_take)) == {200, 302}
    lost = [
        *addresses_of(theirs),
        f"/exemplars/{exemplar.id}",
        f"/scenarios/{theirs.pitch.scenario_id}",
        "/library",
        "/scenarios",
        "/team",
    ]
    assert statuses(ada, lost) == {404}


def test_a_coach_who_becomes_a_rep_stops_seeing_what_was_not_shared(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast
) -> None:
    take = make.take(cast.ada, make.scenario(cast.team))
    session.commit()
    cole = client_of(cast.cole)
    assert statuses(cole, addresses_of(take)) == {200, 302}
    accounts.change_role(session, cast.cole.memberships[0], Role.REP, actor=cast.mona)
    session.commit()
    assert statuses(cole, addresses_of(take)) == {404}


def test_a_closed_account_is_signed_out_everywhere_at_once(
    client_of: ClientOf, session: Session, cast: Cast, shared_take: Take
) -> None:
    ada, phone = client_of(cast.ada), client_of(cast.ada)
    accounts.deactivate_user(session, cast.ada, actor=cast.olga)
    session.commit()
    for browser in (ada, phone):
        for address in addresses_of(shared_take):
            assert browser.get(address).headers["Location"].startswith("/sign-in"), address


def test_what_a_manager_uploaded_for_others_stays_behind_when_she_leaves(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast
) -> None:
    take = make.take("Grace Hall", make.scenario(cast.team), uploaded_by=cast.mona)
    make.user("Max Other", cast.team, Role.MANAGER)
    session.commit()
    mona = client_of(cast.mona)
    source = take.recording.sources[0]
    accounts.end_membership(session, cast.mona.memberships[0], actor=cast.mona)
    session.commit()
    assert statuses(mona, [*addresses_of(take), f"/uploads/{source.id}"]) == {404}
    assert mona.post(f"/takes/{take.id}/deletion").status_code == 404


def test_a_media_address_dies_within_five_minutes(client_of: ClientOf, cast: Cast, shared_take: Take) -> None:
    recording = shared_take.recording
    poster = recording.poster
    assert poster is not None
    response = client_of(cast.jonas).get(f"/media/{recording.id}/{poster.id}")
    signed_for = int(re.search(r"X-Amz-Expires=(\d+)", response.headers["Location"])[1])  # type: ignore[index]
    kept_for = int(response.headers["Cache-Control"].removeprefix("private, max-age="))
    assert kept_for < signed_for <= 300


# --- the list is the sieve --------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2])
def test_a_take_is_listed_exactly_if_its_page_opens(
    client_of: ClientOf, session: Session, make: Factory, seed: int
) -> None:
    people, takes = random_world(make, random.Random(seed))
    session.commit()
    pages = ["/takes", "/team/takes", *(f"/pitches/{take.pitch_id}" for take in takes)]
    for person in people:
        client = client_of(person)
        listed = {link for page in pages for link in _links_to_takes(client.get(page).text)}
        opened = {take.id for take in takes if client.get(f"/takes/{take.id}").status_code == 200}
        assert listed == opened, person.name
        assert opened == {take.id for take in takes if sees(person, take)}, person.name


def _links_to_takes(page: str) -> set[UUID]:
    return {UUID(found) for found in re.findall(r'href="/takes/([0-9a-f-]{36})["?#]', page)}


def random_world(make: Factory, chance: random.Random) -> tuple[list[User], list[Take]]:
    """Two teams, people with any roles in them (some gone by now), takes of every kind."""
    teams = [make.team("North"), make.team("South")]
    people = [_random_person(make, chance, name, teams) for name in ("Ada", "Jonas", "Cole", "Mona", "Zoe")]
    scenarios = [make.scenario(team) for team in teams for _ in range(2)]
    takes = [_random_take(make, chance, people, chance.choice(scenarios)) for _ in range(9)]
    for person in people:
        for membership in person.memberships:
            membership.ended_at = chance.choice([None, None, None, db.now()])
    return people, takes


def _random_person(make: Factory, chance: random.Random, name: str, teams: list[Team]) -> User:
    person = make.user(f"{name} Random")
    for team in chance.choice([teams[:1], teams[1:], teams]):
        accounts.join(make.session, person, team, chance.choice(list(Role)))
    return person


def _random_take(make: Factory, chance: random.Random, people: list[User], scenario: object) -> Take:
    presenter = chance.choice([*people, "Grace Hall"])
    take = make.take(
        presenter,
        scenario,  # type: ignore[arg-type]
        submitted=chance.random() < 0.6,
        shared=chance.random() < 0.4,
        uploaded_by=chance.choice(people) if presenter == "Grace Hall" or chance.random() < 0.3 else None,
    )
    if not take.is_submitted:
        take.shared_with_team = False
    if chance.random() < 0.15:
        take.deleted_at = db.now()
    return take


def sees(person: User, take: Take) -> bool:
    """The table at the head of `permissions.py`, written once more and differently."""
    if take.is_deleted:
        return False
    if take.pitch.presenter_id == person.id:
        return True
    role = person.role_in(take.pitch.team_id)
    if role is None:
        return False
    if take.uploaded_by_id == person.id:
        return True
    return take.is_submitted and (role in (Role.COACH, Role.MANAGER) or take.shared_with_team)
