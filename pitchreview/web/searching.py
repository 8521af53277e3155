"""A search of the library as an address says it: read from one, and written into others."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from flask import request, url_for
from werkzeug.datastructures import MultiDict

from pitchreview.actions import finding, tagging
from pitchreview.actions.finding import FacetCount, Found, Order, Wanted
from pitchreview.models import Facet, Tag, Team
from pitchreview.web.context import db

# So many filters stand beside each other before the others open
MOST_AT_HAND = 8
# So many of one facet are shown when they do; the search box knows them all
MOST_OF_A_FACET = 12
LONGEST_KEY = 100
# So many of the newest are shown where nothing is looked for
MOST_AT_THE_FRONT = 8
TITLES = {
    Facet.STAGE: "Stage of the sale",
    Facet.PERSONA: "Buyer",
    Facet.OBJECTION: "Objection",
    Facet.PRODUCT: "Product",
    Facet.MESSAGE: "Message",
    Facet.CRITERION: "Skill",
    Facet.TOPIC: "Topic",
}
# These say by themselves what they are.
PLAIN = (Facet.STAGE, Facet.TOPIC, Facet.CRITERION)


def read(team: Team) -> "Search":
    """The search that the address of this request describes; what it does not know it leaves out."""
    args = request.args
    words = " ".join(args.get("q", "").split())[: finding.LONGEST_WORDS]
    keys = args.getlist("tag")[: tagging.MOST_TAGS]
    tags = tuple(tagging.by_keys(db(), team.id, keys).values()) if keys else ()
    after = args.get("after", "")[:LONGEST_KEY]
    is_list = bool(words or tags or after or args.get("order"))
    most = None if is_list else MOST_AT_THE_FRONT
    return Search(Wanted(words, tags, _order(args, words), after, most), is_list)


def _order(args: MultiDict[str, str], words: str) -> Order:
    """The best first where there are words to judge by, unless it is said otherwise."""
    is_newest = not words or args.get("order") == Order.NEWEST
    return Order.NEWEST if is_newest else Order.BEST


@dataclass(frozen=True)
class Search:
    wanted: Wanted
    is_list: bool = False  # something is looked for, or all of it is leafed through

    @property
    def is_whole(self) -> bool:
        """Does it begin at its first page?"""
        return not self.wanted.after

    @property
    def origin(self) -> dict[str, Any]:
        """As the page of an exemplar remembers where one came from; nothing where nothing was looked for."""
        return self._said() if self.is_list else {}

    @property
    def place(self) -> str:
        return url_for("library.index", **self._said())

    @property
    def everything(self) -> str:
        return url_for("library.index", order=Order.NEWEST.value)

    @property
    def title(self) -> str:
        words = [f"“{self.wanted.words}”"] if self.wanted.words else []
        if self.wanted.is_anything:
            return "All moments"
        return " · ".join([*words, *(name_of(tag) for tag in self.wanted.tags)])

    def leaves_out(self, found: Found) -> bool:
        """Here ends what is ranked, and more than that matches."""
        is_ranked = self.wanted.order is Order.BEST
        return is_ranked and not found.next and (found.is_more or found.total > finding.RANKED)

    def ordered(self, order: str) -> str:
        return self._with(order=Order(order)).place

    def further(self, after: str) -> str:
        return url_for("library.index", **self._said(after))

    def with_tag(self, tag: Tag) -> str:
        """Narrowed to this tag, in the place of another of its facet."""
        others = tuple(other for other in self.wanted.tags if other.facet is not tag.facet)
        return self._with(tags=(*others, tag)).place

    def with_tag_alone(self, tag: Tag) -> str:
        """The same, without the words that led to it."""
        return self._with(words="").with_tag(tag)

    def without(self, tag: Tag) -> str:
        return self._with(tags=tuple(other for other in self.wanted.tags if other.id != tag.id)).place

    def without_words(self) -> str:
        return self._with(words="").place

    def _with(self, **changes: Any) -> "Search":
        wanted = replace(self.wanted, most=None, **changes)
        return Search(wanted, is_list=not wanted.is_anything)

    def _said(self, after: str = "") -> dict[str, Any]:
        wanted = self.wanted
        # What is said anyway is left out: words ask for the best, and tags alone for the newest.
        is_newest = (
            wanted.order is Order.NEWEST and self.is_list and (wanted.is_anything or bool(wanted.words))
        )
        said = {
            "q": wanted.words,
            "tag": [tag.key for tag in wanted.tags],
            "order": Order.NEWEST.value if is_newest else "",
            "after": after,
        }
        return {name: value for name, value in said.items() if value}


def name_of(tag: Tag) -> str:
    """A tag that stands among those of other facets."""
    return tag.label if tag.facet in PLAIN else f"{TITLES[tag.facet]}: {tag.label}"


def facet_title(tag: Tag) -> str:
    return TITLES[tag.facet]


def in_order(tags: Iterable[Tag]) -> list[Tag]:
    """The stage first, then whom and what it is about."""
    return sorted(tags, key=lambda tag: list(Facet).index(tag.facet))


@dataclass(frozen=True)
class Narrowing:
    """The filters beside a search: few at hand, the others by facet."""

    at_hand: list[FacetCount]
    groups: list[tuple[str, list[FacetCount]]]

    @property
    def has_more(self) -> bool:
        return sum(len(entries) for _, entries in self.groups) > len(self.at_hand)


def narrowing(found: Found) -> Narrowing:
    """Of what is found: the stages and the most borne tags at hand, and all by facet."""
    left = {
        facet: [entry for entry in entries if not entry.is_chosen] for facet, entries in found.facets.items()
    }
    stages = left.get(Facet.STAGE, [])
    others = [entry for facet, entries in left.items() if facet is not Facet.STAGE for entry in entries]
    others.sort(key=lambda entry: -entry.count)
    groups = [(TITLES[facet], left[facet][:MOST_OF_A_FACET]) for facet in TITLES if left.get(facet)]
    return Narrowing([*stages, *others][:MOST_AT_HAND], groups)
