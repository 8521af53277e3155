"""Reviews in every order: whatever people and the clock do, nothing is given twice and nothing is lost."""

from collections import Counter
from contextlib import ExitStack
from datetime import timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import (
    accounts,
    assigning,
    availability,
    capacity,
    leasing,
    practising,
    queueing,
    reviewing,
    seats,
    sharing_out,
)
from pitchreview.actions.reviewing import NewComment
from pitchreview.errors import PitchReviewError
from pitchreview.models import (
    Assignment,
    AssignmentState,
    Drill,
    Review,
    ReviewersFrom,
    Role,
    Take,
    User,
)
from pitchreview.permissions import Act, may
from pitchreview.store import ObjectStore
from tests.conftest import empty_tables
from tests.factories import Factory

WHO = st.integers(0, 3)
WHICH = st.integers(0, 5)


class Queue(RuleBasedStateMachine):
    """Two coaches, a manager and two reps; three drills that ask for reviewers in three ways."""

    engine: Engine
    store: ObjectStore

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.clock = self.stack.enter_context(time_machine.travel("2026-03-02T12:00:00+00:00", tick=False))
        empty_tables(self.engine)
        self.session = self.stack.enter_context(Session(self.engine, expire_on_commit=False))
        self.make = Factory(self.session, self.store)
        self.takes: list[Take] = []
        self.words = Counter[object]()

    def teardown(self) -> None:
        self.stack.close()

    @initialize()
    def begin(self) -> None:
        make = self.make
        self.team = make.team()
        self.ada, self.jonas = (make.user(name, self.team) for name in ("Ada Rep", "Jonas Rep"))
        self.cole, self.carla = (make.user(name, self.team, Role.COACH) for name in ("Cole C", "Carla C"))
        self.mona = make.user("Mona M", self.team, Role.MANAGER)
        self.people = [self.cole, self.carla, self.mona, self.jonas]
        self.drills = [self._drill(*way) for way in ((ReviewersFrom.COACHES, 2), (ReviewersFrom.PEERS, 1))]
        self.drills.append(self._drill(ReviewersFrom.POOL, 1))

    def _drill(self, whom: ReviewersFrom, count: int) -> Drill:
        scenario = self.make.scenario(self.team, whom.value)
        drill = self.make.drill(scenario, self.mona, due_in=timedelta(days=365))
        drill.reviewers_from, drill.reviewers_count = whom, count
        return drill

    def _try(self, act: object, *given: object) -> None:
        """What the house refuses changes nothing."""
        try:
            with self.session.begin_nested():
                act(self.session, *given)  # type: ignore[operator]
        except PitchReviewError:
            pass

    # --- what people do -------------------------------------------------------------------------------

    @rule(which=st.integers(0, 2), by_ada=st.booleans())
    def hand_in(self, which: int, by_ada: bool) -> None:
        presenter = self.ada if by_ada else self.jonas
        take = self.make.take(presenter, self.drills[which].scenario, submitted=False)
        self._try(practising.submit, take)
        self.takes.append(take)
        self.share_out()

    @rule(which=WHICH)
    def take_back(self, which: int) -> None:
        if self.takes:
            self._try(practising.take_back, self._take(which))

    @rule(which=WHICH)
    def delete(self, which: int) -> None:
        if self.takes:
            self._try(practising.delete_take, self._take(which))

    @rule(which=WHICH, who=WHO)
    def pick(self, which: int, who: int) -> None:
        person = self.people[who]
        if self.takes and may(person, Act.PICK, self._take(which)) and self._is_free(which, person):
            self._try(assigning.pick, self._take(which), person)

    @rule(which=WHICH, who=WHO)
    def write(self, which: int, who: int) -> None:
        person = self.people[who]
        if self.takes and may(person, Act.REVIEW, self._take(which)):
            self._try(reviewing.comment, self._take(which), person, NewComment("Ask first.", 0))

    @rule(which=WHICH, is_done=st.booleans())
    def review(self, which: int, is_done: bool) -> None:
        """What somebody was given, as far as it goes or to its end."""
        held = self._open()
        if not held:
            return
        one = held[which % len(held)]
        reviewing.comment(self.session, one.take, one.reviewer, NewComment("Ask first.", 0))
        if is_done:
            reviewing.publish(self.session, one.take, one.reviewer, "Ask one question.")

    @rule(which=WHICH)
    def give_back(self, which: int) -> None:
        held = self._open()
        if held:
            self._try(assigning.give_back, held[which % len(held)], "Not this week.")

    @rule(who=WHO)
    def leave_or_return(self, who: int) -> None:
        if self.people[who] is self.mona:
            return
        (membership,) = self.people[who].memberships
        if membership.is_active:
            accounts.end_membership(self.session, membership, actor=self.mona)
            assigning.let_go(self.session, membership)
        else:
            accounts.resume_membership(self.session, membership, actor=self.mona)

    @rule(who=WHO, minutes=st.sampled_from([0, 3, 60]))
    def have_time(self, who: int, minutes: int) -> None:
        availability.set_minutes(self.people[who].memberships[0], minutes)

    # --- what the house does ----------------------------------------------------------------------------

    @rule()
    def share_out(self) -> None:
        staff = capacity.staff_of(self.session, assigning.hold_still(self.session, self.team.id))
        wanted = seats.wanted_in(self.session, staff)
        assigning.give_all(self.session, staff, sharing_out.share_out(staff.reviewers, wanted, db.now()))
        staff = capacity.staff_of(self.session, self.team)
        left = seats.wanted_in(self.session, staff)
        assert not [each for each in left if staff.reviewers.keys() & each.people.keys()], "left undone"

    @rule(hours=st.sampled_from([1, 30, 80]))
    def pass_time(self, hours: int) -> None:
        self.clock.shift(timedelta(hours=hours))
        leasing.sweep(self.session, self.team.id)
        assert not [one for one in self._open() if one.leased_until <= db.now()], "a lease that has run out"

    # --- what always holds ----------------------------------------------------------------------------

    @invariant()
    def nobody_has_a_take_twice_or_their_own(self) -> None:
        held = Counter((one.take_id, one.reviewer_id) for one in self._open())
        assert all(number == 1 for number in held.values())
        assert not [one for one in self._open() if one.reviewer_id == one.take.pitch.presenter_id]

    @invariant()
    def nobody_is_given_what_they_published_or_what_is_gone(self) -> None:
        for one in self._open():
            assert one.take.is_submitted
            assert not one.take.is_deleted
            review = reviewing.review_of(self.session, one.take, one.reviewer)
            assert review is None or not review.is_published

    @invariant()
    def nobody_gets_again_what_they_gave_back(self) -> None:
        given_back = select(Assignment.take_id, Assignment.reviewer_id)
        pairs = self.session.execute(given_back.where(Assignment.state == AssignmentState.GIVEN_BACK))
        assert not {(one.take_id, one.reviewer_id) for one in self._open()} & {tuple(pair) for pair in pairs}

    @invariant()
    def who_has_one_belongs_to_the_team_and_finds_it(self) -> None:
        for one in self._open():
            (membership,) = one.reviewer.memberships
            assert membership.is_active
            assert one.take in queueing.waiting_for(self.session, one.reviewer, self.team.id)

    @invariant()
    def no_review_is_lost(self) -> None:
        number = self.session.scalar(select(func.count()).select_from(Review)) or 0
        assert number >= self.words["reviews"]
        self.words["reviews"] = number

    def _take(self, which: int) -> Take:
        return self.takes[which % len(self.takes)]

    def _is_free(self, which: int, person: User) -> bool:
        return self._take(which) in queueing.waiting_for(self.session, person, self.team.id)

    def _open(self) -> list[Assignment]:
        self.session.flush()
        query = select(Assignment).where(Assignment.state == AssignmentState.OPEN)
        return list(self.session.scalars(query.execution_options(populate_existing=True)))


def test_in_every_order_nothing_is_given_twice_and_nothing_is_lost(
    engine: Engine, store: ObjectStore, session: Session
) -> None:
    play(engine, store, examples=3, steps=25)


@pytest.mark.campaign
@pytest.mark.timeout(900)
def test_in_very_many_orders(engine: Engine, store: ObjectStore, session: Session) -> None:
    play(engine, store, examples=60, steps=60)


def play(engine: Engine, store: ObjectStore, *, examples: int, steps: int) -> None:
    machine = type("Here", (Queue,), {"engine": engine, "store": store})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            # On a shared database a failing order takes minutes to shorten; as found it says enough.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
