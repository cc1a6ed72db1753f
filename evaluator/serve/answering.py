"""What a person sees: the link, the pass phrase, the forms, and the answers kept as they are given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from evaluator import messages
from evaluator.errors import EvaluationError, Issue
from evaluator.forms.carriers import Sending, shown_person
from evaluator.forms.form import Form
from evaluator.forms.form_page import served_form_page
from evaluator.forms.pairwise_page import served_page
from evaluator.serve.answers import local_time, now, round_of, save_answers, shown_line
from evaluator.serve.asked import AskedForm
from evaluator.serve.content import Content, read_saving
from evaluator.serve.links import Link, change, link_behind, phrase_fits, raise_unless_open
from evaluator.serve.live import running
from evaluator.serve.pages import issues_page, page, status_of
from evaluator.serve.plain import plain_saving, plain_values
from evaluator.serve.rounds import read_round
from evaluator.serve.server import (
    Server,
    Visitor,
    link_in_cookie,
    raise_unless_ours,
    sent,
    server_of,
    visitor,
)
from evaluator.serve.store import Line

Endpoint = Callable[[Request], Awaitable[Response]]


def with_body(work: Callable[[Request, bytes], Response]) -> Endpoint:
    """Return an endpoint that reads a request before its work begins beside the others."""

    async def endpoint(request: Request) -> Response:
        try:
            body = await request.body()
        except ClientDisconnect:  # broken off, or longer than it may be: nobody may be there to be told
            return Response(status_code=400)
        return await run_in_threadpool(work, request, body)

    return endpoint


def set_cookie(response: Response, server: Server, name: str, value: str, *, age: int | None = None) -> None:
    """Give a browser a cookie that no script reads and no other site sends along with a form."""
    response.set_cookie(
        name, value, max_age=age, path="/", secure=server.secure, httponly=True, samesite="lax"
    )


def client(request: Request) -> str:
    """Return the address a request came from."""
    return request.client.host if request.client else "?"


def home(request: Request) -> Response:
    """Lead to the forms whoever has opened a link, and tell others to open theirs."""
    try:
        visitor(request)
    except EvaluationError as error:
        return issues_page(error.issues, server_of(request).language)
    return RedirectResponse("/form", 303)


def enter(request: Request) -> Response:
    """Open a link: the token leaves the address, and a cookie takes its place."""
    server = server_of(request)
    try:
        link = link_behind(server.store, server.keys, request.path_params["token"])
    except EvaluationError as error:
        if not server.tries.allows(client(request)):
            raise EvaluationError([Issue("SERVE-206")]) from error
        raise
    purpose, where = ("phrase", "/enter") if link.phrase else ("session", "/form")
    response = RedirectResponse(where, 303)
    cookie = server.keys.cookie(purpose, link.id, link.generation)
    set_cookie(response, server, server.cookie, cookie, age=None if link.phrase else 60 * 86_400)
    return response


def _waiting(request: Request) -> tuple[Link, str]:
    """Return the link that waits for its pass phrase, and the token of its form."""
    link, token = link_in_cookie(request, "phrase")
    raise_unless_open(link)
    return link, token


def ask_phrase(request: Request) -> Response:
    """Ask for the pass phrase of a link."""
    _, token = _waiting(request)
    return _phrase_page(server_of(request), token)


def check_phrase(request: Request, body: bytes) -> Response:
    """Let in who knows the pass phrase; who guesses has to wait."""
    server, (link, token) = server_of(request), _waiting(request)
    said = sent(token, body)
    if not (server.tries.allows(link.id) and server.tries.allows(client(request))):
        raise EvaluationError([Issue("SERVE-206")])
    if not phrase_fits(link, said.get("phrase", "")):
        return _phrase_page(server, token, wrong=True)
    response = RedirectResponse("/form", 303)
    cookie = server.keys.cookie("session", link.id, link.generation)
    set_cookie(response, server, server.cookie, cookie, age=60 * 86_400)
    return response


def _phrase_page(server: Server, token: str, *, wrong: bool = False) -> HTMLResponse:
    title = messages.text("serve.phrase.title", server.language)
    values = {"title": title, "token": token, "wrong": wrong}
    return page("phrase", server.language, values, status=403 if wrong else 200)


def choose(request: Request) -> Response:
    """Show the form of a person, or the list where there are several."""
    server, who = server_of(request), visitor(request)
    forms = server.forms_of(who.link.person)
    session = running(server)
    if session and any(form.batch == session.form for form in forms):
        return RedirectResponse("/live", 303)
    if not who.link.opened:
        change(server.store, who.link.id, opened=now())
    if len(forms) == 1:
        return _shown(server, who, forms[0])
    entries = []
    for form in forms:
        line = shown_line(server.store, who.link.id, form)
        entries.append(
            {
                "address": f"/form/{form.key}",
                "title": form.title,
                "count": line.count if line else 0,
                "needed": form.needed,
                "minutes": form.minutes(line.count if line else 0),
                "sent": bool(line and line.sent),
            }
        )
    person = shown_person(forms[0].person) if forms else ""
    values = {"title": server.study.file.title[server.language], "person": person, "forms": entries}
    return page("forms", server.language, values)


def show(request: Request) -> Response:
    """Show one of the forms of a person."""
    server, who = server_of(request), visitor(request)
    return _shown(server, who, server.form(who.link.person, request.path_params["key"]))


def _shown(server: Server, who: Visitor, form: AskedForm) -> Response:
    line, content = _before(server, who, form)
    at, language = round_of(form), server.language
    going_on = line is not None and line.round == at
    shown = read_round(server.store, form.batch, at)
    sent = ""
    if line is not None and going_on and line.sent:
        sent = messages.text("serve.sent_at", language, time=local_time(line.sent))
    sending = Sending(
        address=f"/save/{form.key}",
        token=who.token,
        line=line.id if line and going_on else 0,
        version=line.version if line and going_on else 0,
        plain=f"/plain/{form.key}",
        sent=sent,
        remarks=content.remarks,
        spread=shown.spread if shown else {},
    )
    asked = form.going_on(content).asked
    if isinstance(asked, Form):
        text = served_form_page(asked, language, sending)
    else:
        text = served_page(asked, sending)
    return HTMLResponse(text, headers={"Content-Security-Policy": "frame-ancestors 'none'"})


def _before(server: Server, who: Visitor, form: AskedForm) -> tuple[Line | None, Content]:
    """Return the answers a browser goes on from; where a round begins, those of the round before."""
    line = shown_line(server.store, who.link.id, form)
    if line is not None and line.round == round_of(form):
        return line, Content.model_validate(_tuples(line.content))
    shown = read_round(server.store, form.batch, round_of(form))
    if shown and form.person.id in shown.own:
        return line, shown.own[form.person.id]
    if line is not None:
        return line, Content.model_validate(_tuples(line.content))
    return None, Content(answers=tuple(_given(form)))


def _given(form: AskedForm) -> list[tuple[str, str, str]]:
    """Return the answers that a form of lines comes with."""
    if not isinstance(form.asked, Form):
        return []
    return [(line.key, key, value) for line in form.asked.lines for key, value in line.given.items()]


def _tuples(said: object) -> dict[str, object]:
    content = dict(said) if isinstance(said, dict) else {}
    return {**content, "answers": tuple(tuple(one) for one in content.get("answers", ()))}


def save(request: Request, body: bytes) -> Response:
    """Keep answers, and say what to go on from."""
    server = server_of(request)
    try:
        who = visitor(request)
        raise_unless_ours(who.token, request.headers.get("x-form-token"))
        if not server.saves.allows(who.link.id):
            raise EvaluationError([Issue("SERVE-206")])
        form = server.form(who.link.person, request.path_params["key"])
        kept = save_answers(server.store, server.home, who.link.id, form, read_saving(body))
    except EvaluationError as error:
        return refused(error, server.language)
    return JSONResponse(kept.data)


def refused(error: EvaluationError, language: str) -> JSONResponse:
    """Tell a script what is wrong."""
    said = [{"code": issue.code, "text": issue.sentence(language)} for issue in error.issues]
    return JSONResponse({"issues": said}, status_of(error.issues))


def plain(request: Request) -> Response:
    """Show a form that needs no script."""
    server, who = server_of(request), visitor(request)
    form = server.form(who.link.person, request.path_params["key"])
    line, content = _before(server, who, form)
    going_on = line is not None and line.round == round_of(form)
    values = plain_values(form, content) | {
        "token": who.token,
        "line": str(line.id if line and going_on else 0),
        "version": str(line.version if line and going_on else 0),
        "kept": request.query_params.get("kept", "") if line else "",
        "count": line.count if line and going_on else 0,
        "needed": form.needed,
    }
    return page("plain", server.language, values)


def keep_plain(request: Request, body: bytes) -> Response:
    """Keep what a form without a script brought, and show it again."""
    server, who = server_of(request), visitor(request)
    said = sent(who.token, body)
    if not server.saves.allows(who.link.id):
        raise EvaluationError([Issue("SERVE-206")])
    form = server.form(who.link.person, request.path_params["key"])
    kept = save_answers(server.store, server.home, who.link.id, form, plain_saving(form, said))
    how = "both" if kept.forked else "sent" if said.get("do") == "send" else "saved"
    return RedirectResponse(f"/plain/{form.key}?kept={how}", 303)


ROUTES = (
    Route("/", home),
    Route("/a/{token}", enter),
    Route("/enter", ask_phrase),
    Route("/enter", with_body(check_phrase), methods=["POST"]),
    Route("/form", choose),
    Route("/form/{key}", show),
    Route("/save/{key}", with_body(save), methods=["POST"]),
    Route("/plain/{key}", plain),
    Route("/plain/{key}", with_body(keep_plain), methods=["POST"]),
)
