"""A table as CSV that is safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Sequence

# A cell that begins like this is computed instead of shown.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def write_rows(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    # The mark at the beginning tells spreadsheets that this is UTF-8.
    out.write("\ufeff")
    lines = csv.writer(out)
    lines.writerow([_plain(cell) for cell in headings])
    for row in rows:
        lines.writerow([_plain(cell) for cell in row])
    return out.getvalue()


def _plain(text: str) -> str:
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_STARTS) else text
