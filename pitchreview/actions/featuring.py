"""The exemplar of the week: this one, and those that are planned."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from pitchreview.actions import accounts, finding
from pitchreview.errors import InvalidInput
from pitchreview.models import Exemplar, Feature, Team, User

WEEKS_AHEAD = 6


@dataclass(frozen=True)
class Week:
    monday: date
    feature: Feature | None
    exemplar: Exemplar | None  # with what a card shows


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def weeks(session: Session, team: Team, today: date) -> list[Week]:
    """This week and those to come, planned or not."""
    mondays = [monday_of(today) + timedelta(weeks=ahead) for ahead in range(WEEKS_AHEAD)]
    query = select(Feature).where(Feature.team_id == team.id, Feature.week.in_(mondays))
    features = {feature.week: feature for feature in session.scalars(query)}
    exemplars = finding.loaded(session, [feature.exemplar_id for feature in features.values()])
    by_id = {exemplar.id: exemplar for exemplar in exemplars}
    found = []
    for monday in mondays:
        feature = features.get(monday)
        found.append(Week(monday, feature, by_id.get(feature.exemplar_id) if feature else None))
    return found


def choose(
    session: Session, team: Team, exemplar: Exemplar, by: User, *, week: date, note: str, today: date
) -> Feature:
    """Plan it for that week, in the place of what was planned before."""
    if week.weekday() != 0 or not monday_of(today) <= week < monday_of(today) + timedelta(weeks=WEEKS_AHEAD):
        raise InvalidInput("Choose one of the next weeks.", field="week")
    if exemplar.contrast_to_id is not None:
        raise InvalidInput("A middling half is not a model. Choose the other one of the pair.", field="week")
    feature = session.get(Feature, (team.id, week)) or Feature(team_id=team.id, week=week)
    feature.exemplar, feature.note, feature.chosen_by = exemplar, " ".join(note.split())[:300], by
    session.add(feature)
    session.flush()
    accounts.note(session, "featured", actor=by, subject=str(exemplar.id), week=week.isoformat())
    return feature


def cancel(session: Session, team: Team, week: date) -> None:
    feature = session.get(Feature, (team.id, week))
    if feature is not None:
        session.delete(feature)
