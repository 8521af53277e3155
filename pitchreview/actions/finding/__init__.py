"""Finding moments in the library of a team: words, facets, what fits while one types.

Nothing here grows with the library: a page is found by its key, and words are ranked, and facets
counted, among the newest that match only. All of it passes through `permissions.listings_visible_to`.
"""

from pitchreview.actions.finding.facets import COUNTED, FacetCount
from pitchreview.actions.finding.hits import CLOSES, OPENS, Hit, loaded
from pitchreview.actions.finding.in_vain import missed, note_missed
from pitchreview.actions.finding.pages import PAGE, RANKED, Found, Neighbours, find, neighbours
from pitchreview.actions.finding.suggesting import Suggestions, fitting, suggest
from pitchreview.actions.finding.wanted import LONGEST_WORDS, Order, Wanted

__all__ = [
    "CLOSES",
    "COUNTED",
    "LONGEST_WORDS",
    "OPENS",
    "PAGE",
    "RANKED",
    "FacetCount",
    "Found",
    "Hit",
    "Neighbours",
    "Order",
    "Suggestions",
    "Wanted",
    "find",
    "fitting",
    "loaded",
    "missed",
    "neighbours",
    "note_missed",
    "suggest",
]
