"""The demo team: loads the story of `demo_story.py` as if it had happened, and removes it again.

The clips are real sources: they lie in the object store and go through the worker like any upload.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import accounts, featuring, intake, listing, practising, rubrics, tagging
from pitchreview.local import demo_audience, demo_cards, demo_coaching, demo_told
from pitchreview.local import demo_story as story
from pitchreview.local.sign_ins import DEMO_PASSWORD
from pitchreview.models import (
    Collection,
    Comment,
    Commentary,
    CommentKind,
    ConsentState,
    Criterion,
    Drill,
    Exemplar,
    Feature,
    Pitch,
    Reaction,
    ReactionKind,
    Recording,
    RecordingState,
    Review,
    ReviewState,
    Role,
    Scenario,
    Score,
    Source,
    Stage,
    StepName,
    Take,
    Team,
    User,
)
from pitchreview.store import ObjectStore, part_size_for

_KINDS = {
    "strength": CommentKind.STRENGTH,
    "try": CommentKind.TRY_INSTEAD,
    "question": CommentKind.QUESTION,
}
_CONTENT_TYPES = {".mp4": "video/mp4", ".webm": "video/webm"}


def is_loaded(session: Session) -> bool:
    return bool(session.scalar(select(User.id).where(User.email.in_(_emails())).limit(1)))


def load(session: Session, store: ObjectStore) -> None:
    """Put the team, its takes and all that was said about them in place; the worker does the rest."""
    Loader(session, store).load()


def clear(session: Session) -> None:
    """Remove the demo team with everything it has; its objects follow in jobs of the same commit."""
    users = list(session.scalars(select(User).where(User.email.in_(_emails()))))
    teams = {membership.team for user in users for membership in user.memberships}
    team_ids = [team.id for team in teams if team.name in {t.name for t in story.TEAMS}]
    for take in session.scalars(select(Take).join(Take.pitch).where(Pitch.team_id.in_(team_ids))).all():
        practising.forget_take(session, take)
    session.execute(delete(Team).where(Team.id.in_(team_ids)))
    session.execute(delete(User).where(User.id.in_([user.id for user in users])))


def _emails() -> list[str]:
    return [person.email for person in story.PEOPLE]


class Loader:
    """Carries what has been made so far, by the keys of the story."""

    def __init__(self, session: Session, store: ObjectStore) -> None:
        self.session = session
        self.store = store
        self.now = db.now()
        self.teams: dict[str, Team] = {}
        self.users: dict[str, User] = {}
        self.scenarios: dict[str, Scenario] = {}
        self.pitches: dict[tuple[str, str], Pitch] = {}
        self.takes: dict[str, Take] = {}
        self.exemplars: dict[str, Exemplar] = {}

    def load(self) -> None:
        self._add_people()
        for brief in story.SCENARIOS:
            self.scenarios[brief.key] = self._scenario(brief)
        demo_cards.lay(self.session, self.scenarios, self.users["mona"])
        for told in story.TAKES:
            self._add_take(told)
        for model in story.EXEMPLARS:
            self.exemplars[model.key] = self._exemplar(model)
        for shelf in story.COLLECTIONS:
            self._add_collection(shelf)
        for feature in story.FEATURES:
            self._add_feature(feature)
        for drill in story.DRILLS:
            self._add_drill(drill)
        demo_coaching.add(self.session, self.takes, self.users, self._ago)
        demo_audience.add(self.session, self.exemplars, self.users, self._ago)
        self.session.flush()

    def _ago(self, days: float) -> datetime:
        return self.now - timedelta(days=days)

    def _add_people(self) -> None:
        for team in story.TEAMS:
            self.teams[team.key] = accounts.create_team(self.session, team.name)
        for person in story.PEOPLE:
            user = accounts.create_user(
                self.session, email=person.email, name=person.name, password=DEMO_PASSWORD
            )
            user.time_zone = person.time_zone
            self.users[person.key] = user
            for team_key, role in person.roles:
                accounts.join(self.session, user, self.teams[team_key], Role(role))

    def _scenario(self, brief: story.Scenario) -> Scenario:
        scenario = Scenario(
            team_id=self.teams[brief.team].id,
            title=brief.title,
            stage=Stage(brief.stage),
            buyer=brief.buyer,
            situation=brief.situation,
            prompt=brief.prompt,
            target_seconds=brief.target_seconds,
            rubric=rubrics.chosen(self.session, self.teams[brief.team].id, brief.rubric),
            created_by=self.users[brief.by],
            created_at=self._ago(brief.created_days_ago),
        )
        scenario.set_key_messages(list(brief.key_messages))
        scenario.set_beats([(beat.name, beat.target_seconds) for beat in brief.beats])
        self.session.add(scenario)
        self.session.flush()
        return scenario

    # --- takes and what was said about them ---------------------------------------------------

    def _add_take(self, told: story.Take) -> None:
        pitch = self._pitch(told)
        recorded_at = self._ago(told.recorded_days_ago)
        take = Take(
            pitch=pitch,
            recording=self._recording(told, recorded_at),
            uploaded_by_id=self._uploader(told).id,
            number=1 + sum(1 for other in self.takes.values() if other.pitch is pitch),
            created_at=recorded_at,
            shared_with_team=self._is_shared(told),
        )
        if told.consent_note:
            take.consent_note, take.consent_at = told.consent_note, recorded_at
        if told.submitted_days_ago is not None:
            take.round, take.submitted_at = told.round, self._ago(told.submitted_days_ago)
        self.session.add(take)
        self.session.flush()
        self.takes[told.clip] = take
        for review in told.reviews:
            self._add_review(take, told, review)
        for remark in told.remarks:
            self._add_remark(take, told, remark, None)
        demo_told.add(self.session, take, told, self.users, self._ago)
        intake.queue_step(self.session, take.recording, StepName.CHECK)

    def _uploader(self, told: story.Take) -> User:
        return self.users[told.uploaded_by or told.presenter or ""]

    def _pitch(self, told: story.Take) -> Pitch:
        key = (told.scenario, told.presenter or told.presenter_name)
        if key not in self.pitches:
            scenario = self.scenarios[told.scenario]
            self.pitches[key] = Pitch(
                team_id=scenario.team_id,
                scenario=scenario,
                presenter=self.users[told.presenter] if told.presenter else None,
                presenter_name=None if told.presenter else told.presenter_name,
                created_at=self._ago(told.recorded_days_ago),
            )
        return self.pitches[key]

    def _recording(self, told: story.Take, recorded_at: datetime) -> Recording:
        clip = story.clip(told.clip)
        recording_id, source_id = uuid4(), uuid4()
        key = f"recordings/{recording_id}/source/{source_id}"
        self.store.put_file(clip.path, key, "application/octet-stream")
        size = clip.path.stat().st_size
        source = Source(
            id=source_id,
            object_key=key,
            file_name=clip.path.name,
            content_type=_CONTENT_TYPES[clip.path.suffix],
            size_bytes=size,
            part_size=part_size_for(size),
            received_at=recorded_at,
        )
        recording = Recording(
            id=recording_id,
            recorded_by_id=self._uploader(told).id,
            sources=[source],
            steps=[],
            renditions=[],
            state=RecordingState.AWAITING_UPLOAD,
            duration_ms=clip.duration_ms,
            created_at=recorded_at,
        )
        recording.receive(recorded_at)
        return recording

    def _is_shared(self, told: story.Take) -> bool:
        """Reps speak only about takes that are shared with them."""
        reps = {p.key for p in story.PEOPLE if any(role == "rep" for _, role in p.roles)}
        return any(remark.by in reps and remark.by != told.presenter for remark in told.remarks)

    def _add_review(self, take: Take, told: story.Take, review: story.Review) -> None:
        published = review.published_days_ago
        row = Review(
            take=take,
            reviewer=self.users[review.by],
            state=ReviewState.DRAFT if published is None else ReviewState.PUBLISHED,
            one_thing=review.one_thing,
            rubric=take.pitch.scenario.rubric,
            scores=[],
            started_at=self._ago(review.started_days_ago),
            published_at=None if published is None else self._ago(published),
        )
        for criterion, value in zip(self._criteria(take), review.levels, strict=False):
            if value is not None:
                row.scores.append(Score(criterion=criterion, level=criterion.levels[value - 1]))
        self.session.add(row)
        for remark in review.remarks:
            self._add_remark(take, told, remark, row)

    def _add_remark(self, take: Take, told: story.Take, remark: story.Remark, review: Review | None) -> None:
        at_ms, until_ms = story.moment(story.clip(told.clip), remark.on, remark.through)
        criteria = {criterion.name: criterion for criterion in self._criteria(take)}
        is_held = review is not None and not review.is_published
        comment = Comment(
            take=take,
            review=review,
            author=self.users[remark.by],
            at_ms=at_ms,
            until_ms=until_ms,
            kind=_KINDS[remark.kind],
            body=remark.words,
            instead=remark.instead,
            criterion=criteria[remark.criterion] if remark.criterion else None,
            created_at=self._ago(remark.days_ago),
            published_at=None if is_held else self._ago(remark.days_ago),
            reactions=[],
        )
        if remark.helped:
            presenter = self.users[told.presenter or ""]
            comment.reactions.append(
                Reaction(user=presenter, kind=ReactionKind.HELPFUL, reason=remark.helped)
            )
        self.session.add(comment)
        self.session.flush()
        self.session.add_all(self._replies(comment, remark))

    def _criteria(self, take: Take) -> list[Criterion]:
        rubric = take.pitch.scenario.rubric
        return [] if rubric is None else rubric.criteria

    def _replies(self, comment: Comment, remark: story.Remark) -> Iterator[Comment]:
        for reply in remark.replies:
            yield Comment(
                take=comment.take,
                author=self.users[reply.by],
                parent_id=comment.id,
                body=reply.words,
                created_at=self._ago(reply.days_ago),
            )

    # --- the library ----------------------------------------------------------------------------

    def _exemplar(self, model: story.Exemplar) -> Exemplar:
        take = self.takes[model.clip]
        from_ms, until_ms = story.span(model) or (None, None)
        held_up_at = self._ago(model.days_ago)
        exemplar = Exemplar(
            team_id=take.pitch.team_id,
            take=take,
            held_up_by=self.users[model.by],
            from_ms=from_ms,
            until_ms=until_ms,
            title=model.title,
            why=model.why,
            consent=ConsentState.ASKED if model.is_draft else ConsentState.GIVEN,
            consent_at=None if model.is_draft else held_up_at,
            created_at=held_up_at,
            published_at=None if model.is_draft else held_up_at,
            contrast_to=self.exemplars[model.beside] if model.beside else None,
            shares=[],
            commentary=[],
            tags=[],
        )
        self.session.add(exemplar)
        exemplar.commentary = [self._thought(take, model, thought) for thought in model.thoughts]
        exemplar.set_tags(
            tagging.tags_for(self.session, exemplar.team_id, tagging.read(", ".join(model.tags)))
        )
        listing.keep(self.session, exemplar)
        if model.hear_it_at:
            by_them = Comment.author_id == self.users[model.by].id
            named = update(Comment).where(by_them, Comment.body.startswith(model.hear_it_at))
            self.session.execute(named.values(exemplar_id=exemplar.id))
        return exemplar

    def _thought(self, take: Take, model: story.Exemplar, thought: story.Thought) -> Commentary:
        assert take.pitch.presenter is not None
        at_ms, _ = story.moment(story.clip(model.clip), thought.on)
        return Commentary(
            author=take.pitch.presenter,
            at_ms=at_ms,
            thought=thought.words,
            unsaid=thought.unsaid,
            created_at=self._ago(model.days_ago - 0.2),
        )

    def _add_collection(self, shelf: story.Collection) -> None:
        collection = Collection(
            team_id=self.teams[shelf.team].id,
            title=shelf.title,
            description=shelf.description,
            created_by=self.users[shelf.by],
            items=[],
        )
        for key in shelf.exemplars:
            collection.put(self.exemplars[key])
        self.session.add(collection)

    def _add_feature(self, feature: story.Feature) -> None:
        monday = featuring.monday_of(self.now.date()) + timedelta(weeks=feature.weeks_ahead)
        self.session.add(
            Feature(
                team_id=self.teams[feature.team].id,
                week=monday,
                exemplar=self.exemplars[feature.exemplar],
                note=feature.note,
                chosen_by=self.users[feature.by],
            )
        )

    def _add_drill(self, drill: story.Drill) -> None:
        scenario = self.scenarios[drill.scenario]
        self.session.add(
            Drill(
                team_id=scenario.team_id,
                scenario=scenario,
                focus=drill.focus,
                note=drill.note,
                due_at=self.now + timedelta(days=drill.due_in_days),
                due_on=(self.now + timedelta(days=drill.due_in_days)).date(),
                created_by=self.users[drill.by],
                created_at=self._ago(drill.set_days_ago),
            )
        )
