"""A team with very many reps and takes, written by the database itself: for pages that must stay quick."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from pitchreview.models import Drill, Scenario, User


def fill(
    session: Session,
    scenario: Scenario,
    drill: Drill,
    coach: User,
    reps: int,
    takes: int,
    name: str = "crowd",
) -> None:
    """So many reps with so many takes between them: most reviewed and scored, some waiting, some late.

    `name` keeps the people of one call apart from those of another.
    """
    values = {
        "team": str(scenario.team_id),
        "scenario": str(scenario.id),
        "rubric": scenario.rubric_id,
        "drill": drill.id,
        "coach": coach.id,
        "reps": reps,
        "takes": takes,
        "name": name,
    }
    for statement in STATEMENTS:
        session.execute(text(statement), values)


def _id(kind: str, number: str = "n") -> str:
    return f"md5(CAST(:name AS text) || '{kind}' || ({number}))::uuid"


REPS = "generate_series(0, CAST(:reps AS int) - 1) AS n"
TAKES = "generate_series(0, CAST(:takes AS int) - 1) AS n"
MINE = "n % CAST(:reps AS int)"
STATEMENTS = (
    f"""
    INSERT INTO users (id, email, name, time_zone, habits, is_operator, created_at)
    SELECT {_id("rep")}, 'rep' || n || '.' || CAST(:name AS text) || '@crowd.example', 'Rep ' || n,
        (CAST('{{UTC,Europe/Berlin,America/Los_Angeles,Asia/Kolkata}}' AS text[]))[1 + n % 4], '{{}}', false,
        now() - interval '90 days'
    FROM {REPS}
    """,
    f"""
    INSERT INTO memberships (id, team_id, user_id, role, created_at)
    SELECT gen_random_uuid(), CAST(:team AS uuid), {_id("rep")}, 'rep', now() - interval '90 days'
    FROM {REPS}
    """,
    f"""
    INSERT INTO pitches (id, team_id, scenario_id, presenter_id, created_at)
    SELECT {_id("pitch")}, CAST(:team AS uuid), CAST(:scenario AS uuid), {_id("rep")}, now()
    FROM {REPS}
    """,
    f"""
    INSERT INTO recordings (id, state, duration_ms, width, height, has_video, has_audio, created_at)
    SELECT {_id("recording")}, 'ready', 120000, 1280, 720, true, true, now() FROM {TAKES}
    """,
    f"""
    INSERT INTO takes (id, pitch_id, recording_id, number, round, shared_with_team, created_at, submitted_at,
        drill_id)
    SELECT {_id("take")}, {_id("pitch", MINE)}, {_id("recording")}, n / CAST(:reps AS int) + 1,
        n / CAST(:reps AS int) + 1, false, now(), now() - (n * interval '17 minutes'),
        CASE WHEN n % 3 = 0 THEN CAST(:drill AS uuid) END
    FROM {TAKES}
    """,
    f"""
    INSERT INTO reviews (id, take_id, reviewer_id, rubric_id, state, one_thing, started_at, published_at)
    SELECT {_id("review")}, {_id("take")}, :coach, CAST(:rubric AS uuid), 'published', '', now(),
        now() - (n * interval '16 minutes')
    FROM {TAKES} WHERE n % 20 <> 0
    """,
    f"""
    INSERT INTO scores (review_id, criterion_id, level_id)
    SELECT {_id("review")}, criteria.id, levels.id
    FROM {TAKES}, criteria JOIN levels ON levels.criterion_id = criteria.id AND levels.value = 2
    WHERE n % 20 <> 0 AND criteria.rubric_id = CAST(:rubric AS uuid)
    """,
    f"""
    INSERT INTO assignments (id, take_id, reviewer_id, drill_id, origin, state, minutes, created_at,
        leased_until, reason)
    SELECT gen_random_uuid(), {_id("take")}, :coach, CAST(:drill AS uuid), 'shared_out',
        CASE WHEN n % 20 = 0 THEN 'open' ELSE 'done' END, 4, now(),
        now() + (n % 40 - 10) * interval '6 hours', ''
    FROM {TAKES}
    """,
    f"""
    INSERT INTO commitments (id, team_id, user_id, take_id, review_id, criterion_id, words, due_on, state,
        reason, created_at, agreed_at)
    SELECT {_id("commitment")}, CAST(:team AS uuid), {_id("rep", MINE)}, {_id("take")}, {_id("review")},
        (SELECT id FROM criteria WHERE rubric_id = CAST(:rubric AS uuid) ORDER BY position
            OFFSET n % 3 LIMIT 1),
        'Ask before you tell', current_date + (n % 30 - 10), CASE n % 3 WHEN 1 THEN 'agreed' ELSE 'fixed' END,
        '', now(), now()
    FROM {TAKES} WHERE n % 20 <> 0
    """,
    f"""
    INSERT INTO proofs (id, commitment_id, take_id, judged_by_id, review_id, verdict, at_ms, note, created_at,
        published_at)
    SELECT gen_random_uuid(), {_id("commitment")}, {_id("take")}, :coach, {_id("review")},
        CASE n % 3 WHEN 1 THEN 'closer' ELSE 'fixed' END, 1000, '', now(), now()
    FROM {TAKES} WHERE n % 20 <> 0 AND n % 3 < 2
    """,
    f"""
    INSERT INTO focuses (id, team_id, user_id, criterion_id, since)
    SELECT gen_random_uuid(), CAST(:team AS uuid), {_id("rep")},
        (SELECT id FROM criteria WHERE rubric_id = CAST(:rubric AS uuid) ORDER BY position LIMIT 1), now()
    FROM {REPS} WHERE n % 5 <> 0
    """,
)
