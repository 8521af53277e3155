"""Setting one's eye: the standards of a team, scoring one, and how near one was."""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pitchreview.actions import calibrating, checking, drafting
from pitchreview.errors import InvalidState, NotFound
from pitchreview.models import Calibration, Standard
from pitchreview.permissions import Act
from pitchreview.web import find, forms
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer

bp = Blueprint("calibrations", __name__)


@bp.get("/calibration")
@login_required
def index() -> ResponseReturnValue:
    team = find.my_team(Act.CALIBRATE)
    tries = calibrating.tries_of(db(), viewer(), team.id)
    return render_template(
        "calibrations/index.html",
        team=team,
        standards=[(each, tries.get(each.id)) for each in calibrating.standards_for(db(), team.id)],
        is_close=calibrating.is_close,
        is_asked=calibrating.is_asked(db(), team),
        is_calibrated=viewer().id in calibrating.calibrated_in(db(), team),
        valid_until=calibrating.valid_until(db(), viewer(), team),
    )


@bp.get("/calibration/<uuid:standard_id>")
@login_required
def show(standard_id: UUID) -> ResponseReturnValue:
    return forms.show("calibrations/show.html", **_page(_standard(standard_id)))


@bp.post("/calibration/<uuid:standard_id>")
@login_required
def create(standard_id: UUID) -> ResponseReturnValue:
    standard = _standard(standard_id)

    def act() -> ResponseReturnValue:
        given = {each.id: forms.one_id(f"level-{each.id}") for each in standard.rubric.criteria}
        levels = {criterion_id: level_id for criterion_id, level_id in given.items() if level_id}
        calibration = calibrating.score(db(), standard, viewer(), levels)
        db().commit()
        return redirect(url_for("calibrations.result", calibration_id=calibration.id))

    return forms.ask_again_if_wrong(act, "calibrations/show.html", **_page(standard))


def _standard(standard_id: UUID) -> Standard:
    standard = find.standard(standard_id, Act.CALIBRATE)
    if standard.is_check or standard.retired_at is not None:
        raise InvalidState("Nobody sets their eye by this one. Choose another under Calibration.")
    return standard


def _page(standard: Standard) -> dict[str, Any]:
    return {"standard": standard, "take": standard.take, "recording": standard.take.recording}


@bp.get("/calibration/results/<uuid:calibration_id>")
@login_required
def result(calibration_id: UUID) -> ResponseReturnValue:
    return _result(find.calibration(calibration_id))


@bp.get("/takes/<uuid:take_id>/check")
@login_required
def of_check(take_id: UUID) -> ResponseReturnValue:
    """How near a silent check was; only its reviewer finds it."""
    take = find.take(take_id, Act.REVIEW)
    review = drafting.review_of(db(), take, viewer())
    calibration = checking.result_of(db(), review) if review else None
    if calibration is None:
        raise NotFound("This page does not exist, or it is not for you.")
    return _result(calibration)


def _result(calibration: Calibration) -> ResponseReturnValue:
    standard = calibration.standard
    return render_template(
        "calibrations/result.html",
        calibration=calibration,
        lines=calibrating.lines_of(standard, calibrating.given_in(calibration)),
        is_close=calibrating.is_close(calibration),
        **_page(standard),
    )
