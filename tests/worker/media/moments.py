"""When a clapper flashes and beeps in what was made of it, as a player decodes it."""

import re
import subprocess
from array import array
from pathlib import Path

HEARD_HZ = 8000


def observed(tools, path: Path, sound: Path, part: str = "iw:ih:0:0") -> tuple[list[float], list[float]]:
    """When this part of the picture (width:height:x:y) is white, and when silence ends."""
    luma = f"crop={part},scale=32:18,signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-"
    seen = ["-map", "0:v", "-vf", luma, "-f", "null", "-"]
    on_the_clock = f"aresample={HEARD_HZ}:async=1:first_pts=0"
    heard = ["-map", "0:a", "-af", on_the_clock, "-ac", "1", "-f", "s16le", sound]
    return flashes_in(ffmpeg(tools, "-copyts", "-i", path, *seen, *heard).decode()), beeps_in(sound)


def flashes_in(report: str) -> list[float]:
    frames = re.findall(r"pts_time:(\S+)\nlavfi\.signalstats\.YAVG=(\S+)", report)
    return [float(at) for at, luma in frames if float(luma) > 128]


def beeps_in(sound: Path) -> list[float]:
    samples = array("h", sound.read_bytes())
    threshold, beeps, heard_at = max(samples) // 4, [], -HEARD_HZ
    for number, sample in enumerate(samples):
        if sample > threshold:
            if number - heard_at > HEARD_HZ // 2:
                beeps.append(number / HEARD_HZ)
            heard_at = number
    return beeps


def ffmpeg(tools, *arguments: object) -> bytes:
    command = [str(tools.ffmpeg), "-nostdin", "-v", "error", "-y", *map(str, arguments)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
