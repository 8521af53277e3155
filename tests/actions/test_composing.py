"""A shorter take beside the whole one, and screen and camera put together in another way."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from pitchreview.actions import composing, practising, quota
from pitchreview.config import Settings
from pitchreview.errors import InvalidInput, InvalidState, TooLarge
from pitchreview.models import (
    Layout,
    RecordingState,
    Rendition,
    RenditionKind,
    SourceRole,
    StepName,
    StepState,
    Take,
)
from pitchreview.permissions import takes_visible_to
from tests.conftest import Cast
from tests.factories import DURATION_MS, Factory

MIB = 1024 * 1024


@pytest.fixture
def whole(make: Factory, cast: Cast) -> Take:
    take = make.take(cast.ada, make.scenario(cast.team), submitted=False)
    make.session.commit()
    return take


@pytest.fixture
def shown(whole: Take, make: Factory) -> Take:
    """The same, of screen and camera put together."""
    make.add_screen(whole.recording)
    whole.recording.step(StepName.COMPOSE).finish(whole.created_at)
    make.session.commit()
    return whole


def waiting_jobs(session: Session) -> list[str]:
    return list(session.scalars(text("SELECT task_name FROM procrastinate_jobs ORDER BY id")))


def test_a_shorter_take_is_the_next_one_and_waits_to_be_cut(
    session: Session, settings: Settings, cast: Cast, whole: Take
) -> None:
    shorter = composing.trim(session, settings, whole, cast.ada, 5_000, DURATION_MS + 300)

    cut = shorter.recording
    assert (shorter.number, shorter.is_submitted, shorter.pitch) == (2, False, whole.pitch)
    assert (cut.cut_of_id, cut.cut_from_ms, cut.cut_until_ms) == (whole.recording_id, 5_000, DURATION_MS)
    assert (cut.state, cut.due_steps[0].name) == (RecordingState.RECEIVED, StepName.COMPOSE)
    assert waiting_jobs(session) == ["compose_recording"]
    assert whole.recording.state is RecordingState.READY


@pytest.mark.parametrize(
    ("from_ms", "until_ms", "match"),
    [
        (-1, 5_000, "begin inside"),
        (DURATION_MS, DURATION_MS + 400, "begin inside"),
        (0, DURATION_MS + 501, "end inside"),
        (5_000, 5_999, "at least a second"),
        (9_000, 3_000, "at least a second"),
        (0, DURATION_MS, "all of this take"),
    ],
)
def test_a_stretch_that_is_none_is_refused(
    session: Session, settings: Settings, cast: Cast, whole: Take, from_ms: int, until_ms: int, match: str
) -> None:
    with pytest.raises(InvalidInput, match=match):
        composing.trim(session, settings, whole, cast.ada, from_ms, until_ms)


def test_a_submitted_take_stays_as_it_was_seen(
    session: Session, settings: Settings, cast: Cast, shown: Take
) -> None:
    practising.submit(session, shown)
    with pytest.raises(InvalidState, match="Take it back"):
        composing.trim(session, settings, shown, cast.ada, 0, 5_000)
    with pytest.raises(InvalidState, match="Take it back"):
        composing.arrange(session, shown, Layout.SCREEN)


def test_only_the_shorter_take_is_seen_by_others_once_it_is_submitted(
    session: Session, settings: Settings, cast: Cast, whole: Take
) -> None:
    shorter = composing.trim(session, settings, whole, cast.ada, 0, 5_000)
    practising.submit(session, shorter)
    assert list(session.scalars(takes_visible_to(cast.cole))) == [shorter]
    assert set(session.scalars(takes_visible_to(cast.ada))) == {whole, shorter}


def test_deleting_the_whole_take_leaves_what_was_cut_from_it(
    session: Session, settings: Settings, cast: Cast, whole: Take
) -> None:
    shorter = composing.trim(session, settings, whole, cast.ada, 0, 5_000)
    session.flush()
    practising.forget_take(session, whole)
    session.refresh(shorter.recording)
    assert (shorter.recording.cut_of_id, shorter.recording.is_cut) == (None, True)


def test_what_was_cut_counts_towards_the_room_of_who_cut_it(
    session: Session, settings: Settings, cast: Cast, whole: Take
) -> None:
    before = quota.bytes_left(session, settings, cast.ada)
    shorter = composing.trim(session, settings, whole, cast.ada, 0, 5_000)
    shorter.recording.take_footage(footage(MIB))
    session.flush()
    assert before - quota.bytes_left(session, settings, cast.ada) == MIB
    full = settings.model_copy(update={"quota_gb": 20_000_000 / 1024**3})
    with pytest.raises(TooLarge):
        composing.trim(session, full, whole, cast.ada, 0, 5_000)


def footage(size_bytes: int) -> Rendition:
    return Rendition(
        kind=RenditionKind.FOOTAGE,
        rung=0,
        attempt=1,
        object_key="recordings/x/compose/attempt-1/footage.mp4",
        content_type="video/mp4",
        size_bytes=size_bytes,
    )


# --- screen and camera --------------------------------------------------------------------------------


def test_another_layout_is_made_while_the_old_one_plays(session: Session, shown: Take) -> None:
    composing.arrange(session, shown, Layout.SIDE_BY_SIDE)

    recording = shown.recording
    assert (recording.layout, recording.state) == (Layout.SIDE_BY_SIDE, RecordingState.READY)
    assert [step.name for step in recording.due_steps] == [StepName.COMPOSE]
    assert waiting_jobs(session) == ["compose_recording"]


def test_a_second_thought_overtakes_the_first(session: Session, shown: Take) -> None:
    composing.arrange(session, shown, Layout.SIDE_BY_SIDE)
    step = shown.recording.step(StepName.COMPOSE)
    attempt = step.claim(shown.created_at)
    composing.arrange(session, shown, Layout.SCREEN)
    assert not step.is_current(attempt) and step.state is StepState.WAITING


def test_new_footage_is_worked_on_from_the_beginning(session: Session, shown: Take) -> None:
    recording = shown.recording
    encode = recording.step(StepName.ENCODE)
    encode.put_back()
    stale = encode.claim(shown.created_at)

    recording.take_footage(footage(MIB))
    session.flush()

    assert (recording.state, [r.kind for r in recording.renditions]) == (
        RecordingState.RECEIVED,
        [RenditionKind.FOOTAGE],
    )
    assert [step.name for step in recording.due_steps] == [StepName.CHECK]
    assert not encode.is_current(stale)


def test_a_screen_alone_has_nothing_to_stand_beside(session: Session, whole: Take) -> None:
    whole.recording.sources[0].role = SourceRole.SCREEN
    with pytest.raises(InvalidState, match="no screen"):
        composing.arrange(session, whole, Layout.CAMERA)


def test_where_no_screen_was_recorded_there_is_nothing_to_arrange(session: Session, whole: Take) -> None:
    with pytest.raises(InvalidState, match="no screen"):
        composing.arrange(session, whole, Layout.SCREEN)
