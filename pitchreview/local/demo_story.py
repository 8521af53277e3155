"""The demo team as data: who they are, what they practise, what was said and what was answered.

Nothing here knows a database; `demo.py` turns it into rows. Days are counted back from the moment of loading.
Comments are pinned to *words* of a clip (`Remark.on`); `moment` looks up when those words are heard, in the
times that were noted when the clip was made (`demo_clips/lines.json`, see `tools/make_demo_clips.py`).
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CLIPS_FOLDER = Path(__file__).parent / "demo_clips"

THE_PAUSE = "…"
"""As the end of a range: up to where the next sentence begins, silence included."""


@dataclass(frozen=True)
class Team:
    """A team of the demo."""

    key: str
    name: str


@dataclass(frozen=True)
class Person:
    """Somebody with an account; `roles` pairs a team's key with rep, coach or manager."""

    key: str
    name: str
    email: str
    title: str
    time_zone: str
    roles: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Beat:
    """A part of a scenario and how long it should take."""

    name: str
    target_seconds: int


@dataclass(frozen=True)
class Scenario:
    """The brief of one exercise; `stage` is prospecting, discovery, objection or closing."""

    key: str
    team: str
    title: str
    stage: str
    buyer: str
    situation: str
    prompt: str
    key_messages: tuple[str, ...]
    target_seconds: int
    beats: tuple[Beat, ...]
    by: str
    created_days_ago: float
    rubric: str = "sales-conversation"
    """The key of a ready-made rubric."""


@dataclass(frozen=True)
class Reply:
    """An answer in the thread below a remark."""

    by: str
    words: str
    days_ago: float


@dataclass(frozen=True)
class Remark:
    """A comment pinned to the words `on`; a range when `through` names its last words (or THE_PAUSE)."""

    by: str
    kind: str
    """strength, try or question."""
    on: str
    words: str
    days_ago: float
    through: str = ""
    instead: str = ""
    """For a try: what to do or say instead."""
    replies: tuple[Reply, ...] = ()
    criterion: str = ""
    """The line of the scenario's rubric that it is about."""
    helped: str = ""
    """Why the presenter found it helpful."""


@dataclass(frozen=True)
class Review:
    """One reviewer's judgement; a draft while `published_days_ago` is None."""

    by: str
    started_days_ago: float
    published_days_ago: float | None
    one_thing: str
    remarks: tuple[Remark, ...]
    levels: tuple[int | None, ...] = ()
    """What was given for each criterion of the rubric, in its order; None where nothing is given yet."""


@dataclass(frozen=True)
class Ask:
    """The presenter asks somebody for a review."""

    whom: str
    question: str
    days_ago: float
    due_in_days: float


@dataclass(frozen=True)
class Take:
    """One recorded attempt, known by its clip; private practice while `submitted_days_ago` is None."""

    clip: str
    scenario: str
    presenter: str | None
    """The key of a person, or None for somebody without an account (then `presenter_name` says who)."""
    recorded_days_ago: float
    submitted_days_ago: float | None
    round: int = 1
    presenter_name: str = ""
    uploaded_by: str = ""
    """The key of a person, when it was not the presenter who uploaded."""
    consent_note: str = ""
    reviews: tuple[Review, ...] = ()
    remarks: tuple[Remark, ...] = ()
    """Comments of people who do not review."""
    asks: tuple[Ask, ...] = ()
    parts: tuple[str, ...] = ()
    """The words with which each part of the scenario begins; none for a part that is left out."""


@dataclass(frozen=True)
class Thought:
    """What the presenter thought when they said these words, and what they left unsaid."""

    on: str
    words: str
    unsaid: str = ""


@dataclass(frozen=True)
class Exemplar:
    """A take held up as a model, whole or from the words `starts_on` to `ends_on`."""

    key: str
    clip: str
    by: str
    title: str
    why: str
    tags: tuple[str, ...]
    days_ago: float
    consent_note: str
    starts_on: str = ""
    ends_on: str = ""
    hear_it_at: str = ""
    """The first words of a remark that names it."""
    thoughts: tuple[Thought, ...] = ()
    is_draft: bool = False
    beside: str = ""
    """The key of the model of which it is the middling half."""


@dataclass(frozen=True)
class Collection:
    """An ordered shelf of exemplars."""

    key: str
    team: str
    by: str
    title: str
    description: str
    exemplars: tuple[str, ...]


@dataclass(frozen=True)
class Feature:
    """The moment of a week, counted from this one."""

    team: str
    by: str
    exemplar: str
    weeks_ahead: int
    note: str


@dataclass(frozen=True)
class Drill:
    """A scenario set for people, with a day and one thing to watch."""

    scenario: str
    by: str
    people: tuple[str, ...]
    set_days_ago: float
    due_in_days: float
    focus: str
    note: str


@dataclass(frozen=True)
class Line:
    """One sentence of a clip and when it is heard."""

    at_ms: int
    until_ms: int
    words: str


@dataclass(frozen=True)
class Clip:
    """A committed video file and what is said in it."""

    name: str
    path: Path
    duration_ms: int
    lines: tuple[Line, ...]


def clip(name: str) -> Clip:
    """The clip of that name."""
    return clips()[name]


@cache
def clips() -> dict[str, Clip]:
    """Every clip by name."""
    noted = json.loads((CLIPS_FOLDER / "lines.json").read_text(encoding="utf-8"))
    return {
        name: Clip(
            name,
            CLIPS_FOLDER / entry["file"],
            entry["duration_ms"],
            tuple(Line(line["at_ms"], line["until_ms"], line["words"]) for line in entry["lines"]),
        )
        for name, entry in noted.items()
    }


def moment(of: Clip, on: str, through: str = "") -> tuple[int, int | None]:
    """When those words are heard, in milliseconds: where they begin and, for a range, where it ends."""
    first = _line_saying(of, on)
    at_ms = _heard_at(first, first.words.index(on))
    if not through:
        return at_ms, None
    if through == THE_PAUSE:
        later = (line.at_ms for line in of.lines if line.at_ms > first.at_ms)
        return at_ms, next(later, of.duration_ms) - 100
    last = _line_saying(of, through)
    return at_ms, _heard_at(last, last.words.index(through) + len(through))


def span(exemplar: Exemplar) -> tuple[int, int] | None:
    """Where an exemplar begins and ends in its clip; None when it is the whole take."""
    if not exemplar.starts_on:
        return None
    from_ms, until_ms = moment(clip(exemplar.clip), exemplar.starts_on, exemplar.ends_on)
    return (from_ms, until_ms) if until_ms is not None else None


def _line_saying(of: Clip, words: str) -> Line:
    for line in of.lines:
        if words in line.words:
            return line
    raise LookupError(f"Nobody says “{words}” in {of.name}.")


def _heard_at(line: Line, letters: int) -> int:
    """Within a line, letters and pauses are spread evenly: right to about half a second."""
    share = min(1.0, _length(line.words[:letters]) / _length(line.words[:-1]))
    return line.at_ms + round((line.until_ms - line.at_ms) * share)


def _length(words: str) -> int:
    """In letters; a comma is heard as long as five of them, the end of a sentence as long as eleven."""
    return len(words) + 4 * words.count(",") + 10 * (words.count(".") + words.count("?"))


TEAMS = (
    Team("emea", "EMEA mid-market"),
    Team("partners", "Partner sales"),
)

PEOPLE = (
    Person(
        "ada",
        "Ada Lindqvist",
        "ada@harbor.example",
        "Account executive",
        "Europe/Stockholm",
        (("emea", "rep"),),
    ),
    Person(
        "jonas",
        "Jonas Weber",
        "jonas@harbor.example",
        "Account executive",
        "Europe/Berlin",
        (("emea", "rep"),),
    ),
    Person(
        "priya",
        "Priya Nair",
        "priya@harbor.example",
        "Account executive",
        "Europe/London",
        (("emea", "rep"),),
    ),
    Person(
        "cole", "Cole Okafor", "cole@harbor.example", "Sales coach", "Europe/London", (("emea", "coach"),)
    ),
    Person(
        "mona", "Mona Ruiz", "mona@harbor.example", "Sales manager", "Europe/Madrid", (("emea", "manager"),)
    ),
    Person(
        "zoe", "Zoe Park", "zoe@harbor.example", "Partner manager", "Europe/Paris", (("partners", "manager"),)
    ),
)

SCENARIOS = (
    Scenario(
        key="vendor",
        team="emea",
        title="“We already have a vendor”",
        stage="objection",
        buyer="Sanne, IT director at a furniture maker with 350 people. Fair, careful, tired of vendors who"
        " run each other down.",
        situation="Second call. Two years ago she chose a tool that moves the data every night, and it"
        " mostly works. Nobody has asked her to look for another one.",
        prompt="She says: “Thanks, but we already have a vendor, and we are happy.” Answer her.",
        key_messages=(
            "Respect the choice they made",
            "One question about the hours between two syncs",
            "The Lyon story: they kept their vendor",
            "A small next step with a day and a time",
        ),
        target_seconds=45,
        beats=(Beat("Respect", 8), Beat("Question", 12), Beat("Story", 13), Beat("Next step", 12)),
        by="cole",
        created_days_ago=24,
    ),
    Scenario(
        key="value",
        team="emea",
        title="60-second value proposition",
        stage="prospecting",
        buyer="Marc, operations director at a wholesaler with 400 people. Knows his numbers, does not know"
        " us.",
        situation="First meeting, online, two minutes of small talk are over. Everything you say now he will"
        " repeat to somebody in his own words.",
        prompt="He says: “So, what is it that you do?” You have one minute.",
        key_messages=(
            "Begin with his Monday morning",
            "Orders live in three systems, people carry the data",
            "Change it once, it is right everywhere",
            "Who it is for: 200 to 1,000 people, no data team",
        ),
        target_seconds=60,
        beats=(
            Beat("Their Monday", 14),
            Beat("What changes", 18),
            Beat("For whom", 18),
            Beat("Question", 10),
        ),
        rubric="one-minute-pitch",
        by="mona",
        created_days_ago=23,
    ),
    Scenario(
        key="discovery",
        team="emea",
        title="Discovery with a CFO",
        stage="discovery",
        buyer="Hélène, CFO at a manufacturer with 300 people. Reads the numbers on the train, does not care"
        " how they got there.",
        situation="She gave you twenty minutes because her forecast was wrong twice this year. She has seen"
        " three demos this month and remembers none.",
        prompt="Open the call and find out what late numbers cost her. Show nothing yet.",
        key_messages=(
            "Ask before you show",
            "What the last day of the month waits for",
            "What a wrong forecast costs, in her words",
            "Say it back before you move on",
        ),
        target_seconds=90,
        beats=(
            Beat("Permission", 10),
            Beat("Month end", 30),
            Beat("What it costs", 30),
            Beat("Say it back", 20),
        ),
        by="cole",
        created_days_ago=21,
    ),
    Scenario(
        key="price",
        team="emea",
        title="“Too expensive”",
        stage="objection",
        buyer="Tom, head of operations at a wholesaler with 250 people. Likes it, and has to defend the"
        " price on Tuesday.",
        situation="He has the offer: 24,000 euros a year. Two of his people retype orders for three days"
        " every month; he told you so himself.",
        prompt="He says: “I like it, but it is too expensive.” Answer him.",
        key_messages=(
            "Thank him for saying it",
            "Compared with what?",
            "What doing nothing costs, from his own figures",
            "Name the number, then be quiet",
        ),
        target_seconds=45,
        beats=(
            Beat("Thank", 6),
            Beat("Compared with what", 9),
            Beat("Doing nothing", 15),
            Beat("Hand it back", 15),
        ),
        by="mona",
        created_days_ago=20,
    ),
    Scenario(
        key="email",
        team="emea",
        title="“Send me an e-mail”",
        stage="prospecting",
        buyer="Ruben, IT manager at a logistics company. Between two meetings, friendly, already half gone.",
        situation="Cold call, twenty seconds in. He picked up because he expected somebody else.",
        prompt="He says: “Just send me an e-mail.” Keep the door open without pushing.",
        key_messages=(
            "Say yes at once",
            "Ask what should be in it",
            "Three lines, not a brochure",
            "When you will talk about it",
        ),
        target_seconds=30,
        beats=(Beat("Yes", 4), Beat("What goes in", 14), Beat("When we talk", 12)),
        by="cole",
        created_days_ago=15,
    ),
    Scenario(
        key="closing",
        team="emea",
        title="Closing: naming the next step",
        stage="closing",
        buyer="Erik, head of IT. Wants it, and has to bring two colleagues along.",
        situation="End of the second demo. It went well. In four minutes everybody leaves for the next call.",
        prompt="He says: “Let me discuss it with the team, and we will get back to you.” Agree on a next"
        " step.",
        key_messages=(
            "Who needs to be in that discussion",
            "What each of them wants to see",
            "One page, by a day",
            "A date, a length, and what will be decided",
        ),
        target_seconds=45,
        beats=(Beat("Who decides", 12), Beat("What they need", 13), Beat("The date", 20)),
        by="mona",
        created_days_ago=14,
    ),
)

TAKES = (
    Take(
        clip="vendor-mona",
        scenario="vendor",
        parts=("You chose them", "What happens in the hours", "", "If the answer is phone calls"),
        presenter="mona",
        recorded_days_ago=19.4,
        submitted_days_ago=19.3,
        remarks=(
            Remark(
                "priya",
                "strength",
                "I wouldn't touch it",
                "I did not expect that, and neither does she. After this I believe the rest.",
                17.2,
            ),
            Remark(
                "ada",
                "question",
                "stay where you are, and I'll say so",
                "Do you really say this to somebody you want to win?",
                16.8,
                replies=(
                    Reply(
                        "mona",
                        "Yes, and I mean it. If the gap costs them nothing, they will not buy in March"
                        " either. Then we both have a free afternoon.",
                        16.5,
                    ),
                    Reply("ada", "I will try it. My stomach is not there yet.", 16.4),
                ),
            ),
        ),
    ),
    Take(
        clip="value-cole",
        scenario="value",
        presenter="cole",
        recorded_days_ago=16.2,
        submitted_days_ago=16.1,
        remarks=(
            Remark(
                "jonas",
                "question",
                "Every arrow is somebody typing",
                "What do you draw when they have seven systems? Mine never have three.",
                14.9,
                replies=(
                    Reply("cole", "The three that hurt. Ask which, then draw only those.", 14.6),
                    Reply("jonas", "That also makes them tell me where it hurts. Thank you.", 14.5),
                ),
            ),
            Remark(
                "mona",
                "strength",
                "Three weeks to set up, no code, and you can take it out again",
                "Three fears gone in one sentence, and the last one is the one nobody dares to ask about.",
                15.1,
            ),
        ),
    ),
    Take(
        clip="vendor-ada-1",
        scenario="vendor",
        parts=("Okay, I understand", "", "Our platform has", "So, uh, would you be open"),
        presenter="ada",
        recorded_days_ago=11.3,
        submitted_days_ago=11.1,
        reviews=(
            Review(
                by="cole",
                started_days_ago=10.0,
                published_days_ago=9.8,
                one_thing="Ask one question before you name a feature.",
                levels=(3, 1, 2, 2, 1),
                remarks=(
                    Remark(
                        "cole",
                        "strength",
                        "I understand that you already have a vendor",
                        "Calm and friendly. You do not sound hurt by the no, so she has no reason to defend"
                        " it. Keep this voice.",
                        9.9,
                    ),
                    Remark(
                        "cole",
                        "try",
                        "but let me tell you why",
                        "The “but” takes back what you just said. She told you that she is happy, and you"
                        " start to argue.",
                        9.9,
                        instead="“Good that you have someone. What made you choose them?”",
                        replies=(
                            Reply("ada", "I heard it when I watched it again. It comes out by itself.", 9.1),
                            Reply(
                                "cole", "Then end the sentence after “vendor”. Full stop, breathe, ask.", 9.0
                            ),
                        ),
                        criterion="Handling doubt",
                        helped="I had not noticed it",
                    ),
                    Remark(
                        "cole",
                        "try",
                        "forty-two integrations",
                        "Forty-two is our number, not her problem, and three features and an award follow"
                        " it. She has two systems that must agree, and you do not know yet which.",
                        9.9,
                        through="an award for support last year",
                        instead="Ask: “Which two systems must never disagree?” Then answer only those.",
                        criterion="Value in their words",
                    ),
                    Remark(
                        "cole",
                        "try",
                        "would you be open to a demo",
                        "Three next steps in one sentence, and the last one lets her off for three months."
                        " Choose one and give it a date.",
                        9.8,
                        through="next quarter",
                        instead="“Would Thursday at ten work, for twenty minutes?” Then wait.",
                        criterion="Next step",
                        helped="I will use it",
                    ),
                ),
            ),
        ),
        remarks=(
            Remark(
                "mona",
                "question",
                "a lot of people who use your current tool are not happy",
                "How do you know, and what does she hear? I hear: you chose badly.",
                9.5,
                replies=(
                    Reply("ada", "From two calls last month. Two is not a lot of people, I admit.", 9.1),
                    Reply(
                        "mona", "Then tell her about those two. One real story beats a lot of people.", 8.9
                    ),
                ),
            ),
        ),
    ),
    Take(
        clip="vendor-ada-2",
        scenario="vendor",
        parts=("Good that you", "May I ask", "A packaging company", "If that gap costs"),
        presenter="ada",
        round=2,
        recorded_days_ago=5.3,
        submitted_days_ago=5.1,
        reviews=(
            Review(
                by="cole",
                started_days_ago=4.4,
                published_days_ago=4.2,
                one_thing="You ask now. Next, let her answer before you do.",
                levels=(3, 3, 3, 3, 4),
                remarks=(
                    Remark(
                        "cole",
                        "strength",
                        "Good that you have someone",
                        "No “but”. You end the sentence and mean it. In round 1 the “but” came after three"
                        " seconds.",
                        4.3,
                    ),
                    Remark(
                        "cole",
                        "strength",
                        "When an order changes in your shop",
                        "One question, precise enough that she can see the clock. And then almost two"
                        " seconds of nothing. That is where she starts to think.",
                        4.3,
                        through=THE_PAUSE,
                        criterion="Asking before telling",
                    ),
                    Remark(
                        "cole",
                        "try",
                        "The next morning. That's what I hear a lot",
                        "You waited well, and then you gave the answer yourself. It is worth more when she"
                        " says it.",
                        4.3,
                        instead="Stay quiet until she answers. Then: “And who notices first?”",
                        criterion="Asking before telling",
                        helped="It shows me how",
                    ),
                    Remark(
                        "cole",
                        "strength",
                        "Would Thursday at ten work",
                        "One step, one day, one length. She only has to look at her calendar.",
                        4.2,
                        criterion="Next step",
                    ),
                ),
            ),
            Review(
                by="mona",
                started_days_ago=4.1,
                published_days_ago=4.0,
                one_thing="Choose the figure that hurts the person in front of you.",
                levels=(3, 3, 2, 4, 3),
                remarks=(
                    Remark(
                        "mona",
                        "strength",
                        "They kept their vendor",
                        "Nobody has to lose face. She can say yes to you without having been wrong.",
                        4.1,
                    ),
                    Remark(
                        "mona",
                        "question",
                        "from nine days to four",
                        "Whose number is this? She runs IT. Does month end hurt her, or finance?",
                        4.0,
                        replies=(
                            Reply(
                                "ada",
                                "Finance. She mentioned the books in the first call, so I took it. For her I"
                                " would say: no more calls at night.",
                                3.8,
                            ),
                            Reply("mona", "Say exactly that. It is the better story anyway.", 3.7),
                        ),
                        criterion="Value in their words",
                    ),
                ),
            ),
        ),
    ),
    Take(
        clip="value-jonas-1",
        scenario="value",
        presenter="jonas",
        recorded_days_ago=8.4,
        submitted_days_ago=8.2,
        reviews=(
            Review(
                by="cole",
                started_days_ago=7.3,
                published_days_ago=7.1,
                one_thing="Begin with his Monday morning, not with our history.",
                levels=(1, 2, 1, 3, 1),
                remarks=(
                    Remark(
                        "cole",
                        "try",
                        "We were founded in twenty fifteen",
                        "He asked what we do, and hears where we sit. The first ten seconds are the ones he"
                        " repeats to his boss.",
                        7.2,
                        through="four countries",
                        instead="“You know the Monday morning when sales says one number and finance"
                        " another?”",
                        replies=(
                            Reply(
                                "jonas", "That happens to my own sister's company. I will start there.", 6.6
                            ),
                        ),
                        criterion="Hook",
                        helped="I will use it",
                    ),
                    Remark(
                        "cole",
                        "question",
                        "with an event-driven core",
                        "What would Marc have to do differently tomorrow because of this?",
                        7.2,
                        criterion="Proof",
                    ),
                    Remark(
                        "cole",
                        "strength",
                        "monitor everything in one dashboard",
                        "Here I can see something for the first time: one screen. More of these, fewer"
                        " nouns.",
                        7.2,
                    ),
                    Remark(
                        "cole",
                        "try",
                        "Companies of every size",
                        "If it is for everybody, it is not for him.",
                        7.1,
                        through="every industry",
                        instead="Name one: “companies with 200 to 1,000 people, a finance team and no data"
                        " team.”",
                        criterion="One message",
                    ),
                    Remark(
                        "cole",
                        "try",
                        "Do you have any questions",
                        "You hand over without a direction, so he says no and the minute is gone.",
                        7.1,
                        instead="Ask one yourself, about his numbers.",
                        criterion="Ending",
                    ),
                ),
            ),
        ),
    ),
    Take(
        clip="value-jonas-2",
        scenario="value",
        presenter="jonas",
        round=2,
        recorded_days_ago=2.3,
        submitted_days_ago=2.1,
    ),
    Take(
        clip="discovery-priya",
        scenario="discovery",
        presenter="priya",
        recorded_days_ago=6.6,
        submitted_days_ago=6.4,
        reviews=(
            Review(
                by="cole",
                started_days_ago=5.8,
                published_days_ago=5.6,
                one_thing="Keep the silences. After the third answer, ask who else feels it before you sum"
                " up.",
                levels=(4, 4, 3, None, 2),
                remarks=(
                    Remark(
                        "cole",
                        "strength",
                        "may I understand how your month ends",
                        "You ask for permission and name the subject in the same breath. She knows what the"
                        " next minutes are for.",
                        5.7,
                    ),
                    Remark(
                        "cole",
                        "strength",
                        "what are you waiting for on the last day",
                        "A question that only she can answer. And you do not help her with it.",
                        5.7,
                        through=THE_PAUSE,
                    ),
                    Remark(
                        "cole",
                        "try",
                        "What does a wrong forecast cost you",
                        "Good question, large jump. “Cost” makes her calculate while she is still in the"
                        " story.",
                        5.6,
                        instead="First “When was it last wrong, and what happened then?” The cost is in her"
                        " answer.",
                        replies=(
                            Reply(
                                "priya", "So the hiring freeze would have come from her, not from me?", 5.2
                            ),
                            Reply("cole", "Yes. And then you may put a number on it together.", 5.1),
                        ),
                    ),
                    Remark(
                        "cole",
                        "strength",
                        "Let me say it back",
                        "Her words, in her order, with her consequence at the end. I would say yes to this.",
                        5.6,
                        through="a hiring freeze",
                        criterion="Value in their words",
                    ),
                ),
            ),
        ),
        remarks=(
            Remark(
                "ada",
                "question",
                "what can't you decide",
                "Did you have this one ready, or did it come from her answer?",
                4.6,
                replies=(
                    Reply(
                        "priya",
                        "Ready. I always ask what they cannot do. Features fix wants, not cannots.",
                        4.5,
                    ),
                ),
            ),
        ),
    ),
    Take(
        clip="discovery-ada",
        scenario="discovery",
        presenter="ada",
        recorded_days_ago=0.35,
        submitted_days_ago=0.2,
        asks=(
            Ask(
                whom="cole",
                question="Do I name the month end too early, or does it make her curious?",
                days_ago=0.15,
                due_in_days=2,
            ),
        ),
    ),
    Take(
        clip="price-priya-1",
        scenario="price",
        presenter="priya",
        recorded_days_ago=9.5,
        submitted_days_ago=9.3,
        reviews=(
            Review(
                by="mona",
                started_days_ago=8.4,
                published_days_ago=8.2,
                one_thing="Before any number: compared with what?",
                levels=(3, 1, 2, 1, 2),
                remarks=(
                    Remark(
                        "mona",
                        "strength",
                        "Yeah, I hear that",
                        "You do not flinch, and you do not pretend that we are cheap. Good start.",
                        8.3,
                    ),
                    Remark(
                        "mona",
                        "try",
                        "take ten percent off",
                        "Five seconds in, and you bargain against yourself. He has not asked for a discount."
                        " Now the first price was never real.",
                        8.3,
                        through="we can get to fifteen",
                        instead="“Too expensive compared with what?” Then count to three.",
                        criterion="Handling doubt",
                        helped="I had not noticed it",
                    ),
                    Remark(
                        "mona",
                        "try",
                        "so it is really a fair price",
                        "You say that it is fair. He has to be able to say it on Tuesday, with his own"
                        " figures.",
                        8.2,
                        instead="Use his three days a month. He gave them to you in the second call.",
                        criterion="Value in their words",
                    ),
                    Remark(
                        "mona",
                        "question",
                        "What would you be willing to pay",
                        "What will you do if he says twelve thousand?",
                        8.2,
                        replies=(
                            Reply("priya", "Call you. So I should not ask it.", 7.9),
                            Reply(
                                "mona",
                                "Exactly. Ask which part he would leave out. Then price means something.",
                                7.8,
                            ),
                        ),
                    ),
                ),
            ),
        ),
    ),
    Take(
        clip="price-priya-2",
        scenario="price",
        presenter="priya",
        round=2,
        recorded_days_ago=3.8,
        submitted_days_ago=3.6,
        reviews=(
            Review(
                by="mona",
                started_days_ago=3.0,
                published_days_ago=2.9,
                one_thing="This is how I want all of us to answer. Next: let him do the sum.",
                levels=(3, 3, 3, 4, 3),
                remarks=(
                    Remark(
                        "mona",
                        "strength",
                        "Too expensive compared with what",
                        "Five words and two seconds. In round 1 you had given away ten percent by now.",
                        3.0,
                        through=THE_PAUSE,
                        criterion="Handling doubt",
                    ),
                    Remark(
                        "mona",
                        "try",
                        "That is about thirty thousand euros a year",
                        "Right number, wrong mouth. If you say it, it is our number; if he says it, it is a"
                        " fact.",
                        2.9,
                        instead="“Two people, three days, every month. What does that come to, roughly?”",
                    ),
                    Remark(
                        "mona",
                        "strength",
                        "Harbor is twenty-four thousand",
                        "You name the price and stop. No “only”, no apology.",
                        2.9,
                        through=THE_PAUSE,
                        replies=(Reply("priya", "It felt like a whole minute.", 2.7),),
                    ),
                    Remark(
                        "mona",
                        "strength",
                        "which part would you leave out",
                        "Now the price is his decision, and every part has its reason.",
                        2.9,
                    ),
                ),
            ),
        ),
    ),
    Take(
        clip="email-jonas",
        scenario="email",
        presenter="jonas",
        recorded_days_ago=1.5,
        submitted_days_ago=1.3,
        reviews=(
            Review(
                by="cole",
                started_days_ago=0.3,
                published_days_ago=None,
                one_thing="",
                levels=(3, 2, None, None, 1),
                remarks=(
                    Remark(
                        "cole",
                        "strength",
                        "Sure, I can send you an e-mail",
                        "A quick yes. He relaxes, and so do you.",
                        0.3,
                    ),
                    Remark(
                        "cole",
                        "try",
                        "Is there anything particular you'd like to know about",
                        "The right question, thirteen seconds late. By now he has agreed to a brochure.",
                        0.3,
                        instead="Ask it straight after the yes, and write down what he says.",
                        criterion="Asking before telling",
                    ),
                ),
            ),
        ),
    ),
    Take(
        clip="email-ada",
        scenario="email",
        presenter="ada",
        recorded_days_ago=0.9,
        submitted_days_ago=None,
    ),
    Take(
        clip="closing-lena",
        scenario="closing",
        presenter=None,
        presenter_name="Lena Fischer",
        uploaded_by="mona",
        recorded_days_ago=13.0,
        submitted_days_ago=12.6,
        consent_note="Lena works in customer success and said yes by message on the day of the call. The"
        " customer agreed to the recording at its start.",
        remarks=(
            Remark(
                "mona",
                "strength",
                "Who needs to be in that discussion",
                "“We will get back to you” ends most calls. Lena hears a meeting in it, and asks who comes.",
                12.5,
            ),
            Remark(
                "mona",
                "strength",
                "Could the four of us meet on Friday at nine",
                "Day, time, length, and what will be decided there. A no is one of the answers, so a yes is"
                " easy.",
                12.5,
                through="yes, no, or a test",
            ),
            Remark(
                "jonas",
                "question",
                "I'll send the invitation now",
                "Does it not feel pushy to do it while they watch?",
                10.8,
                replies=(
                    Reply(
                        "mona",
                        "I asked Lena the same. She says it is the friendly way: nobody has to remember"
                        " anything.",
                        10.6,
                    ),
                ),
            ),
        ),
    ),
)

EXEMPLARS = (
    Exemplar(
        key="incumbent",
        clip="vendor-mona",
        by="cole",
        title="Praise the incumbent, then the gap",
        why="No attack anywhere. She calls the choice sound, promises to leave it alone, and puts one"
        " precise doubt beside it. Listen for the silence after “the hours between”.",
        tags=("Objection", "Objection: we have a vendor", "Buyer: IT", "Criterion: Asks before telling 4"),
        days_ago=17.5,
        consent_note="Mona agreed when she recorded it.",
        hear_it_at="The “but” takes back",
    ),
    Exemplar(
        key="hand-back",
        clip="vendor-ada-2",
        by="mona",
        title="Handing the vendor question back",
        why="She asks about five in the afternoon, not about features. The buyer has to picture her own day"
        " to answer, and the pause gives her the time.",
        tags=("Objection", "Objection: we have a vendor", "Buyer: IT", "Product: Harbor Sync", "Silence"),
        days_ago=3.6,
        consent_note="Ada agreed.",
        starts_on="Good that you have someone",
        ends_on="when does finance see it?",
        thoughts=(
            Thought(
                "May I ask one thing",
                "My first take attacked the vendor here, and she had chosen them herself. So I let the choice"
                " stand and looked for the hours that nobody owns.",
            ),
            Thought(
                "when does finance see it",
                "Now be quiet. She has to walk through her own afternoon to answer.",
                "That we do it live, within the minute. It was on my tongue, and it would have answered for"
                " her.",
            ),
        ),
    ),
    Exemplar(
        key="three-boxes",
        clip="value-cole",
        by="mona",
        title="Three boxes and one question",
        why="He draws their company before he draws ours. Harbor appears after eleven seconds, when the"
        " arrows already hurt. Anybody can draw it on paper.",
        tags=("Prospecting", "Buyer: Operations", "Message: Value proposition", "Whiteboard"),
        days_ago=15.0,
        consent_note="Cole agreed when he recorded it.",
    ),
    Exemplar(
        key="three-questions",
        clip="discovery-priya",
        by="cole",
        title="Three questions before one feature",
        why="Each question waits for its answer, and each answer makes the next question smaller. At the end"
        " she says it back in the buyer's words.",
        tags=("Discovery", "Buyer: CFO", "Criterion: Asks before telling 4", "Silence"),
        days_ago=5.4,
        consent_note="Priya agreed.",
        starts_on="When you close the books",
        ends_on="a hiring freeze.",
    ),
    Exemplar(
        key="compared-with-what",
        clip="price-priya-2",
        by="mona",
        title="Handing the price back as a question",
        why="She thanks him, asks five words and stays silent. The discount that round 1 gave away never"
        " comes up.",
        tags=("Objection", "Objection: too expensive", "Buyer: CFO", "Silence"),
        days_ago=2.6,
        consent_note="Priya agreed.",
        starts_on="That's fair",
        ends_on="it buys you mistakes.",
    ),
    Exemplar(
        key="friday-at-nine",
        clip="closing-lena",
        by="mona",
        title="Naming the next step with a date",
        why="From “we will get back to you” to Friday at nine in half a minute: who, what they need, when,"
        " and what will be decided. A real call, not a practice.",
        tags=("Closing", "Buyer: IT", "Message: One next step with a date", "Real call"),
        days_ago=12.0,
        consent_note="Lena agreed by message; the customer agreed at the start of the call.",
        starts_on="Who needs to be in that discussion",
        ends_on="Friday at nine works.",
    ),
    Exemplar(
        key="round-one",
        clip="price-priya-1",
        by="mona",
        title="The same price, given away",
        why="The discount comes before anybody asked for one, and the silence is filled. Compare it with her"
        " second round: the words are nearly the same.",
        tags=("Objection", "Objection: too expensive", "Buyer: CFO"),
        days_ago=2.5,
        consent_note="Priya agreed.",
        beside="compared-with-what",
    ),
    Exemplar(
        key="three-lines",
        clip="email-jonas",
        by="mona",
        title="Asking what should be in the e-mail",
        why="He says yes at once, and asks what would be worth reading.",
        tags=("Prospecting", "Buyer: IT"),
        days_ago=0.8,
        consent_note="",
        is_draft=True,
    ),
)

FEATURES = (
    Feature(
        "emea",
        "mona",
        "compared-with-what",
        0,
        "Two of us talk about price this week. Listen to what she does not say.",
    ),
    Feature("emea", "mona", "three-questions", 1, "Before the quarter ends, everybody meets a CFO."),
)

COLLECTIONS = (
    Collection(
        key="first-week",
        team="emea",
        by="mona",
        title="First week on the phone",
        description="Watch these before your first call, in this order. Then record one of your own; nobody"
        " sees it until you submit it.",
        exemplars=("three-boxes", "three-questions", "friday-at-nine"),
    ),
    Collection(
        key="when-they-say-no",
        team="emea",
        by="cole",
        title="When they say no",
        description="Three answers that do not argue. What they share: respect first, one question, and a"
        " pause that is longer than feels comfortable.",
        exemplars=("incumbent", "hand-back", "compared-with-what"),
    ),
)

DRILLS = (
    Drill(
        scenario="email",
        by="cole",
        people=("ada", "jonas", "priya"),
        set_days_ago=3.0,
        due_in_days=3.0,
        focus="Asks before telling",
        note="Thirty seconds, one take is enough. Find out what should be in the e-mail before you promise"
        " one.",
    ),
)
