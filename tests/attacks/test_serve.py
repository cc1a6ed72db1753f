"""Strangers at the door of a server: other hosts and sites, too much, too often, forged and guessed."""

import re
import socket
from contextlib import ExitStack, closing, suppress
from http.client import HTTPConnection

import pytest

from evaluator.cli.program import invoke
from evaluator.errors import EvaluationError
from evaluator.serve.answers import answer_file
from evaluator.serve.guard import LARGEST_BODY, Rate
from evaluator.serve.running import listening


def asked(address: str, method: str, path: str, body: bytes = b"", **headers: str):
    """Ask as no browser would; return status and headers."""
    with closing(HTTPConnection(*address.split(":"), timeout=10)) as connection:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}


@pytest.fixture
def address(served) -> str:
    return served.server.origin.removeprefix("http://")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "answers.example.com"])
def test_nothing_but_this_computer_is_listened_to_without_an_origin(host: str) -> None:
    with pytest.raises(EvaluationError) as refused:
        listening(host, 8000, None)
    assert [issue.code for issue in refused.value.issues] == ["SERVE-102"]
    assert listening(host, 8000, "https://answers.example.com/").origin == "https://answers.example.com"


@pytest.mark.parametrize(
    "origin",
    [
        "answers.example.com",
        "ftp://x",
        "https://x/path",
        "https://a@x",
        "https://x:99999",
        "javascript:alert(1)",
    ],
)
def test_an_origin_is_a_scheme_a_name_and_a_port(origin: str) -> None:
    with pytest.raises(EvaluationError) as refused:
        listening("127.0.0.1", 8000, origin)
    assert [issue.code for issue in refused.value.issues] == ["SERVE-103"]


def test_the_verb_refuses_before_it_listens(asking, capsys) -> None:
    assert invoke(["serve", str(asking), "--host", "0.0.0.0"]) == 1
    assert "SERVE-102" in capsys.readouterr().err
    assert invoke(["serve", str(asking), "--invite", "--revoke", "E9"]) == 1
    assert "SERVE-106" in capsys.readouterr().err
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert invoke(["serve", str(asking), "--port", str(taken.getsockname()[1])]) == 1
    assert "SERVE-108" in capsys.readouterr().err
    assert invoke(["serve", str(asking), "--invite", "--database", "nonsense"]) == 1
    assert "SERVE-104" in capsys.readouterr().err
    (asking / "served" / "key").write_text("not a key")
    assert invoke(["serve", str(asking), "--invite"]) == 1
    assert "SERVE-105" in capsys.readouterr().err


def test_libraries_that_are_not_there_are_named(asking, capsys, monkeypatch) -> None:
    import evaluator.serve.running as running

    monkeypatch.setattr(running, "find_spec", lambda name: None if name == "segno" else object())
    assert invoke(["serve", str(asking)]) == 1
    said = capsys.readouterr().err
    assert "SERVE-101" in said
    assert "evaluator[serve]" in said


def test_another_host_is_another_server(served, address) -> None:
    for host in ("evil.example.com", "127.0.0.1", f"evil.com@{address}", ""):
        assert asked(address, "GET", "/form", Host=host)[0] in (400, 421)


def test_no_other_site_can_send_a_form(served, ratios) -> None:
    ann = served.opened("E1")
    told = ann.told()["server"]
    body = {"line": 0, "version": 0, "final": True, "answers": ratios("3", "3", "3"), "remarks": {}}
    for headers in (
        {"X-Form-Token": told["token"], "Origin": "https://evil.example.com"},
        {"X-Form-Token": told["token"], "Origin": "null"},
        {"X-Form-Token": told["token"], "Sec-Fetch-Site": "cross-site"},
        {"X-Form-Token": "x"},
        {},
        {"X-Form-Token": served.opened("E2").told()["server"]["token"]},
    ):
        assert ann.client.post(told["save"], json=body, headers=headers).status_code == 403
    assert ann.client.get(told["save"]).status_code == 405
    assert served.server.store.lines() == []


def test_a_link_opens_its_own_form_alone(served, ratios) -> None:
    other = served.opened("E2").told()["server"]["save"]
    ann = served.opened("E1")
    server = {**ann.told()["server"], "save": other}
    assert ann.save(ratios("3", "3", "3"), server=server).status_code == 404
    assert ann.get(other.replace("/save/", "/plain/")).status_code == 404


def test_cookies_that_were_forged_open_nothing(served) -> None:
    ann = served.opened("E1")
    [cookie] = [value for name, value in ann.client.cookies.items() if name == "form"]
    link, generation, begun, nonce, code = cookie.split(".")
    for forged in (
        f"{served.server.links()['E2'].id}.{generation}.{begun}.{nonce}.{code}",
        f"{link}.2.{begun}.{nonce}.{code}",
        f"{link}.{generation}.9999999999.{nonce}.{code}",
        "....", "", "a.b.c.d.e", "é.1.1.1.x",
    ):  # fmt: skip
        stranger = served.person()
        assert stranger.get("/form", headers=[(b"Cookie", f"form={forged}".encode())]).status_code == 403, (
            forged
        )
    board = served.person()
    board.client.headers["Cookie"] = f"board={cookie}"
    assert board.get("/board").status_code == 403


def test_too_much_is_refused_whatever_it_says_of_its_length(served, address) -> None:
    httpx = pytest.importorskip("httpx", reason="httpx is not here")
    ann = served.opened("E1")
    told = ann.told()["server"]
    try:
        status = ann.client.post(told["save"], content=b"x" * (LARGEST_BODY + 1)).status_code
    except httpx.TransportError:
        status = 0  # the connection was closed, with the answer on its way or not
    assert status in (0, 413)
    cookie = f"form={ann.client.cookies['form']}"

    def endless():
        for _ in range(LARGEST_BODY // 100_000 + 2):
            yield b"x" * 100_000

    with closing(HTTPConnection(*address.split(":"), timeout=10)) as connection:
        try:
            heads = {"Cookie": cookie, "Transfer-Encoding": "chunked"}
            connection.request("POST", told["save"], endless(), heads, encode_chunked=True)
            answer = connection.getresponse()
            status = answer.status
            answer.close()
        except OSError:
            status = 0  # the connection was closed
    assert status in (0, 400, 413, 500)
    deep = b"[" * 100_000
    assert (
        ann.client.post(told["save"], content=deep, headers={"X-Form-Token": told["token"]}).status_code
        == 422
    )
    long = [["small", "profit", "delay", "3" * 5000]]
    assert ann.save(long).status_code == 422
    assert ann.save([], remarks={"small": "x" * 5000}).status_code == 422
    assert served.server.store.lines() == []


def test_who_guesses_or_hammers_has_to_wait(served, ratios) -> None:
    stranger = served.person()
    tried = [stranger.get(f"/a/{number:012x}-{'A' * 24}").status_code for number in range(12)]
    assert tried == [404] * 10 + [429] * 2
    assert stranger.get("/board/enter/guess").status_code == 429
    ann = served.opened("E1")  # from the same address: a link that is right still opens
    told = ann.told()["server"]
    statuses = [ann.save(ratios("3", "", ""), server=told).status_code for _ in range(40)]
    assert statuses[:30] == [200] * 30
    assert 429 in statuses[30:]
    assert served.opened("E2").save(ratios("3", "", "")).status_code == 200


def test_a_rate_gives_back_with_time_and_forgets_who_is_quiet() -> None:
    now = [0.0]
    rate = Rate(2, 0.5, clock=lambda: now[0])
    assert [rate.allows("a") for _ in range(3)] == [True, True, False]
    now[0] = 2.0
    assert [rate.allows("a"), rate.allows("a"), rate.allows("b")] == [True, False, True]
    for number in range(30_000):
        now[0] += 0.001
        rate.allows(str(number))
    assert len(rate._left) < 25_000


def test_every_answer_says_what_a_browser_may_do_with_it(served, address) -> None:
    ann = served.opened("E1")
    where = ann.told()["server"]["save"].replace("/save/", "/plain/")
    for path in ("/form", where, "/live", "/nothing", "/board", "/enter"):
        heads = ann.get(path).headers
        assert "frame-ancestors 'none'" in heads["content-security-policy"], path
        assert (heads["x-content-type-options"], heads["x-frame-options"]) == ("nosniff", "DENY")
        assert (heads["cache-control"], heads["referrer-policy"]) == ("no-store", "same-origin")
    assert (
        "'unsafe-inline'"
        not in re.search(r"script-src[^;]*", ann.get("/live").headers["content-security-policy"])[0]
    )
    assert "strict-transport-security" not in asked(address, "GET", "/form", Host=address)[1]


def test_what_people_are_called_and_write_stays_text(serving, asking) -> None:
    text = (asking / "study.yaml").read_text("utf-8")
    text = text.replace("name: Ann", "name: '<img src=x onerror=alert(1)>'")
    (asking / "study.yaml").write_text(text, "utf-8")
    served = serving()
    ann = served.opened("E1")
    ann.save([], remarks={"small": "</textarea></script><script>alert(1)</script>"})
    where = ann.told()["server"]["save"].replace("/save/", "/plain/")
    lead = served.person()
    lead.get(f"/board/enter/{served.server.keys.board()}")
    for page in (
        ann.page(),
        ann.get(where).text,
        lead.get("/board").text,
        lead.get("/board/invitations").text,
    ):
        assert "<img src=x" not in page
        assert "<script>alert" not in page


def test_files_of_answers_stay_in_their_folder(serving, asking) -> None:
    text = (asking / "study.yaml").read_text("utf-8")
    text += (
        "forms:\n  items: [{id: care, name: Care}]\n"
        "  respondents: [{id: R1, customer: ../../../x}, {id: R2, customer: 'a/b\\\\c:d'}]\n"
    )
    (asking / "study.yaml").write_text(text, "utf-8")
    for form in serving(kinds=["survey"]).server.forms:
        name = answer_file(form, 1)
        assert (form.folder / name).resolve().parent == form.folder.resolve()
        assert "/" not in name


def raw(address: str, sent: bytes) -> bytes:
    """Send bytes as they are; return all that comes back until the server closes or is silent for a second."""
    host, port = address.split(":")
    told = b""
    with socket.create_connection((host, int(port)), timeout=5) as line:
        line.sendall(sent)
        line.settimeout(1)
        with suppress(OSError):
            while part := line.recv(65_536):
                told += part
    return told


ODD = {
    "two lengths": b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
    "a length and pieces": b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /board HTTP/1.1\r\n\r\n",
    "a length of 5,000 digits": b"Content-Length: " + b"9" * 5_000 + b"\r\n\r\n",
    "a length below nothing": b"Content-Length: -1\r\n\r\n",
    "a head without end": b"X: " + b"x" * 200_000 + b"\r\n\r\n",
    "a line end in a head": b"X: a\rSet-Cookie: form=1\r\n\r\n",
    "a zero in a head": b"X: a\x00b\r\n\r\n",
    "a space before the colon": b"Host : evil.example.com\r\n\r\n",
}


@pytest.mark.parametrize("rest", ODD.values(), ids=ODD)
def test_requests_that_two_programs_read_differently_are_answered_once(address: str, rest: bytes) -> None:
    told = raw(address, b"POST /form HTTP/1.1\r\nHost: " + address.encode() + b"\r\n" + rest)
    statuses = re.findall(rb"HTTP/1\.1 (\d{3})", told)
    assert len(statuses) <= 1
    assert all(status[:1] == b"4" for status in statuses)
    assert b"Traceback" not in told
    assert b"form=1" not in told


@pytest.mark.parametrize(
    "path",
    ["/../study.yaml", "/%2e%2e/study.yaml", "/static/..%2f..%2fstudy.yaml", "//evil.example.com/form", "/%00",
     "/a/%0d%0aSet-Cookie:%20form=1", "/\xff", "http://evil.example.com/form", "/a/" + "9" * 9_000],
)  # fmt: skip
def test_no_path_of_a_request_reaches_a_file_or_a_head(address: str, path: str) -> None:
    told = raw(
        address, f"GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n".encode("latin-1")
    )
    head = told.partition(b"\r\n\r\n")[0]
    assert re.match(rb"HTTP/1\.1 4\d\d ", head)
    assert b"form=1" not in head
    assert b"schema:" not in told


@pytest.mark.parametrize("method", ["PUT", "DELETE", "TRACE", "CONNECT", "OPTIONS", "PATCH", "BREW"])
def test_other_methods_change_nothing(served, address: str, method: str) -> None:
    told = raw(address, f"{method} /form HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n".encode())
    assert re.match(rb"HTTP/1\.1 4\d\d ", told)
    assert served.server.store.lines() == []


def test_who_sends_slowly_holds_nobody_up(served, address: str) -> None:
    host, port = address.split(":")
    with ExitStack() as slow:
        for _ in range(50):
            line = slow.enter_context(socket.create_connection((host, int(port)), timeout=5))
            line.sendall(b"POST /form HTTP/1.1\r\nHost: ")
        assert served.opened("E1").get("/form").status_code == 200


CHUNKS = {
    "a size beyond numbers": b"ffffffffffffffff\r\nx\r\n0\r\n\r\n",
    "a size below nothing": b"-1\r\nx\r\n0\r\n\r\n",
    "a size without end": b"1" * 100_000 + b"\r\n",
    "words beside a size": b"1;" + b"a" * 300_000 + b"\r\nx\r\n0\r\n\r\n",
    "no size": b"\r\n\r\n",
    "heads after the end": b"0\r\n" + b"X: y\r\n" * 50_000 + b"\r\n",
    "less than it says": b"400\r\n{",
}


@pytest.mark.parametrize("pieces", CHUNKS.values(), ids=CHUNKS)
def test_a_body_whose_pieces_lie_is_no_answer(served, address: str, pieces: bytes, caplog) -> None:
    """Nothing is kept, and whoever breaks off fills no log with tracebacks."""
    ann = served.opened("E1")
    told = ann.told()["server"]
    head = (
        f"POST {told['save']} HTTP/1.1\r\nHost: {address}\r\nCookie: form={ann.client.cookies['form']}\r\n"
        f"X-Form-Token: {told['token']}\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    answer = raw(address, head.encode() + pieces)
    assert all(status[:1] == b"4" for status in re.findall(rb"HTTP/1\.1 (\d{3})", answer))
    assert ann.get("/form").status_code == 200
    assert served.server.store.lines() == []
    assert [record for record in caplog.records if record.exc_info] == []


def test_bodies_that_never_end_hold_nobody_up(served, address: str) -> None:
    ann = served.opened("E1")
    told = ann.told()["server"]
    host, port = address.split(":")
    head = (
        f"POST {told['save']} HTTP/1.1\r\nHost: {address}\r\nCookie: form={ann.client.cookies['form']}\r\n"
        f"X-Form-Token: {told['token']}\r\nContent-Length: 1000\r\n\r\n{{"
    )
    with ExitStack() as slow:
        for _ in range(100):
            line = slow.enter_context(socket.create_connection((host, int(port)), timeout=5))
            line.sendall(head.encode())
        assert served.opened("E2").get("/form").status_code == 200
    assert served.server.store.lines() == []


@pytest.mark.parametrize(
    "cookies", [b"Cookie: form=a.b.c.d.e\r\n" * 20_000, b"Cookie: " + b"form=1.1.1.1.x; " * 3_000 + b"\r\n"]
)
def test_cookies_without_end_open_nothing(address: str, cookies: bytes) -> None:
    told = raw(address, b"GET /form HTTP/1.1\r\nHost: " + address.encode() + b"\r\n" + cookies + b"\r\n")
    assert re.match(rb"HTTP/1\.1 4\d\d ", told)
