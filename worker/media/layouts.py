"""Where screen and camera lie on the picture: plain arithmetic, in pixels."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from pitchreview.models import Layout, SourceRole
from worker.media import profiles
from worker.media.ladder import even

Size = tuple[int, int]
Boxes = Mapping[SourceRole, "Box"]

# The small camera, as shares of the longer and the shorter side of the screen, and its distance from the edge
CORNER_WIDTH, CORNER_HEIGHT, CORNER_MARGIN = Fraction(1, 4), Fraction(2, 5), Fraction(1, 45)
# The camera's column beside the screen, what stays free around both, and the shape of the whole
COLUMN_SHARE, GAP_SHARE, SIDE_BY_SIDE_SHAPE = Fraction(3, 10), Fraction(1, 80), Fraction(16, 9)


@dataclass(frozen=True)
class Box:
    x: int
    y: int
    width: int
    height: int


def canvas_of(layout: Layout, screen: Size | None, camera: Size | None) -> Size:
    """The size of the whole picture: that of its main part, at most 1080p."""
    main = camera if screen is None or (layout is Layout.CAMERA and camera is not None) else screen
    assert main is not None, "sound alone needs no canvas"
    width, height = _at_most(main, profiles.FOOTAGE_LONG_SIDE, profiles.RUNGS[-1].short_side)
    if layout is Layout.SIDE_BY_SIDE and screen is not None and camera is not None:
        height = even(width / SIDE_BY_SIDE_SHAPE)
        width, height = _at_most((width, height), profiles.FOOTAGE_LONG_SIDE, profiles.RUNGS[-1].short_side)
    return width, height


def boxes_of(layout: Layout, canvas: Size, screen: Size | None, camera: Size | None) -> Boxes:
    """What is shown, and where; what lies over the other comes last, and what is alone is shown whole."""
    if screen is None and camera is None:
        return {}
    whole = Box(0, 0, *canvas)
    if camera is None or (layout is Layout.SCREEN and screen is not None):
        return {SourceRole.SCREEN: whole}
    if screen is None or layout is Layout.CAMERA:
        return {SourceRole.CAMERA: whole}
    if layout is Layout.SIDE_BY_SIDE:
        return _side_by_side(canvas)
    return {SourceRole.SCREEN: whole, SourceRole.CAMERA: _corner(layout, canvas, camera)}


def _side_by_side(canvas: Size) -> Boxes:
    width, height = canvas
    column, margin = even(width * COLUMN_SHARE), even(width * GAP_SHARE)
    inner = height - 2 * margin
    return {
        SourceRole.SCREEN: Box(margin, margin, width - column - 2 * margin, inner),
        SourceRole.CAMERA: Box(width - column, margin, column - margin, inner),
    }


def _corner(layout: Layout, canvas: Size, camera: Size) -> Box:
    longer, shorter = max(canvas), min(canvas)
    scale = min(Fraction(longer * CORNER_WIDTH, camera[0]), Fraction(shorter * CORNER_HEIGHT, camera[1]))
    width, height = even(camera[0] * scale), even(camera[1] * scale)
    margin = even(shorter * CORNER_MARGIN)
    x = margin if layout is Layout.CORNER_LEFT else canvas[0] - width - margin
    return Box(x, canvas[1] - height - margin, width, height)


def _at_most(size: Size, longest: int, shortest: int) -> Size:
    """As large as allowed, never larger than it is."""
    scale = min(Fraction(1), Fraction(longest, max(size)), Fraction(shortest, min(size)))
    return even(size[0] * scale), even(size[1] * scale)
