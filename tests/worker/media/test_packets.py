"""What the rhythm of packets tells, without a file."""

from fractions import Fraction

import pytest

from worker.media.packets import Walk


def walk(times: list[float], duration: float = 0.0, keyframe_every: int = 10) -> Walk:
    made = Walk()
    for number, time in enumerate(times):
        made.take(time, time, duration, number % keyframe_every == 0)
    return made


def steady(rate: float, count: int = 100) -> list[float]:
    return [number / rate for number in range(count)]


@pytest.mark.parametrize(
    ("rate", "kept"),
    [
        (24, 24),
        (25, 25),
        (29.97, Fraction(30000, 1001)),
        (23.976, Fraction(24000, 1001)),
        (30, 30),
        (60, 60),
        (120, 60),
        (240, 60),
        (100, 50),
        (27, Fraction(30000, 1001)),
        (4, 10),
    ],
)
def test_a_camera_keeps_its_rate_up_to_sixty(rate, kept):
    assert walk(steady(rate)).frame_rate == kept


def test_a_clock_of_milliseconds_does_not_blur_the_rate():
    rounded = [round(time, 3) for time in steady(30000 / 1001, 600)]

    assert walk(rounded).frame_rate == Fraction(30000, 1001)
    assert walk(rounded).is_steady


def test_a_screen_that_rests_keeps_the_rate_it_moves_at():
    moving = steady(30, 60)
    resting = [10.0, 20.0, 30.0]

    made = walk(moving + resting + [30 + time for time in steady(30, 60)[1:]])

    assert made.frame_rate == 30
    assert made.longest_gap == pytest.approx(10)


def test_the_last_frame_lasts_as_long_as_the_usual_one():
    assert walk(steady(25, 50)).span == pytest.approx(2.0)


def test_the_end_counts_for_the_gap_between_keyframes():
    assert walk(steady(10, 35), duration=0.1, keyframe_every=100).longest_keyframe_gap == pytest.approx(3.5)


def test_nothing_is_no_span():
    assert Walk().span == 0.0


def test_noise_does_not_fill_the_memory():
    times, now = [], 0.0
    for number in range(5000):
        now += 0.001 * number
        times.append(now)

    assert len(walk(times).gaps) <= 1000
