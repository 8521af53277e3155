"""What the takes of a team still need: how many reviews, and from whom they can come."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session, contains_eager

from pitchreview import db
from pitchreview.actions import drilling
from pitchreview.actions.capacity import Staff
from pitchreview.actions.fairness import Meetings, Rank, Wanted
from pitchreview.models import (
    Assignment,
    AssignmentState,
    Drill,
    Pitch,
    Recording,
    RecordingState,
    Review,
    ReviewersFrom,
    ReviewState,
    Role,
    Take,
)

# How long it matters who reviewed whom.
REMEMBERED = timedelta(days=180)
# Peers have somebody who coaches beside them, so that two look at a take at least.
FEWEST_WITH_PEERS = 2

Ranks = dict[UUID, Rank]


@dataclass
class History:
    """Of one take: who holds a review of it now, and who had it at any time."""

    holders: set[UUID] = field(default_factory=set)
    had: set[UUID] = field(default_factory=set)


def wanted_in(session: Session, staff: Staff, *, only: Take | None = None) -> list[Wanted]:
    """The reviews that drills ask for and nobody has yet."""
    query = _short_of_reviews(staff.team.id)
    takes = list(session.scalars(query if only is None else query.where(Take.id == only.id)))
    histories = _histories(session, takes)
    met = _meetings(session, staff.team.id, takes)
    wanted = []
    for take in takes:
        chooser = _Chooser(session, staff, take, histories[take.id])
        wanted += chooser.wanted(met[take.pitch.presenter_id])
    return wanted


def one_more(session: Session, staff: Staff, take: Take) -> Wanted | None:
    """One review beyond what was asked for: best from somebody who coaches."""
    chooser = _Chooser(session, staff, take, _histories(session, [take])[take.id])
    people = chooser.coaches() or chooser.people()
    met = _meetings(session, staff.team.id, [take])[take.pitch.presenter_id]
    return Wanted(take.id, take.minutes_to_review, 1, people, met) if people else None


def needed_for(drill: Drill | None) -> int:
    """How many reviews a take should get."""
    if drill is None:
        return 1
    fewest = FEWEST_WITH_PEERS if drill.reviewers_from is ReviewersFrom.PEERS else 1
    return max(drill.reviewers_count, fewest)


def _short_of_reviews(team_id: UUID) -> Select[Take]:
    """Takes that play, for drills that share reviews out, with fewer reviews than they should have."""
    with_peers = Drill.reviewers_from == ReviewersFrom.PEERS
    needed = case(
        (with_peers, func.greatest(Drill.reviewers_count, FEWEST_WITH_PEERS)), else_=Drill.reviewers_count
    )
    held = select(func.count()).where(Assignment.take_id == Take.id, Assignment.state == AssignmentState.OPEN)
    given = select(func.count()).where(Review.take_id == Take.id, Review.state == ReviewState.PUBLISHED)
    return (
        select(Take)
        .join(Take.pitch)
        .join(Take.drill)
        .join(Take.recording)
        .options(contains_eager(Take.pitch), contains_eager(Take.drill), contains_eager(Take.recording))
        .where(
            Pitch.team_id == team_id,
            Pitch.presenter_id.is_not(None),
            Take.submitted_at.is_not(None),
            Take.deleted_at.is_(None),
            Recording.state.in_([RecordingState.PLAYABLE, RecordingState.READY]),
            Drill.reviewers_from != ReviewersFrom.POOL,
            held.scalar_subquery() + given.scalar_subquery() < needed,
        )
        .order_by(Take.submitted_at, Take.id)
    )


def _histories(session: Session, takes: list[Take]) -> dict[UUID, History]:
    ids = [take.id for take in takes]
    found: dict[UUID, History] = defaultdict(History)
    assigned = select(Assignment.take_id, Assignment.reviewer_id, Assignment.state).where(
        Assignment.take_id.in_(ids), Assignment.state != AssignmentState.DROPPED
    )
    for take_id, reviewer_id, held in session.execute(assigned):
        found[take_id].had.add(reviewer_id)
        if held is AssignmentState.OPEN:
            found[take_id].holders.add(reviewer_id)
    reviewed = select(Review.take_id, Review.reviewer_id, Review.state).where(Review.take_id.in_(ids))
    for take_id, reviewer_id, state in session.execute(reviewed):
        found[take_id].had.add(reviewer_id)
        if state is ReviewState.PUBLISHED:
            found[take_id].holders.add(reviewer_id)
    return found


def _meetings(session: Session, team_id: UUID, takes: list[Take]) -> dict[UUID | None, dict[UUID, Meetings]]:
    """By presenter, then by reviewer: how often they met lately."""
    found: dict[UUID | None, dict[UUID, Meetings]] = defaultdict(dict)
    query = (
        select(Pitch.presenter_id, Review.reviewer_id, func.count(), func.max(Review.published_at))
        .select_from(Review)
        .join(Review.take)
        .join(Take.pitch)
        .where(
            Pitch.team_id == team_id,
            Pitch.presenter_id.in_({take.pitch.presenter_id for take in takes}),
            Review.state == ReviewState.PUBLISHED,
            Review.published_at > db.now() - REMEMBERED,
        )
        .group_by(Pitch.presenter_id, Review.reviewer_id)
    )
    for presenter_id, reviewer_id, number, last_at in session.execute(query):
        if last_at is not None:
            found[presenter_id][reviewer_id] = Meetings(number, last_at)
    return found


class _Chooser:
    """Who can review one take."""

    def __init__(self, session: Session, staff: Staff, take: Take, history: History) -> None:
        self._session, self._staff, self._take, self._history = session, staff, take, history
        self._drill = take.drill

    def wanted(self, met: dict[UUID, Meetings]) -> list[Wanted]:
        missing = needed_for(self._drill) - len(self._history.holders)
        if missing <= 0 or not self._is_for_presenter():
            return []
        take, people, coaches = self._take, self.people(), self.coaches() if self._wants_coach() else {}
        found = []
        if coaches:
            found.append(Wanted(take.id, take.minutes_to_review, 1, coaches, met, is_for_coach=True))
            missing -= 1
        if missing and people:
            found.append(Wanted(take.id, take.minutes_to_review, missing, people, met))
        return found

    def _is_for_presenter(self) -> bool:
        """What coaches present shows how it is done; it is nobody's work unless the drill is set for them."""
        drill, presenter_id = self._drill, self._take.pitch.presenter_id
        if drill is None or presenter_id is None or presenter_id not in self._staff.roles:
            return False
        by_rep = self._staff.roles[presenter_id] is Role.REP
        return by_rep or any(person.user_id == presenter_id for person in drill.people)

    def _wants_coach(self) -> bool:
        """One of those who review it coaches; where the team asks for it, with an eye that is set."""
        staff, drill = self._staff, self._drill
        if staff.asks_calibration:
            return not self._history.holders & staff.calibrated
        with_peers = drill is not None and drill.reviewers_from is ReviewersFrom.PEERS
        coaches = {*staff.with_role(Role.COACH), *staff.with_role(Role.MANAGER)}
        return with_peers and not self._history.holders & coaches

    def people(self) -> Ranks:
        """Whom the drill asks for; those who coach where of these nobody can."""
        found = self._able(self._asked_for())
        return found or ({} if self._history.holders else self._able(self._who_coach()))

    def coaches(self) -> Ranks:
        """Those who coach, the ones with an uncalibrated eye last where the team asks for one that is set."""
        ranks = self._able(self._who_coach())
        if not self._staff.asks_calibration:
            return ranks
        return {
            person: rank if person in self._staff.calibrated else Rank.UNCALIBRATED
            for person, rank in ranks.items()
        }

    def _asked_for(self) -> Ranks:
        match self._drill and self._drill.reviewers_from:
            case ReviewersFrom.PEERS:
                assert self._drill is not None
                peers = [person.id for person in drilling.people_of(self._session, self._drill)]
                return dict.fromkeys(peers, Rank.ASKED_FOR)
            case ReviewersFrom.NAMED:
                assert self._drill is not None
                return dict.fromkeys([one.user_id for one in self._drill.reviewers], Rank.ASKED_FOR)
            case ReviewersFrom.MANAGERS:
                return dict.fromkeys(self._staff.with_role(Role.MANAGER), Rank.ASKED_FOR)
            case _:
                return self._who_coach()

    def _who_coach(self) -> Ranks:
        return dict.fromkeys(self._staff.with_role(Role.COACH), Rank.ASKED_FOR) | dict.fromkeys(
            self._staff.with_role(Role.MANAGER), Rank.STANDS_IN
        )

    def _able(self, ranks: Ranks) -> Ranks:
        presenter_id = self._take.pitch.presenter_id
        return {
            person: rank
            for person, rank in ranks.items()
            if person in self._staff.reviewers
            and person not in self._history.had
            and (presenter_id is None or self._staff.may_meet(person, presenter_id))
        }
