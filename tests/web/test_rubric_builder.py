"""The rubric builder as a form: rearranged without scripts, saved, and overtaken without loss."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from pitchreview.actions import anchoring, building, rubrics
from pitchreview.actions.ready_rubrics import CONVERSATION
from pitchreview.models import ConsentState, Rubric, User
from tests.conftest import Cast
from tests.factories import Factory

ClientOf = Callable[[User | None], FlaskClient]


@pytest.fixture
def rubric(session: Session, make: Factory, cast: Cast) -> Rubric:
    rubric = rubrics.use_ready(session, cast.team.id, CONVERSATION)
    make.drill(make.scenario(cast.team, rubric=rubric), cast.mona).rubric = rubric
    session.commit()
    return rubric


def fields(page: str) -> dict[str, Any]:
    """What the form of that page would send."""
    form = page[page.index("data-builder") : page.index("<template")] + page[page.index("</template>") :]
    found: dict[str, Any] = {"criterion": re.findall(r'name="criterion" value="(.+?)"', form)}
    for name, value in re.findall(
        r'<input [^>]*?name="((?!criterion|csrf)[\w-]+)" [^>]*?value="(.*?)"', form
    ):
        found[name] = value
    for name, value in re.findall(r'<textarea [^>]*?name="([\w-]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        found[name] = value
    for line in found["criterion"]:
        select_box = re.search(rf'name="weight-{line}".*?</select>', form, re.DOTALL)
        chosen = select_box and re.search(r'value="(\d)" selected', select_box[0])
        found[f"weight-{line}"] = chosen[1] if chosen else "1"
    return found


def names(page: str) -> list[str]:
    return [fields(page)[f"name-{line}"] for line in fields(page)["criterion"]]


def test_a_ready_made_one_is_built_upon_and_arranged_without_scripts(
    client_of: ClientOf, session: Session, cast: Cast
) -> None:
    mona = client_of(cast.mona)
    typed = fields(mona.get("/rubrics/new?from=sales-conversation").text) | {"name": "Ours"}
    first, second = typed["criterion"][:2]
    page = mona.post("/rubrics", data=typed | {"do": f"down:{first}"}).text
    page = mona.post("/rubrics", data=fields(page) | {"do": f"remove:{second}"}).text
    page = mona.post("/rubrics", data=fields(page) | {"do": "add"}).text
    assert names(page) == ["Opening", "Value in their words", "Handling doubt", "Next step", ""]
    typed = fields(page)
    answer = mona.post("/rubrics", data=typed)
    assert answer.status_code == 400
    assert "Give the criterion a name, or remove it." in answer.text
    assert names(answer.text) == names(page)
    answer = mona.post("/rubrics", data=typed | {"do": f"remove:{typed['criterion'][-1]}"})
    answer = mona.post("/rubrics", data=fields(answer.text))
    assert answer.status_code == 302
    (made,) = session.scalars(select(Rubric))
    assert (made.name, len(made.criteria)) == ("Ours", 4)
    assert "Ours" in client_of(cast.ada).get("/rubrics").text


def test_saving_says_beforehand_that_it_makes_a_version(
    client_of: ClientOf, session: Session, cast: Cast, rubric: Rubric
) -> None:
    mona = client_of(cast.mona)
    page = mona.get(f"/rubrics/{rubric.id}/edit").text
    assert "It is in use: saving makes version 2" in page
    assert "Save as version 2" in page
    answer = mona.post(f"/rubrics/{rubric.id}", data=fields(page) | {"about": "For us."})
    new = building.newest(session, rubric)
    assert answer.headers["Location"] == f"/rubrics/{new.id}"
    assert [each.line_id for each in new.criteria] == [each.line_id for each in rubric.criteria]
    assert "There is a newer version" in mona.get(f"/rubrics/{rubric.id}").text


def test_who_is_overtaken_loses_nothing_and_may_save_after_that(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, rubric: Rubric
) -> None:
    mona = client_of(cast.mona)
    mine = fields(mona.get(f"/rubrics/{rubric.id}/edit").text)
    mona.post(f"/rubrics/{rubric.id}", data=mine | {"about": "Theirs."})
    answer = mona.post(f"/rubrics/{rubric.id}", data=mine | {"about": "Mine."})
    assert answer.status_code == 409
    assert "Somebody else has saved this rubric meanwhile" in answer.text
    again = fields(answer.text)
    assert again["about"] == "Mine."
    assert mona.post(f"/rubrics/{rubric.id}", data=again).status_code == 302
    assert building.newest(session, rubric).about == "Mine."


def test_the_preview_is_the_sheet_of_a_reviewer_and_saves_nothing(
    client_of: ClientOf, session: Session, cast: Cast
) -> None:
    mona = client_of(cast.mona)
    typed = fields(mona.get("/rubrics/new?from=one-minute-pitch").text)
    page = mona.post("/rubrics/preview", data=typed).text
    assert "One picture that the buyer still sees at the end" in page
    assert session.scalar(select(Rubric)) is None


def test_a_pinned_moment_is_watched_from_the_score_sheet_until_it_is_withdrawn(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, rubric: Rubric
) -> None:
    model = make.exemplar(make.take(cast.ada, make.scenario(cast.team)), cast.mona, title="The pause")
    take = make.take(cast.jonas, make.scenario(cast.team, rubric=rubric))
    session.commit()
    level, mona = rubric.criteria[0].levels[2], client_of(cast.mona)
    page = mona.get(f"/rubrics/{rubric.id}?exemplar={model.id}").text
    assert f'value="{model.id}" selected' in page
    mona.post(f"/rubrics/{rubric.id}/clips", data={"level": level.id, "exemplar": model.id})
    sheet = f"/takes/{take.id}/scores"
    cole = client_of(cast.cole)
    assert "Watch level 3" in cole.get(sheet).text
    assert "The pause" in cole.get(f"/rubrics/{rubric.id}").text
    model.consent = ConsentState.WITHDRAWN
    session.commit()
    assert "Watch level" not in cole.get(sheet).text
    assert anchoring.clips_of(session, cast.mona, rubric) == {}
