"""Meeting packs: put together for one meeting, and kept on the phone for the way there."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pitchreview.actions import packing, tagging
from pitchreview.actions.packing import Moment
from pitchreview.errors import NotFound
from pitchreview.models import Recording, Rendition
from pitchreview.web import find
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer

bp = Blueprint("packs", __name__)


@bp.get("/pack")
@login_required
def new() -> ResponseReturnValue:
    team = find.my_team()
    packs = packing.living(db(), viewer(), team)
    return render_template(
        "packs/new.html",
        choices=packing.choices(db(), team),
        chosen=request.args.getlist("tag"),
        packs=[(pack, packing.wanted_of(db(), pack)) for pack in packs],
    )


@bp.post("/pack")
@login_required
def create() -> ResponseReturnValue:
    team = find.my_team()
    tags = tagging.by_keys(db(), team.id, request.form.getlist("tag")).values()
    pack = packing.pack(db(), viewer(), team, tags)
    db().commit()
    return redirect(url_for("packs.show", pack_id=pack.id))


@bp.get("/packs/<uuid:pack_id>")
@login_required
def show(pack_id: UUID) -> ResponseReturnValue:
    pack = find.pack(pack_id)
    if packing.is_over(pack):
        flash("That pack is over: it holds for 72 hours. Pack anew, it takes a moment.", "info")
        return redirect(url_for("packs.new", tag=pack.tags))
    moments = packing.moments_of(db(), pack, viewer())
    team = find.team(pack.team_id)
    return render_template(
        "packs/show.html",
        pack=pack,
        wanted=packing.wanted_of(db(), pack),
        moments=moments,
        gone=len(pack.items) - len(moments),
        best_fit=_best_fit(moments),
        fixed=packing.last_fixed(db(), viewer(), team),
    )


@bp.get("/packs/<uuid:pack_id>/state")
@login_required
def state(pack_id: UUID) -> ResponseReturnValue:
    """What may be on the phone; it drops all else."""
    pack = find.pack(pack_id)
    if packing.is_over(pack):
        raise NotFound("This pack is over.")
    moments = packing.moments_of(db(), pack, viewer())
    return {
        "expires_at": pack.expires_at.isoformat(),
        "moments": [str(moment.exemplar.id) for moment in moments],
        "files": [file for moment in moments for file in _files(moment)],
        "waiting": sum(moment.is_waiting for moment in moments),
    }


@bp.post("/packs/<uuid:pack_id>/deletion")
@login_required
def delete(pack_id: UUID) -> ResponseReturnValue:
    db().delete(find.pack(pack_id))
    db().commit()
    flash("The pack is gone, from your phone as well.", "success")
    return redirect(url_for("packs.new"))


@bp.get("/packs/over")
@login_required
def over() -> ResponseReturnValue:
    """What a phone without a connection shows of a pack that it may not show any more."""
    return render_template("packs/over.html")


@bp.get("/sw.js")
def worker() -> Response:
    """Answers for packs without a connection; it lies at the root, from where it may answer for /packs/."""
    asset = cast(Callable[[str], str], current_app.jinja_env.globals["asset"])
    response = current_app.send_static_file(asset("sw.js").rpartition("/")[2])
    response.headers["Cache-Control"] = "no-cache"
    return response


def _best_fit(moments: list[Moment]) -> int:
    """How many of them are about all of the meeting."""
    return sum(not moment.misses for moment in moments)


def _files(moment: Moment) -> list[dict[str, Any]]:
    recording, file = moment.recording, moment.file
    if recording is None or file is None:
        return []
    return [_file(recording, rendition) for rendition in (file, recording.poster) if rendition is not None]


def _file(recording: Recording, rendition: Rendition) -> dict[str, Any]:
    address = url_for("media.show", recording_id=recording.id, rendition_id=rendition.id)
    return {"address": address, "bytes": rendition.size_bytes}
