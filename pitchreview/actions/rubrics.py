"""The rubrics a team can choose from.

Ready-made ones are on offer to every team, however old; its own copy is made when it first chooses one.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from pitchreview.actions.ready_rubrics import LEVELS, READY_RUBRICS, ReadyCriterion, ReadyRubric
from pitchreview.errors import InvalidInput
from pitchreview.models import Criterion, Level, Rubric, Team


@dataclass(frozen=True)
class Choice:
    """A rubric as a form offers it; `value` is what the form sends back."""

    value: str
    name: str
    about: str


def choices(session: Session, team_id: UUID, used: Rubric | None = None) -> list[Choice]:
    """The team's rubrics, then the ready-made ones it has not used yet; `used` also when it was put away."""
    own = of_team(session, team_id)
    own = own if used is None or used in own else [used, *own]
    names = {rubric.name for rubric in own}
    offered = [
        Choice(ready.key, ready.name, ready.about) for ready in READY_RUBRICS if ready.name not in names
    ]
    return [Choice(str(rubric.id), rubric.name, rubric.about) for rubric in own] + offered


def chosen(session: Session, team_id: UUID, value: str, used: Rubric | None = None) -> Rubric | None:
    """The rubric that a form names, made when it is a ready-made one that the team has not used yet."""
    if used is not None and value == str(used.id):
        return used
    if not value:
        return None
    ready = next((ready for ready in READY_RUBRICS if ready.key == value), None)
    if ready is not None:
        return use_ready(session, team_id, ready)
    rubric = next((rubric for rubric in of_team(session, team_id) if str(rubric.id) == value), None)
    if rubric is None:
        raise InvalidInput("Choose a rubric from the list.", field="rubric")
    return rubric


def use_ready(session: Session, team_id: UUID, ready: ReadyRubric) -> Rubric:
    """The team's own copy of a ready-made rubric; two managers who choose it at once get the same one."""
    session.execute(select(Team.id).where(Team.id == team_id).with_for_update())
    known = next((rubric for rubric in of_team(session, team_id) if rubric.name == ready.name), None)
    if known is not None:
        return known
    rubric = Rubric(
        team_id=team_id,
        name=ready.name,
        about=ready.about,
        criteria=[_criterion(position, criterion) for position, criterion in enumerate(ready.criteria)],
    )
    session.add(rubric)
    session.flush()
    return rubric


def _criterion(position: int, ready: ReadyCriterion) -> Criterion:
    levels = [
        Level(value=value, name=name, anchor=anchor)
        for value, (name, anchor) in enumerate(zip(LEVELS, ready.anchors, strict=True), start=1)
    ]
    return Criterion(position=position, name=ready.name, about=ready.about, levels=levels)


def of_team(session: Session, team_id: UUID) -> list[Rubric]:
    """Those that stand now."""
    query = select(Rubric).where(Rubric.team_id == team_id, Rubric.retired_at.is_(None))
    return list(session.scalars(query.order_by(Rubric.created_at, Rubric.name)))


def put_away_of(session: Session, team_id: UUID) -> list[Rubric]:
    """Those that are offered no more; a version that another one replaced is not among them."""
    newer = aliased(Rubric)
    query = select(Rubric).where(
        Rubric.team_id == team_id,
        Rubric.retired_at.is_not(None),
        ~select(newer.id).where(newer.replaces_id == Rubric.id).exists(),
    )
    return list(session.scalars(query.order_by(Rubric.name)))
