"""JSON-LD: a W3C annotation collection. Moments are media fragments, drawings are SVG over the frame."""

import json
from typing import Any
from xml.sax.saxutils import quoteattr

from pitchreview import timecode
from pitchreview.actions.exporting.said import Remark, Said
from pitchreview.models import CommentKind

_CONTEXT = "http://www.w3.org/ns/anno.jsonld"
_FRAGMENTS = "http://www.w3.org/TR/media-frags/"
_MOTIVATIONS = {
    CommentKind.STRENGTH: "assessing",
    CommentKind.TRY_INSTEAD: "editing",
    CommentKind.QUESTION: "questioning",
    None: "commenting",
}


def write(said: Said) -> str:
    items = [
        item
        for remark in said.remarks
        for item in (_comment(remark, said), *(_answer(answer, remark) for answer in remark.answers))
    ]
    collection = {
        "@context": _CONTEXT,
        "id": f"{said.address}/exports/jsonld",
        "type": "AnnotationCollection",
        "label": f"{said.title}, {said.presenter}",
        "total": len(items),
        "first": {"id": f"{said.address}/exports/jsonld#first", "type": "AnnotationPage", "items": items},
    }
    return json.dumps(collection, ensure_ascii=False, indent=2) + "\n"


def _comment(remark: Remark, said: Said) -> dict[str, Any]:
    bodies = [_words(remark.text, "describing" if remark.instead else None)]
    if remark.instead:
        bodies.append(_words(remark.instead, "editing"))
    if remark.criterion:
        bodies.append(_words(remark.criterion, "classifying"))
    return _annotation(remark, _MOTIVATIONS[remark.kind], bodies) | {"target": _target(remark, said)}


def _answer(answer: Remark, to: Remark) -> dict[str, Any]:
    return _annotation(answer, "replying", [_words(answer.text)]) | {"target": to.address}


def _annotation(remark: Remark, motivation: str, bodies: list[dict[str, str]]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": remark.address,
        "type": "Annotation",
        "motivation": motivation,
        "creator": {"type": "Person", "name": remark.author},
        "created": remark.created_at.isoformat(),
        "body": bodies,
    }
    if remark.edited_at is not None:
        found["modified"] = remark.edited_at.isoformat()
    return found


def _words(text: str, purpose: str | None = None) -> dict[str, str]:
    body = {"type": "TextualBody", "value": text, "format": "text/plain"}
    return body | ({"purpose": purpose} if purpose else {})


def _target(remark: Remark, said: Said) -> dict[str, Any]:
    ends = "" if remark.until_ms is None else f",{timecode.link_seconds(remark.until_ms)}"
    selector: dict[str, Any] = {
        "type": "FragmentSelector",
        "conformsTo": _FRAGMENTS,
        "value": f"t=npt:{timecode.link_seconds(remark.at_ms)}{ends}",
    }
    if remark.drawing:
        selector["refinedBy"] = {"type": "SvgSelector", "value": _svg(remark.drawing)}
    return {"type": "SpecificResource", "source": said.address, "selector": selector}


def _svg(strokes: list[Any]) -> str:
    """The picture is one wide and one high, as in the drawing itself."""
    lines = "".join(_line(stroke) for stroke in strokes)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">{lines}</svg>'


def _line(stroke: dict[str, Any]) -> str:
    points = [tuple(point) for point in stroke["points"]]
    if stroke["tool"] == "box":
        (x, y), (right, bottom) = points[0], points[-1]
        points = [(x, y), (right, y), (right, bottom), (x, bottom), (x, y)]
    pairs = " ".join(f"{x:g},{y:g}" for x, y in points)
    return f"<polyline points={quoteattr(pairs)}/>"
