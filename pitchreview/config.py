"""Every setting: environment name, type, default and one line why. The only reader of the environment.

`README.md` prints this table; `tests/test_readme.py` fails when the two differ.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from pitchreview.errors import Misconfigured

MEBIBYTE = 1024 * 1024
GIBIBYTE = 1024 * MEBIBYTE

PACKAGE = Path(__file__).parent

SHORTEST_SECRET_KEY = 32  # characters
FEWEST_DIFFERENT = 10  # of them; a random key of that length has about 25
PLACEHOLDERS = ("change", "placeholder", "example", "replace", "your-", "secret", "password")


def _setting(name: str, default: Any, why: str) -> Any:
    return Field(default, validation_alias=name, description=why)


class Settings(BaseSettings):
    """The settings of one process: from the environment, else from the defaults below."""

    model_config = SettingsConfigDict(extra="ignore", populate_by_name=True)

    # Where the truth and the bytes are
    database_url: SecretStr = _setting(
        "DATABASE_URL", SecretStr(""), "PostgreSQL 14 or newer; `up` starts an embedded one when empty"
    )
    s3_endpoint_url: str = _setting(
        "S3_ENDPOINT_URL", "", "The object store as servers reach it; `up` starts SeaweedFS when empty"
    )
    s3_public_url: str = _setting(
        "S3_PUBLIC_URL",
        "",
        "The object store as browsers reach it (default: endpoint); `{host}`: as in the URL bar",
    )
    s3_bucket: str = _setting("S3_BUCKET", "pitchreview", "Bucket for sources and renditions")
    s3_region: str = _setting("S3_REGION", "us-east-1", "Region that signatures name")
    s3_access_key_id: SecretStr = _setting("S3_ACCESS_KEY_ID", SecretStr(""), "Key that signs")
    s3_secret_access_key: SecretStr = _setting("S3_SECRET_ACCESS_KEY", SecretStr(""), "Its secret")
    s3_cors_origins: str = _setting(
        "S3_CORS_ORIGINS",
        "",
        "Pages that may upload, as origins separated by commas (default: PUBLIC_URL, else any)",
    )
    s3_addressing_style: str = _setting("S3_ADDRESSING_STYLE", "path", "`path` or `virtual`")

    # The web
    secret_key: SecretStr = _setting(
        "SECRET_KEY",
        SecretStr(""),
        "Signs cookies and links; 32 random characters or more, the same on every host",
    )
    public_url: str = _setting(
        "PUBLIC_URL",
        "",
        "The address people type; links in mail begin with it, and `https` here makes cookies secure",
    )
    trusted_hosts: str = _setting(
        "TRUSTED_HOSTS", "", "Host names that may be asked for, separated by commas (default: any)"
    )
    proxy_hops: int = _setting("PROXY_HOPS", 0, "How many proxies in front set X-Forwarded-* headers")
    web_host: str = _setting("WEB_HOST", "127.0.0.1", "Interface that `pitchreview web` listens on")
    web_port: int = _setting("WEB_PORT", 8080, "Port that `pitchreview web` listens on")
    web_workers: int = _setting("WEB_WORKERS", 1, "Web processes; each carries hundreds of open pages")
    metrics_token: SecretStr = _setting("METRICS_TOKEN", SecretStr(""), "Bearer token for details of /readyz")

    # Mail (without it links are shown to copy)
    smtp_host: str = _setting("SMTP_HOST", "", "Mail server; without it links are shown to copy")
    smtp_port: int = _setting("SMTP_PORT", 587, "Its port")
    smtp_user: str = _setting("SMTP_USER", "", "Its user, if it wants one")
    smtp_password: SecretStr = _setting("SMTP_PASSWORD", SecretStr(""), "And the password")
    smtp_tls: str = _setting("SMTP_TLS", "starttls", "`starttls`, `tls` or `none`")
    mail_from: str = _setting("MAIL_FROM", "PitchReview <pitchreview@localhost>", "Sender of mails")

    # First start
    admin_email: str = _setting("ADMIN_EMAIL", "", "First operator, created when nobody exists yet")
    admin_password: SecretStr = _setting("ADMIN_PASSWORD", SecretStr(""), "Password for the first operator")

    # What `up` keeps
    data_dir: str = _setting(
        "PITCHREVIEW_DATA", "pitchreview-data", "Folder of the embedded parts that `pitchreview up` starts"
    )

    # Limits
    max_upload_bytes: int = _setting("PITCHREVIEW_MAX_UPLOAD_BYTES", 5 * GIBIBYTE, "Largest file, in bytes")
    quota_gb: float = _setting(
        "PITCHREVIEW_QUOTA_GB", 20, "How much all files that one person sent may take together, in GB"
    )
    team_quota_gb: float = _setting(
        "PITCHREVIEW_TEAM_QUOTA_GB", 0, "How much all files of one team may take together, in GB; 0: no limit"
    )
    max_duration_seconds: int = _setting(
        "PITCHREVIEW_MAX_DURATION_SECONDS", 3 * 3600, "Longest recording, in seconds"
    )
    reply_seconds: int = _setting("PITCHREVIEW_REPLY_SECONDS", 90, "Longest recorded reply, in seconds")
    media_url_seconds: int = _setting(
        "PITCHREVIEW_MEDIA_URL_SECONDS", 300, "How long a media address handed to a browser works, in seconds"
    )

    # The worker
    ffmpeg: str = _setting("PITCHREVIEW_FFMPEG", "", "ffmpeg to use (default: PATH, then the wheel)")
    ffprobe: str = _setting("PITCHREVIEW_FFPROBE", "", "ffprobe to use (default: PATH, then the wheel)")
    bwrap: str = _setting("PITCHREVIEW_BWRAP", "", "bubblewrap to use (default: PATH, then the wheel)")
    allow_unsandboxed: bool = _setting(
        "PITCHREVIEW_ALLOW_UNSANDBOXED", False, "Run ffmpeg without a sandbox where none can be had"
    )
    media_slots: int = _setting(
        "PITCHREVIEW_MEDIA_SLOTS", 0, "Encodes at once in one worker (default: half the cores, at least 1)"
    )
    work_dir: str = _setting("PITCHREVIEW_WORK_DIR", "", "Folder for files in work (default: the system's)")

    # Logs
    log_format: str = _setting("LOG_FORMAT", "json", "`json` or `console`")
    no_color: str = _setting("NO_COLOR", "", "Any value: `up` shows its logs without colours")
    log_level: str = _setting("LOG_LEVEL", "info", "`debug`, `info`, `warning` or `error`")

    @classmethod
    def read(cls, **given: Any) -> Self:
        """From the environment and what is given; a value that does not fit is refused in one sentence."""
        try:
            return cls(**given)
        except ValidationError as error:
            wrong = "; ".join(f"{problem['loc'][0]}: {problem['msg']}" for problem in error.errors())
            raise Misconfigured(f"A setting does not fit ({wrong}).") from error

    def require(self, *names: str) -> None:
        """Refuse to go on without these settings, or with a SECRET_KEY that can be guessed."""
        missing = [name for name in names if not self.is_set(name)]
        if missing:
            raise Misconfigured(
                f"Not set: {', '.join(missing)}. Set {'it' if len(missing) == 1 else 'them'} in the "
                "environment, or run everything on this machine with `pitchreview up`."
            )
        if "SECRET_KEY" in names and self.weakness_of_secret_key:
            raise Misconfigured(
                f"SECRET_KEY {self.weakness_of_secret_key}. Make one with: "
                'python -c "import secrets; print(secrets.token_urlsafe(48))"'
            )

    def is_set(self, name: str) -> bool:
        """Has the setting with this environment name a value?"""
        field = next(key for key, field in type(self).model_fields.items() if field.validation_alias == name)
        value = getattr(self, field)
        return bool(value.get_secret_value() if isinstance(value, SecretStr) else value)

    @property
    def weakness_of_secret_key(self) -> str:
        """Why cookies signed with it could be forged, as the end of a sentence; empty when they could not."""
        key = self.secret_key.get_secret_value()
        if len(key) < SHORTEST_SECRET_KEY:
            return f"is shorter than {SHORTEST_SECRET_KEY} characters"
        if len(set(key)) < FEWEST_DIFFERENT or any(word in key.lower() for word in PLACEHOLDERS):
            return "is a placeholder, not a random key"
        return ""

    @property
    def sqlalchemy_url(self) -> str:
        """The database address in SQLAlchemy's spelling, with our driver."""
        url = self.database_url.get_secret_value()
        for prefix in ("postgres://", "postgresql://"):
            if url.startswith(prefix):
                return "postgresql+psycopg://" + url.removeprefix(prefix)
        return url

    @property
    def libpq_url(self) -> str:
        """The same address as libpq spells it."""
        return self.sqlalchemy_url.replace("postgresql+psycopg://", "postgresql://", 1)

    @property
    def cors_origins(self) -> list[str]:
        """The pages that may speak to the object store; `*` is safe, presigned addresses carry the right."""
        origins = self.s3_cors_origins or self.public_url or "*"
        return [origin.strip().rstrip("/") for origin in origins.split(",") if origin.strip()]

    @property
    def site_address(self) -> str:
        """The address people type, without a slash at its end."""
        return self.public_url.rstrip("/") or f"http://{self.web_host}:{self.web_port}"

    @property
    def sends_mail(self) -> bool:
        return bool(self.smtp_host)

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")


def child_environment(changes: Mapping[str, str]) -> dict[str, str]:
    """The environment of a process that we start: our own, with these changes."""
    return {**os.environ, **changes}


def assets_folder(name: str) -> Path:
    """Where `templates` or `static` lie: inside an installed wheel, else at the top of the checkout."""
    packaged = PACKAGE / "_assets" / name
    return packaged if packaged.is_dir() else PACKAGE.parent / name
