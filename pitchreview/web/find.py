"""Finding the thing an address names: unseen is 404, seen-but-not-yours is 403."""

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from pitchreview import permissions
from pitchreview.errors import NotAllowed, NotFound
from pitchreview.models import (
    Assignment,
    Calibration,
    Collection,
    CollectionItem,
    Comment,
    Commitment,
    Dispute,
    Drill,
    Exemplar,
    Flag,
    Membership,
    Message,
    Notification,
    Pack,
    Pitch,
    Recording,
    Request,
    Review,
    Rubric,
    Scenario,
    Series,
    Source,
    Standard,
    Take,
    Takeaway,
    Team,
    User,
)
from pitchreview.permissions import Act
from pitchreview.web.context import current_team, db, viewer

Thing = TypeVar("Thing")


def take(take_id: UUID, act: Act | None = None) -> Take:
    return _find(permissions.takes_visible_to(viewer()), take_id, act)


def teammate(user_id: UUID, act: Act) -> User:
    """Somebody of the team that this browser looks at, for who may do this there."""
    present = my_team(act)
    query = select(User).join(User.memberships).where(User.id == user_id, Membership.team_id == present.id)
    found = db().scalar(query)
    if found is None:
        raise NotFound("Nobody of that name is in this team.")
    return found


def take_to_watch(take_id: UUID) -> Take:
    """A take with what its page shows: however much was said, it costs the same few statements."""
    scenario = contains_eager(Take.pitch).joinedload(Pitch.scenario)
    recording = joinedload(Take.recording)
    query = permissions.takes_visible_to(viewer()).options(
        contains_eager(Take.pitch).joinedload(Pitch.presenter),
        scenario.selectinload(Scenario.beats),
        joinedload(Take.exemplars),
        joinedload(Take.requests),
        joinedload(Take.assignments),
        recording.joinedload(Recording.steps),
        recording.selectinload(Recording.renditions),
    )
    return _find(query, take_id, None)


def deleted_take(take_id: UUID) -> Take:
    """A take of one's own that may still be brought back."""
    query = select(Take).join(Take.pitch).where(Take.deleted_at.is_not(None))
    return _find(query, take_id, Act.OWN_TAKE, hidden=True)


def pitch(pitch_id: UUID) -> Pitch:
    return _find(permissions.pitches_visible_to(viewer()), pitch_id, None)


def recording(recording_id: UUID) -> Recording:
    return _find(permissions.recordings_visible_to(viewer()), recording_id, None)


def scenario(scenario_id: UUID, act: Act | None = None) -> Scenario:
    return _find(permissions.scenarios_visible_to(viewer()), scenario_id, act)


def rubric(rubric_id: UUID, act: Act | None = None) -> Rubric:
    return _find(permissions.rubrics_visible_to(viewer()), rubric_id, act)


def message(message_id: UUID, act: Act | None = None) -> Message:
    return _find(permissions.messages_visible_to(viewer()), message_id, act)


def drill(drill_id: UUID, act: Act | None = None) -> Drill:
    return _find(permissions.drills_visible_to(viewer()), drill_id, act)


def series(series_id: UUID, act: Act | None = None) -> Series:
    return _find(permissions.series_visible_to(viewer()), series_id, act)


def comment(comment_id: UUID, act: Act | None = None) -> Comment:
    return _find(permissions.comments_visible_to(viewer()), comment_id, act)


def review(review_id: UUID, act: Act | None = None) -> Review:
    return _find(permissions.reviews_visible_to(viewer()), review_id, act)


def commitment(commitment_id: UUID, act: Act | None = None) -> Commitment:
    return _find(permissions.commitments_visible_to(viewer()), commitment_id, act)


def dispute(dispute_id: UUID, act: Act | None = None) -> Dispute:
    return _find(permissions.disputes_visible_to(viewer()), dispute_id, act)


def flag(flag_id: UUID, act: Act | None = None) -> Flag:
    return _find(permissions.flags_visible_to(viewer()), flag_id, act)


def exemplar(exemplar_id: UUID, act: Act | None = None) -> Exemplar:
    return _find(permissions.exemplars_visible_to(viewer()), exemplar_id, act)


def halves_of(model: Exemplar) -> list[Exemplar]:
    """The middling halves that stand beside a model, as far as one sees them."""
    query = permissions.exemplars_visible_to(viewer()).where(Exemplar.contrast_to_id == model.id)
    return list(db().scalars(query.order_by(Exemplar.created_at)))


def model_of(half: Exemplar) -> Exemplar | None:
    if half.contrast_to_id is None:
        return None
    return permissions.find_visible(db(), permissions.exemplars_visible_to(viewer()), half.contrast_to_id)


def exemplar_in(said: Mapping[str, Any], name: str) -> Exemplar | None:
    """The exemplar that an address or a message names in passing; one that is gone is no error there."""
    try:
        exemplar_id = UUID(str(said.get(name, "")))
    except ValueError:
        return None
    return permissions.find_visible(db(), permissions.exemplars_visible_to(viewer()), exemplar_id)


def collection(collection_id: UUID, act: Act | None = None) -> Collection:
    return _find(permissions.collections_visible_to(viewer()), collection_id, act)


def collections(team: Team) -> list[Collection]:
    """The shelves of a team, pinned ones first."""
    query = permissions.collections_visible_to(viewer()).where(Collection.team_id == team.id)
    return list(db().scalars(query.order_by(Collection.pinned_at.nulls_last(), Collection.created_at)))


def collections_with(held: Exemplar) -> list[Collection]:
    """The shelves on which it stands, as far as one sees them."""
    stands_on = select(CollectionItem.collection_id).where(CollectionItem.exemplar_id == held.id)
    query = permissions.collections_visible_to(viewer()).where(Collection.id.in_(stands_on))
    return list(db().scalars(query.order_by(Collection.created_at)))


def pack(pack_id: UUID) -> Pack:
    return _find(permissions.packs_visible_to(viewer()), pack_id, None)


def takeaway(takeaway_id: UUID) -> Takeaway:
    return _find(permissions.takeaways_visible_to(viewer()), takeaway_id, None)


def notification(notification_id: UUID) -> Notification:
    return _find(permissions.notifications_visible_to(viewer()), notification_id, None)


def request(request_id: UUID, act: Act | None = None) -> Request:
    return _find(permissions.requests_visible_to(viewer()), request_id, act)


def assignment(assignment_id: UUID, act: Act | None = None) -> Assignment:
    return _find(permissions.assignments_visible_to(viewer()), assignment_id, act)


def standard(standard_id: UUID, act: Act | None = None) -> Standard:
    return _find(permissions.standards_visible_to(viewer()), standard_id, act)


def calibration(calibration_id: UUID) -> Calibration:
    return _find(permissions.calibrations_visible_to(viewer()), calibration_id, None)


def upload(source_id: UUID) -> Source:
    return _find(permissions.uploads_visible_to(viewer()), source_id, None)


def team(team_id: UUID, act: Act | None = None) -> Team:
    return _find(permissions.teams_visible_to(viewer()), team_id, act)


def my_team(act: Act | None = None) -> Team:
    """The team this browser looks at."""
    found = current_team()
    if found is None:
        raise NotFound("You are in no team yet. Ask a manager for an invitation.")
    return _allowed(found, act)


def membership(membership_id: UUID) -> Membership:
    """A member of the present team, for those who manage it."""
    managed = my_team(Act.MANAGE_TEAM)
    found = db().get(Membership, membership_id)
    if found is None or found.team_id != managed.id:
        raise NotFound("There is no such member.")
    return found


def oneself(user_id: UUID) -> User:
    """What is told to a person is for that person's own pages."""
    if user_id != viewer().id:
        raise NotFound("This page does not exist, or it is not for you.")
    return viewer()


def user(user_id: UUID) -> User:
    """Anybody with an account, for the operator."""
    operate()
    found = db().get(User, user_id)
    if found is None:
        raise NotFound("There is no such person.")
    return found


def operate() -> None:
    if not permissions.may(viewer(), Act.OPERATE):
        raise NotAllowed("This page is for the people who run this site.")


def _find(visible: Select[Thing], thing_id: UUID, act: Act | None, *, hidden: bool = False) -> Thing:
    found = permissions.find_visible(db(), visible, thing_id)
    if found is None or (hidden and act is not None and not permissions.may(viewer(), act, found)):
        raise NotFound("This page does not exist, or it is not for you.")
    return _allowed(found, act)


def _allowed(thing: Thing, act: Act | None) -> Thing:
    if act is not None and not permissions.may(viewer(), act, thing):
        raise NotAllowed("You can see this, but it is not yours to change.")
    return thing
