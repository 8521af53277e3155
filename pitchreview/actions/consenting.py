"""The consent of who is seen in an exemplar: given for one library at a time, taken back at once."""

from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session, joinedload

from pitchreview import db
from pitchreview.actions import accounts, clipping, finding, listing, telling
from pitchreview.errors import InvalidInput, InvalidState, NotFound
from pitchreview.models import (
    ConsentState,
    Exemplar,
    ExemplarShare,
    Membership,
    Pitch,
    Take,
    Team,
    User,
    Viewing,
)
from pitchreview.permissions import exemplars_visible_to

LONGEST_REASON = 500
# Who is held up more often finds the rest through the library.
MOST_SHOWN, MOST_QUESTIONS = 100, 20


def ask(session: Session, exemplar: Exemplar, by: User) -> None:
    """Ask the presenter; one's own take, or one with consent noted at its upload, needs no question."""
    pitch = exemplar.take.pitch
    if pitch.presenter_id is None and exemplar.take.consent_at is None:
        raise InvalidState("Nobody noted how this presenter agreed, so it cannot be held up.")
    if pitch.presenter_id in (None, by.id):
        exemplar.answer_consent(ConsentState.GIVEN, db.now())
        return
    exemplar.consent, exemplar.consent_at, exemplar.withdrawal_reason = ConsentState.ASKED, None, ""
    telling.tell_consent(session, exemplar, by)


def answer(
    session: Session, exemplar: Exemplar, presenter: User, said: ConsentState, reason: str = ""
) -> None:
    """Yes, no, or later withdrawal; it acts at once, for every team that could watch it."""
    if said is ConsentState.ASKED or (said is ConsentState.WITHDRAWN and not exemplar.is_given):
        raise InvalidInput("Answer yes or no.")
    now = db.now()
    exemplar.answer_consent(said, now)
    exemplar.leaving_asked_at = None
    exemplar.withdrawal_reason = "" if said is ConsentState.GIVEN else reason.strip()[:LONGEST_REASON]
    if said is not ConsentState.GIVEN:
        for share in exemplar.shares:
            if share.consent is ConsentState.GIVEN:
                share.consent, share.consent_at = said, now
        clipping.drop(session, exemplar)
        telling.tell_withdrawn(session, exemplar, presenter)
    _note(session, exemplar, presenter, said)


# --- further teams ------------------------------------------------------------------------------------


def ask_team(session: Session, exemplar: Exemplar, team: Team, by: User) -> None:
    """Ask whether one more team may watch it; who said no to that team is not asked a second time."""
    if team.id == exemplar.team_id or any(share.team_id == team.id for share in exemplar.shares):
        return
    presenter_id = exemplar.take.pitch.presenter_id
    if presenter_id is None:
        raise InvalidState(
            f"{exemplar.take.pitch.presented_by} has no account to be asked in, so “{exemplar.title}”"
            " stays in its own team."
        )
    share = ExemplarShare(team=team, asked_by_id=by.id, consent=ConsentState.ASKED)
    exemplar.shares.append(share)
    if presenter_id == by.id:
        share.consent, share.consent_at = ConsentState.GIVEN, db.now()
        listing.keep(session, exemplar)
    else:
        telling.tell_consent(session, exemplar, by)


def answer_team(
    session: Session, exemplar: Exemplar, team_id: UUID, presenter: User, said: ConsentState
) -> None:
    """Yes, no, or later withdrawal for one further team."""
    share = next((share for share in exemplar.shares if share.team_id == team_id), None)
    if share is None:
        raise NotFound("Nobody asked to show it to that team.")
    is_given = share.consent is ConsentState.GIVEN
    if said is ConsentState.ASKED or (said is ConsentState.WITHDRAWN and not is_given):
        raise InvalidInput("Answer yes or no.")
    share.consent, share.consent_at = said, db.now()
    _note(session, exemplar, presenter, said, for_team=share.team.name)


def _note(
    session: Session, exemplar: Exemplar, presenter: User, said: ConsentState, for_team: str = ""
) -> None:
    listing.keep(session, exemplar)
    accounts.note(
        session, f"consent {said.value}", actor=presenter, subject=str(exemplar.id), for_team=for_team
    )


# --- leaving ------------------------------------------------------------------------------------------


def ask_who_leaves(session: Session, membership: Membership) -> None:
    """What is held up of somebody who leaves stays for a while, and they are asked about each."""
    for exemplar in _of(session, membership.user_id, membership.team_id):
        if exemplar.is_given:
            exemplar.leaving_asked_at = db.now()
            listing.keep(session, exemplar)


def forget_that_they_left(session: Session, membership: Membership) -> None:
    """They came back: the question what happens now that they are gone has gone as well."""
    for exemplar in _of(session, membership.user_id, membership.team_id):
        exemplar.leaving_asked_at = None


def _of(session: Session, presenter_id: UUID, team_id: UUID) -> list[Exemplar]:
    query = (
        select(Exemplar)
        .join(Exemplar.take)
        .join(Take.pitch)
        .where(
            Exemplar.team_id == team_id,
            Exemplar.taken_down_at.is_(None),
            Pitch.presenter_id == presenter_id,
        )
    )
    return list(session.scalars(query))


# --- what a presenter sees of it ------------------------------------------------------------------------


def mine(session: Session, presenter: User) -> list[Exemplar]:
    """The exemplars in which this person is seen, the newest first."""
    return _newest(session, presenter, MOST_SHOWN)


def questions_for(session: Session, presenter: User) -> list[Exemplar]:
    """Exemplars of this person with a question that waits for their yes or no; see `asks_presenter`."""
    is_given = Exemplar.consent == ConsentState.GIVEN
    asked_for_a_team = exists().where(
        ExemplarShare.exemplar_id == Exemplar.id, ExemplarShare.consent == ConsentState.ASKED
    )
    has_question = or_(
        Exemplar.consent == ConsentState.ASKED,
        and_(is_given, Exemplar.leaving_asked_at.is_not(None)),
        and_(is_given, asked_for_a_team),
    )
    return _newest(session, presenter, MOST_QUESTIONS, has_question)


def _newest(session: Session, presenter: User, most: int, *which: ColumnElement[bool]) -> list[Exemplar]:
    query = (
        exemplars_visible_to(presenter)
        .where(Exemplar.id.in_(ids_of(presenter)), *which)
        .with_only_columns(Exemplar.id)
        .order_by(Exemplar.created_at.desc())
        .limit(most)
    )
    return finding.loaded(session, session.scalars(query).all())


def ids_of(presenter: User) -> Select[UUID]:
    """Of the exemplars in which this person is seen."""
    return select(Exemplar.id).join(Exemplar.take).join(Take.pitch).where(Pitch.presenter_id == presenter.id)


def viewers_of(session: Session, exemplar: Exemplar) -> list[Viewing]:
    """Who watched it, the last one first."""
    query = (
        select(Viewing)
        .where(Viewing.exemplar_id == exemplar.id)
        .options(joinedload(Viewing.user))
        .order_by(Viewing.last_at.desc(), Viewing.user_id)
    )
    return list(session.scalars(query))
