"""Letters go out by SMTP; one that cannot be sent is tried again by the queue."""

import smtplib
from email.message import EmailMessage

from pitchreview.config import Settings
from worker.workshop import Workshop

TIMEOUT_SECONDS = 20


def send_mail(workshop: Workshop, to: str, subject: str, body: str) -> None:
    message = EmailMessage()
    message["From"], message["To"] = workshop.settings.mail_from, to
    # A header is one line, whatever people call themselves.
    message["Subject"] = " ".join(subject.split())
    message.set_content(body)
    with _connect(workshop.settings) as server:
        server.send_message(message)


def _connect(settings: Settings) -> smtplib.SMTP:
    kind = smtplib.SMTP_SSL if settings.smtp_tls == "tls" else smtplib.SMTP
    server = kind(settings.smtp_host, settings.smtp_port, timeout=TIMEOUT_SECONDS)
    if settings.smtp_tls == "starttls":
        server.starttls()
    if settings.smtp_user:
        server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
    return server
