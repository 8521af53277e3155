"""Ada takes her own take home: the bytes come from the store, under a name that tells no number of takes."""

import urllib.request
from email.message import Message

import pytest
from flask.testing import FlaskClient

from pitchreview.models import Take
from tests.conftest import Cast
from tests.factories import Factory
from tests.web.test_comments import ClientOf


@pytest.fixture
def take(make: Factory, cast: Cast) -> Take:
    scenario = make.scenario(cast.team, "60-second value proposition")
    make.take(cast.ada, scenario, submitted=False)
    take = make.take(cast.ada, scenario)
    take.recording.sources[0].file_name = "My Webcam.WEBM"
    make.session.commit()
    return take


@pytest.fixture
def ada(client_of: ClientOf, cast: Cast) -> FlaskClient:
    return client_of(cast.ada)


def taken_home(client: FlaskClient, address: str) -> tuple[bytes, Message]:
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (302, "no-store")
    with urllib.request.urlopen(answer.headers["Location"]) as file:
        return file.read(), file.headers


def test_as_it_was_sent(ada: FlaskClient, make: Factory, take: Take) -> None:
    (source,) = take.recording.sources
    make.store.put_bytes(b"as it came", source.object_key, "video/webm")
    content, headers = taken_home(ada, f"/takes/{take.id}/file/sources/{source.id}")
    assert content == b"as it came"
    assert headers.get_filename() == "Ada Lindqvist, 60-second value proposition, round 1.webm"
    assert headers.get_content_disposition() == "attachment"
    assert headers.get_content_type() == "application/octet-stream"


def test_as_mp4_in_the_best_quality(ada: FlaskClient, make: Factory, take: Take) -> None:
    best = take.recording.rungs[-1]
    make.store.put_bytes(b"sharp", best.object_key, "video/mp4")
    content, headers = taken_home(ada, f"/takes/{take.id}/file/mp4")
    assert content == b"sharp"
    assert headers.get_filename() == "Ada Lindqvist, 60-second value proposition, round 1.mp4"


def test_no_mp4_is_handed_out_before_there_is_one(ada: FlaskClient, make: Factory, take: Take) -> None:
    take.recording.renditions = []
    make.session.commit()
    assert ada.get(f"/takes/{take.id}/file/mp4").status_code == 404
