"""The worker's tools, asked in a process of their own: doors do not import each other."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from pitchreview.commands.doctor.findings import Finding, ok, problem, warning
from pitchreview.config import Settings, child_environment

TIMEOUT_SECONDS = 120


def check_media(settings: Settings) -> Iterator[Finding]:
    told = _ask_worker(settings)
    if "refusal" in told:
        yield problem(told["refusal"])
        return
    yield ok(told["summary"]) if told["is_sandboxed"] else warning(told["summary"])
    for gap in told["gaps"]:
        yield warning(gap)
    if told["missing"]:
        yield problem(f"This ffmpeg lacks {', '.join(told['missing'])}; install a complete build.")
    else:
        yield ok("It has every encoder and filter that is needed.")
    for lack in told["lacks"]:
        yield warning(f"With this ffmpeg {lack}.")


def _ask_worker(settings: Settings) -> dict[str, Any]:
    chosen = {
        "PITCHREVIEW_FFMPEG": settings.ffmpeg,
        "PITCHREVIEW_FFPROBE": settings.ffprobe,
        "PITCHREVIEW_BWRAP": settings.bwrap,
        "PITCHREVIEW_ALLOW_UNSANDBOXED": str(settings.allow_unsandboxed),
    }
    try:
        process = subprocess.run(
            [sys.executable, "-m", "worker.media"],
            env=child_environment(chosen),
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
        told: dict[str, Any] = json.loads(process.stdout)
    except subprocess.TimeoutExpired:
        return {"refusal": f"The media tools did not answer within {TIMEOUT_SECONDS} seconds."}
    except ValueError:
        return {"refusal": f"The media tools failed: {process.stderr.strip()[-300:]}"}
    return told
