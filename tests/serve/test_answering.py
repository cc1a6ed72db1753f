"""Answers by link: opened, kept, gone on with on another device, sent, and counted like any other file."""

import hashlib
import json
import re

import pytest
from issue_codes import codes_of

from evaluator.errors import EvaluationError
from evaluator.serve.links import change, hashed, renew
from evaluator.serve.plain import shape
from evaluator.study import Study


def test_answers_sent_by_link_count_as_if_they_had_come_by_mail(served, asking, ratios) -> None:
    ann = served.opened("E1")
    kept = ann.save(ratios("3", "1/5", ""), final=True, remarks={"small": "=1+1"}).json()
    assert (kept["version"], kept["forked"]) == (1, False)
    panel = Study(asking).panel
    assert [(one.expert, one.a, one.b, one.value) for one in panel.judgments] == [
        ("E1", "profit", "delay", 3.0),
        ("E1", "profit", "trust", 0.2),
    ]
    assert [remark.text for remark in panel.remarks] == ["=1+1"]
    assert codes_of(panel.issues) == ["JUDGE-223", "JUDGE-223"]
    [entry] = map(json.loads, (asking / "served" / "received.jsonl").read_text("utf-8").splitlines())
    stored = (asking / "served" / entry["file"]).read_bytes()
    assert entry["sha256"] == hashlib.sha256(stored).hexdigest()
    assert entry["link"] == json.loads(stored)["link"] == served.server.links()["E1"].id
    assert (entry["person"], entry["form"], entry["round"]) == ("E1", "/pairwise", 1)
    assert (asking / "questionnaires" / "E1_Ann_link.json").read_bytes() == stored


def test_the_address_loses_its_token_and_the_cookie_is_for_this_server_alone(served) -> None:
    answer = served.person().client.get(served.link("E1"), follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/form")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert served.link("E1").rpartition("/")[2] not in cookie


def test_one_goes_on_where_one_left_on_another_device(served, ratios) -> None:
    served.opened("E1").save(ratios("3", "", ""))
    data = served.opened("E1").told()
    assert data["groups"][0]["given"] == [3.0, None, None]
    assert data["server"]["version"] == 1


def test_what_is_kept_and_not_sent_does_not_count(served, asking, ratios) -> None:
    served.opened("E1").save(ratios("3", "", ""))
    with pytest.raises(EvaluationError) as found:
        _ = Study(asking).panel
    assert "FILE-712" in codes_of(found.value.issues) or "JUDGE-212" in codes_of(found.value.issues)


def test_two_devices_at_once_are_both_kept_and_the_study_chooses(served, asking, ratios) -> None:
    phone, desk = served.opened("E1"), served.opened("E1")
    first, second = phone.told()["server"], desk.told()["server"]
    assert phone.save(ratios("3", "3", "1"), final=True, server=first).json()["forked"] is False
    assert desk.save(ratios("9", "3", "1"), final=True, server=second).json()["forked"] is True
    panel = Study(asking).panel
    assert "JUDGE-213" in codes_of(panel.issues)
    assert panel.judgments == ()
    text = (asking / "study.yaml").read_text("utf-8")
    text = text.replace("name: Ann}", "name: Ann, file: E1_Ann_link2.json}")
    (asking / "study.yaml").write_text(text, "utf-8")
    assert [one.value for one in Study(asking).panel.judgments] == [9.0, 3.0, 1.0]


def test_a_change_of_mind_takes_the_place_of_what_was_sent_and_both_stay_received(
    served, asking, ratios
) -> None:
    ann = served.opened("E1")
    ann.save(ratios("3", "3", "1"), final=True)
    ann.save(ratios("5", "3", "1"))
    assert Study(asking).panel.judgments[0].value == 3.0
    ann.save(ratios("5", "3", "1"), final=True)
    assert Study(asking).panel.judgments[0].value == 5.0
    assert len(list((asking / "served" / "received").iterdir())) == 2


def test_the_same_request_twice_is_kept_once(served, asking, ratios) -> None:
    ann = served.opened("E1")
    before = ann.told()["server"]
    answers = [ann.save(ratios("3", "3", "1"), final=True, server=before).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert len((asking / "served" / "received.jsonl").read_text("utf-8").splitlines()) == 1


@pytest.mark.parametrize(
    "answers",
    [
        [["small", "profit", "moon", "3"]],
        [["small", "profit", "delay", "12"]],
        [["small", "profit", "delay", "3"], ["small", "profit", "delay", "5"]],
        [["small", "profit"]],
        "none",
    ],
)
def test_what_answers_something_else_is_refused_and_nothing_changes(served, asking, answers) -> None:
    answer = served.opened("E1").save(answers, final=True)
    assert (answer.status_code, answer.json()["issues"][0]["code"]) == (422, "SERVE-204")
    assert not (asking / "questionnaires").exists()
    assert served.opened("E1").told()["server"]["version"] == 0


def code_on(answer) -> str:
    """Return the sentence of the page that says what is wrong."""
    return re.search(r'class="note"><p><b>([^<]*)', answer.text)[1]


def test_links_that_open_nothing_say_why(served) -> None:
    address = served.link("E1")
    link = served.server.links()["E1"]
    assert served.person().opens(f"{address[:-1]}{'A' if address[-1] != 'A' else 'B'}").status_code == 404
    browser = served.opened("E1")
    change(served.server.store, link.id, ends="2020-01-01")
    ended = served.person().opens(address)
    assert (ended.status_code, "2020-01-01" in code_on(ended)) == (410, True)
    assert browser.get("/form").status_code == 410
    change(served.server.store, link.id, ends="", revoked=True)
    assert served.person().opens(address).status_code == 410
    renew(served.server.store, link.id)
    assert served.person().opens(address).status_code == 404
    assert browser.get("/form").status_code == 403
    assert served.opened("E1").get("/form").status_code == 200
    assert "personal link" in code_on(served.person().get("/form"))


def test_a_pass_phrase_stands_before_the_form(served) -> None:
    link = served.server.links()["E1"]
    with pytest.raises(EvaluationError) as short:
        hashed("abc")
    assert codes_of(short.value.issues) == ["SERVE-107"]
    change(served.server.store, link.id, phrase=hashed("silver birch"))
    ann = served.person()
    asked = ann.opens(served.link("E1"))
    assert asked.url.path == "/enter"
    assert ann.get("/form").status_code == 403
    token = re.search(r'name="token" value="([^"]+)"', asked.text)[1]
    assert ann.post("/enter", {"token": token, "phrase": "wrong one"}).status_code == 403
    assert ann.post("/enter", {"token": token, "phrase": "silver birch"}).url.path == "/form"


def fields_of(text: str) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text))


def test_a_form_without_a_script_keeps_and_sends(served, asking) -> None:
    ann = served.opened("E1")
    where = ann.told()["server"]["save"].replace("/save/", "/plain/")
    said = fields_of(ann.get(where).text)
    kept = ann.post(where, {**said, "q0": "7", "q1": "", "q2": "9", "remark0": "by hand", "do": "save"})
    assert kept.url.query == b"kept=saved"
    assert kept.text.count(" selected") == 2
    assert "by hand" in kept.text
    sent = ann.post(where, {**fields_of(kept.text), "q0": "7", "q1": "17", "q2": "9", "do": "send"})
    assert sent.url.query == b"kept=sent"
    assert [one.value for one in Study(asking).panel.judgments] == [3.0, 1 / 9, 1.0]
    old = ann.post(where, {**fields_of(kept.text), "q0": "1", "do": "send"})
    assert old.url.query == b"kept=both"
    changed = ann.post(where, {**fields_of(kept.text), "shape": "other", "do": "send"})
    assert changed.status_code == 409


def test_every_kind_of_form_is_served_and_counts(serving, asking) -> None:
    text = (asking / "study.yaml").read_text("utf-8")
    (asking / "study.yaml").write_text(f"{text}weighting: {{source: scores}}\n", "utf-8")
    served = serving()
    ann = served.opened("E1")
    where = ann.told()["server"]["save"]
    lines = [
        [f"small:{child}", "score", level]
        for child, level in (("profit", "9"), ("delay", "5"), ("trust", "1"))
    ]
    assert ann.save([*lines, ["authority:ca", "share", "0.8"]], final=True).status_code == 200
    assert ann.save([["small:profit", "score", "12"]]).status_code == 422
    panel = Study(asking).panel
    assert [(one.child, one.score) for one in panel.scores] == [
        ("profit", 9.0),
        ("delay", 5.0),
        ("trust", 1.0),
    ]
    page = ann.get(where.replace("/save/", "/plain/")).text
    assert page.count(" selected") == 4
    form = served.server.forms_of("E1")[0]
    assert shape(form) in page


def test_somebody_with_several_forms_finds_a_list(serving, asking) -> None:
    served = serving(kinds=["pairwise", "scores"])
    page = served.opened("E2").page()
    forms = re.findall(r'href="(/form/\w+)"', page)
    assert len(forms) == 2
    assert all(served.opened("E2").get(one).status_code == 200 for one in forms)
    assert served.opened("E2").get("/form/unknown").status_code == 404
