"""How values look: times in the viewer's zone, sizes, initials, hues, assets."""

import json
import time
import zlib
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Flask, url_for
from flask_login import current_user
from markupsafe import Markup, escape

from pitchreview import db, timecode
from pitchreview.actions import finding, tagging
from pitchreview.actions.tagging import NewTag
from pitchreview.config import GIBIBYTE, MEBIBYTE, assets_folder
from pitchreview.models import Comment, Recording, Tag

HUES = 12


def install(app: Flask) -> None:
    app.add_template_filter(timecode.format_ms, "timecode")
    for function in (
        tenths,
        ago,
        day,
        moment_of_day,
        on_day,
        initials,
        hue,
        size,
        minutes,
        link_seconds,
        composing,
        version,
        spoken_to,
        tag_words,
        marked,
    ):
        app.add_template_filter(function, function.__name__)
    app.add_template_global(Assets(assets_folder("static") / "dist").url, "asset")


class Assets:
    """Names as written -> names as built, with the hash of their content in them."""

    def __init__(self, folder: Path) -> None:
        self._manifest = folder / "manifest.json"
        self._names: dict[str, str] = {}
        self._addresses: dict[str, str] = {}
        self._read_at = self._looked_at = 0.0

    def url(self, name: str) -> str:
        self._refresh()
        if name not in self._addresses:
            self._addresses[name] = url_for("static", filename=self._names.get(name, name))
        return self._addresses[name]

    def _refresh(self) -> None:
        """A page asks for each of its icons; whoever builds anew sees it a second later."""
        if time.monotonic() - self._looked_at < 1:
            return
        self._looked_at = time.monotonic()
        changed_at = self._manifest.stat().st_mtime if self._manifest.exists() else 0.0
        if changed_at != self._read_at:
            self._names = json.loads(self._manifest.read_text(encoding="utf-8"))
            self._read_at, self._addresses = changed_at, {}


def tenths(ms: int) -> str:
    return timecode.format_ms(ms, tenths=True)


def link_seconds(ms: int) -> str:
    return timecode.link_seconds(ms)


def version(changed_at: datetime) -> str:
    """What a page compares to know whether something changed: it is the same in markup and in JSON."""
    return f"{changed_at.timestamp():.6f}"


def spoken_to(remark: Comment) -> Markup:
    """The words of a comment, with the names of those who are called in them made out."""
    words = escape(remark.body)
    for name in {mention.user.name for mention in remark.mentions}:
        called = Markup('<span class="mention">@{}</span>').format(name)
        words = words.replace(Markup("@{}").format(name), called)
    return words


def tag_words(tag: Tag | NewTag) -> str:
    """A tag as it is typed."""
    return tagging.written(tag)


def marked(words: str, whole: str | None = None) -> Markup:
    """What was found, with the words that matched made out; of a longer text with dots where it goes on."""
    plain = words.replace(finding.OPENS, "").replace(finding.CLOSES, "")
    before = "" if whole is None or whole.startswith(plain) else "…"
    after = "" if whole is None or whole.endswith(plain) else "…"
    text = f"{before}{escape(words)}{after}"
    return Markup(text.replace(finding.OPENS, "<mark>").replace(finding.CLOSES, "</mark>"))


def ago(instant: datetime | None) -> Markup:
    """A <time> that reads "2 days ago" and says the exact time when pointed at."""
    if instant is None:
        return Markup("")
    return Markup('<time-ago><time datetime="{}" title="{}">{}</time></time-ago>').format(
        instant.isoformat(), _local(instant).strftime("%a %-d %b %Y, %H:%M"), _ago_words(instant)
    )


def _ago_words(instant: datetime) -> str:
    seconds = (db.now() - instant).total_seconds()
    if seconds < 0:
        return _ahead_words(-seconds)
    if seconds < 60:
        return "just now"
    return f"{_span(seconds)} ago"


def _ahead_words(seconds: float) -> str:
    return "now" if seconds < 60 else f"in {_span(seconds)}"


def _span(seconds: float) -> str:
    for size_in_seconds, name in ((86400 * 30, "month"), (86400 * 7, "week"), (86400, "day"), (3600, "hour")):
        if seconds >= size_in_seconds:
            number = int(seconds // size_in_seconds)
            return f"{number} {name}{'s' if number > 1 else ''}"
    number = max(1, int(seconds // 60))
    return f"{number} minute{'s' if number > 1 else ''}"


def day(instant: datetime | None) -> str:
    return "" if instant is None else _local(instant).strftime("%a %-d %b")


def on_day(on: date | None) -> str:
    """A day that is the same wherever one is."""
    return "" if on is None else on.strftime("%a %-d %b")


def moment_of_day(instant: datetime | None) -> str:
    return "" if instant is None else _local(instant).strftime("%a %-d %b, %H:%M")


def _local(instant: datetime) -> datetime:
    zone = current_user.user.time_zone if current_user and current_user.is_authenticated else "UTC"
    return instant.astimezone(ZoneInfo(zone))


def initials(name: str) -> str:
    words = [word for word in name.split() if word[0].isalnum()]
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [name[:2]]
    return "".join(letters).upper()


def hue(name: str) -> int:
    """The same person has the same colour everywhere."""
    return zlib.crc32(name.encode()) % HUES


def size(size_bytes: int) -> str:
    if size_bytes >= GIBIBYTE:
        return f"{size_bytes / GIBIBYTE:.1f} GB"
    if size_bytes >= MEBIBYTE:
        return f"{size_bytes / MEBIBYTE:.0f} MB"
    return f"{max(1, size_bytes // 1024)} KB"


def minutes(ms: int | None) -> int:
    """Whole minutes, at least one."""
    return max(1, round((ms or 0) / 60_000))


def composing(recording: Recording) -> str:
    """What is done before all else to a recording that is not one file as it arrived."""
    if recording.is_cut:
        return "Cutting"
    return "Putting screen and camera together" if recording.has_screen else "Joining"
