"""Letters: rendered from templates/emails, sent by a job; without a mail server links are shown instead."""

from flask import render_template, url_for

from pitchreview import queue
from pitchreview.models import User
from pitchreview.queue import Task
from pitchreview.web.context import db, settings


def site_url(endpoint: str, **values: object) -> str:
    """An address that works in a mail: it begins with PUBLIC_URL, never with a header of the request.

    Only where no mail is sent and links are copied from the page, the page's own address will do.
    """
    public = settings().public_url or (settings().site_address if settings().sends_mail else "")
    if not public:
        return url_for(endpoint, _external=True, **values)  # type: ignore[arg-type]
    return public.rstrip("/") + url_for(endpoint, **values)  # type: ignore[arg-type]


def send_invitation(invitation_email: str, *, link: str, invited_by: User, team_name: str) -> None:
    _send(
        invitation_email,
        f"{invited_by.name} invites you to {team_name} on PitchReview",
        render_template("emails/invitation.txt", link=link, inviter=invited_by, team_name=team_name),
    )


def send_reset(user: User, *, link: str) -> None:
    _send(
        user.email,
        "A new password for PitchReview",
        render_template("emails/reset.txt", link=link, user=user),
    )


def tell_reset_was_made(user: User) -> None:
    _send(
        user.email,
        "A password link was made for your account",
        render_template("emails/reset_was_made.txt", user=user),
    )


def _send(to: str, subject: str, body: str) -> None:
    if settings().sends_mail:
        queue.defer(db(), Task.SEND_MAIL, to=to, subject=subject, body=body)
