"""EDL (CMX 3600): one event a comment, one frame long, with its words as a locator.

Frames are counted at the true rate of the video, and written in the whole rate that editors give such a
timeline (29.97 is counted in 30s, non-drop), so that a mark stands on its very frame. The timeline begins at
one hour, as theirs do.
"""

from fractions import Fraction

from pitchreview.actions.exporting.said import Remark, Said
from pitchreview.models import CommentKind

LONGEST_TEXT = 120
_START_HOURS = 1
# Rates are kept as decimal numbers; these are what they stand for.
_NTSC = [Fraction(whole * 1000, 1001) for whole in (24, 30, 48, 60, 120)]
_COLOURS = {
    CommentKind.STRENGTH: ("GREEN", "ResolveColorGreen"),
    CommentKind.TRY_INSTEAD: ("YELLOW", "ResolveColorYellow"),
    CommentKind.QUESTION: ("MAGENTA", "ResolveColorPurple"),
    None: ("BLUE", "ResolveColorBlue"),
}


def write(said: Said) -> str:
    rate = true_rate(said.fps)
    title = _text(f"{said.title}, {said.presenter}", 70)
    events = [_event(number, remark, rate) for number, remark in enumerate(said.remarks, start=1)]
    head = f"TITLE: {title}\r\nFCM: NON-DROP FRAME\r\n"
    return head + f"* {float(rate):.3f} FRAMES A SECOND\r\n" + "".join(f"\r\n{event}" for event in events)


def true_rate(fps: float) -> Fraction:
    ntsc = next((rate for rate in _NTSC if abs(float(rate) - fps) < 0.005), None)
    return ntsc or Fraction(fps).limit_denominator(1000)


def frame_at(ms: int, rate: Fraction) -> int:
    """The frame that is seen at this time; half a millisecond is forgiven, because times are whole ones."""
    return int((ms + Fraction(1, 2)) * rate / 1000)


def timecode_of(frame: int, rate: Fraction, hours: int = 0) -> str:
    whole = max(1, round(rate))
    seconds, frames = divmod(frame, whole)
    minutes, seconds = divmod(seconds, 60)
    more_hours, minutes = divmod(minutes, 60)
    return f"{hours + more_hours:02}:{minutes:02}:{seconds:02}:{frames:02}"


def _event(number: int, remark: Remark, rate: Fraction) -> str:
    first = frame_at(remark.at_ms, rate)
    last = max(frame_at(remark.until_ms, rate), first + 1) if remark.until_ms is not None else first + 1
    source = f"{timecode_of(first, rate)} {timecode_of(first + 1, rate)}"
    starts = timecode_of(first, rate, _START_HOURS)
    record = f"{starts} {timecode_of(first + 1, rate, _START_HOURS)}"
    colour, resolve = _COLOURS[remark.kind]
    words = _text(f"{remark.author}: {remark.one_line}", LONGEST_TEXT)
    return (
        f"{number:03}  AX       V     C        {source} {record}\r\n"
        f"* LOC: {starts} {colour:<7} {words}\r\n"
        f" |C:{resolve} |M:{words} |D:{last - first}\r\n"
    )


def _text(text: str, longest: int) -> str:
    """One line; the bar is what separates the parts of a mark."""
    line = " ".join(text.split()).replace("|", "/")
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"
