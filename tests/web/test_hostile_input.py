"""What people type stays text, and what nobody should send is refused quickly."""

import json
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from pitchreview.models import Comment, ConsentState, Role, Source, Take, Team, User
from tests.conftest import Cast
from tests.factories import Factory

ClientOf = Callable[[User | None], FlaskClient]

ATTACKS = (
    "javascript:alert(1)",
    "<img src=x onerror=alert(1)> \"><script>alert(1)</script> ' onmouseover='alert(1) "
    "</textarea></title><svg onload=alert(1)> {{ 7 * 7 }}{% raise %} \u202egnp.exe",
)


# --- shown as text ----------------------------------------------------------------------------------


class Dangers(HTMLParser):
    """Collects what a browser would run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "script" and not values.get("src", "").startswith("/static/"):
            self.found.append("inline script")
        for name, value in values.items():
            is_address = name in ("href", "src", "action", "formaction")
            if name.startswith("on") or (is_address and value.startswith(("javascript:", "x"))):
                self.found.append(f"<{tag} {name}={value}>")


def dangers_in(page: str) -> list[str]:
    parser = Dangers()
    parser.feed(page)
    return parser.found


@pytest.mark.parametrize("attack", ATTACKS, ids=["address", "markup"])
def test_words_of_people_are_text_on_every_page(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, attack: str
) -> None:
    pages = _world_of(attack, make, cast)
    session.commit()
    for who in (cast.mona, cast.ada):
        browser = client_of(who)
        for page in pages:
            assert dangers_in(browser.get(page).text) == [], page
    mona = client_of(cast.mona)
    for page in (page for page in pages if page.count("/") == 2 and "?" not in page):
        assert _as_html(attack) in mona.get(page).text, page


def _world_of(attack: str, make: Factory, cast: Cast) -> list[str]:
    """A team in which everything is named by the attack, and the pages that show it."""
    cast.ada.name = cast.team.name = attack
    scenario = make.scenario(cast.team, attack, prompt=attack, situation=attack, buyer=attack)
    scenario.set_key_messages([attack])
    scenario.set_beats([(attack, 10)])
    drill = make.drill(scenario, cast.mona)
    drill.focus = drill.note = attack
    take = make.take(cast.ada, scenario, shared=True)
    take.recording.reason = take.recording.warning = attack
    guest = make.take(attack, scenario, uploaded_by=cast.mona)
    guest.consent_note = attack
    remark = make.comment(take, cast.cole, attack, instead=attack)
    make.reply(remark, cast.ada, attack)
    make.review(take, cast.cole).one_thing = attack
    exemplar = make.exemplar(take, cast.mona, title=attack, tags=(attack,))
    make.exemplar(take, cast.mona, title=attack, consent=ConsentState.ASKED)
    exemplar.why = attack
    shelf = make.collection(cast.team, cast.mona, exemplar)
    shelf.title = shelf.description = attack
    return [
        "/",
        "/takes",
        "/team/takes",
        f"/takes/{take.id}",
        f"/takes/{take.id}/comments",
        f"/takes/{guest.id}",
        f"/takes/{take.id}/exemplars/new?from={attack}",
        f"/pitches/{take.pitch_id}",
        "/review",
        "/library",
        f"/library?q={attack}&tag={attack}",
        f"/exemplars/{exemplar.id}",
        f"/exemplars/{exemplar.id}/edit",
        f"/collections/{shelf.id}",
        f"/scenarios?stage={attack}",
        f"/scenarios/{scenario.id}",
        f"/scenarios/{scenario.id}/edit",
        "/team",
        "/team/invitations",
        "/account",
    ]


def _as_html(text: str) -> str:
    for raw, safe in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&#34;"), ("'", "&#39;")):
        text = text.replace(raw, safe)
    return text


@pytest.mark.parametrize("attack", ATTACKS, ids=["address", "markup"])
def test_a_form_shows_what_was_typed_as_text(client_of: ClientOf, cast: Cast, attack: str) -> None:
    mona = client_of(cast.mona)
    typed = {"title": attack, "stage": attack, "prompt": attack, "name": attack, "emails": attack}
    for address in ("/scenarios", "/account", "/team/invitations"):
        answer = mona.post(address, data=typed)
        assert answer.status_code == 400
        assert dangers_in(answer.text) == []
    signed_out = client_of(None).post("/sign-in", data={"email": attack, "next": attack})
    assert dangers_in(signed_out.text) == []


# --- nobody chooses what is not theirs to choose ------------------------------------------------------


def test_fields_that_no_form_has_are_ignored_when_a_scenario_is_written(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast
) -> None:
    scenario = make.scenario(cast.team)
    session.commit()
    client_of(cast.mona).post(
        f"/scenarios/{scenario.id}",
        data={
            "title": "New title",
            "stage": "demo",
            "prompt": "P",
            "target": "1:00",
            "team_id": str(cast.other_team.id),
            "created_by_id": str(cast.zoe.id),
            "id": str(uuid4()),
        },
    )
    session.expire_all()
    assert (scenario.title, scenario.team_id, scenario.created_by_id) == ("New title", cast.team.id, None)


def test_a_profile_changes_name_and_time_zone_and_nothing_else(
    client_of: ClientOf, session: Session, cast: Cast
) -> None:
    more = {"is_operator": "1", "role": "manager", "email": "root@example.com", "deactivated_at": ""}
    client_of(cast.ada).post("/account", data={"name": "Ada L.", "time_zone": "Europe/Oslo", **more})
    session.expire_all()
    assert (cast.ada.name, cast.ada.email, cast.ada.is_operator) == ("Ada L.", "ada@example.com", False)
    assert cast.ada.role_in(cast.team) is Role.REP


def test_an_upload_says_nothing_about_owner_state_or_key(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast
) -> None:
    scenario = make.scenario(cast.team)
    session.commit()
    answer = client_of(cast.ada).post(
        f"/scenarios/{scenario.id}/uploads",
        json={
            "file_name": "pitch.mp4",
            "size_bytes": 10,
            "content_type": "text/html",
            "object_key": "recordings/other",
            "uploaded_by_id": str(cast.mona.id),
            "state": "ready",
            "submitted_at": "2026-01-01",
            "part_size": 1,
        },
    )
    assert answer.status_code == 201
    take = session.scalars(select(Take)).one()
    source = take.recording.sources[0]
    assert (take.uploaded_by_id, take.is_submitted) == (cast.ada.id, False)
    assert take.recording.state.value == "awaiting_upload"
    assert source.object_key == f"recordings/{take.recording_id}/source/{source.id}"
    assert source.part_size == 8 * 1024 * 1024


@pytest.mark.parametrize("named", ["presenter_id", "presenter_name"])
def test_a_rep_uploads_in_her_own_name_only(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, named: str
) -> None:
    scenario = make.scenario(cast.team)
    session.commit()
    file = {"file_name": "pitch.mp4", "size_bytes": 10, named: str(cast.jonas.id), "consent_note": "Yes"}
    answer = client_of(cast.ada).post(f"/scenarios/{scenario.id}/uploads", json=file)
    assert answer.status_code == 403
    assert session.scalars(select(Take)).all() == []


def test_a_manager_names_members_of_this_team_only(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast
) -> None:
    scenario = make.scenario(cast.team)
    session.commit()
    file = {"file_name": "p.mp4", "size_bytes": 10, "presenter_id": str(cast.zoe.id), "consent_note": "Yes"}
    answer = client_of(cast.mona).post(f"/scenarios/{scenario.id}/uploads", json=file)
    assert (answer.status_code, answer.get_json()["error"]["field"]) == (400, "presenter_id")


def test_a_manager_gives_no_role_that_does_not_exist(
    client_of: ClientOf, session: Session, cast: Cast
) -> None:
    membership = cast.jonas.memberships[0]
    mona = client_of(cast.mona)
    assert mona.post(f"/team/members/{membership.id}/role", data={"role": "operator"}).status_code == 400
    assert mona.post("/team/invitations", data={"emails": "a@b.co", "role": "owner"}).status_code == 400
    session.expire_all()
    assert membership.role is Role.REP


# --- file names -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.mp4", "passwd.mp4"),
        ("C:\\Users\\ada\\pitch.mp4", "pitch.mp4"),
        ("a\x00b.mp4", "ab.mp4"),
        ("a.mp4\r\nSet-Cookie: a=b.mp4", "a.mp4Set-Cookie: a=b.mp4"),
        ("x" * 5000 + ".mp4", "x" * 200),
        ("\u202egpj.mp4", "gpj.mp4"),
        ("/.mp4", ".mp4"),
        ("größe 100%.mp4", "größe 100%.mp4"),
    ],
)
def test_a_file_name_is_kept_as_a_plain_name_and_never_becomes_a_key(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, sent: str, kept: str
) -> None:
    scenario = make.scenario(cast.team)
    session.commit()
    file = {"file_name": sent, "size_bytes": 10, "content_type": sent, "fingerprint": sent}
    answer = client_of(cast.ada).post(f"/scenarios/{scenario.id}/uploads", json=file)
    if answer.status_code == 400:  # a name without a known ending is refused; nothing is kept of it
        assert session.scalars(select(Source)).all() == []
        return
    source = session.scalars(select(Source)).one()
    assert source.file_name == kept
    assert source.object_key == f"recordings/{source.recording_id}/source/{source.id}"


# --- what nobody should send --------------------------------------------------------------------------

HALF_A_CHARACTER = "\ud800"


def test_a_nul_in_a_text_is_refused_and_nothing_is_kept(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast
) -> None:
    take = make.take(cast.ada, make.scenario(cast.team))
    session.commit()
    cole = client_of(cast.cole)
    for data in ({"body": "a\x00b", "at_ms": "0"}, {"body": "a", "at_ms": "0", "client_key": "\x00"}):
        assert cole.post(f"/takes/{take.id}/comments", data=data).status_code == 400
    assert cole.get("/library?q=%00&tag=%00").status_code == 400
    assert client_of(None).post("/sign-in", data={"email": "\x00", "password": "\x00"}).status_code == 400
    assert session.scalars(select(Comment)).all() == []


@pytest.mark.parametrize("name", ["file_name", "content_type", "fingerprint"])
def test_half_a_character_is_refused(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, name: str
) -> None:
    scenario = make.scenario(cast.team)
    session.commit()
    file = {"file_name": "pitch.mp4", "size_bytes": 10, name: f"{HALF_A_CHARACTER}.mp4"}
    answer = client_of(cast.ada).post(f"/scenarios/{scenario.id}/uploads", json=file)
    assert answer.status_code in (201, 400)
    assert all(HALF_A_CHARACTER not in s.file_name for s in session.scalars(select(Source)))


@pytest.mark.parametrize("value", ["9" * 30, "-1", "1e9", "NaN", "0x10", "9" * 5000, "²", "2147483648"])
@pytest.mark.parametrize("name", ["at_ms", "until_ms"])
def test_times_beyond_all_use_are_refused(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, name: str, value: str
) -> None:
    take = make.take(cast.ada, make.scenario(cast.team))
    session.commit()
    data = {"body": "Ask.", "at_ms": "1000", name: value}
    assert client_of(cast.cole).post(f"/takes/{take.id}/comments", data=data).status_code == 400
    assert session.scalars(select(Comment)).all() == []


@pytest.mark.parametrize(
    "body",
    ["[" * 900_000, '{"a":' * 150_000, "{", "null", "[]", '"text"', "NaN", "\x00"],
    ids=["deep list", "deep object", "cut", "null", "list", "text", "nan", "nul"],
)
def test_json_that_is_no_object_is_refused_quickly(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, body: str
) -> None:
    scenario = make.scenario(cast.team)
    session.commit()
    answer = client_of(cast.ada).post(
        f"/scenarios/{scenario.id}/uploads", data=body, content_type="application/json"
    )
    assert answer.status_code == 400
    assert answer.get_json()["error"]["message"]


@pytest.mark.parametrize("size", [True, False, None, "10", 10.5, -1, 0, [], {}])
def test_a_size_is_a_whole_number_of_bytes(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, size: Any
) -> None:
    scenario = make.scenario(cast.team)
    session.commit()
    file = {"file_name": "pitch.mp4", "size_bytes": size}
    answer = client_of(cast.ada).post(f"/scenarios/{scenario.id}/uploads", json=file)
    assert answer.status_code == 400


def test_a_file_over_the_limit_is_refused_before_its_first_byte(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast
) -> None:
    scenario = make.scenario(cast.team)
    session.commit()
    ada = client_of(cast.ada)
    for size in (5 * 1024**3 + 1, 10**30):
        file = {"file_name": "pitch.mp4", "size_bytes": size}
        answer = ada.post(f"/scenarios/{scenario.id}/uploads", json=file)
        assert (answer.status_code, "5 GB" in answer.get_json()["error"]["message"]) == (413, True)


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "application/json"])
def test_a_huge_body_is_refused_without_being_read(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, content_type: str
) -> None:
    scenario = make.scenario(cast.team)
    session.commit()
    address = "/account" if "form" in content_type else f"/scenarios/{scenario.id}/uploads"
    body = b"name=" + b"x" * 5_000_000
    assert client_of(cast.ada).post(address, data=body, content_type=content_type).status_code == 413


def test_thousands_of_form_fields_are_refused(client_of: ClientOf, cast: Cast) -> None:
    fields = {f"field{number}": "x" for number in range(2000)}
    answer = client_of(cast.ada).post("/account", data=fields, content_type="multipart/form-data")
    assert answer.status_code == 413


def test_a_compressed_body_is_not_unpacked(client_of: ClientOf, cast: Cast) -> None:
    answer = client_of(cast.ada).post(
        "/account", data=b"\x1f\x8b", headers={"Content-Encoding": "gzip"}, content_type="text/plain"
    )
    assert answer.status_code == 400


def test_an_absurdly_long_address_at_the_door_is_simply_wrong(client_of: ClientOf, cast: Cast) -> None:
    answer = client_of(None).post("/sign-in", data={"email": "a" * 50_000, "password": "b" * 50_000})
    assert answer.status_code == 400


@pytest.mark.parametrize("token", ["x", "ü", "%00", "%F0%9F%92%A9", "a" * 4000, "..%2f.."])
@pytest.mark.parametrize("door", ["/welcome", "/invitations", "/password"])
def test_links_with_nonsense_in_them_lead_nowhere(
    client_of: ClientOf, cast: Cast, door: str, token: str
) -> None:
    assert client_of(None).get(f"{door}/{token}").status_code == 404


@pytest.mark.parametrize("topics", [[], ["nonsense"], ["take:1"], ["user:x"], [f"take:{uuid4()}"] * 61])
def test_streams_are_about_known_topics_and_few(client_of: ClientOf, cast: Cast, topics: list[str]) -> None:
    answer = client_of(cast.ada).get("/live", query_string={"topic": topics})
    answer.close()
    assert answer.status_code == 400


def test_pasted_addresses_may_be_any_text(client_of: ClientOf, session: Session, cast: Cast) -> None:
    pasted = "Nina <nina@example.com>; otto@example.com,\n<script>@x.y ,, @, a@b, " + json.dumps("x@y.z")
    answer = client_of(cast.mona).post("/team/invitations", data={"emails": pasted, "role": "rep"})
    assert answer.status_code == 200
    assert dangers_in(answer.text) == []
    assert "nina@example.com" in answer.text


def test_a_team_with_a_hostile_name_is_only_a_name(client_of: ClientOf, session: Session, cast: Cast) -> None:
    data = {"name": ATTACKS[1], "manager": "otto@example.com"}
    answer = client_of(cast.olga).post("/operator/teams", data=data)
    assert (answer.status_code, dangers_in(answer.text)) == (200, [])
    assert session.scalars(select(Team).where(Team.name == ATTACKS[1][:120])).one()
