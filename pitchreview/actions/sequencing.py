"""Setting a series: drills one after the other, so that everybody sees what changed."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import setting
from pitchreview.actions.setting import Terms
from pitchreview.errors import InvalidInput
from pitchreview.models import Drill, Scenario, Series, User
from pitchreview.models.drill import end_of


@dataclass(frozen=True)
class Part:
    """One drill of a series, as it is typed."""

    scenario: Scenario
    due_on: str


def set_series(session: Session, name: str, by: User, parts: list[Part], terms: Terms) -> Series:
    """Drills one after the other: each opens when the one before is due."""
    if not name:
        raise InvalidInput("Give the series a name.", field="name")
    days = [setting.day(part.due_on, f"due_on_{number}") for number, part in enumerate(parts, 1)]
    for number, (earlier, later) in enumerate(zip(days, days[1:], strict=False), 2):
        if later <= earlier:
            raise InvalidInput("Choose a later day than that of the part before.", field=f"due_on_{number}")
    series = Series(team_id=parts[0].scenario.team_id, name=name[:120], created_by_id=by.id)
    session.add(series)
    for number, part in enumerate(parts, 1):
        drill = Drill(
            team_id=series.team_id,
            scenario=part.scenario,
            rubric_id=part.scenario.rubric_id,
            people=[],
            reviewers=[],
            created_by=by,
        )
        opens_at = end_of(days[number - 2], by.time_zone) if number > 1 else None
        setting.write(session, drill, by, _of_part(session, terms, part, opens_at))
        if number == 1 and drill.due_at < db.now():
            raise InvalidInput("Choose a day that is still to come.", field="due_on_1")
        drill.series, drill.part = series, number
        session.add(drill)
        session.flush()
    setting.tell_set(session, series.drills[0], by)
    return series


def _of_part(session: Session, terms: Terms, part: Part, opens_at: datetime | None) -> Terms:
    """What all parts share; the focus only where the rubric of this part knows it."""
    known = setting.criteria_of(session, part.scenario.rubric_id)
    keeps = any(each.id == terms.criterion_id for each in known)
    criterion_id = terms.criterion_id if keeps else None
    return replace(terms, due_on=part.due_on, criterion_id=criterion_id, opens_at=opens_at)
