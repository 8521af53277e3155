"""Who changed what, when: the history of a moment or a collection, out of the audit log."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from pitchreview.models import AuditEntry, User

MOST = 200


@dataclass(frozen=True)
class Change:
    """One of its words, before and after."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Event:
    at: datetime
    by: User | None
    act: str
    detail: dict[str, str]
    changes: list[Change]


def history_of(session: Session, thing_id: UUID) -> list[Event]:
    """The newest first."""
    query = (
        select(AuditEntry)
        .where(AuditEntry.subject == str(thing_id))
        .options(joinedload(AuditEntry.actor))
        .order_by(AuditEntry.at.desc(), AuditEntry.id)
        .limit(MOST)
    )
    return [_event(entry) for entry in session.scalars(query)]


def _event(entry: AuditEntry) -> Event:
    detail = {name: str(words) for name, words in (entry.detail or {}).items()}
    names = [name.removesuffix("_before") for name in detail if name.endswith("_before")]
    changes = [Change(name, detail[f"{name}_before"], detail.get(f"{name}_after", "")) for name in names]
    return Event(entry.at, entry.actor, entry.act, detail, changes)
