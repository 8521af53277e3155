"""The rubrics that every team can use as they are, as data.

Each level says what is seen and heard, not how good it is.
"""

from dataclasses import dataclass

LEVELS = ("Not yet", "In parts", "Solid", "A model")


@dataclass(frozen=True)
class ReadyCriterion:
    """A line; `anchors` says what each of the four levels looks like, the lowest first."""

    name: str
    about: str
    anchors: tuple[str, str, str, str]


@dataclass(frozen=True)
class ReadyRubric:
    key: str
    name: str
    about: str
    criteria: tuple[ReadyCriterion, ...]


CONVERSATION = ReadyRubric(
    key="sales-conversation",
    name="Sales conversation",
    about="For discovery, objections and closing: anything in which the buyer should speak, too.",
    criteria=(
        ReadyCriterion(
            "Opening",
            "Does the buyer know why they should go on listening?",
            (
                "Begins with us: company, product, “I just wanted to”.",
                "Names a reason for the talk, but one that would fit anybody.",
                "Names a reason that fits this buyer, and what the next minutes are for.",
                "Picks up something only this buyer has, and gets a yes to going on.",
            ),
        ),
        ReadyCriterion(
            "Asking before telling",
            "Does the buyer say what hurts, before we say what helps?",
            (
                "Tells. Questions come at the end or not at all.",
                "Asks, then answers for the buyer or asks the next thing at once.",
                "Asks open questions, waits, and takes up the answer.",
                "Each question grows out of the last answer, until the buyer names the cost.",
            ),
        ),
        ReadyCriterion(
            "Value in their words",
            "Is it about what changes for this buyer?",
            (
                "A list of features, in our words.",
                "Names a benefit, but for companies in general.",
                "Ties one benefit to something this buyer said, with a figure or an example.",
                "The buyer could repeat it to a colleague: their words, their figure, one sentence.",
            ),
        ),
        ReadyCriterion(
            "Handling doubt",
            "What happens when the buyer pushes back?",
            (
                "Argues, gives in at once, or talks over it.",
                "Stays friendly, but answers another question than the one that was asked.",
                "Takes the doubt seriously, asks what lies behind it, and answers that.",
                "The buyer looks at their own doubt anew, and nobody had to be right.",
            ),
        ),
        ReadyCriterion(
            "Next step",
            "What will happen after this, and who does it?",
            (
                "Ends open: “Let me know”, “I will send you something”.",
                "Proposes a next step, without a day or without the people it needs.",
                "Who, what and when are said, and the buyer agrees.",
                "The buyer says the next step, and what will be decided in it; a no would be fine, too.",
            ),
        ),
    ),
)

ONE_MINUTE = ReadyRubric(
    key="one-minute-pitch",
    name="60-second pitch",
    about="For a short pitch that one person gives in one go.",
    criteria=(
        ReadyCriterion(
            "Hook",
            "Do the first ten seconds earn the next fifty?",
            (
                "A name, a title, a company, and then a breath.",
                "A fact or a question that could open any pitch.",
                "A moment or a figure in which this buyer finds themselves.",
                "One picture that the buyer still sees at the end, and the pitch comes back to it.",
            ),
        ),
        ReadyCriterion(
            "One message",
            "What would the buyer tell a colleague tomorrow?",
            (
                "Several messages; none of them is the main one.",
                "One message can be guessed, but it is said late or in passing.",
                "One message, said early and once more at the end.",
                "One message in one short sentence; all else serves it, and what does not is left out.",
            ),
        ),
        ReadyCriterion(
            "Proof",
            "Why should the buyer believe it?",
            (
                "Claims only: “leading”, “best”, “easy”.",
                "A figure or a customer, but far from this buyer's world.",
                "One example close to the buyer, with a before and an after.",
                "An example the buyer can check, told in a breath, with the one figure that counts for them.",
            ),
        ),
        ReadyCriterion(
            "Voice and presence",
            "Can one follow, and does one want to?",
            (
                "Read or rushed; the eyes are elsewhere.",
                "Clear in parts; filler words or speed cost some of it.",
                "Calm pace, eyes on the buyer, a pause where it matters.",
                "Sounds like a talk between two people; pauses do as much as words.",
            ),
        ),
        ReadyCriterion(
            "Ending",
            "Is it clear what the buyer can do now?",
            (
                "Stops when the time is over.",
                "Thanks, and offers to answer questions.",
                "Asks for one small, clear next step.",
                "The next step is so small and so useful that a yes is easier than a no.",
            ),
        ),
    ),
)

READY_RUBRICS = (CONVERSATION, ONE_MINUTE)
