"""A drill may hide names: they stand nowhere in what is said about its takes, page or file."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from pitchreview.actions import reviewing, rubrics, scoring
from pitchreview.actions.naming import Naming
from pitchreview.actions.ready_rubrics import CONVERSATION
from pitchreview.config import Settings
from pitchreview.errors import InvalidState
from pitchreview.models import Comment, Drill, Notification, NotificationKind, Request, Take, User
from tests.conftest import Cast
from tests.factories import Factory
from worker.letters import letter_about

ClientOf = Callable[[User | None], FlaskClient]

# Everything that shows what was said about a take.
PAGES = (
    "/takes/{take}",
    "/takes/{take}/comments",
    "/takes/{take}/marks",
    "/takes/{take}/reviews",
    "/takes/{take}/scores",
    "/takes/{take}/report",
    "/takes/{take}/exports",
    "/takes/{take}/exports/csv",
    "/takes/{take}/exports/vtt",
    "/takes/{take}/exports/edl",
    "/takes/{take}/exports/jsonld",
    "/takes/{take}/stage",
    "/pitches/{pitch}",
)


@pytest.fixture
def drill(make: Factory, cast: Cast) -> Drill:
    rubric = rubrics.use_ready(make.session, cast.team.id, CONVERSATION)
    drill = make.drill(make.scenario(cast.team, "Price", rubric_id=rubric.id), cast.mona)
    drill.rubric = rubric
    return drill


@pytest.fixture
def take(session: Session, make: Factory, cast: Cast, drill: Drill) -> Take:
    """Ada's, reviewed by Cole: a comment with her answer, a level, the one thing."""
    take = make.take(cast.ada, drill.scenario)
    take.drill = drill
    said = reviewing.comment(session, take, cast.cole, reviewing.NewComment("Ask first.", 5000))
    criterion = drill.rubric.criteria[0] if drill.rubric else None
    assert criterion is not None
    scoring.score(session, take, cast.cole, criterion.id, criterion.levels[1].id)
    reviewing.publish(session, take, cast.cole, "Ask before you tell.")
    reviewing.reply(session, said, cast.ada, "I will.", None)
    session.commit()
    return take


def read(client: FlaskClient, take: Take, addresses: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for address in addresses:
        answer = client.get(address.format(take=take.id, pitch=take.pitch_id))
        assert answer.status_code == 200, address
        # The page around it knows who looks, and whom one may mention.
        text = answer.text.split("<main", 1)[-1].split("</main>", 1)[0]
        found[address] = text + str(answer.headers.get("Content-Disposition", ""))
    return found


def test_without_a_drill_that_hides_them_names_stand_everywhere(
    client_of: ClientOf, cast: Cast, take: Take
) -> None:
    pages = read(client_of(cast.ada), take, PAGES)
    told = [address for address in PAGES if "Cole" in pages[address]]
    assert {
        "/takes/{take}",
        "/takes/{take}/marks",
        "/takes/{take}/exports/csv",
        "/takes/{take}/report",
    } <= set(told)


def test_ada_reads_reviewer_1_and_never_cole(
    client_of: ClientOf, session: Session, cast: Cast, drill: Drill, take: Take
) -> None:
    drill.hides_reviewers = True
    session.commit()
    ada = client_of(cast.ada)
    pages = read(ada, take, (*PAGES, f"/takes/{take.id}/walk", "/notifications", "/", "/progress"))
    for address, text in pages.items():
        assert "Cole" not in text, address
        assert str(cast.cole.id) not in text, address
    assert "Reviewer 1" in pages["/takes/{take}"]
    assert "Reviewer 1" in pages["/takes/{take}/exports/csv"]


def test_cole_reads_the_presenter_and_never_ada(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, drill: Drill, take: Take
) -> None:
    drill.hides_presenter = True
    later = make.take(cast.ada, drill.scenario)
    later.drill = drill
    session.add(Request(take=later, asked_by=cast.ada, asked=cast.cole, question="Too fast?"))
    session.add(Notification(user=cast.cole, kind=NotificationKind.HANDED_ON, take=later))
    session.commit()
    pages = read(client_of(cast.cole), take, (*PAGES, "/notifications", "/review", "/", "/team/takes"))
    assert "Too fast?" in pages["/review"]
    assert "A take is no longer yours to review" in pages["/notifications"]
    for address, text in pages.items():
        # The list of people to choose from holds the whole team.
        assert "Ada" not in text.replace(">Ada Lindqvist</option>", ""), address
    assert "The presenter" in pages["/takes/{take}"]


def test_mona_reads_every_name_and_everybody_their_own(
    client_of: ClientOf, session: Session, cast: Cast, drill: Drill, take: Take
) -> None:
    drill.hides_reviewers = drill.hides_presenter = True
    session.commit()
    page = read(client_of(cast.mona), take, ("/takes/{take}",))["/takes/{take}"]
    assert "Cole Okafor" in page
    assert "Ada Lindqvist" in page
    assert Naming(session, take, cast.cole).of(cast.cole).name == "Cole Okafor"
    assert Naming(session, take, cast.ada).presenter.name == "Ada Lindqvist"


def test_reviewers_are_told_apart_in_the_order_in_which_they_began(
    session: Session, make: Factory, cast: Cast, drill: Drill, take: Take
) -> None:
    drill.hides_reviewers = True
    reviewing.comment(session, take, cast.mona, reviewing.NewComment("And wait.", 9000))
    session.commit()
    names = Naming(session, take, cast.ada)
    assert [names.of(person).name for person in (cast.cole, cast.mona)] == ["Reviewer 1", "Reviewer 2"]
    assert names.of(cast.cole).first_name == "Reviewer 1"


def test_letters_hide_the_same_names(
    session: Session, settings: Settings, cast: Cast, drill: Drill, take: Take
) -> None:
    drill.hides_reviewers = drill.hides_presenter = True
    session.commit()
    told = session.query(Notification).filter(Notification.user_id.in_([cast.ada.id, cast.cole.id])).all()
    assert {message.user_id for message in told} == {cast.ada.id, cast.cole.id}
    for message in told:
        letter = letter_about(session, settings, message)
        other = "Cole" if message.user_id == cast.ada.id else "Ada"
        assert other not in letter.subject + letter.text + letter.html


def test_nobody_finds_by_name_what_is_nameless(
    client_of: ClientOf, session: Session, cast: Cast, drill: Drill, take: Take
) -> None:
    drill.hides_presenter = True
    session.commit()
    cole, mona = client_of(cast.cole), client_of(cast.mona)
    for address in (f"/team/takes?presenter={cast.ada.id}", f"/progress/{cast.ada.id}"):
        assert str(take.id) not in cole.get(address).text
        assert str(take.id) in mona.get(address).text


def test_a_comment_on_a_take_that_was_just_taken_back_goes_nowhere(
    session: Session, make: Factory, cast: Cast
) -> None:
    take = make.take(cast.ada, make.scenario(cast.team, "Vendor"), submitted=False)
    with pytest.raises(InvalidState, match="just taken this back"):
        reviewing.comment(session, take, cast.cole, reviewing.NewComment("Ask.", 0))
    assert session.query(Comment).filter_by(take_id=take.id).count() == 0
