"""Puts the templates and the browser's built files into the wheel; refuses to build one without them."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

INSIDE = {
    "templates": "pitchreview/_assets/templates",
    "static/dist": "pitchreview/_assets/static/dist",
}


class Assets(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":  # a checkout uses its own folders
            return
        if not Path(self.root, "static/dist/manifest.json").exists():
            raise FileNotFoundError("static/dist is missing: run `npm ci` and `npm run build` first.")
        build_data["force_include"] |= {str(Path(self.root, name)): place for name, place in INSIDE.items()}
