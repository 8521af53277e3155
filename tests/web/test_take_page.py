"""The page of a take costs the same few statements however much is said, and shows a first part of it."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from pitchreview.actions import rubrics
from pitchreview.actions.ready_rubrics import CONVERSATION
from pitchreview.models import Take, User
from tests import crowd
from tests.conftest import Cast
from tests.factories import Factory
from tests.statements import heard_by

ClientOf = Callable[[User | None], FlaskClient]
MOST_STATEMENTS = 12


@pytest.fixture
def take(make: Factory, cast: Cast) -> Take:
    rubric = rubrics.use_ready(make.session, cast.team.id, CONVERSATION)
    take: Take = make.take(cast.ada, make.scenario(cast.team, rubric=rubric))
    make.session.commit()
    return take


def asked(client: FlaskClient, engine: Engine, take: Take) -> list[str]:
    with heard_by(engine) as heard:
        assert client.get(f"/takes/{take.id}").status_code == 200
    return heard


@pytest.mark.parametrize("who", ["cole", "ada"])
def test_five_comments_and_five_hundred_cost_the_same_few_statements(
    client_of: ClientOf, engine: Engine, session: Session, make: Factory, cast: Cast, take: Take, who: str
) -> None:
    client = client_of(getattr(cast, who))
    speakers = crowd.people(session, make, take)
    crowd.discuss(session, take, speakers, 5)
    session.commit()
    client.get(f"/takes/{take.id}")
    few = asked(client, engine, take)
    crowd.discuss(session, take, speakers, 495)
    session.commit()
    many = asked(client, engine, take)
    assert len(many) == len(few) <= MOST_STATEMENTS, "\n\n".join(many)


def test_the_page_comes_with_the_threads_around_what_its_address_names(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    ids = crowd.discuss(session, take, crowd.people(session, make, take, 3), 200)
    session.commit()
    page = client_of(cast.cole).get(f"/takes/{take.id}?c={ids[120]}").text
    assert [f'id="comment-{ids[place]}"' in page for place in (0, 115, 120, 123, 199)] == [
        False,
        False,
        True,
        True,
        False,
    ]
    assert f'id="comment-{ids[0]}"' in client_of(cast.cole).get(f"/takes/{take.id}").text


def test_marks_tell_of_every_thread_in_a_few_words(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    ids = crowd.discuss(session, take, crowd.people(session, make, take, 3), 200)
    session.commit()
    ada = client_of(cast.ada)
    marks = ada.get(f"/takes/{take.id}/marks").json["marks"]  # type: ignore[index]
    assert [mark["id"] for mark in marks] == [str(comment_id) for comment_id in ids]
    named = ada.get(f"/takes/{take.id}/comments?id={ids[150]}&id={ids[151]}").text
    assert named.count("<comment-thread") == 2
    assert f'data-version="{marks[150]["version"]}"' in named
