"""What is said and shown in each clip of the demo team: words, pauses, gestures, scenery.

`make_demo_clips.py` speaks and draws these; the comments in `pitchreview/local/demo_story.py` are pinned
to the same words. Change a sentence here, make the clips again, and the comments find their new moments.
"""

from dataclasses import dataclass

BREATH_MS = 380
LISTENING_MS = 1500


@dataclass(frozen=True)
class Line:
    """One sentence, the pause after it, and what the body does meanwhile."""

    words: str
    pause_ms: int = BREATH_MS
    gesture: str = ""
    mood: str = ""
    speaker: str = ""
    """Who says it, when it is not the presenter (the buyer in a call recording)."""


@dataclass(frozen=True)
class Script:
    """One clip: who says which lines where, and the kind of file it becomes."""

    name: str
    presenter: str
    scene: str
    lines: tuple[Line, ...]
    slide: str = ""
    speed: float = 1.0
    shape: str = "desk"
    gain_db: float = 0.0
    """Recordings differ: one microphone is far away, one is close."""


SCRIPTS = (
    Script(
        "vendor-ada-1",
        "ada",
        "room",
        speed=1.07,
        lines=(
            Line(
                "Okay, I understand that you already have a vendor,"
                " but let me tell you why most companies switch to Harbor.",
                300,
                "open",
            ),
            Line("Our platform has forty-two integrations, and most vendors have maybe ten.", 220, "count2"),
            Line(
                "We sync in real time, we have role-based access, we have an audit log,"
                " and we won an award for support last year.",
                260,
                "beat",
            ),
            Line(
                "Honestly, a lot of people who use your current tool are not happy with it.",
                300,
                mood="worried",
            ),
            Line(
                "So, uh, would you be open to a demo some time, or I could send you some slides,"
                " or maybe we talk again next quarter?",
                700,
                "both",
                "worried",
            ),
        ),
    ),
    Script(
        "vendor-ada-2",
        "ada",
        "room",
        speed=0.98,
        lines=(
            Line(
                "Good that you have someone. And it sounds as if they do the daily work well.",
                420,
                "open",
                "warm",
            ),
            Line("May I ask one thing?", 450, "count1", "ask"),
            Line(
                "When an order changes in your shop at five in the afternoon, when does finance see it?",
                1900,
                "pinch",
                "ask",
            ),
            Line("The next morning. That's what I hear a lot.", 420, mood="warm"),
            Line(
                "A packaging company in Lyon had the same gap."
                " They kept their vendor, and put Harbor between the shop and finance.",
                380,
                "both",
            ),
            Line("Their month end went from nine days to four.", 650, "flat", "warm"),
            Line(
                "If that gap costs you anything, let's look at it together for twenty minutes."
                " Would Thursday at ten work?",
                900,
                "open",
                "ask",
            ),
        ),
    ),
    Script(
        "vendor-mona",
        "mona",
        "room",
        speed=0.97,
        lines=(
            Line(
                "You chose them two years ago, and from what you tell me it was a sound decision.",
                350,
                mood="warm",
            ),
            Line("I wouldn't touch it.", 600, "flat"),
            Line("The one place I would look at is where their tool stops.", 400, "count1"),
            Line(
                "They move your data every night. Your sales team promises stock during the day.", 420, "beat"
            ),
            Line("What happens in the hours between?", 1700, "open", "ask"),
            Line("If the answer is nothing, stay where you are, and I'll say so.", 450, "flat", "warm"),
            Line(
                "If the answer is phone calls, give me half an hour with the person who gets them.",
                900,
                "pinch",
                "warm",
            ),
        ),
    ),
    Script(
        "value-jonas-1",
        "jonas",
        "room",
        slide="bullets",
        speed=1.08,
        lines=(
            Line(
                "Hi, so, my name is Jonas, and I'm with Harbor."
                " We were founded in twenty fifteen, and we have offices in four countries.",
                260,
            ),
            Line(
                "Harbor is a cloud native data synchronisation platform with an event-driven core.",
                280,
                "beat",
            ),
            Line(
                "It connects your systems through connectors, and you can map fields, set rules,"
                " and monitor everything in one dashboard.",
                300,
                "both",
            ),
            Line("Companies of every size use us, in basically every industry.", 280, mood="worried"),
            Line(
                "And what makes us special is really the quality, and the people, and of course the service.",
                300,
                "beat",
            ),
            Line("So, yeah, that's Harbor. Do you have any questions?", 800, "open", "worried"),
        ),
    ),
    Script(
        "value-jonas-2",
        "jonas",
        "room",
        slide="numbers",
        speed=0.99,
        lines=(
            Line(
                "You know the Monday morning when sales says one number, finance says another, and both"
                " are right?",
                500,
                "both",
                "ask",
            ),
            Line(
                "That happens because the order lives in three systems, and each is updated by hand.",
                400,
                "count3",
            ),
            Line(
                "Harbor keeps those three the same. When one changes, the others follow within a minute.",
                420,
                "flat",
            ),
            Line(
                "We do this for companies with two hundred to a thousand people,"
                " who have a finance team, but no data team.",
                420,
                "pinch",
            ),
            Line(
                "A tool maker near Stuttgart stopped retyping four hundred orders a week.", 650, mood="warm"
            ),
            Line("Where do your numbers disagree first?", 1300, "open", "ask"),
        ),
    ),
    Script(
        "value-cole",
        "cole",
        "beside",
        slide="boxes",
        speed=1.0,
        lines=(
            Line(
                "Let me draw it. Here is your shop, here is your warehouse, and here is finance.", 450, "open"
            ),
            Line("Today, people carry the data between them. Every arrow is somebody typing.", 500, "pinch"),
            Line(
                "Harbor becomes the one place they all agree with. Change it here, and it changes there,"
                " in seconds.",
                450,
                "flat",
                "warm",
            ),
            Line("Three weeks to set up, no code, and you can take it out again.", 420, "count3"),
            Line(
                "For a company your size, that is about two people's work each month, given back.",
                550,
                "both",
                "warm",
            ),
            Line("Which of these arrows hurts most today?", 1300, "open", "ask"),
        ),
    ),
    Script(
        "discovery-priya",
        "priya",
        "room",
        speed=0.98,
        lines=(
            Line("Before I show you anything, may I understand how your month ends?", 450, "open", "ask"),
            Line("When you close the books, what are you waiting for on the last day?", 1700, "pinch", "ask"),
            Line("And when the numbers arrive late, what can't you decide?", 1600, mood="ask"),
            Line(
                "You said two days for the forecast. What does a wrong forecast cost you in a normal"
                " quarter?",
                1600,
                "count2",
                "ask",
            ),
            Line(
                "Let me say it back. The orders reach finance late, so the forecast is a guess,"
                " and last spring that guess cost you a hiring freeze.",
                480,
                "both",
            ),
            Line("Did I get that right, and who else feels it?", 1200, "open", "warm"),
        ),
    ),
    Script(
        "discovery-ada",
        "ada",
        "room",
        shape="laptop",
        speed=1.05,
        lines=(
            Line(
                "Thanks for making the time. I have three questions, and then you can ask me anything.",
                350,
                "count3",
            ),
            Line("First, would you agree that slow numbers are a problem?", 600, mood="ask"),
            Line(
                "Second, how many systems do you have, who owns them, and what do they cost?", 500, "count2"
            ),
            Line("And third, when you close the month, what do you wait for?", 1500, "pinch", "ask"),
            Line("Great. So what I'd do now is show you our dashboard.", 900, "both"),
        ),
    ),
    Script(
        "price-priya-1",
        "priya",
        "room",
        speed=1.0,
        lines=(
            Line("Too expensive. Yeah, I hear that. We're not the cheapest.", 300, mood="worried"),
            Line("What I could do is take ten percent off, if you sign this month.", 300, "open"),
            Line("And maybe, if I talk to my manager, we can get to fifteen.", 320, "beat", "worried"),
            Line(
                "The price includes support, all the connectors, and unlimited users, so it is really a"
                " fair price.",
                320,
                "both",
            ),
            Line("What would you be willing to pay?", 1000, "open", "worried"),
        ),
    ),
    Script(
        "price-priya-2",
        "priya",
        "room",
        speed=0.98,
        lines=(
            Line("That's fair. Thank you for saying it straight.", 420, mood="warm"),
            Line("Too expensive compared with what?", 2000, "open", "ask"),
            Line(
                "Then let's price doing nothing. You told me that two people retype orders for three"
                " days every month.",
                420,
                "pinch",
            ),
            Line("That is about thirty thousand euros a year, and it buys you mistakes.", 500, "count3"),
            Line("Harbor is twenty-four thousand, and you get those days back.", 1600, "flat", "warm"),
            Line("If the number still feels wrong, which part would you leave out?", 1200, "open", "ask"),
        ),
    ),
    Script(
        "email-jonas",
        "jonas",
        "room",
        shape="webm",
        speed=1.05,
        lines=(
            Line("Sure, I can send you an e-mail. What's the best address?", 450, "open"),
            Line("I'll put in a brochure, a price list, and a link to our video.", 300, "count3"),
            Line(
                "If you have questions, just reply, and if I don't hear from you, I'll try again in a"
                " few weeks.",
                350,
                "beat",
            ),
            Line("Is there anything particular you'd like to know about?", 1100, "pinch", "ask"),
            Line("All right. Thanks for your time, and, uh, have a good day.", 800, mood="worried"),
        ),
    ),
    Script(
        "email-ada",
        "ada",
        "portrait",
        shape="phone",
        gain_db=-9.0,
        speed=1.0,
        lines=(
            Line(
                "Happy to. So that it's not one of the forty you delete today, what should be in it?",
                1300,
                "open",
                "ask",
            ),
            Line(
                "You said the stock numbers. Then I'll write three lines. How the shop and the warehouse"
                " stay the same, what it took at a company like yours, and what it cost.",
                420,
                "count3",
            ),
            Line(
                "You'll have it by four. Can I call you tomorrow at nine, for five minutes,"
                " to hear whether it is worth more?",
                900,
                "pinch",
                "warm",
            ),
        ),
    ),
    Script(
        "closing-lena",
        "lena",
        "call",
        speed=1.0,
        lines=(
            Line(
                "I like it, honestly. Let me discuss it with the team, and we'll get back to you.",
                500,
                speaker="buyer",
            ),
            Line("Of course. Who needs to be in that discussion?", 650, "open", "ask"),
            Line("Well, Martin from finance. And our head of operations.", 400, speaker="buyer"),
            Line("What will Martin want to see first?", 800, "pinch", "ask"),
            Line("The cost per month, and what happens if we leave.", 450, speaker="buyer"),
            Line("Then I'll write one page with exactly that, by Wednesday.", 380, "count1", "warm"),
            Line(
                "Could the four of us meet on Friday at nine, for twenty-five minutes,"
                " and decide yes, no, or a test?",
                900,
                "both",
                "ask",
            ),
            Line("Friday at nine works.", 350, speaker="buyer"),
            Line("Thank you. I'll send the invitation now, while we're both here.", 900, mood="warm"),
        ),
    ),
)
