"""Clips for tests, drawn by ffmpeg's own sources: made on first use, once a session, a second or two long."""

import subprocess
from collections.abc import Callable
from pathlib import Path

from worker.media.tools import Tools

PICTURE = "-f lavfi -i testsrc2=s={size}:r={rate}:d={seconds}"
SOUND = "-f lavfi -i sine=f=330:d={seconds},volume=0.5"
H264 = "-c:v libx264 -preset ultrafast -g 30 -pix_fmt yuv420p"
AAC = "-c:a aac -ac 1"


def _drawn(size: str = "640x360", rate: str = "30", seconds: float = 2, more: str = f"{H264} {AAC}") -> str:
    return f"{PICTURE} {SOUND} {more}".format(size=size, rate=rate, seconds=seconds)


def _silent(size: str = "320x180", rate: str = "30", seconds: float = 2, more: str = H264) -> str:
    return f"{PICTURE} {more}".format(size=size, rate=rate, seconds=seconds)


def _heard(seconds: float = 2, more: str = "-c:a aac") -> str:
    return f"{SOUND} {more}".format(seconds=seconds)


# Name -> what ffmpeg is told to make it; the name's ending chooses the container
RECIPES = {
    "talk.mp4": _drawn(),
    "faststart.mp4": _drawn(seconds=4, more=f"{H264} {AAC} -movflags +faststart"),
    "long.mp4": _drawn("320x180", seconds=20),
    "hd.mp4": _drawn("1280x720", seconds=1),
    "full-hd.mp4": _drawn("1920x1080", "25", 1),
    "webcam.mp4": _drawn("640x480", seconds=1),
    "portrait.mp4": _drawn("360x640", seconds=1),
    "odd.webm": _drawn("321x181", seconds=1, more="-c:v libvpx -deadline realtime -cpu-used 8 -c:a libopus"),
    "tiny.mp4": _silent("64x36", seconds=1),
    "anamorphic.mp4": _silent("360x288", "25", 1, f"-vf setsar=16/11 {H264}"),
    "silent.mp4": _silent(seconds=1),
    "ntsc.mp4": _silent(rate="30000/1001"),
    "slow-motion.mp4": _silent(rate="120", seconds=1),
    "uneven.mp4": _silent(more=f"-vf select='mod(n\\,5)' -fps_mode vfr {H264}"),
    "late-picture.mp4": _drawn("320x180", more=f"-vf setpts=PTS+0.5/TB {H264} {AAC}"),
    "phone.mov": _drawn(
        "320x180",
        seconds=1,
        more="-c:v libx265 -preset ultrafast -x265-params log-level=none -tag:v hvc1 -c:a aac",
    ),
    "hdr.mov": _silent(
        seconds=1,
        more="-c:v libx265 -preset ultrafast "
        "-x265-params colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc:log-level=none",
    ),
    # A grey of 75 % in HLG: what a camera makes of a sheet of paper
    "hdr-paper.mov": "-f lavfi -i color=c=black:s=320x180:d=0.5,format=yuv420p,lutyuv=y=180:u=128:v=128 "
    "-c:v libx265 -preset ultrafast "
    "-x265-params colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc:log-level=none",
    "high-422.mp4": _silent(seconds=1, more="-c:v libx264 -preset ultrafast -pix_fmt yuv422p"),
    "camcorder.ts": _drawn("320x180", seconds=1),
    "old.avi": _drawn("320x180", seconds=1, more="-c:v mpeg4 -c:a pcm_s16le"),
    "tagged.mkv": _drawn(
        "320x180", seconds=1, more=f"{H264} -c:a flac -metadata title=secret -metadata location=home"
    ),
    "eight-k.mp4": "-f lavfi -i color=s=7680x4320:r=5:d=0.2 -c:v libx264 -preset ultrafast",
    "a-day.mp4": "-f lavfi -i color=s=64x64:r=1:d=2 -vf setpts=N*86400/TB -fps_mode passthrough " + H264,
    "a-pause.mp4": "-f lavfi -i color=s=64x64:r=1:d=2 -vf setpts=N*600/TB -fps_mode passthrough " + H264,
    "thousand.mp4": "-f lavfi -i color=s=64x64:r=1000:d=2 " + H264,
    "fade-in.mp4": _silent("640x360", more=f"-vf fade=in:d=0.9 {H264}"),
    "one-frame.mp4": "-f lavfi -i testsrc2=s=64x64 -frames:v 1 " + H264,
    "still.mp4": "-f lavfi -i testsrc2=s=64x64:r=1:d=1 -f lavfi -i sine=d=2 " + f"{H264} {AAC}",
    "negative.mkv": _drawn("320x180", more=f"{H264} {AAC} -output_ts_offset -1 -avoid_negative_ts disabled"),
    "short-picture.mp4": f"-f lavfi -i testsrc2=s=320x180:r=30:d=0.5 -f lavfi -i sine=f=330:d=6 {H264} {AAC}",
    "fade-in-sparse.mp4": _silent("640x360", seconds=3, more=f"-vf fade=in:d=0.9 {H264} -g 300"),
    "sound.m4a": _heard(),
    "sound.mp3": _heard(more="-c:a libmp3lame"),
    "covered.mp3": f"{SOUND} -f lavfi -i color=s=64x64:d=0.04 -map 0 -map 1 -c:a libmp3lame -c:v mjpeg "
    "-disposition:v attached_pic".format(seconds=1),
    "sound.wav": _heard(more="-c:a pcm_s16le"),
    "sound.flac": _heard(more="-c:a flac"),
    "sound.ogg": _heard(more="-c:a libopus"),
    "sound.aac": _heard(),
    "surround.mp4": _drawn("320x180", seconds=1, more=f"{H264} -c:a aac -ac 6"),
    "nothing-heard.m4a": "-f lavfi -i anullsrc=d=1 -c:a aac",
    "whisper.m4a": "-f lavfi -i sine=f=330:d=3,volume=0.02 -c:a aac",
}


class Clips:
    """A folder of clips that are made when a test asks for them."""

    def __init__(self, tools: Tools, folder: Path) -> None:
        self.tools = tools
        self.folder = folder

    def __call__(self, name: str) -> Path:
        """The clip of this name from the recipes."""
        return self._once(name, lambda path: self._ffmpeg(*RECIPES[name].split(), path))

    def turned(self, degrees: int) -> Path:
        """The talk as a phone held sideways stores it: to be turned clockwise by so much."""
        return self._once(
            f"turned-{degrees}.mp4",
            lambda path: self._ffmpeg(
                "-display_rotation", str(-degrees), "-i", str(self("talk.mp4")), "-c", "copy", path
            ),
        )

    def live(self) -> Path:
        """A WebM as MediaRecorder writes it: to a pipe, without duration or index."""
        recipe = _drawn(
            "320x240", "25", 2, "-c:v libvpx -deadline realtime -cpu-used 8 -g 50 -c:a libopus -f webm"
        ).split()
        return self._once("live.webm", lambda path: path.write_bytes(self._ffmpeg(*recipe, "-")))

    def half(self, name: str) -> Path:
        """The first half of a clip's bytes, as a broken upload leaves it."""
        whole = self(name).read_bytes()
        return self._once(f"half-{name}", lambda path: path.write_bytes(whole[: len(whole) // 2]))

    def scratched(self, name: str, share: float) -> Path:
        """A clip with this share of its media bytes overwritten, a short scratch at a time."""
        content = bytearray(self(name).read_bytes())
        start = max(content.find(b"mdat"), 0) + 2000
        step = int(64 / share)
        for position in range(start, len(content) - 64, step):
            content[position : position + 64] = b"\x5a" * 64
        return self._once(f"scratched-{share}-{name}", lambda path: path.write_bytes(content))

    def _once(self, name: str, make: Callable[[Path], object]) -> Path:
        path = self.folder / name
        if not path.exists():
            make(path)
        return path

    def _ffmpeg(self, *arguments: str | Path) -> bytes:
        command = [str(self.tools.ffmpeg), "-nostdin", "-v", "error", "-y", *map(str, arguments)]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
