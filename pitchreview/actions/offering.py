"""Which tags the form of a moment offers: its situation, the levels of its rubric, the team's own words."""

import re
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pitchreview.actions import tagging
from pitchreview.actions.tagging import NewTag
from pitchreview.models import Facet, Scenario, Stage

# Longer ones are sentences, not tags
LONGEST_OFFER = 48
MOST_OF_A_FACET = 24


@dataclass(frozen=True)
class Offers:
    situation: list[NewTag]
    levels: dict[str, list[NewTag]]  # by criterion, the highest first
    words: dict[Facet, list[NewTag]]  # what must come across, and what the team uses besides

    @property
    def names(self) -> list[str]:
        """All of them as they are typed."""
        return [tagging.written(tag) for tags in self.words.values() for tag in tags]


def offers_for(session: Session, scenario: Scenario) -> Offers:
    used = [NewTag(tag.facet, tag.name, tag.level) for tag in tagging.vocabulary(session, scenario.team_id)]
    situation = _situation(scenario, used)
    keys = {tag.key for tag in situation}
    messages = [NewTag(Facet.MESSAGE, message.text) for message in scenario.key_messages]
    words: dict[Facet, list[NewTag]] = {Facet.MESSAGE: _short(messages)}
    keys |= {tag.key for tag in words[Facet.MESSAGE]}
    for tag in used:
        of_facet = words.setdefault(tag.facet, [])
        if tag.facet is not Facet.CRITERION and tag.key not in keys and len(of_facet) < MOST_OF_A_FACET:
            of_facet.append(tag)
    return Offers(situation, _levels(scenario), {facet: tags for facet, tags in words.items() if tags})


def _situation(scenario: Scenario, used: list[NewTag]) -> list[NewTag]:
    """Its stage, who the buyer is, and what they object."""
    offered = [NewTag(Facet.STAGE, scenario.stage.value.capitalize())]
    known = [tag for tag in used if tag.facet is Facet.PERSONA and _is_named(tag.name, scenario.buyer)]
    offered += known or [NewTag(Facet.PERSONA, scenario.buyer)]
    if scenario.stage is Stage.OBJECTION:
        offered.append(NewTag(Facet.OBJECTION, scenario.title.strip("“”\"' ")))
    return _short(offered)


def _short(offered: list[NewTag]) -> list[NewTag]:
    """Without doubles, and without what is a sentence."""
    short = [tag for tag in offered if tag.name.strip() and len(tag.name) <= LONGEST_OFFER]
    return list({tag.key: tag for tag in short}.values())


def _is_named(name: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE) is not None


def _levels(scenario: Scenario) -> dict[str, list[NewTag]]:
    criteria = scenario.rubric.criteria if scenario.rubric else []
    return {
        criterion.name: [
            NewTag(Facet.CRITERION, criterion.name, level.value) for level in reversed(criterion.levels)
        ]
        for criterion in criteria
    }
