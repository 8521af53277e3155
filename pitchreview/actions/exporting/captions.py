"""WebVTT: each comment is a cue, so that any player shows it at its moment."""

from pitchreview.actions.exporting.said import Remark, Said


def write(said: Said) -> str:
    head = f"WEBVTT - {_line(said.title)}, {_line(said.presenter)}"
    cues = [_cue(remark, said.duration_ms) for remark in said.remarks]
    return "\n\n".join([head, *cues]) + "\n"


def _cue(remark: Remark, duration_ms: int) -> str:
    times = f"{_clock(remark.at_ms)} --> {_clock(remark.end_ms(duration_ms))}"
    words = [f"{_voice(remark)}{_line(remark.one_line)}"]
    words += [f"{_voice(answer)}{_line(answer.text)}" for answer in remark.answers]
    return "\n".join([remark.id, times, *words])


def _voice(remark: Remark) -> str:
    return f"<v {_line(remark.author)}>"


def _line(text: str) -> str:
    """On one line, because an empty one would end the cue; and nothing in it is markup."""
    return " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _clock(ms: int) -> str:
    seconds, rest = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{rest:03}"
