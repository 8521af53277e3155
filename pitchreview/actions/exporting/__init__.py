"""What was said about a take, taken along: captions, a table, annotations, marks for a film editor.

An export holds what the one who makes it may read and everybody else who sees the take may, too: drafts and
private notes stay behind, one's own as well. One file for each form; none of them knows the others.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pitchreview.actions import reading
from pitchreview.actions.exporting import annotations, captions, markers, table
from pitchreview.actions.exporting.said import Said, said_in
from pitchreview.actions.naming import Naming
from pitchreview.models import Take, User


@dataclass(frozen=True)
class Form:
    """One way to write it down."""

    suffix: str
    content_type: str
    name: str
    about: str
    write: Callable[[Said], str]


FORMS = {
    "vtt": Form("vtt", "text/vtt", "Captions (WebVTT)", "Comments as subtitles.", captions.write),
    "csv": Form("csv", "text/csv", "Table (CSV)", "One line a comment, for a spreadsheet.", table.write),
    "edl": Form(
        "edl", "text/plain", "Marks for a film editor (EDL)", "For Resolve, Premiere or Avid.", markers.write
    ),
    "jsonld": Form(
        "jsonld",
        'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"',
        "Web Annotations (JSON-LD)",
        "For other programs, as the W3C describes it.",
        annotations.write,
    ),
}


def collect(session: Session, take: Take, viewer: User, *, address: str) -> Said:
    """What an export of this take holds; `address` is that of its page."""
    return said_in(take, reading.threads_of(session, take, viewer), address, Naming(session, take, viewer))
