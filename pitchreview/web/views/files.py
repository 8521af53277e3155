"""The file behind a take: what came, what was made of it, and the say over that work. For its owner."""

from pathlib import PurePosixPath
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pitchreview.actions import intake
from pitchreview.errors import NotFound
from pitchreview.models import Take
from pitchreview.permissions import Act
from pitchreview.web import find
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, host_name, settings, store
from pitchreview.web.pages import presenter_of

bp = Blueprint("files", __name__, url_prefix="/takes/<uuid:take_id>/file")


@bp.get("")
@login_required
def show(take_id: UUID) -> ResponseReturnValue:
    take = find.take(take_id, Act.OWN_TAKE)
    return render_template("files/show.html", take=take, recording=take.recording)


@bp.get("/mp4")
@login_required
def download(take_id: UUID) -> ResponseReturnValue:
    take = find.take(take_id, Act.OWN_TAKE)
    best = take.recording.mp4
    if best is None:
        raise NotFound("The MP4 of this take is not made yet. What you sent can be downloaded.")
    ending = ".m4a" if best.content_type.startswith("audio/") else ".mp4"
    return _hand_over(best.object_key, best.content_type, _name(take) + ending)


@bp.get("/sources/<uuid:source_id>")
@login_required
def download_source(take_id: UUID, source_id: UUID) -> ResponseReturnValue:
    """As it came, whatever that is: it is saved, never shown."""
    take = find.take(take_id, Act.OWN_TAKE)
    sources = [source for source in take.recording.sources if source.has_arrived]
    source = next((source for source in sources if source.id == source_id), None)
    if source is None:
        raise NotFound("There is no such file of this take.")
    number = f", {source.role} {source.sequence + 1}" if len(sources) > 1 else ""
    ending = PurePosixPath(source.file_name.lower()).suffix
    return _hand_over(source.object_key, "application/octet-stream", _name(take) + number + ending)


@bp.post("/cancellation")
@login_required
def cancel(take_id: UUID) -> ResponseReturnValue:
    take = find.take(take_id, Act.OWN_TAKE)
    intake.cancel(db(), take.recording)
    db().commit()
    flash("Stopped. The file is safe, and you can go on whenever you like.", "success")
    return _back_to(take)


@bp.post("/renditions/<uuid:rendition_id>/redo")
@login_required
def redo(take_id: UUID, rendition_id: UUID) -> ResponseReturnValue:
    take = find.take(take_id, Act.OWN_TAKE)
    rendition = next((r for r in take.recording.renditions if r.id == rendition_id), None)
    if rendition is None:
        raise NotFound("That has been made anew since; load the page again.")
    intake.redo(db(), take.recording, rendition)
    db().commit()
    flash("It is being made anew. What is there plays until then.", "success")
    return _back_to(take)


def _back_to(take: Take) -> ResponseReturnValue:
    return redirect(url_for("files.show", take_id=take.id))


def _hand_over(object_key: str, content_type: str, name: str) -> ResponseReturnValue:
    """The browser fetches it from the store by itself, by an address that works for a little while."""
    seconds = settings().media_url_seconds
    answer = redirect(
        store().sign_get(
            object_key, host=host_name(), seconds=seconds, content_type=content_type, download_as=name
        )
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _name(take: Take) -> str:
    """Named by its round: the number of takes is nobody's business."""
    number = f", round {take.round}" if take.round else ""
    return f"{presenter_of(take).name}, {take.pitch.scenario.title}{number}"
