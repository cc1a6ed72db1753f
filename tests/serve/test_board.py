"""The board: for whoever asks alone, with what has come in, links and mails, and the second round."""

import email
import re
from email.policy import default

import pytest

from evaluator.study import Study


@pytest.fixture
def facilitating(served):
    """A browser in which the board was opened."""
    browser = served.person()
    assert browser.get(f"/board/enter/{served.server.keys.board()}").url.path == "/board"
    return browser


def token_of(text: str) -> str:
    return re.search(r'name="token" value="([^"]+)"', text)[1]


def rows_of(text: str) -> dict[str, str]:
    """Return what the board says of each person, without its markup."""
    rows = re.findall(r"<tr>\n<th scope=\"row\">(.*?)</tr>", text, re.DOTALL)
    plain = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip() for row in rows]
    return {row.split()[0]: row for row in plain}


def test_nobody_else_sees_the_board(served) -> None:
    ann = served.opened("E1")
    for place in ("/board", "/board/invitations", "/board/live", "/board/live/state"):
        assert ann.get(place).status_code == 403, place
    assert ann.get("/board/enter/wrong").status_code == 404
    link = served.server.links()["E2"]
    assert ann.get(f"/board/person/{link.id}").status_code == 403
    assert ann.post("/board/round", {"token": ann.told()["server"]["token"]}).status_code == 403
    assert ann.get(f"/board/mail/{link.id}/invitation.eml").status_code == 403


def test_the_board_says_who_has_answered_and_what_does_not_fit(served, facilitating, ratios) -> None:
    served.opened("E1").save(ratios("9", "1/9", "9"), final=True)
    served.opened("E2").save(ratios("3", "", ""))
    served.opened("E3")
    rows = rows_of(facilitating.get("/board").text)
    assert re.search(r"sent \d{4}-.* 3 / 3 .*[0-9.]+ Small", rows["Ann"])
    assert "by the other answers" in rows["Ann"]
    assert re.search(r"answering \d{4}-.* 1 / 3", rows["Bob"])
    assert re.search(r"0 / 3", rows["李四"])


def test_answers_by_mail_stand_on_the_board_too(served, facilitating, asking) -> None:
    (asking / "questionnaires").mkdir(exist_ok=True)
    table = (
        "expert,group,a,b,value\nE2,small,profit,delay,3\nE2,small,profit,trust,3\nE2,small,delay,trust,1\n"
    )
    (asking / "questionnaires" / "bob.csv").write_text(table, "utf-8")
    assert re.search(r"came as a file 3 / 3", rows_of(facilitating.get("/board").text)["Bob"])


def test_links_are_closed_replaced_and_locked_from_the_board(served, facilitating) -> None:
    link = served.server.links()["E1"]
    where = f"/board/person/{link.id}"
    token = token_of(facilitating.get(where).text)
    browser = served.opened("E1")
    facilitating.post(where, {"token": token, "do": "revoke"})
    assert browser.get("/form").status_code == 410
    facilitating.post(where, {"token": token, "do": "restore"})
    assert browser.get("/form").status_code == 200
    facilitating.post(where, {"token": token, "do": "ends", "ends": "2020-02-03"})
    assert served.person().opens(served.link("E1")).status_code == 410
    facilitating.post(where, {"token": token, "do": "ends", "ends": ""})
    assert facilitating.post(where, {"token": token, "do": "ends", "ends": "soon"}).status_code == 422
    facilitating.post(where, {"token": token, "do": "phrase", "phrase": "silver birch"})
    assert served.person().opens(served.link("E1")).url.path == "/enter"
    before = served.link("E1")
    facilitating.post(where, {"token": token, "do": "renew"})
    assert served.link("E1") != before
    assert facilitating.post(where, {"token": "x", "do": "revoke"}).status_code == 403


def test_mails_are_drafts_with_the_link_and_no_room_for_other_headers(served, facilitating, asking) -> None:
    link = served.server.links()["E3"]
    for occasion in ("invitation", "reminder"):
        sent = facilitating.get(f"/board/mail/{link.id}/{occasion}.eml")
        mail = email.message_from_bytes(sent.content, policy=default)
        assert (mail["To"], mail["X-Unsent"]) == ("li@firm.cn", "1")
        assert served.link("E3") in mail.get_content()
        assert "attachment" in sent.headers["content-disposition"]
    assert facilitating.get(f"/board/mail/{link.id}/other.eml").status_code == 404
    assert facilitating.get("/board/invitations").text.count("data:image/svg+xml") == 3


def test_a_second_round_shows_how_the_group_answered_and_takes_the_place_of_the_first(
    served, facilitating, asking, ratios
) -> None:
    served.opened("E1").save(ratios("3", "5", "1"), final=True)
    served.opened("E2").save(ratios("5", "5", "1"), final=True)
    token = token_of(facilitating.get("/board").text)
    asked = {"token": token, "batch": "/pairwise", "number": "1"}
    assert facilitating.post("/board/round", asked).status_code == 409
    served.opened("E3").save(ratios("1/5", "5", "1"), final=True)
    for _ in range(2):  # pressed twice, begun once
        facilitating.post("/board/round", asked)
    ann = served.opened("E1")
    data = ann.told()
    [group] = data["groups"]
    assert group["given"] == [3.0, 5.0, 1.0]
    assert [sum(counts) for counts in group["spread"]] == [3, 3, 3]
    assert (group["spread"][0][4], group["spread"][0][6], group["spread"][0][12]) == (1, 1, 1)
    assert data["server"]["line"] == 0
    assert [one.value for one in Study(asking).panel.judgments if one.expert == "E1"] == [3.0, 5.0, 1.0]
    ann.save(ratios("4", "5", "1"), final=True)
    panel = Study(asking).panel
    assert [one.value for one in panel.judgments if one.expert == "E1"] == [4.0, 5.0, 1.0]
    assert "JUDGE-213" not in [issue.code for issue in panel.issues]
    assert re.search("0 / 3|opened", rows_of(facilitating.get("/board").text)["Bob"])


def lead(served) -> str:
    """The text of the board."""
    browser = served.person()
    return browser.get(f"/board/enter/{served.server.keys.board()}").text


@pytest.mark.parametrize("source", ["scores", "best_worst"])
def test_scores_and_best_worst_say_why_they_have_no_second_round(asking, serving, answer, source) -> None:
    text = (asking / "study.yaml").read_text("utf-8")
    (asking / "study.yaml").write_text(text + f"weighting: {{source: {source}}}\n", "utf-8")
    [of_ann, *_] = Study(asking).ask(source, carrier="workbook")
    if source == "scores":
        said = {
            (f"small:{child}", "score"): value
            for child, value in (("profit", "9"), ("delay", "3"), ("trust", "1"))
        }
    else:
        said = {
            ("small:profit", "role"): "best",
            ("small:trust", "role"): "worst",
            ("small:trust", "best_over"): "5",
            ("small:delay", "best_over"): "3",
            ("small:delay", "over_worst"): "2",
        }
    answer(of_ann.path, said)
    served = serving()
    told = lead(served)
    assert "for comparisons in pairs" in told
    assert "/board/live" not in told
    assert re.search(r"came as a file(?! \d+ /)", rows_of(told)["Ann"])
    assert re.search(r"not opened yet 0 / \d", rows_of(told)["Bob"])


def test_a_second_round_of_screening_is_served(asking, serving) -> None:
    first = serving(kinds=["screening"])
    line = "small:profit"
    for person in ("E1", "E2", "E3"):
        told = first.opened(person).told()
        line, choices = told["lines"][0]["key"], told["questions"][0]["choices"]
        first.opened(person).save([[line, told["questions"][0]["key"], choices[0][0]]], final=True)
    assert "--round 2" in lead(first)
    assert len(list((asking / "forms" / "screening" / "1").glob("*.json"))) == 3
    second = serving(kinds=["screening"], round_=2)
    shown = second.opened("E1").told()["lines"][0]
    assert shown["given"] == {told["questions"][0]["key"]: choices[0][0]}  # the own answer, kept or changed
    assert any("3" in said for said in shown["shown"])
    second.opened("E1").save([[line, told["questions"][0]["key"], choices[1][0]]], final=True)
    assert len(list((asking / "forms" / "screening" / "2").glob("*.json"))) == 1
    assert len(list((asking / "forms" / "screening" / "1").glob("*.json"))) == 3
