"""The drawn people of the demo clips: what each looks like, and how a pose becomes a picture.

Units: the neck's base is (0, 0), a head is 200 high, y grows downward. A `Pose` is one instant of a person.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import skia

Point = tuple[float, float]


def oklch(lightness: float, chroma: float, hue: float, alpha: float = 1.0) -> int:
    """A colour in the same space as the product's own tokens."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    return skia.Color(_channel(red), _channel(green), _channel(blue), round(alpha * 255))


def fill(color: int, alpha: float = 1.0) -> skia.Paint:
    """Paint for an area."""
    paint = skia.Paint(Color=color, AntiAlias=True)
    return _faded(paint, alpha)


def line(color: int, width: float, alpha: float = 1.0) -> skia.Paint:
    """Paint for a round-ended line."""
    paint = skia.Paint(
        Color=color,
        AntiAlias=True,
        Style=skia.Paint.kStroke_Style,
        StrokeWidth=width,
        StrokeCap=skia.Paint.kRound_Cap,
        StrokeJoin=skia.Paint.kRound_Join,
    )
    return _faded(paint, alpha)


def mirrored(start: Point, *curves: tuple[float, ...]) -> skia.Path:
    """A closed path, symmetrical about x = 0: given from the top middle down the right side."""
    path = skia.Path()
    path.moveTo(*start)
    for curve in curves:
        path.cubicTo(*curve)
    stops = [start, *((c[4], c[5]) for c in curves)]
    for index in range(len(curves) - 1, -1, -1):
        c, to = curves[index], stops[index]
        path.cubicTo(-c[2], c[3], -c[0], c[1], -to[0], to[1])
    path.close()
    return path


def shape(start: Point, *curves: tuple[float, ...]) -> skia.Path:
    """A closed path of cubic curves."""
    path = skia.Path()
    path.moveTo(*start)
    for curve in curves:
        path.cubicTo(*curve)
    path.close()
    return path


def curve(start: Point, control: Point, end: Point) -> skia.Path:
    """An open quadratic curve."""
    path = skia.Path()
    path.moveTo(*start)
    path.quadTo(*control, *end)
    return path


@dataclass(frozen=True)
class Looks:
    """What one person looks like; the hue is that of their room in the product's colours."""

    hue: float
    skin: int
    shade: int
    blush: int
    lips: int
    hair: int
    gloss: int
    """The lighter tone of the hair."""
    eyes: int
    style: str
    clothes: str
    cloth: int
    cloth_dark: int
    under: int
    brow: float = 5.5
    jaw: float = 50
    lashes: bool = False
    glasses: int = 0
    beard: float = 0.0
    """How dense: 0 none, 0.25 stubble, 1 full."""
    earrings: int = 0
    freckles: bool = False


@dataclass
class Hand:
    """A raised hand: 0 is out of sight, 1 is up; `reach` is where the wrist goes."""

    up: float = 0.0
    reach: Point = (150.0, 120.0)
    turn: float = 0.0
    fingers: tuple[float, ...] = (1, 1, 1, 1)
    thumb: float = 1.0


@dataclass
class Pose:
    """One instant of a person."""

    open: float = 0.0
    wide: float = 0.0
    smile: float = 0.35
    blink: float = 0.0
    brow: float = 0.0
    worry: float = 0.0
    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    sway: float = 0.0
    breath: float = 0.0
    gaze: Point = (0.0, 0.0)
    left: Hand = field(default_factory=Hand)
    right: Hand = field(default_factory=Hand)


def draw_person(canvas: skia.Canvas, looks: Looks, pose: Pose) -> None:
    """The whole bust, back to front."""
    canvas.save()
    canvas.translate(pose.sway * 0.35, pose.breath)
    _in_head(canvas, pose, lambda: _HAIR_BACK[looks.style](canvas, looks))
    _body(canvas, looks)
    canvas.restore()
    canvas.save()
    canvas.translate(pose.sway * 0.35, pose.breath)
    _opening(canvas, looks)
    _neck(canvas, looks, pose)
    _COLLARS[looks.clothes](canvas, looks)
    _in_head(canvas, pose, lambda: _head(canvas, looks, pose))
    _hand(canvas, looks, pose.left, -1)
    _hand(canvas, looks, pose.right, 1)
    canvas.restore()


PEOPLE: dict[str, Looks] = {
    "ada": Looks(
        hue=262,
        skin=0xFFF0C3A0,
        shade=0xFFD79C78,
        blush=0xFFE88F76,
        lips=0xFFC0605A,
        hair=0xFFC28A45,
        gloss=0xFFDDAE69,
        eyes=0xFF4A7FA5,
        style="bob",
        clothes="collar",
        cloth=0xFF3B5FA8,
        cloth_dark=0xFF2C4A88,
        under=0xFFF2F3F7,
        brow=5,
        jaw=46,
        lashes=True,
        freckles=True,
    ),
    "jonas": Looks(
        hue=152,
        skin=0xFFEBB994,
        shade=0xFFCC916C,
        blush=0xFFDE8468,
        lips=0xFFB5675A,
        hair=0xFF5A3A26,
        gloss=0xFF7B5336,
        eyes=0xFF5B7247,
        style="parted",
        clothes="overshirt",
        cloth=0xFF3F7355,
        cloth_dark=0xFF2E5A41,
        under=0xFFEDEBE4,
        brow=7,
        jaw=54,
        glasses=0xFF2C2A2B,
        beard=0.3,
    ),
    "priya": Looks(
        hue=28,
        skin=0xFFB97E56,
        shade=0xFF955F3D,
        blush=0xFFB8583F,
        lips=0xFF8F3B3C,
        hair=0xFF231A1C,
        gloss=0xFF43302F,
        eyes=0xFF4A2F1E,
        style="long",
        clothes="blazer",
        cloth=0xFF8C3038,
        cloth_dark=0xFF6E232B,
        under=0xFFF3E6D6,
        brow=6.5,
        jaw=47,
        lashes=True,
        earrings=0xFFE5B864,
    ),
    "cole": Looks(
        hue=200,
        skin=0xFF7B4E36,
        shade=0xFF5C3826,
        blush=0xFF7E3B2E,
        lips=0xFFA0625A,
        hair=0xFF1B1716,
        gloss=0xFF332B28,
        eyes=0xFF2E1C13,
        style="fade",
        clothes="turtleneck",
        cloth=0xFF1F7C87,
        cloth_dark=0xFF15606A,
        under=0xFF1F7C87,
        brow=8,
        jaw=55,
        beard=0.92,
    ),
    "mona": Looks(
        hue=330,
        skin=0xFFD9A57B,
        shade=0xFFB97F58,
        blush=0xFFD0745C,
        lips=0xFFB3444F,
        hair=0xFF3A221C,
        gloss=0xFF5C382C,
        eyes=0xFF5A3B22,
        style="curls",
        clothes="vneck",
        cloth=0xFF7B3B7E,
        cloth_dark=0xFF602C63,
        under=0xFFD9A57B,
        brow=6.5,
        jaw=48,
        lashes=True,
        earrings=0xFFEBC36B,
    ),
    "lena": Looks(
        hue=95,
        skin=0xFFF4CDB2,
        shade=0xFFDDA687,
        blush=0xFFEE9A86,
        lips=0xFFC4616A,
        hair=0xFF9C4526,
        gloss=0xFFBF6238,
        eyes=0xFF57824F,
        style="bun",
        clothes="cardigan",
        cloth=0xFFC99A2E,
        cloth_dark=0xFFA87E1F,
        under=0xFFF5F1E8,
        brow=5,
        jaw=45,
        lashes=True,
        freckles=True,
        glasses=0xFF7A4A2E,
    ),
    "buyer": Looks(
        hue=250,
        skin=0xFFE6B795,
        shade=0xFFC48E6C,
        blush=0xFFD47E66,
        lips=0xFFAF6759,
        hair=0xFF8D9097,
        gloss=0xFFAEB2B8,
        eyes=0xFF55606E,
        style="receding",
        clothes="suit",
        cloth=0xFF454D5C,
        cloth_dark=0xFF343B48,
        under=0xFFEFF2F6,
        brow=7,
        jaw=55,
    ),
}


def _channel(linear: float) -> int:
    clipped = min(1.0, max(0.0, linear))
    encoded = 12.92 * clipped if clipped <= 0.0031308 else 1.055 * clipped ** (1 / 2.4) - 0.055
    return round(encoded * 255)


def _faded(paint: skia.Paint, alpha: float) -> skia.Paint:
    if alpha < 1:
        paint.setAlphaf(alpha)
    return paint


def _in_head(canvas: skia.Canvas, pose: Pose, draw: Callable[[], None]) -> None:
    """Draw with the head's middle as origin; it turns about the top of the neck."""
    canvas.save()
    canvas.translate(pose.sway * 0.65, -56)
    canvas.rotate(math.degrees(pose.roll))
    canvas.translate(0, -80 + pose.pitch * 3)
    draw()
    canvas.restore()


# The body


def _body(canvas: skia.Canvas, looks: Looks) -> None:
    torso = mirrored(
        (0, -14),
        (30, -14, 42, -12, 46, -8),
        (54, 22, 84, 32, 118, 42),
        (196, 62, 222, 150, 232, 420),
        (100, 420, 50, 420, 0, 420),
    )
    canvas.drawPath(torso, fill(looks.cloth))
    canvas.save()
    canvas.clipPath(torso, doAntiAlias=True)
    canvas.drawPath(
        shape((150, 110), (138, 200, 140, 300, 148, 430), (260, 430, 250, 200, 150, 110)),
        fill(looks.cloth_dark),
    )
    canvas.drawPath(
        shape((-150, 110), (-138, 200, -140, 300, -148, 430), (-260, 430, -250, 200, -150, 110)),
        fill(looks.cloth_dark, 0.55),
    )
    canvas.restore()


def _neck(canvas: skia.Canvas, looks: Looks, pose: Pose) -> None:
    lean = pose.sway * 0.4
    neck = shape(
        (-38 + lean, -96),
        (-38, -60, -36, -30, -50, -6),
        (-30, 34, 30, 34, 50, -6),
        (36, -30, 38, -60, 38 + lean, -96),
        (20, -90, -20, -90, -38 + lean, -96),
    )
    canvas.drawPath(neck, fill(looks.skin))
    canvas.save()
    canvas.clipPath(neck, doAntiAlias=True)
    canvas.drawOval(
        skia.Rect.MakeLTRB(-64 + pose.sway * 0.6, -116, 60 + pose.sway * 0.6, -16 + pose.pitch * 3),
        fill(looks.shade, 0.85),
    )
    canvas.restore()


def _shirt_collar(canvas: skia.Canvas, looks: Looks) -> None:
    canvas.drawPath(curve((-53, -6), (0, 66), (53, -6)), line(looks.cloth_dark, 12))
    for side in (-1, 1):
        flap = skia.Path()
        flap.moveTo(side * 42, -24)
        flap.lineTo(side * 66, 10)
        flap.lineTo(side * 34, 50)
        flap.lineTo(side * 4, 22)
        flap.quadTo(side * 36, 8, side * 42, -24)
        flap.close()
        canvas.drawPath(flap, fill(looks.under))
        canvas.drawPath(flap, line(0xFF20242E, 1.5, 0.12))


def _opening(canvas: skia.Canvas, looks: Looks) -> None:
    """What is worn beneath, seen between the two sides of an open front."""
    depth = _DEPTHS.get(looks.clothes)
    if depth:
        front = mirrored((0, -16), (30, -16, 46, -14, 50, -10), (56, 30, 30, depth * 0.6, 0, depth))
        canvas.drawPath(front, fill(looks.under))


def _lapels(canvas: skia.Canvas, looks: Looks) -> None:
    depth = _DEPTHS[looks.clothes]
    for side in (-1, 1):
        lapel = skia.Path()
        lapel.moveTo(side * 46, -16)
        lapel.quadTo(side * 74, 10, side * 88, 40)
        lapel.lineTo(side * 64, depth * 0.52)
        lapel.lineTo(0, depth + 6)
        lapel.quadTo(side * 42, depth * 0.5, side * 46, -16)
        lapel.close()
        canvas.drawPath(lapel, fill(looks.cloth_dark))
    canvas.drawLine(0, depth, 0, 420, line(looks.cloth_dark, 3))


def _band(canvas: skia.Canvas, looks: Looks) -> None:
    depth = _DEPTHS[looks.clothes]
    edge = skia.Path()
    edge.moveTo(-49, -12)
    edge.cubicTo(-56, 30, -30, depth * 0.6, 0, depth)
    edge.cubicTo(30, depth * 0.6, 56, 30, 49, -12)
    canvas.drawPath(edge, line(looks.cloth_dark, 13))


def _blazer(canvas: skia.Canvas, looks: Looks) -> None:
    _lapels(canvas, looks)


def _overshirt(canvas: skia.Canvas, looks: Looks) -> None:
    tee = mirrored((0, 30), (30, 30, 46, 2, 54, -10), (60, 60, 46, 200, 42, 430), (20, 430, 10, 430, 0, 430))
    canvas.drawPath(tee, fill(looks.under))
    canvas.drawPath(curve((-52, -8), (0, 66), (52, -8)), line(0xFFD9D6CC, 11))
    for side in (-1, 1):
        flap = skia.Path()
        flap.moveTo(side * 50, -18)
        flap.lineTo(side * 84, 26)
        flap.lineTo(side * 60, 66)
        flap.quadTo(side * 46, 20, side * 50, -18)
        flap.close()
        canvas.drawPath(flap, fill(looks.cloth_dark))


def _turtleneck(canvas: skia.Canvas, looks: Looks) -> None:
    tube = shape(
        (-48, -42),
        (-30, -30, 30, -30, 48, -42),
        (52, -20, 52, 0, 60, 14),
        (30, 30, -30, 30, -60, 14),
        (-52, 0, -52, -20, -48, -42),
    )
    canvas.drawPath(tube, fill(looks.cloth))
    canvas.drawPath(curve((-58, 12), (0, 34), (58, 12)), line(looks.cloth_dark, 4))
    canvas.drawPath(curve((-49, -30), (0, -14), (49, -30)), line(looks.cloth_dark, 3, 0.6))


def _vneck(canvas: skia.Canvas, looks: Looks) -> None:
    _band(canvas, looks)
    canvas.drawPath(curve((-34, 8), (0, 62), (34, 8)), line(0xFFEBC36B, 2.4))
    canvas.drawCircle(0, 36, 5.5, fill(0xFFEBC36B))


def _cardigan(canvas: skia.Canvas, looks: Looks) -> None:
    _band(canvas, looks)
    canvas.drawLine(0, _DEPTHS[looks.clothes], 0, 420, line(looks.cloth_dark, 13))
    for y in (160, 200):
        canvas.drawCircle(0, y, 6, fill(looks.under))


def _suit(canvas: skia.Canvas, looks: Looks) -> None:
    _lapels(canvas, looks)
    for side in (-1, 1):
        flap = skia.Path()
        flap.moveTo(side * 44, -26)
        flap.lineTo(side * 52, 14)
        flap.lineTo(side * 26, 40)
        flap.lineTo(0, 14)
        flap.close()
        canvas.drawPath(flap, fill(looks.under))
        canvas.drawPath(flap, line(0xFF20242E, 1.5, 0.15))
    tie = skia.Path()
    for index, point in enumerate(((-9, 14), (9, 14), (7, 32), (14, 130), (0, 146), (-14, 130), (-7, 32))):
        if index:
            tie.lineTo(*point)
        else:
            tie.moveTo(*point)
    tie.close()
    canvas.drawPath(tie, fill(0xFF8A4B52))


# How far down an open front is open.
_DEPTHS = {"blazer": 150.0, "vneck": 84.0, "cardigan": 130.0, "suit": 160.0}
_COLLARS: dict[str, Callable[[skia.Canvas, Looks], None]] = {
    "collar": _shirt_collar,
    "blazer": _blazer,
    "overshirt": _overshirt,
    "turtleneck": _turtleneck,
    "vneck": _vneck,
    "cardigan": _cardigan,
    "suit": _suit,
}


# The head


def _head(canvas: skia.Canvas, looks: Looks, pose: Pose) -> None:
    _ears(canvas, looks, pose)
    face = _face_path(looks)
    canvas.drawPath(face, fill(looks.skin))
    canvas.save()
    canvas.clipPath(face, doAntiAlias=True)
    _cheeks(canvas, looks, pose)
    if looks.beard:
        _beard(canvas, looks, pose)
    canvas.restore()
    canvas.save()
    canvas.translate(pose.yaw * 12, pose.pitch * 8)
    _nose(canvas, looks, pose)
    _mouth(canvas, looks, pose)
    for side in (-1, 1):
        _eye(canvas, looks, pose, side)
    canvas.restore()
    canvas.save()
    canvas.translate(pose.yaw * 4, pose.pitch * 2)
    _HAIR_FRONT[looks.style](canvas, looks)
    canvas.restore()
    if looks.earrings:
        for side in (-1, 1):
            canvas.drawCircle(side * 77 - pose.yaw * 5, 31, 5, fill(looks.earrings))
    canvas.save()
    canvas.translate(pose.yaw * 12, pose.pitch * 8)
    for side in (-1, 1):
        _brow(canvas, looks, pose, side)
    if looks.glasses:
        _glasses(canvas, looks, pose)
    canvas.restore()


def _face_path(looks: Looks) -> skia.Path:
    jaw = looks.jaw
    return mirrored(
        (0, -100),
        (46, -100, 76, -70, 75, -22),
        (75, 18, 68 + jaw * 0.06, 46, jaw, 70),
        (jaw * 0.74, 88, jaw * 0.4, 97, 0, 97),
    )


def _ears(canvas: skia.Canvas, looks: Looks, pose: Pose) -> None:
    for side in (-1, 1):
        x = side * 75 - pose.yaw * 5
        canvas.drawOval(skia.Rect.MakeLTRB(x - 13, -18, x + 13, 24), fill(looks.skin))
        canvas.drawOval(skia.Rect.MakeLTRB(x - 6, -8, x + 6, 14), fill(looks.shade, 0.6))


def _cheeks(canvas: skia.Canvas, looks: Looks, pose: Pose) -> None:
    dx, dy = pose.yaw * 12, pose.pitch * 8
    far_side = skia.GradientShader.MakeLinear(
        [(14 + dx, 0), (84 + dx * 0.5, 10)], [_with_alpha(looks.shade, 0.0), _with_alpha(looks.shade, 0.5)]
    )
    canvas.drawPaint(skia.Paint(Shader=far_side))
    for side in (-1, 1):
        x, y = side * 43 + dx, 28 + dy
        glow = skia.GradientShader.MakeRadial(
            (x, y), 24, [_with_alpha(looks.blush, 0.42), _with_alpha(looks.blush, 0.0)]
        )
        canvas.drawCircle(x, y, 24, skia.Paint(Shader=glow, AntiAlias=True))
        if looks.freckles:
            for fx, fy in ((-9, -6), (0, -2), (8, -7), (-3, -10), (5, 3)):
                canvas.drawCircle(x + fx, y + fy - 4, 1.5, fill(looks.shade, 0.75))


def _beard(canvas: skia.Canvas, looks: Looks, pose: Pose) -> None:
    dx, dy = pose.yaw * 9, pose.pitch * 6
    outer = mirrored(
        (0, 34),
        (24, 34, 30, 40, 38, 44),
        (56, 40, 66, 20, 82, -4),
        (90, 60, 60, 110, 0, 110),
    )
    outer.offset(dx, dy)
    canvas.drawPath(outer, fill(looks.hair, looks.beard))
    under = skia.Rect.MakeLTRB(-24 + dx, 40 + dy, 24 + dx, 66 + dy)
    canvas.drawOval(under, fill(looks.skin, 0.5 if looks.beard > 0.5 else 0.35))


def _nose(canvas: skia.Canvas, looks: Looks, pose: Pose) -> None:
    dx, dy = pose.yaw * 5, pose.pitch * 3
    nose = skia.Path()
    nose.moveTo(-3 + dx * 0.3, -12)
    nose.cubicTo(-6 + dx, 4 + dy, -15 + dx, 18 + dy, -9 + dx, 22 + dy)
    nose.quadTo(0 + dx, 27 + dy, 10 + dx, 21 + dy)
    canvas.drawPath(nose, line(looks.shade, 3.4))
    canvas.drawCircle(1 + dx, 14 + dy, 5, fill(0xFFFFFFFF, 0.08))


def _mouth(canvas: skia.Canvas, looks: Looks, pose: Pose) -> None:
    half = 21 + pose.smile * 6 + pose.wide * 5
    lift = 1.5 + pose.smile * 8 - pose.worry * 5
    y = 50.0
    if pose.open < 0.07:
        closed = skia.Path()
        closed.moveTo(-half, y - lift)
        closed.cubicTo(-half * 0.5, y + lift, half * 0.5, y + lift, half, y - lift)
        canvas.drawPath(closed, line(looks.lips, 4.4))
        canvas.drawPath(
            curve((-9, y + 11 + lift * 0.4), (0, y + 14 + lift * 0.4), (9, y + 11 + lift * 0.4)),
            line(looks.shade, 2.6, 0.7),
        )
        return
    depth = 6 + pose.open * 25
    lips = skia.Path()
    lips.moveTo(-half, y - lift * 0.7)
    lips.cubicTo(-half * 0.5, y - 6 - pose.open * 4, half * 0.5, y - 6 - pose.open * 4, half, y - lift * 0.7)
    lips.cubicTo(half * 0.75, y + depth, -half * 0.75, y + depth, -half, y - lift * 0.7)
    lips.close()
    canvas.drawPath(lips, fill(0xFF4A1A20))
    canvas.save()
    canvas.clipPath(lips, doAntiAlias=True)
    canvas.drawRoundRect(
        skia.Rect.MakeLTRB(-half * 0.8, y - 16, half * 0.8, y - 1 + pose.open * 4), 5, 5, fill(0xFFF7F3EE)
    )
    canvas.drawOval(
        skia.Rect.MakeLTRB(-half * 0.6, y + depth * 0.42, half * 0.6, y + depth * 1.3), fill(0xFFB4505A)
    )
    canvas.restore()
    canvas.drawPath(lips, line(looks.lips, 4))


def _eye(canvas: skia.Canvas, looks: Looks, pose: Pose, side: int) -> None:
    x, y = side * 31.0, -9.0
    opening = max(0.0, 1 - pose.blink) * (1 - 0.18 * max(0.0, pose.smile))
    if opening < 0.15:
        canvas.drawPath(curve((x - 13, y + 3), (x, y + 9), (x + 13, y + 3)), line(0xFF2B1D1A, 3.4))
        return
    top, bottom = 11.5 * opening, 7.5 * opening
    almond = skia.Path()
    almond.moveTo(x - 14.5, y + 2)
    almond.cubicTo(x - 8, y - top - 2, x + 8, y - top - 2, x + 14.5, y + 2)
    almond.cubicTo(x + 8, y + bottom + 3, x - 8, y + bottom + 3, x - 14.5, y + 2)
    almond.close()
    canvas.drawPath(almond, fill(0xFFFBF8F4))
    canvas.save()
    canvas.clipPath(almond, doAntiAlias=True)
    px, py = x + pose.gaze[0] * 5, y + pose.gaze[1] * 4
    canvas.drawCircle(px, py, 8, fill(looks.eyes))
    canvas.drawCircle(px, py, 4.2, fill(0xFF16110F))
    canvas.drawCircle(px + 2.6, py - 2.8, 2.1, fill(0xFFFFFFFF, 0.95))
    canvas.drawRect(skia.Rect.MakeLTRB(x - 16, y - 18, x + 16, y - top * 0.5), fill(0xFF2B1D1A, 0.16))
    canvas.restore()
    lid = skia.Path()
    lid.moveTo(x - 14.5, y + 2)
    lid.cubicTo(x - 8, y - top - 2, x + 8, y - top - 2, x + 14.5, y + 2)
    canvas.drawPath(lid, line(0xFF2B1D1A, 3.4 if looks.lashes else 2.8))
    if looks.lashes:
        canvas.drawLine(x + side * 13.5, y + 1, x + side * 18.5, y - 3.5, line(0xFF2B1D1A, 2.8))


def _brow(canvas: skia.Canvas, looks: Looks, pose: Pose, side: int) -> None:
    x, y = side * 32.0, -36.0 - pose.brow * 9
    inner = y - pose.worry * 6 + 1
    outer = y + 4 + pose.worry * 1.5
    tone = looks.hair if looks.style != "bob" else 0xFF8D6330
    canvas.drawPath(curve((x - side * 15, inner), (x, y - 6), (x + side * 16, outer)), line(tone, looks.brow))


def _glasses(canvas: skia.Canvas, looks: Looks, pose: Pose) -> None:
    frame = line(looks.glasses, 3.6)
    for side in (-1, 1):
        x = side * 31.0
        lens = skia.RRect.MakeRectXY(skia.Rect.MakeLTRB(x - 24, -29, x + 24, 13), 19, 19)
        canvas.drawRRect(lens, fill(0xFFFFFFFF, 0.07))
        canvas.drawRRect(lens, frame)
        canvas.drawLine(x - 12, -20, x - 3, -24, line(0xFFFFFFFF, 2.4, 0.4))
        canvas.drawLine(x + side * 24, -12, side * 75 - pose.yaw * 14, -8, frame)
    canvas.drawPath(curve((-7, -12), (0, -17), (7, -12)), frame)


# Hair


def _bob_back(canvas: skia.Canvas, looks: Looks) -> None:
    canvas.drawPath(
        mirrored(
            (0, -126), (66, -126, 100, -80, 98, -10), (98, 40, 104, 70, 84, 96), (60, 104, 30, 100, 0, 100)
        ),
        fill(looks.hair),
    )
    canvas.drawPath(
        mirrored((0, -40), (50, -40, 70, 0, 76, 60), (60, 100, 30, 100, 0, 100)), fill(0xFF000000, 0.16)
    )


def _bob_front(canvas: skia.Canvas, looks: Looks) -> None:
    canvas.drawPath(
        shape(
            (-26, -104),
            (20, -76, 62, -70, 70, -20),
            (74, 10, 70, 40, 78, 74),
            (96, 40, 100, -10, 94, -40),
            (86, -104, 40, -130, -4, -128),
            (-60, -126, -94, -90, -95, -30),
            (-98, 10, -92, 44, -76, 72),
            (-70, 40, -76, 0, -70, -24),
            (-64, -60, -46, -84, -26, -104),
        ),
        fill(looks.hair),
    )
    for start, control, end in (
        ((-18, -108), (40, -92), (74, -40)),
        ((-34, -104), (-74, -70), (-80, -6)),
        ((6, -118), (60, -104), (84, -48)),
    ):
        canvas.drawPath(curve(start, control, end), line(looks.gloss, 5, 0.75))


def _no_hair(canvas: skia.Canvas, looks: Looks) -> None:
    """Nothing of this hair is seen behind the head."""


def _parted_front(canvas: skia.Canvas, looks: Looks) -> None:
    canvas.drawPath(
        shape(
            (-77, -8),
            (-90, -60, -82, -116, -34, -122),
            (-6, -142, 60, -138, 78, -100),
            (92, -74, 86, -36, 77, -8),
            (74, -30, 74, -46, 66, -60),
            (40, -66, 4, -64, -38, -88),
            (-52, -74, -68, -60, -70, -40),
            (-72, -30, -74, -20, -77, -8),
        ),
        fill(looks.hair),
    )
    for start, control, end in (((-36, -94), (10, -84), (60, -74)), ((-30, -112), (20, -118), (66, -92))):
        canvas.drawPath(curve(start, control, end), line(looks.gloss, 5, 0.8))


def _long_back(canvas: skia.Canvas, looks: Looks) -> None:
    canvas.drawPath(
        mirrored(
            (0, -128),
            (74, -128, 104, -76, 100, 0),
            (100, 70, 122, 130, 112, 210),
            (60, 236, 30, 230, 0, 230),
        ),
        fill(looks.hair),
    )


def _long_front(canvas: skia.Canvas, looks: Looks) -> None:
    for side in (-1, 1):
        lock = shape(
            (side * -4, -108),
            (side * 44, -96, side * 70, -60, side * 70, -10),
            (side * 74, 30, side * 70, 70, side * 84, 108),
            (side * 106, 60, side * 104, -10, side * 98, -44),
            (side * 90, -104, side * 46, -130, side * -4, -126),
        )
        canvas.drawPath(lock, fill(looks.hair))
        canvas.drawPath(
            curve((side * 12, -114), (side * 76, -96), (side * 85, -20)), line(looks.gloss, 5, 0.9)
        )
        canvas.drawPath(curve((side * 85, 0), (side * 84, 40), (side * 88, 76)), line(looks.gloss, 4, 0.7))


def _fade_front(canvas: skia.Canvas, looks: Looks) -> None:
    for side in (-1, 1):
        canvas.drawPath(
            shape(
                (side * 60, -74),
                (side * 66, -50, side * 70, -20, side * 74, 8),
                (side * 86, -20, side * 84, -70, side * 66, -96),
            ),
            fill(looks.hair, 0.62),
        )
    top = mirrored(
        (0, -140),
        (44, -142, 78, -128, 78, -84),
        (78, -72, 74, -66, 66, -62),
        (44, -74, 20, -76, 0, -76),
    )
    canvas.drawPath(top, fill(looks.hair))
    for x in range(-60, 61, 20):
        canvas.drawPath(
            curve((x - 7, -118 + abs(x) * 0.12), (x, -128 + abs(x) * 0.12), (x + 7, -118 + abs(x) * 0.12)),
            line(looks.gloss, 3.4),
        )
    for x in range(-50, 51, 20):
        canvas.drawPath(
            curve((x - 7, -96 + abs(x) * 0.1), (x, -105 + abs(x) * 0.1), (x + 7, -96 + abs(x) * 0.1)),
            line(looks.gloss, 3.4, 0.8),
        )


def _curls_back(canvas: skia.Canvas, looks: Looks) -> None:
    canvas.drawPath(
        mirrored((0, -120), (70, -120, 100, -60, 100, 10), (100, 70, 60, 90, 0, 90)), fill(looks.hair)
    )
    for step in range(19):
        angle = math.radians(-220 + step * 14.4)
        x, y = math.cos(angle) * (92 + 6 * (step % 2)), -16 + math.sin(angle) * (104 + 5 * (step % 3))
        canvas.drawCircle(x, y, 31 - 3 * (step % 3), fill(looks.hair))
    for side in (-1, 1):
        for x, y, size in ((98, 40, 30), (104, 74, 27), (90, 104, 27)):
            canvas.drawCircle(side * x, y, size, fill(looks.hair))


def _curls_front(canvas: skia.Canvas, looks: Looks) -> None:
    for x, y, size in (
        (-78, -30, 20),
        (-72, -60, 25),
        (-50, -86, 27),
        (-18, -98, 27),
        (16, -98, 27),
        (48, -88, 27),
        (72, -62, 25),
        (79, -30, 20),
        (-84, 0, 16),
        (84, 0, 16),
    ):
        canvas.drawCircle(x, y, size, fill(looks.hair))
    for x, y, size in (
        (-62, -98, 15),
        (-22, -122, 16),
        (24, -124, 16),
        (64, -100, 15),
        (-96, -52, 13),
        (98, -50, 13),
        (-104, 36, 12),
        (106, 40, 12),
    ):
        arc = skia.Path()
        arc.addArc(skia.Rect.MakeLTRB(x - size, y - size, x + size, y + size), 190, 130)
        canvas.drawPath(arc, line(looks.gloss, 4.4))


def _bun_back(canvas: skia.Canvas, looks: Looks) -> None:
    canvas.drawCircle(4, -140, 38, fill(looks.hair))
    arc = skia.Path()
    arc.addArc(skia.Rect.MakeLTRB(-20, -164, 28, -116), 200, 220)
    canvas.drawPath(arc, line(looks.gloss, 5))


def _bun_front(canvas: skia.Canvas, looks: Looks) -> None:
    canvas.drawPath(
        shape(
            (-78, 6),
            (-92, -60, -70, -124, 0, -124),
            (70, -124, 92, -60, 78, 6),
            (76, -30, 70, -52, 56, -66),
            (34, -82, 10, -86, -16, -92),
            (-36, -80, -58, -66, -66, -44),
            (-72, -30, -74, -10, -78, 6),
        ),
        fill(looks.hair),
    )
    for start, control, end in (
        ((-14, -98), (46, -92), (72, -36)),
        ((-22, -98), (-62, -82), (-76, -26)),
        ((2, -114), (56, -106), (80, -54)),
    ):
        canvas.drawPath(curve(start, control, end), line(looks.gloss, 4.5, 0.85))
    for side in (-1, 1):
        canvas.drawPath(curve((side * 74, -20), (side * 86, 20), (side * 74, 52)), line(looks.hair, 5))


def _receding_front(canvas: skia.Canvas, looks: Looks) -> None:
    canvas.drawPath(
        shape(
            (-77, 6),
            (-92, -50, -80, -116, 0, -120),
            (80, -116, 92, -50, 77, 6),
            (74, -20, 74, -46, 62, -70),
            (50, -84, 30, -78, 16, -92),
            (0, -98, -16, -94, -30, -84),
            (-46, -80, -60, -80, -64, -64),
            (-74, -46, -74, -20, -77, 6),
        ),
        fill(looks.hair),
    )
    canvas.drawPath(curve((-56, -92), (0, -118), (56, -92)), line(looks.gloss, 5, 0.8))


_HAIR_BACK: dict[str, Callable[[skia.Canvas, Looks], None]] = {
    "bob": _bob_back,
    "parted": _no_hair,
    "long": _long_back,
    "fade": _no_hair,
    "curls": _curls_back,
    "bun": _bun_back,
    "receding": _no_hair,
}
_HAIR_FRONT: dict[str, Callable[[skia.Canvas, Looks], None]] = {
    "bob": _bob_front,
    "parted": _parted_front,
    "long": _long_front,
    "fade": _fade_front,
    "curls": _curls_front,
    "bun": _bun_front,
    "receding": _receding_front,
}


# Hands


def _hand(canvas: skia.Canvas, looks: Looks, hand: Hand, side: int) -> None:
    """A forearm from below the frame and the hand on it; drawn only while some of it is up."""
    if hand.up <= 0.01:
        return
    rest: Point = (side * 225.0, 330.0)
    goal: Point = (side * hand.reach[0], hand.reach[1])
    wrist = (rest[0] + (goal[0] - rest[0]) * hand.up, rest[1] + (goal[1] - rest[1]) * hand.up)
    elbow = (side * 262.0, max(330.0, wrist[1] + 150))
    angle = math.atan2(wrist[0] - elbow[0], elbow[1] - wrist[1])
    canvas.save()
    canvas.translate(*wrist)
    canvas.rotate(math.degrees(angle))
    sleeve = shape(
        (-27, 18),
        (-34, 90, -44, 190, -52, 330),
        (52, 330, 52, 330, 52, 330),
        (44, 190, 34, 90, 27, 18),
        (10, 24, -10, 24, -27, 18),
    )
    canvas.drawPath(sleeve, fill(looks.cloth))
    canvas.drawPath(sleeve, line(looks.cloth_dark, 2.5))
    canvas.drawPath(curve((-27, 20), (0, 28), (27, 20)), line(looks.cloth_dark, 9))
    canvas.rotate(math.degrees(hand.turn * side - angle * 0.55))
    _palm(canvas, looks, hand, side)
    canvas.restore()


def _palm(canvas: skia.Canvas, looks: Looks, hand: Hand, side: int) -> None:
    canvas.drawRoundRect(skia.Rect.MakeLTRB(-19, -26, 19, 24), 12, 12, fill(looks.skin))
    lengths = (36, 46, 44, 35)
    for index, length in enumerate(lengths):
        # The first finger is the one beside the thumb, which is on the inner side.
        stretch = max(0.12, hand.fingers[index])
        x = -side * (19 - index * 12.7)
        tip = (x + math.sin(x / 19 * 0.2) * length * stretch, -50 - length * stretch)
        canvas.drawLine(x, -46, *tip, line(looks.shade, 17))
        canvas.drawLine(x, -46, *tip, line(looks.skin, 14))
    canvas.drawRoundRect(skia.Rect.MakeLTRB(-27, -62, 27, 6), 20, 20, fill(looks.skin))
    if hand.thumb > 0:
        canvas.drawLine(
            -side * 20, -18, -side * (24 + 22 * hand.thumb), -26 - 26 * hand.thumb, line(looks.shade, 19, 0.9)
        )
        canvas.drawLine(
            -side * 18, -18, -side * (24 + 22 * hand.thumb), -26 - 26 * hand.thumb, line(looks.skin, 16)
        )
    canvas.drawPath(curve((-side * 14, -8), (0, -22), (side * 12, -42)), line(looks.shade, 2.4, 0.6))


def _with_alpha(color: int, alpha: float) -> int:
    return (color & 0x00FFFFFF) | (round(alpha * 255) << 24)
