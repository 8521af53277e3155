"""Files that mean harm: each is refused in words or does nothing, within seconds, and nobody else is touched.

Every file is tried behind each wall alone, too: with our guards on the command line but no sandbox, so that
neither has to be perfect.
"""

import contextlib
import re
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from pitchreview.errors import BrokenMedia, PitchReviewError
from tests.worker.media import fakes, hostile
from tests.worker.media.canary import Canary, Tripwire
from worker.media import commands, process, profiles
from worker.media.copy import copy_playable, may_copy
from worker.media.errors import ToolFailed
from worker.media.ladder import make_ladder
from worker.media.poster import make_poster
from worker.media.probe import probe
from worker.media.process import Limits, run
from worker.media.tools import Tools

WALLS = ("bubblewrap", "landlock", "guards alone")
BRIEF = Limits(wall_seconds=10)
SECONDS_AT_MOST = 5


@pytest.fixture(params=WALLS)
def walled(request, tools) -> Tools:
    if request.param == "bubblewrap":
        return tools
    return fakes.in_landlock(tools) if request.param == "landlock" else fakes.unsandboxed(tools, tools.ffmpeg)


class World:
    """What an attack is after: somebody who listens, and a neighbour's file."""

    def __init__(self, canary: Canary, neighbour: Path, film: bytes, folder: Path) -> None:
        self.canary, self.folder = canary, folder
        self.url = f"http://127.0.0.1:{canary.port}/x.ts"
        self.port, self.file = canary.port, neighbour
        self.film = film
        self.started_at = time.monotonic()

    def upload(self, content: bytes) -> Path:
        path = self.folder / "pitch.mp4"
        path.write_bytes(content)
        return path


@pytest.fixture
def world(tmp_path, folder, clips) -> Iterator[World]:
    """After each attack: nobody was called, no neighbour was read, nothing runs on, and it was soon over."""
    neighbour = tmp_path / "neighbour.mp4"
    film = clips("tiny.mp4").read_bytes()
    neighbour.write_bytes(film)
    with Canary() as canary, Tripwire(neighbour) as wire:
        attacked = World(canary, neighbour, film, tmp_path)
        yield attacked
        took = time.monotonic() - attacked.started_at
        assert not wire.was_touched
    assert canary.visits == 0
    assert busy_with(tmp_path) == []
    assert took < SECONDS_AT_MOST


def busy_with(folder: Path) -> list[str]:
    """The command lines that name this folder and still run."""
    lines = (" ".join(each.info["cmdline"] or []) for each in psutil.process_iter(["cmdline"]))
    return [line for line in lines if str(folder) in line]


def refuse(tools: Tools, path: Path) -> str:
    """The sentence with which a file is refused, which is for people."""
    with pytest.raises(BrokenMedia) as refusal:
        probe(tools, path)
    sentence = refusal.value.message
    assert sentence[0].isupper() and sentence.endswith(".") and str(path.parent) not in sentence
    assert "ffprobe" not in sentence
    return sentence


TEXTS: dict[str, str] = {
    "an HLS playlist": "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{url}\n#EXT-X-ENDLIST\n",
    "an HLS playlist of itself": "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\npitch.mp4\n#EXTINF:1,\npitch.mp4\n",
    "an HLS playlist of a neighbour": "#EXTM3U\n#EXTINF:1,\nfile://{file}\n#EXT-X-ENDLIST\n",
    "an HLS playlist of parts": "#EXTM3U\n#EXTINF:1,\nconcat:{url}|{file}\n#EXT-X-ENDLIST\n",
    "an HLS playlist of a slice": "#EXTM3U\n#EXTINF:1,\nsubfile,,start,0,end,99,,:{file}\n#EXT-X-ENDLIST\n",
    "an HLS playlist of data": "#EXTM3U\n#EXTINF:1,\ndata:text/plain;base64,I0VYVE0zVQo=\n#EXT-X-ENDLIST\n",
    "an HLS playlist with a key": '#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="{url}"\n#EXTINF:1,\n{file}\n',
    "a list of files": "ffconcat version 1.0\nfile {file}\nfile '{url}'\n",
    "a list of files without its head": "file '{file}'\n",
    "a DASH manifest": '<?xml version="1.0"?><MPD><BaseURL>{url}</BaseURL></MPD>',
    "a DASH manifest without media": '<MPD type="static" mediaPresentationDuration="PT9H"><Period>'
    '<AdaptationSet><Representation id="1"><SegmentTemplate media="" duration="1"/></Representation>'
    "</AdaptationSet></Period></MPD>",
    "a session": "v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video {port} RTP/AVP 96\n",
    "an SVG": '<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}"/></svg>',
    "a page": "<html><script>fetch('{url}')</script></html>",
    "a script": "#!/bin/sh\ncat {file} > /dev/tcp/127.0.0.1/{port}\n",
    "an old playlist": "[playlist]\nFile1={url}\n",
    "a drawing that reads": "XBIN\x1a{url}",
}

# The heads of all that may come in: whatever a file begins with, the rest is never taken for a playlist
HEADS: dict[str, bytes] = {
    "mp4": b"\0\0\0\x08ftyp",
    "matroska": b"\x1a\x45\xdf\xa3\x80",
    "avi": b"RIFF\xff\xff\0\0AVI ",
    "mpegts": (b"G" + b"\0" * 187) * 3,
    "mp3": b"ID3\4\0\0\0\0\0\0",
    "wav": b"RIFF\xff\xff\0\0WAVE",
    "flac": b"fLaC",
    "ogg": b"OggS",
    "adts": b"\xff\xf1",
}


@pytest.mark.parametrize("kind", TEXTS)
def test_a_text_in_the_clothes_of_a_video_is_refused(tools, world, kind):
    text = TEXTS[kind].format(url=world.url, port=world.port, file=world.file)

    assert "not a video" in refuse(tools, world.upload(text.encode()))


@pytest.mark.parametrize("head", HEADS)
def test_a_playlist_behind_the_head_of_a_video_is_refused(walled, world, head):
    texts = "\n".join(TEXTS[kind] for kind in ("an HLS playlist", "a list of files"))

    refuse(walled, world.upload(HEADS[head] + b"\n" + texts.format(url=world.url, file=world.file).encode()))


# How ffmpeg opens these when nobody forbids it anything
EVERYTHING = "-protocol_whitelist file,http,tcp,crypto"
OPENED_AS = {
    "an HLS playlist": "-f hls -extension_picky 0",
    "an HLS playlist of a neighbour": "-f hls -allowed_extensions ALL -extension_picky 0",
    "a list of files": "-f concat -safe 0",
}


def open_unguarded(tools: Tools, path: Path, kind: str, folder: Path) -> None:
    words = f"{tools.ffmpeg} -v error {EVERYTHING} {OPENED_AS[kind]} -i {path} -f null -"
    run(tools, words.split(), limits=BRIEF, reads=[path], folder=folder)


@pytest.mark.parametrize("kind", OPENED_AS)
@pytest.mark.parametrize("wall", ["bubblewrap", "landlock"])
def test_a_sandbox_alone_holds_a_playlist_that_is_opened(tools, world, folder, kind, wall):
    """Should our guards ever fail."""
    path = world.upload(TEXTS[kind].format(url=world.url, file=world.file).encode())

    with pytest.raises(ToolFailed):
        open_unguarded(tools if wall == "bubblewrap" else fakes.in_landlock(tools), path, kind, folder)


@pytest.mark.parametrize("kind", OPENED_AS)
def test_without_guards_and_sandbox_the_same_playlists_do_harm(tools, tmp_path, folder, clips, kind):
    """So that the silence of canary and wire means something."""
    neighbour = tmp_path / "neighbour.mp4"
    neighbour.write_bytes(clips("tiny.mp4").read_bytes())
    with Canary() as canary, Tripwire(neighbour) as wire:
        path = tmp_path / "pitch.mp4"
        path.write_text(TEXTS[kind].format(url=f"http://127.0.0.1:{canary.port}/x.ts", file=neighbour))
        with contextlib.suppress(ToolFailed):
            open_unguarded(fakes.unsandboxed(tools, tools.ffmpeg), path, kind, folder)
        was_touched = wire.was_touched

    assert canary.visits or was_touched


Build = Callable[[World], bytes]
REFUSED: dict[str, tuple[Build, str]] = {
    "a picture as wide as a field": (
        lambda world: hostile.movie(width=65535, height=65535),
        "impossible size",
    ),
    "a picture of two billion": (lambda world: hostile.webm(width=2**31 - 1, height=2**31 - 1), "picture"),
    "a recording of a century": (lambda world: hostile.movie(seconds=2_000_000), "hours long"),
    "a recording of an age": (lambda world: hostile.webm(seconds=1e12), "hours long"),
    "millions of frames in two kilobytes": (
        lambda world: hostile.movie(samples=1 << 23, same_size=1, per_chunk=1 << 30),
        "frames",
    ),
    "more frames than memory": (
        lambda world: hostile.movie(samples=0x0AAAAAA9, same_size=1, per_chunk=1 << 30),
        "frames|damaged",
    ),
    "three thousand tracks": (lambda world: hostile.movie(tracks=3000), "more than 32 tracks"),
    "five thousand tracks": (lambda world: hostile.webm(tracks=5000, seconds=9), "cut off|tracks"),
    "a body of two gigabytes": (
        lambda world: hostile.FTYP + hostile.box(b"mdat", claims=0x80000000),
        "index is missing",
    ),
    "a body without end": (lambda world: hostile.FTYP + hostile.box(b"mdat", claims=0), "index is missing"),
    "boxes in boxes": (lambda world: hostile.nested(20_000), "damaged"),
    "an index that unpacks to gigabytes": (lambda world: hostile.packed_index(), "damaged"),
    "an alias of a neighbour": (
        lambda world: hostile.movie(reference=hostile.alias_of(str(world.file))),
        "no frames",
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_lying_header_is_refused(walled, world, kind):
    build, words = REFUSED[kind]

    assert re.search(words, refuse(walled, world.upload(build(world))))


HARMLESS: dict[str, Build] = {
    "pictures at an address": lambda world: hostile.movie(reference=hostile.pointing_to(world.url)),
    "pictures in a neighbour's file": lambda world: hostile.movie(
        reference=hostile.pointing_to(f"file://{world.file}")
    ),
    "subtitles that are a playlist": lambda world: hostile.avi_with_subtitles(
        TEXTS["an HLS playlist"].format(url=world.url).encode()
    ),
    "subtitles that name files": lambda world: hostile.avi_with_subtitles(
        TEXTS["a list of files"].format(url=world.url, file=world.file).encode()
    ),
    "frames that unpack to hundreds of megabytes": lambda world: hostile.webm(
        packed=zlib.compress(bytes(300_000_000), 1)
    ),
    "groups in groups": lambda world: hostile.webm(inside=hostile.matryoshka(2000)),
    "a picture that grows inside": lambda world: hostile.movie(
        codec=b"png ", frames=(hostile.png(16, 16), hostile.png(12_000, 12_000))
    ),
}


@pytest.mark.parametrize("kind", HARMLESS)
def test_what_passes_for_a_video_does_no_harm_to_the_end(walled, world, folder, kind):
    """Some are videos as far as anyone can tell: they go all the way, and come to nothing or to a video."""
    path = world.upload(HARMLESS[kind](world))
    for make in (make_ladder, make_poster):
        try:
            make(walled, path, probe(walled, path), folder)
        except PitchReviewError as refusal:
            assert refusal.message.endswith(".")

    assert not any(world.film[-1000:] in file.read_bytes() for file in folder.iterdir())


def test_a_picture_that_grows_inside_meets_the_limit_of_every_decoder(tools, world, folder):
    """The static build has no PNG; the second one has, and would take 432 MB for this picture."""
    second = tools.for_codec("av1")
    path = world.upload(HARMLESS["a picture that grows inside"](world))
    opened = commands.open_input(path, "mov")
    told: list[str] = []

    commands.run_ffmpeg(
        second,
        opened.output(str(folder / "seen.mkv"), vcodec="mjpeg"),
        reads=[path],
        folder=folder,
        span_ms=1000,
        on_complaint=told.append,
    )

    assert any("exceeds specified max pixel count" in line for line in told)


GPS = "+48.8577+002.295/"
PAGE = b"<html><script>alert(1)</script></html>"


@pytest.fixture(scope="module")
def laden(clips, tmp_path_factory) -> Path:
    """A recording that carries a page, a font, subtitles, chapters and the place where it was made."""
    folder = tmp_path_factory.mktemp("laden")
    made = folder / "laden.mkv"
    (folder / "page.html").write_bytes(PAGE)
    (folder / "font.ttf").write_bytes(b"\0\1\0\0FONT-OF-ILL-WILL" * 9)
    (folder / "words.ass").write_text(
        "[Script Info]\nScriptType: v4.00+\n[Events]\nFormat: Start, End, Text\n"
        "Dialogue: 0:00:00.00,0:00:01.00,{\\fnill-will}SUBTITLE-OF-ILL-WILL\n"
    )
    words = f"{clips.tools.ffmpeg} -nostdin -v error -i {clips('tiny.mp4')} -i {folder}/words.ass -c copy"
    words += f" -attach {folder}/page.html -metadata:s:t:0 mimetype=text/html"
    words += f" -attach {folder}/font.ttf -metadata:s:t:1 mimetype=font/ttf"
    words += f" -metadata location={GPS} -metadata title=secret {made}"
    run(fakes.unsandboxed(clips.tools, clips.tools.ffmpeg), words.split(), limits=BRIEF, folder=folder)
    return made


def test_nothing_but_picture_and_sound_comes_through(tools, world, folder, laden):
    path = world.upload(laden.read_bytes())
    source = probe(tools, path)
    carried = (PAGE, b"ILL-WILL", GPS.encode(), b"secret")
    assert all(load in path.read_bytes() for load in carried)

    assert may_copy(source)
    copy_playable(tools, path, source, folder)
    make_ladder(tools, path, source, folder)
    make_poster(tools, path, source, folder)

    for file in folder.iterdir():
        assert not [load for load in carried if load in file.read_bytes()], file.name


@pytest.mark.parametrize("tail", [b"PK\3\4" + PAGE, b"%PDF-1.7\n" + PAGE, b"#EXTM3U\n" + PAGE])
def test_a_second_face_does_not_come_through(tools, world, folder, tail):
    """A video that is a web page, an archive or a document as well: what people get is only the video."""
    face = hostile.box(b"free", tail)
    path = world.upload(world.film + face + tail)
    source = probe(tools, path)

    copy_playable(tools, path, source, folder)

    assert not any(PAGE in file.read_bytes() for file in folder.iterdir())


def test_every_command_carries_its_guards(tools, clips, folder, monkeypatch):
    said: list[list[str]] = []
    start = process.run

    def note(tools: Tools, argv: list[str], **options: object) -> object:
        said.append(list(argv))
        return start(tools, argv, **options)

    monkeypatch.setattr(process, "run", note)
    talk = clips("talk.mp4")
    source = probe(tools, talk)
    copy_playable(tools, talk, source, folder)
    make_ladder(tools, talk, source, folder)
    make_poster(tools, talk, source, folder)

    files = [argv for argv in said if str(talk) in argv]
    assert len(files) >= 5
    for argv in files:
        before = argv[: argv.index("-i")]
        options = dict(zip(before, before[1:], strict=False))
        assert options["-protocol_whitelist"] == "file"
        assert options["-format_whitelist"] == options["-f"] == "mov"
        assert options["-max_pixels"] == str(profiles.SOURCE_LIMITS.max_pixels)
        assert "-nostdin" in argv or Path(argv[0]) == tools.ffprobe


def test_only_one_place_opens_files_and_starts_tools():
    """So that no new rendition forgets the guards. Pictures that ffmpeg draws itself (lavfi) need none."""
    rooms = Path(commands.__file__).parent
    starts = {path.name for path in rooms.rglob("*.py") if " process.run(" in path.read_text()}
    opens = {
        path.name
        for path in rooms.rglob("*.py")
        for line in path.read_text().splitlines()
        if "ffmpeg.input(" in line and 'f="lavfi"' not in line
    }

    assert starts == opens == {"commands.py"}


def test_the_wire_is_live(tmp_path):
    watched = tmp_path / "watched"
    watched.touch()
    with Tripwire(watched) as wire:
        assert not wire.was_touched
        watched.read_bytes()
        assert wire.was_touched


def test_a_plain_film_of_the_same_make_passes(walled, world):
    assert probe(walled, world.upload(hostile.movie())).video is not None
    assert probe(walled, world.upload(hostile.webm())).video is not None
