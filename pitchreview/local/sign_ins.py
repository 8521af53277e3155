"""Who may sign in to the demo team, for the banner of `up` (which stays small: no database here)."""

from pitchreview.local import demo_story as story

# One password for a team that nobody mistakes for a real one.
DEMO_PASSWORD = "harbor-demo"
SHOWN = ("ada", "cole", "mona")


def sign_ins() -> list[tuple[str, str]]:
    """Who may look around: (address, role)."""
    people = {person.key: person for person in story.PEOPLE}
    return [(people[key].email, people[key].roles[0][1]) for key in SHOWN]
