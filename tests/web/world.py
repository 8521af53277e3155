"""A small world in which everything exists once, for tables of who may do what.

Each thing is named by a word and knows the values that its addresses need. Requests made through
`World.ask` are undone afterwards, so that one world serves a whole table.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from pitchreview import db
from pitchreview.actions import (
    accounts,
    committing,
    disputing,
    flagging,
    intake,
    messages,
    rubrics,
    subscribing,
    tagging,
    withdrawing,
)
from pitchreview.actions.committing import Proposal
from pitchreview.actions.messages import Card
from pitchreview.actions.ready_rubrics import CONVERSATION
from pitchreview.config import Settings
from pitchreview.models import (
    Absence,
    Assignment,
    AssignmentOrigin,
    Calibration,
    Collection,
    Commentary,
    Conflict,
    ConsentState,
    Criterion,
    DrillPerson,
    Exemplar,
    ExemplarShare,
    Level,
    MessageKind,
    MissedSearch,
    Notification,
    NotificationKind,
    Pack,
    PackItem,
    Recording,
    RecordingState,
    Rendition,
    RenditionKind,
    Request,
    Review,
    ReviewState,
    Role,
    Rubric,
    Scenario,
    Score,
    Series,
    Source,
    Standard,
    StandardScore,
    StepName,
    Take,
    Team,
    User,
)
from pitchreview.web.auth import SignedIn
from pitchreview.web.context import Services
from tests.factories import Factory
from tests.sending import put

PASSWORD = "a-long-password"
SIGNED_OUT = "signed out"
# Of the rubric of the take "submitted", for forms that name them.
CRITERION_ID, LEVEL_ID = uuid4(), uuid4()
# Of the take "reviewed", with a level that Ada has not disputed yet.
UNDISPUTED_ID, UNDISPUTED_LEVEL_ID, REVIEW_ID = uuid4(), uuid4(), uuid4()


@dataclass
class World:
    app: Flask
    engine: Engine
    people: dict[str, User | None]
    cookies: dict[str, str]
    things: dict[str, dict[str, Any]] = field(default_factory=dict)

    def address(self, endpoint: str, thing: str = "") -> str:
        adapter = self.app.url_map.bind("localhost")
        return adapter.build(endpoint, self.things[thing] if thing else {}, self.method(endpoint))

    def method(self, endpoint: str) -> str:
        (rule,) = self.app.url_map.iter_rules(endpoint)
        (method,) = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        return str(method)

    def client(self, who: str) -> FlaskClient:
        client = self.app.test_client()
        if who in self.cookies:
            name = self.app.config["SESSION_COOKIE_NAME"]
            client.set_cookie(name, self.cookies[who])
        return client

    def ask(self, who: str, endpoint: str, thing: str = "", **sent: Any) -> TestResponse:
        """One request; whatever it changes is undone."""
        with self.undone():
            response = self.client(who).open(
                self.address(endpoint, thing), method=self.method(endpoint), **sent
            )
            response.close()
            return response

    @contextmanager
    def undone(self) -> Iterator[Session]:
        """Every commit of the application inside is a savepoint of one transaction, which is rolled back."""
        services: Services = self.app.extensions["pitchreview"]
        with self.engine.connect() as connection:
            transaction = connection.begin()
            services.sessions.configure(bind=connection, join_transaction_mode="create_savepoint")
            try:
                with services.sessions() as session:
                    yield session
            finally:
                transaction.rollback()
                services.sessions.configure(bind=self.engine, join_transaction_mode="conditional_savepoint")


class Builder:
    """Makes the world in one committed transaction."""

    def __init__(self, app: Flask, session: Session, settings: Settings) -> None:
        services: Services = app.extensions["pitchreview"]
        self.make = Factory(session, services.store)
        self.session, self.settings, self.store = session, settings, services.store
        self.team: Team = self.make.team("EMEA mid-market")
        self.world = World(app, services.engine, {SIGNED_OUT: None}, {})

    def build(self) -> World:
        self._people()
        self._briefs()
        self._takes()
        self._comments()
        self._asking()
        self._agreeing()
        self._queues()
        self._library()
        self._comparing()
        self._uploads()
        self._accounts()
        self.session.commit()
        return self.world

    def _people(self) -> None:
        other_team = self.make.team("Partner sales")
        password_hash = accounts.hash_password(PASSWORD)
        cast = (
            ("Zoe Park", other_team, Role.MANAGER),
            ("Ada Lindqvist", self.team, Role.REP),
            ("Jonas Weber", self.team, Role.REP),
            ("Cole Okafor", self.team, Role.COACH),
            ("Mona Ruiz", self.team, Role.MANAGER),
            ("Olga Berg", None, Role.REP),
        )
        for name, team, role in cast:
            person = self.make.user(name, team, role, is_operator=name == "Olga Berg")
            person.password_hash = password_hash
            self.world.people[name.split()[0].lower()] = person
        self.session.commit()
        for who, user in self.world.people.items():
            if user is not None:
                self.world.cookies[who] = cookie_of(self.world.app, self.session, user)

    def person(self, who: str) -> User:
        person = self.world.people[who]
        assert person is not None
        return person

    def _briefs(self) -> None:
        scenario = self.make.scenario(self.team)
        self._name("scenario", scenario_id=scenario.id)
        self._name("ada", user_id=self.person("ada").id)
        self._name("drill", drill_id=self.make.drill(scenario, self.person("mona")).id)
        self._drills(scenario)
        self._name("team", team_id=self.team.id)
        mona = self.person("mona")
        card = Card(MessageKind.VALUE, "Half the month-end", "Four days instead of nine.")
        self._name("message", message_id=messages.write(self.session, self.team.id, card, mona).id)
        kept = messages.write(self.session, self.team.id, replace(card, name="Kept by Cole"), mona)
        kept.owner = self.person("cole")
        self._name("message that cole keeps", message_id=kept.id)
        rubric = rubrics.use_ready(self.session, self.team.id, CONVERSATION)
        self._name("rubric", rubric_id=rubric.id)

    def _drills(self, scenario: Scenario) -> None:
        """One for Ada alone, one that is not open yet, a series; and what Ada practises by herself."""
        ada, mona = self.person("ada"), self.person("mona")
        for_ada, later = self.make.drill(scenario, mona), self.make.drill(scenario, mona)
        for_ada.for_team, for_ada.people = False, [DrillPerson(user=ada)]
        later.opens_at = db.now() + timedelta(days=1)
        later.series, later.part = Series(team_id=self.team.id, name="Price talk"), 1
        warm_up = self.make.warm_up(ada, scenario)
        ada.calendar_token = "of-ada"
        self.session.flush()
        self._name("drill for ada", drill_id=for_ada.id)
        self._name("drill that opens later", drill_id=later.id)
        self._name("series", series_id=later.series_id)
        self._name("ada's warm-up", warm_up_id=warm_up.id)
        self._name("ada's calendar", token="of-ada")
        self._name("a calendar of nobody", token="of-nobody")

    def _takes(self) -> None:
        ada, mona = self.person("ada"), self.person("mona")
        self.submitted = self._take("submitted", ada)
        level = Level(id=LEVEL_ID, value=1, name="Not yet")
        criterion = Criterion(id=CRITERION_ID, position=0, name="Opening", levels=[level])
        another = Criterion(
            id=UNDISPUTED_ID,
            position=1,
            name="Close",
            levels=[Level(id=UNDISPUTED_LEVEL_ID, value=1, name="Not yet")],
        )
        rubric = Rubric(team_id=self.team.id, name="Ours", criteria=[criterion, another])
        self.submitted.pitch.scenario.rubric = rubric
        self._take("practice", ada, submitted=False)
        with_screen = self._take("practice with a screen", ada, submitted=False)
        self.make.add_screen(with_screen.recording)
        self.shared = self._take("shared", ada, shared=True)
        broken = self._take("broken", ada, submitted=False, state=RecordingState.BROKEN)
        broken.recording.step(StepName.CHECK).fail("It is cut off.", db.now())
        self._take("in work", ada, state=RecordingState.PLAYABLE)
        self._take("deleted", ada).deleted_at = db.now()
        self._take("guest's", "Grace Hall", uploaded_by=mona)
        self._take("uploaded for ada", ada, uploaded_by=mona)
        self._take("practice uploaded for ada", ada, submitted=False, uploaded_by=mona)
        on_its_way = {"uploaded_by": mona, "state": RecordingState.AWAITING_UPLOAD}
        self._take("on its way for ada", ada, **on_its_way)

    def _take(self, name: str, presenter: User | str, **more: Any) -> Take:
        """A take on a scenario of its own, with the addresses of its recording."""
        take = self.make.take(presenter, self.make.scenario(self.team, f"Scenario, {name}"), **more)
        self._name(name, take_id=take.id)
        self._name(f"draft, {name}", take_id=take.id, spot="comment")
        self._name(f"pitch, {name}", pitch_id=take.pitch_id)
        for kind in ("vtt", "csv", "jsonld", "edl"):
            self._name(f"{kind} of {name}", take_id=take.id, kind=kind)
        self._name(f"live, {name}", topic=[f"take:{take.id}", f"recording:{take.recording_id}"])
        source_id = take.recording.sources[0].id if take.recording.sources else None
        self._name(f"file as sent, {name}", take_id=take.id, source_id=source_id)
        for rung in self._media(name, take.recording):
            self._name(f"rung of a file, {name}", take_id=take.id, rendition_id=rung.id)
        return take

    def _media(self, name: str, recording: Recording) -> list[Rendition]:
        """The addresses of a recording; answers its rungs."""
        self._name(f"recording, {name}", recording_id=recording.id)
        rungs = [r for r in recording.renditions if r.kind is RenditionKind.RUNG]
        for rung in rungs:
            self._name(f"rung, {name}", recording_id=recording.id, rendition_id=rung.id)
        if rungs:
            self.make.live_segment(recording, 0)
            segment = self.make.live_segment(recording, 1)
            self._name(f"segment, {name}", recording_id=recording.id, segment_id=segment.id)
        return rungs

    def _comments(self) -> None:
        cole, jonas, ada = self.person("cole"), self.person("jonas"), self.person("ada")
        deleted = self.make.comment(self.submitted, cole, deleted_at=db.now())
        for name, comment in (
            ("cole's comment", self.make.comment(self.submitted, cole)),
            ("ada's comment", self.make.comment(self.submitted, ada)),
            ("cole's deleted comment", deleted),
            ("cole's draft comment", self.make.comment(self.submitted, cole, published_at=None)),
            ("jonas's comment", self.make.comment(self.shared, jonas)),
        ):
            self._name(name, comment_id=comment.id)
        draft = self.make.comment(self.submitted, cole, published_at=None)
        self._name("cole's draft", comment_id=draft.id)
        self._name("cole's phrase", phrase_id=self.make.phrase(cole).id)
        for kind in ("unposted", "posted", "deleted"):
            spoken = self.make.spoken(cole)
            self._media(f"cole's {kind} reply", spoken)
            self._name(f"upload of cole's {kind} reply", source_id=spoken.sources[0].id)
            if kind != "unposted":
                deleted_at = db.now() if kind == "deleted" else None
                self.make.comment(self.submitted, cole, recording=spoken, deleted_at=deleted_at)

    def _asking(self) -> None:
        """Ada asked Jonas and Cole about a take of hers, and each of them hears of it."""
        ada, jonas, cole = self.person("ada"), self.person("jonas"), self.person("cole")
        take = self._take("asked about", ada)
        for person in (jonas, cole):
            request = Request(take=take, asked_by=ada, asked=person, question="Is it too long?")
            told = Notification(user=person, kind=NotificationKind.REQUEST, take=take, actor=ada)
            self.session.add_all([request, told])
            self.session.flush()
            self._name(f"request to {person.first_name.lower()}", request_id=request.id)
            self._name(f"what {person.first_name.lower()} hears", notification_id=told.id)
        secret = self.settings.secret_key.get_secret_value()
        self._name("link in a letter to jonas", token=subscribing.token_of(jonas, secret))
        weekly = subscribing.token_of(jonas, secret, subscribing.DIGEST)
        self._name("link in a weekly letter to jonas", token=weekly)
        self._name("live, jonas", topic=[f"user:{jonas.id}"])

    def _agreeing(self) -> None:
        """Cole reviewed a take of Ada's: a proposal, a level that she disputes, a comment that she flags."""
        ada, cole = self.person("ada"), self.person("cole")
        rubric = self.submitted.pitch.scenario.rubric
        assert rubric is not None
        take = self._take("reviewed", ada)
        self.session.flush()
        scores = [Score(criterion=each, level=each.levels[0]) for each in rubric.criteria]
        review = Review(id=REVIEW_ID, take=take, reviewer=cole, rubric=rubric, scores=scores)
        review.publish("Ask first.", db.now())
        self.session.add(review)
        committing.propose(self.session, review, [Proposal("Wait.", criterion_id=CRITERION_ID)])
        (proposal,) = committing.proposals_of(self.session, review)
        own = committing.write(self.session, take, ada, Proposal("Smile.", at_ms=1000))
        later = self._take("later", ada)
        dispute = disputing.dispute(self.session, review, CRITERION_ID, ada, "I do ask.")
        hurtful = self.make.comment(take, cole, "As always.")
        flag = flagging.flag(self.session, hurtful, ada, "It hurts.")
        withdrawn = self.make.review(self._take("review taken back", ada), cole)
        withdrawing.withdraw(self.session, withdrawn, "Too quick.")
        self._name("cole's review", review_id=review.id)
        self._name("cole's review that he took back", review_id=withdrawn.id)
        self._name("cole's proposal", commitment_id=proposal.id)
        self._name("ada's commitment", commitment_id=own.id)
        self._name("ada's commitment in her later take", take_id=later.id, commitment_id=own.id)
        self._name("ada's dispute", dispute_id=dispute.id)
        self._name("ada's flag", flag_id=flag.id)

    def _queues(self) -> None:
        """Takes that are somebody's to review, a standard, a silent check, and who does not meet whom."""
        ada, jonas, cole = self.person("ada"), self.person("jonas"), self.person("cole")
        until = db.now() + timedelta(days=3)
        for name, reviewer, origin in (
            ("cole's assignment", cole, AssignmentOrigin.SHARED_OUT),
            ("jonas's assignment", jonas, AssignmentOrigin.SHARED_OUT),
            ("cole's check", cole, AssignmentOrigin.CHECK),
        ):
            take = self._take(f"take of {name}", ada)
            held = Assignment(take=take, reviewer=reviewer, origin=origin, minutes=3, leased_until=until)
            self.session.add(held)
            self.session.flush()
            self._name(name, assignment_id=held.id)
        rubric = self.submitted.pitch.scenario.rubric
        checked = self._take("checked take", ada)
        for name, take, is_check in (("standard", self.submitted, False), ("check standard", checked, True)):
            answers = ((CRITERION_ID, LEVEL_ID), (UNDISPUTED_ID, UNDISPUTED_LEVEL_ID))
            expected = [
                StandardScore(criterion_id=criterion_id, level_id=level_id, reason="See 0:12.")
                for criterion_id, level_id in answers
            ]
            standard = Standard(
                team_id=self.team.id, take=take, rubric=rubric, is_check=is_check, scores=expected
            )
            tried = Calibration(standard=standard, user=cole, is_silent=is_check, scores=[])
            self.session.add_all([standard, tried])
            self.session.flush()
            self._name(name, standard_id=standard.id)
            self._name(f"cole's try of the {name}", calibration_id=tried.id)
        self.make.review(checked, cole, published=False).state = ReviewState.CHECKED
        low, high = sorted((ada.id, jonas.id))
        conflict = Conflict(team_id=self.team.id, one_id=low, other_id=high)
        absence = Absence(user=ada, from_on=until.date(), until_on=until.date())
        self.session.add_all([conflict, absence])
        self.session.flush()
        self._name("conflict", conflict_id=conflict.id)
        self._name("ada's day off", absence_id=absence.id)

    def _library(self) -> None:
        ada, mona = self.person("ada"), self.person("mona")
        shelf = self.make.collection(self.team, mona)
        for state in ConsentState:
            take = self._take(f"{state} take", ada)
            exemplar = self.make.exemplar(take, mona, consent=state)
            shelf.put(exemplar)
            self._name(f"{state} exemplar", exemplar_id=exemplar.id)
        gone = self.make.exemplar(self._take("taken down take", ada), mona, taken_down_at=db.now())
        self._name("taken down exemplar", exemplar_id=gone.id)
        later = db.now() + timedelta(days=1)
        for name, more in (
            ("draft", {"published_at": None}),
            ("scheduled", {"published_at": later}),
            ("lapsed", {"leaving_asked_at": db.now() - timedelta(days=31)}),
        ):
            exemplar = self.make.exemplar(self._take(f"{name} exemplar's take", ada), mona, **more)
            self._name(f"{name} exemplar", exemplar_id=exemplar.id)
        partners = self.person("zoe").memberships[0].team
        for state in (ConsentState.ASKED, ConsentState.GIVEN):
            take = self._take(f"take with partners {state}", ada)
            exemplar = self.make.exemplar(take, mona)
            exemplar.shares.append(ExemplarShare(team=partners, consent=state))
            self._name(f"exemplar with partners {state}", exemplar_id=exemplar.id)
            self._name(f"partners {state}", exemplar_id=exemplar.id, team_id=partners.id)
        of_deleted = self._take("held up and deleted take", ada)
        exemplar = self.make.exemplar(of_deleted, mona)
        of_deleted.deleted_at = db.now()
        self._name("exemplar of a deleted take", exemplar_id=exemplar.id)
        taken_back = self._take("taken back take", ada)
        exemplar = self.make.exemplar(taken_back, mona)
        taken_back.take_back()
        self._name("exemplar of a taken back take", exemplar_id=exemplar.id)
        self._name("collection", collection_id=shelf.id)
        self._curated(shelf, partners)
        self._clips_and_thoughts()
        self._packs()

    def _curated(self, shelf: Collection, partners: Team) -> None:
        """A shelf that partners see as well, a tag, a week, and what is looked for in vain."""
        mona = self.person("mona")
        self._name("moment on a shelf", collection_id=shelf.id, exemplar_id=shelf.items[0].exemplar_id)
        shared = self.make.collection(self.team, mona)
        shared.shared_with.append(partners)
        self.session.flush()
        self._name("shared collection", collection_id=shared.id)
        self._name("collection for partners", collection_id=shared.id, team_id=partners.id)
        self._name("tag", tag_id=tagging.vocabulary(self.session, self.team.id)[0].id)
        self._name("a week", week="2026-01-05")
        self.session.add(MissedSearch(team_id=self.team.id, key="price", words="price"))

    def _clips_and_thoughts(self) -> None:
        """What was cut out of exemplars and spoken over them, for each state of consent."""
        ada = self.person("ada")
        for state in ConsentState:
            exemplar_id = self.world.things[f"{state} exemplar"]["exemplar_id"]
            exemplar = self.session.get_one(Exemplar, exemplar_id)
            exemplar.clip, spoken = self.make.recording(), self.make.spoken(ada)
            told = Commentary(exemplar=exemplar, author=ada, at_ms=0, thought="Wait.", recording=spoken)
            self.session.add(told)
            self.session.flush()
            self._media(f"clip of the {state} exemplar", exemplar.clip)
            self._media(f"spoken over the {state} exemplar", spoken)
            self._name(f"thought on the {state} exemplar", exemplar_id=exemplar_id, commentary_id=told.id)

    def _packs(self) -> None:
        ada, later = self.person("ada"), db.now() + timedelta(days=1)
        given = self.session.get_one(Exemplar, self.world.things["given exemplar"]["exemplar_id"])
        pack = Pack(
            user_id=ada.id,
            team_id=self.team.id,
            tags=[],
            expires_at=later,
            items=[PackItem(exemplar=given, position=0)],
        )
        over = Pack(user_id=ada.id, team_id=self.team.id, tags=[], expires_at=db.now(), items=[])
        self.session.add_all([pack, over])
        self.session.flush()
        self._name("ada's pack", pack_id=pack.id)
        self._name("ada's pack that is over", pack_id=over.id)

    def _comparing(self) -> None:
        """Each take and exemplar, beside one that the whole team sees."""
        right = f"take:{self.shared.id}"
        for name, values in list(self.world.things.items()):
            if set(values) == {"exemplar_id"}:
                left = f"exemplar:{values['exemplar_id']}"
                self._name(f"{name} beside the shared take", left=left, right=right)
            elif set(values) == {"take_id"}:
                left, side = f"take:{values['take_id']}", name.removesuffix(" take")
                self._name(f"{side} take beside the shared take", left=left, right=right)

    def _uploads(self) -> None:
        for name in ("open upload", "dropped upload", "whole upload"):
            source = self._upload(b"0123456789")
            self._name(name, source_id=source.id)
        for name in ("growing upload", "grown upload"):
            source = self._upload(b"0123456789", grows=True)
            self._name(name, source_id=source.id)
            self._name(f"take of a {name}", take_id=self._take_of(source).id)

    def _take_of(self, source: Source) -> Take:
        return self.session.scalars(select(Take).where(Take.recording_id == source.recording_id)).one()

    def _upload(self, content: bytes, *, grows: bool = False) -> Source:
        ada = self.person("ada")
        file = intake.NewFile("pitch.mp4", None if grows else len(content), "video/mp4", "")
        plan = intake.plan_upload(self.session, self.settings, ada, file)
        upload_id = intake.open_upload(self.store, plan)
        pitch = self.make.pitch(self.make.scenario(self.team), ada)
        take = intake.save_upload(self.session, plan, upload_id, pitch=pitch, uploader=ada)
        source = take.recording.sources[0]
        put(intake.sign_parts(self.store, self.settings, source, [1], host="localhost")[1], content)
        return source

    def _accounts(self) -> None:
        mona, jonas = self.person("mona"), self.person("jonas")
        former = self.make.user("Fay Former", self.team)
        former.memberships[0].ended_at = db.now()
        self._name("former membership", membership_id=former.memberships[0].id)
        self._name("jonas's membership", membership_id=jonas.memberships[0].id)
        (invited,) = accounts.invite(self.session, self.team, ["nina@example.com"], Role.REP, inviter=mona)
        (invitation,) = accounts.open_invitations(self.session, self.team)
        self._name("invitation", invitation_id=invitation.id)
        self._name("invitation link", token=invited.token)
        self._name("reset link", token=accounts.make_reset(self.session, jonas))
        welcome = accounts.welcome_token(self.settings.secret_key.get_secret_value())
        self._name("welcome link", token=welcome)
        self._name("jonas", user_id=jonas.id)
        opened = accounts.open_session(self.session, self.person("ada"), address="", browser="phone")
        self._name("ada's other session", session_id=opened.user_session.id)

    def _name(self, name: str, **values: UUID | str | list[str] | None) -> None:
        self.world.things[name] = values


def signed_in(app: Flask, session: Session, user: User) -> FlaskClient:
    """A browser of this application in which this person is signed in."""
    client = app.test_client()
    client.set_cookie(
        app.config["SESSION_COOKIE_NAME"],
        cookie_of(app, session, user),
        secure=bool(app.config["SESSION_COOKIE_SECURE"]),
    )
    return client


def cookie_of(app: Flask, session: Session, user: User) -> str:
    """The session cookie of a browser in which this person has just signed in."""
    opened = accounts.open_session(session, user, address="127.0.0.1", browser="test")
    session.commit()
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    content = {"_user_id": SignedIn(opened.user_session, opened.token).get_id(), "_fresh": True}
    return str(serializer.dumps(content))
