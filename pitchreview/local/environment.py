"""What web, worker and the commands beside them are told by `up`: their environment."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

import psutil

from pitchreview.config import Settings, child_environment
from pitchreview.local import addresses, objectstore, postgres, tools
from pitchreview.local.secrets import Secrets

FILE_NAME = "environment.json"


def of_programs(settings: Settings, data: Path, host: str, port: int) -> dict[str, str]:
    """What does not depend on the parts. Where a person has chosen already, that choice stays."""
    made = {
        **_direct_loopback(),
        "PYTHONUNBUFFERED": "1",
        "WEB_HOST": addresses.literal(host),
        "WEB_PORT": str(port),
        "PITCHREVIEW_DATA": str(data),
        "PITCHREVIEW_FFMPEG": str(tools.ffmpeg(settings)),
        "PITCHREVIEW_FFPROBE": str(tools.ffprobe(settings)),
        "PITCHREVIEW_BWRAP": str(tools.bwrap(settings.bwrap)),
    }
    defaults = {
        "SECRET_KEY": Secrets.of(data).secret_key,
        "LOG_FORMAT": "console",
        "PITCHREVIEW_WORK_DIR": str(data / "work"),
        "S3_CORS_ORIGINS": _origins(settings, host, port),
    }
    return made | {name: value for name, value in defaults.items() if not _is_given(settings, name)}


def of_database(server: postgres.Server) -> dict[str, str]:
    return {"DATABASE_URL": server.url}


def of_objects(settings: Settings, server: objectstore.Server, relay_port: int | None) -> dict[str, str]:
    """Browsers use the address that was given (a proxy's), else the relay under the name they came by."""
    seen_by_browsers = f"http://{{host}}:{relay_port}" if relay_port else server.endpoint_url
    return {
        "S3_ENDPOINT_URL": server.endpoint_url,
        "S3_PUBLIC_URL": settings.s3_public_url or seen_by_browsers,
        "S3_ACCESS_KEY_ID": server.access_key,
        "S3_SECRET_ACCESS_KEY": server.secret_key,
    }


def write(data: Path, environment: Mapping[str, str]) -> None:
    """So that `pitchreview users`, `doctor` and others find the parts while we run."""
    file = data / FILE_NAME
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
    started = psutil.Process().create_time()
    file.write_text(json.dumps({"pid": os.getpid(), "started": started, "environment": dict(environment)}))


def forget(data: Path) -> None:
    (data / FILE_NAME).unlink(missing_ok=True)


def of_running(data: Path) -> dict[str, str]:
    """The environment of the programs of the `up` that runs on this folder; empty if none does."""
    try:
        entry = json.loads((data / FILE_NAME).read_text())
        is_alive = abs(psutil.Process(entry["pid"]).create_time() - entry["started"]) < 1
    except (OSError, ValueError, KeyError, psutil.Error):
        return {}
    return dict(entry["environment"]) if is_alive else {}


def _origins(settings: Settings, host: str, port: int) -> str:
    if not addresses.is_loopback(host):
        return "*"  # by whatever name the machine is reached; the presigned address carries the right
    pages = [f"http://{addresses.LOOPBACK}:{port}", f"http://localhost:{port}", settings.public_url]
    return ",".join(page for page in pages if page)


def _direct_loopback() -> dict[str, str]:
    """The parts are never behind the proxy that the environment may name for the world outside."""
    known = child_environment({})
    excepted = known.get("no_proxy") or known.get("NO_PROXY") or ""
    hosts = ",".join(part for part in (excepted, addresses.LOOPBACK, "localhost") if part)
    return {"no_proxy": hosts, "NO_PROXY": hosts}


def _is_given(settings: Settings, name: str) -> bool:
    fields = type(settings).model_fields
    return any(fields[key].validation_alias == name for key in settings.model_fields_set)
