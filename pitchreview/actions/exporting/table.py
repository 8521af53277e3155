"""CSV: a line for each comment and each answer, in the order of moments. Safe to open in a spreadsheet."""

import csv
import io

from pitchreview import timecode
from pitchreview.actions.exporting.said import Remark, Said

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
# A cell that begins like this is computed instead of shown.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def write(said: Said) -> str:
    out = io.StringIO()
    # The mark at the beginning tells spreadsheets that this is UTF-8.
    out.write("\ufeff")
    rows = csv.writer(out)
    rows.writerow(HEADINGS)
    for remark in said.remarks:
        rows.writerow(_cells(remark, None))
        for answer in remark.answers:
            rows.writerow(_cells(answer, remark))
    return out.getvalue()


def _cells(remark: Remark, answers: Remark | None) -> list[str]:
    cells = [
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
    return [_plain(cell) for cell in cells]


def _plain(text: str) -> str:
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_STARTS) else text
