"""Kills at random instants, spread over every step: tools, workers, and all workers at once."""

import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select

from bench.crew import Crew, crew, kill, tools_below
from bench.invariants import check, settle
from bench.world import World
from pitchreview import db
from pitchreview.db import transaction
from pitchreview.models import Recording, RecordingState, Step, StepName, StepState
from worker.media.tools import Tools

WORKERS = 2
# A take whose worker was killed waits for its rescue; meanwhile others come in, up to a limit.
STEPS_IN_WORK, MOST_OPEN_TAKES = 2, 12
# Of files that arrive whole; nothing is put together here
STEPS = (StepName.CHECK, StepName.OPEN, StepName.ENCODE)
TARGETS = ("tool", "worker", "group")
# How far into a step a kill may come, in seconds: about as long as the step takes on our clips.
LONGEST_DELAY = {StepName.CHECK: 1.5, StepName.ENCODE: 6.0}
OTHER_DELAY = 3.0
WAIT_FOR_STEP_SECONDS = 8.0
WAIT_FOR_TOOL_SECONDS = 3.0
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
    _last_death: datetime = field(default_factory=db.now)

    def run(self, count: int, team: Crew) -> None:
        while self.kills.total() < count:
            self._keep_busy()
            step = self._choose_step()
            self._wait_for(step)
            time.sleep(self.chance.uniform(0, LONGEST_DELAY.get(step, OTHER_DELAY)))
            self._kill(self._choose_target(), team)

    def _keep_busy(self) -> None:
        """Enough steps in work, of every kind of source in turn."""
        open_takes = sum(not self.here.recording(take).is_settled for take in self.takes)
        if len(self._running()) < STEPS_IN_WORK and open_takes < MOST_OPEN_TAKES:
            self.takes.append(self.here.upload(self.clips[len(self.takes) % len(self.clips)]))

    def _choose_step(self) -> StepName:
        """The one that was hit least so far."""
        return min(STEPS, key=lambda name: (self.stages[name], self.chance.random()))

    def _choose_target(self) -> str:
        return min(TARGETS, key=lambda name: (self.kills[name], self.chance.random()))

    def _wait_for(self, name: StepName) -> None:
        deadline = time.monotonic() + WAIT_FOR_STEP_SECONDS
        while name not in self._running() and time.monotonic() < deadline:
            self._keep_busy()
            time.sleep(0.3)

    def _running(self) -> set[StepName]:
        """The steps in work. What was begun before a worker died may be its, and says so until the rescue."""
        in_work = Step.state == StepState.RUNNING, Step.started_at > self._last_death
        with transaction(self.here.sessions) as session:
            return set(session.scalars(select(Step.name).where(*in_work)))

    def _most_failures(self) -> int:
        """Of any step that a killed tool could belong to."""
        with transaction(self.here.sessions) as session:
            is_open = Step.state.in_([StepState.RUNNING, StepState.WAITING])
            return session.scalar(select(func.max(Step.failures)).where(is_open)) or 0

    def _kill(self, target: str, team: Crew) -> None:
        stages: list[str] = sorted(self._running()) or ["between steps"]
        if target == "tool" and self._most_failures() > MOST_TOOL_KILLS:
            target = self.chance.choice(TARGETS[1:])
        if self._strike(target, team):
            self.kills[target] += 1
            self.stages.update(stages)
            print(f"  kill {self.kills.total():3}  {target:7} during {' + '.join(stages)}", flush=True)

    def _strike(self, target: str, team: Crew) -> bool:
        if target == "tool":
            return self._strike_tool()
        self._last_death = db.now()
        struck = team.workers if target == "group" else [self.chance.choice(team.workers)]
        return any([kill(worker.pid) for worker in struck if worker.poll() is None])

    def _strike_tool(self) -> bool:
        """Between two tools of a step, and while a worker starts, there is none for a moment."""
        deadline = time.monotonic() + WAIT_FOR_TOOL_SECONDS
        while not (tools := tools_below(self.here.work_dir)) and time.monotonic() < deadline:
            time.sleep(0.05)
        return bool(tools) and kill(self.chance.choice(tools).pid)


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
