"""Tags: read as they are typed, written so that they are read again, one row for each of a team."""

import pytest
from sqlalchemy.orm import Session

from pitchreview.actions import tagging
from pitchreview.actions.tagging import NewTag
from pitchreview.models import Facet
from tests.conftest import Cast


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("Objection, CFO", ["stage:objection", "topic:cfo"]),
        ("Buyer: CFO, persona: cfo", ["persona:cfo"]),
        ("Product: Sync,Message: Value proposition", ["product:sync", "message:value proposition"]),
        ("Criterion: Asks before telling 4", ["criterion:asks before telling:4"]),
        ("Criterion: Level 9", ["criterion:level 9"]),
        ("Criterion: 4", ["criterion:4"]),
        ("Objection: too expensive", ["objection:too expensive"]),
        ("Ratio 3:1", ["topic:ratio 3:1"]),
        (" a ,A,, b  c ,", ["topic:a", "topic:b c"]),
        ("Buyer:, :", ["topic::"]),
        ("", []),
        (" , ,", []),
        ("x" * 90, ["topic:" + "x" * 80]),
    ],
)
def test_tags_are_read_as_they_are_typed(typed: str, keys: list[str]) -> None:
    assert [tag.key for tag in tagging.read(typed)] == keys


def test_what_is_written_is_read_as_the_same(session: Session, cast: Cast) -> None:
    typed = "Objection, Stage: late, Buyer: CFO, Criterion: Asks before telling 4, Silence"
    tags = tagging.tags_for(session, cast.team.id, tagging.read(typed))
    assert tagging.read(", ".join(tagging.written(tag) for tag in tags)) == tagging.read(typed)


def test_a_team_has_each_tag_once_and_teams_have_their_own(session: Session, cast: Cast) -> None:
    first, other = NewTag(Facet.PERSONA, "CFO"), NewTag(Facet.PERSONA, "cfo")
    mine = tagging.tags_for(session, cast.team.id, [first])
    assert tagging.tags_for(session, cast.team.id, [other]) == mine
    assert [tag.name for tag in mine] == ["CFO"]
    assert tagging.tags_for(session, cast.other_team.id, [first]) != mine


def test_what_is_retired_is_offered_no_more_until_it_comes_back(session: Session, cast: Cast) -> None:
    (tag,) = tagging.tags_for(session, cast.team.id, [NewTag(Facet.PRODUCT, "Sync 1")])
    tagging.retire(tag)
    assert tagging.vocabulary(session, cast.team.id) == []
    assert tag.outdated_at is not None
    tagging.bring_back(tag)
    assert tagging.vocabulary(session, cast.team.id) == [tag]
