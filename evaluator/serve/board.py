"""The board of whoever asks: who has answered what, links and mails, and the next round."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from math import ceil, isnan

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from evaluator import messages
from evaluator.errors import EvaluationError, Issue
from evaluator.files import stems
from evaluator.forms.pairwise_sheet import Questionnaire
from evaluator.serve.answering import client, set_cookie, with_body
from evaluator.serve.answers import local_time, round_of
from evaluator.serve.asked import AskedForm
from evaluator.serve.figures import PersonFigures, panel_now, person_figures
from evaluator.serve.invitations import OCCASIONS, draft, invitations, message, picture_address
from evaluator.serve.links import Link, change, hashed, renew
from evaluator.serve.pages import page
from evaluator.serve.rounds import begin_round, last_rounds
from evaluator.serve.server import Server, facilitator, sent, server_of
from evaluator.serve.store import Line
from evaluator.study.profile_weights import asks_for_profiles

_AGE = 7 * 86_400


@dataclass(frozen=True)
class BoardRow:
    """One form of one person on the board; numbers are written out, blank where there is nothing to say."""

    person: str
    name: str
    role: str
    form: str
    link: str
    state: str
    at: str
    answered: int | None
    needed: int
    minutes: str
    cr: str
    verdict: str
    group: str
    worst: str
    several: bool


def enter(request: Request) -> Response:
    """Open the board: its secret leaves the address, and a cookie takes its place."""
    server = server_of(request)
    if not server.keys.fits(request.path_params["secret"], "board"):
        raise EvaluationError([Issue("SERVE-209" if server.tries.allows(client(request)) else "SERVE-206")])
    response = RedirectResponse("/board", 303)
    set_cookie(response, server, server.board_cookie, server.keys.cookie("board", "board", 1), age=_AGE)
    return response


def board(request: Request) -> Response:
    """Show who has answered what."""
    server, token = server_of(request), facilitator(request)
    figures: dict[str, dict[str, PersonFigures]] = {}
    issues: list[Issue] = []
    for study in {form.batch: form.study for form in server.forms if _weighed(form)}.values():
        panel, found = panel_now(study)
        issues += [issue for issue in found if issue.code not in ("JUDGE-212", "JUDGE-223", "FILE-712")]
        figures[study.branch] = dict(person_figures(study, panel)) if panel else {}
    rounds = last_rounds(server.store)
    known = server.links()
    lines = server.store.lines()
    rows = [
        _row(server, form.in_round(rounds.get(form.batch, 1)), known[form.person.id], lines,
             figures.get(form.study.branch, {}))
        for form in server.forms
    ]  # fmt: skip
    batches = {form.batch: form for form in server.forms if _in_pairs(form)}
    values = {
        "title": messages.text("serve.board.title", server.language, title=_title(server)),
        "token": token,
        "batches": [list(one) for _, one in groupby(rows, key=lambda row: row.form)],
        "total": len(rows),
        "sent": sum(row.state == "sent" for row in rows),
        "rounds": [
            {"batch": batch, "name": form.title, "number": (now := rounds.get(batch, 1)), "next": now + 1}
            for batch, form in batches.items()
        ],
        "notes": list(_notes(server)),
        "issues": [issue.text(server.language) for issue in issues],
        "refresh": 30,
    }
    return page("board", server.language, values, script="board")


def show_person(request: Request) -> Response:
    """Show the link of a person, with everything that can be done about it."""
    server, token = server_of(request), facilitator(request)
    one = next((one for one in invitations(server) if one.link.id == request.path_params["link"]), None)
    if one is None:
        raise EvaluationError([Issue("SERVE-209")])
    values = {
        "title": one.person.name or one.person.id,
        "token": token,
        "link": one.link.id,
        "address": one.address,
        "picture": picture_address(one.address),
        "state": one.link.state,
        "ends": one.link.ends,
        "phrase": bool(one.link.phrase),
        "said": message(server, one, "invitation"),
        "occasions": list(OCCASIONS),
    }
    return page("person", server.language, values)


def change_link(request: Request, body: bytes) -> Response:
    """Withdraw a link or give it back, replace it, or set its end and its pass phrase."""
    server, said = server_of(request), sent(facilitator(request), body)
    id_, do = request.path_params["link"], said.get("do")
    if do == "revoke":
        change(server.store, id_, revoked=True)
    elif do == "restore":
        change(server.store, id_, revoked=False)
    elif do == "renew":
        renew(server.store, id_)
    elif do == "ends":
        change(server.store, id_, ends=_day(said.get("ends", "")))
    elif do == "phrase":
        change(server.store, id_, phrase=hashed(said.get("phrase", "")))
    return RedirectResponse(f"/board/person/{id_}", 303)


def mail(request: Request) -> Response:
    """Hand out the draft of a mail."""
    server, _ = server_of(request), facilitator(request)
    occasion = next((one for one in OCCASIONS if one == request.path_params["occasion"]), None)
    one = next((one for one in invitations(server) if one.link.id == request.path_params["link"]), None)
    if one is None or occasion is None:
        raise EvaluationError([Issue("SERVE-209")])
    [name] = stems([one.person.id], "person")
    ascii_name = name if name.isascii() else one.link.id
    heads = {"Content-Disposition": f'attachment; filename="{ascii_name}_{occasion}.eml"'}
    return Response(draft(server, one, occasion), media_type="message/rfc822", headers=heads)


def show_invitations(request: Request) -> Response:
    """Show every link with its picture, to print and hand out."""
    server, _ = server_of(request), facilitator(request)
    cards = [
        {"name": one.person.name or one.person.id, "role": one.person.role, "address": one.address,
         "picture": picture_address(one.address)}
        for one in invitations(server)
        if one.link.state == "open"
    ]  # fmt: skip
    return page("invitations", server.language, {"title": _title(server), "cards": cards})


def next_round(request: Request, body: bytes) -> Response:
    """Begin the next round: everybody sees how the group has answered."""
    server, said = server_of(request), sent(facilitator(request), body)
    form = next((one for one in server.forms if one.batch == said.get("batch") and _in_pairs(one)), None)
    if form is None:
        raise EvaluationError([Issue("SERVE-209")])
    if str(last_rounds(server.store).get(form.batch, 1)) == said.get("number"):  # else it was begun already
        panel, issues = panel_now(form.study)
        if panel is None:
            raise EvaluationError(issues)
        begin_round(server.store, form.batch, panel)
    return RedirectResponse("/board", 303)


def _notes(server: Server) -> Iterator[str]:
    """Say what is not served, and where it is done instead."""
    kinds = {form.kind.partition("/")[0] for form in server.forms}
    told = [("no_rounds", kinds & {"scores", "best_worst"}), ("screening_rounds", "screening" in kinds)]
    studies = {form.batch: form.study for form in server.forms if _in_pairs(form)}.values()
    told.append(("profiles", any(asks_for_profiles(one.setup, one.tree) for one in studies)))
    yield from (messages.text(f"serve.board.{key}", server.language) for key, holds in told if holds)


def _in_pairs(form: AskedForm) -> bool:
    return isinstance(form.asked, Questionnaire)


def _weighed(form: AskedForm) -> bool:
    """True if the weights come from this form, so that its answers are read while they come in."""
    source = form.study.file.weighting.source
    return form.kind == (source if source in ("scores", "best_worst") else "pairwise")


def _answered(form: AskedForm, found: PersonFigures | None) -> int | None:
    """Return how many answers came as files; None where only that they came is known."""
    if found is None or not found.answered:
        return 0
    return found.answered if _in_pairs(form) else None


def _title(server: Server) -> str:
    return server.study.file.title[server.language]


def _row(
    server: Server, form: AskedForm, link: Link, lines: list[Line], figures: dict[str, PersonFigures]
) -> BoardRow:
    own = [one for one in lines if (one.link, one.form) == (link.id, form.key)]
    now = [one for one in own if one.round == round_of(form)]
    line = next(iter(now), None)
    found = figures.get(form.person.id) if _weighed(form) else None
    minutes = ceil(sum(one.seconds for one in own) / 60)
    cr = "" if found is None or isnan(found.cr) else f"{found.cr:.3f}"
    state = _state(link, line, found, form)
    return BoardRow(
        person=form.person.id,
        name=form.person.name or form.person.id,
        role=form.person.role,
        form=form.title,
        link=link.id,
        state=state,
        at=local_time((state == "sent" and line.sent) or line.saved) if line else "",
        answered=line.count if line else _answered(form, found),
        needed=form.needed,
        minutes=str(minutes) if own else "",
        cr=cr,
        verdict=found.verdict if found and cr else "",
        group=found.group if found and cr else "",
        worst=found.worst if found else "",
        several=len({one.number for one in now if one.sent}) > 1,
    )


def _state(link: Link, line: Line | None, found: PersonFigures | None, form: AskedForm) -> str:
    if line and line.sent:
        return "sent"
    if line:
        return "changed" if line.times else "answering"
    if found and found.answered and round_of(form) == 1:
        return "by_file"
    if link.state != "open":
        return link.state
    return "opened" if link.opened else "waiting"


def _day(stated: str) -> str:
    """Return a day as it is stored; blank for none, an error for what is none."""
    try:
        return date.fromisoformat(stated).isoformat() if stated else ""
    except ValueError:
        raise EvaluationError([Issue("SERVE-204", stated[:40])]) from None


ROUTES = (
    Route("/board/enter/{secret}", enter),
    Route("/board", board),
    Route("/board/person/{link}", show_person),
    Route("/board/person/{link}", with_body(change_link), methods=["POST"]),
    Route("/board/mail/{link}/{occasion}.eml", mail),
    Route("/board/invitations", show_invitations),
    Route("/board/round", with_body(next_round), methods=["POST"]),
)
