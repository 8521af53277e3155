"""How a person moves while speaking: poses per frame, made from the sound and the script's timed lines."""

import math
import random
from dataclasses import dataclass, replace

import numpy as np
from clip_people import Hand, Pose
from clip_scripts import Line
from numpy.typing import NDArray

Samples = NDArray[np.float32]

LISTENS_FROM_MS = 1000
"""A pause this long is meant for the buyer: the presenter waits and nods."""


@dataclass(frozen=True)
class Timed:
    """A line of the script and when it is heard, in milliseconds."""

    line: Line
    at_ms: int
    until_ms: int


@dataclass(frozen=True)
class Voice:
    """What the mouth does in each frame: how open (0..1) and how wide (-1..1)."""

    open: NDArray[np.float64]
    wide: NDArray[np.float64]


def hear(samples: Samples, rate: int, fps: int, frames: int) -> Voice:
    """Measure loudness and brightness around each frame."""
    window = rate // 22
    padded = np.concatenate([np.zeros(window, np.float32), samples, np.zeros(window * 3, np.float32)])
    loud, bright = np.zeros(frames), np.zeros(frames)
    taper = np.hanning(window)
    high = np.fft.rfftfreq(window, 1 / rate) > 2400
    for frame in range(frames):
        start = min(int(frame / fps * rate) + window // 2, len(padded) - window)
        spectrum = np.abs(np.fft.rfft(padded[start : start + window] * taper)) ** 2
        total = spectrum.sum() + 1e-9
        loud[frame] = math.sqrt(total) / window
        bright[frame] = spectrum[high].sum() / total
    level = np.percentile(loud[loud > loud.max() * 0.08], 88) if loud.max() > 0 else 1.0
    opened = np.clip((loud / level - 0.1) * 1.05, 0, 1) ** 0.75
    opened *= 1 - 0.55 * np.clip(bright * 1.6, 0, 1)  # hissed sounds are made with the teeth together
    return Voice(_eased(opened, 0.72), _eased(np.clip(bright * 3 - 0.5, -0.7, 1), 0.4))


class Actor:
    """One person through one clip; asked for the pose of each frame in turn."""

    def __init__(self, name: str, voice: Voice, lines: list[Timed], fps: int, length_ms: int) -> None:
        self.voice, self.lines, self.fps = voice, lines, fps
        chance = random.Random(name)
        self.phases = [chance.uniform(0, math.tau) for _ in range(8)]
        self.blinks = _blinks(chance, length_ms)
        self.lively = _eased(voice.open, 0.08)

    def pose(self, frame: int) -> Pose:
        ms = frame / self.fps * 1000
        line, heard = self._line_at(ms)
        pose = self._at_rest(frame, ms)
        self._speak(pose, frame)
        self._feel(pose, line, ms)
        if not heard:
            self._listen(pose, ms)
        self._gesture(pose, frame, ms)
        return pose

    def _line_at(self, ms: float) -> tuple[Timed | None, bool]:
        """The line that is being said, or else the last one, and whether it is being said now."""
        last = None
        for timed in self.lines:
            if ms < timed.at_ms - 120:
                break
            last = timed
        return last, last is not None and ms <= last.until_ms + 250

    def _at_rest(self, frame: int, ms: float) -> Pose:
        s, p = ms / 1000, self.phases
        return Pose(
            blink=max((_bump(ms, at, 150) for at in self.blinks), default=0.0),
            yaw=0.2 * math.sin(s * 0.55 + p[0]) + 0.12 * math.sin(s * 1.27 + p[1]),
            pitch=0.12 * math.sin(s * 0.8 + p[2]),
            roll=0.022 * math.sin(s * 0.47 + p[3]) + 0.012 * math.sin(s * 1.6 + p[4]),
            sway=5 * math.sin(s * 0.4 + p[5]) + 2 * math.sin(s * 1.1 + p[6]),
            breath=1.4 * math.sin(s * 1.5 + p[7]),
            gaze=(0.25 * math.sin(s * 0.37 + p[1]) ** 5, 0.12 * math.sin(s * 0.5 + p[6])),
        )

    def _speak(self, pose: Pose, frame: int) -> None:
        pose.open = float(self.voice.open[frame])
        pose.wide = float(self.voice.wide[frame])
        energy = float(self.lively[frame])
        pose.pitch += 0.55 * (energy - 0.25)
        pose.yaw *= 1 + energy
        pose.sway *= 1 + energy * 0.8
        pose.brow += 0.35 * max(0.0, energy - 0.3)
        pose.smile = 0.3

    def _feel(self, pose: Pose, timed: Timed | None, ms: float) -> None:
        if timed is None:
            pose.smile = 0.55
            return
        along = min(1.0, max(0.0, (ms - timed.at_ms) / 700))
        if timed.line.mood == "warm":
            pose.smile += 0.35 * along
        elif timed.line.mood == "ask":
            pose.brow += 0.5 * along
            pose.roll += 0.05 * along
            pose.smile += 0.12 * along
        elif timed.line.mood == "worried":
            pose.worry += 0.55 * along
            pose.smile -= 0.2 * along
            away = math.sin(ms / 1000 * 1.7 + self.phases[2])
            pose.gaze = (0.75 * along * (1 if away > 0 else -0.4), 0.45 * along)

    def _listen(self, pose: Pose, ms: float) -> None:
        """Between lines: mouth shut, and in a long pause a nod or two for the buyer."""
        ended = max((t.until_ms for t in self.lines if t.until_ms <= ms), default=0)
        starts = min((t.at_ms for t in self.lines if t.at_ms > ms), default=ended + 900)
        pose.open = 0.0
        pose.smile = max(pose.smile, 0.4 - pose.worry * 0.4)
        if starts - ended < LISTENS_FROM_MS:
            return
        within = (ms - ended) / 1000
        depth = min(1.0, within * 2) * min(1.0, max(0.0, (starts - ms) / 350))
        pose.pitch += 0.42 * depth * math.sin(within * 6.2)
        pose.roll += 0.03 * depth
        pose.brow += 0.25 * depth

    def _gesture(self, pose: Pose, frame: int, ms: float) -> None:
        for timed in self.lines:
            kind = timed.line.gesture
            begins, ends = timed.at_ms + 120, max(timed.at_ms + 1500, timed.until_ms - 150)
            if kind and begins <= ms <= ends + 450:
                up = _smooth((ms - begins) / 480) * (1 - _smooth((ms - ends) / 450))
                along = min(1.0, (ms - begins) / (ends - begins))
                beat = (float(self.lively[frame]) - 0.3) * 26
                _HANDS[kind](pose, up, along, beat)


def _open(pose: Pose, up: float, along: float, beat: float) -> None:
    pose.right = Hand(up, (166, 92 - beat), 0.62 + 0.12 * math.sin(along * 9))


def _both(pose: Pose, up: float, along: float, beat: float) -> None:
    apart = 150 + 26 * _smooth(along * 1.5)
    pose.left = Hand(up, (apart, 104 - beat), 0.85, thumb=0.7)
    pose.right = Hand(up, (apart, 100 - beat), 0.85, thumb=0.7)


def _beat(pose: Pose, up: float, along: float, beat: float) -> None:
    tap = 12 * math.sin(along * 20)
    pose.left = Hand(up, (138, 104 - beat + tap), -0.3, (0.8, 0.85, 0.85, 0.8), 0.7)
    pose.right = Hand(up, (138, 104 - beat - tap), -0.3, (0.8, 0.85, 0.85, 0.8), 0.7)


def _pinch(pose: Pose, up: float, along: float, beat: float) -> None:
    pose.right = Hand(up, (140, 84 - beat), 0.12, (0.42, 0.8, 0.95, 0.95), 0.5)


def _flat(pose: Pose, up: float, along: float, beat: float) -> None:
    sweep = 34 * math.sin(along * math.pi * 1.5)
    pose.right = Hand(up, (150 + sweep, 112 - beat * 0.5), 0.8, (1, 1, 1, 1), 0.5)


def _count(pose: Pose, up: float, along: float, beat: float, *, to: int) -> None:
    shown = min(to, int(along * to * 1.15) + 1)
    fingers = tuple(1.0 if index < shown else 0.1 for index in range(4))
    pose.right = Hand(up, (172, 62 - beat * 0.6), 0.05, fingers, 0.05)


_HANDS = {
    "open": _open,
    "both": _both,
    "beat": _beat,
    "pinch": _pinch,
    "flat": _flat,
    "count1": lambda *given: _count(*given, to=1),
    "count2": lambda *given: _count(*given, to=2),
    "count3": lambda *given: _count(*given, to=3),
}


def _blinks(chance: random.Random, length_ms: int) -> list[float]:
    moments, ms = [], chance.uniform(900, 2200)
    while ms < length_ms:
        moments.append(ms)
        ms += 260 if chance.random() < 0.12 else chance.uniform(2100, 5200)
    return moments


def _bump(ms: float, at: float, width: float) -> float:
    """1 at its middle, 0 outside of `width`."""
    return max(0.0, 1 - abs(ms - at - width / 2) / (width / 2)) ** 0.5


def _smooth(x: float) -> float:
    x = min(1.0, max(0.0, x))
    return x * x * (3 - 2 * x)


def _eased(values: NDArray[np.float64], speed: float) -> NDArray[np.float64]:
    """Follow the values like a muscle would: never in one frame."""
    followed, now = np.zeros_like(values), 0.0
    for index, value in enumerate(values):
        now += (value - now) * speed
        followed[index] = now
    return followed


def still(pose: Pose) -> Pose:
    """The same instant without the hands (a listener keeps them down)."""
    return replace(pose, left=Hand(), right=Hand())
