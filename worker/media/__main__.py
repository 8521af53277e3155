"""`python -m worker.media`: what this machine offers for work on media, as one JSON object for `doctor`."""

import json
import sys

from pitchreview.config import Settings
from worker.media.errors import ToolsMissing
from worker.media.tools import find_tools


def main() -> int:
    try:
        tools = find_tools(Settings.read())
    except ToolsMissing as missing:
        print(json.dumps({"refusal": missing.message}))
        return 1
    found = {
        "summary": tools.describe(),
        "is_sandboxed": tools.is_sandboxed,
        "gaps": tools.gaps,
        "missing": tools.missing,
        "lacks": tools.lacks,
    }
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
