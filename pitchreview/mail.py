"""The mail server: how to reach it. The only smtplib; the worker sends, `doctor` only knocks."""

import smtplib
import ssl

from pitchreview.config import Settings
from pitchreview.errors import PitchReviewError

TIMEOUT_SECONDS = 20


class MailRefused(PitchReviewError):
    """The server cannot be reached, or does not want us; the message says which."""


def connect(settings: Settings) -> smtplib.SMTP:
    """A session that is encrypted and signed in as the settings say; its server's certificate is checked."""
    trust = ssl.create_default_context()
    server = _open(settings, trust)
    try:
        if settings.smtp_tls == "starttls":
            server.starttls(context=trust)
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
    except (OSError, smtplib.SMTPException):
        server.close()
        raise
    return server


def try_out(settings: Settings) -> None:
    """Reach the server, sign in and leave again; no letter is sent."""
    try:
        with connect(settings) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        raise MailRefused(f"{settings.smtp_host}:{settings.smtp_port} refuses: {error}") from error


def _open(settings: Settings, trust: ssl.SSLContext) -> smtplib.SMTP:
    if settings.smtp_tls == "tls":
        return smtplib.SMTP_SSL(
            settings.smtp_host, settings.smtp_port, timeout=TIMEOUT_SECONDS, context=trust
        )
    return smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=TIMEOUT_SECONDS)
