"""The buyer asks, recorded: what stands in front of a scenario for whoever is to answer."""

from uuid import UUID

from sqlalchemy.orm import Session

from pitchreview.actions import intake, replying
from pitchreview.models import Scenario, User


def record(session: Session, scenario: Scenario, by: User, recording_id: UUID) -> None:
    """What was recorded takes the place of what was there before; the written prompt stays as its gist."""
    spoken = replying.unused(session, by, recording_id)
    take_away(session, scenario)
    scenario.prompt_recording = spoken


def take_away(session: Session, scenario: Scenario) -> None:
    """Only the written words are left; the recording goes for good."""
    recording, scenario.prompt_recording = scenario.prompt_recording, None
    if recording is not None:
        session.flush()
        intake.forget_recording(session, recording)
