"""The worker gives out what was submitted, and goes round for what was left over."""

from datetime import timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import practising
from pitchreview.models import Assignment, AssignmentState, ReviewersFrom, Take, User
from pitchreview.queue import Task
from tests.conftest import Cast
from tests.factories import Factory
from worker.tasks.share_out import hand_on, share_out
from worker.workshop import Workshop


def holders(session: Session, take: Take) -> list[User]:
    session.expire_all()
    query = select(Assignment).where(Assignment.take_id == take.id, Assignment.state == AssignmentState.OPEN)
    return [one.reviewer for one in session.scalars(query)]


def test_a_submitted_take_finds_its_reviewer_once_however_often_the_job_runs(
    session: Session, workshop: Workshop, make: Factory, cast: Cast
) -> None:
    drill = make.drill(make.scenario(cast.team), cast.mona)
    drill.reviewers_from = ReviewersFrom.COACHES
    take = make.take(cast.ada, drill.scenario, submitted=False)
    practising.submit(session, take)
    session.commit()
    waiting = session.scalars(text("SELECT task_name FROM procrastinate_jobs")).all()
    assert waiting.count(Task.SHARE_OUT.value) == 1
    share_out(workshop, str(cast.team.id))
    share_out(workshop, str(cast.team.id))
    assert holders(session, take) == [cast.cole]


def test_the_round_hands_on_what_ran_out_in_every_team(
    session: Session, workshop: Workshop, make: Factory, cast: Cast
) -> None:
    drill = make.drill(make.scenario(cast.team), cast.mona)
    drill.reviewers_from = ReviewersFrom.COACHES
    take = make.take(cast.ada, drill.scenario)
    take.drill = drill
    session.commit()
    hand_on(workshop)
    (held,) = session.scalars(select(Assignment))
    held.leased_until = db.now() - timedelta(minutes=1)
    session.commit()
    hand_on(workshop)
    assert holders(session, take) == [cast.mona]
