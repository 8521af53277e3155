"""The file of a moment: made for the team by those who curate, taken along by who may watch it."""

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from pitchreview.actions import clipping
from pitchreview.errors import NotFound
from pitchreview.permissions import Act
from pitchreview.web import find
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, host_name, settings, store

bp = Blueprint("clips", __name__, url_prefix="/exemplars/<uuid:exemplar_id>/file")

# Consent that is taken back bites within this time, also for addresses that were handed out.
_MOST_SECONDS = 300


@bp.get("")
@login_required
def download(exemplar_id: UUID) -> ResponseReturnValue:
    exemplar = find.exemplar(exemplar_id)
    file = clipping.file_of(exemplar) if exemplar.is_shown else None
    if file is None:
        raise NotFound("There is no file of this moment, or not yet.")
    name = f"{exemplar.title}{'.m4a' if file.content_type.startswith('audio/') else '.mp4'}"
    seconds = min(settings().media_url_seconds, _MOST_SECONDS)
    answer = redirect(
        store().sign_get(
            file.object_key,
            host=host_name(),
            seconds=seconds,
            content_type=file.content_type,
            download_as=name,
        )
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("")
@login_required
def create(exemplar_id: UUID) -> ResponseReturnValue:
    exemplar = find.exemplar(exemplar_id, Act.CURATE)
    clipping.make_again(db(), exemplar)
    db().commit()
    if clipping.file_of(exemplar) is None:
        flash("The moment is being cut out; its file will be here shortly.", "success")
    return redirect(url_for("exemplars.show", exemplar_id=exemplar.id))
