"""Numbers as ffprobe writes them: as text, left out, `N/A`, `311|`, `0/0`, nan."""

from fractions import Fraction

# Larger than any time or size that can be meant; also keeps nan and infinity out
ABSURD = 1e15


def whole(value: object) -> int:
    """A whole number, or 0."""
    return int(seconds_or_none(value) or 0)


def seconds_or_none(value: object) -> float | None:
    try:
        number = float(str(value).rstrip("|"))
    except ValueError:
        return None
    return number if abs(number) < ABSURD else None


def fraction(value: object) -> Fraction:
    """`30000/1001` or `4:3`; 0 when it is neither."""
    try:
        return Fraction(str(value).replace(":", "/"))
    except (ValueError, ZeroDivisionError):
        return Fraction(0)
