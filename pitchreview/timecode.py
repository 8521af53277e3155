"""Milliseconds <-> what people read and link to: "1:23", "1:23.4", `#t=83.2,97`.

Time in this house is integer milliseconds on the recording's own clock; 0 is a time like any other.
"""

import re

_CLOCK = re.compile(r"^(?:(?:(\d+):)?(\d{1,2}):)?(\d{1,6})(?:[.,](\d{1,3}))?$")


def format_ms(ms: int, tenths: bool = False) -> str:
    """`83_200` -> `"1:23"`, with tenths `"1:23.2"`; an hour and more `"1:02:03"`. Rounds down."""
    seconds, rest = divmod(max(ms, 0), 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    return f"{text}.{rest // 100}" if tenths else text


def parse_ms(text: str) -> int | None:
    """`"1:23.4"`, `"83.4"` or `"1:02:03"` -> milliseconds; None when it is no time."""
    match = _CLOCK.match(text.strip())
    if match is None:
        return None
    hours, minutes, seconds, fraction = match.groups()
    if (minutes and int(seconds) > 59) or (hours and int(minutes) > 59):
        return None
    whole = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds)
    return whole * 1000 + int((fraction or "0").ljust(3, "0"))


def link_seconds(ms: int) -> str:
    """The `t=` value of a link, in seconds: `83_200` -> `"83.2"`, `0` -> `"0"`."""
    return f"{ms / 1000:.3f}".rstrip("0").rstrip(".")
