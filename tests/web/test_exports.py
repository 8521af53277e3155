"""What people take along: the right words at the right times, and nothing that is not theirs to read."""

import csv
import io
import json
import re
from collections.abc import Callable
from fractions import Fraction

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions.exporting.markers import frame_at, timecode_of, true_rate
from pitchreview.models import CommentKind, Take, User
from tests.conftest import Cast
from tests.factories import DURATION_MS, Factory

ClientOf = Callable[[User | None], FlaskClient]
FORMS = ("vtt", "csv", "jsonld", "edl")


@pytest.fixture
def take(make: Factory, cast: Cast) -> Take:
    """Two remarks of Cole with an answer, and much that nobody else may read."""
    take = make.take(cast.ada, make.scenario(cast.team, "Preis & Wert"), shared=True)
    take.recording.probe = {"fps": 30000 / 1001}
    asked = make.comment(
        take, cast.cole, "You rush --> <b>slow</b>\n\ndown", at_ms=83_200, instead="Breathe."
    )
    make.reply(asked, cast.ada, "=HYPERLINK(1)")
    make.comment(take, cast.cole, "Warm | start", at_ms=0, until_ms=2000, kind=CommentKind.STRENGTH)
    make.comment(take, cast.mona, "SECRET draft", published_at=None)
    make.comment(take, cast.mona, "SECRET note", published_at=None, is_private=True)
    make.comment(take, cast.cole, "SECRET deleted", deleted_at=db.now())
    make.session.commit()
    return take


def export(client: FlaskClient, take: Take, kind: str) -> str:
    answer = client.get(f"/takes/{take.id}/exports/{kind}")
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize("page", [*(f"exports/{kind}" for kind in FORMS), "report"])
def test_drafts_and_private_notes_stay_behind_ones_own_as_well(
    client_of: ClientOf, cast: Cast, take: Take, page: str
) -> None:
    for who in (cast.mona, cast.cole, cast.ada, cast.jonas):
        text = client_of(who).get(f"/takes/{take.id}/{page}").text
        assert "Breathe." in text and "SECRET" not in text


@pytest.mark.parametrize("page", [*(f"exports/{kind}" for kind in FORMS), "report"])
def test_who_looks_alone_first_takes_nothing_of_the_others_along(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, take: Take, page: str
) -> None:
    make.review(take, cast.cole)
    take.awaits_self_assessment = True
    session.commit()
    of_ada = client_of(cast.ada).get(f"/takes/{take.id}/{page}").text
    assert "Breathe." not in of_ada and "Ask one question" not in of_ada
    assert "Breathe." in client_of(cast.mona).get(f"/takes/{take.id}/{page}").text


@pytest.mark.parametrize("kind", FORMS)
def test_a_files_name_tells_the_round_and_never_the_number_of_takes(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, take: Take, kind: str
) -> None:
    scenario = take.pitch.scenario
    for _ in range(3):
        make.take(cast.ada, scenario, submitted=False)
    later = make.take(cast.ada, scenario)
    session.commit()
    answer = client_of(cast.mona).get(f"/takes/{later.id}/exports/{kind}")
    suffix = f"ada-lindqvist-preis-wert-round-2.{kind}"
    assert answer.headers["Content-Disposition"] == f"attachment; filename={suffix}"


def test_captions_are_cues_that_no_words_can_break(client_of: ClientOf, cast: Cast, take: Take) -> None:
    head, first, second = export(client_of(cast.ada), take, "vtt").strip().split("\n\n")
    assert head == "WEBVTT - Preis &amp; Wert, Ada Lindqvist"
    assert first.split("\n")[1:] == [
        "00:00:00.000 --> 00:00:02.000",
        "<v Cole Okafor>Strength: Warm | start",
    ]
    assert second.split("\n")[1:] == [
        "00:01:23.200 --> 00:01:27.200",
        "<v Cole Okafor>Try instead: You rush --&gt; &lt;b&gt;slow&lt;/b&gt; down Instead: Breathe.",
        "<v Ada Lindqvist>=HYPERLINK(1)",
    ]


def test_the_last_caption_ends_with_the_video(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast
) -> None:
    take = make.take(cast.ada, make.scenario(cast.team))
    make.comment(take, cast.cole, at_ms=DURATION_MS - 1000)
    make.comment(take, cast.cole, at_ms=DURATION_MS)
    session.commit()
    times = re.findall(r"(\S+) --> (\S+)", export(client_of(cast.ada), take, "vtt"))
    assert times == [("00:01:29.000", "00:01:30.000"), ("00:01:30.000", "00:01:30.001")]


def test_a_spreadsheet_computes_nothing_of_what_people_wrote(
    client_of: ClientOf, cast: Cast, take: Take
) -> None:
    text = export(client_of(cast.ada), take, "csv")
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text[1:])))
    assert [(row["time"], row["kind"], row["by"], row["answers"]) for row in rows] == [
        ("0:00.0", "Strength", "Cole Okafor", ""),
        ("1:23.2", "Try instead", "Cole Okafor", ""),
        ("1:23.2", "Answer", "Ada Lindqvist", "Cole Okafor"),
    ]
    assert rows[2]["comment"] == "'=HYPERLINK(1)"
    assert rows[1]["comment"] == "You rush --> <b>slow</b>\n\ndown" and rows[1]["instead"] == "Breathe."


@pytest.mark.parametrize("start", ["=1", "+1", "-1", "@A1", "\t=1", "  =1"])
def test_no_cell_begins_as_a_formula(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, start: str
) -> None:
    cast.cole.name = f"{start} Cole"
    take = make.take(cast.ada, make.scenario(cast.team))
    make.comment(take, cast.cole, f"{start} words", instead=f"{start} instead")
    session.commit()
    cells = [
        cell for row in csv.reader(io.StringIO(export(client_of(cast.ada), take, "csv"))) for cell in row
    ]
    assert [cell for cell in cells if cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t"))] == []


def test_annotations_name_their_moment_as_the_standard_does(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    stroke = {"tool": "box", "points": [[0.1, 0.2], [0.5, 0.6]]}
    make.comment(take, cast.cole, "Here.", at_ms=90_000, kind=None, drawing=[stroke])
    session.commit()
    data = json.loads(export(client_of(cast.ada), take, "jsonld"))
    items = data["first"]["items"]
    assert (data["@context"], data["type"]) == ("http://www.w3.org/ns/anno.jsonld", "AnnotationCollection")
    assert data["total"] == len(items) == 4
    selectors = [item["target"]["selector"] for item in items if isinstance(item["target"], dict)]
    assert [selector["value"] for selector in selectors] == ["t=npt:0,2", "t=npt:83.2", "t=npt:90"]
    assert 'points="0.1,0.2 0.5,0.2 0.5,0.6 0.1,0.6 0.1,0.2"' in selectors[2]["refinedBy"]["value"]
    assert items[2]["motivation"] == "replying" and items[2]["target"] == items[1]["id"]
    assert {item["creator"]["name"] for item in items} == {"Cole Okafor", "Ada Lindqvist"}


def test_marks_for_an_editor_stand_on_the_frames_of_the_video(
    client_of: ClientOf, cast: Cast, take: Take
) -> None:
    lines = export(client_of(cast.ada), take, "edl").split("\r\n")
    assert lines[:3] == [
        "TITLE: Preis & Wert, Ada Lindqvist",
        "FCM: NON-DROP FRAME",
        "* 29.970 FRAMES A SECOND",
    ]
    # 83.2 s at 30000/1001 frames a second is frame 2493: 83 seconds and 3 frames of 30.
    assert lines[8] == "002  AX       V     C        00:01:23:03 00:01:23:04 01:01:23:03 01:01:23:04"
    assert lines[9].startswith("* LOC: 01:01:23:03 YELLOW  Cole Okafor: Try instead: You rush")
    assert lines[6] == " |C:ResolveColorGreen |M:Cole Okafor: Strength: Warm / start |D:59"


@given(
    st.sampled_from([24000 / 1001, 24.0, 25.0, 30000 / 1001, 30.0, 50.0, 60000 / 1001, 60.0]),
    st.integers(0, 3600 * 60),
)
def test_a_frame_keeps_its_number_on_the_way_through_milliseconds(fps: float, frame: int) -> None:
    rate = true_rate(fps)
    centre_ms = int((frame + Fraction(1, 2)) * 1000 / rate)
    assert frame_at(centre_ms, rate) == frame
    hours, minutes, seconds, frames = map(int, timecode_of(frame, rate).split(":"))
    assert ((hours * 60 + minutes) * 60 + seconds) * round(rate) + frames == frame


def test_the_report_says_the_one_thing_first_and_strengths_before_tries(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    make.review(take, cast.cole)
    session.commit()
    page = client_of(cast.jonas).get(f"/takes/{take.id}/report").text
    found = [page.index(words) for words in ("Ask one question before", "Warm | start", "Breathe.")]
    assert found == sorted(found) and "<b>slow</b>" not in page
