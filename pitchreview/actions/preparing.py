"""What is to be watched before a drill is recorded."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from pitchreview.actions import finding
from pitchreview.models import Drill, DrillExemplar, Exemplar, Pitch, Scenario, Take, User
from pitchreview.permissions import listings_visible_to

MOST_OFFERED = 12


def offered_for(session: Session, viewer: User, scenario: Scenario) -> list[Exemplar]:
    """What the library shows: of the same scenario first, then the newest."""
    is_same = Exemplar.take.has(Take.pitch.has(Pitch.scenario_id == scenario.id))
    query = listings_visible_to(viewer, scenario.team_id).order_by(
        is_same.desc(), Exemplar.published_at.desc(), Exemplar.id
    )
    return finding.loaded(
        session, list(session.scalars(query.with_only_columns(Exemplar.id).limit(MOST_OFFERED)))
    )


def set_along(session: Session, drill: Drill, exemplars: list[Exemplar], *, among: list[Exemplar]) -> None:
    """Of what was offered just these; what was set along and is not offered any more stays."""
    offered, wanted = {each.id for each in among}, {each.id for each in exemplars}
    query = select(DrillExemplar).where(DrillExemplar.drill_id == drill.id)
    for known in session.scalars(query):
        if known.exemplar_id in offered - wanted:
            session.delete(known)
        wanted.discard(known.exemplar_id)
    session.add_all([DrillExemplar(drill=drill, exemplar=each) for each in exemplars if each.id in wanted])


def watch_first(session: Session, viewer: User, drill: Drill) -> list[Exemplar]:
    """What was set along with it and is still shown."""
    chosen = select(DrillExemplar.exemplar_id).where(DrillExemplar.drill_id == drill.id)
    query = listings_visible_to(viewer, drill.team_id).where(Exemplar.id.in_(chosen))
    ids = session.scalars(query.with_only_columns(Exemplar.id).order_by(Exemplar.published_at, Exemplar.id))
    return finding.loaded(session, list(ids))
