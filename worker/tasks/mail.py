"""Letters go out by SMTP; one that cannot be sent is tried again by the queue."""

from email.message import EmailMessage

from pitchreview import mail
from worker.workshop import Workshop


def send_mail(workshop: Workshop, to: str, subject: str, body: str) -> None:
    message = EmailMessage()
    message["From"], message["To"] = workshop.settings.mail_from, to
    # A header is one line, whatever people call themselves.
    message["Subject"] = " ".join(subject.split())
    message.set_content(body)
    with mail.connect(workshop.settings) as server:
        server.send_message(message)
