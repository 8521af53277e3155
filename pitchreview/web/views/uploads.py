"""Uploads, for our own script: the bytes go straight to the object store, we sign and witness."""

from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import or_, select

from pitchreview.actions import intake, practising, quota, replying, watching
from pitchreview.errors import InvalidInput, NotAllowed
from pitchreview.models import (
    Comment,
    Layout,
    Membership,
    Recording,
    Scenario,
    Source,
    SourceRole,
    Take,
    User,
)
from pitchreview.permissions import Act, may
from pitchreview.web import find, forms
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, host_name, settings, store, viewer

bp = Blueprint("uploads", __name__)


@bp.post("/scenarios/<uuid:scenario_id>/uploads")
@login_required
def create(scenario_id: UUID) -> ResponseReturnValue:
    scenario = find.scenario(scenario_id, Act.PITCH)
    data = forms.json_object()
    presenter = _presenter(scenario, data)
    take = _begin(scenario, presenter, _whole_file(data))
    if presenter.user != viewer():
        practising.record_consent(take, str(data.get("consent_note", "")))
        practising.submit_for_presenter(db(), take)
    db().commit()
    return _begun(take.recording.sources[0], _address_of(take)), 201


@bp.post("/scenarios/<uuid:scenario_id>/recordings")
@login_required
def create_open(scenario_id: UUID) -> ResponseReturnValue:
    """A take of one's own that is sent while it is recorded; how long it became is told at its completion."""
    scenario = find.scenario(scenario_id, Act.PITCH)
    data = forms.json_object()
    limits = _limits(scenario.team_id)
    take = _begin(scenario, practising.Presenter(user=viewer()), _new_file(data, size=None))
    watched = find.exemplar_in(data, "after")
    if watched is not None:
        watching.tried(db(), watched, take)
    db().commit()
    return _begun(take.recording.sources[0], _address_of(take)) | limits, 201


@bp.post("/takes/<uuid:take_id>/sources")
@login_required
def add_source(take_id: UUID) -> ResponseReturnValue:
    """One more file of a take that is being recorded: the screen, or what followed a crash."""
    take = find.take(take_id, Act.OWN_TAKE)
    if take.uploaded_by_id != viewer().id:
        raise NotAllowed("You can see this, but somebody else uploads it.")
    file, limits = _new_file(forms.json_object(), size=None), _limits(take.pitch.team_id)
    known = intake.find_source(take.recording, file)
    if known is not None:
        return _begun(known, _address_of(take)) | limits, 200
    plan = intake.plan_upload(
        db(), settings(), viewer(), file, team_id=take.pitch.team_id, beside=take.recording
    )
    db().commit()
    upload_id = intake.open_upload(store(), plan)
    source = intake.save_source(db(), plan, upload_id)
    db().commit()
    return _begun(source, _address_of(take)) | limits, 201


@bp.post("/takes/<uuid:take_id>/replies")
@login_required
def create_reply(take_id: UUID) -> ResponseReturnValue:
    """What somebody has to say about a take, sent while it is recorded; a comment carries it later."""
    take = find.take(take_id, Act.COMMENT)
    return _begin_reply(take.pitch.team_id, _address_of(take)), 201


@bp.post("/scenarios/prompts")
@login_required
def create_prompt() -> ResponseReturnValue:
    """What a buyer asks, sent while it is recorded; a scenario carries it once its form is saved."""
    team = find.my_team(Act.WRITE_SCENARIO)
    return _begin_reply(team.id, url_for("scenarios.index")), 201


def _begin_reply(team_id: UUID, address: str) -> dict[str, Any]:
    limits = _limits(team_id) | {"max_seconds": settings().reply_seconds}
    file = _new_file(forms.json_object(), size=None)
    plan = intake.plan_upload(db(), settings(), viewer(), file, team_id=team_id)
    db().commit()
    upload_id = intake.open_upload(store(), plan)
    quota.claim(db(), settings(), viewer(), None, team_id=team_id)
    recording = intake.save_reply(db(), plan, upload_id, author=viewer())
    db().commit()
    return _begun(recording.sources[0], address) | _named(recording) | limits


@bp.get("/uploads/<uuid:source_id>")
@login_required
def show(source_id: UUID) -> ResponseReturnValue:
    source = find.upload(source_id)
    state, address = source.recording.state.value, _take_address(source)
    db().commit()
    arrived = intake.arrived_numbers(store(), source)
    return {
        "state": state,
        "size_bytes": source.size_bytes,
        "is_open": source.is_open,
        "part_size": source.part_size,
        "part_count": _part_count(source),
        "arrived": arrived,
        "take": address,
    } | _named(source.recording)


@bp.post("/uploads/<uuid:source_id>/parts")
@login_required
def sign(source_id: UUID) -> ResponseReturnValue:
    source = find.upload(source_id)
    numbers = forms.json_object().get("numbers")
    if not isinstance(numbers, list) or not all(type(n) is int for n in numbers):
        raise InvalidInput("Send the numbers of the parts.")
    addresses = intake.sign_parts(store(), settings(), source, numbers, host=host_name())
    return {"addresses": {str(number): address for number, address in addresses.items()}}


@bp.post("/uploads/<uuid:source_id>/completion")
@login_required
def complete(source_id: UUID) -> ResponseReturnValue:
    source = find.upload(source_id)
    told = forms.json_object() if request.data else {}
    intake.place_source(db(), source, _integer(told, "offset_ms"), _layout(told))
    intake.fix_size(db(), settings(), viewer(), source, _integer(told, "size_bytes"))
    address = _take_address(source)
    db().commit()
    intake.assemble(store(), source)
    intake.mark_received(db(), source)
    _count_first(source)
    db().commit()
    return {"take": address}


@bp.delete("/uploads/<uuid:source_id>")
@login_required
def destroy(source_id: UUID) -> ResponseReturnValue:
    """Discard the take with its first file; of a further one that file alone."""
    source = find.upload(source_id)
    take = _take_of(source)
    if take is None or source.recording.is_reply:
        replying.discard(db(), viewer(), source.recording)
        db().commit()
        return "", 204
    intake.check_unfinished(take)
    is_further = source is not min(take.recording.sources, key=lambda each: each.created_at)
    sources = [source] if is_further else list(take.recording.sources)
    db().commit()
    intake.drop_parts(store(), sources)
    if is_further:
        intake.forget_source(db(), source)
    else:
        intake.forget_upload(db(), take)
    db().commit()
    return "", 204


def _begin(scenario: Scenario, presenter: practising.Presenter, file: intake.NewFile) -> Take:
    """A take that waits for its file. The caller commits; the store is asked between two transactions."""
    plan = intake.plan_upload(db(), settings(), viewer(), file, team_id=scenario.team_id)
    db().commit()
    upload_id = intake.open_upload(store(), plan)
    # Another tab may have taken the room since; what was opened in the store then ends by itself.
    quota.claim(db(), settings(), viewer(), file.size_bytes, team_id=scenario.team_id)
    pitch = practising.start_pitch(db(), scenario, presenter)
    return intake.save_upload(db(), plan, upload_id, pitch=pitch, uploader=viewer())


def _begun(source: Source, address: str) -> dict[str, Any]:
    return {
        "upload": url_for("uploads.show", source_id=source.id),
        "take": address,
        "part_size": source.part_size,
        "part_count": _part_count(source),
    }


def _limits(team_id: UUID) -> dict[str, int]:
    """How much a file may grow, for the recorder that cannot know before."""
    most = quota.longest_file(db(), settings(), viewer(), team_id)
    return {"max_bytes": most, "max_seconds": settings().max_duration_seconds}


def _part_count(source: Source) -> int | None:
    return None if source.is_open else source.part_count


def _integer(data: dict[str, Any], name: str) -> int | None:
    number = data.get(name)
    if number is not None and type(number) is not int:
        raise InvalidInput(f"Send `{name}` as a whole number.")
    return number


def _layout(data: dict[str, Any]) -> Layout | None:
    word = data.get("layout")
    if word is not None and word not in list(Layout):
        raise InvalidInput(f"Screen and camera are put together as one of: {', '.join(Layout)}.")
    return None if word is None else Layout(word)


def _whole_file(data: dict[str, Any]) -> intake.NewFile:
    size = data.get("size_bytes")
    if type(size) is not int:
        raise InvalidInput("Send the file's name and its size in bytes.")
    return _new_file(data, size)


def _new_file(data: dict[str, Any], size: int | None) -> intake.NewFile:
    name = data.get("file_name")
    if not isinstance(name, str):
        raise InvalidInput("Send the file's name.")
    return intake.NewFile(
        name=name,
        size_bytes=size,
        content_type=str(data.get("content_type", "")),
        fingerprint=str(data.get("fingerprint", "")),
        role=str(data.get("role", SourceRole.CAMERA)),
        sequence=_integer(data, "sequence") or 0,
        offset_ms=_integer(data, "offset_ms") or 0,
    )


def _presenter(scenario: Scenario, data: dict[str, Any]) -> practising.Presenter:
    """Oneself, unless a manager uploads for a member or for somebody without an account."""
    member_id, name = data.get("presenter_id"), data.get("presenter_name")
    if not member_id and not name:
        return practising.Presenter(user=viewer())
    if not may(viewer(), Act.PITCH_FOR_OTHERS, scenario):
        raise NotAllowed("Only managers upload what somebody else presented.")
    if name:
        return practising.Presenter(name=str(name))
    return practising.Presenter(user=_member(scenario, str(member_id)))


def _member(scenario: Scenario, member_id: str) -> User:
    query = (
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.team_id == scenario.team_id, Membership.ended_at.is_(None))
    )
    found = next((user for user in db().scalars(query) if str(user.id) == member_id), None)
    if found is None:
        raise InvalidInput("Choose a member of this team.", field="presenter_id")
    return found


def _named(recording: Recording) -> dict[str, str]:
    """By this name a comment takes a reply along."""
    return {"recording": str(recording.id)} if recording.is_reply else {}


def _count_first(source: Source) -> None:
    take = None if source.recording.is_reply else _take_of(source)
    if take is not None:
        practising.count_first(db(), take)


def _take_of(source: Source) -> Take | None:
    """The take whose file it is; of a reply the one that is spoken about, as soon as it is posted."""
    spoken_about = select(Comment.take_id).where(Comment.recording_id == source.recording_id)
    query = select(Take).where(or_(Take.recording_id == source.recording_id, Take.id.in_(spoken_about)))
    return db().scalars(query).one_or_none()


def _take_address(source: Source) -> str | None:
    take = _take_of(source)
    return None if take is None else _address_of(take)


def _address_of(take: Take) -> str:
    return url_for("takes.show", take_id=take.id)
