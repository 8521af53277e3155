"""Building rubrics: criteria, their levels, and what each level looks like.

A rubric that was used is never changed: saving makes its next version, and scenarios move on to that one.
Reviews that have begun and drills that are set keep theirs.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from uuid import UUID, uuid4

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import accounts
from pitchreview.actions.ready_rubrics import LEVELS, ReadyRubric
from pitchreview.errors import InvalidInput, InvalidState
from pitchreview.models import (
    AnchorClip,
    Comment,
    Commitment,
    Criterion,
    Drill,
    Focus,
    Level,
    Review,
    Rubric,
    Scenario,
    SelfAssessment,
    Standard,
    User,
    WarmUp,
)

FEWEST_LEVELS, MOST_LEVELS = 3, 5
MOST_CRITERIA = 12
HEAVIEST = 5
LONGEST_NAME, LONGEST_LEVEL, LONGEST_TEXT = 80, 24, 400


@dataclass(frozen=True)
class Line:
    """A criterion as it is typed; `anchors` says what each level looks like, the lowest first."""

    line_id: UUID
    name: str = ""
    about: str = ""
    weight: int = 1
    anchors: tuple[str, ...] = ("",) * MOST_LEVELS


@dataclass(frozen=True)
class Plan:
    """A rubric as it is typed. All criteria share the names of their levels."""

    name: str
    about: str
    levels: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def stamp(self) -> str:
        """Two plans that say the same have the same one."""
        return hashlib.sha256(json.dumps(asdict(self), default=str).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Uses:
    """Where a version was used."""

    reviews: int
    drills: int
    scenarios: int
    is_frozen: bool


def blank() -> Plan:
    return Plan("", "", LEVELS, (Line(uuid4()),))


def plan_of_ready(ready: ReadyRubric) -> Plan:
    lines = tuple(Line(uuid4(), each.name, each.about, 1, each.anchors) for each in ready.criteria)
    return Plan(ready.name, ready.about, LEVELS, lines)


def plan_of(rubric: Rubric) -> Plan:
    most = max((criterion.levels for criterion in rubric.criteria), key=len, default=[])
    return Plan(
        rubric.name,
        rubric.about,
        tuple(level.name for level in most) or LEVELS,
        tuple(
            Line(
                criterion.line_id,
                criterion.name,
                criterion.about,
                criterion.weight,
                tuple(level.anchor for level in criterion.levels),
            )
            for criterion in rubric.criteria
        ),
    )


def build(session: Session, team_id: UUID, plan: Plan, by: User) -> Rubric:
    """A new rubric of the team; raises `InvalidInput` beside what does not fit."""
    plan = _checked(plan)
    rubric = Rubric(team_id=team_id, name=plan.name, about=plan.about, created_by_id=by.id, criteria=[])
    _lay(rubric, plan)
    session.add(rubric)
    session.flush()
    accounts.note(session, "rubric built", actor=by, subject=str(rubric.id))
    return rubric


def rebuild(session: Session, rubric: Rubric, plan: Plan, by: User, *, seen: str) -> Rubric:
    """Change it, or make its next version where it was used; answers the version that stands now.

    `seen` is the stamp of what was shown to the person who changes it: another one has changed it meanwhile
    when it does not fit any more.
    """
    plan = _checked(plan)
    current = newest(session, rubric, lock=True)
    before = plan_of(current)
    if before.stamp != seen:
        raise InvalidState("Somebody else has saved this rubric meanwhile. What you typed is all here.")
    if before == plan:
        return current
    if uses_of(session, current).is_frozen:
        return _next_version(session, current, plan, by)
    _lay(current, plan)
    session.flush()
    accounts.note(session, "rubric changed", actor=by, subject=str(current.id))
    return current


def newest(session: Session, rubric: Rubric, *, lock: bool = False) -> Rubric:
    """The version that stands now; held still, nobody else changes it and no review begins with it."""
    query = select(Rubric).where(Rubric.id == rubric.id)
    while True:
        if lock:
            query = query.with_for_update().execution_options(populate_existing=True)
        rubric = session.scalars(query).one()
        query = select(Rubric).where(Rubric.replaces_id == rubric.id)
        if session.scalar(select(query.exists())) is not True:
            return rubric


def versions_of(session: Session, rubric: Rubric) -> list[Rubric]:
    """It and the versions before it, the newest first."""
    found = [rubric]
    while found[-1].replaces_id is not None:
        found.append(session.get_one(Rubric, found[-1].replaces_id))
    return found


def uses_of(session: Session, rubric: Rubric) -> Uses:
    def count(noun: type[Review] | type[Drill] | type[Scenario]) -> int:
        query = select(func.count()).select_from(noun).where(noun.rubric_id == rubric.id)
        return session.scalar(query) or 0

    criteria = select(Criterion.id).where(Criterion.rubric_id == rubric.id)
    judging, naming = (Review, Drill, SelfAssessment, Standard), (Comment, Commitment, Focus, WarmUp)
    judged = (exists().where(noun.rubric_id == rubric.id) for noun in judging)
    named = (exists().where(noun.criterion_id.in_(criteria)) for noun in naming)
    return Uses(
        reviews=count(Review),
        drills=count(Drill),
        scenarios=count(Scenario),
        is_frozen=bool(session.scalar(select(or_(*judged, *named)))),
    )


def put_away(session: Session, rubric: Rubric, by: User) -> None:
    """Offered no more, or offered again; whatever uses it keeps it."""
    if rubric.retired_at is not None and session.scalar(
        select(exists().where(Rubric.replaces_id == rubric.id))
    ):
        raise InvalidState("A newer version stands in its place.")
    rubric.retired_at = db.now() if rubric.retired_at is None else None
    act = "rubric put away" if rubric.retired_at else "rubric brought back"
    accounts.note(session, act, actor=by, subject=str(rubric.id))


def _next_version(session: Session, old: Rubric, plan: Plan, by: User) -> Rubric:
    new = Rubric(
        team_id=old.team_id,
        name=plan.name,
        about=plan.about,
        version=old.version + 1,
        replaces_id=old.id,
        created_by_id=by.id,
        criteria=[],
    )
    known = {criterion.line_id for criterion in old.criteria}
    _lay(new, plan, known)
    session.add(new)
    session.flush()
    old.retired_at = old.retired_at or db.now()
    session.execute(update(Scenario).where(Scenario.rubric_id == old.id).values(rubric_id=new.id))
    _carry_clips(session, old, new)
    accounts.note(session, "rubric version made", actor=by, subject=str(new.id), version=str(new.version))
    return new


def _lay(rubric: Rubric, plan: Plan, known: set[UUID] | None = None) -> None:
    """Put criteria and levels in place; a line of before keeps its row, and in a next version its name."""
    rubric.name, rubric.about = plan.name, plan.about
    rows = {criterion.line_id: criterion for criterion in rubric.criteria}
    known = set(rows) if known is None else known
    kept = []
    for position, line in enumerate(plan.lines):
        line_id = line.line_id if line.line_id in known else uuid4()
        criterion = rows.get(line_id) or Criterion(line_id=line_id, levels=[])
        criterion.position, criterion.weight = position, line.weight
        criterion.name, criterion.about = line.name, line.about
        _lay_levels(criterion, plan.levels, line.anchors)
        kept.append(criterion)
    rubric.criteria = kept


def _lay_levels(criterion: Criterion, names: tuple[str, ...], anchors: tuple[str, ...]) -> None:
    rows = {level.value: level for level in criterion.levels}
    kept = []
    for value, (name, anchor) in enumerate(zip(names, anchors, strict=True), start=1):
        level = rows.get(value) or Level(value=value)
        level.name, level.anchor = name, anchor
        kept.append(level)
    criterion.levels = kept


def _carry_clips(session: Session, old: Rubric, new: Rubric) -> None:
    """What a level looks like is pinned in the next version, too, where its words are the same."""
    level_of = {
        (criterion.line_id, level.value, level.anchor): level.id
        for criterion in new.criteria
        for level in criterion.levels
    }
    for criterion in old.criteria:
        for level in criterion.levels:
            clip = session.get(AnchorClip, level.id)
            there = level_of.get((criterion.line_id, level.value, level.anchor))
            if clip is not None and there is not None:
                session.add(AnchorClip(level_id=there, exemplar_id=clip.exemplar_id))


def _checked(plan: Plan) -> Plan:
    """The plan without the levels that have no name; raises `InvalidInput` beside what does not fit."""
    if not plan.name:
        raise InvalidInput("Give the rubric a name.", field="name")
    levels = _checked_levels(plan.levels)
    if not plan.lines:
        raise InvalidInput("Add a criterion: what do reviewers look at?")
    if len(plan.lines) > MOST_CRITERIA:
        raise InvalidInput(f"{MOST_CRITERIA} criteria are the most. Three to six are what one can hold.")
    lines = tuple(_checked_line(line, levels) for line in plan.lines)
    return Plan(plan.name[:LONGEST_NAME], plan.about[:LONGEST_TEXT], levels, lines)


def _checked_levels(names: tuple[str, ...]) -> tuple[str, ...]:
    count = max((number for number, name in enumerate(names, start=1) if name), default=0)
    for number in range(1, max(count, FEWEST_LEVELS) + 1):
        if not names[number - 1]:
            raise InvalidInput(f"Give level {number} a name.", field=f"level-{number}")
    return tuple(name[:LONGEST_LEVEL] for name in names[:count])


def _checked_line(line: Line, levels: tuple[str, ...]) -> Line:
    if not line.name:
        raise InvalidInput("Give the criterion a name, or remove it.", field=f"name-{line.line_id}")
    anchors = (*line.anchors, *("",) * MOST_LEVELS)[: len(levels)]
    for number, anchor in enumerate(anchors, start=1):
        if not anchor:
            field = f"anchor-{line.line_id}-{number}"
            raise InvalidInput("Say what one sees or hears at this level.", field=field)
    return Line(
        line.line_id,
        line.name[:LONGEST_NAME],
        line.about[:LONGEST_TEXT],
        min(max(line.weight, 1), HEAVIEST),
        tuple(anchor[:LONGEST_TEXT] for anchor in anchors),
    )
