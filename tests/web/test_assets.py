"""Small pages, no inline style or script, known icons, colours that can be read."""

import gzip
import json
import math
import re
from pathlib import Path

import pytest

from pitchreview.config import assets_folder

STATIC = assets_folder("static")
DIST = STATIC / "dist"
TEMPLATES = sorted(assets_folder("templates").rglob("*.html"))

# Document + CSS + own scripts + font stay within 180 KiB; a quarter of that is left to the document.
BUDGET_BYTES = 135 * 1024
ON_EVERY_PAGE = ("main.css", "main.js", "icons.svg", "favicon.svg", "inter.woff2")

# WCAG 2.2 AA: text, and the edges of what can be filled in or pressed.
TEXT, EDGE = 4.5, 3.0
SURFACES = ("paper", "card", "raised", "sunken", "line-soft")
KINDS = ("accent", "strength", "try", "question", "danger")
READABLE = [
    *((ink, surface, TEXT) for ink in ("ink", "ink-2", "ink-3") for surface in SURFACES),
    *((ink, f"{kind}-wash", TEXT) for ink in ("ink", "ink-2", "ink-3") for kind in KINDS),
    *(
        (kind, surface, TEXT)
        for kind in KINDS
        for surface in ("paper", "card", "raised", "sunken", f"{kind}-wash")
    ),
    *((f"{kind}-ink", kind, TEXT) for kind in ("accent", "danger")),
    *((f"{kind}-ink", f"{kind}-strong", TEXT) for kind in ("accent", "danger")),
    *(("line-strong", surface, EDGE) for surface in ("paper", "card", "raised", "sunken")),
    ("ink", "highlight", TEXT),
]


@pytest.fixture(scope="module")
def manifest() -> dict[str, str]:
    path = DIST / "manifest.json"
    assert path.exists(), "The assets are not built: run `npm ci && npm run build`."
    names: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return names


def test_every_name_in_the_manifest_leads_to_a_file(manifest: dict[str, str]) -> None:
    assert set(ON_EVERY_PAGE) <= set(manifest)
    assert [name for name, built in manifest.items() if not (DIST / built).is_file()] == []


def test_built_names_change_with_their_content(manifest: dict[str, str]) -> None:
    assert [built for built in manifest.values() if not re.search(r"-[0-9A-Z]{8}\.\w+$", built)] == []


def test_what_every_page_loads_stays_within_the_budget(manifest: dict[str, str]) -> None:
    sizes = {name: _sent_bytes(DIST / manifest[name]) for name in ON_EVERY_PAGE}
    assert sum(sizes.values()) <= BUDGET_BYTES, sizes


def test_the_streaming_library_is_not_on_every_page(manifest: dict[str, str]) -> None:
    assert "MEDIA_ATTACHED" not in (DIST / manifest["main.js"]).read_text(encoding="utf-8")


# Letters are read elsewhere, by programs that load no stylesheet.
PAGES = [path for path in TEMPLATES if path.parent.name != "emails"]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_template_needs_inline_style_or_script(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert re.findall(r"\sstyle=|\son[a-z]+=\"|<style|<script(?![^>]*\ssrc=)|javascript:", source) == []


def test_every_icon_that_a_template_or_script_names_is_in_the_sprite(manifest: dict[str, str]) -> None:
    sprite = (DIST / manifest["icons.svg"]).read_text(encoding="utf-8")
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    sources = [*TEMPLATES, *(STATIC / "js").rglob("*.js")]
    named = {name for path in sources for name in _icons_named_in(path.read_text(encoding="utf-8"))}
    assert named - drawn == set()
    assert "play" in named


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_and_edges_are_readable_on_every_surface(theme: str) -> None:
    colours = _colours(theme)
    faint = [
        (a, b, round(_contrast(colours[a], colours[b]), 2))
        for a, b, least in READABLE
        if _contrast(colours[a], colours[b]) < least
    ]
    assert faint == []


def _sent_bytes(path: Path) -> int:
    """As it goes over the wire: a font is compressed already."""
    content = path.read_bytes()
    return len(content) if path.suffix == ".woff2" else len(gzip.compress(content))


def _icons_named_in(source: str) -> list[str]:
    calls = r"""\bicon\(\s*|\bicon_name=|\bicon_button\("[^"]*",\s*"""
    return re.findall(rf"""(?:{calls})["']([a-z0-9-]+)["']""", source)


def _colours(theme: str) -> dict[str, tuple[float, float, float]]:
    css = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8")
    colour = r"oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)"
    found: dict[str, tuple[float, float, float]] = {}
    for name, *parts in re.findall(rf"--([\w-]+): light-dark\({colour}, {colour}\)", css):
        lightness, chroma, hue = map(float, parts[:3] if theme == "light" else parts[3:])
        found.setdefault(name, (lightness / 100, chroma, math.radians(hue)))
    return found


def _contrast(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    darker, lighter = sorted((_luminance(*one), _luminance(*other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(lightness: float, chroma: float, hue: float) -> float:
    """OKLCH to relative luminance, by way of linear sRGB (Ottosson's matrices)."""
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    return sum(
        weight * min(1, max(0, part))
        for weight, part in zip((0.2126, 0.7152, 0.0722), (red, green, blue), strict=True)
    )
