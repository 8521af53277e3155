"""The demo team's story holds together: all it names exists, and comments sit where the words are said."""

from itertools import chain

import pytest

from pitchreview.local import demo_audience
from pitchreview.local import demo_story as story
from pitchreview.local.demo_story import Remark, Take

MEBIBYTE = 1024 * 1024
PEOPLE = {person.key for person in story.PEOPLE}
SCENARIOS = {scenario.key for scenario in story.SCENARIOS}
TAKES = {take.clip: take for take in story.TAKES}


def remarks(take: Take) -> list[Remark]:
    return [*chain.from_iterable(review.remarks for review in take.reviews), *take.remarks]


PINNED = [
    pytest.param(take, remark, id=f"{take.clip}: {remark.on}")
    for take in story.TAKES
    for remark in remarks(take)
]


@pytest.mark.parametrize(("take", "remark"), PINNED)
def test_a_remark_begins_while_its_words_are_said(take: Take, remark: Remark) -> None:
    clip = story.clip(take.clip)
    at_ms, _ = story.moment(clip, remark.on, remark.through)
    [spoken] = [line for line in clip.lines if line.at_ms <= at_ms < line.until_ms]
    assert remark.on in spoken.words


@pytest.mark.parametrize(("take", "remark"), PINNED)
def test_a_range_ends_after_it_begins_and_inside_the_clip(take: Take, remark: Remark) -> None:
    clip = story.clip(take.clip)
    at_ms, until_ms = story.moment(clip, remark.on, remark.through)
    assert (until_ms is None) == (not remark.through)
    assert until_ms is None or at_ms < until_ms <= clip.duration_ms


def test_words_that_nobody_says_are_not_found() -> None:
    with pytest.raises(LookupError, match="Nobody says"):
        story.moment(story.clip("vendor-ada-1"), "the merger")


def test_only_a_try_says_what_to_do_instead() -> None:
    said = [(remark.kind, bool(remark.instead)) for take in story.TAKES for remark in remarks(take)]
    assert set(said) == {("strength", False), ("try", True), ("question", False)}


def test_people_ask_others_of_the_story() -> None:
    asks = [(take.presenter, ask.whom) for take in story.TAKES for ask in take.asks]
    assert asks and all(whom in PEOPLE - {presenter} for presenter, whom in asks)


def test_every_clip_is_committed_and_belongs_to_one_take() -> None:
    assert list(story.clips()) == sorted(TAKES, key=list(story.clips()).index)
    assert all(clip.path.is_file() for clip in story.clips().values())
    assert sum(clip.path.stat().st_size for clip in story.clips().values()) <= 8 * MEBIBYTE


def test_takes_name_people_and_scenarios_that_exist() -> None:
    assert {take.scenario for take in story.TAKES} == SCENARIOS
    assert {take.presenter for take in story.TAKES} - {None} <= PEOPLE
    for take in story.TAKES:
        authors = {remark.by for remark in remarks(take)} | {
            reply.by for remark in remarks(take) for reply in remark.replies
        }
        assert authors | {review.by for review in take.reviews} <= PEOPLE


def test_somebody_without_account_was_uploaded_with_consent() -> None:
    [call] = [take for take in story.TAKES if take.presenter is None]
    assert (call.presenter_name, call.uploaded_by) == ("Lena Fischer", "mona")
    assert call.consent_note


def test_beats_add_up_to_the_target_of_their_scenario() -> None:
    for scenario in story.SCENARIOS:
        assert sum(beat.target_seconds for beat in scenario.beats) == scenario.target_seconds, scenario.key


def test_days_go_forward() -> None:
    for take in story.TAKES:
        submitted = take.submitted_days_ago if take.submitted_days_ago is not None else take.recorded_days_ago
        assert take.recorded_days_ago >= submitted
        for review in take.reviews:
            ended = review.published_days_ago or 0
            assert submitted > review.started_days_ago >= ended, take.clip
            assert all(review.started_days_ago >= remark.days_ago for remark in review.remarks)
        for remark in remarks(take):
            days = [submitted, remark.days_ago, *(reply.days_ago for reply in remark.replies)]
            assert days == sorted(days, reverse=True), remark.on


def test_exemplars_are_submitted_takes_that_stand_on_shelves() -> None:
    models = {e.key for e in story.EXEMPLARS if not e.is_draft and not e.beside}
    assert {key for shelf in story.COLLECTIONS for key in shelf.exemplars} == models
    assert {e.beside for e in story.EXEMPLARS if e.beside} <= models
    assert {feature.exemplar for feature in story.FEATURES} <= models
    for exemplar in story.EXEMPLARS:
        take = TAKES[exemplar.clip]
        assert take.submitted_days_ago is not None and take.submitted_days_ago > exemplar.days_ago
        span = story.span(exemplar)
        assert (span is None) == (not exemplar.starts_on)
        assert span is None or 0 <= span[0] < span[1] <= story.clip(exemplar.clip).duration_ms


def test_one_take_waits_for_two_days_and_one_is_still_private() -> None:
    waiting = [
        take.clip for take in story.TAKES if take.submitted_days_ago and 2 <= take.submitted_days_ago < 3
    ]
    private = [take.clip for take in story.TAKES if take.submitted_days_ago is None]
    assert (waiting, private) == (["value-jonas-2"], ["email-ada"])
    assert not TAKES["value-jonas-2"].reviews
    assert not remarks(TAKES["email-ada"])


def test_nobody_raises_their_voice() -> None:
    written = (story.CLIPS_FOLDER / "lines.json").read_text(encoding="utf-8") + repr(
        (story.SCENARIOS, story.TAKES, story.EXEMPLARS, story.COLLECTIONS, story.DRILLS)
    )
    assert "!" not in written


def test_others_watch_what_is_shown_after_it_was_held_up() -> None:
    shown = {model.key: model for model in story.EXEMPLARS if not model.is_draft}
    for key, viewers in demo_audience.VIEWERS.items():
        presenter = TAKES[shown[key].clip].presenter
        assert presenter not in {who for who, _, _ in viewers} <= PEOPLE
        assert all(days_ago < shown[key].days_ago for _, days_ago, _ in viewers), key
