"""What lists say about the feedback of a take."""

from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions.tallies import Tally, tallies_of
from tests.conftest import Cast
from tests.factories import Factory


def test_a_take_nobody_has_spoken_about_counts_nothing(session: Session, make: Factory, cast: Cast) -> None:
    take = make.take(cast.ada, make.scenario(cast.team))
    assert tallies_of(session, [take]) == {take.id: Tally(comments=0, reviews=0)}


def test_comments_are_counted_without_replies_and_deleted_ones(
    session: Session, make: Factory, cast: Cast
) -> None:
    take = make.take(cast.ada, make.scenario(cast.team))
    make.reply(make.comment(take, cast.cole), cast.ada)
    make.comment(take, cast.mona).deleted_at = db.now()
    session.flush()
    assert tallies_of(session, [take])[take.id].comments == 1


def test_only_published_reviews_count(session: Session, make: Factory, cast: Cast) -> None:
    take = make.take(cast.ada, make.scenario(cast.team))
    make.review(take, cast.cole)
    make.review(take, cast.mona, published=False)
    assert tallies_of(session, [take])[take.id].reviews == 1


def test_each_take_has_its_own_tally(session: Session, make: Factory, cast: Cast) -> None:
    scenario = make.scenario(cast.team)
    first, second = make.take(cast.ada, scenario), make.take(cast.jonas, scenario)
    make.comment(second, cast.cole)
    tallies = tallies_of(session, [first, second])
    assert (tallies[first.id].comments, tallies[second.id].comments) == (0, 1)
