"""The life of a recording: states, steps, attempts, renditions."""

from datetime import UTC, datetime

import pytest

from pitchreview.errors import InvalidState
from pitchreview.models import (
    Recording,
    RecordingState,
    Rendition,
    RenditionKind,
    Source,
    Step,
    StepName,
    StepState,
)

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def new(state: RecordingState = RecordingState.AWAITING_UPLOAD) -> Recording:
    return Recording(state=state, sources=[], steps=[], renditions=[])


def new_step(state: StepState = StepState.WAITING) -> Step:
    return Step(name=StepName.ENCODE, state=state, attempt=0, percent=0, failures=0)


# --- states -----------------------------------------------------------------------------------------


def test_it_is_received_once() -> None:
    recording = new()
    recording.receive(NOW)
    assert (recording.state, recording.received_at) == (RecordingState.RECEIVED, NOW)
    assert [step.name for step in recording.steps] == [StepName.CHECK]
    with pytest.raises(InvalidState):
        recording.receive(NOW)


@pytest.mark.parametrize(
    ("state", "plays", "is_broken"),
    [
        (RecordingState.AWAITING_UPLOAD, False, False),
        (RecordingState.RECEIVED, False, False),
        (RecordingState.PLAYABLE, True, False),
        (RecordingState.READY, True, False),
        (RecordingState.BROKEN, False, True),
    ],
)
def test_what_its_states_mean(state: RecordingState, plays: bool, is_broken: bool) -> None:
    assert (new(state).is_playable, new(state).is_broken) == (plays, is_broken)


def test_ready_does_not_fall_back_to_playable() -> None:
    recording = new()
    recording.become_ready(NOW)
    recording.become_playable(NOW)
    assert recording.state is RecordingState.READY
    assert recording.playable_at == NOW


def test_giving_up_leaves_what_plays() -> None:
    playable, received = new(RecordingState.PLAYABLE), new(RecordingState.RECEIVED)
    for recording in (playable, received):
        recording.give_up("We failed.")
    assert (playable.state, playable.warning) == (RecordingState.PLAYABLE, "We failed.")
    assert (received.state, received.reason) == (RecordingState.BROKEN, "We failed.")


def test_it_is_settled_when_nothing_more_will_change() -> None:
    playable = new(RecordingState.PLAYABLE)
    encode = playable.step(StepName.ENCODE)
    assert not playable.is_settled
    encode.fail("No.", NOW)
    assert playable.is_settled
    encode.cancel(NOW)
    assert playable.is_settled
    encode.put_back()
    encode.finish(NOW)
    assert not playable.is_settled, "the state is older than its steps"
    assert not new(RecordingState.RECEIVED).is_settled
    assert new(RecordingState.READY).is_settled
    assert new(RecordingState.BROKEN).is_settled


# --- steps ------------------------------------------------------------------------------------------


def test_a_step_is_made_once() -> None:
    recording = new()
    assert recording.step(StepName.CHECK) is recording.step(StepName.CHECK)


def test_each_claim_is_a_new_attempt_and_only_the_newest_may_save() -> None:
    step = new_step()
    first, second = step.claim(NOW), step.claim(NOW)
    assert (first, second) == (1, 2)
    assert (step.is_current(first), step.is_current(second)) == (False, True)


def test_an_attempt_is_not_current_once_its_step_is_over() -> None:
    for end in (lambda s: s.finish(NOW), lambda s: s.fail("No.", NOW), lambda s: s.put_back()):
        step = new_step()
        attempt = step.claim(NOW)
        end(step)
        assert not step.is_current(attempt)


def test_a_step_that_is_done_is_not_claimed_again() -> None:
    step = new_step(StepState.DONE)
    with pytest.raises(InvalidState):
        step.claim(NOW)


def test_the_present_step_is_the_first_that_is_open() -> None:
    recording = new(RecordingState.RECEIVED)
    encode, check = recording.step(StepName.ENCODE), recording.step(StepName.CHECK)
    assert recording.current_step is check
    check.finish(NOW)
    assert recording.current_step is encode
    encode.fail("No.", NOW)
    assert recording.current_step is None


def test_a_retry_opens_what_is_not_done_and_forgets_old_failures() -> None:
    recording = new(RecordingState.BROKEN)
    recording.reason = "It is cut off."
    check, encode = recording.step(StepName.CHECK), recording.step(StepName.ENCODE)
    check.finish(NOW)
    encode.fail("No.", NOW)
    encode.failures = 3
    assert recording.reset_for_retry()
    assert recording.open_steps == [encode]
    assert (recording.state, recording.reason) == (RecordingState.RECEIVED, None)
    assert (encode.state, encode.reason, encode.failures) == (StepState.WAITING, None, 0)


def test_there_is_no_retry_before_the_file_is_there() -> None:
    with pytest.raises(InvalidState):
        new().reset_for_retry()


# --- renditions and sources -------------------------------------------------------------------------


def with_renditions(*kinds: tuple[RenditionKind, int]) -> Recording:
    recording = new(RecordingState.READY)
    recording.renditions = [Rendition(kind=kind, rung=rung) for kind, rung in kinds]
    return recording


COPY, RUNG, AUDIO = RenditionKind.COPY, RenditionKind.RUNG, RenditionKind.AUDIO
POSTER, STORYBOARD = RenditionKind.POSTER, RenditionKind.STORYBOARD


@pytest.mark.parametrize(
    ("kinds", "best"),
    [
        ([], None),
        ([(POSTER, 0)], None),
        ([(COPY, 0)], (COPY, 0)),
        ([(AUDIO, 0)], (AUDIO, 0)),
        ([(COPY, 0), (RUNG, 360), (RUNG, 720)], (RUNG, 720)),
    ],
)
def test_a_plain_player_gets_the_highest_rung_else_the_copy(
    kinds: list[tuple[RenditionKind, int]], best: tuple[RenditionKind, int] | None
) -> None:
    found = with_renditions(*kinds).progressive
    assert (found and (found.kind, found.rung)) == best


def test_pictures_are_found_by_what_they_are() -> None:
    recording = with_renditions((POSTER, 0), (STORYBOARD, 0), (RUNG, 360))
    assert recording.poster is recording.renditions[0]
    assert recording.storyboard is recording.renditions[1]
    assert recording.rungs == [recording.renditions[2]]
    assert new().poster is new().storyboard is None


@pytest.mark.parametrize(
    ("size", "part", "lengths"),
    [
        (10, 10, [10]),
        (11, 10, [10, 1]),
        (1, 10, [1]),
        (30, 10, [10, 10, 10]),
        (5 * 1024**3, 1024**3, [1024**3] * 5),
    ],
)
def test_a_source_knows_the_length_of_each_part(size: int, part: int, lengths: list[int]) -> None:
    source = Source(size_bytes=size, part_size=part)
    assert [source.part_length(n) for n in range(1, source.part_count + 1)] == lengths


def test_all_its_objects_lie_in_one_folder_that_no_other_folder_begins_with() -> None:
    recording = Recording(id="7")
    assert recording.folder == "recordings/7/"
