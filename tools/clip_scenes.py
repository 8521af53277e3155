"""Where the demo clips happen: rooms, slides and the frame of a recorded call."""

import math
from collections.abc import Callable
from functools import cache
from pathlib import Path

import fontpkg_inter
import skia
from clip_people import PEOPLE, Looks, Pose, curve, draw_person, fill, line, oklch, shape

Since = Callable[[int], float]
"""Seconds since line number n began; negative while it has not."""

INK, PAPER, ACCENT, AMBER, GREEN = 0xFF1F2430, 0xFFFBFAF7, 0xFF3650B0, 0xFFC77A1E, 0xFF1E8A5C


def draw_room(canvas: skia.Canvas, name: str, pose: Pose, slide: str, since: Since) -> None:
    """A presenter in their own room, on a canvas 960 wide; a slide hangs on the wall behind."""
    looks = PEOPLE[name]
    canvas.drawImage(_wall(name, 960, 540, bool(slide)), 0, 0)
    if slide:
        _screen(canvas, slide, since)
    _person_at(canvas, looks, pose, 700 if slide else 480, 372 if slide else 390, 1.08 if slide else 1.2)


def draw_beside(canvas: skia.Canvas, name: str, pose: Pose, slide: str, since: Since) -> None:
    """The slide takes the left, its presenter the right."""
    canvas.drawImage(_wall(name, 960, 540, True), 0, 0)
    card = skia.Rect.MakeXYWH(26, 50, 522, 440)
    canvas.drawRoundRect(card.makeOffset(0, 5), 18, 18, fill(0xFF000000, 0.22))
    canvas.drawRoundRect(card, 18, 18, fill(PAPER))
    canvas.save()
    canvas.translate(card.left(), card.top())
    canvas.scale(522 / 560, 440 / 472)
    _SLIDES[slide](canvas, since)
    canvas.restore()
    # The hand that shows is the one beside the slide.
    pose.left, pose.right = pose.right, pose.left
    _person_at(canvas, PEOPLE[name], pose, 756, 384, 1.06)


def draw_portrait(canvas: skia.Canvas, name: str, pose: Pose, slide: str, since: Since) -> None:
    """Held in the hand, on a canvas 540 wide and 960 high."""
    looks = PEOPLE[name]
    canvas.drawImage(_hallway(looks.hue), 0, 0)
    _person_at(canvas, looks, pose, 264, 640, 1.2)


def draw_call(canvas: skia.Canvas, poses: dict[str, Pose], speaking: str) -> None:
    """A recorded video call: both sides, with a ring around who speaks."""
    canvas.drawPaint(fill(0xFF14171D))
    for name, label, x in (("lena", "Lena Fischer", 20.0), ("buyer", "Customer", 490.0)):
        tile = skia.Rect.MakeXYWH(x, 62, 450, 404)
        canvas.save()
        canvas.clipRRect(skia.RRect.MakeRectXY(tile, 16, 16), doAntiAlias=True)
        canvas.drawImage(_wall(name, 450, 404, False), tile.left(), tile.top())
        _person_at(canvas, PEOPLE[name], poses[name], x + 225, 352, 0.9)
        canvas.restore()
        if name == speaking:
            canvas.drawRRect(skia.RRect.MakeRectXY(tile.makeInset(1.5, 1.5), 15, 15), line(0xFF6E8BFF, 3.5))
        _tag(canvas, label, x + 14, 450)
    canvas.drawCircle(34, 32, 6, fill(0xFFE5484D))
    _text(canvas, "Recording", 48, 37, 15, 0xFFE8EAEE, 550)
    _text(canvas, "Next steps, Harbor", 480, 37, 15, 0xFF9AA1AD, 450, centred=True)
    for index, color in enumerate((0xFF2A2F39, 0xFF2A2F39, 0xFF2A2F39, 0xFFC63D42)):
        canvas.drawCircle(408 + index * 48, 503, 18, fill(color))
    _call_icons(canvas)


def _person_at(canvas: skia.Canvas, looks: Looks, pose: Pose, x: float, y: float, scale: float) -> None:
    canvas.save()
    canvas.translate(x, y)
    canvas.scale(scale, scale)
    draw_person(canvas, looks, pose)
    canvas.restore()


# Rooms: drawn once, slightly out of focus


@cache
def _wall(name: str, width: int, height: int, bare: bool) -> skia.Image:
    looks = PEOPLE[name]
    surface = skia.Surface(width, height)
    canvas = surface.getCanvas()
    _paint_wall(canvas, looks.hue, width, height)
    canvas.saveLayer(None, skia.Paint(ImageFilter=skia.ImageFilters.Blur(2.2, 2.2)))
    canvas.scale(width / 960, height / 540)
    if not bare:
        _FURNITURE[name](canvas, looks.hue)
    canvas.restore()
    return surface.makeImageSnapshot()


def _paint_wall(canvas: skia.Canvas, hue: float, width: float, height: float) -> None:
    wash = skia.GradientShader.MakeLinear(
        [(0, 0), (width, height)], [oklch(0.46, 0.045, hue), oklch(0.30, 0.042, hue), oklch(0.21, 0.035, hue)]
    )
    canvas.drawPaint(skia.Paint(Shader=wash))
    glow = skia.GradientShader.MakeRadial(
        (width * 0.5, height * 0.36), height * 0.75, [oklch(0.7, 0.05, hue, 0.3), oklch(0.7, 0.05, hue, 0.0)]
    )
    canvas.drawPaint(skia.Paint(Shader=glow))


def _ada_room(canvas: skia.Canvas, hue: float) -> None:
    _window(canvas, 40, 44, 210, 290, hue)
    _shelf(canvas, 706, 132, 220, hue, seed=3)
    _shelf(canvas, 744, 262, 182, hue, seed=8)
    _plant(canvas, 902, 520, 1.1)


def _jonas_room(canvas: skia.Canvas, hue: float) -> None:
    _frame(canvas, 74, 70, 150, 106, hue + 40)
    _frame(canvas, 96, 204, 106, 128, hue - 50)
    _plant(canvas, 250, 540, 1.35)
    _lamp(canvas, 800, 540, 250)
    _shelf(canvas, 690, 120, 240, hue, seed=5)


def _priya_room(canvas: skia.Canvas, hue: float) -> None:
    _lamp(canvas, 130, 540, 330)
    _frame(canvas, 214, 62, 112, 142, hue + 30)
    _frame(canvas, 690, 72, 170, 122, hue + 160)
    _shelf(canvas, 690, 300, 236, hue, seed=11)
    _plant(canvas, 880, 296, 0.72)


def _mona_room(canvas: skia.Canvas, hue: float) -> None:
    for row, y in enumerate((118, 234, 350, 466)):
        _shelf(canvas, 20, y, 250, hue, seed=20 + row)
    _window(canvas, 716, 50, 200, 270, hue)
    _plant(canvas, 760, 540, 1.25)


def _lena_room(canvas: skia.Canvas, hue: float) -> None:
    _window(canvas, 60, 50, 220, 300, hue)
    _frame(canvas, 716, 80, 150, 190, hue - 40)
    _plant(canvas, 850, 540, 1.3)


def _buyer_room(canvas: skia.Canvas, hue: float) -> None:
    for x in (60, 180, 720, 840):
        canvas.drawRoundRect(skia.Rect.MakeXYWH(x, 40, 96, 420), 4, 4, fill(oklch(0.62, 0.03, hue), 0.35))
    _shelf(canvas, 690, 392, 240, hue, seed=31)


_FURNITURE: dict[str, Callable[[skia.Canvas, float], None]] = {
    "ada": _ada_room,
    "jonas": _jonas_room,
    "priya": _priya_room,
    "cole": _jonas_room,
    "mona": _mona_room,
    "lena": _lena_room,
    "buyer": _buyer_room,
}


@cache
def _hallway(hue: float) -> skia.Image:
    surface = skia.Surface(540, 960)
    canvas = surface.getCanvas()
    light = skia.GradientShader.MakeLinear(
        [(0, 0), (540, 960)], [oklch(0.78, 0.035, 80), oklch(0.62, 0.04, 60), oklch(0.45, 0.04, hue)]
    )
    canvas.drawPaint(skia.Paint(Shader=light))
    canvas.saveLayer(None, skia.Paint(ImageFilter=skia.ImageFilters.Blur(4, 4)))
    _window(canvas, 34, 70, 190, 330, 220)
    canvas.drawRoundRect(skia.Rect.MakeXYWH(356, 120, 150, 840), 6, 6, fill(oklch(0.55, 0.05, 55)))
    canvas.drawRoundRect(skia.Rect.MakeXYWH(374, 146, 114, 300), 4, 4, fill(oklch(0.5, 0.05, 55)))
    canvas.drawRoundRect(skia.Rect.MakeXYWH(374, 476, 114, 420), 4, 4, fill(oklch(0.5, 0.05, 55)))
    canvas.drawCircle(372, 520, 9, fill(oklch(0.82, 0.08, 85)))
    _plant(canvas, 80, 700, 1.7)
    canvas.restore()
    return surface.makeImageSnapshot()


def _window(canvas: skia.Canvas, x: float, y: float, width: float, height: float, hue: float) -> None:
    pane = skia.Rect.MakeXYWH(x, y, width, height)
    sky = skia.GradientShader.MakeLinear(
        [(x, y), (x, y + height)], [oklch(0.78, 0.055, 235), oklch(0.87, 0.05, 75)]
    )
    canvas.drawRoundRect(pane.makeOutset(10, 10), 8, 8, fill(oklch(0.55, 0.03, hue)))
    canvas.drawRect(pane, skia.Paint(Shader=sky))
    canvas.save()
    canvas.clipRect(pane)
    for index, share in enumerate((0.34, 0.5, 0.28, 0.42, 0.36)):
        left = x + index * width / 5
        top = y + height * (1 - share)
        canvas.drawRect(
            skia.Rect.MakeLTRB(left, top, left + width / 5 - 5, y + height), fill(oklch(0.6, 0.04, 255), 0.8)
        )
    canvas.restore()
    bar = fill(oklch(0.55, 0.03, hue))
    canvas.drawRect(skia.Rect.MakeXYWH(x + width / 2 - 4, y, 8, height), bar)
    canvas.drawRect(skia.Rect.MakeXYWH(x, y + height * 0.45, width, 8), bar)


def _shelf(canvas: skia.Canvas, x: float, y: float, width: float, hue: float, seed: int) -> None:
    """A board with books whose sizes and colours follow from the seed."""
    left, step = x + 14.0, seed
    while left < x + width - 40:
        step = (step * 73 + 41) % 997
        thick, tall = 12 + step % 13, 44 + step % 31
        tone = oklch(0.42 + (step % 7) * 0.04, 0.05 + (step % 3) * 0.02, hue + (step % 5 - 2) * 42)
        if step % 6 == 0:
            left += 18
        canvas.drawRoundRect(skia.Rect.MakeXYWH(left, y - tall, thick, tall), 2, 2, fill(tone))
        left += thick + 2
    canvas.drawRoundRect(skia.Rect.MakeXYWH(x, y, width, 10), 3, 3, fill(oklch(0.6, 0.045, 65)))
    canvas.drawRect(skia.Rect.MakeXYWH(x, y + 10, width, 6), fill(0xFF000000, 0.14))


def _plant(canvas: skia.Canvas, x: float, y: float, scale: float) -> None:
    canvas.save()
    canvas.translate(x, y)
    canvas.scale(scale, scale)
    for angle, length, tone in (
        (-58, 96, 0.48),
        (-28, 128, 0.55),
        (2, 140, 0.5),
        (30, 122, 0.58),
        (56, 92, 0.5),
        (-8, 96, 0.62),
    ):
        canvas.save()
        canvas.translate(0, -44)
        canvas.rotate(angle)
        leaf = shape(
            (0, 0),
            (-26, -length * 0.35, -18, -length * 0.8, 0, -length),
            (18, -length * 0.8, 26, -length * 0.35, 0, 0),
        )
        canvas.drawPath(leaf, fill(oklch(tone, 0.085, 150)))
        canvas.drawLine(0, -6, 0, -length * 0.85, line(oklch(tone - 0.1, 0.07, 150), 2))
        canvas.restore()
    pot = shape(
        (-34, -52),
        (-34, -52, 34, -52, 34, -52),
        (30, -20, 28, 0, 24, 4),
        (10, 6, -10, 6, -24, 4),
        (-28, 0, -30, -20, -34, -52),
    )
    canvas.drawPath(pot, fill(oklch(0.62, 0.08, 45)))
    canvas.restore()


def _lamp(canvas: skia.Canvas, x: float, y: float, tall: float) -> None:
    canvas.drawLine(x, y, x, y - tall, line(oklch(0.35, 0.02, 60), 6))
    glow = skia.GradientShader.MakeRadial(
        (x, y - tall - 20), 190, [oklch(0.9, 0.09, 80, 0.5), oklch(0.9, 0.09, 80, 0.0)]
    )
    canvas.drawCircle(x, y - tall - 20, 190, skia.Paint(Shader=glow, AntiAlias=True))
    shade = shape(
        (x - 34, y - tall - 62), (x - 10, y - tall - 66, x + 10, y - tall - 66, x + 34, y - tall - 62),
        (x + 44, y - tall - 30, x + 52, y - tall, x + 58, y - tall + 14),
        (x + 20, y - tall + 20, x - 20, y - tall + 20, x - 58, y - tall + 14),
        (x - 52, y - tall, x - 44, y - tall - 30, x - 34, y - tall - 62),
    )  # fmt: skip
    canvas.drawPath(shade, fill(oklch(0.9, 0.07, 82)))


def _frame(canvas: skia.Canvas, x: float, y: float, width: float, height: float, hue: float) -> None:
    canvas.drawRect(skia.Rect.MakeXYWH(x + 4, y + 6, width, height), fill(0xFF000000, 0.2))
    canvas.drawRect(skia.Rect.MakeXYWH(x, y, width, height), fill(oklch(0.9, 0.015, 80)))
    inner = skia.Rect.MakeXYWH(x + 10, y + 10, width - 20, height - 20)
    canvas.drawRect(inner, fill(oklch(0.62, 0.07, hue)))
    canvas.save()
    canvas.clipRect(inner)
    canvas.drawCircle(x + width * 0.66, y + height * 0.36, width * 0.13, fill(oklch(0.85, 0.1, 80)))
    canvas.drawOval(
        skia.Rect.MakeXYWH(x - width * 0.3, y + height * 0.58, width, height), fill(oklch(0.48, 0.07, hue))
    )
    canvas.drawOval(
        skia.Rect.MakeXYWH(x + width * 0.3, y + height * 0.66, width, height), fill(oklch(0.4, 0.06, hue))
    )
    canvas.restore()


# Slides: 560 by 472


def _screen(canvas: skia.Canvas, slide: str, since: Since) -> None:
    frame = skia.Rect.MakeXYWH(34, 62, 452, 366)
    canvas.drawRoundRect(frame.makeOffset(0, 8), 12, 12, fill(0xFF000000, 0.25))
    canvas.drawRoundRect(frame, 12, 12, fill(0xFF15181E))
    canvas.save()
    canvas.translate(frame.left() + 10, frame.top() + 10)
    canvas.scale(432 / 560, 346 / 472 * 1.0)
    canvas.clipRect(skia.Rect.MakeWH(560, 472))
    canvas.drawPaint(fill(PAPER))
    _SLIDES[slide](canvas, since)
    canvas.restore()


def _bullets(canvas: skia.Canvas, since: Since) -> None:
    """Everything at once: the slide that a first pitch is held with."""
    canvas.drawRect(skia.Rect.MakeWH(560, 70), fill(ACCENT))
    _text(canvas, "Harbor: Our Company and Platform", 24, 44, 23, 0xFFFFFFFF, 700)
    rows = (
        "Founded 2015, four offices, 180 employees",
        "Cloud-native data synchronisation platform",
        "Event-driven core with connector framework",
        "Field mapping, rule engine, monitoring",
        "One dashboard for all integrations",
        "All industries and all company sizes",
        "Quality, people, service",
        "Award-winning support (2024)",
    )
    for index, row in enumerate(rows):
        y = 108 + index * 39
        canvas.drawCircle(32, y - 6, 4, fill(ACCENT))
        _text(canvas, row, 48, y, 18, INK, 450)
    for index in range(4):
        box = skia.Rect.MakeXYWH(446, 96 + index * 76, 90, 58)
        canvas.drawRoundRect(box, 6, 6, fill(oklch(0.9, 0.05, 60 + index * 80)))
        canvas.drawRoundRect(box, 6, 6, line(oklch(0.6, 0.1, 60 + index * 80), 2))
        canvas.drawCircle(box.centerX(), box.centerY(), 14, fill(oklch(0.6, 0.12, 60 + index * 80)))
    _text(canvas, "© Harbor  |  confidential  |  page 1 of 34", 24, 452, 13, 0xFF8A8F99, 450)


def _numbers(canvas: skia.Canvas, since: Since) -> None:
    """One number that is three numbers, until it is one."""
    _text(canvas, "Monday, 9:00", 280, 66, 27, 0xFF5D6472, 550, centred=True)
    same = _appear(since(2))
    names = ("Sales", "Warehouse", "Finance")
    for index, (name, number) in enumerate(zip(names, ("412", "405", "397"), strict=True)):
        seen = _appear(since(0 if index != 1 else 1))
        x, y = 36 + index * 168, 130.0
        tone = _mix(AMBER, GREEN, same)
        _box(canvas, x, y, 152, 150, name, tone, seen)
        shown = "412" if same > 0.5 else number
        _text(canvas, shown, x + 76, y + 108, 46, tone, 700, centred=True, alpha=seen)
    if same > 0:
        for x in (188, 356):
            canvas.drawLine(x, 205, x + 16 * same, 205, line(GREEN, 6))
    facts = (
        (3, "200 to 1,000 people, finance team, no data team", 340),
        (4, "Near Stuttgart: 400 orders a week, not retyped", 390),
    )
    for number, words, y in facts:
        seen = _appear(since(number))
        _text(canvas, words, 280, y, 22.5, INK, 550, centred=True, alpha=seen)
    _text(
        canvas,
        "Where do yours disagree first?",
        280,
        444,
        24,
        ACCENT,
        700,
        centred=True,
        alpha=_appear(since(5)),
    )


def _boxes(canvas: skia.Canvas, since: Since) -> None:
    """Three boxes, the arrows between them, and what becomes of the arrows."""
    seats = (("Shop", 34.0, 52.0, 0.3), ("Warehouse", 372.0, 52.0, 1.6), ("Finance", 203.0, 286.0, 3.0))
    harbor, asked = _appear(since(2) - 0.3), _appear(since(5))
    middles = [(x + 77, y + 52) for _, x, y, _ in seats]
    pairs = ((0, 1), (1, 2), (2, 0))
    for index, (a, b) in enumerate(pairs):
        drawn = _appear(since(1) - 0.35 * index) * (1 - harbor)
        _arrow(canvas, middles[a], middles[b], AMBER, drawn)
        if drawn > 0.5:
            _keyboard(canvas, middles[a], middles[b], since(1))
    hub = (280.0, 196.0)
    for index, middle in enumerate(middles):
        pulse = 0.5 + 0.5 * math.sin(since(5) * 5 + index * 2.1) if asked else 0.0
        tone = _mix(ACCENT, AMBER, asked * pulse)
        if harbor > 0:
            canvas.drawLine(
                *hub,
                hub[0] + (middle[0] - hub[0]) * harbor,
                hub[1] + (middle[1] - hub[1]) * harbor,
                line(tone, 6),
            )
            if harbor == 1:
                _travelling_dot(canvas, hub, middle, since(2) + index * 0.6)
    for name, x, y, after in seats:
        _box(canvas, x, y, 154, 104, name, ACCENT, _appear(since(0) - after))
    if harbor > 0:
        canvas.drawCircle(*hub, 52 * harbor, fill(ACCENT))
        _text(canvas, "Harbor", hub[0], hub[1] + 8, 22, 0xFFFFFFFF, 650, centred=True, alpha=harbor)
    for index, (words, x) in enumerate((("3 weeks", 84), ("no code", 218), ("can be removed", 388))):
        _chip(canvas, words, x, 424, _appear(since(3) - index * 0.9))
    _text(
        canvas,
        "About two people's work a month, given back",
        280,
        458,
        20,
        INK,
        600,
        centred=True,
        alpha=_appear(since(4)),
    )


_SLIDES: dict[str, Callable[[skia.Canvas, Since], None]] = {
    "bullets": _bullets,
    "numbers": _numbers,
    "boxes": _boxes,
}


def _box(
    canvas: skia.Canvas, x: float, y: float, width: float, height: float, name: str, tone: int, seen: float
) -> None:
    if seen <= 0:
        return
    rect = skia.Rect.MakeXYWH(x, y + (1 - seen) * 14, width, height)
    canvas.drawRoundRect(rect, 14, 14, fill(0xFFFFFFFF, seen))
    canvas.drawRoundRect(rect, 14, 14, line(tone, 4, seen))
    down = 38 if height > 120 else height / 2 + 8
    _text(canvas, name, x + width / 2, rect.top() + down, 22, INK, 600, centred=True, alpha=seen)


def _arrow(
    canvas: skia.Canvas, start: tuple[float, float], end: tuple[float, float], tone: int, seen: float
) -> None:
    if seen <= 0:
        return
    dx, dy = end[0] - start[0], end[1] - start[1]
    far = math.hypot(dx, dy)
    ux, uy = dx / far, dy / far
    a = (start[0] + ux * 84, start[1] + uy * (84 if abs(uy) < 0.1 else 66))
    b = (end[0] - ux * 90, end[1] - uy * (90 if abs(uy) < 0.1 else 72))
    tip = (a[0] + (b[0] - a[0]) * seen, a[1] + (b[1] - a[1]) * seen)
    canvas.drawLine(*a, *tip, line(tone, 5))
    for turn in (2.6, -2.6):
        angle = math.atan2(uy, ux) + turn
        canvas.drawLine(*tip, tip[0] + math.cos(angle) * 16, tip[1] + math.sin(angle) * 16, line(tone, 5))


def _keyboard(canvas: skia.Canvas, start: tuple[float, float], end: tuple[float, float], s: float) -> None:
    """Somebody is typing here."""
    x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    board = skia.Rect.MakeXYWH(x - 25, y - 15, 50, 30)
    canvas.drawRoundRect(board, 6, 6, fill(0xFFFFFFFF))
    canvas.drawRoundRect(board, 6, 6, line(INK, 2.4))
    for index in range(8):
        pressed = int(s * 7 + x) % 8 == index
        key = skia.Rect.MakeXYWH(x - 19 + index % 4 * 10, y - 9 + index // 4 * 10, 7, 7)
        canvas.drawRoundRect(key, 1.5, 1.5, fill(AMBER if pressed else 0xFFB9BDC6))


def _travelling_dot(canvas: skia.Canvas, a: tuple[float, float], b: tuple[float, float], s: float) -> None:
    along = (s * 0.55) % 1.0
    canvas.drawCircle(a[0] + (b[0] - a[0]) * along, a[1] + (b[1] - a[1]) * along, 6, fill(0xFFFFFFFF))
    canvas.drawCircle(a[0] + (b[0] - a[0]) * along, a[1] + (b[1] - a[1]) * along, 6, line(ACCENT, 2.5))


def _chip(canvas: skia.Canvas, words: str, x: float, y: float, seen: float) -> None:
    if seen <= 0:
        return
    width = _font(19, 600).measureText(words) + 36
    pill = skia.Rect.MakeXYWH(x - width / 2, y - 22, width, 36)
    canvas.drawRoundRect(pill, 18, 18, fill(0xFFE6EBFB, seen))
    _text(canvas, words, x, y + 3, 19, ACCENT, 600, centred=True, alpha=seen)


def _tag(canvas: skia.Canvas, words: str, x: float, y: float) -> None:
    width = _font(15, 550).measureText(words) + 20
    canvas.drawRoundRect(skia.Rect.MakeXYWH(x, y - 20, width, 28), 8, 8, fill(0xFF0B0D11, 0.7))
    _text(canvas, words, x + 10, y - 1, 15, 0xFFFFFFFF, 550)


def _call_icons(canvas: skia.Canvas) -> None:
    pen = line(0xFFFFFFFF, 2.4)
    canvas.drawRoundRect(skia.Rect.MakeXYWH(404, 493, 8, 12), 4, 4, pen)
    canvas.drawPath(curve((400, 502), (408, 515), (416, 502)), pen)
    canvas.drawRoundRect(skia.Rect.MakeXYWH(447, 496, 12, 13), 3, 3, pen)
    canvas.drawLine(462, 500, 466, 497, pen)
    canvas.drawLine(466, 497, 466, 508, pen)
    canvas.drawLine(466, 508, 462, 505, pen)
    canvas.drawRoundRect(skia.Rect.MakeXYWH(496, 496, 17, 13), 3, 3, pen)
    canvas.drawLine(504, 506, 504, 500, pen)
    canvas.drawPath(curve((543, 506), (552, 496), (561, 506)), line(0xFFFFFFFF, 5))


# Words and small sums


def _text(
    canvas: skia.Canvas, words: str, x: float, y: float, size: float, color: int, weight: int,
    *, centred: bool = False, alpha: float = 1.0,
) -> None:  # fmt: skip
    if alpha <= 0:
        return
    font = _font(size, weight)
    left = x - font.measureText(words) / 2 if centred else x
    canvas.drawString(words, left, y, font, fill(color, alpha))


@cache
def _font(size: float, weight: int) -> skia.Font:
    font = skia.Font(_typeface(weight), size)
    font.setSubpixel(True)
    return font


@cache
def _typeface(weight: int) -> skia.Typeface:
    files = Path(fontpkg_inter.__file__).parent / "files"
    upright = skia.Typeface.MakeFromFile(
        str(next(path for path in files.iterdir() if "Italic" not in path.name))
    )
    position = skia.FontArguments.VariationPosition
    wanted = position.Coordinate(int.from_bytes(b"wght", "big"), float(weight))
    arguments = skia.FontArguments()
    arguments.setVariationDesignPosition(position(position.Coordinates([wanted])))
    return upright.makeClone(arguments)


def _appear(seconds: float) -> float:
    """From 0 to 1 within half a second."""
    x = min(1.0, max(0.0, seconds / 0.5))
    return x * x * (3 - 2 * x)


def _mix(a: int, b: int, share: float) -> int:
    channels = (
        round(((a >> shift) & 255) * (1 - share) + ((b >> shift) & 255) * share) << shift
        for shift in (0, 8, 16)
    )
    return 0xFF000000 | sum(channels)
