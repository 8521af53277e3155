"""Lists and their filters: my takes, the team's takes, the queue, scenarios, home."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from pitchreview.models import Take, User
from tests.conftest import Cast
from tests.factories import Factory
from tests.statements import heard_by

ClientOf = Callable[[User | None], FlaskClient]


@pytest.fixture
def takes(make: Factory, cast: Cast) -> dict[str, Take]:
    price, vendor = make.scenario(cast.team, "Price"), make.scenario(cast.team, "Vendor")
    found = {
        "practice": make.take(cast.ada, price, submitted=False),
        "waiting": make.take(cast.ada, vendor),
        "reviewed": make.take(cast.ada, price),
        "other": make.take(cast.jonas, price),
    }
    make.review(found["reviewed"], cast.cole)
    make.session.commit()
    return found


def listed(client: FlaskClient, address: str, takes: dict[str, Take]) -> set[str]:
    page = client.get(address)
    assert page.status_code == 200
    main = page.text.split("<main", 1)[1]
    return {name for name, take in takes.items() if f"/takes/{take.id}" in main}


@pytest.mark.parametrize(
    ("show", "names"),
    [
        ("all", {"practice", "waiting", "reviewed"}),
        ("practice", {"practice"}),
        ("submitted", {"waiting", "reviewed"}),
        ("feedback", {"reviewed"}),
        ("nonsense", {"practice", "waiting", "reviewed"}),
    ],
)
def test_my_takes_are_mine_by_state(
    client_of: ClientOf, cast: Cast, takes: dict[str, Take], show: str, names: set[str]
) -> None:
    assert listed(client_of(cast.ada), f"/takes?show={show}", takes) == names


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"waiting", "reviewed", "other"}),
        ("?state=waiting", {"waiting", "other"}),
        ("?state=reviewed", {"reviewed"}),
        ("?presenter={ada}", {"waiting", "reviewed"}),
        ("?scenario={price}", {"reviewed", "other"}),
        ("?presenter={ada}&scenario={price}&state=reviewed", {"reviewed"}),
        ("?presenter={zoe}", set()),
        ("?presenter=nonsense&scenario=%00&state=x", {"waiting", "reviewed", "other"}),
    ],
)
def test_the_teams_takes_are_found_by_who_what_and_state(
    client_of: ClientOf, cast: Cast, takes: dict[str, Take], query: str, names: set[str]
) -> None:
    values = {"ada": cast.ada.id, "zoe": cast.zoe.id, "price": takes["practice"].pitch.scenario_id}
    assert listed(client_of(cast.cole), f"/team/takes{query.format(**values)}", takes) == names


def test_the_queue_holds_what_waits_and_publishing_leads_to_what_was_begun(
    client_of: ClientOf, make: Factory, cast: Cast, takes: dict[str, Take]
) -> None:
    make.comment(takes["waiting"], cast.cole)
    make.comment(takes["other"], cast.cole, review=make.review(takes["other"], cast.cole, published=False))
    make.session.commit()
    cole = client_of(cast.cole)
    assert listed(cole, "/review", takes) >= {"waiting", "other"}
    answer = cole.post(f"/takes/{takes['waiting'].id}/review", data={"one_thing": "Ask one question."})
    assert answer.headers["Location"] == f"/takes/{takes['other'].id}"
    answer = cole.post(f"/takes/{takes['other'].id}/review", data={"one_thing": "Slow down."})
    assert answer.headers["Location"] == "/review"
    assert "Ask one question." in client_of(cast.ada).get("/").text


def test_publishing_twice_or_without_words_is_refused(
    client_of: ClientOf, make: Factory, cast: Cast, takes: dict[str, Take]
) -> None:
    cole, take = client_of(cast.cole), takes["waiting"]
    address = f"/takes/{take.id}/review"
    refused = cole.post(address, data={"one_thing": "Ask."}, follow_redirects=True)
    assert "Pin at least one comment to a moment" in refused.text
    make.comment(take, cast.cole)
    make.session.commit()
    refused = cole.post(address, data={"one_thing": " "}, follow_redirects=True)
    assert "Say the one thing" in refused.text
    assert cole.post(address, data={"one_thing": "Ask."}).status_code == 302
    assert cole.post(address, data={"one_thing": "Ask."}).status_code == 409


@pytest.mark.parametrize("who", ["ada", "jonas", "cole", "mona", "zoe", "olga"])
def test_home_opens_for_everybody_and_leads_only_to_what_they_may_open(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, takes: dict[str, Take], who: str
) -> None:
    make.drill(takes["practice"].pitch.scenario, cast.mona)
    make.exemplar(takes["reviewed"], cast.mona)
    session.commit()
    client = client_of(getattr(cast, who))
    for address in _links(client.get("/").text):
        assert client.get(address).status_code in (200, 302), address


def _links(page: str) -> set[str]:
    found = {part.split('"')[0].split("#")[0].replace("&amp;", "&") for part in page.split('href="/')[1:]}
    return {f"/{address}" for address in found if not address.startswith("static/")}


def test_a_scenario_that_is_put_away_is_not_offered_but_opens(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast
) -> None:
    scenario = make.scenario(cast.team, "An old one")
    session.commit()
    mona, ada = client_of(cast.mona), client_of(cast.ada)
    mona.post(f"/scenarios/{scenario.id}/archive")
    assert "An old one" not in ada.get("/scenarios").text
    assert ada.get(f"/scenarios/{scenario.id}").status_code == 200
    mona.post(f"/scenarios/{scenario.id}/archive")
    assert "An old one" in ada.get("/scenarios").text


def test_a_long_list_comes_in_pages_and_costs_the_same_however_long_it_is(
    client_of: ClientOf, make: Factory, cast: Cast, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pitchreview.web.views.takes.ON_A_PAGE", 3)
    scenario = make.scenario(cast.team, "Price")
    made = []
    counts = []
    for number in (2, 5):
        made += [make.take(cast.ada, scenario) for _ in range(number)]
        make.session.commit()
        counts.append(
            [
                statements_of(engine, client_of(who), path)
                for who, path in ((cast.ada, "/takes"), (cast.mona, "/team/takes"))
            ]
        )
    assert counts[0] == counts[1]
    takes = {str(i): take for i, take in enumerate(made)}
    pages = [
        listed(client_of(cast.mona), f"/team/takes?state=waiting&after={start}", takes) for start in (0, 3, 6)
    ]
    assert [len(page) for page in pages] == [3, 3, 1]
    assert len(set.union(*pages)) == 7
    page = client_of(cast.mona).get("/team/takes?state=waiting&after=3").text
    assert "state=waiting&amp;after=6" in page
    assert 'href="/team/takes?state=waiting"' in page


def statements_of(engine: Engine, client: FlaskClient, address: str) -> int:
    client.get(address)
    with heard_by(engine) as heard:
        assert client.get(address).status_code == 200
    return len(heard)
