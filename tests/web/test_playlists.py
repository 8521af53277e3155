"""Playlists as a player reads them."""

import re
from collections.abc import Callable

from flask.testing import FlaskClient

from pitchreview.models import RecordingState, RenditionKind, Take, User
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


def test_once_the_rung_is_whole_the_same_playlist_ends_with_ranges_of_the_file(
    make: Factory, cast: Cast, client_of: ClientOf
) -> None:
    recording = make.recording(RecordingState.READY)
    make.live_segment(recording, 0)
    make.live_segment(recording, 1)
    make.take(cast.ada, make.scenario(cast.team), recording=recording)
    make.session.commit()

    answer = client_of(cast.ada).get(f"/media/{recording.id}/growing.m3u8")

    lowest = next(r for r in recording.renditions if r.kind is RenditionKind.RUNG and r.rung == 360)
    assert "#EXT-X-PLAYLIST-TYPE:EVENT" in answer.text and "#EXT-X-ENDLIST" in answer.text
    assert str(lowest.id) in answer.text and "BYTERANGE" in answer.text


def test_the_page_of_a_growing_take_plays_the_growing_playlist(
    make: Factory, cast: Cast, client_of: ClientOf
) -> None:
    take = growing(make, cast, segments=2)
    stage = client_of(cast.ada).get(f"/takes/{take.id}/stage").text
    assert f'data-hls="/media/{take.recording_id}/growing.m3u8" data-growing' in stage
    assert "<video preload" in stage
