"""The fault campaign: what was promised must hold whatever is killed, stopped, cut or filled.

    python -m bench.faults [--kills 40] [--seed N] [--quick]

Real PostgreSQL, SeaweedFS and workers. First kills at random instants, then one scenario after the other;
after each the invariants are checked. Ends with a line of JSON, and with 1 if anything did not hold.
`--quick` kills ten times and leaves out the scenarios that wait for minutes.
"""

import argparse
import json
import sys
import time
from dataclasses import dataclass, field

from bench import clips, kills, scenarios
from bench.invariants import check
from bench.scenarios import Scenario, Stage
from bench.world import World, world
from worker.media.tools import find_tools

KILLS, QUICK_KILLS = 40, 10
CLIP_SECONDS = 6
# Its copy is sent in parts, for it is larger than what goes in one piece.
HEAVY_BYTES = 48 * 10**6
SCENARIOS = {one.__name__: one for one in (*scenarios.QUICK, *scenarios.LONG)}


@dataclass
class Verdict:
    """What became of one fault."""

    name: str
    seconds: float
    violations: list[str] = field(default_factory=list)


def main() -> int:
    options = _options()
    with world() as here:
        stage = _set_up(here, options.seed)
        counts: dict[str, object] = {"seed": options.seed}
        verdicts = []
        if options.kills:
            print(f"seed {options.seed}, {options.kills} kills", flush=True)
            sources = (stage.foreign, stage.clip, stage.foreign, clips.HEAD, stage.foreign, stage.heavy)
            report = kills.run(here, stage.tools, sources, options.kills, options.seed)
            counts["campaign"] = report.counts
            verdicts.append(Verdict("kills", float(str(report.counts["seconds"])), report.violations))
            _print(verdicts[0])
        verdicts += [_play(SCENARIOS[name], stage) for name in options.only]
    broken = {one.name: one.violations for one in verdicts if one.violations}
    print(
        json.dumps(counts | {"faults": len(verdicts), "held": len(verdicts) - len(broken), "broken": broken})
    )
    return 1 if broken else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.faults", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--kills", type=int, help=f"how many (default: {KILLS})")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="repeats the same choices")
    parser.add_argument("--quick", action="store_true", help="ten kills and the short scenarios")
    parser.add_argument("--only", action="append", choices=SCENARIOS, help="this scenario, and no kills")
    options = parser.parse_args()
    if options.kills is None:
        options.kills = 0 if options.only else QUICK_KILLS if options.quick else KILLS
    if not options.only:
        options.only = [one.__name__ for one in scenarios.QUICK] if options.quick else list(SCENARIOS)
    return options


def _set_up(here: World, seed: int) -> Stage:
    tools = find_tools(here.settings)
    return Stage(
        here,
        tools,
        clip=clips.talking(tools, here.folder, CLIP_SECONDS),
        foreign=clips.foreign(tools, here.folder, "phone-hevc-vfr.mov", CLIP_SECONDS),
        heavy=clips.of_size(tools, here.folder, HEAVY_BYTES),
        seed=seed,
    )


def _play(scenario: Scenario, stage: Stage) -> Verdict:
    """One fault, and the invariants after it. A scenario that cannot even happen has not held either."""
    started = time.monotonic()
    try:
        violations = scenario(stage)
    except Exception as error:
        violations = [f"{type(error).__name__}: {error}"]
    violations += check(stage.here, stage.tools)
    verdict = Verdict(scenario.__name__, time.monotonic() - started, violations)
    _print(verdict)
    return verdict


def _print(verdict: Verdict) -> None:
    print(
        f"  {verdict.name:32} {verdict.seconds:6.0f} s  {'broken' if verdict.violations else 'held'}",
        flush=True,
    )
    for violation in verdict.violations:
        print(f"      {violation}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
