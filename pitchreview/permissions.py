"""Who may see and who may do what: one sieve for seeing, one table for doing.

Seeing is a query: a list shows `takes_visible_to(user)` and a page looks its take up in the same
query, so what a list hides no address finds (404). Doing is the table `MAY`: an act, and the
question that must be answered yes (else 403). Nobody sees more by being the operator.

| thing | who sees it |
|---|---|
| practice take | its presenter, and who uploaded it for somebody else |
| submitted take | the same; once its file is here coaches, managers, reviewers, peers when shared |
| the same of a coach or manager, for a drill | the team: they model it |
| recording | whoever sees its take, or the team when an exemplar of it is shown |
| recorded reply | whoever sees the comment that carries it |
| comment | its author; once it is out whoever sees its take, its presenter after looking at it themselves |
| review | once it is published whoever sees its take, its presenter after looking at it themselves |
| its scores | the presenter and those who review the take |
| notification | whom it is for, as long as they see what it is about |
| request | who asks and who is asked |
| exemplar | once it is out and consent is given the team, and each team that got a yes of its own |
| the same before and after | its managers; its presenter from when they are asked |
| the same, its take taken back | its presenter |
| clip and commentary of it | whoever sees it while it is shown; its managers and presenter |
| who watched it, what they took over | its presenter; of what they took over they themselves |
| scenario | the team |
| its recorded prompt | the team |
| drill | coaches and managers; once it has begun those it is set for |
| series of drills | coaches and managers |
| assignment | whose it is, and the managers |
| standard | managers; without its answers those who coach, unless it is a silent check |
| calibration | whose it is |
| commitment, focus | whose it is, coaches and managers |
| dispute of a level | its presenter, its reviewer and the managers |
| flag | the managers, other than who wrote the comment |
| self-assessment | its presenter; once it is finished who has published a review of the take |
| proof | its reviewer; once it is out who sees the commitment and the take |
| message card, rubric | the team |
| collection | the team, and those it is shared with |
| meeting pack | who packed it, and of it what the library still shows them |
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from pitchreview.db import now
from pitchreview.models import (
    Assignment,
    AssignmentOrigin,
    AssignmentState,
    Calibration,
    Collection,
    CollectionTeam,
    Comment,
    Commentary,
    Commitment,
    ConsentState,
    Dispute,
    Drill,
    DrillPerson,
    Exemplar,
    ExemplarShare,
    Flag,
    Listing,
    Membership,
    Message,
    Notification,
    Pack,
    Pitch,
    Proof,
    Recording,
    RecordingState,
    Request,
    Review,
    ReviewState,
    Role,
    Rubric,
    Scenario,
    Series,
    Source,
    Standard,
    Take,
    Takeaway,
    Team,
    User,
)
from pitchreview.models.exemplar import STAYS_FOR

Thing = TypeVar("Thing")

# --- seeing -----------------------------------------------------------------------------------


def teams_visible_to(user: User) -> Select[Team]:
    return select(Team).where(Team.id.in_(_team_ids(user)))


def scenarios_visible_to(user: User) -> Select[Scenario]:
    return select(Scenario).where(Scenario.team_id.in_(_team_ids(user)))


def drills_visible_to(user: User) -> Select[Drill]:
    """All of them for those who coach; for the others what is set for them and has begun."""
    named = select(DrillPerson.drill_id).where(DrillPerson.user_id == user.id)
    has_begun = or_(Drill.opens_at.is_(None), Drill.opens_at <= now())
    is_mine = and_(has_begun, or_(Drill.for_team, Drill.id.in_(named)), Drill.team_id.in_(_team_ids(user)))
    return select(Drill).where(or_(Drill.team_id.in_(_team_ids(user, Role.COACH, Role.MANAGER)), is_mine))


def series_visible_to(user: User) -> Select[Series]:
    return select(Series).where(Series.team_id.in_(_team_ids(user, Role.COACH, Role.MANAGER)))


def messages_visible_to(user: User) -> Select[Message]:
    return select(Message).where(Message.team_id.in_(_team_ids(user)))


def rubrics_visible_to(user: User) -> Select[Rubric]:
    return select(Rubric).where(Rubric.team_id.in_(_team_ids(user)))


def assignments_visible_to(user: User) -> Select[Assignment]:
    """One's own, of takes that one sees; all of a team for its managers."""
    takes = takes_visible_to(user).with_only_columns(Take.id)
    managed = select(Take.id).join(Take.pitch).where(Pitch.team_id.in_(_team_ids(user, Role.MANAGER)))
    return select(Assignment).where(
        or_(
            and_(Assignment.reviewer_id == user.id, Assignment.take_id.in_(takes)),
            and_(Assignment.take_id.in_(managed), Assignment.origin != AssignmentOrigin.CHECK),
        )
    )


def standards_visible_to(user: User) -> Select[Standard]:
    """All of a team for its managers; for coaches those they set their eye by, without the answers."""
    takes = takes_visible_to(user).with_only_columns(Take.id)
    is_used = and_(~Standard.is_check, Standard.retired_at.is_(None), Standard.take_id.in_(takes))
    return select(Standard).where(
        or_(
            Standard.team_id.in_(_team_ids(user, Role.MANAGER)),
            and_(Standard.team_id.in_(_team_ids(user, Role.COACH)), is_used),
        )
    )


def calibrations_visible_to(user: User) -> Select[Calibration]:
    """How near one was is one's own to know, of silent checks above all."""
    in_my_teams = Calibration.standard.has(Standard.team_id.in_(_team_ids(user)))
    return select(Calibration).where(Calibration.user_id == user.id, in_my_teams)


def commitments_visible_to(user: User) -> Select[Commitment]:
    """One's own, and those of the people one coaches. What a review proposes comes out with it."""
    coached = Commitment.team_id.in_(_team_ids(user, Role.COACH, Role.MANAGER))
    is_out = or_(
        Commitment.review_id.is_(None),
        Commitment.review.has(Review.state == ReviewState.PUBLISHED),
        Commitment.proposed_by_id == user.id,
    )
    is_mine = and_(Commitment.user_id == user.id, Commitment.take_id.not_in(_to_look_first(user)))
    return select(Commitment).where(is_out, or_(is_mine, coached, Commitment.proposed_by_id == user.id))


def proofs_visible_to(user: User) -> Select[Proof]:
    """One's own answers; the others' once they are out, to who sees both the commitment and the take."""
    commitments = commitments_visible_to(user).with_only_columns(Commitment.id)
    takes = takes_visible_to(user).with_only_columns(Take.id)
    is_out = and_(
        Proof.published_at.is_not(None),
        Proof.commitment_id.in_(commitments),
        Proof.take_id.not_in(_to_look_first(user)),
    )
    return select(Proof).where(Proof.take_id.in_(takes), or_(Proof.judged_by_id == user.id, is_out))


def reviews_visible_to(user: User) -> Select[Review]:
    """What is published and open to them, and one's own however far it is, about takes that one sees."""
    takes = takes_visible_to(user).with_only_columns(Take.id)
    return select(Review).where(
        Review.take_id.in_(takes), or_(is_open_to(user), Review.reviewer_id == user.id)
    )


def disputes_visible_to(user: User) -> Select[Dispute]:
    """Whose level it is, who raised it, and the managers."""
    reviews = reviews_visible_to(user).with_only_columns(Review.id)
    managed = select(Review.id).join(Review.take).join(Take.pitch)
    managed = managed.where(Pitch.team_id.in_(_team_ids(user, Role.MANAGER)))
    concerned = or_(
        Dispute.raised_by_id == user.id,
        Dispute.review.has(Review.reviewer_id == user.id),
        Dispute.review_id.in_(managed),
    )
    return select(Dispute).where(Dispute.review_id.in_(reviews), concerned)


def flags_visible_to(user: User) -> Select[Flag]:
    """For managers: what somebody finds hurtful, other than what they wrote themselves."""
    managed = (
        select(Take.id)
        .join(Take.pitch)
        .where(Pitch.team_id.in_(_team_ids(user, Role.MANAGER)), Take.deleted_at.is_(None))
    )
    remarks = select(Comment.id).where(Comment.take_id.in_(managed), Comment.author_id != user.id)
    return select(Flag).where(Flag.comment_id.in_(remarks))


def pitches_visible_to(user: User) -> Select[Pitch]:
    """One's own pitches, and those of which a take is to be seen."""
    return select(Pitch).where(
        or_(
            Pitch.presenter_id == user.id,
            Pitch.id.in_(takes_visible_to(user).with_only_columns(Take.pitch_id)),
        )
    )


def takes_visible_to(user: User) -> Select[Take]:
    own = or_(Pitch.presenter_id == user.id, Take.uploaded_by_id == user.id)
    has_arrived = Take.recording.has(Recording.state != RecordingState.AWAITING_UPLOAD)
    of_my_teams = and_(
        Take.submitted_at.is_not(None),
        has_arrived,
        or_(
            Pitch.team_id.in_(_team_ids(user, Role.COACH, Role.MANAGER)),
            and_(
                or_(Take.shared_with_team, _is_modelled(), Take.id.in_(_asked_about(user))),
                Pitch.team_id.in_(_team_ids(user)),
            ),
        ),
    )
    return (
        select(Take)
        .join(Take.pitch)
        .where(Take.deleted_at.is_(None), _still_here(user), or_(own, of_my_teams))
    )


def people_who_see(take: Take) -> Select[User]:
    """The same sieve seen from the other side: everybody with an account who sees this take."""
    own = [user_id for user_id in (take.pitch.presenter_id, take.uploaded_by_id) if user_id is not None]
    has_arrived = take.recording.state is not RecordingState.AWAITING_UPLOAD
    ways = [and_(User.id.in_(own), or_(User.id == take.pitch.presenter_id, _is_in(take.pitch.team_id)))]
    if take.is_submitted and has_arrived:
        requested = select(Request.asked_id).where(
            Request.take_id == take.id, Request.declined_at.is_(None), Request.withdrawn_at.is_(None)
        )
        assigned = select(Assignment.reviewer_id).where(Assignment.take_id == take.id, _opens_the_take())
        asked = requested.union(assigned)
        ways.append(_is_in(take.pitch.team_id, Role.COACH, Role.MANAGER))
        ways.append(and_(User.id.in_(asked), _is_in(take.pitch.team_id)))
        if take.shared_with_team or _models(take):
            ways.append(_is_in(take.pitch.team_id))
    return select(User).where(or_(*ways))


def recordings_visible_to(user: User) -> Select[Recording]:
    """Asked of one recording at a time: each way begins at the recording, whatever the library holds."""
    through_take = takes_visible_to(user).where(Take.recording_id == Recording.id)
    shown = exemplars_visible_to(user).where(Exemplar.consent == ConsentState.GIVEN)
    through_exemplar = shown.join(Take, Exemplar.take_id == Take.id).where(Take.recording_id == Recording.id)
    through_clip = shown.where(Exemplar.clip_id == Recording.id)
    through_commentary = (
        exemplars_visible_to(user).join(Exemplar.commentary).where(Commentary.recording_id == Recording.id)
    )
    through_prompt = scenarios_visible_to(user).where(Scenario.prompt_recording_id == Recording.id)
    through_comment = comments_visible_to(user).where(
        Comment.recording_id == Recording.id, Comment.deleted_at.is_(None)
    )
    ways = (
        through_take,
        through_exemplar,
        through_clip,
        through_commentary,
        through_comment,
        through_prompt,
    )
    return select(Recording).where(or_(*(way.correlate(Recording).exists() for way in ways)))


def exemplars_visible_to(user: User) -> Select[Exemplar]:
    """Shown ones for the team; the others for the managers and for the person who is seen in them.

    A take that its presenter took back is a practice take again, and so is what was held up of it.
    """
    take, pitch = aliased(Take), aliased(Pitch)
    living = select(take.id).join(take.pitch.of_type(pitch)).correlate(Exemplar)
    living = living.where(take.id == Exemplar.take_id, take.deleted_at.is_(None))
    is_asked = Exemplar.published_at.is_not(None)
    is_mine = and_(is_asked, living.where(pitch.presenter_id == user.id).exists())
    submitted = living.where(take.submitted_at.is_not(None)).exists()
    of_my_teams = and_(
        submitted,
        or_(
            and_(_is_out(), or_(Exemplar.team_id.in_(_team_ids(user)), Exemplar.id.in_(_shared_with(user)))),
            Exemplar.team_id.in_(_team_ids(user, Role.MANAGER)),
        ),
    )
    return select(Exemplar).where(Exemplar.taken_down_at.is_(None), or_(is_mine, of_my_teams))


def listings_visible_to(user: User, team_id: UUID) -> Select[Listing]:
    """What this person finds in the library of that team: models that are out, of takes that still stand."""
    is_shared = select(ExemplarShare.team_id).where(
        ExemplarShare.exemplar_id == Listing.exemplar_id,
        ExemplarShare.team_id == Listing.team_id,
        ExemplarShare.consent == ConsentState.GIVEN,
    )
    return (
        select(Listing)
        .join(Listing.exemplar)
        .join(Exemplar.take)
        .where(
            Listing.team_id == team_id,
            Listing.team_id.in_(_team_ids(user)),
            Listing.listed_at <= now(),
            _is_out(),
            Exemplar.taken_down_at.is_(None),
            Exemplar.contrast_to_id.is_(None),
            Take.deleted_at.is_(None),
            Take.submitted_at.is_not(None),
            or_(Exemplar.team_id == Listing.team_id, is_shared.exists()),
        )
    )


def _is_out() -> ColumnElement[bool]:
    return and_(
        Exemplar.consent == ConsentState.GIVEN,
        Exemplar.published_at <= now(),
        or_(Exemplar.leaving_asked_at.is_(None), Exemplar.leaving_asked_at > now() - STAYS_FOR),
    )


def _shared_with(user: User) -> Select[UUID]:
    return select(ExemplarShare.exemplar_id).where(
        ExemplarShare.consent == ConsentState.GIVEN, ExemplarShare.team_id.in_(_team_ids(user))
    )


def collections_visible_to(user: User) -> Select[Collection]:
    shared = select(CollectionTeam.collection_id).where(CollectionTeam.team_id.in_(_team_ids(user)))
    return select(Collection).where(or_(Collection.team_id.in_(_team_ids(user)), Collection.id.in_(shared)))


def packs_visible_to(user: User) -> Select[Pack]:
    return select(Pack).where(Pack.user_id == user.id, Pack.team_id.in_(_team_ids(user)))


def takeaways_visible_to(user: User) -> Select[Takeaway]:
    exemplars = exemplars_visible_to(user).with_only_columns(Exemplar.id)
    return select(Takeaway).where(Takeaway.user_id == user.id, Takeaway.exemplar_id.in_(exemplars))


def comments_visible_to(user: User) -> Select[Comment]:
    visible = takes_visible_to(user).with_only_columns(Take.id)
    return select(Comment).where(Comment.take_id.in_(visible), is_shown_to(user))


def is_shown_to(user: User) -> ColumnElement[bool]:
    """Of comments on a take that one sees: one's own, and what is out unless one is to look oneself first."""
    is_out = and_(Comment.published_at.is_not(None), Comment.take_id.not_in(_to_look_first(user)))
    return or_(Comment.author_id == user.id, is_out)


def is_open_to(user: User) -> ColumnElement[bool]:
    """Of reviews of a take that one sees: what is published unless one is to look oneself first."""
    return and_(Review.state == ReviewState.PUBLISHED, Review.take_id.not_in(_to_look_first(user)))


def is_nameless_to(user: User) -> ColumnElement[bool]:
    """Of takes: whose it is, is not to be learned by this person; to find them by name would tell it."""
    hiding = select(Drill.id).where(
        Drill.hides_presenter, Drill.team_id.not_in(_team_ids(user, Role.MANAGER))
    )
    return and_(
        func.coalesce(Take.drill_id.in_(hiding), false()),
        or_(Pitch.presenter_id.is_(None), Pitch.presenter_id != user.id),
    )


def _to_look_first(user: User) -> CompoundSelect[UUID]:
    """Takes at which one is to look oneself before one hears what others say."""
    own = select(Take.id).join(Take.pitch).where(Take.awaits_self_assessment, Pitch.presenter_id == user.id)
    to_check = select(Assignment.take_id).where(
        Assignment.reviewer_id == user.id,
        Assignment.state == AssignmentState.OPEN,
        Assignment.origin == AssignmentOrigin.CHECK,
    )
    return own.union(to_check)


def notifications_visible_to(user: User) -> Select[Notification]:
    """One's own, of what one can still see: nothing is told of what was taken back meanwhile."""
    takes = takes_visible_to(user).with_only_columns(Take.id)
    remarks = comments_visible_to(user).where(Comment.deleted_at.is_(None)).with_only_columns(Comment.id)
    drills = drills_visible_to(user).with_only_columns(Drill.id)
    cards = messages_visible_to(user).with_only_columns(Message.id)
    return select(Notification).where(
        Notification.user_id == user.id,
        or_(Notification.take_id.is_(None), Notification.take_id.in_(takes)),
        or_(Notification.drill_id.is_(None), Notification.drill_id.in_(drills)),
        or_(Notification.message_id.is_(None), Notification.message_id.in_(cards)),
        or_(Notification.comment_id.is_(None), Notification.comment_id.in_(remarks)),
    )


def requests_visible_to(user: User) -> Select[Request]:
    """What one asked others, and what others ask oneself, about takes that one sees."""
    takes = takes_visible_to(user).with_only_columns(Take.id)
    concerned = or_(Request.asked_id == user.id, Request.asked_by_id == user.id)
    return select(Request).where(concerned, Request.take_id.in_(takes))


def uploads_visible_to(user: User) -> Select[Source]:
    """An upload belongs to the one who makes it; that of a take as long as they see the take."""
    of_takes = takes_visible_to(user).with_only_columns(Take.recording_id)
    return (
        select(Source)
        .join(Source.recording)
        .where(Recording.recorded_by_id == user.id, or_(Recording.is_reply, Recording.id.in_(of_takes)))
    )


def _team_ids(user: User, *roles: Role) -> Select[UUID]:
    query = select(Membership.team_id).where(Membership.user_id == user.id, Membership.ended_at.is_(None))
    return query.where(Membership.role.in_(roles)) if roles else query


def _is_in(team_id: UUID, *roles: Role) -> ColumnElement[bool]:
    members = select(Membership.user_id).where(Membership.team_id == team_id, Membership.ended_at.is_(None))
    return User.id.in_(members.where(Membership.role.in_(roles)) if roles else members)


OPENS_THE_TAKE = (AssignmentState.OPEN, AssignmentState.DONE)


def _opens_the_take() -> ColumnElement[bool]:
    """One that was given back shows nothing any more; handed on, it still shows what was begun on it."""
    begun = exists().where(Review.take_id == Assignment.take_id, Review.reviewer_id == Assignment.reviewer_id)
    return or_(
        Assignment.state.in_(OPENS_THE_TAKE),
        and_(Assignment.state == AssignmentState.HANDED_ON, begun),
    )


def _asked_about(user: User) -> CompoundSelect[UUID]:
    requested = select(Request.take_id).where(
        Request.asked_id == user.id, Request.declined_at.is_(None), Request.withdrawn_at.is_(None)
    )
    assigned = select(Assignment.take_id).where(Assignment.reviewer_id == user.id, _opens_the_take())
    return requested.union(assigned)


def _is_modelled() -> ColumnElement[bool]:
    """A take for a drill by somebody who coaches: they show how they do it themselves."""
    coaches = exists().where(
        Membership.user_id == Pitch.presenter_id,
        Membership.team_id == Pitch.team_id,
        Membership.role != Role.REP,
        Membership.ended_at.is_(None),
    )
    return and_(Take.drill_id.is_not(None), coaches)


def _models(take: Take) -> bool:
    presenter = take.pitch.presenter
    role = presenter.role_in(take.pitch.team_id) if presenter else None
    return take.drill_id is not None and role in (Role.COACH, Role.MANAGER)


def _still_here(user: User) -> ColumnElement[bool]:
    """People keep their own takes when they leave a team, but see nothing else of it any more."""
    return or_(Pitch.presenter_id == user.id, Pitch.team_id.in_(_team_ids(user)))


# --- doing ------------------------------------------------------------------------------------


class Act(StrEnum):
    USE_TEAM = "use_team"
    MANAGE_TEAM = "manage_team"
    WRITE_SCENARIO = "write_scenario"
    PITCH = "pitch"
    PITCH_FOR_OTHERS = "pitch_for_others"
    OWN_TAKE = "own_take"
    COMMENT = "comment"
    REVIEW = "review"
    REWRITE_COMMENT = "rewrite_comment"
    RESTORE_COMMENT = "restore_comment"
    SETTLE_COMMENT = "settle_comment"
    ASK = "ask"
    LOOK_FIRST = "look_first"
    READ_SCORES = "read_scores"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    HOLD_UP = "hold_up"
    CURATE = "curate"
    CONSENT = "consent"
    TELL_THOUGHTS = "tell_thoughts"
    READ_VIEWERS = "read_viewers"
    SET_BEATS = "set_beats"
    OVERSEE = "oversee"
    COACH = "coach"
    OPERATE = "operate"
    COMMIT = "commit"
    ANSWER_PROPOSAL = "answer_proposal"
    DISPUTE = "dispute"
    ANSWER_DISPUTE = "answer_dispute"
    TAKE_REVIEW_BACK = "take_review_back"
    FLAG = "flag"
    SETTLE_FLAG = "settle_flag"
    GIVE_BACK = "give_back"
    PICK = "pick"
    SET_STANDARD = "set_standard"
    CALIBRATE = "calibrate"
    CHECK_MESSAGE = "check_message"


def _has_role(user: User, thing: Any, *roles: Role) -> bool:
    team_id = thing.id if isinstance(thing, Team) else thing.team_id
    return user.role_in(team_id) in roles


def _is_member(user: User, thing: Any) -> bool:
    return _has_role(user, thing, *Role)


def _is_manager(user: User, thing: Any) -> bool:
    return _has_role(user, thing, Role.MANAGER)


def _coaches(user: User, thing: Any) -> bool:
    return _has_role(user, thing, Role.COACH, Role.MANAGER)


def _owns_take(user: User, take: Take) -> bool:
    """The presenter; where that is somebody without an account, whoever uploaded it."""
    if take.pitch.presenter_id is None:
        return take.uploaded_by_id == user.id
    return take.pitch.presenter_id == user.id


def _presents(user: User, take: Take) -> bool:
    return take.pitch.presenter_id == user.id


def _handles_take(user: User, take: Take) -> bool:
    return _owns_take(user, take) or take.uploaded_by_id == user.id


def _comments_on(user: User, take: Take) -> bool:
    """Whoever sees a submitted take may speak; on a practice take there is nobody to speak to."""
    return take.is_submitted and (_owns_take(user, take) or _is_member(user, take.pitch))


def _reviews(user: User, take: Take) -> bool:
    if not take.is_submitted or take.pitch.presenter_id == user.id:
        return False
    if _has_role(user, take.pitch, Role.COACH, Role.MANAGER):
        return True
    is_asked = any(request.asked_id == user.id and request.stands for request in take.requests)
    has_it = any(one.reviewer_id == user.id and _is_theirs(one, take) for one in take.assignments)
    return (is_asked or has_it or _models(take)) and _is_member(user, take.pitch)


def _is_theirs(assignment: Assignment, take: Take) -> bool:
    """The same as `_opens_the_take`, of rows that are at hand."""
    begun = (review.reviewer_id == assignment.reviewer_id for review in take.reviews)
    is_kept = assignment.state is AssignmentState.HANDED_ON and any(begun)
    return assignment.state in OPENS_THE_TAKE or is_kept


def _wrote(user: User, comment: Comment) -> bool:
    return comment.author_id == user.id and not comment.is_deleted


def _settles(user: User, comment: Comment) -> bool:
    """Whom it concerns: the presenter, who wrote it, and those who coach."""
    take = comment.take
    concerned = comment.author_id == user.id or _owns_take(user, take)
    return not comment.is_deleted and (concerned or _has_role(user, take.pitch, Role.COACH, Role.MANAGER))


def _wrote_and_deleted(user: User, comment: Comment) -> bool:
    return comment.author_id == user.id


def _is_shown_in(user: User, exemplar: Exemplar) -> bool:
    return exemplar.take.pitch.presenter_id == user.id


def _answers_dispute(user: User, dispute: Dispute) -> bool:
    """Who gave the level, and the managers; never who asks."""
    gave_it = dispute.review.reviewer_id == user.id
    manages = _is_manager(user, dispute.review.take.pitch) and dispute.raised_by_id != user.id
    return gave_it or manages


def _flags(user: User, comment: Comment) -> bool:
    is_anothers = comment.author_id != user.id and not comment.is_deleted
    return is_anothers and comment.is_published and _comments_on(user, comment.take)


def _is_operator(user: User, _thing: Any) -> bool:
    return user.is_operator


def _keeps_message(user: User, message: Message) -> bool:
    return _is_manager(user, message) or (message.owner_id == user.id and _is_member(user, message))


# act, on a …: who may
MAY: dict[Act, Callable[[User, Any], bool]] = {
    Act.USE_TEAM: _is_member,  # team
    Act.MANAGE_TEAM: _is_manager,  # team: invite, change roles, deactivate
    Act.WRITE_SCENARIO: _is_manager,  # team or scenario: create, edit, archive; set drills
    Act.PITCH: _is_member,  # scenario: anyone can pitch, managers model first
    Act.PITCH_FOR_OTHERS: _is_manager,  # scenario: upload what somebody else presented
    Act.OWN_TAKE: _handles_take,  # take: submit, take back, delete, retry
    Act.COMMENT: _comments_on,  # take
    Act.REVIEW: _reviews,  # take
    Act.REWRITE_COMMENT: _wrote,  # comment: edit, delete
    Act.RESTORE_COMMENT: _wrote_and_deleted,  # comment: undo
    Act.SETTLE_COMMENT: _settles,  # comment: resolve, open again
    Act.LOOK_FIRST: _presents,  # take: say that one has looked at it oneself
    Act.READ_SCORES: lambda user, take: _owns_take(user, take) or _reviews(user, take),  # take
    Act.ASK: _owns_take,  # take: ask people for a review
    Act.DECLINE: lambda user, request: request.asked_id == user.id,  # request
    Act.WITHDRAW: lambda user, request: request.asked_by_id == user.id,  # request
    Act.HOLD_UP: lambda user, take: take.is_submitted and _is_manager(user, take.pitch),  # take
    Act.CURATE: _is_manager,  # team, exemplar or collection: edit, take down, shelve
    Act.CONSENT: _is_shown_in,  # exemplar: yes, no, withdraw
    Act.TELL_THOUGHTS: _is_shown_in,  # exemplar: commentary
    Act.READ_VIEWERS: _is_shown_in,  # exemplar: who watched it
    Act.SET_BEATS: lambda user, take: _owns_take(user, take) or _reviews(user, take),  # take
    Act.OVERSEE: _is_manager,  # team or drill: who was coached, who waits, results
    Act.COACH: lambda user, team: _has_role(
        user, team, Role.COACH, Role.MANAGER
    ),  # team: how its reps get on
    Act.OPERATE: _is_operator,  # the site: users, reset links
    Act.COMMIT: lambda user, take: take.is_submitted and _presents(user, take),  # take: take something on
    Act.ANSWER_PROPOSAL: lambda user, commitment: commitment.user_id == user.id,  # commitment: agree, drop
    Act.DISPUTE: lambda user, review: _presents(user, review.take),  # review: ask to look at a level again
    Act.ANSWER_DISPUTE: _answers_dispute,  # dispute: keep the level or change it
    Act.TAKE_REVIEW_BACK: lambda user, review: review.reviewer_id == user.id,  # review: and begin it again
    Act.FLAG: _flags,  # comment: bring it before the managers
    Act.SETTLE_FLAG: lambda user, flag: _is_manager(user, flag.comment.take.pitch),  # flag
    Act.GIVE_BACK: lambda user, assignment: assignment.reviewer_id == user.id,  # assignment
    Act.PICK: lambda user, take: _reviews(user, take) and _coaches(user, take.pitch),  # take: from the pool
    Act.SET_STANDARD: lambda user, take: take.is_submitted and _is_manager(user, take.pitch),  # take
    Act.CALIBRATE: lambda user, thing: _coaches(user, thing),  # team or standard: set one's eye
    Act.CHECK_MESSAGE: _keeps_message,  # message: say that it still holds
}


def may(user: User, act: Act, thing: Any = None) -> bool:
    return MAY[act](user, thing)


def find_visible(session: Session, visible: Select[Thing], thing_id: UUID) -> Thing | None:
    """The one thing of that id among the visible ones, or None."""
    entity: Any = visible.column_descriptions[0]["entity"]
    return session.scalars(visible.where(entity.id == thing_id)).unique().one_or_none()
