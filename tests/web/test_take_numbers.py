"""How often somebody practised is theirs to know: numbers and counts of takes never reach others."""

import json
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from pitchreview.models import Take, User
from tests.conftest import Cast
from tests.factories import Factory

ClientOf = Callable[[User | None], FlaskClient]

# No other figure on the pages is like this one.
NUMBER = 7_351


@pytest.fixture
def takes(make: Factory, cast: Cast) -> list[Take]:
    """Ada practised often: one submitted and shared take with a telling number, others for herself."""
    scenario = make.scenario(cast.team)
    submitted = make.take(cast.ada, scenario, shared=True)
    submitted.number = NUMBER
    practice = [make.take(cast.ada, scenario, submitted=False) for _ in range(3)]
    for number, take in enumerate(practice, start=NUMBER + 1):
        take.number = number
    uploaded = make.take(cast.ada, make.scenario(cast.team, "A call"), uploaded_by=cast.mona)
    uploaded.number = NUMBER
    make.comment(submitted, cast.cole)
    make.review(submitted, cast.cole)
    make.exemplar(submitted, cast.mona)
    make.session.commit()
    return [submitted, *practice, uploaded]


def pages_about(takes: list[Take]) -> list[str]:
    submitted, *_, uploaded = takes
    return [
        "/",
        "/takes",
        "/team/takes",
        "/review",
        "/library",
        "/team",
        f"/scenarios/{submitted.pitch.scenario_id}",
        f"/scenarios/{uploaded.pitch.scenario_id}",
        *(f"/pitches/{take.pitch_id}" for take in takes),
        *(f"/takes/{take.id}{part}" for take in takes for part in ("", "/stage", "/comments")),
        *(f"/media/{take.recording_id}/master.m3u8" for take in takes),
    ]


@pytest.mark.parametrize("who", ["cole", "mona", "jonas"])
def test_nobody_else_reads_a_number_of_hers(
    client_of: ClientOf, cast: Cast, takes: list[Take], who: str
) -> None:
    client = client_of(getattr(cast, who))
    for page in pages_about(takes):
        answer = client.get(page)
        said = answer.text + str(answer.headers)
        assert not re.search(rf"\b{str(NUMBER)[:3]}\d\b", said), page


def test_she_reads_them_herself(client_of: ClientOf, cast: Cast, takes: list[Take]) -> None:
    page = client_of(cast.ada).get(f"/pitches/{takes[0].pitch_id}").text
    for take in takes[:-1]:
        assert f"Take {take.number}" in page


@pytest.mark.parametrize("who", ["cole", "mona", "jonas"])
def test_a_pitch_looks_the_same_to_others_however_often_she_practised(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, takes: list[Take], who: str
) -> None:
    client = client_of(getattr(cast, who))
    submitted = takes[0]
    addresses = ["/", f"/pitches/{submitted.pitch_id}", f"/takes/{submitted.id}", "/team/takes"]
    before = [_lasting(client.get(address).text) for address in addresses]
    for _ in range(4):
        make.take(cast.ada, submitted.pitch.scenario, submitted=False)
    session.commit()
    assert [_lasting(client.get(address).text) for address in addresses] == before


def _lasting(page: str) -> str:
    """A page without what differs each time it is asked for."""
    page = re.sub(r'(name="csrf-token" content|name="csrf_token" value)="[^"]*"', "", page)
    return re.sub(r"<time-ago>.*?</time-ago>|<code>\w+</code>", "", page)


def test_the_answer_to_an_upload_for_her_does_not_count_her_takes(
    client_of: ClientOf, cast: Cast, takes: list[Take]
) -> None:
    file = {
        "file_name": "call.mp4",
        "size_bytes": 10,
        "presenter_id": str(cast.ada.id),
        "consent_note": "By e-mail on 3 May",
    }
    mona = client_of(cast.mona)
    scenario_id = takes[-1].pitch.scenario_id
    answer = mona.post(f"/scenarios/{scenario_id}/uploads", json=file)
    assert answer.status_code == 201
    said = json.dumps(answer.get_json()) + mona.get(answer.get_json()["take"]).text
    assert str(NUMBER + 1) not in said
