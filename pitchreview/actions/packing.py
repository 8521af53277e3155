"""A few moments for the way to a meeting: what fits it best, what one fixed last, and a warm-up.

A pack names moments and holds none of them: what of it is still to be seen is asked anew at each contact.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session, selectinload

from pitchreview import db
from pitchreview.actions import clipping, finding, tagging
from pitchreview.actions.finding import Wanted
from pitchreview.models import (
    Comment,
    CommentKind,
    Exemplar,
    Facet,
    Pack,
    PackItem,
    Pitch,
    Recording,
    Rendition,
    Scenario,
    Tag,
    Take,
    Team,
    User,
)
from pitchreview.permissions import comments_visible_to, exemplars_visible_to, scenarios_visible_to

# So long a pack stays on a phone, and so long a withdrawal may take to reach one that is never online.
KEPT_FOR = timedelta(hours=72)
# Until then whoever comes for a pack that is over is led to a new one.
FORGOTTEN_AFTER = timedelta(days=30)
MOST_MOMENTS = 3
MOST_PACKS = 10
# What a meeting is about; where not all of it is found, the first of these matters most.
FACETS = (Facet.OBJECTION, Facet.PERSONA, Facet.STAGE)


@dataclass(frozen=True)
class Moment:
    """A moment of a pack, with what of the meeting it is about and what not."""

    exemplar: Exemplar
    fits: list[Tag]
    misses: list[Tag]

    @property
    def recording(self) -> Recording | None:
        return clipping.recording_of(self.exemplar)

    @property
    def file(self) -> Rendition | None:
        return clipping.phone_file_of(self.exemplar)

    @property
    def is_waiting(self) -> bool:
        """Its file is still being made."""
        recording = self.recording
        return self.file is None and (recording is None or not recording.is_settled)


def pack(session: Session, user: User, team: Team, tags: Iterable[Tag]) -> Pack:
    """What fits this meeting; each moment is cut out, so that nothing else of its take goes along."""
    wanted = sorted(
        (tag for tag in tags if tag.facet in FACETS), key=lambda tag: list(FACETS).index(tag.facet)
    )
    made = Pack(
        user_id=user.id,
        team_id=team.id,
        tags=[tag.key for tag in wanted],
        warm_up=_warm_up(session, user, team, wanted),
        expires_at=db.now() + KEPT_FOR,
        items=[],
    )
    for position, exemplar in enumerate(_best(session, user, team, wanted)):
        clipping.make_again(session, exemplar)
        made.items.append(PackItem(exemplar=exemplar, position=position))
    session.add(made)
    session.flush()
    _clear_away(session, user)
    return made


def _clear_away(session: Session, user: User) -> None:
    """Packs that are over, and those that nobody can have a use for any more beside so many newer ones."""
    newest = select(Pack.id).where(Pack.user_id == user.id, Pack.expires_at > db.now())
    newest = newest.order_by(Pack.created_at.desc()).limit(MOST_PACKS)
    session.execute(delete(Pack).where(Pack.user_id == user.id, Pack.id.not_in(newest)))


def _best(session: Session, user: User, team: Team, wanted: Sequence[Tag]) -> list[Exemplar]:
    """What bears all of it first; then less of it, one facet at a time."""
    found: dict[Exemplar, None] = {}
    for size in range(len(wanted), -1, -1):
        for tags in combinations(wanted, size):
            hits = finding.find(session, user, team, Wanted(tags=tags)).hits
            playable = [hit.exemplar for hit in hits if hit.exemplar.take.recording.is_playable]
            found |= dict.fromkeys(sorted(playable, key=_watched_to_the_end, reverse=True))
            if len(found) >= MOST_MOMENTS:
                return list(found)[:MOST_MOMENTS]
    return list(found)


def _watched_to_the_end(exemplar: Exemplar) -> float:
    return (exemplar.finished_count + 1) / (exemplar.opened_count + 1)


def _warm_up(session: Session, user: User, team: Team, wanted: Sequence[Tag]) -> Scenario | None:
    """The scenario that fits the meeting best; of several the shortest."""
    query = scenarios_visible_to(user).where(Scenario.team_id == team.id, Scenario.archived_at.is_(None))
    scenarios = session.scalars(query.order_by(Scenario.target_seconds, Scenario.created_at))
    return max(scenarios, key=lambda scenario: sum(_is_about(scenario, tag) for tag in wanted), default=None)


def _is_about(scenario: Scenario, tag: Tag) -> bool:
    name = tag.name.casefold()
    words = {
        Facet.STAGE: scenario.stage.value,
        Facet.PERSONA: scenario.buyer,
        Facet.OBJECTION: f"{scenario.title} {scenario.situation} {scenario.prompt}",
    }
    return name in words[tag.facet].casefold()


def sweep(session: Session) -> None:
    """Packs that are long over go; what may be watched again, after it was taken back, is cut out again."""
    session.execute(delete(Pack).where(Pack.expires_at < db.now() - FORGOTTEN_AFTER))
    missing = (
        select(Exemplar)
        .join(PackItem, PackItem.exemplar_id == Exemplar.id)
        .join(Pack, Pack.id == PackItem.pack_id)
        .join(Exemplar.take)
        .where(
            Pack.expires_at > db.now(),
            Exemplar.from_ms.is_not(None),
            Exemplar.clip_id.is_(None),
            Take.deleted_at.is_(None),
            Take.submitted_at.is_not(None),
        )
    )
    for exemplar in session.scalars(missing).unique():
        if exemplar.is_shown and exemplar.take.recording.is_playable:
            clipping.make(session, exemplar)


def choices(session: Session, team: Team) -> dict[Facet, list[Tag]]:
    """What one can say about a meeting, in the words of the team."""
    tags = tagging.vocabulary(session, team.id)
    return {facet: [tag for tag in tags if tag.facet is facet] for facet in FACETS}


def living(session: Session, user: User, team: Team) -> list[Pack]:
    """The packs of this person that are not over, the newest first."""
    query = select(Pack).where(Pack.user_id == user.id, Pack.team_id == team.id, Pack.expires_at > db.now())
    query = query.order_by(Pack.created_at.desc()).options(selectinload(Pack.items))
    return list(session.scalars(query))


def is_over(pack: Pack) -> bool:
    return pack.expires_at <= db.now()


def wanted_of(session: Session, pack: Pack) -> list[Tag]:
    """What the meeting was said to be about."""
    tags = tagging.by_keys(session, pack.team_id, pack.tags)
    return [tags[key] for key in pack.tags if key in tags]


def moments_of(session: Session, pack: Pack, user: User) -> list[Moment]:
    """The moments of the pack that may still be watched."""
    ids = [item.exemplar_id for item in pack.items]
    visible = exemplars_visible_to(user).where(Exemplar.id.in_(ids)).with_only_columns(Exemplar.id)
    seen = set(session.scalars(visible))
    wanted = wanted_of(session, pack)
    exemplars = finding.loaded(session, [exemplar_id for exemplar_id in ids if exemplar_id in seen])
    return [_judged(exemplar, wanted) for exemplar in exemplars if exemplar.is_shown]


def _judged(exemplar: Exemplar, wanted: list[Tag]) -> Moment:
    """Another team that shares a moment writes its tags with the same keys."""
    keys = {tag.key for tag in exemplar.tags}
    return Moment(
        exemplar,
        fits=[tag for tag in wanted if tag.key in keys],
        misses=[tag for tag in wanted if tag.key not in keys],
    )


def last_fixed(session: Session, user: User, team: Team) -> Comment | None:
    """What this person put right last, else what somebody last found strong in a take of theirs."""
    mine = select(Take.id).join(Take.pitch).where(Pitch.presenter_id == user.id, Pitch.team_id == team.id)
    remarks = comments_visible_to(user).where(
        Comment.take_id.in_(mine), Comment.parent_id.is_(None), Comment.deleted_at.is_(None)
    )
    fixed = remarks.where(Comment.kind == CommentKind.TRY_INSTEAD, Comment.resolved_at.is_not(None))
    strong = remarks.where(Comment.kind == CommentKind.STRENGTH)
    return _first(session, fixed.order_by(Comment.resolved_at.desc())) or _first(
        session, strong.order_by(Comment.created_at.desc())
    )


def _first(session: Session, remarks: Select[Comment]) -> Comment | None:
    return session.scalar(remarks.limit(1))
