"""What is agreed to change: proposals answered, one's own list, and a reviewer's answers in a later take."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pitchreview.actions import committing, focusing, playing, proving, self_assessing
from pitchreview.actions.committing import Proposal
from pitchreview.actions.proving import Answer
from pitchreview.errors import NotFound
from pitchreview.models import Commitment, CommitmentState, Proof, Take, Verdict
from pitchreview.permissions import Act, find_visible, proofs_visible_to, takes_visible_to
from pitchreview.web import feedback, find, forms
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer, wants_fragment

bp = Blueprint("commitments", __name__)


@bp.get("/commitments")
@login_required
def index() -> ResponseReturnValue:
    """My own, in the present team: to answer, now, later, and what came of the others."""
    team = find.my_team()
    mine = committing.of_person(db(), viewer(), team.id, viewer())
    by_state = {
        state: [each for each in mine if each.state is state and each.take.deleted_at is None]
        for state in CommitmentState
    }
    return render_template(
        "commitments/index.html",
        mine=mine,
        by_state=by_state,
        focus=focusing.focus_of(db(), viewer().id, team.id),
        proofs=_proofs(mine),
    )


def _proofs(commitments: list[Commitment]) -> dict[UUID, list[Proof]]:
    """What was said about each of them, the newest first."""
    ids = [each.id for each in commitments]
    query = proofs_visible_to(viewer()).where(Proof.commitment_id.in_(ids))
    found: dict[UUID, list[Proof]] = {each: [] for each in ids}
    for proof in db().scalars(query.order_by(Proof.created_at.desc())):
        found[proof.commitment_id].append(proof)
    return found


@bp.get("/takes/<uuid:take_id>/commitments")
@login_required
def new(take_id: UUID) -> ResponseReturnValue:
    """The form, alone for a page that shows it in a dialog."""
    take = find.take(take_id, Act.COMMIT)
    rubric = self_assessing.rubric_of(db(), take, None)
    template = "commitments/_form.html" if wants_fragment() else "commitments/new.html"
    return render_template(template, take=take, criteria=rubric.criteria if rubric else [])


@bp.post("/takes/<uuid:take_id>/commitments")
@login_required
def create(take_id: UUID) -> ResponseReturnValue:
    """The presenter writes one themselves."""
    take = find.take(take_id, Act.COMMIT)
    own = Proposal(
        forms.text("words"),
        forms.day("due_on"),
        forms.one_id("criterion_id"),
        at_ms=forms.moment("at"),
    )
    commitment = committing.write(db(), take, viewer(), own)
    db().commit()
    return _told(commitment, take_id)


@bp.post("/commitments/<uuid:commitment_id>/agreement")
@login_required
def agree(commitment_id: UUID) -> ResponseReturnValue:
    commitment = find.commitment(commitment_id, Act.ANSWER_PROPOSAL)
    committing.agree(db(), commitment, forms.text("words"), forms.day("due_on"))
    db().commit()
    return _told(commitment, commitment.take_id)


def _told(commitment: Commitment, take_id: UUID) -> ResponseReturnValue:
    if commitment.state is CommitmentState.PARKED:
        flash("Agreed, and kept for later: one thing at a time.", "success")
    else:
        flash("Agreed. Your next take opens on it.", "success")
    return redirect(url_for("takes.show", take_id=take_id))


@bp.post("/commitments/<uuid:commitment_id>/refusal")
@login_required
def decline(commitment_id: UUID) -> ResponseReturnValue:
    commitment = find.commitment(commitment_id, Act.ANSWER_PROPOSAL)
    committing.decline(db(), commitment, forms.text("reason"))
    db().commit()
    return redirect(url_for("takes.show", take_id=commitment.take_id))


@bp.post("/commitments/<uuid:commitment_id>/end")
@login_required
def drop(commitment_id: UUID) -> ResponseReturnValue:
    """It is not worth following any more."""
    commitment = find.commitment(commitment_id, Act.ANSWER_PROPOSAL)
    committing.drop(db(), commitment, forms.text("reason"))
    db().commit()
    return redirect(url_for("commitments.index"))


@bp.post("/takes/<uuid:take_id>/commitments/<uuid:commitment_id>/proof")
@login_required
def prove(take_id: UUID, commitment_id: UUID) -> ResponseReturnValue:
    """Fixed, closer or not yet, and the moment that shows it; the same answer again takes it back."""
    take = find.take(take_id, Act.REVIEW)
    commitment = _carried(take, commitment_id)
    verdict = forms.choice("verdict", Verdict) if forms.text("verdict") else None
    said = verdict and Answer(verdict, forms.moment("at"), forms.text("note"))
    proving.answer(db(), take, viewer(), commitment, said)
    db().commit()
    if wants_fragment():
        return render_template("commitments/_carried.html", **feedback.about(take))
    return redirect(url_for("takes.show", take_id=take.id))


@bp.get("/takes/<uuid:take_id>/commitments/<uuid:commitment_id>/clips")
@login_required
def clips(take_id: UUID, commitment_id: UUID) -> ResponseReturnValue:
    """The moment before and, where somebody has answered, the moment in this take, to be played in place."""
    take = find.take(take_id)
    commitment = _carried(take, commitment_id)
    answers = proving.answers_of(db(), take, viewer()).get(commitment.id, [])
    after = next((each for each in answers if each.at_ms is not None), None)
    return render_template("commitments/_clips.html", **_moments(commitment, after))


@bp.get("/commitments/<uuid:commitment_id>/clips")
@login_required
def own_clips(commitment_id: UUID) -> ResponseReturnValue:
    """The same from one's own list: with the newest take in which it was looked at."""
    commitment = find.commitment(commitment_id)
    after = next((each for each in _proofs([commitment])[commitment.id] if each.at_ms is not None), None)
    return render_template("commitments/_clips.html", **_moments(commitment, after))


def _moments(commitment: Commitment, proof: Proof | None) -> dict[str, Any]:
    """Each side as far as the viewer sees its take."""
    before = _seen(commitment.take_id)
    after = _seen(proof.take_id) if proof else None
    return {
        "commitment": commitment,
        "proof": proof,
        "before": before and playing.part_of(before, commitment.at_ms, commitment.until_ms),
        "after": after and proof and playing.part_of(after, proof.at_ms, proof.until_ms),
    }


def _seen(take_id: UUID) -> Take | None:
    return find_visible(db(), takes_visible_to(viewer()), take_id)


def _carried(take: Take, commitment_id: UUID) -> Commitment:
    """What is to be seen in this take, for those who follow it there."""
    carried = feedback.carried(take)
    found = next((each for each in carried if each.id == commitment_id), None)
    if found is None:
        raise NotFound("This was not agreed before this take.")
    return found
