"""A library with very many moments, written by the database itself: for pages that must stay quick.

Everything has an id made of its number, so that one statement can point at what another one wrote; what
is there already stays, and a larger library goes on where the smaller one ended.
"""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from pitchreview.models import Scenario, Team, User

MOMENTS_OF_A_TAKE = 5
# Most moments are shown; of a hundred one was withdrawn, one is a draft, one comes out some day
STATES = "CASE n % 100 WHEN 7 THEN 'withdrawn' WHEN 8 THEN 'asked' ELSE 'given' END"
COMES_OUT = "CASE n % 100 WHEN 9 THEN NULL WHEN 10 THEN now() + interval '9 days' ELSE {at} END"
AT = "now() - (n * interval '97 seconds')"
FACETS = {
    "stage": ("Prospecting", "Discovery", "Demo", "Objection", "Closing"),
    "persona": ("CFO", "CTO", "IT", "Operations", "Procurement", "Founder", "Sales lead", "Legal"),
    "objection": tuple(f"Objection number {i}" for i in range(1, 25)),
    "product": tuple(f"Harbor {name}" for name in ("Sync", "Pay", "Desk", "Port", "Lens", "Note")),
    "topic": tuple(f"Habit {i}" for i in range(1, 201)),
}
TITLES = (
    "Handing the price back as a question",
    "Silence after the renewal date",
    "Three questions before one feature",
    "Praise the incumbent, then the gap",
    "Naming the next step with a date",
    "Earning thirty more seconds",
    "Asking who loses when nothing changes",
    "A demo that begins with their own words",
)
WHY = (
    "She asks five words and waits; the buyer fills the silence himself.",
    "No attack on the vendor they have, and one precise doubt beside it.",
    "Every answer makes the next question smaller, and at the end she says it back.",
    "He draws their company before he draws ours, on paper.",
)


def fill(
    session: Session, scenario: Scenario, presenter: User, curator: User, upto: int, start: int = 0
) -> None:
    """Hold up so many moments (from number `start` on) of takes that one presenter submitted."""
    values = {
        "team": scenario.team_id,
        "scenario": scenario.id,
        "presenter": presenter.id,
        "curator": curator.id,
        "first": start,
        "last": upto - 1,
        "first_take": start // MOMENTS_OF_A_TAKE,
        "last_take": (upto - 1) // MOMENTS_OF_A_TAKE,
        "titles": list(TITLES),
        "why": list(WHY),
    }
    _make_tags(session, scenario.team_id)
    for statement in (PITCHES, RECORDINGS, POSTERS, TAKES, REVIEWS, EXEMPLARS, *_taggings(), LISTINGS):
        session.execute(text(statement), values)


def discuss(session: Session, speaker: User, team: Team, upto: int, number: int, start: int = 0) -> None:
    """So many comments over the takes of these moments; one of fifty shows an exemplar."""
    values = {
        "team": team.id,
        "speaker": speaker.id,
        "takes": max(1, upto // MOMENTS_OF_A_TAKE),
        "moments": upto,
        "first": start,
        "last": number - 1,
        "words": list(WHY),
    }
    session.execute(text(COMMENTS), values)


def analyze(session: Session) -> None:
    """What autovacuum does a while after such a change."""
    session.execute(text("ANALYZE"))


def _make_tags(session: Session, team_id: UUID) -> None:
    for facet, names in FACETS.items():
        values = {"team": team_id, "facet": facet, "names": list(names)}
        session.execute(text(TAGS), values)


def _id(kind: str, number: str = "n") -> str:
    return f"md5(:team || '{kind}' || ({number}))::uuid"


def _taggings() -> list[str]:
    """Of each facet one tag a moment, the first ones far more often; a topic only for every other."""
    statements = []
    for facet, names in FACETS.items():
        # A square makes the first names common and the last ones rare.
        pick = f"1 + floor({len(names)} * power((hashint4(n + {len(facet)}) & 65535) / 65536.0, 2))::int"
        some = "AND n % 2 = 0" if facet == "topic" else ""
        statements.append(
            f"""
            INSERT INTO exemplar_tags (exemplar_id, tag_id)
            SELECT {_id("exemplar")}, {_id(facet, pick)}
            FROM generate_series(CAST(:first AS int), :last) AS n WHERE true {some}
            """
        )
    return statements


TAGS = """
    INSERT INTO tags (id, team_id, facet, name, key, created_at)
    SELECT md5(:team || :facet || n)::uuid, CAST(:team AS uuid), :facet, name, :facet || ':' || lower(name),
        now()
    FROM unnest(CAST(:names AS text[])) WITH ORDINALITY AS named (name, n) ON CONFLICT DO NOTHING
"""
# A hundred takes a pitch, one a round
PITCHES = f"""
    INSERT INTO pitches (id, team_id, scenario_id, presenter_id, created_at)
    SELECT {_id("pitch")}, CAST(:team AS uuid), :scenario, :presenter, now()
    FROM generate_series(CAST(:first_take AS int) / 100, :last_take / 100) AS n ON CONFLICT DO NOTHING
"""
RECORDINGS = f"""
    INSERT INTO recordings (id, state, duration_ms, width, height, has_video, has_audio, created_at)
    SELECT {_id("recording")}, 'ready', 120000, 1280, 720, true, true, now()
    FROM generate_series(CAST(:first_take AS int), :last_take) AS n ON CONFLICT DO NOTHING
"""
POSTERS = f"""
    INSERT INTO renditions (id, recording_id, kind, rung, attempt, object_key, content_type, size_bytes,
        width, height, created_at)
    SELECT {_id("poster")}, {_id("recording")}, 'poster', 0, 1, 'bench/' || :team || n, 'image/jpeg', 20000,
        640, 360, now()
    FROM generate_series(CAST(:first_take AS int), :last_take) AS n ON CONFLICT DO NOTHING
"""
TAKES = f"""
    INSERT INTO takes (id, pitch_id, recording_id, uploaded_by_id, number, round, shared_with_team,
        created_at, submitted_at)
    SELECT {_id("take")}, {_id("pitch", "n / 100")}, {_id("recording")}, :presenter, n % 100 + 1, n % 100 + 1,
        false, now(), now()
    FROM generate_series(CAST(:first_take AS int), :last_take) AS n ON CONFLICT DO NOTHING
"""
REVIEWS = f"""
    INSERT INTO reviews (id, take_id, reviewer_id, state, one_thing, started_at, published_at)
    SELECT {_id("review")}, {_id("take")}, :curator, 'published', '', now(), now()
    FROM generate_series(CAST(:first_take AS int), :last_take) AS n ON CONFLICT DO NOTHING
"""
EXEMPLARS = f"""
    INSERT INTO exemplars (id, team_id, take_id, from_ms, until_ms, title, why, held_up_by_id, consent,
        created_at, published_at, opened_count, finished_count)
    SELECT {_id("exemplar")}, CAST(:team AS uuid), {_id("take", f"n / {MOMENTS_OF_A_TAKE}")},
        n % 5 * 20000, n % 5 * 20000 + 15000,
        (CAST(:titles AS text[]))[1 + (hashint4(n) & 7)] || ', account ' || n % 5000,
        (CAST(:why AS text[]))[1 + (hashint4(n + 1) & 3)]
            || CASE WHEN n % 400 = 3 THEN ' Wombat.' ELSE '' END,
        :curator, {STATES}, {AT}, {COMES_OUT.format(at=AT)}, n % 40, n % 7
    FROM generate_series(CAST(:first AS int), :last) AS n
"""
LISTINGS = f"""
    INSERT INTO listings (team_id, exemplar_id, listed_at, tag_ids, words)
    SELECT exemplars.team_id, exemplars.id, exemplars.published_at,
        array_agg(tags.id),
        setweight(to_tsvector('english', exemplars.title), 'A')
            || setweight(to_tsvector('english', string_agg(tags.name, ' ')), 'B')
            || setweight(to_tsvector('english', exemplars.why), 'C')
    FROM generate_series(CAST(:first AS int), :last) AS n
    JOIN exemplars ON exemplars.id = {_id("exemplar")}
    JOIN exemplar_tags ON exemplar_tags.exemplar_id = exemplars.id
    JOIN tags ON tags.id = exemplar_tags.tag_id
    WHERE exemplars.published_at IS NOT NULL AND exemplars.consent = 'given'
    GROUP BY exemplars.id
"""
COMMENTS = f"""
    INSERT INTO comments (id, take_id, author_id, at_ms, kind, body, instead, exemplar_id, version,
        created_at, published_at, changed_at)
    SELECT gen_random_uuid(), {_id("take", "n % CAST(:takes AS int)")}, :speaker, n % 110000, 'strength',
        (CAST(:words AS text[]))[1 + n % 4], '',
        CASE WHEN n % 50 = 0 THEN {_id("exemplar", "n % CAST(:moments AS int)")} END, 1, now(), now(), now()
    FROM generate_series(CAST(:first AS int), :last) AS n
"""
