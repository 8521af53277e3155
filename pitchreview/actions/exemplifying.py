"""What a scenario shows of how it can sound: its example, and the other exemplars of its takes.

An example that comes after the first own take is nowhere in the scenario before; managers see it always.
"""

from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from pitchreview.models import (
    Exemplar,
    Pitch,
    Recording,
    RecordingState,
    Scenario,
    ScenarioExample,
    Take,
    User,
)
from pitchreview.permissions import Act, exemplars_visible_to, may

# So many models stand beside a scenario; the library has the others.
MOST_EXEMPLARS = 12


def choose(session: Session, scenario: Scenario, exemplar: Exemplar | None, *, shown_after: bool) -> None:
    """The example of the scenario from now on; None: it has none."""
    session.flush()
    chosen = session.get(ScenarioExample, scenario.id)
    if exemplar is None:
        if chosen is not None:
            session.delete(chosen)
        return
    if chosen is None:
        chosen = ScenarioExample(scenario_id=scenario.id)
        session.add(chosen)
    chosen.exemplar, chosen.is_shown_after = exemplar, shown_after


def chosen(session: Session, scenario: Scenario) -> ScenarioExample | None:
    return session.get(ScenarioExample, scenario.id)


def waits(session: Session, viewer: User, scenario: Scenario) -> bool:
    """There is an example, and this person is to try it themselves first."""
    example = chosen(session, scenario)
    if example is None or not example.is_shown_after or not example.exemplar.is_shown:
        return False
    return not may(viewer, Act.WRITE_SCENARIO, scenario) and not _has_tried(session, viewer, scenario.id)


def exemplars_of(session: Session, viewer: User, scenario: Scenario) -> list[Exemplar]:
    """The example first, then what was held up of its takes, the newest first; without what waits."""
    example = chosen(session, scenario)
    example_id = example and example.exemplar_id
    hidden = example_id if waits(session, viewer, scenario) else None
    take_ids = select(Take.id).join(Take.pitch).where(Pitch.scenario_id == scenario.id)
    of_its_takes = Exemplar.take_id.in_(take_ids) & Exemplar.contrast_to_id.is_(None)
    query = (
        exemplars_visible_to(viewer)
        .where(of_its_takes | (Exemplar.id == example_id), Exemplar.id.is_distinct_from(hidden))
        .order_by((Exemplar.id == example_id).desc(), Exemplar.created_at.desc())
        .limit(MOST_EXEMPLARS)
    )
    return [exemplar for exemplar in session.scalars(query) if exemplar.is_shown]


def _has_tried(session: Session, viewer: User, scenario_id: UUID) -> bool:
    own = (
        exists()
        .where(Take.pitch_id == Pitch.id, Take.recording_id == Recording.id)
        .where(Pitch.scenario_id == scenario_id, Pitch.presenter_id == viewer.id)
        .where(Take.deleted_at.is_(None), Recording.state != RecordingState.AWAITING_UPLOAD)
    )
    return bool(session.scalar(select(own)))
