"""A session in one room: votes are kept as answers, shown when the facilitator says so, and cast again."""

import re

import pytest

from evaluator.serve.live import running, spread
from evaluator.study import Study


@pytest.fixture
def room(served, ratios):
    """Three people who have answered, and the facilitator's browser."""
    people = {name: served.opened(name) for name in ("E1", "E2", "E3")}
    for name, said in (("E1", ("3", "5", "1")), ("E2", ("3", "5", "3")), ("E3", ("3", "5", "1/7"))):
        people[name].save(ratios(*said), final=True)
    lead = served.person()
    lead.get(f"/board/enter/{served.server.keys.board()}")
    return lead, people


def hidden(text: str) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text))


def start(lead, count: str = "") -> None:
    lead.post("/board/live/start", {**hidden(lead.get("/board/live").text), "count": count})


def step(lead, do: str):
    return lead.post("/board/live/step", {**hidden(lead.get("/board/live").text), "do": do})


def cast(person, answer: str):
    return person.post("/live/vote", {**hidden(person.get("/live").text), "answer": answer})


def test_a_session_from_the_question_most_disputed_to_the_joint_result(room, served, asking) -> None:
    lead, people = room
    start(lead, "2")
    assert running(served.server).question == ("small", "delay", "trust")
    assert people["E1"].get("/form").url.path == "/live"
    for name, answer in (("E1", "1"), ("E2", "3"), ("E3", "1/3")):
        assert cast(people[name], answer).url.path == "/live"
    state = lead.get("/board/live/state").json()
    assert state["votes"] == 3
    assert 'class="votes"' not in lead.get("/board/live").text  # not before the facilitator says so
    assert 'class="votes"' not in people["E1"].get("/live").text
    still_open = hidden(people["E1"].get("/live").text)
    shown = step(lead, "show").text
    assert "S* " in shown
    assert 'class="own"' in people["E2"].get("/live").text
    assert people["E1"].post("/live/vote", {**still_open, "answer": "5"}).status_code == 409
    step(lead, "again")
    for name in people:
        cast(people[name], "2")
    assert "The vote before" in step(lead, "show").text
    step(lead, "next")
    assert running(served.server).place == 1
    result = step(lead, "end").text
    assert running(served.server) is None
    assert "Joint result" in result
    assert "CR 0." in result
    panel = Study(asking).panel
    third = [one.value for one in panel.judgments if (one.a, one.b) == ("delay", "trust")]
    assert third == [2.0, 2.0, 2.0]
    assert [one.value for one in panel.judgments if one.expert == "E3"] == [3.0, 5.0, 2.0]  # the others stay
    assert len(list((asking / "served" / "received").iterdir())) == 9


def test_an_old_page_moves_nothing_and_votes_for_nothing(room, served) -> None:
    lead, people = room
    start(lead)
    old_lead, old_phone = hidden(lead.get("/board/live").text), hidden(people["E1"].get("/live").text)
    step(lead, "next")
    lead.post("/board/live/step", {**old_lead, "do": "next"})
    assert running(served.server).place == 1
    assert people["E1"].post("/live/vote", {**old_phone, "answer": "3"}).status_code == 409
    assert (
        people["E1"]
        .post("/live/vote", {**hidden(people["E1"].get("/live").text), "answer": "12"})
        .status_code
        == 422
    )
    lead.post("/board/live/start", {**hidden(lead.get("/board/live").text), "batch": "/pairwise"})
    assert running(served.server).place == 1
    step(lead, "back")
    assert running(served.server).place == 0


def test_votes_of_one_person_and_of_none_have_no_spread() -> None:
    assert spread([]).middle != spread([]).middle
    one = spread(["1/3"])
    assert one.middle == pytest.approx(1 / 3)
    assert one.factor != one.factor
    same = spread(["5"] * 4)
    assert (same.factor, same.consensus) == (pytest.approx(1), pytest.approx(1))
