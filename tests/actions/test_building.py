"""Building rubrics: what fits, and what was used is never changed."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from pitchreview.actions import anchoring, building, consenting, reviewing, rubrics, scoring
from pitchreview.actions.building import Line, Plan
from pitchreview.actions.reviewing import NewComment
from pitchreview.errors import InvalidInput, InvalidState
from pitchreview.models import ConsentState, Drill, Rubric, Scenario
from tests.conftest import Cast
from tests.factories import Factory
from tests.waiting import together

ANCHORS = ("Tells.", "Asks late.", "Asks first.", "", "")
ASKS = Line(UUID(int=7), "Asks before telling", "Who speaks first?", 2, ANCHORS)
ENDS = Line(uuid4(), "Next step", "", 1, ANCHORS)
PLAN = Plan("Discovery", "For first talks.", ("Not yet", "Nearly", "Yes", "", ""), (ASKS, ENDS))


@pytest.fixture
def rubric(session: Session, cast: Cast) -> Rubric:
    rubric = building.build(session, cast.team.id, PLAN, cast.mona)
    session.commit()
    return rubric


@pytest.fixture
def scenario(session: Session, make: Factory, cast: Cast, rubric: Rubric) -> Scenario:
    scenario = make.scenario(cast.team, rubric=rubric)
    session.commit()
    return scenario


def changed(rubric: Rubric, **changes: object) -> Plan:
    return replace(building.plan_of(rubric), **changes)  # type: ignore[arg-type]


def seen(rubric: Rubric) -> str:
    return building.plan_of(rubric).stamp


def test_a_rubric_has_criteria_with_weights_and_a_level_for_each_name(rubric: Rubric) -> None:
    assert [(each.name, each.weight) for each in rubric.criteria] == [
        ("Asks before telling", 2),
        ("Next step", 1),
    ]
    levels = rubric.criteria[0].levels
    assert [(level.value, level.name, level.anchor) for level in levels] == [
        (1, "Not yet", "Tells."),
        (2, "Nearly", "Asks late."),
        (3, "Yes", "Asks first."),
    ]


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        (replace(PLAN, name=""), "name"),
        (replace(PLAN, lines=()), None),
        (replace(PLAN, lines=tuple(replace(ASKS, line_id=uuid4()) for _ in range(13))), None),
        (replace(PLAN, levels=("Not yet", "Yes", "", "", "")), "level-3"),
        (replace(PLAN, levels=("Not yet", "", "Yes", "", "")), "level-2"),
        (replace(PLAN, lines=(replace(ASKS, name=""),)), f"name-{ASKS.line_id}"),
        (replace(PLAN, levels=("A", "B", "C", "D", "")), f"anchor-{ASKS.line_id}-4"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(
    session: Session, cast: Cast, plan: Plan, field: str | None
) -> None:
    with pytest.raises(InvalidInput) as told:
        building.build(session, cast.team.id, plan, cast.mona)
    assert told.value.field == field


def test_one_that_nobody_used_is_changed_in_its_place(session: Session, cast: Cast, rubric: Rubric) -> None:
    first = rubric.criteria[0]
    lines = building.plan_of(rubric).lines
    plan = changed(rubric, name="First talks", lines=(lines[1], replace(lines[0], weight=5)))
    saved = building.rebuild(session, rubric, plan, cast.mona, seen=seen(rubric))
    assert (saved, saved.version, saved.name) == (rubric, 1, "First talks")
    assert [each.name for each in saved.criteria] == ["Next step", "Asks before telling"]
    assert (saved.criteria[1], saved.criteria[1].weight) == (first, 5)


def test_one_that_was_used_gets_its_next_version_and_scenarios_move_on(
    session: Session, make: Factory, cast: Cast, rubric: Rubric, scenario: Scenario
) -> None:
    take, drill = make.take(cast.ada, scenario), make.drill(scenario, cast.mona)
    drill.rubric = rubric
    reviewing.comment(session, take, cast.cole, NewComment("Ask.", 0))
    scoring.score(session, take, cast.cole, rubric.criteria[0].id, rubric.criteria[0].levels[0].id)
    lines = building.plan_of(rubric).lines
    plan = changed(rubric, lines=(lines[0], Line(uuid4(), "Listens", anchors=ANCHORS)))
    new = building.rebuild(session, rubric, plan, cast.mona, seen=seen(rubric))
    session.commit()
    session.expire_all()

    assert (new.version, new.replaces_id, scenario.rubric) == (2, rubric.id, new)
    assert [each.name for each in rubric.criteria] == ["Asks before telling", "Next step"]
    assert new.criteria[0].line_id == rubric.criteria[0].line_id
    assert new.criteria[1].line_id not in {each.line_id for each in rubric.criteria}
    assert session.scalars(select(Drill.rubric_id)).all() == [rubric.id]
    sheet = scoring.sheet_of(session, take, cast.cole)
    assert sheet is not None
    assert sheet.rubric == rubric
    assert rubrics.of_team(session, cast.team.id) == [new]
    assert building.versions_of(session, new) == [new, rubric]


def test_saving_without_a_change_makes_no_version(
    session: Session, make: Factory, cast: Cast, rubric: Rubric, scenario: Scenario
) -> None:
    make.drill(scenario, cast.mona).rubric = rubric
    session.flush()
    saved = building.rebuild(session, rubric, building.plan_of(rubric), cast.mona, seen=seen(rubric))
    assert saved == rubric


@pytest.mark.parametrize("is_used", [True, False])
def test_of_two_managers_who_save_at_once_one_is_told(
    sessions: sessionmaker[Session],
    session: Session,
    make: Factory,
    cast: Cast,
    rubric: Rubric,
    scenario: Scenario,
    is_used: bool,
) -> None:
    if is_used:
        make.drill(scenario, cast.mona).rubric = rubric
    session.commit()
    shown = seen(rubric)

    def save(name: str) -> str:
        with sessions() as tab:
            mine = tab.get_one(Rubric, rubric.id)
            try:
                building.rebuild(tab, mine, changed(mine, name=name), cast.mona, seen=shown)
            except InvalidState:
                return "told"
            tab.commit()
            return name

    said = together(lambda: save("Mine"), lambda: save("Yours"))
    assert said.count("told") == 1
    session.expire_all()
    newest = building.newest(session, rubric)
    assert newest.name == next(word for word in said if word != "told")
    assert newest.version == (2 if is_used else 1)


def test_a_pinned_clip_moves_on_while_its_level_reads_the_same_and_goes_with_the_consent(
    session: Session, make: Factory, cast: Cast, rubric: Rubric, scenario: Scenario
) -> None:
    model = make.exemplar(make.take(cast.ada, scenario), cast.mona, from_ms=0, until_ms=5000)
    make.drill(scenario, cast.mona).rubric = rubric
    anchoring.pin(session, rubric.criteria[0].levels[2], model, cast.mona)
    anchoring.pin(session, rubric.criteria[1].levels[0], model, cast.mona)
    lines = building.plan_of(rubric).lines
    reworded = replace(lines[1], anchors=("Ends open.", *lines[1].anchors[1:]))
    plan = changed(rubric, lines=(lines[0], reworded))
    new = building.rebuild(session, rubric, plan, cast.mona, seen=seen(rubric))
    assert anchoring.clips_of(session, cast.cole, new) == {new.criteria[0].levels[2].id: model}
    consenting.answer(session, model, cast.ada, ConsentState.WITHDRAWN)
    session.flush()
    assert anchoring.clips_of(session, cast.mona, new) == {}
    with pytest.raises(InvalidInput):
        anchoring.pin(session, new.criteria[0].levels[0], model, cast.mona)


def test_it_is_put_away_and_comes_back_unless_a_newer_one_stands_there(
    session: Session, make: Factory, cast: Cast, rubric: Rubric, scenario: Scenario
) -> None:
    building.put_away(session, rubric, cast.mona)
    assert rubrics.put_away_of(session, cast.team.id) == [rubric]
    assert rubrics.chosen(session, cast.team.id, str(rubric.id), used=scenario.rubric) == rubric
    building.put_away(session, rubric, cast.mona)
    assert rubrics.of_team(session, cast.team.id) == [rubric]
    make.drill(scenario, cast.mona).rubric = rubric
    new = building.rebuild(session, rubric, changed(rubric, name="Next"), cast.mona, seen=seen(rubric))
    assert rubrics.put_away_of(session, cast.team.id) == []
    with pytest.raises(InvalidState):
        building.put_away(session, rubric, cast.mona)
    assert rubrics.of_team(session, cast.team.id) == [new]
