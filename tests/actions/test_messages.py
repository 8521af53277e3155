"""The talk track: cards in versions, and what is to be checked again when one changes."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from pitchreview.actions import briefing, curating, messages, tagging
from pitchreview.actions.messages import Card
from pitchreview.errors import InvalidInput, InvalidState
from pitchreview.models import Exemplar, Facet, Message, MessageKind
from tests.conftest import Cast
from tests.factories import Factory

PRICE = Card(
    MessageKind.OBJECTION,
    "Too expensive",
    "You are thirty per cent more.",
    "What do you compare us with?",
    must_say=("What do you compare us with?",),
    avoid=("discount",),
)


@pytest.fixture
def card(session: Session, cast: Cast) -> Message:
    card = messages.write(session, cast.team.id, PRICE, cast.mona)
    session.commit()
    return card


def rewrite(
    session: Session, card: Message, cast: Cast, why: str = "Buyers asked.", **changes: object
) -> None:
    new = replace(PRICE, **changes)  # type: ignore[arg-type]
    messages.rewrite(session, card, new, cast.mona, why=why, seen=card.version)
    session.commit()


def test_other_words_make_a_version_that_says_why_and_the_old_ones_stay(
    session: Session, cast: Cast, card: Message
) -> None:
    with pytest.raises(InvalidInput) as told:
        rewrite(session, card, cast, why=" ", answer="Compared with what?")
    assert told.value.field == "why"
    session.rollback()
    rewrite(session, card, cast, answer="Compared with what?")
    assert [(each.version, each.answer, each.why) for each in card.versions] == [
        (2, "Compared with what?", "Buyers asked."),
        (1, "What do you compare us with?", ""),
    ]


def test_another_owner_or_day_makes_no_version(session: Session, cast: Cast, card: Message) -> None:
    rewrite(session, card, cast, why="", owner_id=cast.cole.id, review_on=date(2026, 3, 1))
    assert (card.version, card.owner, card.review_on) == (1, cast.cole, date(2026, 3, 1))
    assert card.is_due(date(2026, 3, 1))
    messages.still_right(session, card, date(2026, 3, 1))
    assert card.review_on == date(2026, 5, 30)
    assert not card.is_due(date(2026, 3, 2))


def test_who_saves_over_somebody_else_is_told(session: Session, cast: Cast, card: Message) -> None:
    rewrite(session, card, cast, body="You cost more.")
    with pytest.raises(InvalidState):
        messages.rewrite(session, card, PRICE, cast.mona, why="Back.", seen=1)


def test_a_card_is_a_tag_and_a_changed_one_asks_to_look_at_its_moments_again(
    session: Session, make: Factory, cast: Cast, card: Message
) -> None:
    model = make.exemplar(make.take(cast.ada, make.scenario(cast.team)), cast.mona)
    assert card.tag is not None
    assert (card.tag.facet, card.tag.name) == (Facet.MESSAGE, "Too expensive")
    model.set_tags([card.tag])
    session.commit()
    assert not doubtful(session, cast, model)
    rewrite(session, card, cast, name="Price")
    assert (card.tag.name, card.tag.key) == ("Price", "message:price")
    assert doubtful(session, cast, model)
    messages.retire(session, card, cast.mona)
    session.commit()
    assert card.tag not in tagging.vocabulary(session, cast.team.id)
    messages.retire(session, card, cast.mona)
    session.commit()
    assert (card.retired_at, card.tag.retired_at) == (None, None)


def doubtful(session: Session, cast: Cast, model: Exemplar) -> bool:
    session.expire_all()
    return bool(curating.doubts_about(model))


def test_two_cards_in_use_do_not_share_a_name(session: Session, cast: Cast, card: Message) -> None:
    with pytest.raises(InvalidInput):
        messages.write(session, cast.team.id, replace(PRICE, name="too  expensive"), cast.mona)
    messages.retire(session, card, cast.mona)
    messages.write(session, cast.team.id, PRICE, cast.mona)
    with pytest.raises(InvalidInput):
        messages.retire(session, card, cast.mona)
    messages.write(session, cast.other_team.id, PRICE, cast.zoe)


@pytest.mark.parametrize(
    ("changes", "field"), [({"name": " "}, "name"), ({"body": ""}, "body"), ({"answer": ""}, "answer")]
)
def test_what_is_missing_is_said_beside_its_field(
    session: Session, cast: Cast, changes: dict[str, str], field: str
) -> None:
    with pytest.raises(InvalidInput) as told:
        messages.write(session, cast.team.id, replace(PRICE, **changes), cast.mona)  # type: ignore[arg-type]
    assert told.value.field == field


def test_a_scenario_is_checked_again_when_a_card_of_it_changes_or_is_retired(
    session: Session, make: Factory, cast: Cast, card: Message
) -> None:
    other = messages.write(session, cast.team.id, replace(PRICE, name="No budget"), cast.mona)
    scenario = make.scenario(cast.team)
    briefing.use_cards(session, scenario, cast.mona, [other.id, card.id])
    session.commit()
    assert [each.message for each in scenario.cards] == [other, card]
    assert not any(each.is_outdated for each in scenario.cards)
    rewrite(session, card, cast, body="You cost more.")
    messages.retire(session, other, cast.mona)
    assert all(each.is_outdated for each in scenario.cards)
    briefing.use_cards(session, scenario, cast.mona, [card.id, other.id])
    session.commit()
    assert all(each.is_outdated for each in scenario.cards), "choosing them anew is not looking at them"
    briefing.check_cards(scenario)
    session.commit()
    assert [(each.message, each.is_outdated) for each in scenario.cards] == [(card, False)]


def test_a_card_of_another_team_cannot_be_chosen(session: Session, make: Factory, cast: Cast) -> None:
    theirs = messages.write(session, cast.other_team.id, PRICE, cast.zoe)
    with pytest.raises(InvalidInput):
        briefing.use_cards(session, make.scenario(cast.team), cast.mona, [theirs.id])
