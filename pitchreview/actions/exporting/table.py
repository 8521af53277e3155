"""CSV: a line for each comment and each answer, in the order of moments. Safe to open in a spreadsheet."""

from collections.abc import Iterator

from pitchreview import timecode
from pitchreview.actions.exporting.said import Remark, Said
from pitchreview.actions.exporting.spreadsheet import write_rows

HEADINGS = (
    "time",
    "until",
    "seconds",
    "kind",
    "criterion",
    "by",
    "comment",
    "instead",
    "answers",
    "settled",
    "written",
    "link",
)


def write(said: Said) -> str:
    return write_rows(HEADINGS, _rows(said))


def _rows(said: Said) -> Iterator[list[str]]:
    for remark in said.remarks:
        yield _cells(remark, None)
        for answer in remark.answers:
            yield _cells(answer, remark)


def _cells(remark: Remark, answers: Remark | None) -> list[str]:
    return [
        timecode.format_ms(remark.at_ms, tenths=True),
        "" if remark.until_ms is None else timecode.format_ms(remark.until_ms, tenths=True),
        timecode.link_seconds(remark.at_ms),
        "Answer" if answers else remark.kind_word,
        remark.criterion,
        remark.author,
        remark.text,
        remark.instead,
        answers.author if answers else "",
        "yes" if remark.is_resolved else "",
        remark.created_at.strftime("%Y-%m-%d %H:%M"),
        remark.address,
    ]
