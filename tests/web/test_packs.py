"""Meeting packs at the door: what goes in, what is said about it, and what stays of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import consenting, packing
from pitchreview.models import CommentKind, ConsentState, Exemplar, Pack, RecordingState, Stage, User
from tests.conftest import Cast
from tests.factories import Factory

ClientOf = Callable[[User | None], FlaskClient]
MEETING = ["persona:cfo", "objection:too expensive", "stage:demo"]


@pytest.fixture
def moment(make: Factory, cast: Cast) -> Callable[..., Exemplar]:
    def hold_up(title: str, *tags: str, **more: Any) -> Exemplar:
        take = make.take(cast.ada, make.scenario(cast.team, f"Scenario of {title}"))
        exemplar = make.exemplar(take, cast.mona, title=title, tags=tags, **more)
        make.session.commit()
        return exemplar

    return hold_up


Moment = Callable[..., Exemplar]


def packed(client: FlaskClient, tags: list[str] = MEETING) -> str:
    """The address of a new pack."""
    return client.post("/pack", data={"tag": [*tags, ""]}).headers["Location"]


def titles(session: Session, address: str) -> list[str]:
    pack = session.get_one(Pack, address.rpartition("/")[2])
    return [item.exemplar.title for item in pack.items]


def test_what_fits_all_comes_first_and_the_rest_is_told_honestly(
    client_of: ClientOf, session: Session, cast: Cast, moment: Moment
) -> None:
    moment("All of it", "Buyer: CFO", "Objection: too expensive", "Demo")
    moment("Two of it", "Buyer: CFO", "Objection: too expensive")
    moment("One of it", "Demo")
    moment("None of it", "Silence")
    moment("Not yet said yes to", "Buyer: CFO", "Demo", consent=ConsentState.ASKED)
    jonas = client_of(cast.jonas)
    assert [f">{name}<" in jonas.get("/pack").text for name in ("CFO", "Too expensive", "Demo")] == [True] * 3

    address = packed(jonas)

    assert titles(session, address) == ["All of it", "Two of it", "One of it"]
    page = jonas.get(address).text
    assert "One is about all of it. The others come closest." in page
    assert "not about “Demo”" in page
    assert "not about “too expensive” or “CFO”" in page
    assert titles(session, packed(jonas, ["stage:demo"]))[:2] == ["One of it", "All of it"]
    moment("Another", "Discovery")
    assert "No moment is about all of it" in jonas.get(packed(jonas, ["persona:cfo", "stage:discovery"])).text


def test_what_people_watch_to_the_end_is_preferred(
    client_of: ClientOf, session: Session, cast: Cast, moment: Moment
) -> None:
    moment("Watched to the end", "Demo", opened_count=10, finished_count=9)
    moment("Left half way", "Demo", opened_count=10, finished_count=1)
    address = packed(client_of(cast.jonas), ["stage:demo"])
    assert titles(session, address) == ["Watched to the end", "Left half way"]


def test_only_the_moment_goes_along_never_the_take(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, moment: Moment
) -> None:
    part = moment("A part", "Demo", from_ms=5_000, until_ms=9_000)
    jonas = client_of(cast.jonas)
    address = packed(jonas)
    take = f"/media/{part.take.recording_id}/"
    state = jonas.get(f"{address}/state").get_json()
    assert (state["files"], state["waiting"]) == ([], 1)
    page = jonas.get(address).text
    assert "Being cut out" in page and take not in page

    session.expire_all()
    assert part.clip is not None
    part.clip = make.recording(RecordingState.PLAYABLE)  # as the worker publishes it
    still = part.clip.poster
    part.clip.renditions.remove(still)
    session.commit()
    assert jonas.get(f"{address}/state").get_json()["waiting"] == 1, "its still is to go along"
    part.clip = make.recording()  # as the worker leaves it
    session.commit()
    state = jonas.get(f"{address}/state").get_json()
    assert state["waiting"] == 0
    assert {file["address"].split("/")[2] for file in state["files"]} == {str(part.clip_id)}
    assert all(jonas.get(file["address"]).status_code == 302 for file in state["files"])
    page = jonas.get(address).text
    assert state["files"][0]["address"] in page and take not in page


def test_what_was_taken_back_is_gone_at_the_next_contact(
    client_of: ClientOf, session: Session, cast: Cast, moment: Moment
) -> None:
    stays, goes = moment("It stays", "Demo"), moment("It goes", "Demo")
    jonas = client_of(cast.jonas)
    address = packed(jonas)
    assert len(jonas.get(f"{address}/state").get_json()["moments"]) == 2
    consenting.answer(session, goes, cast.ada, ConsentState.WITHDRAWN)
    session.commit()
    state = jonas.get(f"{address}/state").get_json()
    assert state["moments"] == [str(stays.id)]
    page = jonas.get(address).text
    assert "It goes" not in page and "One moment was taken back" in page


def test_what_may_be_watched_again_is_cut_out_again(
    client_of: ClientOf, session: Session, cast: Cast, moment: Moment
) -> None:
    part = moment("A part", "Demo", from_ms=5_000, until_ms=9_000)
    jonas = client_of(cast.jonas)
    address = packed(jonas)
    session.expire_all()
    for said in (ConsentState.WITHDRAWN, ConsentState.GIVEN):
        consenting.answer(session, part, cast.ada, said)
        session.commit()
        assert part.clip is None, "it went with the consent"
        assert len(jonas.get(f"{address}/state").get_json()["moments"]) == part.is_given
    assert "Being cut out" in jonas.get(address).text
    packing.sweep(session)
    session.commit()
    assert part.clip is not None
    with time_machine.travel(db.now() + packing.KEPT_FOR + packing.FORGOTTEN_AFTER + timedelta(minutes=1)):
        packing.sweep(session)
    assert session.scalars(select(Pack)).all() == []


def test_a_pack_is_over_after_three_days(
    client_of: ClientOf, session: Session, cast: Cast, moment: Moment
) -> None:
    moment("It", "Demo")
    address = packed(client_of(cast.jonas), ["stage:demo"])
    with time_machine.travel(db.now() + packing.KEPT_FOR + timedelta(seconds=1)):
        jonas = client_of(cast.jonas)
        assert jonas.get(f"{address}/state").status_code == 404
        assert jonas.get(address).headers["Location"] == "/pack?tag=stage:demo"
        again = jonas.get("/pack?tag=stage:demo").text
        assert "That pack is over" in again and 'value="stage:demo" selected' in again
        packed(jonas)
    assert len(session.scalars(select(Pack)).all()) == 1, "a new one clears away what is over"


def test_what_one_fixed_last_comes_along_else_what_one_does_well(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, moment: Moment
) -> None:
    take = make.take(cast.jonas, make.scenario(cast.team))
    make.comment(take, cast.cole, "A calm opening.", kind=CommentKind.STRENGTH)
    open_one = make.comment(take, cast.cole, "You told before you asked.", instead="Ask first.")
    others = make.take(cast.ada, make.scenario(cast.team, "Other"))
    make.comment(others, cast.cole, "Of somebody else.", resolved_at=db.now())
    session.commit()
    jonas = client_of(cast.jonas)
    address = packed(jonas, [])
    page = jonas.get(address).text
    assert "You do this well" in page and "A calm opening." in page and "Of somebody else." not in page
    open_one.resolved_at = db.now()
    session.commit()
    page = jonas.get(address).text
    assert "You fixed this" in page and "Ask first." in page and "A calm opening." not in page
    assert f"/takes/{take.id}?t=12" in page and f"c={open_one.id}" in page


def test_the_warm_up_fits_the_meeting_and_is_the_shortest_of_several(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, moment: Moment
) -> None:
    moment("It", *["Buyer: CFO", "Objection: too expensive", "Demo"])
    make.scenario(cast.team, "Anything", target_seconds=20)
    make.scenario(cast.team, "Long demo", stage=Stage.DEMO, target_seconds=300)
    make.scenario(cast.team, "Short demo", stage=Stage.DEMO, target_seconds=60)
    fitting = make.scenario(cast.team, "Price", stage=Stage.DEMO, buyer="CFO of a mill", target_seconds=120)
    session.commit()
    jonas = client_of(cast.jonas)

    def warm_up(tags: list[str]) -> str:
        packed(jonas, tags)
        pack = session.scalars(select(Pack).order_by(Pack.created_at.desc())).first()
        assert pack is not None and pack.warm_up is not None
        return pack.warm_up.title

    assert warm_up([]) == "Anything"
    assert warm_up(["stage:demo"]) == "Short demo"
    assert warm_up(MEETING) == "Price"
    fitting.archived_at = db.now()
    session.commit()
    assert warm_up(MEETING) == "Short demo"


def test_a_team_without_a_library_gets_a_kind_page(client_of: ClientOf, cast: Cast) -> None:
    jonas = client_of(cast.jonas)
    assert "you get the best of all" in jonas.get("/pack").text
    page = jonas.get(packed(jonas, []))
    assert page.status_code == 200
    assert "Nothing of your library can be watched" in page.text


def test_saving_needs_a_secure_address(client_of: ClientOf, app: Flask, cast: Cast) -> None:
    jonas = client_of(cast.jonas)
    address = packed(jonas, [])
    assert "not saved" not in jonas.get(address, base_url="http://localhost").text
    cookie = jonas.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    jonas.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie.value, domain="pitch.example.com")
    page = jonas.get(address, base_url="http://pitch.example.com").text
    assert "It can be watched here, but not saved" in page and "Save on this device" not in page


def test_the_worker_answers_at_the_root_and_is_never_kept(app: Flask) -> None:
    with app.test_client().get("/sw.js") as answer:
        assert answer.content_type.startswith("text/javascript")
        assert answer.headers["Cache-Control"] == "no-cache"
        assert "/packs/" in answer.text
