"""Makes rows for tests: every argument that a test does not care about has a sensible value."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import accounts, listing, tagging
from pitchreview.models import (
    Collection,
    Comment,
    CommentKind,
    ConsentState,
    Criterion,
    Drill,
    Exemplar,
    Level,
    LiveSegment,
    Phrase,
    Pitch,
    Recording,
    RecordingState,
    Rendition,
    RenditionKind,
    Review,
    ReviewState,
    Role,
    Rubric,
    Scenario,
    Source,
    SourceRole,
    Stage,
    Step,
    StepName,
    StepState,
    Take,
    Team,
    User,
    WarmUp,
)
from pitchreview.store import ObjectStore, part_size_for

DURATION_MS = 90_000


class Factory:
    def __init__(self, session: Session, store: ObjectStore) -> None:
        self.session = session
        self.store = store

    def _save(self, thing: Any) -> Any:
        self.session.add(thing)
        self.session.flush()
        return thing

    # --- people -------------------------------------------------------------------------------

    def team(self, name: str = "EMEA mid-market") -> Team:
        return accounts.create_team(self.session, name)

    def user(
        self,
        name: str = "Ada Lindqvist",
        team: Team | None = None,
        role: Role = Role.REP,
        *,
        password: str | None = None,
        is_operator: bool = False,
    ) -> User:
        email = f"{name.split()[0].lower()}@example.com"
        user = accounts.create_user(
            self.session, email=email, name=name, password=password, is_operator=is_operator
        )
        if team is not None:
            accounts.join(self.session, user, team, role)
        return user

    # --- scenarios and takes --------------------------------------------------------------------

    def scenario(self, team: Team, title: str = "We already have a vendor", **more: Any) -> Scenario:
        values = {"stage": Stage.OBJECTION, "prompt": "We already have a vendor.", "target_seconds": 90}
        scenario = Scenario(team_id=team.id, title=title, **values | more)
        scenario.set_key_messages(["Ask before telling", "One next step"])
        scenario.set_beats([("Hook", 15), ("Value", 45), ("Next step", 30)])
        return self._save(scenario)

    def drill(
        self,
        scenario: Scenario,
        by: User,
        *,
        due_in: timedelta = timedelta(days=3),
        limit_seconds: int | None = None,
    ) -> Drill:
        return self._save(
            Drill(
                team_id=scenario.team_id,
                scenario=scenario,
                focus="Asks before telling",
                due_at=db.now() + due_in,
                due_on=(db.now() + due_in).date(),
                limit_seconds=limit_seconds,
                created_by=by,
            )
        )

    def rubric(self, team: Team, *names: str, levels: int = 4) -> Rubric:
        """Criteria of these names, each with so many levels."""
        criteria = [
            Criterion(
                position=position,
                name=name,
                levels=[Level(value=value, name=f"Level {value}") for value in range(1, levels + 1)],
            )
            for position, name in enumerate(names)
        ]
        return self._save(Rubric(team_id=team.id, name="Ours", criteria=criteria))

    def warm_up(self, user: User, scenario: Scenario, **more: Any) -> WarmUp:
        """One that is due now."""
        team = self.session.get_one(Team, scenario.team_id)
        criterion = self.rubric(team, "Opening").criteria[0]
        values = {"due_at": db.now(), "step": 0, "runs": []}
        return self._save(
            WarmUp(
                team_id=team.id,
                user=user,
                scenario=scenario,
                criterion=criterion,
                line_id=criterion.line_id,
                **values | more,
            )
        )

    def pitch(self, scenario: Scenario, presenter: User | str) -> Pitch:
        if isinstance(presenter, str):
            return self._save(Pitch(team_id=scenario.team_id, scenario=scenario, presenter_name=presenter))
        known = self.session.scalar(
            select(Pitch).where(Pitch.scenario_id == scenario.id, Pitch.presenter_id == presenter.id)
        )
        return known or self._save(Pitch(team_id=scenario.team_id, scenario=scenario, presenter=presenter))

    def recording(self, state: RecordingState = RecordingState.READY, **more: Any) -> Recording:
        """A recording in any state, with rows for what that state implies (but no objects)."""
        recording = Recording(id=uuid4(), state=state, sources=[], steps=[], renditions=[], **more)
        recording.sources = [self._source(recording)]
        if state is not RecordingState.AWAITING_UPLOAD:
            recording.received_at = recording.sources[0].received_at = db.now()
            recording.sources[0].upload_id = None
        if recording.is_playable:
            self._play(recording)
        if state is RecordingState.BROKEN:
            recording.reason = "The file is cut off."
        return self._save(recording)

    def live_segment(self, recording: Recording, sequence: int = 0, attempt: int = 1) -> LiveSegment:
        """A stretch of the lowest rung, as it is published while the rung is made (but no object)."""
        segment = LiveSegment(
            recording=recording,
            attempt=attempt,
            sequence=sequence,
            object_key=f"{recording.folder}open/attempt-{attempt}/live/{sequence}.mp4",
            duration_ms=2000 if sequence else 0,
        )
        return self._save(segment)

    def add_screen(self, recording: Recording) -> Source:
        """As if a screen had been recorded beside the camera."""
        source = self._source(recording)
        source.role, source.received_at, source.upload_id = SourceRole.SCREEN, db.now(), None
        recording.sources.append(source)
        return source

    def _source(self, recording: Recording) -> Source:
        source_id, size = uuid4(), 20_000_000
        return Source(
            id=source_id,
            object_key=f"recordings/{recording.id}/source/{source_id}",
            file_name="pitch.mp4",
            content_type="video/mp4",
            size_bytes=size,
            part_size=part_size_for(size),
            upload_id="an-upload",
        )

    def _play(self, recording: Recording) -> None:
        recording.duration_ms, recording.width, recording.height = DURATION_MS, 1280, 720
        recording.has_video = recording.has_audio = True
        recording.playable_at = db.now()
        recording.steps = [self._step(StepName.CHECK, StepState.DONE)]
        recording.renditions = [
            self._rendition(recording, RenditionKind.COPY),
            self._rendition(recording, RenditionKind.POSTER, content_type="image/jpeg"),
        ]
        if recording.state is RecordingState.READY:
            recording.ready_at = db.now()
            recording.steps.append(self._step(StepName.ENCODE, StepState.DONE))
            recording.renditions += [
                self._rendition(recording, RenditionKind.RUNG, rung=360, layout=RUNG_LAYOUT),
                self._rendition(recording, RenditionKind.RUNG, rung=720, layout=RUNG_LAYOUT),
                self._rendition(
                    recording, RenditionKind.STORYBOARD, content_type="image/jpeg", layout=BOARD_LAYOUT
                ),
            ]
        else:
            recording.steps.append(self._step(StepName.ENCODE, StepState.WAITING, attempt=0))

    def _step(self, name: StepName, state: StepState, attempt: int = 1) -> Step:
        return Step(name=name, state=state, attempt=attempt, percent=100 if attempt else 0, failures=0)

    def _rendition(self, recording: Recording, kind: RenditionKind, **more: Any) -> Rendition:
        rung = more.pop("rung", 0)
        values = {
            "content_type": "video/mp4",
            "size_bytes": 1000,
            "width": rung * 16 // 9 or 640,
            "height": rung or 360,
            "duration_ms": DURATION_MS,
            "bitrate": 800_000,
            "codecs": "avc1.64001f,mp4a.40.2",
        }
        key = f"recordings/{recording.id}/made/attempt-1/{kind}-{rung}"
        return Rendition(kind=kind, rung=rung, attempt=1, object_key=key, **values | more)

    def take(
        self,
        presenter: User | str,
        scenario: Scenario,
        *,
        submitted: bool = True,
        shared: bool = False,
        state: RecordingState = RecordingState.READY,
        uploaded_by: User | None = None,
        recording: Recording | None = None,
    ) -> Take:
        pitch = self.pitch(scenario, presenter)
        known = self.session.scalars(select(Take).where(Take.pitch_id == pitch.id)).all()
        uploader = uploaded_by or (None if isinstance(presenter, str) else presenter)
        recording = recording or self.recording(state)
        recording.recorded_by_id = uploader and uploader.id
        take = Take(
            pitch=pitch,
            recording=recording,
            uploaded_by_id=uploader and uploader.id,
            number=len(known) + 1,
            shared_with_team=shared,
        )
        if isinstance(presenter, str) or (uploaded_by is not None and uploaded_by != presenter):
            take.consent_note, take.consent_at = "By e-mail on 3 May", db.now()
        if submitted:
            take.submit(1 + max((other.round or 0 for other in known), default=0), db.now())
        return self._save(take)

    # --- feedback -----------------------------------------------------------------------------

    def comment(self, take: Take, author: User, body: str = "Ask first.", **more: Any) -> Comment:
        values = {"at_ms": 12_000, "kind": CommentKind.TRY_INSTEAD}
        return self._save(Comment(take=take, author=author, body=body, edits=[], **values | more))

    def reply(self, parent: Comment, author: User, body: str = "I will try it.") -> Comment:
        return self._save(Comment(take=parent.take, author=author, parent_id=parent.id, body=body, edits=[]))

    def phrase(self, user: User, body: str = "Ask one question first.") -> Phrase:
        return self._save(Phrase(user_id=user.id, body=body))

    def spoken(self, author: User, state: RecordingState = RecordingState.READY, **more: Any) -> Recording:
        """A recorded reply that no comment carries yet."""
        return self.recording(state, recorded_by_id=author.id, is_reply=True, **more)

    def review(self, take: Take, reviewer: User, *, published: bool = True) -> Review:
        review = Review(take=take, reviewer=reviewer, state=ReviewState.DRAFT)
        if published:
            review.publish("Ask one question before you name a feature.", db.now())
        return self._save(review)

    # --- library ------------------------------------------------------------------------------

    def exemplar(
        self,
        take: Take,
        by: User,
        *,
        consent: ConsentState = ConsentState.GIVEN,
        title: str = "Handing the price back as a question",
        tags: tuple[str, ...] = ("Objection", "CFO"),
        **more: Any,
    ) -> Exemplar:
        exemplar = Exemplar(
            team_id=take.pitch.team_id,
            take=take,
            held_up_by=by,
            title=title,
            why="She names the range and then stays silent.",
            consent=consent,
            tags=[],
            shares=[],
            commentary=[],
            **{"published_at": db.now()} | more,
        )
        self._save(exemplar)
        named = tagging.read(", ".join(tags))
        exemplar.set_tags(tagging.tags_for(self.session, exemplar.team_id, named))
        listing.keep(self.session, exemplar)
        return exemplar

    def collection(self, team: Team, by: User, *exemplars: Exemplar) -> Collection:
        collection = Collection(team_id=team.id, title="First week", created_by=by, items=[], shared_with=[])
        for exemplar in exemplars:
            collection.put(exemplar)
        return self._save(collection)


RUNG_LAYOUT = {"init": [0, 800], "segments": [[800, 5000, 2000], [5800, 5000, 2000]]}
BOARD_LAYOUT = {
    "columns": 10,
    "rows": 5,
    "tile_width": 160,
    "tile_height": 90,
    "interval_ms": 2000,
    "count": 45,
}
