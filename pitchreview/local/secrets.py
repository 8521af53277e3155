"""The secrets of one data folder: generated once, kept in `secrets.json` (mode 600), never printed."""

import json
import os
import secrets
import tempfile
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Self

FILE_NAME = "secrets.json"


@dataclass(frozen=True, repr=False)
class Secrets:
    """Everything that only this installation may know. Its repr is the default one, without values."""

    secret_key: str
    database_owner_password: str
    database_password: str
    s3_access_key_id: str
    s3_secret_access_key: str
    volume_write_key: str
    volume_read_key: str
    filer_write_key: str
    filer_read_key: str

    @classmethod
    def of(cls, data: Path) -> Self:
        """The secrets of this data folder; folder and secrets are made if missing, and kept."""
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = data / FILE_NAME
        known = json.loads(path.read_text()) if path.exists() else {}
        names = [field.name for field in fields(cls)]
        missing = {name: secrets.token_urlsafe(32) for name in names if name not in known}
        found = cls(**{name: known.get(name) or missing[name] for name in names})
        if missing:
            _write(path, asdict(found))
        return found


def _write(path: Path, values: dict[str, str]) -> None:
    """Replace the file at once, so that no crash leaves half a set of secrets behind."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    with os.fdopen(handle, "w") as file:  # mkstemp has made it mode 600
        json.dump(values, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    os.replace(name, path)
