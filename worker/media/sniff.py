"""The first bytes of a file decide which demuxer may open it; nothing else ever does.

ffmpeg left to itself would also open playlists, scripts and pictures that point at other files and hosts.
"""

from pathlib import Path

from pitchreview.errors import BrokenMedia

HEAD_BYTES = 4096
TS_PACKET = 188
TS_SYNC = 0x47

MP4_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
PICTURE_BRANDS = (b"heic", b"heix", b"mif1", b"msf1", b"avif", b"avis", b"jp2 ", b"jpx ")

# What people upload by mistake: how it begins, and what to call it
STRANGERS = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"#EXTM3U", "a playlist"),
    (b"ffconcat", "a playlist"),
    (b"[playlist]", "a playlist"),
    (b"<?xml", "an XML document"),
    (b"<svg", "an SVG picture"),
    (b"<MPD", "a playlist"),
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
    (b"0&\xb2u\x8ef\xcf\x11", "a Windows Media file"),
    (b"FLV", "a Flash video"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"#!", "a program"),
)
ADVICE = "Upload a video such as MP4, MOV or WebM, or a sound file such as M4A, MP3 or WAV."


def demuxer_for(path: Path) -> str:
    """ffmpeg's name for the one demuxer that may open this file; BrokenMedia says what it is instead."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head:
        raise BrokenMedia("The file is empty. Record or upload it again.")
    demuxer = _video_demuxer(head) or _audio_demuxer(head)
    if demuxer is None:
        raise BrokenMedia(f"This is {_stranger(head)}, not a video. {ADVICE}")
    return demuxer


def _video_demuxer(head: bytes) -> str | None:
    if head[4:8] in MP4_BOXES:
        return None if head[8:12] in PICTURE_BRANDS else "mov"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "matroska"
    if head.startswith(b"RIFF") and head[8:12] == b"AVI ":
        return "avi"
    if len(head) > 2 * TS_PACKET and {head[0], head[TS_PACKET], head[2 * TS_PACKET]} == {TS_SYNC}:
        return "mpegts"
    return None


def _audio_demuxer(head: bytes) -> str | None:
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return "wav"
    if head.startswith(b"fLaC"):
        return "flac"
    if head.startswith(b"OggS"):
        return "ogg"
    if head.startswith(b"ID3"):
        return "mp3"
    # An MPEG audio frame begins with eleven (ADTS: twelve) set bits; the layer bits tell MP3 from ADTS
    if head[0] == 0xFF and len(head) > 1 and head[1] & 0xE0 == 0xE0:
        return _frame_demuxer(head[1])
    return None


def _frame_demuxer(second: int) -> str | None:
    layer = second >> 1 & 0b11
    if layer == 0b01:
        return "mp3"
    return "aac" if layer == 0 and second & 0xF0 == 0xF0 else None


def _stranger(head: bytes) -> str:
    start = head.lstrip().lower()
    for begins, name in STRANGERS:
        if start.startswith(begins.lower()):
            return name
    if head[4:8] == b"ftyp":
        return "a picture"
    if _is_text(head):
        return "a text file"
    return "a kind of file that is not known here"


def _is_text(head: bytes) -> bool:
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        # A character may be cut in two by the end of our look
        return len(head) == HEAD_BYTES and error.start > HEAD_BYTES - 4 and b"\0" not in head
    return "\0" not in text
