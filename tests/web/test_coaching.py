"""The manager's page: who was coached, who waits on whom, what is late, what was fixed, what to do next."""

import csv
import html
import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import advising, overseeing, rubrics, scoring, tabulating
from pitchreview.actions.ready_rubrics import CONVERSATION
from pitchreview.models import (
    Assignment,
    AssignmentOrigin,
    Commitment,
    CommitmentState,
    Drill,
    DrillPerson,
    Flag,
    Focus,
    Proof,
    RecordingState,
    Review,
    Role,
    Take,
    User,
    Verdict,
)
from tests import teams
from tests.conftest import Cast
from tests.factories import Factory
from tests.statements import heard_by

ClientOf = Callable[[User | None], FlaskClient]


@pytest.fixture
def drill(make: Factory, cast: Cast) -> Drill:
    rubric = rubrics.use_ready(make.session, cast.team.id, CONVERSATION)
    drill = make.drill(make.scenario(cast.team, "Price", rubric_id=rubric.id), cast.mona)
    drill.rubric = rubric
    make.session.commit()
    return drill


def submitted(make: Factory, drill: Drill, who: User) -> Take:
    take = make.take(who, drill.scenario)
    take.drill = drill
    make.session.commit()
    return take


def row_of(session: Session, cast: Cast, who: User) -> overseeing.Row:
    return next(row for row in overseeing.overview(session, cast.team.id).rows if row.user_id == who.id)


def reviewed(make: Factory, take: Take, by: User, level: int) -> Review:
    """A published review that gives this level for the first criterion."""
    criterion = take.drill.rubric.criteria[0] if take.drill and take.drill.rubric else None
    assert criterion is not None
    scoring.score(make.session, take, by, criterion.id, criterion.levels[level - 1].id)
    review = make.session.query(Review).filter_by(take_id=take.id, reviewer_id=by.id).one()
    review.publish("Ask first.", db.now())
    make.session.commit()
    return review


def agreed(make: Factory, take: Take, words: str = "Ask who loses first", **more: object) -> Commitment:
    values = {"state": CommitmentState.AGREED, "due_on": db.now().date() + timedelta(days=3)} | more
    one = Commitment(
        team_id=take.pitch.team_id, user_id=take.pitch.presenter_id, take_id=take.id, words=words, **values
    )
    make.session.add(one)
    make.session.commit()
    return one


def test_reps_stand_there_and_nobody_else(session: Session, cast: Cast) -> None:
    names = [row.name for row in overseeing.overview(session, cast.team.id).rows]
    assert names == ["Ada Lindqvist", "Jonas Weber"]


def test_the_newest_review_says_who_was_heard_and_a_month_later_it_is_long_ago(
    session: Session, make: Factory, cast: Cast, drill: Drill
) -> None:
    take = submitted(make, drill, cast.ada)
    review = reviewed(make, take, cast.cole, 2)
    row = row_of(session, cast, cast.ada)
    assert row.heard == overseeing.Heard(review.published_at, "Cole Okafor", take.id)
    assert row.is_coached(db.now())
    assert not row.is_coached(db.now() + timedelta(days=31))
    assert row.waits is None


def test_who_waits_is_told_with_whom_they_wait_for(
    session: Session, make: Factory, cast: Cast, drill: Drill
) -> None:
    take = submitted(make, drill, cast.ada)
    assert row_of(session, cast, cast.ada).waits == overseeing.Waits(take.id, take.submitted_at, 1, [])
    late = db.now() - timedelta(hours=1)
    session.add(
        Assignment(
            take=take, reviewer=cast.cole, origin=AssignmentOrigin.SHARED_OUT, minutes=3, leased_until=late
        )
    )
    session.commit()
    overview = overseeing.overview(session, cast.team.id)
    assert [row.waits and row.waits.on for row in overview.rows] == [["Cole Okafor"], None]
    assert [(one.reviewer, one.presenter) for one in overview.late_reviews] == [
        ("Cole Okafor", "Ada Lindqvist")
    ]


def test_a_silent_check_is_nowhere_in_it(session: Session, make: Factory, cast: Cast, drill: Drill) -> None:
    take = submitted(make, drill, cast.ada)
    late = db.now() - timedelta(hours=1)
    session.add(
        Assignment(take=take, reviewer=cast.cole, origin=AssignmentOrigin.CHECK, minutes=3, leased_until=late)
    )
    session.commit()
    assert overseeing.overview(session, cast.team.id).late_reviews == []
    assert row_of(session, cast, cast.ada).waits == overseeing.Waits(take.id, take.submitted_at, 1, [])


def test_a_drill_is_late_when_the_day_is_over_where_somebody_is(
    session: Session, make: Factory, cast: Cast, drill: Drill
) -> None:
    drill.due_on = db.now().date() - timedelta(days=2)
    submitted(make, drill, cast.jonas)
    assert (row_of(session, cast, cast.ada).late, row_of(session, cast, cast.jonas).late) == (1, 0)
    assert [one.people for one in overseeing.overview(session, cast.team.id).late_drills] == [1]
    # It ended at this instant in Honolulu or has still to end, whatever the hour of this test.
    cast.ada.time_zone = "Pacific/Kiritimati"
    drill.due_on = (db.now() + timedelta(hours=14)).date()
    session.commit()
    assert row_of(session, cast, cast.ada).late == 0


def test_a_drill_for_some_is_nothing_to_the_others(
    session: Session, make: Factory, cast: Cast, drill: Drill
) -> None:
    drill.for_team = False
    drill.people = [DrillPerson(user_id=cast.jonas.id)]
    session.commit()
    assert (row_of(session, cast, cast.ada).drills, row_of(session, cast, cast.jonas).drills) == (0, 1)


def test_what_was_agreed_and_fixed_is_counted_by_criterion(
    session: Session, make: Factory, cast: Cast, drill: Drill
) -> None:
    take = submitted(make, drill, cast.ada)
    assert drill.rubric is not None
    criterion_id = drill.rubric.criteria[0].id
    fixed = agreed(make, take, state=CommitmentState.FIXED, criterion_id=criterion_id)
    still_open = agreed(make, take, criterion_id=criterion_id)
    agreed(make, take, "Not looked at yet", due_on=db.now().date() - timedelta(days=1))
    for one, verdict in ((fixed, Verdict.FIXED), (still_open, Verdict.CLOSER)):
        session.add(
            Proof(
                commitment=one,
                take_id=take.id,
                judged_by_id=cast.cole.id,
                verdict=verdict,
                published_at=db.now(),
            )
        )
    session.add(Focus(team_id=cast.team.id, user_id=cast.ada.id, criterion_id=criterion_id))
    session.commit()
    overview = overseeing.overview(session, cast.team.id)
    assert [(one.name, one.judged, one.fixed) for one in overview.fix_rates] == [("Opening", 2, 1)]
    assert overview.fix_percent == 50
    row = row_of(session, cast, cast.ada)
    assert (row.open_commitments, row.late_commitments, row.fixed, row.focus) == (2, 1, 1, "Opening")


def test_the_next_three_things_are_one_of_each_kind_the_most_pressing_first(
    session: Session, make: Factory, cast: Cast, drill: Drill
) -> None:
    drill.due_on = db.now().date() - timedelta(days=3)
    take = submitted(make, drill, cast.ada)
    comment = make.comment(take, cast.cole)
    agreed(make, take, due_on=db.now().date() - timedelta(days=1))
    session.add(Flag(comment=comment, raised_by=cast.ada, reason="It hurts."))
    late = db.now() - timedelta(hours=1)
    for reviewer in (cast.cole, cast.mona):
        session.add(
            Assignment(
                take=take, reviewer=reviewer, origin=AssignmentOrigin.PICKED, minutes=3, leased_until=late
            )
        )
    session.commit()
    steps = advising.next_steps(overseeing.overview(session, cast.team.id))
    assert [(step.kind.value, step.others) for step in steps] == [
        ("flag", 0),
        ("late_review", 1),
        ("late_drill", 0),
    ]


def test_a_rep_who_was_not_heard_for_a_month_comes_up(session: Session, cast: Cast) -> None:
    assert advising.next_steps(overseeing.overview(session, cast.team.id)) == []
    for membership in cast.jonas.memberships:
        membership.created_at = db.now() - timedelta(days=40)
    session.commit()
    steps = advising.next_steps(overseeing.overview(session, cast.team.id))
    assert [(step.kind.value, step.about.name) for step in steps] == [("unheard", "Jonas Weber")]


def test_mona_reads_it_and_every_figure_leads_on(
    client_of: ClientOf, make: Factory, cast: Cast, drill: Drill
) -> None:
    take = submitted(make, drill, cast.ada)
    agreed(make, take, "Ask who loses first")
    mona = client_of(cast.mona)
    page = mona.get("/coaching").text
    for address in (
        f"/takes/{take.id}",
        "/team/takes?presenter=reps&amp;state=waiting",
        f"/progress/{cast.ada.id}",
    ):
        assert address in page
    listed = mona.get(f"/coaching/commitments?person={cast.ada.id}").text
    assert "Ask who loses first" in listed
    assert f"/takes/{take.id}" in listed
    assert "Ask who loses first" not in mona.get("/coaching/commitments?state=fixed").text
    assert mona.get("/coaching/commitments?state=nonsense&person=nobody").status_code == 200


def rows_at(client: FlaskClient, address: str) -> int:
    """How many rows the lists of a page have."""
    main = client.get(html.unescape(address)).text.split("<main", 1)[1]
    lists = re.findall(r'<ul class="(?:queue|card rows)">(.*?)</ul>(?!\s*</li>)', main, re.DOTALL)
    return sum(
        len(re.findall(r'<li class="(?:queue-row|stack stack--tight|row row--between)', one)) for one in lists
    )


def test_a_list_has_as_many_rows_as_the_figure_that_leads_to_it(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, drill: Drill
) -> None:
    """Ada was heard, waits twice, agreed to three things; Jonas is late; what others did counts nowhere."""
    drill.due_on = db.now().date() - timedelta(days=3)
    assert drill.rubric is not None
    heard = submitted(make, drill, cast.ada)
    for by in (cast.cole, cast.mona):
        reviewed(make, heard, by, 2)
    waiting = [submitted(make, drill, cast.ada) for _ in range(2)]
    make.take(cast.jonas, drill.scenario, state=RecordingState.AWAITING_UPLOAD)
    for other in (submitted(make, drill, cast.cole), make.take("A guest", drill.scenario)):
        if other.pitch.presenter:
            agreed(make, other)
    for take in waiting:
        session.add(
            Assignment(
                take=take,
                reviewer=cast.cole,
                origin=AssignmentOrigin.SHARED_OUT,
                minutes=3,
                leased_until=db.now() - timedelta(hours=1),
            )
        )
    criterion_id = drill.rubric.criteria[0].id
    agreed(make, heard)
    agreed(make, heard, due_on=db.now().date() - timedelta(days=1))
    judged = agreed(make, heard, criterion_id=criterion_id)
    session.add(
        Proof(
            commitment=judged,
            take_id=waiting[0].id,
            judged_by_id=cast.cole.id,
            verdict=Verdict.CLOSER,
            published_at=db.now(),
        )
    )
    agreed(make, heard, state=CommitmentState.FIXED, criterion_id=criterion_id, closed_at=db.now())
    session.add(Focus(team_id=cast.team.id, user_id=cast.ada.id, criterion_id=criterion_id))
    session.commit()
    mona = client_of(cast.mona)
    page = mona.get("/coaching").text
    tiles = re.findall(r'<a class="figure-link" href="(.*?)">.*?figure-value">(.*?)</b>', page)
    assert [value for _, value in tiles] == ["1 of 2", "2", "2 + 1", "3", "50 %"]
    assert [rows_at(mona, address) for address, _ in tiles] == [1, 2, 3, 3, 2]
    more = re.findall(r'<a class="link meta figure-more" href="(.*?)">(\d+) ', page)
    assert [(rows_at(mona, address), int(number)) for address, number in more] == [(1, 1), (1, 1)]
    table = page.split("<tbody>", 1)[1].split("</tbody>")[0]
    counts = re.findall(
        r'href="([^"]*)">(?:<span class="chip[^"]*">.*?)??(\d+) (takes|open|fixed|late)', table
    )
    assert [(number, what) for _, number, what in counts] == [
        ("2", "takes"), ("1", "open"), ("3", "open"), ("1", "fixed"), ("1", "open"), ("1", "late"),
    ]  # fmt: skip
    for address, number, _ in counts:
        assert rows_at(mona, address) == int(number)
    late = mona.get(f"/coaching/drills/{drill.id}?state=late").text.split("<tbody>", 1)[1]
    assert "1 person late" in page and late.count("<tr>") == 1 and "Jonas Weber" in late
    line_id = drill.rubric.criteria[0].line_id
    assert f"/progress/{cast.ada.id}#line-{line_id}" in table
    assert f'id="line-{line_id}"' in mona.get(f"/progress/{cast.ada.id}").text


def test_who_is_hidden_from_coaches_is_not_told_by_a_filter(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, drill: Drill
) -> None:
    drill.hides_presenter = True
    submitted(make, drill, cast.ada)
    cole = client_of(cast.cole)
    assert cole.get("/coaching/overdue").status_code == 403
    assert rows_at(cole, "/team/takes?presenter=reps&state=waiting") == 1
    assert rows_at(cole, f"/team/takes?presenter={cast.ada.id}&state=waiting") == 0
    assert rows_at(client_of(cast.mona), f"/team/takes?presenter={cast.ada.id}&state=waiting") == 1


def test_an_empty_team_is_told_what_to_do(client_of: ClientOf, make: Factory) -> None:
    newcomer = make.user("Nora New", make.team("New team"), Role.MANAGER)
    make.session.commit()
    assert "Invite people" in client_of(newcomer).get("/coaching").text


def test_the_results_of_a_drill_are_medians_with_what_people_gave_themselves(
    session: Session, make: Factory, cast: Cast, drill: Drill
) -> None:
    take = submitted(make, drill, cast.ada)
    reviewed(make, take, cast.cole, 2)
    reviewed(make, take, cast.mona, 4)
    results = tabulating.results_of(session, drill)
    ada, jonas = results.rows
    assert (ada.take, ada.reviewers, ada.cells[0].level, ada.cells[0].spread) == (take, 2, 3.0, 2)
    assert (ada.cells[1].level, ada.overall) == (None, 3.0)
    assert (jonas.take, jonas.overall) == (None, None)


def test_the_overall_level_goes_by_weight(session: Session, make: Factory, cast: Cast, drill: Drill) -> None:
    take = submitted(make, drill, cast.ada)
    assert drill.rubric is not None
    first, second = drill.rubric.criteria[:2]
    first.weight = 3
    scoring.score(session, take, cast.cole, second.id, second.levels[0].id)
    reviewed(make, take, cast.cole, 3)
    assert tabulating.results_of(session, drill).rows[0].overall == pytest.approx((3 * 3 + 1) / 4)


def test_the_table_is_a_file_that_no_spreadsheet_computes(
    client_of: ClientOf, make: Factory, cast: Cast, drill: Drill
) -> None:
    cast.ada.name = "=HYPERLINK(1)"
    reviewed(make, submitted(make, drill, cast.ada), cast.cole, 2)
    answer = client_of(cast.mona).get(f"/coaching/drills/{drill.id}.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row["name"] for row in rows] == ["'=HYPERLINK(1)", "Jonas Weber"]
    assert (rows[0]["Opening"], rows[0]["reviewers"], rows[1]["submitted"]) == ("2", "1", "")
    assert "attachment" in answer.headers["Content-Disposition"]


def test_however_large_the_team_it_is_the_same_few_statements(
    client_of: ClientOf, engine: Engine, session: Session, make: Factory, cast: Cast, drill: Drill
) -> None:
    mona = client_of(cast.mona)
    counts = []
    for reps, takes, name in ((3, 12, "few"), (40, 400, "many")):
        scenario = make.scenario(cast.team, name, rubric_id=drill.rubric_id)
        mine = make.drill(scenario, cast.mona, due_in=timedelta(days=-2))
        mine.rubric_id = drill.rubric_id
        session.flush()
        teams.fill(session, scenario, mine, cast.cole, reps, takes, name)
        session.commit()
        found = []
        for address in ("/coaching", f"/coaching/drills/{mine.id}"):
            with heard_by(engine) as heard:
                assert mona.get(address).status_code == 200
            found.append(len(heard))
        counts.append(found)
    assert counts[0] == counts[1]
    assert max(counts[1]) <= 20


def test_a_rep_reviews_by_the_same_rubric_how_a_coach_does_the_drill(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, drill: Drill
) -> None:
    shown = submitted(make, drill, cast.cole)
    jonas, address = client_of(cast.jonas), f"/takes/{shown.id}"
    assert "shows how they do it" in jonas.get(f"/drills/{drill.id}").text
    assert drill.rubric is not None
    criterion = drill.rubric.criteria[0]
    level = {"criterion_id": str(criterion.id), "level_id": str(criterion.levels[3].id)}
    assert jonas.post(f"{address}/scores", data=level).status_code == 302
    assert (
        jonas.post(f"{address}/review", data={"one_thing": "You wait. I would not have."}).status_code == 302
    )
    assert "You wait. I would not have." in client_of(cast.cole).get(address).text
    # By himself, outside a drill, it is shown to nobody but those who coach.
    shown.drill = None
    session.commit()
    assert client_of(cast.ada).get(address).status_code == 404
