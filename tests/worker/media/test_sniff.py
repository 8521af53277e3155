"""The first bytes decide what may open a file, whatever its name says."""

import pytest

from pitchreview.errors import BrokenMedia
from worker.media.sniff import demuxer_for


@pytest.mark.parametrize(
    ("name", "demuxer"),
    [
        ("talk.mp4", "mov"),
        ("phone.mov", "mov"),
        ("odd.webm", "matroska"),
        ("tagged.mkv", "matroska"),
        ("old.avi", "avi"),
        ("camcorder.ts", "mpegts"),
        ("sound.m4a", "mov"),
        ("sound.mp3", "mp3"),
        ("sound.wav", "wav"),
        ("sound.flac", "flac"),
        ("sound.ogg", "ogg"),
        ("sound.aac", "aac"),
    ],
)
def test_each_container_has_its_one_demuxer(clips, name, demuxer):
    assert demuxer_for(clips(name)) == demuxer


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"%PDF-1.7 ...", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n....", "a PNG picture"),
        (b"\xff\xd8\xff\xe0....", "a JPEG picture"),
        (b"PK\x03\x04....", "a ZIP archive or an Office document"),
        (b"#EXTM3U\n#EXTINF:1\nhttp://10.0.0.1/\n", "a playlist"),
        (b"\n  #EXTM3U\n", "a playlist"),
        (b"ffconcat version 1.0\nfile good.ts\n", "a playlist"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "a web page"),
        (b'<?xml version="1.0"?><MPD></MPD>', "an XML document"),
        (b"Dear all,\nplease find attached", "a text file"),
        ("Grüße aus Köln ".encode() * 500, "a text file"),
        (b"MZ\x90\x00\x03\x00\x00\x00", "a program"),
        (b"\x7fELF\x02\x01\x01", "a program"),
        (b"#!/bin/sh\nrm -rf /\n", "a program"),
        (b"\x00\x00\x00\x18ftypheic....", "a picture"),
        (b"\x00\x01\x02\x03\x04\x05\x06\x07\x08", "a kind of file that is not known here"),
        (b"\xff", "a kind of file that is not known here"),
        (b"\xff\xe9junk", "a kind of file that is not known here"),
    ],
)
def test_what_is_no_recording_is_called_by_its_name(tmp_path, content, named):
    path = tmp_path / "pitch.mp4"
    path.write_bytes(content)

    with pytest.raises(BrokenMedia) as refusal:
        demuxer_for(path)

    assert refusal.value.message.startswith(f"This is {named}, not a video.")


def test_an_empty_file_is_called_empty(tmp_path):
    path = tmp_path / "pitch.mp4"
    path.touch()

    with pytest.raises(BrokenMedia, match="empty"):
        demuxer_for(path)
