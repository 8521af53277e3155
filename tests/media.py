"""Clips for tests, drawn by ffmpeg's own sources: made on first use, once a session, a second or two long."""

import subprocess
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from worker.media.tools import Tools

PICTURE = "-f lavfi -i testsrc2=s={size}:r={rate}:d={seconds}"
# Red, green, blue and white corners on black: which way up is told by where they are
CORNERS = (
    "-f lavfi -i color=c=black:s=320x180:r=30:d=1,format=rgb24,"
    "drawbox=x=0:y=0:w=80:h=45:c=red:t=fill,drawbox=x=240:y=0:w=80:h=45:c=lime:t=fill,"
    "drawbox=x=0:y=135:w=80:h=45:c=blue:t=fill,drawbox=x=240:y=135:w=80:h=45:c=white:t=fill"
)
SOUND = "-f lavfi -i sine=f=330:d={seconds},volume=0.5"
BLACK = "-f lavfi -i color=c=black:s=32x32:r=1:d={seconds} -c:v libx264 -preset ultrafast -g 5"
H264 = "-c:v libx264 -preset ultrafast -g 30 -pix_fmt yuv420p"
AAC = "-c:a aac -ac 1"
HEVC = "-c:v libx265 -preset ultrafast -pix_fmt yuv420p -tag:v hvc1 -x265-params log-level=none"
HEVC_10 = "-c:v libx265 -preset ultrafast -pix_fmt yuv420p10le -tag:v hvc1 -x265-params log-level=none"
ASP = "-c:v mpeg4 -q:v 4"
VP8 = "-c:v libvpx -deadline realtime -cpu-used 8"
VP9 = "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -row-mt 1"
ODD = "format=rgb24,scale={},format=yuv420p,setsar=1"
AV1 = "-c:v libsvtav1 -preset 13 -svtav1-params lp=1"


def _drawn(size: str = "640x360", rate: str = "30", seconds: float = 2, more: str = f"{H264} {AAC}") -> str:
    return f"{PICTURE} {SOUND} {more}".format(size=size, rate=rate, seconds=seconds)


def _silent(size: str = "320x180", rate: str = "30", seconds: float = 2, more: str = H264) -> str:
    return f"{PICTURE} {more}".format(size=size, rate=rate, seconds=seconds)


def _heard(seconds: float = 2, more: str = "-c:a aac") -> str:
    return f"{SOUND} {more}".format(seconds=seconds)


def clap_times(rate: Fraction | int = 30) -> list[float]:
    """When a clapper flashes and beeps: at its frames 30 and 75."""
    return [float(frame / Fraction(rate)) for frame in (30, 75)]


def _clapper(more: str, size: str = "320x180", rate: str = "30") -> str:
    """Black and silent, but for one white frame and a beep, twice."""
    heard = "+".join(rf"between(t\,{at}\,{at + 0.1})" for at in clap_times(Fraction(rate)))
    return (
        f"-f lavfi -i color=c=black:s={size}:r={rate}:d=3,"
        rf"drawbox=c=white:t=fill:enable=eq(n\,30)+eq(n\,75) "
        f"-f lavfi -i aevalsrc=0.7*sin(2000*PI*t)*({heard}):s=48000:d=3 {more}"
    )


def _counter(more: str) -> str:
    """Each picture tells its number in eight stripes, the lowest bit first; 3 s at 30 a second, a tone."""
    bits = "geq=lum='255*mod(floor(N/pow(2,floor(X/40))),2)':cb=128:cr=128"
    return f"-f lavfi -i nullsrc=s=320x180:r=30:d=3,{bits} {SOUND.format(seconds=3)} {more}"


# Name -> what ffmpeg is told to make it; the name's ending chooses the container
RECIPES = {
    "talk.mp4": _drawn(),
    "faststart.mp4": _drawn(seconds=4, more=f"{H264} {AAC} -movflags +faststart"),
    "long.mp4": _drawn("320x180", seconds=20),
    "hd.mp4": _drawn("1280x720", seconds=1),
    "full-hd.mp4": _drawn("1920x1080", "25", 1),
    "webcam.mp4": _drawn("640x480", seconds=1),
    "portrait.mp4": _drawn("360x640", seconds=1),
    # Scaled to it: the source itself draws even sides only
    "odd.webm": _drawn("322x182", seconds=1, more=f"-vf {ODD.format('321:181')} {VP8} -c:a libopus"),
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
    # Which way up
    "corners.mp4": f"{CORNERS} {H264}",
    "corners-phone.mov": f"{CORNERS} {HEVC}",
    # Sizes
    "upright-phone.mp4": _drawn("180x320", seconds=1),
    "odd-asp.mp4": _drawn("320x180", seconds=1, more=f"-vf {ODD.format('319:179')} {ASP} {AAC}"),
    "one-off.webm": _silent("642x362", "10", 1, f"-vf {ODD.format('641:361')} {VP8}"),
    "smallest.mp4": _silent("16x16", seconds=1),
    "too-small.mp4": _silent("14x14", seconds=1),
    "four-k.mp4": _silent("3840x2160", "1", 2, "-c:v libx264 -preset ultrafast -pix_fmt yuv420p"),
    # Rates and clocks
    "uneven-phone.mov": _drawn(
        "320x180", seconds=2, more=f"-vf select='mod(n\\,5)' -fps_mode vfr {HEVC} -c:a aac"
    ),
    "film.mp4": _drawn("320x180", "24000/1001", 1, f"{ASP} {AAC}"),
    "pal.mp4": _drawn("320x180", "25", 1),
    "ntsc-asp.mp4": _drawn("320x180", "30000/1001", 1, f"{ASP} {AAC}"),
    "fifty.mp4": _drawn("320x180", "50", 1, f"{ASP} {AAC}"),
    "sixty.mp4": _drawn("320x180", "60", 1),
    "action.mp4": _drawn("320x180", "120", 1, f"{ASP} {AAC}"),
    "starts-late.mp4": _drawn("320x180", more=f"{H264} {AAC} -output_ts_offset 5"),
    "starts-late.ts": _drawn("320x180", more=f"{H264} {AAC} -output_ts_offset 100"),
    "starts-late.mkv": _drawn("320x180", more=f"{ASP} {AAC} -output_ts_offset 7"),
    "late-sound.mp4": f"{PICTURE} -itsoffset 0.5 {SOUND} {H264} {AAC}".format(
        size="320x180", rate="30", seconds=2
    ),
    # Pictures that refer to later ones are stored before they are shown, as every camera does it
    "bidirectional.mp4": _drawn("320x180", more=f"{H264} -bf 2 {AAC}"),
    "sparse.mp4": _drawn("320x180", seconds=8, more=f"-c:v libx264 -preset ultrafast -g 900 {AAC}"),
    # Pictures
    "ten-bit.mp4": _silent(seconds=1, more="-c:v libx264 -preset ultrafast -pix_fmt yuv420p10le"),
    "hlg.mov": _silent(
        seconds=1, more=f"{HEVC_10}:colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc"
    ),
    "pq.mov": _silent(seconds=1, more=f"{HEVC_10}:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"),
    "interlaced.mp4": _drawn(
        "320x180", "50", 1, f"-vf interlace=scan=tff {H264} -flags +ilme+ildct -x264-params tff=1 {AAC}"
    ),
    # Sounds
    "telephone.mp4": _drawn("320x180", seconds=1, more=f"{H264} -c:a aac -ac 1 -ar 8000"),
    "studio.mp4": _drawn("320x180", seconds=1, more=f"{H264} -c:a aac -ar 96000"),
    "studio.mov": _drawn("320x180", seconds=1, more=f"{H264} -c:a pcm_s24le -ar 96000"),
    "two-tongues.mkv": f"{PICTURE} {SOUND} {SOUND} -map 0 -map 1 -map 2 {H264} {AAC}".format(
        size="320x180", rate="30", seconds=1
    ),
    # What lies beside picture and sound
    "covered.mp4": f"{PICTURE} {SOUND} -f lavfi -i color=s=64x64:d=0.04 -map 0 -map 1 -map 2 {H264} {AAC} "
    "-c:v:1 mjpeg -disposition:v:1 attached_pic".format(size="320x180", rate="30", seconds=1),
    "covered.m4a": f"{SOUND} -f lavfi -i color=s=64x64:d=0.04 -map 0 -map 1 -c:a aac -c:v mjpeg "
    "-disposition:v attached_pic".format(seconds=1),
    "timecode.mov": _drawn("320x180", seconds=1, more=f"{H264} {AAC} -timecode 01:00:00:00"),
    # Codecs
    "opus.mp4": _drawn("320x180", seconds=1, more=f"{H264} -c:a libopus"),
    "mp3.mp4": _drawn("320x180", seconds=1, more=f"{H264} -c:a libmp3lame"),
    "vp9.webm": _drawn("320x180", seconds=1, more=f"{VP9} -c:a libopus"),
    "vp9.mp4": _drawn("320x180", seconds=1, more=f"{VP9} -c:a aac"),
    "av1.webm": _drawn("320x180", seconds=1, more=f"{AV1} -c:a libopus"),
    "av1.mp4": _drawn("320x180", seconds=1, more=f"{AV1} -c:a aac"),
    "prores.mov": _drawn("320x180", seconds=1, more="-c:v prores_ks -profile:v 0 -c:a pcm_s16le"),
    "mjpeg.avi": _drawn("320x180", seconds=1, more="-c:v mjpeg -q:v 6 -pix_fmt yuvj420p -c:a pcm_s16le"),
    "asp.avi": _drawn("320x180", seconds=1, more=f"{ASP} -bf 2 -c:a libmp3lame"),
    "fast.mp4": _drawn("640x480", seconds=2, more=f"{H264} {AAC} -movflags +faststart"),
    "fast-phone.mov": _drawn("320x180", seconds=4, more=f"{HEVC} -c:a aac -movflags +faststart"),
    # A flash and a beep
    "clapper.mp4": _clapper(f"{H264} -bf 2 {AAC}", "640x480"),
    "clapper-phone.mov": _clapper(f"{HEVC} -c:a aac"),
    "clapper-ntsc.mp4": _clapper(f"{ASP} {AAC}", rate="30000/1001"),
    "clapper-uneven.mov": _clapper(rf"-vf select='mod(n+1\,5)' -fps_mode vfr {HEVC} -c:a aac"),
    "clapper-late.mp4": _clapper(f"{H264} -bf 2 {AAC} -output_ts_offset 5"),
    "clapper-late.ts": _clapper(f"{H264} -bf 2 {AAC} -output_ts_offset 100"),
    "clapper-negative.mkv": _clapper(
        f"{ASP} -c:a libopus -output_ts_offset -0.5 -avoid_negative_ts disabled"
    ),
    "clapper.webm": _clapper(f"{VP8} -g 60 -c:a libopus"),
    # What is shared beside a camera
    "window.mp4": _silent("320x240", "15", 2),
    # Pictures that tell their number
    "counter.mp4": _counter(f"{H264} -bf 2 {AAC}"),
    "counter-late.mp4": _counter(f"{H264} -bf 2 {AAC} -output_ts_offset 5"),
    "counter-uneven.mov": _counter(rf"-vf select='mod(n+1\,5)' -fps_mode vfr {HEVC} -c:a aac"),
    "counter.webm": _counter(f"{VP9} -g 60 -c:a libopus"),
    # Long ones: at the limit of three hours, and beyond it
    "minutes.mp4": _drawn("64x36", "10", 180, f"{H264} {AAC} -movflags +faststart"),
    "three-hours.mp4": BLACK.format(seconds=3 * 3600),
    "over-three-hours.mp4": BLACK.format(seconds=3 * 3600 + 60),
}
SUBTITLES = "1\n00:00:00,000 --> 00:00:01,000\nWe already have a vendor.\n"
CHAPTERS = ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART={}\nEND={}\ntitle=Hook\n"


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
        return self.displayed("talk.mp4", degrees)

    def displayed(self, name: str, degrees: int, *, mirrored: bool = False) -> Path:
        """A clip whose header asks to be turned clockwise by so much and then mirrored."""
        flip = ["-display_hflip"] if mirrored else []
        return self._once(
            f"displayed-{degrees}-{'mirrored-' if mirrored else ''}{name}",
            lambda path: self._ffmpeg(
                "-display_rotation", str(-degrees), *flip, "-i", self(name), "-c", "copy", path
            ),
        )

    def trimmed(self, name: str, seconds: float) -> Path:
        """A clip whose edit list hides its beginning, as phones trim without encoding."""
        return self._once(
            f"trimmed-{seconds}-{name}",
            lambda path: self._ffmpeg("-ss", str(seconds), "-i", self(name), "-c", "copy", path),
        )

    def with_words(self) -> Path:
        """Subtitles, chapters and an attached file beside picture and sound."""
        subtitles, chapters = self.folder / "words.srt", self.folder / "chapters.txt"
        subtitles.write_text(SUBTITLES)
        chapters.write_text(CHAPTERS.format(0, 500) + CHAPTERS.format(500, 1000).split("\n", 1)[1])
        more = ["-c", "copy", "-c:s", "srt", "-map", "0", "-map", "1", "-map_chapters", "2"]
        attached = ["-attach", subtitles, "-metadata:s:t", "mimetype=text/plain"]
        return self._once(
            "words.mkv",
            lambda path: self._ffmpeg(
                "-i", self("pal.mp4"), "-i", subtitles, "-i", chapters, *more, *attached, path
            ),
        )

    def live(self) -> Path:
        """A WebM as MediaRecorder writes it: to a pipe, without duration or index."""
        recipe = _drawn(
            "320x240", "25", 2, "-c:v libvpx -deadline realtime -cpu-used 8 -g 50 -c:a libopus -f webm"
        ).split()
        return self._once("live.webm", lambda path: path.write_bytes(self._ffmpeg(*recipe, "-")))

    def live_h264(self) -> Path:
        """A Matroska of H.264, as newer browsers write it when a recorder asks for it."""
        recipe = _drawn("320x180", "30", 2, f"{H264} -c:a libopus -f matroska").split()
        return self._once("live.mkv", lambda path: path.write_bytes(self._ffmpeg(*recipe, "-")))

    def growing(self) -> Path:
        """A shared window that is made larger on the way: one stream, two sizes."""
        sizes = [
            self._once(
                f"window-{size}.webm",
                lambda path, size=size: self._ffmpeg(  # type: ignore[misc]
                    *_silent(size, "15", 2, f"{VP8} -g 30").split(), path
                ),
            )
            for size in ("320x240", "480x270")
        ]
        listed = self.folder / "windows.txt"
        listed.write_text("".join(f"file '{path}'\n" for path in sizes))
        whole = ["-f", "concat", "-safe", "0", "-i", listed, "-c", "copy"]
        return self._once("window.webm", lambda path: self._ffmpeg(*whole, path))

    def fragmented(self) -> Path:
        """An MP4 as Safari's recorder writes it: fragments, and no length in its header."""
        flags = "-movflags frag_keyframe+empty_moov+default_base_moof -f mp4"
        recipe = _drawn("320x180", "30", 2, f"{H264} {AAC} {flags}").split()
        return self._once("fragmented.mp4", lambda path: path.write_bytes(self._ffmpeg(*recipe, "-")))

    def half(self, name: str) -> Path:
        """The first half of a clip's bytes, as a broken upload leaves it."""
        return self.cut(self(name), 50)

    def cut(self, whole: Path, percent: int) -> Path:
        """The first bytes of a clip."""
        content = whole.read_bytes()
        kept = content[: len(content) * percent // 100]
        return self._once(f"cut-{percent}-{whole.name}", lambda path: path.write_bytes(kept))

    def written(self, name: str, content: bytes) -> Path:
        """A file of any bytes."""
        return self._once(name, lambda path: path.write_bytes(content))

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
