"""Feedback in every order that people can do things in, against the database.

Ada submits, looks, agrees and disputes; Cole and Mona comment, score, prove, publish and take back. Whatever
they do, in whatever order: no word of a review is lost, nothing is shown early, and what was taken back
counts nowhere. What a page would refuse is refused, and changes nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, sessionmaker

from pitchreview.actions import (
    committing,
    disputing,
    drafting,
    focusing,
    practising,
    proving,
    reading,
    reviewing,
    scoring,
    self_assessing,
    withdrawing,
)
from pitchreview.actions.committing import Proposal
from pitchreview.actions.proving import Answer
from pitchreview.actions.reviewing import NewComment
from pitchreview.actions.self_assessing import Thought
from pitchreview.db import make_session_factory
from pitchreview.errors import InvalidInput, InvalidState
from pitchreview.models import (
    Comment,
    Commitment,
    CommitmentState,
    Criterion,
    Dispute,
    Focus,
    Level,
    Proof,
    Review,
    ReviewState,
    Role,
    Rubric,
    Score,
    Take,
    User,
    Verdict,
)
from pitchreview.models.commitment import MOST_AT_ONCE
from pitchreview.permissions import Act, commitments_visible_to, may, proofs_visible_to
from pitchreview.store import ObjectStore
from tests.conftest import empty_tables
from tests.factories import Factory

MOST_TAKES = 3
index = st.integers(0, 2)
reviewer = st.sampled_from(["cole", "mona"])
criterion = st.integers(0, 1)
level = st.integers(0, 2)
verdict = st.none() | st.sampled_from(Verdict)


class Feedback(RuleBasedStateMachine):
    """What the tests remember beside the database: who said how much, which levels, and what is out."""

    def __init__(self, engine: Engine, sessions: sessionmaker[Session], store: ObjectStore) -> None:
        super().__init__()
        empty_tables(engine)
        self.session = sessions()
        make = self.make = Factory(self.session, store)
        self.team = make.team()
        self.ada = make.user("Ada Lindqvist", self.team)
        self.people: dict[str, User] = {
            "cole": make.user("Cole Okafor", self.team, Role.COACH),
            "mona": make.user("Mona Ruiz", self.team, Role.MANAGER),
        }
        self.rubric = Rubric(team_id=self.team.id, name="Ours", criteria=[_line(0), _line(1)])
        self.scenario = make.scenario(self.team, rubric=self.rubric)
        self.drill = make.drill(self.scenario, self.people["mona"])
        self.takes: list[Take] = []
        self.remarks: dict[tuple[UUID, UUID], int] = {}
        self.levels: dict[tuple[UUID, UUID], dict[UUID, int]] = {}
        self.out: set[tuple[UUID, UUID]] = set()
        self.assessed: set[UUID] = set()
        self.session.commit()
        # In the middle of things: something is agreed, and the take that is to show it waits for a review.
        self.record_and_submit(looks_first=False)
        self.write_own(0, criterion=0)
        self.record_and_submit_next(looks_first=True)

    def teardown(self) -> None:
        self.session.close()

    @contextmanager
    def tries(self) -> Iterator[None]:
        """As a page does it: what is refused is rolled back."""
        try:
            with self.session.begin_nested():
                yield
            self.session.commit()
        except (InvalidInput, InvalidState):
            self.session.expire_all()

    def take(self, number: int) -> Take | None:
        return self.takes[number % len(self.takes)] if self.takes else None

    # --- Ada --------------------------------------------------------------------------------------

    @rule(looks_first=st.booleans())
    def record_and_submit_next(self, looks_first: bool) -> None:
        """Once its take is being reviewed, a round is swapped no more."""
        if self.takes and len(self.takes) < MOST_TAKES:
            self.comment(len(self.takes) - 1, "mona")
            self.publish(len(self.takes) - 1, "mona", [], None)
            self.record_and_submit(looks_first)

    def record_and_submit(self, looks_first: bool) -> None:
        self.drill.self_assessment_first = looks_first
        take = self.make.take(self.ada, self.scenario, submitted=False)
        self.session.commit()
        self.takes.append(take)
        with self.tries():
            practising.submit(self.session, take)

    @rule(number=index)
    def submit(self, number: int) -> None:
        if take := self.take(number):
            with self.tries():
                practising.submit(self.session, take)

    @rule(number=index)
    def take_back(self, number: int) -> None:
        if take := self.take(number):
            with self.tries():
                practising.take_back(self.session, take)

    @rule(number=index, level=level)
    def look(self, number: int, level: int) -> None:
        if take := self.take(number):
            levels = {each.id: each.levels[level].id for each in self.rubric.criteria}
            thoughts = {"strength": Thought("Calm", 0), "to_try": Thought("Wait")}
            with self.tries():
                self_assessing.save(self.session, take, thoughts, levels)
                self_assessing.finish(self.session, take)
                self.assessed.add(take.id)

    @rule(number=index, criterion=st.none() | criterion)
    def write_own(self, number: int, criterion: int | None) -> None:
        take = self.take(number)
        if take and may(self.ada, Act.COMMIT, take):
            line = None if criterion is None else self.rubric.criteria[criterion].id
            with self.tries():
                committing.write(self.session, take, self.ada, Proposal("Wait.", criterion_id=line))

    @rule(number=index, act=st.sampled_from([committing.agree, committing.decline, committing.drop]))
    def answer_proposal(self, number: int, act: Callable[[Session, Commitment], None]) -> None:
        seen = self.session.scalars(commitments_visible_to(self.ada).order_by(Commitment.created_at)).all()
        if seen:
            with self.tries():
                act(self.session, seen[number % len(seen)])

    @rule(criterion=criterion)
    def change_focus(self, criterion: int) -> None:
        with self.tries():
            chosen = self.rubric.criteria[criterion]
            focusing.change(self.session, self.ada, self.team.id, chosen, by=self.ada)

    @rule(number=index, who=reviewer, criterion=criterion)
    def dispute(self, number: int, who: str, criterion: int) -> None:
        for review in self.reviews(number, who):
            with self.tries():
                line = self.rubric.criteria[criterion].id
                disputing.dispute(self.session, review, line, self.ada, "At 0:12 I do.")

    # --- who reviews ------------------------------------------------------------------------------

    @rule(number=index, who=reviewer)
    def comment(self, number: int, who: str) -> None:
        take, person = self.take(number), self.people[who]
        if take and may(person, Act.REVIEW, take):
            with self.tries():
                reviewing.comment(self.session, take, person, NewComment("Ask.", 0))
                key = (take.id, person.id)
                self.remarks[key] = self.remarks.get(key, 0) + 1

    @rule(number=index, who=reviewer, criterion=criterion, level=level)
    def score(self, number: int, who: str, criterion: int, level: int) -> None:
        take, person = self.take(number), self.people[who]
        if take and may(person, Act.REVIEW, take):
            line = self.rubric.criteria[criterion]
            with self.tries():
                scoring.score(self.session, take, person, line.id, line.levels[level].id)
                self.levels.setdefault((take.id, person.id), {})[line.id] = level + 1

    @rule(number=index, who=reviewer, which=index, verdict=verdict)
    def prove(self, number: int, who: str, which: int, verdict: Verdict | None) -> None:
        take, person = self.take(number), self.people[who]
        if take and may(person, Act.REVIEW, take):
            carried = committing.carried_by(self.session, take)
            if carried:
                with self.tries():
                    said = verdict and Answer(verdict, 1000)
                    proving.answer(self.session, take, person, carried[which % len(carried)], said)
                    self.remarks.setdefault((take.id, person.id), 0)

    @rule(number=index, who=reviewer, lines=st.lists(criterion, max_size=3), verdict=verdict)
    def publish(self, number: int, who: str, lines: list[int], verdict: Verdict | None) -> None:
        take, person = self.take(number), self.people[who]
        if take and may(person, Act.REVIEW, take):
            self.comment(number, who)
            self.prove(number, who, 0, verdict)
            proposals = [Proposal("Wait.", criterion_id=self.rubric.criteria[each].id) for each in lines]
            with self.tries():
                reviewing.publish(self.session, take, person, "Ask first.", proposals)
                self.out.add((take.id, person.id))

    @rule(number=index)
    def withdraw(self, number: int) -> None:
        published = select(Review).where(Review.state == ReviewState.PUBLISHED).order_by(Review.started_at)
        found = self.session.scalars(published).all()
        if found:
            review = found[number % len(found)]
            with self.tries():
                withdrawing.withdraw(self.session, review, "Too quick.")
                self.out.discard((review.take_id, review.reviewer_id))

    @rule(number=index, who=reviewer)
    def see_it_fixed_and_take_that_back(self, number: int, who: str) -> None:
        self.publish(number, who, [], Verdict.FIXED)
        for review in self.reviews(number, who):
            with self.tries():
                withdrawing.withdraw(self.session, review, "Too quick.")
                self.out.discard((review.take_id, review.reviewer_id))

    @rule()
    def begin_again(self) -> None:
        for review in self.session.scalars(select(Review).where(Review.state == ReviewState.WITHDRAWN)).all():
            with self.tries():
                withdrawing.begin_again(self.session, review)

    @rule(number=index, who=reviewer, level=st.none() | level)
    def answer_dispute(self, number: int, who: str, level: int | None) -> None:
        for review in self.reviews(number, who):
            query = select(Dispute).where(Dispute.review_id == review.id, Dispute.answered_at.is_(None))
            for raised in self.session.scalars(query).all():
                chosen = None if level is None else raised.criterion.levels[level].id
                with self.tries():
                    disputing.answer(self.session, raised, review.reviewer, chosen, "Looked.")
                    if level is not None:
                        self.levels[review.take_id, review.reviewer_id][raised.criterion_id] = level + 1

    def reviews(self, number: int, who: str) -> list[Review]:
        take = self.take(number)
        found = take and drafting.review_of(self.session, take, self.people[who])
        return [found] if found else []

    # --- whatever they did ------------------------------------------------------------------------

    @invariant()
    def no_word_is_lost(self) -> None:
        counted = select(Comment.take_id, Comment.author_id, func.count()).group_by(
            Comment.take_id, Comment.author_id
        )
        kept = {(take_id, author_id): number for take_id, author_id, number in self.session.execute(counted)}
        assert kept == {key: number for key, number in self.remarks.items() if number}
        begun = {(r.take_id, r.reviewer_id) for r in self.session.scalars(select(Review))}
        assert begun == {*self.remarks, *self.levels}
        scores = select(Review.take_id, Review.reviewer_id, Score.criterion_id, Level.value)
        scores = scores.join(Score, Score.review_id == Review.id).join(Level, Level.id == Score.level_id)
        given: dict[Any, dict[UUID, int]] = {}
        for take_id, reviewer_id, line, value in self.session.execute(scores):
            given.setdefault((take_id, reviewer_id), {})[line] = value
        assert given == self.levels

    @invariant()
    def what_is_out_is_what_was_published(self) -> None:
        published = select(Review).where(Review.state == ReviewState.PUBLISHED)
        assert {(r.take_id, r.reviewer_id) for r in self.session.scalars(published)} == self.out

    @invariant()
    def ada_hears_nothing_early(self) -> None:
        for take in self.takes:
            waits = take.awaits_self_assessment
            assert not (waits and take.id in self.assessed)
            open_to_her = set() if waits else {who for take_id, who in self.out if take_id == take.id}
            heard = {
                r.reviewer_id for r in reviewing.reviews_of(self.session, take, self.ada) if r.is_published
            }
            assert heard == open_to_her
            said = {thread.author_id for thread in reading.threads_of(self.session, take, self.ada)}
            assert said <= open_to_her
        for proof in self.session.scalars(proofs_visible_to(self.ada)):
            assert (proof.take_id, proof.judged_by_id) in self.out
            assert not proof.take.awaits_self_assessment
        for commitment in self.session.scalars(commitments_visible_to(self.ada)):
            if commitment.review is not None:
                assert (commitment.review.take_id, commitment.review.reviewer_id) in self.out

    @invariant()
    def what_was_taken_back_counts_nowhere(self) -> None:
        for take in self.takes:
            reviews = [r for r in reviewing.reviews_of(self.session, take, self.people["mona"])]
            verdicts = scoring.verdicts_of(self.session, [r for r in reviews if r.is_published])
            for verdict in verdicts:
                given = {(take.id, one.reviewer.id): one.level.value for one in verdict.given}
                expected = {
                    key: lines[verdict.criterion.id]
                    for key, lines in self.levels.items()
                    if key in self.out and key[0] == take.id and verdict.criterion.id in lines
                }
                assert given == expected

    @invariant()
    def what_is_fixed_was_seen_fixed(self) -> None:
        fixed = select(Commitment).where(Commitment.state == CommitmentState.FIXED)
        for commitment in self.session.scalars(fixed):
            query = select(Proof).where(
                Proof.commitment_id == commitment.id,
                Proof.verdict == Verdict.FIXED,
                Proof.published_at.is_not(None),
            )
            proofs = self.session.scalars(query).all()
            assert any((proof.take_id, proof.judged_by_id) in self.out for proof in proofs)

    @invariant()
    def what_is_met_was_seen_met(self) -> None:
        """By a commitment that is fixed, or by levels of two takes; never by what was taken back."""
        for focus in self.session.scalars(select(Focus).where(Focus.is_met.is_(True))):
            line = focus.criterion_id
            fixed = select(Commitment.id).where(
                Commitment.state == CommitmentState.FIXED, Commitment.criterion_id == line
            )
            judged = {key[0] for key, lines in self.levels.items() if key in self.out and line in lines}
            assert self.session.scalar(fixed.limit(1)) is not None or len(judged) > 1

    @invariant()
    def one_thing_at_a_time(self) -> None:
        focuses = self.session.scalars(select(Focus).where(Focus.ended_at.is_(None))).all()
        assert len(focuses) <= 1
        line = focuses[0].criterion.line_id if focuses else None
        agreed = focusing.open_commitments(self.session, self.ada.id, self.team.id)
        now = [each for each in agreed if each.state is CommitmentState.AGREED]
        assert len(now) <= MOST_AT_ONCE
        assert all(each.criterion is None or each.criterion.line_id == line for each in now)
        # Nothing waits that could be worked on.
        fits = [each for each in agreed if each.criterion is None or each.criterion.line_id == line]
        assert len(now) == min(len(fits), MOST_AT_ONCE)


def _line(position: int) -> Criterion:
    levels = [Level(value=value, name=str(value)) for value in (1, 2, 3)]
    return Criterion(position=position, name=f"Criterion {position}", levels=levels)


def run(engine: Engine, store: ObjectStore, *, examples: int, steps: int) -> None:
    sessions = make_session_factory(engine)
    run_state_machine_as_test(
        lambda: Feedback(engine, sessions, store),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_feedback_keeps_its_promises_in_any_order(engine: Engine, store: ObjectStore) -> None:
    run(engine, store, examples=2, steps=20)


@pytest.mark.campaign
@pytest.mark.timeout(1800)
def test_feedback_keeps_its_promises_in_thousands_of_orders(engine: Engine, store: ObjectStore) -> None:
    run(engine, store, examples=60, steps=50)
