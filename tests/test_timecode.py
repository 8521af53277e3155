"""Times as people read, type and link them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pitchreview import timecode

MS = st.integers(min_value=0, max_value=100 * 3600 * 1000 - 1)


@given(MS)
def test_what_is_written_with_tenths_reads_back_to_the_tenth(ms: int) -> None:
    assert timecode.parse_ms(timecode.format_ms(ms, tenths=True)) == ms - ms % 100


@given(MS)
def test_what_is_written_reads_back_to_the_second(ms: int) -> None:
    assert timecode.parse_ms(timecode.format_ms(ms)) == ms - ms % 1000


@given(MS)
def test_a_link_keeps_every_millisecond(ms: int) -> None:
    seconds = timecode.link_seconds(ms)
    assert round(float(seconds) * 1000) == ms
    assert not seconds.endswith(".")


@given(MS)
def test_a_link_is_a_time_that_can_be_typed(ms: int) -> None:
    assert timecode.parse_ms(timecode.link_seconds(ms)) == ms


@given(MS, MS)
def test_later_never_reads_earlier(one: int, other: int) -> None:
    earlier, later = sorted((one, other))
    first, second = (timecode.parse_ms(timecode.format_ms(ms)) or 0 for ms in (earlier, later))
    assert first <= second


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader(text: str) -> None:
    ms = timecode.parse_ms(text)
    assert ms is None or ms >= 0


@pytest.mark.parametrize(
    ("ms", "plain", "tenths"),
    [
        (0, "0:00", "0:00.0"),
        (-5, "0:00", "0:00.0"),
        (999, "0:00", "0:00.9"),
        (59_999, "0:59", "0:59.9"),
        (60_000, "1:00", "1:00.0"),
        (83_200, "1:23", "1:23.2"),
        (3_599_999, "59:59", "59:59.9"),
        (3_600_000, "1:00:00", "1:00:00.0"),
        (3_723_000, "1:02:03", "1:02:03.0"),
    ],
)
def test_a_time_is_written_as_people_say_it(ms: int, plain: str, tenths: str) -> None:
    assert timecode.format_ms(ms) == plain
    assert timecode.format_ms(ms, tenths=True) == tenths


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("0", 0),
        ("0:00", 0),
        ("83.4", 83_400),
        ("83,4", 83_400),
        ("1:23", 83_000),
        (" 1:23.456 ", 83_456),
        ("1:02:03", 3_723_000),
        ("90:00", 5_400_000),
        ("90", 90_000),
        ("", None),
        ("1:", None),
        (":30", None),
        ("1:75", None),
        ("1:60", None),
        ("1:60:00", None),
        ("-1", None),
        ("1:23.4567", None),
        ("1:2:3:4", None),
        ("one", None),
        ("1e3", None),
        ("1:23\n", 83_000),
    ],
)
def test_a_time_is_read_as_people_type_it(text: str, ms: int | None) -> None:
    assert timecode.parse_ms(text) == ms


@pytest.mark.parametrize(
    ("ms", "seconds"), [(0, "0"), (83_200, "83.2"), (10_000, "10"), (100_000, "100"), (1, "0.001")]
)
def test_a_link_is_as_short_as_it_can_be(ms: int, seconds: str) -> None:
    assert timecode.link_seconds(ms) == seconds
