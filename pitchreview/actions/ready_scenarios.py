"""Situations that every team meets, as data: a manager takes one as it is, or as a beginning.

They name no product: what is sold is the team's own to fill in. Times of the parts add up to the target.
"""

from dataclasses import dataclass

from pitchreview.actions.ready_rubrics import CONVERSATION, ONE_MINUTE
from pitchreview.models import Stage


@dataclass(frozen=True)
class ReadyScenario:
    """A brief; `beats` are parts with their seconds, `rubric` is the key of a ready-made rubric."""

    key: str
    title: str
    stage: Stage
    buyer: str
    situation: str
    prompt: str
    key_messages: tuple[str, ...]
    beats: tuple[tuple[str, int], ...]
    rubric: str = CONVERSATION.key

    @property
    def target_seconds(self) -> int:
        return sum(seconds for _, seconds in self.beats)


READY_SCENARIOS = (
    ReadyScenario(
        key="cold-call",
        title="Cold call: the first minute",
        stage=Stage.PROSPECTING,
        buyer="Head of operations, picks up between two meetings",
        situation=(
            "You have never spoken. You know one thing about this company that is true of few others: "
            "they opened a second site last spring. She does not know your name, and her hand is already "
            "on the button that ends the call."
        ),
        prompt="Yes? Who is this?",
        key_messages=(
            "Say who you are and that this is a cold call; honesty buys ten seconds",
            "Name the one thing that made you call her and nobody else",
            "Ask one question she can answer without preparation",
            "Make it easy to say no, and easy to say “go on”",
        ),
        beats=(("Who and why you", 15), ("A question", 15), ("Take up the answer", 15), ("A small yes", 15)),
    ),
    ReadyScenario(
        key="one-minute",
        title="60-second value proposition",
        stage=Stage.PROSPECTING,
        buyer="A manager of your buyers’ kind, beside you at a conference",
        situation=(
            "You queue for coffee. He has read the name on your badge and means the question kindly. "
            "There is one minute until it is his turn to order, and tomorrow he will tell a colleague "
            "what he remembers."
        ),
        prompt="I keep seeing your name. What is it that you do?",
        key_messages=(
            "Begin with a moment in his week, not with your company",
            "One message in one short sentence",
            "One customer like him: before, after, and the one figure that counts",
            "End with something he can do",
        ),
        beats=(("His world", 15), ("The one message", 15), ("Proof", 20), ("What next", 10)),
        rubric=ONE_MINUTE.key,
    ),
    ReadyScenario(
        key="send-an-email",
        title="“Just send me an e-mail”",
        stage=Stage.PROSPECTING,
        buyer="Procurement lead who has heard four vendors this week",
        situation=(
            "Forty seconds into a first call she begins to close it, politely. An e-mail will be read by "
            "nobody. But she said something at the start: two suppliers let her down this quarter."
        ),
        prompt="That sounds interesting. Can you just send me an e-mail?",
        key_messages=(
            "Say yes; do not argue about the e-mail",
            "Ask what would have to be in it for her to open it",
            "Come back to what she said about her suppliers",
            "Leave with a day, or with an honest no",
        ),
        beats=(
            ("Yes, gladly", 10),
            ("What should be in it", 25),
            ("Her two suppliers", 25),
            ("A day or a no", 15),
        ),
    ),
    ReadyScenario(
        key="discovery-cfo",
        title="Discovery with a CFO",
        stage=Stage.DISCOVERY,
        buyer="CFO of a 400-person manufacturer, twelve minutes late",
        situation=(
            "Her controller invited you. She gave the meeting half an hour and arrives with eighteen "
            "minutes left. She has seen the slides of three vendors and does not want a fourth set. The "
            "month-end close takes her team nine days, and the auditors have asked why."
        ),
        prompt="I have fifteen minutes. My controller says I should listen to you. So: why am I here?",
        key_messages=(
            "No slides: ask what would make these fifteen minutes worth it",
            "Find the cost in her words, with her figure, before you name yours",
            "Ask who else feels it, and who decides",
            "Sum up what you heard, and let her correct it",
        ),
        beats=(
            ("Her reason to stay", 25),
            ("What hurts", 60),
            ("What it costs", 45),
            ("Sum up, next step", 35),
        ),
    ),
    ReadyScenario(
        key="one-thing-demo",
        title="Demo of the one thing that matters",
        stage=Stage.DEMO,
        buyer="Team lead and two of her people, cameras on",
        situation=(
            "In discovery she named one thing: handing work over between shifts, where details get lost "
            "every night. Your product can do forty things. The meeting is booked for an hour; they "
            "decide in the first five minutes whether to go on listening. Share your screen if you like."
        ),
        prompt="We are all here. Show us what you have.",
        key_messages=(
            "Say back what she told you, and ask whether it is still so",
            "Show the end first: the morning after, with nothing lost",
            "Three clicks, no more, and say what each of them sees",
            "Stop and ask what would be different on Monday",
        ),
        beats=(
            ("What you told us", 25),
            ("The end first", 35),
            ("How one gets there", 70),
            ("And on Monday?", 20),
        ),
    ),
    ReadyScenario(
        key="too-expensive",
        title="“You are too expensive”",
        stage=Stage.OBJECTION,
        buyer="Managing director who likes the product and has a cheaper offer",
        situation=(
            "The demo went well. He has an offer from a competitor at two thirds of your price, and holds "
            "it up with a smile. You do not know yet whether he cannot pay, does not see the value, or "
            "simply negotiates because he always does."
        ),
        prompt="I will be open with you: I like it. But you are thirty per cent more than the others.",
        key_messages=(
            "No discount, no defence: ask what he compares it with",
            "Find out which of the three it is: budget, value or habit",
            "Put the price beside what the problem costs him, in his figure",
            "If you give something, ask for something",
        ),
        beats=(
            ("Take it seriously", 15),
            ("What lies behind it", 35),
            ("Price beside cost", 30),
            ("Next step", 10),
        ),
    ),
    ReadyScenario(
        key="have-a-vendor",
        title="“We already have a vendor”",
        stage=Stage.OBJECTION,
        buyer="Director of IT, three years with the same supplier",
        situation=(
            "He is content, and says so. Nobody was ever dismissed for keeping the supplier. His contract "
            "ends in seven months, and his users have built two spreadsheets around what it cannot do. He "
            "knows of one."
        ),
        prompt="Thanks, but we already work with somebody, and we are happy.",
        key_messages=(
            "Respect the choice; never speak badly of the other vendor",
            "Ask what made them choose it, and what has changed since",
            "Ask what people do beside it, by hand",
            "Propose a comparison that is useful to him even if he stays",
        ),
        beats=(("Respect", 10), ("Why them, and since", 30), ("Beside the tool", 30), ("A small step", 20)),
    ),
    ReadyScenario(
        key="no-budget",
        title="“We have no budget this year”",
        stage=Stage.OBJECTION,
        buyer="Head of customer service in a company that has just frozen spending",
        situation=(
            "The freeze is real: it was in the papers. It is just as real that she loses two people a "
            "quarter and hires agency staff for three times the money. That comes out of another pot, "
            "which nobody has frozen."
        ),
        prompt="It is not a no. There is just no budget this year. Call me in January.",
        key_messages=(
            "Believe her; do not look for a way around her",
            "Ask what the problem will have cost by January",
            "Ask which money pays for it today, and whose that is",
            "Offer to write the case together, for whoever decides",
        ),
        beats=(
            ("I believe you", 10),
            ("The cost of waiting", 35),
            ("Whose money", 30),
            ("One page together", 15),
        ),
    ),
    ReadyScenario(
        key="security-legal",
        title="“Legal will never sign this off”",
        stage=Stage.OBJECTION,
        buyer="Project sponsor with a worried data protection officer beside him",
        situation=(
            "You have won the users. Now the data protection officer has sent a list of 140 questions, "
            "and the sponsor is losing heart. Some of the questions are hard, and you do not know all of "
            "the answers. What you say wrong today, they will read back to you in a year."
        ),
        prompt="I am on your side. But legal will never sign this off. They ask where every byte is.",
        key_messages=(
            "Thank them: somebody is doing their job well",
            "Ask which three questions would stop it, and answer those first",
            "Say what you know, and when you will know the rest; invent nothing",
            "Bring your expert and theirs into one room, with a day",
        ),
        beats=(
            ("They do their job", 15),
            ("The three that matter", 40),
            ("Known and not yet", 30),
            ("One room, a day", 20),
        ),
    ),
    ReadyScenario(
        key="ask-for-it",
        title="Asking for the decision",
        stage=Stage.CLOSING,
        buyer="Sales director who has said yes to everything so far",
        situation=(
            "The pilot met all three goals that you wrote down together. Everybody is friendly, nobody "
            "has signed. Her quarter ends in two weeks, and a new project has begun to eat her time. If "
            "you do not ask today, it will be decided by the calendar."
        ),
        prompt="The pilot was great, the team loves it. We should really talk about next steps some time.",
        key_messages=(
            "Go back to the three goals, and let her say that they are met",
            "Ask for the decision in one plain sentence, then be quiet",
            "If there is a “but”, be glad: ask for all of it at once",
            "Name who signs what by which day",
        ),
        beats=(
            ("The three goals", 25),
            ("Ask, and wait", 20),
            ("The last “but”", 30),
            ("Who, what, when", 15),
        ),
    ),
    ReadyScenario(
        key="gone-quiet",
        title="Gone quiet: opening it again",
        stage=Stage.CLOSING,
        buyer="Project lead who has not answered for five weeks",
        situation=(
            "Your offer went out in the spring. Three friendly reminders came back with nothing. He has "
            "not said no; something has changed that you do not know of. You leave a message on his "
            "phone: he will listen to it once, in a corridor, and answer or not."
        ),
        prompt="(His voice mail picks up.) Leave me a message, and I will call you back.",
        key_messages=(
            "No “just checking in”: bring something that is useful to him today",
            "Say what you suppose, and let him correct you",
            "Give him the way out: “if it is over, one word is enough”",
            "Ask for one small thing",
        ),
        beats=(
            ("Something useful", 20),
            ("What I suppose", 15),
            ("The way out", 15),
            ("One small thing", 10),
        ),
    ),
)


def ready_scenario(key: str) -> ReadyScenario | None:
    return next((ready for ready in READY_SCENARIOS if ready.key == key), None)
