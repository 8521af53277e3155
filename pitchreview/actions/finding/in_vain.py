"""What was looked for in vain: it says what to record next."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions.finding.wanted import LONGEST_WORDS, Wanted
from pitchreview.models import MissedSearch, Team


def note_missed(session: Session, team: Team, wanted: Wanted) -> None:
    """Remember what nothing was found for, without who asked: it says what to record next."""
    if wanted.is_anything:
        return
    words = " ".join(wanted.words.split())[:LONGEST_WORDS]
    keys = sorted(tag.key for tag in wanted.tags)
    now = db.now()
    row = {
        "team_id": team.id,
        "key": "|".join([words.casefold(), *keys]),
        "words": words,
        "tags": keys,
        "times": 1,
        "first_at": now,
        "last_at": now,
    }
    again = {"times": MissedSearch.times + 1, "last_at": now, "settled_at": None}
    new = insert(MissedSearch).values(**row)
    session.execute(new.on_conflict_do_update(index_elements=["team_id", "key"], set_=again))


def missed(session: Session, team: Team, most: int = 20) -> list[MissedSearch]:
    """What the team looks for in vain, the most wanted first."""
    query = (
        select(MissedSearch)
        .where(MissedSearch.team_id == team.id, MissedSearch.settled_at.is_(None))
        .order_by(MissedSearch.times.desc(), MissedSearch.last_at.desc())
    )
    return list(session.scalars(query.limit(most)))
