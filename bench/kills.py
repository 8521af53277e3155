"""Kills at random instants, spread over every step: tools, workers, and all workers at once."""

import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from bench.crew import Crew, crew, kill, tools_below
from bench.invariants import check, settle
from bench.world import World
from pitchreview.db import transaction
from pitchreview.models import Recording, RecordingState, Step, StepName, StepState
from worker.media.tools import Tools

WORKERS = 2
TAKES_AT_ONCE = 3
TARGETS = ("tool", "worker", "group")
# How far into a step a kill may come, in seconds: about as long as the step takes on our clips.
LONGEST_DELAY = {StepName.CHECK: 1.5, StepName.ENCODE: 6.0}
OTHER_DELAY = 3.0
WAIT_FOR_STEP_SECONDS = 20.0
# One tool killed three times in one step counts as ours to give up: by design, and not what is tried here.
MOST_TOOL_KILLS = 1


@dataclass
class Campaign:
    here: World
    clips: Sequence[Path]
    chance: random.Random
    kills: Counter[str] = field(default_factory=Counter)
    stages: Counter[str] = field(default_factory=Counter)
    takes: list[UUID] = field(default_factory=list)
    _uploads: int = 0

    def run(self, count: int, team: Crew) -> None:
        while self.kills.total() < count:
            self._keep_busy()
            step = self._choose_step()
            self._wait_for(step)
            time.sleep(self.chance.uniform(0, LONGEST_DELAY.get(step, OTHER_DELAY)))
            self._kill(self.chance.choice(TARGETS), team)

    def _keep_busy(self) -> None:
        """So many takes in work, of every kind of source in turn."""
        open_takes = sum(not self.here.recording(take).is_settled for take in self.takes)
        for _ in range(TAKES_AT_ONCE - open_takes):
            self.takes.append(self.here.upload(self.clips[self._uploads % len(self.clips)]))
            self._uploads += 1

    def _choose_step(self) -> StepName:
        """The one that was hit least so far."""
        return min(StepName, key=lambda name: (self.stages[name], self.chance.random()))

    def _wait_for(self, name: StepName) -> None:
        deadline = time.monotonic() + WAIT_FOR_STEP_SECONDS
        while name not in self._running() and time.monotonic() < deadline:
            self._keep_busy()
            time.sleep(0.05)

    def _running(self) -> dict[StepName, int]:
        """The steps in work, with the most failures that any of them has had."""
        with transaction(self.here.sessions) as session:
            rows = session.execute(select(Step.name, Step.failures).where(Step.state == StepState.RUNNING))
            running: dict[StepName, int] = {}
            for name, failures in rows:
                running[name] = max(failures, running.get(name, 0))
            return running

    def _kill(self, target: str, team: Crew) -> None:
        running = self._running()
        if target == "tool" and max(running.values(), default=0) > MOST_TOOL_KILLS:
            target = "worker"
        if self._strike(target, team):
            stages: list[str] = [*running] or ["between steps"]
            self.kills[target] += 1
            self.stages.update(stages)
            print(f"  kill {self.kills.total():3}  {target:7} during {' + '.join(stages)}", flush=True)

    def _strike(self, target: str, team: Crew) -> bool:
        if target == "tool":
            tools = tools_below(self.here.work_dir)
            return bool(tools) and kill(self.chance.choice(tools).pid)
        struck = team.workers if target == "group" else [self.chance.choice(team.workers)]
        return any([kill(worker.pid) for worker in struck if worker.poll() is None])


@dataclass(frozen=True)
class Report:
    counts: dict[str, object]
    violations: list[str]


def run(here: World, tools: Tools, clips: Sequence[Path], count: int, seed: int) -> Report:
    """The campaign; its counts, and what did not hold afterwards."""
    campaign = Campaign(here, clips, random.Random(seed))
    started = time.monotonic()
    with crew(here, WORKERS) as team:
        campaign.run(count, team)
        violations = settle(here, campaign.takes)
    violations += check(here, tools)
    counts = {
        "kills": campaign.kills.total(),
        "by_target": dict(campaign.kills),
        "by_step": {str(name): hits for name, hits in campaign.stages.items()},
        "workers_started_again": team.restarts,
        "takes": len(campaign.takes),
        "ready": _ready(here, campaign.takes),
        "seconds": round(time.monotonic() - started),
    }
    return Report(counts, violations)


def _ready(here: World, takes: Sequence[UUID]) -> int:
    with transaction(here.sessions) as session:
        ready = Recording.id.in_(takes), Recording.state == RecordingState.READY
        return len(session.scalars(select(Recording.id).where(*ready)).all())
