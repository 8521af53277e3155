"""The talk track of the demo team: cards, how one of them changed, and the scenarios that ask for them."""

from dataclasses import replace

from sqlalchemy.orm import Session

from pitchreview.actions import briefing, messages
from pitchreview.actions.messages import Card
from pitchreview.models import MessageKind, Scenario, User

PRICE = Card(
    MessageKind.OBJECTION,
    "Price, compared with what?",
    "I like it, but it is too expensive.",
    "Thank you for saying it. May I ask: expensive compared with what?",
    must_say=("Compared with what?", "What does it cost you today?"),
    avoid=("discount", "cheap"),
)
FIRST_WORDS = replace(PRICE, answer="I understand. Let us see what we can do.", must_say=(), avoid=())
WHY_CHANGED = "The old answer gave the discount away before anybody had asked for one."

CARDS = (
    Card(
        MessageKind.VALUE,
        "Change it once",
        "Change an order once, and it is right everywhere: in the shop, in the books and in the warehouse.",
        must_say=("Change it once, it is right everywhere",),
        avoid=("synergy", "seamless"),
    ),
    Card(
        MessageKind.DIFFERENTIATOR,
        "Keep your vendor",
        "We stand beside what you have. Lyon kept their vendor, and only the hours between went away.",
        avoid=("rip and replace",),
    ),
    Card(
        MessageKind.INSIGHT,
        "The hours between",
        "What hurts is not the nightly run. It is what people type and call in the hours between.",
    ),
    Card(
        MessageKind.QUESTION,
        "Who retypes it?",
        "When an order changes at noon, who retypes it, and where?",
        must_say=("Who retypes it?",),
    ),
)
# A scenario and the cards it asks for, by their names.
ASKED_FOR = {
    "vendor": ("Keep your vendor", "Who retypes it?"),
    "value": ("Change it once",),
    "price": (PRICE.name,),
}


def lay(session: Session, scenarios: dict[str, Scenario], by: User) -> None:
    team_id = scenarios["price"].team_id
    laid = {card.name: messages.write(session, team_id, card, by) for card in (*CARDS, FIRST_WORDS)}
    messages.rewrite(session, laid[PRICE.name], PRICE, by, why=WHY_CHANGED, seen=1)
    for message in laid.values():
        message.owner = by
        messages.still_right(session, message, message.created_at.date())
    for key, names in ASKED_FOR.items():
        briefing.use_cards(session, scenarios[key], by, [laid[name].id for name in names])
