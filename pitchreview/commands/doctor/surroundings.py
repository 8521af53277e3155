"""What surrounds the servers: versions, settings, the mail server, room on the disks."""

import platform
import shutil
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

from pitchreview import mail
from pitchreview.commands.doctor.findings import Finding, ok, problem, warning
from pitchreview.config import GIBIBYTE, Settings

LOOPBACKS = ("127.0.0.1", "localhost", "::1")


def check_versions(_settings: Settings) -> Iterator[Finding]:
    python = platform.python_version()
    yield ok(f"PitchReview {version('pitchreview')} on Python {python}, {platform.platform(terse=True)}.")


def check_settings(settings: Settings) -> Iterator[Finding]:
    if weakness := settings.weakness_of_secret_key:
        yield problem(f"SECRET_KEY {weakness}: whoever guesses it is signed in as anybody.")
    else:
        yield ok("SECRET_KEY is long and random.")
    yield from _public_url(settings)
    if not settings.is_set("METRICS_TOKEN") and settings.proxy_hops:
        yield ok("METRICS_TOKEN is not set: figures of /readyz are told to this machine only.")


def check_mail(settings: Settings) -> Iterator[Finding]:
    if not settings.sends_mail:
        yield ok("No SMTP_HOST: links for invitations and passwords are shown to copy.")
        return
    mail.try_out(settings)
    yield ok(f"{settings.smtp_host}:{settings.smtp_port} takes letters from us.")
    if settings.smtp_tls == "none" and settings.smtp_user:
        yield warning("SMTP_TLS is `none`: the password of the mail server travels in the clear.")
    if settings.mail_from.rstrip(">").endswith("@localhost"):
        yield warning("MAIL_FROM ends with @localhost; most mail servers drop such letters.")


def check_disk(settings: Settings) -> Iterator[Finding]:
    work = Path(settings.work_dir or tempfile.gettempdir())
    with tempfile.TemporaryFile(dir=work):  # fails when we may not write there
        yield _room(work, "for files in work", 2 * settings.max_upload_bytes)
    data = Path(settings.data_dir)
    if (data / "secrets.json").exists():
        yield _room(data, "for the embedded parts", 2 * settings.max_upload_bytes)


def _public_url(settings: Settings) -> Iterator[Finding]:
    if not settings.public_url:
        yield _without_public_url(settings)
    elif settings.is_https:
        yield from _https(settings)
    elif urlsplit(settings.public_url).hostname not in LOOPBACKS:
        yield warning("PUBLIC_URL is plain HTTP: browsers do not record there, and passwords can be read.")
    else:
        yield ok(f"People reach this site at {settings.site_address}.")


def _without_public_url(settings: Settings) -> Finding:
    if settings.web_host in LOOPBACKS and not settings.sends_mail:
        return ok(f"People reach this site at {settings.site_address}, from this machine only.")
    return warning(f"PUBLIC_URL is not set; links would begin with {settings.site_address}.")


def _https(settings: Settings) -> Iterator[Finding]:
    yield ok(f"People reach this site at {settings.site_address}, cookies are secure.")
    if not settings.proxy_hops:
        yield warning("PROXY_HOPS is 0: behind a proxy everybody seems to come from its one address.")
    store = settings.s3_public_url or settings.s3_endpoint_url
    if store.startswith("http://"):
        yield problem(f"Pages over HTTPS may not load media from {store}; set S3_PUBLIC_URL to https.")


def _room(folder: Path, purpose: str, wanted: int) -> Finding:
    free = shutil.disk_usage(folder).free
    text = f"{free / GIBIBYTE:.1f} GiB are free {purpose} ({folder})"
    if free < GIBIBYTE:
        return problem(f"Only {text}; make room.")
    if free < wanted:
        return warning(f"{text}; the largest upload needs {wanted / GIBIBYTE:.0f} GiB.")
    return ok(f"{text}.")
