"""The pages of a session: the big screen of the facilitator, and the phones of those who vote."""

from __future__ import annotations

from math import isnan

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from evaluator import ahp, messages
from evaluator.errors import EvaluationError, Issue
from evaluator.forms.choices import labels, sentences
from evaluator.forms.pairwise_sheet import Questionnaire
from evaluator.serve.answering import with_body
from evaluator.serve.asked import AskedForm
from evaluator.serve.figures import joint_groups, panel_now
from evaluator.serve.live import (
    LiveSession,
    Spread,
    asked_of,
    begin,
    last,
    move,
    ordered,
    running,
    spread,
    vote,
    votes,
)
from evaluator.serve.pages import page
from evaluator.serve.rounds import Triple, nearest_place
from evaluator.serve.server import (
    Server,
    Visitor,
    facilitator,
    sent,
    server_of,
    visitor,
)
from evaluator.tree import Group

_FIRST = 5  # questions that are named before a session begins


def screen(request: Request) -> Response:
    """Show the session on the big screen: the question, the votes when they are shown, what is next."""
    server, token = server_of(request), facilitator(request)
    session = running(server)
    if session is None:
        return _between(server, token)
    forms = _forms(server, session)
    given = votes(server, session, session.place, session.turn)
    answering = sum(session.question in asked_of(form) for form in forms)
    values = {
        **_asked(forms[0], session),
        "title": messages.text("serve.live.title", server.language, title=forms[0].name),
        "token": token,
        "key": session.key,
        "votes": len(given),
        "people": answering,
        "shown": session.shown,
        "last": session.place == len(session.questions) - 1,
        "first": session.place == 0,
        "found": _spread(forms[0], session.question, spread(list(given.values()))) if session.shown else None,
        "before": _before(server, session, forms[0]),
        "watch": "/board/live/state",
    }
    return page("screen", server.language, values, script="watch")


def _between(server: Server, token: str) -> Response:
    """Show what may be voted on, and what the last session came to."""
    batches = {form.batch: form for form in server.forms if isinstance(form.asked, Questionnaire)}
    ended, language = last(server), server.language
    form = batches.get(ended.form) if ended else None
    values = {
        "title": messages.text("serve.live.between", language),
        "token": token,
        "starts": [_start(server, batch) for batch in batches],
        "results": _results(form, {question[0] for question in ended.questions}) if ended and form else [],
    }
    return page("between", language, values)


def _start(server: Server, batch: str) -> dict[str, object]:
    """Return how many comparisons of a form may be voted on, and which come first."""
    forms = [form for form in server.forms if form.batch == batch]
    questions, language = ordered(forms, panel_now(forms[0].study)[0]), server.language
    said = messages.text("serve.live.count", language, name=forms[0].name, most=len(questions))
    first = []
    for pair in questions[:_FIRST]:
        group = _group(forms[0], pair)
        names = labels(group, language)
        one = {"group": group.name[language], "a": names[pair[1]], "b": names[pair[2]]}
        first.append(messages.text("serve.live.pair", language, **one))
    return {"batch": batch, "said": said, "first": first}


def _results(form: AskedForm, groups: set[str]) -> list[dict[str, object]]:
    """Return the joint weights of groups as pages show them."""
    panel, language = panel_now(form.study)[0], form.study.language
    return [
        {
            "name": one.name,
            "people": messages.text("serve.live.people", language, count=one.people),
            "weights": [{"name": name, "share": f"{share:.1%}"} for name, share in one.weights],
            "verdict": one.verdict,
            "said": messages.text(f"serve.live.verdict.{one.verdict}", language, cr=f"{one.cr or 0:.3f}"),
        }
        for one in (joint_groups(form.study, panel, groups) if panel else ())
    ]


def start(request: Request, body: bytes) -> Response:
    """Begin a session."""
    server, said = server_of(request), sent(facilitator(request), body)
    form = next((one for one in server.forms if one.batch == said.get("batch")), None)
    panel = panel_now(form.study)[0] if form else None
    count = said.get("count", "")
    most = int(count) if count.isascii() and count.isdigit() and 0 < len(count) < 6 else None
    begin(server, said.get("batch", ""), panel, most or None)
    return RedirectResponse("/board/live", 303)


def go_on(request: Request, body: bytes) -> Response:
    """Show the votes, ask again, go on to another question, or end."""
    server, said = server_of(request), sent(facilitator(request), body)
    move(server, said.get("key", ""), said.get("do", ""))
    return RedirectResponse("/board/live", 303)


def screen_state(request: Request) -> Response:
    """Tell the big screen how many have voted, and whether it is out of date."""
    server, _ = server_of(request), facilitator(request)
    session = running(server)
    count = len(votes(server, session, session.place, session.turn)) if session else 0
    return JSONResponse({"key": session.key if session else "", "votes": count})


def phone(request: Request) -> Response:
    """Show the question on a phone, and what was voted where it is shown."""
    server, who = server_of(request), visitor(request)
    session = running(server)
    form = _form_of(server, who, session)
    if session is None or form is None:
        title = messages.text("serve.live.phone", server.language)
        values = {"title": title, "token": who.token, "key": "", "watch": "/live/state", "waiting": True}
        return page("phone", server.language, values, script="watch")
    own = votes(server, session, session.place, session.turn).get(who.link.id, "")
    everybody = list(votes(server, session, session.place, session.turn).values())
    asked = _asked(form, session)
    values = {
        **asked,
        "title": messages.text("serve.live.phone", server.language),
        "token": who.token,
        "key": session.key,
        "watch": "/live/state",
        "waiting": False,
        "mine": session.question in asked_of(form),
        "own": own,
        "shown": session.shown,
        "found": _spread(form, session.question, spread(everybody), own) if session.shown else None,
        "levels": [
            {"value": ratio, "said": said, "now": ratio == own}
            for ratio, said in _sentences(form, session.question)
        ],
    }
    return page("phone", server.language, values, script="watch")


def cast(request: Request, body: bytes) -> Response:
    """Keep a vote."""
    server, who = server_of(request), visitor(request)
    said = sent(who.token, body)
    if not server.saves.allows(who.link.id):
        raise EvaluationError([Issue("SERVE-206")])
    form = _form_of(server, who, running(server))
    if form is None:
        raise EvaluationError([Issue("SERVE-213")])
    vote(server, who.link.id, form, said.get("key", ""), said.get("answer", ""))
    return RedirectResponse("/live", 303)


def phone_state(request: Request) -> Response:
    """Tell a phone whether its page is out of date."""
    server, _ = server_of(request), visitor(request)
    session = running(server)
    return JSONResponse({"key": session.key if session else ""})


def _forms(server: Server, session: LiveSession) -> list[AskedForm]:
    forms = [form for form in server.forms if form.batch == session.form]
    if not forms:
        raise EvaluationError([Issue("SERVE-209")])
    return forms


def _form_of(server: Server, who: Visitor, session: LiveSession | None) -> AskedForm | None:
    if session is None:
        return None
    return next(
        (form for form in server.forms if form.batch == session.form and form.person.id == who.link.person),
        None,
    )


def _group(form: AskedForm, pair: Triple) -> Group:
    node = form.study.tree.nodes[pair[0]]
    assert isinstance(node, Group)
    return node


def _sentences(form: AskedForm, pair: Triple) -> tuple[tuple[str, str], ...]:
    names = labels(_group(form, pair), form.study.language)
    return sentences(names[pair[1]], names[pair[2]], form.study.language)


def _asked(form: AskedForm, session: LiveSession) -> dict[str, object]:
    """Return the question as pages show it."""
    language, pair = form.study.language, session.question
    group = _group(form, pair)
    names = labels(group, language)
    children = {child.id: child for child in group.children}

    def meaning(child: str) -> str:
        stated = children[child].definition
        return stated[language] if stated else ""

    return {
        "question": messages.text("page_form.question", language, group=group.name[language]),
        "a": names[pair[1]],
        "b": names[pair[2]],
        "a_means": meaning(pair[1]),
        "b_means": meaning(pair[2]),
        "number": session.place + 1,
        "total": len(session.questions),
        "turn": session.turn,
    }


def _spread(form: AskedForm, pair: Triple, found: Spread, own: str = "") -> dict[str, object]:
    """Return votes as pages show them: columns, the answer in the middle, and how far they lie apart."""
    language, said = form.study.language, _sentences(form, pair)
    most = max(found.counts, default=0)
    columns = [
        {"count": count, "height": f"{100 * count / most:.0f}%" if most else "0%", "own": ratio == own,
         "level": ratio.removeprefix("1/"), "said": sentence}
        for count, (ratio, sentence) in zip(found.counts, said, strict=True)
    ]  # fmt: skip
    band = ahp.consensus_band(found.consensus)
    return {
        "columns": columns,
        "middle": "" if isnan(found.middle) else said[nearest_place(found.middle)][1],
        "factor": "" if isnan(found.factor) else f"{found.factor:.2f}",
        "consensus": "" if isnan(found.consensus) else f"{found.consensus:.0%}",
        "band": messages.text(f"serve.live.band.{band}", language) if band else "",
    }


def _before(server: Server, session: LiveSession, form: AskedForm) -> dict[str, object] | None:
    """Return the votes of the turn before, once those of this one are shown."""
    if session.turn == 1 or not session.shown:
        return None
    given = votes(server, session, session.place, session.turn - 1)
    return _spread(form, session.question, spread(list(given.values()))) if given else None


ROUTES = (
    Route("/board/live", screen),
    Route("/board/live/start", with_body(start), methods=["POST"]),
    Route("/board/live/step", with_body(go_on), methods=["POST"]),
    Route("/board/live/state", screen_state),
    Route("/live", phone),
    Route("/live/vote", with_body(cast), methods=["POST"]),
    Route("/live/state", phone_state),
)
