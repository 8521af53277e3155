"""Files come in by parts, straight to a real object store; we sign, witness and pass on."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from pitchreview import db
from pitchreview.actions import intake, quota
from pitchreview.config import GIBIBYTE, Settings
from pitchreview.errors import InvalidInput, InvalidState, NotFound, ObjectMissing, TooLarge, TooMany
from pitchreview.models import Pitch, Recording, RecordingState, Source, StepName, StepState, Take, User
from pitchreview.store import SMALLEST_PART, ObjectStore
from tests.conftest import Cast
from tests.factories import Factory
from tests.sending import ask, put
from tests.waiting import together, until

Begin = Callable[..., Source]
Finish = Callable[[Source, int | None], None]


@pytest.fixture
def begin(session: Session, store: ObjectStore, settings: Settings, make: Factory, cast: Cast) -> Begin:
    """Begin an upload of Ada's that is announced with so many bytes, or that grows."""

    def begin_upload(size: int | None, name: str = "pitch.mp4") -> Source:
        file = intake.NewFile(name, size, "video/mp4", "")
        plan = intake.plan_upload(session, settings, cast.ada, file)
        upload_id = intake.open_upload(store, plan)
        pitch = make.pitch(make.scenario(cast.team), cast.ada)
        take = intake.save_upload(session, plan, upload_id, pitch=pitch, uploader=cast.ada)
        session.commit()
        return take.recording.sources[0]

    return begin_upload


@pytest.fixture
def send(store: ObjectStore, settings: Settings) -> Callable[[Source, int, bytes], None]:
    def send_part(source: Source, number: int, content: bytes) -> None:
        put(intake.sign_parts(store, settings, source, [number], host="localhost")[number], content)

    return send_part


def complete(session: Session, store: ObjectStore, source: Source) -> None:
    intake.assemble(store, source)
    intake.mark_received(session, source)
    session.commit()


def jobs(session: Session) -> list[str]:
    return list(session.scalars(text("SELECT task_name FROM procrastinate_jobs ORDER BY id")))


# --- the way in -------------------------------------------------------------------------------------


def test_a_file_of_one_part_arrives_and_is_given_to_the_worker(
    session: Session, store: ObjectStore, begin: Begin, send: Any
) -> None:
    source = begin(10)
    send(source, 1, b"0123456789")
    complete(session, store, source)
    recording = source.recording
    assert (recording.state, source.upload_id) == (RecordingState.RECEIVED, None)
    assert [(step.name, step.state) for step in recording.steps] == [(StepName.CHECK, StepState.WAITING)]
    assert store.stat(source.object_key).size_bytes == 10
    assert jobs(session) == ["check_recording"]


def test_parts_may_come_in_any_order_and_be_sent_again(
    session: Session, store: ObjectStore, begin: Begin, send: Any
) -> None:
    source = begin(SMALLEST_PART + 3)
    assert source.part_count == 2
    send(source, 2, b"xyz")
    assert intake.arrived_numbers(store, source) == [2]
    with pytest.raises(InvalidState, match="1 of 2 parts"):
        complete(session, store, source)
    send(source, 1, b"cut short")
    send(source, 1, b"a" * SMALLEST_PART)
    send(source, 1, b"cut short again")
    assert intake.arrived_numbers(store, source) == [1, 2]
    complete(session, store, source)
    assert store.read_range(source.object_key, SMALLEST_PART - 2, SMALLEST_PART + 2) == b"aaxyz"


@pytest.mark.parametrize("sent", [b"", b"012345678", b"0123456789A"])
def test_a_file_that_is_not_as_long_as_announced_is_not_received(
    session: Session, store: ObjectStore, begin: Begin, send: Any, sent: bytes
) -> None:
    source = begin(10)
    if sent:
        send(source, 1, sent)
    assert intake.arrived_numbers(store, source) == []
    with pytest.raises(InvalidState):
        complete(session, store, source)
    assert (source.recording.state, jobs(session)) == (RecordingState.AWAITING_UPLOAD, [])


def test_completing_twice_is_as_good_as_once(
    session: Session, store: ObjectStore, begin: Begin, send: Any
) -> None:
    source = begin(10)
    send(source, 1, b"0123456789")
    complete(session, store, source)
    received_at = source.received_at
    complete(session, store, source)
    assert (source.received_at, jobs(session)) == (received_at, ["check_recording"])


def test_completing_at_the_same_moment_makes_one_take_and_one_job(
    sessions: sessionmaker[Session], session: Session, store: ObjectStore, begin: Begin, send: Any
) -> None:
    source = begin(10)
    send(source, 1, b"0123456789")

    def request() -> None:
        with sessions() as tab:
            there = tab.get_one(Source, source.id)
            tab.commit()
            complete(tab, store, there)

    assert together(request, request, request, request) == [None] * 4
    assert jobs(session) == ["check_recording"]
    session.expire_all()
    assert source.recording.state is RecordingState.RECEIVED


def test_a_crash_between_the_stores_word_and_ours_is_healed_by_the_next_call(
    session: Session, store: ObjectStore, begin: Begin, send: Any
) -> None:
    source = begin(10)
    send(source, 1, b"0123456789")
    intake.assemble(store, source)
    # Here the web process is killed: the store has the file, our rows know nothing of it.
    assert source.recording.state is RecordingState.AWAITING_UPLOAD
    assert intake.arrived_numbers(store, source) == [1]
    complete(session, store, source)
    assert (source.recording.state, jobs(session)) == (RecordingState.RECEIVED, ["check_recording"])


def test_an_upload_that_expired_says_so(
    session: Session, store: ObjectStore, begin: Begin, send: Any
) -> None:
    source = begin(10)
    send(source, 1, b"0123456789")
    assert source.upload_id is not None
    store.abort_multipart(source.object_key, source.upload_id)
    with pytest.raises(InvalidState, match="expired"):
        complete(session, store, source)
    with pytest.raises(ObjectMissing):
        intake.arrived_numbers(store, source)


def test_a_dropped_upload_leaves_nothing_and_a_late_part_brings_nothing_back(
    session: Session, store: ObjectStore, settings: Settings, begin: Begin
) -> None:
    source = begin(10)
    address = intake.sign_parts(store, settings, source, [1], host="localhost")[1]
    take = session.scalars(select(Take)).one()
    key = source.object_key
    intake.drop_parts(store, take.recording.sources)
    intake.forget_upload(session, take)
    session.commit()
    for noun in (Take, Recording, Source):
        assert session.scalars(select(noun)).all() == []
    assert ask(address, method="PUT", content=b"0123456789").status >= 400
    with pytest.raises(ObjectMissing):
        store.stat(key)


def test_a_file_that_has_arrived_is_not_dropped_like_an_unfinished_one(
    session: Session, store: ObjectStore, begin: Begin, send: Any
) -> None:
    source = begin(10)
    send(source, 1, b"0123456789")
    complete(session, store, source)
    take = session.scalars(select(Take)).one()
    for refuse in (lambda: intake.check_unfinished(take), lambda: intake.forget_upload(session, take)):
        with pytest.raises(InvalidState):
            refuse()
    assert store.stat(source.object_key).size_bytes == 10


# --- files that grow while they are sent ------------------------------------------------------------


@pytest.fixture
def finish(session: Session, store: ObjectStore, settings: Settings, cast: Cast) -> Finish:
    """Ada's recorder stops, and says how long the file became."""

    def say_size(source: Source, size: int | None) -> None:
        try:
            intake.fix_size(session, settings, cast.ada, source, size)
        finally:
            session.commit()
        complete(session, store, source)

    return say_size


def test_a_file_arrives_in_whole_parts_while_it_grows_and_its_end_with_its_size(
    session: Session, store: ObjectStore, begin: Begin, send: Any, finish: Finish
) -> None:
    content = random.Random(7).randbytes(2 * SMALLEST_PART + 3)
    source = begin(None)
    assert (source.is_open, source.size_bytes, source.part_size) == (True, 0, SMALLEST_PART)
    send(source, 2, content[SMALLEST_PART : 2 * SMALLEST_PART])
    send(source, 1, content[:SMALLEST_PART])
    send(source, 3, content[-3:])
    assert intake.arrived_numbers(store, source) == [1, 2]
    finish(source, len(content))
    assert (source.is_open, source.recording.state) == (False, RecordingState.RECEIVED)
    received = store.read_range(source.object_key, 0, len(content))
    assert sha256(received).digest() == sha256(content).digest()
    assert jobs(session) == ["check_recording"]


@pytest.mark.parametrize(
    ("size", "error"),
    [
        (None, InvalidInput),
        (0, InvalidInput),
        (-1, InvalidInput),
        (5 * GIBIBYTE + 1, TooLarge),
        (10**30, TooLarge),
    ],
)
def test_a_file_becomes_as_long_as_a_file_may_be(
    session: Session, begin: Begin, send: Any, finish: Finish, size: int | None, error: type[Exception]
) -> None:
    source = begin(None)
    send(source, 1, b"0123456789")
    with pytest.raises(error):
        finish(source, size)
    assert (source.is_open, source.size_bytes) == (True, 0)
    finish(source, 10)
    assert source.recording.state is RecordingState.RECEIVED


@pytest.mark.parametrize("sent", [b"", b"012345678", b"0123456789A"], ids=["missing", "short", "long"])
def test_a_part_of_another_length_than_the_size_asks_for_is_sent_again(
    store: ObjectStore, begin: Begin, send: Any, finish: Finish, sent: bytes
) -> None:
    source = begin(None)
    if sent:
        send(source, 1, sent)
    with pytest.raises(InvalidState, match="1 of 1 parts"):
        finish(source, 10)
    assert intake.arrived_numbers(store, source) == []
    send(source, 1, b"0123456789")
    finish(source, 10)
    assert store.read_range(source.object_key, 0, 20) == b"0123456789"


def test_a_size_is_said_as_often_as_one_likes_but_never_another(
    session: Session, begin: Begin, send: Any, finish: Finish
) -> None:
    source = begin(None)
    send(source, 1, b"0123456789")
    for _ in range(2):
        finish(source, 10)
        with pytest.raises(InvalidState, match="another size"):
            finish(source, 9)
    assert (source.size_bytes, jobs(session)) == (10, ["check_recording"])


def test_of_two_sizes_said_at_the_same_moment_one_holds(
    sessions: sessionmaker[Session], settings: Settings, session: Session, begin: Begin, cast: Cast
) -> None:
    source = begin(None)

    def say(size: int) -> Callable[[], int]:
        def request() -> int:
            with sessions() as tab:
                there, ada = tab.get_one(Source, source.id), tab.get_one(User, cast.ada.id)
                try:
                    intake.fix_size(tab, settings, ada, there, size)
                except InvalidState:
                    return 0
                tab.commit()
                return size

        return request

    held = sum(together(*(say(size) for size in (10, 20, 40))))
    session.refresh(source)
    assert (source.size_bytes, source.is_open) == (held, False)
    assert held in (10, 20, 40)


def test_a_file_that_grows_is_never_taken_for_whole(
    session: Session, store: ObjectStore, begin: Begin
) -> None:
    source = begin(None)
    store.put_bytes(b"", source.object_key, "application/octet-stream")
    assert not intake.is_assembled(store, source)
    with pytest.raises(InvalidState):
        complete(session, store, source)
    assert source.recording.state is RecordingState.AWAITING_UPLOAD


def test_a_size_comes_too_late_for_an_upload_that_was_discarded(
    sessions: sessionmaker[Session], settings: Settings, session: Session, begin: Begin, cast: Cast
) -> None:
    source = begin(None)
    with sessions() as tab:
        intake.forget_upload(tab, tab.scalars(select(Take)).one())
        tab.commit()
    with pytest.raises(NotFound):
        intake.fix_size(session, settings, cast.ada, source, 10)


def test_parts_of_a_file_that_grows_are_signed_up_to_the_longest_it_may_become(
    store: ObjectStore, settings: Settings, begin: Begin
) -> None:
    source = begin(None)
    assert list(intake.sign_parts(store, settings, source, [1, 640], host="localhost")) == [1, 640]
    for numbers in ([0], [641], list(range(1, 52))):
        with pytest.raises(InvalidInput):
            intake.sign_parts(store, settings, source, numbers, host="localhost")


# --- signing ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("numbers", [[0], [-1], [3], [1, 3], list(range(1, 52))])
def test_only_parts_of_this_file_are_signed_and_not_too_many_at_once(
    store: ObjectStore, settings: Settings, begin: Begin, numbers: list[int]
) -> None:
    source = begin(SMALLEST_PART + 1)
    with pytest.raises(InvalidInput):
        intake.sign_parts(store, settings, source, numbers, host="localhost")


def test_nothing_is_signed_once_the_file_has_arrived(
    session: Session, store: ObjectStore, settings: Settings, begin: Begin, send: Any
) -> None:
    source = begin(10)
    send(source, 1, b"0123456789")
    complete(session, store, source)
    with pytest.raises(InvalidState):
        intake.sign_parts(store, settings, source, [1], host="localhost")


def test_an_address_of_one_part_is_good_for_no_other(
    store: ObjectStore, settings: Settings, begin: Begin
) -> None:
    source, other = begin(SMALLEST_PART + 1), begin(10)
    address = intake.sign_parts(store, settings, source, [1], host="localhost")[1]
    forged = (
        address.replace("partNumber=1", "partNumber=2"),
        address.replace(str(source.id), str(other.id)),
        address.replace("X-Amz-Expires=900", "X-Amz-Expires=90000"),
        address.split("?")[0],
    )
    for attempt in forged:
        assert attempt != address
        assert ask(attempt, method="PUT", content=b"x").status == 403
    assert ask(address, method="DELETE").status == 403


# --- before the first byte --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "size", "error"),
    [
        ("pitch.mp4", 1, None),
        ("PITCH.MOV", 1, None),
        ("call.webm", 5 * 1024**3, None),
        ("voice.opus", 1, None),
        ("pitch.mp4", 0, InvalidInput),
        ("pitch.mp4", -1, InvalidInput),
        ("pitch.mp4", 5 * 1024**3 + 1, TooLarge),
        ("pitch.exe", 1, InvalidInput),
        ("pitch.mp4.html", 1, InvalidInput),
        ("playlist.m3u8", 1, InvalidInput),
        ("picture.svg", 1, InvalidInput),
        ("pitch", 1, InvalidInput),
        ("", 1, InvalidInput),
    ],
)
def test_a_file_is_refused_before_its_first_byte(
    settings: Settings, name: str, size: int, error: type[Exception] | None
) -> None:
    file = intake.NewFile(name, size, "video/mp4", "")
    if error is None:
        intake.check_file(file, settings)
        return
    with pytest.raises(error):
        intake.check_file(file, settings)


def test_nobody_keeps_hundreds_of_uploads_open(
    session: Session, settings: Settings, make: Factory, cast: Cast
) -> None:
    scenario = make.scenario(cast.team)
    file = intake.NewFile("pitch.mp4", 10, "", "")
    for _ in range(intake.MOST_OPEN_UPLOADS):
        make.take(cast.ada, scenario, submitted=False, state=RecordingState.AWAITING_UPLOAD)
    with pytest.raises(InvalidState):
        intake.plan_upload(session, settings, cast.ada, file)
    intake.plan_upload(session, settings, cast.jonas, file)


@pytest.mark.campaign
def test_nobody_begins_hundreds_of_uploads_an_hour(session: Session, settings: Settings, cast: Cast) -> None:
    with pytest.raises(TooMany):
        for _ in range(201):
            intake.plan_upload(session, settings, cast.ada, intake.NewFile("pitch.mp4", 10, "", ""))


def test_takes_begun_at_the_same_moment_get_numbers_of_their_own(
    sessions: sessionmaker[Session], session: Session, settings: Settings, make: Factory, cast: Cast
) -> None:
    pitch = make.pitch(make.scenario(cast.team), cast.ada)
    session.commit()

    def request() -> int:
        with sessions() as tab:
            ada = tab.get_one(User, cast.ada.id)
            plan = intake.plan_upload(tab, settings, ada, intake.NewFile("pitch.mp4", 10, "", ""))
            there = tab.get_one(type(pitch), pitch.id)
            take = intake.save_upload(tab, plan, "an-upload", pitch=there, uploader=ada)
            tab.commit()
            return take.number

    assert sorted(together(request, request, request)) == [1, 2, 3]


def test_a_size_beyond_two_gigabytes_is_kept_as_it_is(session: Session, make: Factory, cast: Cast) -> None:
    take = make.take(cast.ada, make.scenario(cast.team))
    source, rendition = take.recording.sources[0], take.recording.renditions[0]
    source.size_bytes = rendition.size_bytes = 5 * 1024**3
    session.commit()
    session.expire_all()
    assert source.size_bytes == take.recording.size_bytes == 5_368_709_120
    assert rendition.size_bytes == 5_368_709_120


def test_a_file_beyond_four_gigabytes_has_parts_to_its_last_byte(
    session: Session, store: ObjectStore, settings: Settings, begin: Begin
) -> None:
    source = begin(5 * GIBIBYTE - 1)
    session.refresh(source)
    assert (source.size_bytes, source.part_count) == (5_368_709_119, 640)
    assert (source.part_length(639), source.part_length(640)) == (SMALLEST_PART, SMALLEST_PART - 1)
    assert [source.fits(640, SMALLEST_PART - 1), source.fits(640, SMALLEST_PART)] == [True, False]
    assert list(intake.sign_parts(store, settings, source, [640], host="localhost")) == [640]


# --- room for everybody -----------------------------------------------------------------------------


@pytest.fixture
def narrow(settings: Settings) -> Settings:
    """Room for fifty megabytes of each person; a take of the factory has twenty."""
    return settings.model_copy(update={"quota_gb": 50_000_000 / GIBIBYTE})


def test_a_file_is_refused_when_there_is_no_room_for_it(
    session: Session, narrow: Settings, make: Factory, cast: Cast
) -> None:
    scenario = make.scenario(cast.team)
    takes = [make.take(cast.ada, scenario, submitted=False) for _ in range(2)]
    assert quota.bytes_left(session, narrow, cast.ada) == 10_000_000
    file = intake.NewFile("pitch.mp4", 10_000_001, "", "")
    with pytest.raises(TooLarge, match="no room for this file"):
        intake.plan_upload(session, narrow, cast.ada, file)
    takes[0].deleted_at = db.now()
    intake.plan_upload(session, narrow, cast.ada, file)


def test_what_others_send_takes_none_of_her_room(
    session: Session, narrow: Settings, make: Factory, cast: Cast
) -> None:
    scenario = make.scenario(cast.team)
    make.take(cast.ada, scenario, uploaded_by=cast.mona)
    make.take(cast.jonas, scenario, submitted=False)
    rooms = [quota.bytes_left(session, narrow, person) for person in (cast.ada, cast.mona, cast.cole)]
    assert rooms == [50_000_000, 30_000_000, 50_000_000]


def test_a_team_has_room_of_its_own_and_nobody_is_told_who_took_it(
    session: Session, settings: Settings, make: Factory, cast: Cast
) -> None:
    narrow = settings.model_copy(update={"team_quota_gb": 50_000_000 / GIBIBYTE})
    scenario = make.scenario(cast.team)
    takes = [make.take(person, scenario, submitted=False) for person in (cast.ada, cast.jonas)]
    file = intake.NewFile("pitch.mp4", 10_000_001, "", "")
    with pytest.raises(TooLarge) as refusal:
        intake.plan_upload(session, narrow, cast.cole, file, team_id=cast.team.id)
    assert str(refusal.value) == (
        "Your team has no room for this file. Delete takes that you no longer need, or ask a manager for"
        " more room."
    )
    intake.plan_upload(session, narrow, cast.zoe, file, team_id=cast.other_team.id)
    takes[0].deleted_at = db.now()
    intake.plan_upload(session, narrow, cast.cole, file, team_id=cast.team.id)


@pytest.mark.parametrize(("limit", "other"), [("quota_gb", "ada"), ("team_quota_gb", "jonas")])
def test_the_last_room_is_taken_once_however_many_begin_at_the_same_moment(
    sessions: sessionmaker[Session], settings: Settings, make: Factory, cast: Cast, limit: str, other: str
) -> None:
    narrow = settings.model_copy(update={limit: 50_000_000 / GIBIBYTE})
    pitches = [make.pitch(make.scenario(cast.team), who) for who in (cast.ada, getattr(cast, other))]
    make.session.commit()

    def plan_in(tab: Session, which: int) -> Callable[[], Take]:
        pitch = tab.get_one(Pitch, pitches[which].id)
        uploader = tab.get_one(User, pitch.presenter_id)
        file = intake.NewFile("pitch.mp4", 30_000_000, "", "")
        plan = intake.plan_upload(tab, narrow, uploader, file, team_id=pitch.team_id)
        tab.commit()

        def save() -> Take:
            quota.claim(tab, narrow, uploader, file.size_bytes, team_id=pitch.team_id)
            return intake.save_upload(tab, plan, "an-upload", pitch=pitch, uploader=uploader)

        return save

    with sessions() as tab, sessions() as other_tab, ThreadPoolExecutor(1) as pool:
        save, save_other = plan_in(tab, 0), plan_in(other_tab, 1)
        save()
        second = pool.submit(save_other)
        until(lambda: second.done() or waits_for_its_turn(make.session))
        tab.commit()
        with pytest.raises(TooLarge):
            second.result(timeout=10)


def waits_for_its_turn(session: Session) -> bool:
    query = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    waiting = session.scalar(query)
    session.rollback()
    return bool(waiting)


def test_a_recording_begins_while_there_is_any_room_and_ends_where_it_fits(
    session: Session, narrow: Settings, begin: Begin, make: Factory, cast: Cast
) -> None:
    source = begin(None)
    scenario = make.scenario(cast.team)
    takes = [make.take(cast.ada, scenario, submitted=False) for _ in range(2)]
    with pytest.raises(TooLarge, match="Delete takes"):
        intake.fix_size(session, narrow, cast.ada, source, 10_000_001)
    assert source.is_open
    takes[0].deleted_at = db.now()
    intake.fix_size(session, narrow, cast.ada, source, 30_000_000)
    assert quota.bytes_left(session, narrow, cast.ada) == 0
    with pytest.raises(TooLarge):
        intake.plan_upload(session, narrow, cast.ada, intake.NewFile("pitch.webm", None, "", ""))


# --- once more --------------------------------------------------------------------------------------


def test_a_retry_queues_the_first_step_that_is_not_done(session: Session, make: Factory, cast: Cast) -> None:
    take = make.take(cast.ada, make.scenario(cast.team), state=RecordingState.PLAYABLE)
    take.recording.step(StepName.ENCODE).fail("No space.", take.created_at)
    intake.retry(session, take.recording)
    session.commit()
    assert jobs(session) == ["encode_recording"]
    assert take.recording.step(StepName.ENCODE).state is StepState.WAITING


def test_an_impatient_person_makes_one_job(session: Session, make: Factory, cast: Cast) -> None:
    take = make.take(cast.ada, make.scenario(cast.team), submitted=False, state=RecordingState.BROKEN)
    take.recording.step(StepName.CHECK)
    for _ in range(3):
        intake.retry(session, take.recording)
    session.commit()
    assert jobs(session) == ["check_recording"]


def test_there_is_nothing_to_retry_on_a_finished_recording(
    session: Session, make: Factory, cast: Cast
) -> None:
    with pytest.raises(InvalidState):
        intake.retry(session, make.take(cast.ada, make.scenario(cast.team)).recording)
