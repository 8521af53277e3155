"""What an export holds, before it takes a form: remarks at moments, with their answers."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pitchreview import timecode
from pitchreview.actions.naming import Naming
from pitchreview.models import Comment, CommentKind, Take

# How long a remark without an end is shown, where a form asks for one.
SHOWN_MS = 4000
KIND_WORDS = {
    CommentKind.STRENGTH: "Strength",
    CommentKind.TRY_INSTEAD: "Try instead",
    CommentKind.QUESTION: "Question",
    None: "Comment",
}


@dataclass(frozen=True)
class Remark:
    id: str
    at_ms: int
    until_ms: int | None
    kind: CommentKind | None
    author: str
    text: str
    instead: str
    criterion: str
    created_at: datetime
    edited_at: datetime | None
    is_resolved: bool
    is_recorded: bool
    address: str
    drawing: list[Any] | None = None
    answers: list["Remark"] = field(default_factory=list)

    @property
    def kind_word(self) -> str:
        return KIND_WORDS[self.kind]

    @property
    def one_line(self) -> str:
        """All of it where there is room for one line only."""
        words = f"{self.kind_word}: {self.text}"
        return " ".join(f"{words} Instead: {self.instead}".split() if self.instead else words.split())

    def end_ms(self, duration_ms: int) -> int:
        """Where it stops being shown: never before it begins, nor much after the video is over."""
        wanted = self.until_ms if self.until_ms is not None else self.at_ms + SHOWN_MS
        return max(min(wanted, max(duration_ms, self.at_ms + 1)), self.at_ms + 1)


@dataclass(frozen=True)
class Said:
    """One take with everything that was said about it."""

    title: str
    presenter: str
    round: int | None
    address: str
    duration_ms: int
    fps: float
    remarks: list[Remark]


def said_in(take: Take, threads: list[Comment], address: str, names: Naming) -> Said:
    recording = take.recording
    out = [thread for thread in threads if thread.is_published]
    return Said(
        title=take.pitch.scenario.title,
        presenter=names.presenter.name,
        round=take.round,
        address=address,
        duration_ms=recording.duration_ms or 0,
        fps=(recording.probe or {}).get("fps") or 30.0,
        remarks=[_remark(thread, thread, address, names) for thread in out if not thread.is_deleted],
    )


def _edited_at(row: Comment) -> datetime | None:
    """What changed before others could read it is its author's alone."""
    if row.edited_at is None or row.published_at is None or row.edited_at < row.published_at:
        return None
    return row.edited_at


def _remark(row: Comment, root: Comment, address: str, names: Naming) -> Remark:
    at_ms = root.at_ms or 0
    is_root = row is root
    return Remark(
        id=str(row.id),
        at_ms=at_ms,
        until_ms=root.until_ms,
        kind=row.kind,
        author=names.of(row.author).name,
        text=row.body,
        instead=row.instead,
        criterion=row.criterion.name if row.criterion else "",
        created_at=row.created_at,
        edited_at=_edited_at(row),
        is_resolved=root.is_resolved,
        is_recorded=row.recording_id is not None,
        address=f"{address}?t={timecode.link_seconds(at_ms)}&c={row.id}",
        drawing=row.drawing if is_root else None,
        answers=[_remark(answer, root, address, names) for answer in _answers(row)] if is_root else [],
    )


def _answers(thread: Comment) -> list[Comment]:
    return [answer for answer in thread.live_replies if answer.is_published]
