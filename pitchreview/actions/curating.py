"""The desk of those who choose: what waits, what grows old, and changes to several moments at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from pitchreview import db
from pitchreview.actions import accounts, finding, library, listing, shelving, tagging
from pitchreview.actions.tagging import NewTag
from pitchreview.errors import InvalidInput
from pitchreview.models import Collection, ConsentState, Exemplar, ExemplarTag, Tag, Team, User
from pitchreview.permissions import exemplars_visible_to

# Markets and products move: after this, somebody should look whether it still holds.
OLD_AFTER = timedelta(days=365)
PAGE = 30
MOST_AT_ONCE = 200
MOST_COUNTED = 100


class Drawer(StrEnum):
    """What lies on the desk, sorted."""

    SUGGESTIONS = "suggestions"
    DRAFTS = "drafts"
    CONSENT = "consent"
    AGEING = "ageing"
    AGAIN = "again"
    ALL = "all"


@dataclass(frozen=True)
class Page:
    exemplars: list[Exemplar]
    next: UUID | None  # the last one here, where there are more


def in_drawer(session: Session, viewer: User, team: Team, drawer: Drawer, after: UUID | None) -> Page:
    """What lies in a drawer, the newest first."""
    query = _drawer(viewer, team, drawer)
    if after is not None:
        last = aliased(Exemplar)
        place = select(last.created_at, last.id).where(last.id == after).scalar_subquery()
        query = query.where(tuple_(Exemplar.created_at, Exemplar.id) < place)
    query = query.order_by(Exemplar.created_at.desc(), Exemplar.id.desc()).limit(PAGE + 1)
    ids = list(session.scalars(query.with_only_columns(Exemplar.id)))
    return Page(finding.loaded(session, ids[:PAGE]), ids[PAGE - 1] if len(ids) > PAGE else None)


def counts(session: Session, viewer: User, team: Team) -> dict[Drawer, int]:
    """How much waits in each drawer, up to `MOST_COUNTED`; all of it in one statement."""
    drawers = [Drawer.DRAFTS, Drawer.CONSENT, Drawer.AGEING, Drawer.AGAIN]
    first = [_drawer(viewer, team, drawer).with_only_columns(literal(1)) for drawer in drawers]
    columns = [
        select(func.count()).select_from(query.limit(MOST_COUNTED).subquery()).scalar_subquery()
        for query in first
    ]
    return dict(zip(drawers, session.execute(select(*columns)).one(), strict=True))


def _drawer(viewer: User, team: Team, drawer: Drawer) -> Select[Exemplar]:
    return exemplars_visible_to(viewer).where(Exemplar.team_id == team.id, _lies_in(drawer, team))


def _lies_in(drawer: Drawer, team: Team) -> ColumnElement[bool]:
    is_refused = Exemplar.consent.in_([ConsentState.DECLINED, ConsentState.WITHDRAWN])
    is_asked = and_(Exemplar.consent == ConsentState.ASKED, Exemplar.published_at.is_not(None))
    drawers: dict[Drawer, ColumnElement[bool]] = {
        Drawer.DRAFTS: or_(Exemplar.published_at.is_(None), Exemplar.published_at > db.now()),
        Drawer.CONSENT: or_(is_refused, is_asked),
        Drawer.AGEING: _is_doubtful(team),
        Drawer.AGAIN: Exemplar.record_again_at.is_not(None),
    }
    return drawers.get(drawer, literal(True))


def _is_doubtful(team: Team) -> ColumnElement[bool]:
    is_out = and_(Exemplar.consent == ConsentState.GIVEN, Exemplar.published_at <= db.now())
    bearing = aliased(Exemplar)
    # From the few words that changed to what bears them, not from every moment to its words
    outdated = (
        select(bearing.id)
        .join(ExemplarTag, ExemplarTag.exemplar_id == bearing.id)
        .join(Tag, Tag.id == ExemplarTag.tag_id)
        .where(Tag.team_id == team.id, or_(Tag.changed_at.is_not(None), Tag.retired_at.is_not(None)))
        .where(
            func.greatest(Tag.changed_at, Tag.retired_at)
            > func.coalesce(bearing.checked_at, bearing.created_at)
        )
    )
    is_old = func.coalesce(Exemplar.checked_at, Exemplar.published_at) < db.now() - OLD_AFTER
    return and_(is_out, Exemplar.record_again_at.is_(None), or_(is_old, Exemplar.id.in_(outdated)))


def doubts_about(exemplar: Exemplar) -> list[str]:
    """Why somebody should look at it again, in words."""
    since = exemplar.checked_at or exemplar.created_at
    doubts = [
        f"“{tag.label}” {'is retired' if tag.retired_at else 'has changed'}"
        for tag in exemplar.tags
        if tag.outdated_at is not None and tag.outdated_at > since
    ]
    if _is_old(exemplar.checked_at or exemplar.published_at):
        doubts.append("older than a year" if exemplar.checked_at is None else "not looked at for a year")
    return doubts


def _is_old(since: datetime | None) -> bool:
    return since is not None and since < db.now() - OLD_AFTER


# --- several at once ----------------------------------------------------------------------------------


def chosen(session: Session, viewer: User, team: Team, ids: Iterable[UUID]) -> list[Exemplar]:
    """Those of the team among the chosen ones, each loaded with what is changed."""
    wanted = list(dict.fromkeys(ids))[:MOST_AT_ONCE]
    if not wanted:
        raise InvalidInput("Choose at least one moment first.")
    query = exemplars_visible_to(viewer).where(Exemplar.team_id == team.id, Exemplar.id.in_(wanted))
    return finding.loaded(session, list(session.scalars(query.with_only_columns(Exemplar.id))))


def tag(session: Session, exemplars: list[Exemplar], by: User, new: list[NewTag]) -> None:
    """Add these tags; what an exemplar bears already it keeps."""
    if not new:
        raise InvalidInput("Write at least one tag.", field="tags")
    for exemplar in exemplars:
        tags = [*exemplar.tags, *tagging.tags_for(session, exemplar.team_id, new)]
        _set_tags(session, exemplar, by, tags[: tagging.MOST_TAGS])


def untag(session: Session, exemplars: list[Exemplar], by: User, old: list[NewTag]) -> None:
    keys = {tag.key for tag in old}
    for exemplar in exemplars:
        _set_tags(session, exemplar, by, [tag for tag in exemplar.tags if tag.key not in keys])


def _set_tags(session: Session, exemplar: Exemplar, by: User, tags: list[Tag]) -> None:
    before = library.told(exemplar)
    exemplar.set_tags(tags)
    listing.keep(session, exemplar)
    library.note_change(session, exemplar, by, before)


def put_on(session: Session, exemplars: list[Exemplar], by: User, shelf: Collection) -> None:
    for exemplar in exemplars:
        shelving.put(session, shelf, exemplar, by)


def take_down(session: Session, exemplars: list[Exemplar], by: User) -> None:
    for exemplar in exemplars:
        library.take_down(session, exemplar, by)


def still_good(session: Session, exemplars: list[Exemplar], by: User) -> None:
    """Somebody looked again: they hold, from now on."""
    for exemplar in exemplars:
        exemplar.checked_at, exemplar.record_again_at = db.now(), None
        accounts.note(session, "found still good", actor=by, subject=str(exemplar.id))


def record_again(session: Session, exemplars: list[Exemplar], by: User) -> None:
    """Onto the list of what should be recorded anew; meanwhile they stay in the library."""
    for exemplar in exemplars:
        exemplar.record_again_at = exemplar.record_again_at or db.now()
        accounts.note(session, "to be recorded again", actor=by, subject=str(exemplar.id))
