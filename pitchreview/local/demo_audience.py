"""Who watches the demo team's library, and what is looked for there in vain."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from pitchreview.models import Exemplar, MissedSearch, Takeaway, User, Viewing

Ago = Callable[[float], datetime]

# Of an exemplar: who, how many days ago, and did they see it to its end?
VIEWERS = {
    "compared-with-what": (("ada", 1.1, True), ("jonas", 2.2, True)),
    "three-questions": (("ada", 4.7, True), ("jonas", 3.4, False)),
    "hand-back": (("jonas", 1.6, True), ("priya", 2.5, True)),
    "three-boxes": (("jonas", 3.2, True), ("priya", 8.1, False)),
    "friday-at-nine": (("ada", 5.2, True), ("jonas", 5.6, False), ("priya", 7.3, True)),
    "round-one": (("ada", 1.1, False),),
}
TAKEAWAYS = (("three-questions", "ada", "She waits after each question. I answer mine myself."),)
# What nobody has shown yet: the words, and how often.
MISSED = (("procurement", 4), ("reference customer", 2))


def add(session: Session, exemplars: Mapping[str, Exemplar], users: Mapping[str, User], ago: Ago) -> None:
    session.flush()
    for key, viewers in VIEWERS.items():
        for who, days_ago, to_the_end in viewers:
            _watch(session, exemplars[key], users[who], ago(days_ago), to_the_end)
    for key, who, words in TAKEAWAYS:
        session.add(Takeaway(exemplar=exemplars[key], user=users[who], words=words, created_at=ago(4.6)))
    for words, times in MISSED:
        _look_in_vain(session, exemplars["three-boxes"], words, times, ago)


def _watch(session: Session, exemplar: Exemplar, viewer: User, at: datetime, to_the_end: bool) -> None:
    session.add(
        Viewing(
            exemplar_id=exemplar.id,
            user=viewer,
            first_at=at,
            last_at=at,
            finished_at=at if to_the_end else None,
        )
    )
    exemplar.opened_count += 1
    exemplar.finished_count += to_the_end


def _look_in_vain(session: Session, of_team: Exemplar, words: str, times: int, ago: Ago) -> None:
    session.add(
        MissedSearch(
            team_id=of_team.team_id,
            key=words,
            words=words,
            times=times,
            first_at=ago(9.0),
            last_at=ago(0.8),
        )
    )
