"""The short names of codecs (RFC 6381) and which of them browsers play."""

import re
from pathlib import Path

from worker.media.probe import AudioStream, VideoStream

# The boxes that hold a codec's set-up lie in the first bytes of a file with its index in front
HEAD_BYTES = 256 * 1024

PLAIN_PROFILES = ("Constrained Baseline", "Baseline", "Main", "High", "Constrained High", "Progressive High")
PLAIN_FORMATS = ("yuv420p", "yuvj420p")

AUDIO_NAMES = {"aac": "mp4a.40.2", "mp3": "mp4a.69", "opus": "opus", "vorbis": "vorbis", "flac": "flac"}
VIDEO_NAMES = {"vp8": "vp8", "vp9": "vp09.00.10.08", "av1": "av01.0.08M.08"}


def plays_in_browsers(video: VideoStream) -> bool:
    """8 bits and 4:2:0 in a codec that every current browser has. HEVC is not one of them."""
    if video.pix_fmt not in PLAIN_FORMATS:
        return False
    if video.codec == "h264":
        return video.profile in PLAIN_PROFILES
    return video.codec in VIDEO_NAMES


def codecs_string(path: Path, video: VideoStream | None, audio: AudioStream | None) -> str:
    """Such as `avc1.64001f,mp4a.40.2`."""
    names = [_video_name(path, video)] if video else []
    if audio:
        names.append(AUDIO_NAMES.get(audio.codec, ""))
    return ",".join(name for name in names if name)


def _video_name(path: Path, video: VideoStream) -> str:
    if video.codec != "h264":
        return VIDEO_NAMES.get(video.codec, "")
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    # avcC: version, then profile, constraints and level, one byte each
    found = re.search(rb"avcC\x01(.{3})", head, re.DOTALL)
    return f"avc1.{found[1].hex()}" if found else "avc1.640028"
