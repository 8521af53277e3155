"""Takes find their reviewers, and go on to others when time is over."""

from uuid import UUID

from sqlalchemy import select

from pitchreview import db
from pitchreview.actions import assigning, capacity, leasing, seats, sharing_out
from pitchreview.db import transaction
from pitchreview.models import Team
from worker.workshop import Workshop


def share_out(workshop: Workshop, team_id: str) -> None:
    """Give everything that a team still wants reviewed to whoever should have it."""
    with transaction(workshop.sessions) as session:
        team = assigning.hold_still(session, UUID(team_id))
        staff = capacity.staff_of(session, team)
        wanted = seats.wanted_in(session, staff)
        if wanted:
            pairs = sharing_out.share_out(staff.reviewers, wanted, db.now())
            assigning.give_all(session, staff, pairs)


def hand_on(workshop: Workshop) -> None:
    """What has waited too long goes on; and what found nobody before may find somebody now."""
    with transaction(workshop.sessions) as session:
        teams = list(session.scalars(select(Team.id)))
    for team_id in teams:
        with transaction(workshop.sessions) as session:
            leasing.sweep(session, team_id)
        share_out(workshop, str(team_id))
