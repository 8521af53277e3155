"""Byte ranges as ffmpeg writes them."""

import pytest

from worker.media.errors import OutputRefused
from worker.media.playlist import read_playlist
from worker.media.renditions import ByteRange, Segment

HEAD = '#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-MAP:URI="360p.mp4",BYTERANGE="1353@0"\n'
PART = "#EXTINF:{seconds},\n#EXT-X-BYTERANGE:{length}@{offset}\n360p.mp4\n"
END = "#EXT-X-ENDLIST\n"


def written(tmp_path, text):
    path = tmp_path / "360p.m3u8"
    path.write_text(text)
    return path


def test_head_and_segments_are_read(tmp_path):
    parts = PART.format(seconds="2.000000", length=100, offset=1353) + PART.format(
        seconds="0.500000", length=20, offset=1453
    )

    init, segments = read_playlist(written(tmp_path, HEAD + parts + END))

    assert init == ByteRange(0, 1353)
    assert segments == (Segment(1353, 100, 2000), Segment(1453, 20, 500))


def test_a_thousand_roundings_do_not_add_up(tmp_path):
    parts = "".join(PART.format(seconds="2.002400", length=1, offset=n) for n in range(1000))

    _, segments = read_playlist(written(tmp_path, HEAD + parts + END))

    assert sum(part.duration_ms for part in segments) == 2002400


@pytest.mark.parametrize(
    "text",
    [
        "",
        HEAD + END,
        HEAD + PART.format(seconds=2, length=1, offset=1353),
        PART.format(seconds=2, length=1, offset=1353) + END,
        HEAD + "#EXTINF:2,\n" + END,
    ],
)
def test_an_incomplete_playlist_is_refused(tmp_path, text):
    with pytest.raises(OutputRefused):
        read_playlist(written(tmp_path, text))


def test_a_missing_playlist_is_refused(tmp_path):
    with pytest.raises(OutputRefused):
        read_playlist(tmp_path / "360p.m3u8")
