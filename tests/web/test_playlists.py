"""Playlists as a player reads them."""

import re
from collections.abc import Callable

from flask.testing import FlaskClient

from pitchreview.models import RecordingState, Take, User
from tests.conftest import Cast
from tests.factories import Factory

ClientOf = Callable[[User | None], FlaskClient]


def growing(make: Factory, cast: Cast, segments: int) -> Take:
    """A take of Ada whose lowest rung is being made."""
    recording = make.recording(RecordingState.PLAYABLE)
    recording.renditions = []
    for sequence in range(segments):
        make.live_segment(recording, sequence)
    take = make.take(cast.ada, make.scenario(cast.team), recording=recording)
    make.session.commit()
    return take


def test_a_growing_playlist_lists_what_there_is_and_has_no_end(
    make: Factory, cast: Cast, client_of: ClientOf
) -> None:
    take = growing(make, cast, segments=3)
    answer = client_of(cast.ada).get(f"/media/{take.recording_id}/growing.m3u8")

    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    assert "#EXT-X-PLAYLIST-TYPE:EVENT" in answer.text and "ENDLIST" not in answer.text
    assert answer.text.count("#EXTINF:2.000,") == 2
    addresses = re.findall(r"/media/\S+/live/[0-9a-f-]{36}", answer.text)
    assert len(set(addresses)) == 3
    assert client_of(cast.ada).get(addresses[1]).status_code == 302


def test_before_the_first_stretch_there_is_nothing_to_play(
    make: Factory, cast: Cast, client_of: ClientOf
) -> None:
    take = growing(make, cast, segments=1)
    assert client_of(cast.ada).get(f"/media/{take.recording_id}/growing.m3u8").status_code == 404


def test_once_the_rung_is_whole_the_growing_playlist_ends(
    make: Factory, cast: Cast, client_of: ClientOf
) -> None:
    """A player compares each playlist with the one before: the stretches stay what they are."""
    recording = make.recording(RecordingState.READY)
    for sequence in range(3):
        make.live_segment(recording, sequence)
    make.take(cast.ada, make.scenario(cast.team), recording=recording)
    make.session.commit()

    answer = client_of(cast.ada).get(f"/media/{recording.id}/growing.m3u8")

    assert answer.text.count("/live/") == 3 and answer.text.endswith("#EXT-X-ENDLIST\n")


def test_the_page_of_a_growing_take_plays_the_growing_playlist(
    make: Factory, cast: Cast, client_of: ClientOf
) -> None:
    take = growing(make, cast, segments=2)
    stage = client_of(cast.ada).get(f"/takes/{take.id}/stage").text
    assert f'data-hls="/media/{take.recording_id}/growing.m3u8" data-growing' in stage
    assert "<video preload" in stage
