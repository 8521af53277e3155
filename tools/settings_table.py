"""Writes the table of settings in README.md from pitchreview/config.py: `python -m tools.settings_table`."""

import re
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from pitchreview.config import Settings

README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- settings -->\n", "<!-- end of settings -->"


def table() -> str:
    rows = ["| Setting | Default | What it is for |", "|---|---|---|"]
    for field in Settings.model_fields.values():
        rows.append(f"| `{field.validation_alias}` | {_default(field.default)} | {field.description} |")
    return "\n".join(rows) + "\n"


def _default(value: Any) -> str:
    plain = value.get_secret_value() if isinstance(value, SecretStr) else value
    return "" if plain == "" else f"`{plain}`"


def with_table(text: str) -> str:
    """The text with today's table in its place."""
    return re.sub(f"{BEGIN}.*?{END}", lambda _: f"{BEGIN}{table()}{END}", text, flags=re.DOTALL)


if __name__ == "__main__":
    README.write_text(with_table(README.read_text()))
