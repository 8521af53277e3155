"""Runs `up` with stand-ins for its commands.

python tests/local/run_up.py '{"data": "…", "port": 8123, "acts": {"worker": "stubborn"}}'
"""

import json
import sys
from pathlib import Path

from pitchreview.config import Settings
from pitchreview.errors import PitchReviewError
from pitchreview.local.supervisor import Wishes, up

STUBS = Path(__file__).with_name("stubs.py")
ACTS = {"migrate": "nothing", "demo": "demo", "welcome": "welcome", "web": "web", "worker": "worker"}


def main(given: str) -> None:
    wishes = json.loads(given)
    acts = ACTS | wishes.pop("acts", {})
    commands = {name: (sys.executable, str(STUBS), act) for name, act in acts.items()}
    try:
        up(Settings(), Wishes(data=Path(wishes.pop("data")), commands=commands, **wishes))
    except PitchReviewError as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main(sys.argv[1])
