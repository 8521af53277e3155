"""What lies in the database now, whoever wrote it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from pitchreview.models import Recording, Take


def reread(session: Session, take: Take) -> Recording:
    """The recording of a take, past everything that this session has seen before."""
    session.rollback()
    session.expire_all()
    query = select(Recording).where(Recording.id == take.recording_id)
    return session.scalars(query.execution_options(populate_existing=True)).one()
