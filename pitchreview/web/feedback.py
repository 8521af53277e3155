"""What stands above the comments of a take: what was agreed before it, its reviews, and what came of them."""

import zlib
from typing import Any
from uuid import UUID

from pitchreview.actions import committing, disputing, flagging, proving, reviewing, self_assessing
from pitchreview.models import Commitment, Dispute, Proof, Role, Take
from pitchreview.permissions import Act, commitments_visible_to, may
from pitchreview.web.context import db, viewer


def about(take: Take) -> dict[str, Any]:
    """For the page of a take, and for the part of it that is asked for again when something changes.

    What cannot be there is not asked for: a page costs few statements.
    """
    found = reviewing.reviews_of(db(), take, viewer())
    reviews = [review for review in found if review.is_published]
    mine = next((review for review in found if review.reviewer_id == viewer().id), None)
    presents = may(viewer(), Act.COMMIT, take)
    manages = viewer().role_in(take.pitch.team_id) is Role.MANAGER
    has_spoken = mine is not None and mine.is_done
    agreed = carried(take)
    page = {
        "take": take,
        "reviews": reviews,
        "my_review": mine,
        "presents": presents,
        "judges": may(viewer(), Act.REVIEW, take) and not has_spoken,
        "may_assess": presents and not reviews and not _is_assessed(take),
        "carried": agreed,
        "answers": _answers(take, agreed),
        "proposals": _proposals(take) if reviews else [],
        "traces": [review for review in found if review.withdrawn_at and not review.is_published],
        "flags": flagging.open_on(db(), take, viewer()) if manages else [],
        "disputes": _disputes(take) if has_spoken or (manages and reviews) else [],
    }
    return page | {"version": _version_of(page)}


def carried(take: Take) -> list[Commitment]:
    """What was agreed before this take, for its presenter and for those who review it."""
    follows = take.is_submitted and may(viewer(), Act.READ_SCORES, take)
    return committing.carried_by(db(), take) if follows else []


def _answers(take: Take, agreed: list[Commitment]) -> dict[UUID, list[Proof]]:
    return proving.answers_of(db(), take, viewer()) if agreed else {}


def _is_assessed(take: Take) -> bool:
    assessment = self_assessing.assessment_of(db(), take)
    return assessment is not None and assessment.finished_at is not None


def _proposals(take: Take) -> list[Commitment]:
    """What came of the reviews of this take, in the order in which it was said."""
    query = commitments_visible_to(viewer()).where(Commitment.take_id == take.id)
    return list(db().scalars(query.order_by(Commitment.created_at, Commitment.id)))


def _disputes(take: Take) -> list[Dispute]:
    """What the viewer is to look at again."""
    raised = disputing.disputes_of(db(), take).values()
    return [each for each in raised if each.is_open and may(viewer(), Act.ANSWER_DISPUTE, each)]


def _version_of(page: dict[str, Any]) -> str:
    """What an open page compares: it is another one when anything of this is."""
    said = [f"{each.id}{each.published_at}" for each in page["reviews"]]
    said += [f"{each.id}{each.state}{each.words}" for each in (*page["proposals"], *page["carried"])]
    said += [f"{each.id}{each.verdict}{each.at_ms}" for found in page["answers"].values() for each in found]
    said += [str(each.id) for kind in ("traces", "flags", "disputes") for each in page[kind]]
    said += [str(page["take"].awaits_self_assessment), str(page["may_assess"])]
    return f"{zlib.crc32(''.join(said).encode()):x}"
