"""Taking what was said along: as a file, or as a page to print."""

import re
import unicodedata
from uuid import UUID

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from pitchreview.actions import exporting, reviewing
from pitchreview.models import Review, Take
from pitchreview.web import find
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer, wants_fragment
from pitchreview.web.mails import site_url
from pitchreview.web.pages import called, presenter_of

bp = Blueprint("exports", __name__, url_prefix="/takes/<uuid:take_id>")


@bp.get("/exports")
@login_required
def index(take_id: UUID) -> ResponseReturnValue:
    take = find.take(take_id)
    template = "exports/_forms.html" if wants_fragment() else "exports/index.html"
    return render_template(template, take=take, forms=exporting.FORMS)


@bp.get("/exports/<any(vtt, csv, jsonld, edl):kind>")
@login_required
def download(take_id: UUID, kind: str) -> ResponseReturnValue:
    take, form = find.take(take_id), exporting.FORMS[kind]
    address = site_url("takes.show", take_id=take.id)
    text = form.write(exporting.collect(db(), take, viewer(), address=address))
    response = Response(text, content_type=_with_charset(form.content_type))
    response.headers.set("Content-Disposition", "attachment", filename=f"{_file_name(take)}.{form.suffix}")
    return response


@bp.get("/report")
@login_required
def report(take_id: UUID) -> ResponseReturnValue:
    """One page to print, or to keep as a PDF."""
    take = find.take(take_id)
    address = site_url("takes.show", take_id=take.id)
    reviews = _reviews(take)
    return render_template(
        "exports/report.html",
        take=take,
        reviewers=[called(review.reviewer, take).name for review in reviews],
        said=exporting.collect(db(), take, viewer(), address=address),
        reviews=reviews,
        address=address,
    )


def _reviews(take: Take) -> list[Review]:
    """What was judged and published."""
    return [review for review in reviewing.reviews_of(db(), take, viewer()) if review.is_published]


def _with_charset(content_type: str) -> str:
    return content_type if "json" in content_type else f"{content_type}; charset=utf-8"


def _file_name(take: Take) -> str:
    """Whose, what and which round; the number of attempts is the presenter's alone."""
    parts = [presenter_of(take).name, take.pitch.scenario.title]
    parts += [f"round {take.round}"] if take.round else []
    plain = unicodedata.normalize("NFKD", " ".join(parts)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:80] or "feedback"
