"""What others do with the same upload: the ladder recipes of four open products, as argument lists.

Options and numbers were read from their public sources; only the ladder is counted, not their pictures:

* MediaCMS: `files/helpers.py` (`get_base_ffmpeg_command`) and `fixtures/encoding_profiles.json`. One process
  per active H.264 profile, CRF 23 for all over two seconds, `medium` below 720 lines, `faster` from there.
* Zou: `zou/utils/movie.py` (`normalize_encoding`). Two processes, `slow`, a keyframe every third frame,
  28 Mbit/s at full size and 2 Mbit/s at 1280 pixels.
* FreeFrame (Techiebutler/freeframe): `packages/transcoder/ffmpeg_transcoder.py`, its CPU backend with the
  default output. One process, `fast`, CRF 24/26/30, HLS in MPEG-TS.
* PeerTube: `packages/ffmpeg/src` (`ffmpeg-vod.ts`, `ffmpeg-default-transcoding-profile.ts`,
  `shared/encoder-options.ts`) and `packages/core-utils/src/videos/bitrate.ts`. One process per resolution,
  `veryfast`; a suitable original is copied. Which resolutions exist is a setting there; here they are ours.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from bench.bare import run
from bench.measure import Cost, measured
from worker.media.tools import Tools

Command = list[str | Path]
Recipe = Callable[[Path, Path], list[Command]]

FPS = 30

# Height -> target kbit/s
MEDIACMS_RATES = {240: 300, 360: 500, 480: 1000, 720: 2500, 1080: 4500}
# Height -> bits per pixel
PEERTUBE_BITS = {360: 0.15, 720: 0.11}
FREEFRAME_RUNGS = {"1920:1080": 24, "1280:720": 26, "640:360": 30}


def mediacms(source: Path, out: Path) -> list[Command]:
    return [
        [
            *("-i", source, "-c:v", "libx264", "-filter:v", f"scale=-2:{height},fps=fps={FPS}"),
            *("-pix_fmt", "yuv420p", "-crf", "23", "-c:a", "aac", "-b:a", "128k", "-ac", "2"),
            *("-maxrate", f"{int(rate * 1.5)}k", "-bufsize", f"{int(rate * 1.5)}k"),
            *("-force_key_frames", "expr:gte(t,n_forced*4)"),
            *("-x264-params", f"keyint={8 * FPS}:keyint_min={4 * FPS}"),
            *("-preset", "faster" if height >= 720 else "medium", "-profile:v", "main", "-level", "4.2"),
            *("-strict", "-2", out / f"mediacms-{height}.mp4"),
        ]
        for height, rate in MEDIACMS_RATES.items()
    ]


def zou(source: Path, out: Path) -> list[Command]:
    return [
        [
            *("-i", source, "-map", "0:v", "-map", "0:a", "-f", "mp4", "-b", rate),
            *("-color_primaries", "1", "-color_trc", "1", "-colorspace", "1", "-movflags", "+faststart"),
            *("-pix_fmt", "yuv420p", "-preset", "slow", "-r", str(FPS), "-s", size, "-c:v", "libx264"),
            *("-x264opts", "keyint=3:scenecut=0", out / f"zou-{size}.mp4"),
        ]
        for size, rate in (("1920x1080", "28M"), ("1280x720", "2M"))
    ]


def freeframe(source: Path, out: Path) -> list[Command]:
    count = len(FREEFRAME_RUNGS)
    branches = "".join(f"[v{number}]" for number in range(count))
    fit = "force_original_aspect_ratio=decrease:force_divisible_by=2"
    scales = [f"[v{number}]scale={size}:{fit}[q{number}]" for number, size in enumerate(FREEFRAME_RUNGS)]
    command: Command = ["-i", source]
    command += ["-filter_complex", ";".join([f"[v:0]split={count}{branches}", *scales])]
    for number, crf in enumerate(FREEFRAME_RUNGS.values()):
        command += ["-map", f"[q{number}]", "-map", "a:0", f"-c:v:{number}", "libx264", "-preset", "fast"]
        command += ["-force_key_frames", "expr:gte(t,n_forced*2)", "-pix_fmt", "yuv420p", "-crf", str(crf)]
    command += ["-f", "hls", "-hls_time", "2", "-hls_playlist_type", "vod", "-hls_segment_type", "mpegts"]
    command += ["-var_stream_map", " ".join(f"v:{number},a:{number}" for number in range(count))]
    command += ["-hls_segment_filename", out / "freeframe-%v" / "seg_%03d.ts"]
    return [[*command, out / "freeframe-%v" / "playlist.m3u8"]]


def peertube(source: Path, out: Path) -> list[Command]:
    hls = ("-hls_time", "4", "-hls_list_size", "0", "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4")
    single = (*hls, "-f", "hls", "-hls_flags", "single_file")
    copied: Command = ["-i", source, "-c", "copy", "-map_metadata", "-1", *single, out / "peertube-copy.m3u8"]
    return [
        copied,
        *([*_peertube_rung(source, height), *single, _playlist(out, height)] for height in PEERTUBE_BITS),
    ]


def _peertube_rung(source: Path, height: int) -> Command:
    rate = int(height * height * 16 / 9 * FPS * PEERTUBE_BITS[height])
    return [
        *("-i", source, "-max_muxing_queue_size", "1024", "-map_metadata", "-1", "-pix_fmt", "yuv420p"),
        *("-c:v", "libx264", "-vf", f"scale=w=-2:h={height}", "-preset", "veryfast"),
        *("-maxrate:v", str(rate), "-bufsize:v", str(2 * rate), "-b_strategy", "1", "-bf", "16"),
        *("-r", str(FPS), "-g:v", str(2 * FPS), "-c:a", "copy"),
    ]


def _playlist(out: Path, height: int) -> Path:
    return out / f"peertube-{height}.m3u8"


RECIPES: Mapping[str, Recipe] = {
    "MediaCMS": mediacms,
    "Zou": zou,
    "FreeFrame": freeframe,
    "PeerTube": peertube,
}


def cost_of(name: str, tools: Tools, source: Path, folder: Path) -> Cost:
    """Run one recipe with our ffmpeg on our machine."""
    out = folder / name.lower()
    out.mkdir(exist_ok=True)
    commands = RECIPES[name](source, out)

    def work() -> None:
        for command in commands:
            run(tools.ffmpeg, *command)

    return measured(work)
