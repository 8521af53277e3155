"""`pitchreview doctor`: try everything out against the real servers, one line per finding.

Every part is a function from settings to findings; a part that breaks off is a problem of its own.
The exit code is 1 when there is a problem. `--only PART` looks at one part, as health checks do.
"""

from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from sqlalchemy.exc import SQLAlchemyError

from pitchreview.commands.doctor import database, media, objects, surroundings
from pitchreview.commands.doctor.findings import Finding, Level, problem
from pitchreview.config import Settings
from pitchreview.errors import InvalidInput, PitchReviewError

PARTS: Mapping[str, Callable[[Settings], Iterator[Finding]]] = {
    "versions": surroundings.check_versions,
    "settings": surroundings.check_settings,
    "database": database.check_database,
    "worker": database.check_worker,
    "objects": objects.check_objects,
    "media": media.check_media,
    "mail": surroundings.check_mail,
    "disk": surroundings.check_disk,
}


def run(settings: Settings, options: Namespace) -> int:
    """Print the findings and a sum; 1 when something does not work."""
    levels: Counter[Level] = Counter()
    for part in _chosen(options.only):
        for finding in _findings(part, settings):
            print(f"{finding.level:<8} {part:<9} {finding.text}", flush=True)
            levels[finding.level] += 1
    print(_sum(levels))
    return 1 if levels[Level.PROBLEM] else 0


def _chosen(only: str | None) -> list[str]:
    if only is None:
        return list(PARTS)
    if only not in PARTS:
        raise InvalidInput(f"There is no part {only}; there are {', '.join(PARTS)}.")
    return [only]


def _findings(part: str, settings: Settings) -> Iterator[Finding]:
    try:
        yield from PARTS[part](settings)
    except PitchReviewError as error:
        yield problem(error.message)
    except (OSError, SQLAlchemyError) as error:
        yield problem(_first_line(error))


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)


def _sum(levels: Counter[Level]) -> str:
    bad, odd = levels[Level.PROBLEM], levels[Level.WARNING]
    if not bad and not odd:
        return "Everything is in order."
    return f"{bad} problem{'s' * (bad != 1)}, {odd} warning{'s' * (odd != 1)}."
