"""What every page of a server rests on: the study, its forms and links, and who is asking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import parse_qsl

from starlette.requests import Request

from evaluator.errors import EvaluationError, Issue
from evaluator.serve.asked import AskedForm
from evaluator.serve.guard import Rate
from evaluator.serve.keys import Keys
from evaluator.serve.links import Link, ensure_links, link_of, raise_unless_open
from evaluator.serve.rounds import last_rounds
from evaluator.serve.store import Store
from evaluator.study import Study
from evaluator.weighing.panel import Expert

HOME = "served"
_MOST_FIELDS = 20_000


@dataclass(frozen=True)
class Server:
    """The server of a study.

    Parameters
    ----------
    forms : every form of everybody, as the first round asks it. home : the folder `served/` of the study.
    origin : the address under which it is reached, such as ``https://answers.firm.com``.
    """

    study: Study
    forms: tuple[AskedForm, ...]
    store: Store
    keys: Keys
    home: Path
    origin: str
    tries: Rate = field(default_factory=lambda: Rate(10, 1 / 30))
    saves: Rate = field(default_factory=lambda: Rate(30, 3))

    @property
    def language(self) -> str:
        """The language of the study."""
        return self.study.language

    @property
    def secure(self) -> bool:
        """Whether the outside reaches it encrypted."""
        return self.origin.startswith("https://")

    @cached_property
    def people(self) -> Mapping[str, Expert]:
        """Everybody who is asked, by id."""
        return {form.person.id: form.person for form in self.forms}

    def links(self) -> dict[str, Link]:
        """The link of everybody who is asked, made where there is none."""
        found = ensure_links(self.store, self.people)
        return {person: found[person] for person in self.people}

    def address(self, link: Link) -> str:
        """Return the address that is sent to a person."""
        return f"{self.origin}/a/{self.keys.token(link.id, link.generation)}"

    @property
    def board_address(self) -> str:
        """The address that opens the board."""
        return f"{self.origin}/board/enter/{self.keys.board()}"

    def forms_of(self, person: str) -> tuple[AskedForm, ...]:
        """Return the forms of a person, as the present round asks them."""
        rounds = last_rounds(self.store)
        own = (form for form in self.forms if form.person.id == person)
        return tuple(form.in_round(rounds.get(form.batch, 1)) for form in own)

    def form(self, person: str, key: str) -> AskedForm:
        """Return a form of a person; an error where there is none of that key."""
        found = next((form for form in self.forms_of(person) if form.key == key), None)
        if found is None:
            raise EvaluationError([Issue("SERVE-209")])
        return found

    @property
    def cookie(self) -> str:
        """What the cookie of a person is called; encrypted, no other host can set it."""
        return "__Host-form" if self.secure else "form"

    @property
    def board_cookie(self) -> str:
        """What the cookie of the board is called."""
        return "__Host-board" if self.secure else "board"


@dataclass(frozen=True)
class Visitor:
    """Somebody who has opened a link in this browser; `token` goes into every form it sends."""

    link: Link
    token: str


def server_of(request: Request) -> Server:
    """Return the server that a request came to."""
    server: Server = request.app.state.server
    return server


def visitor(request: Request) -> Visitor:
    """Return who is asking.

    Raises
    ------
    EvaluationError
        where no link was opened in this browser, or too long ago; where it is closed.
    """
    link, token = link_in_cookie(request, "session")
    if link.person not in server_of(request).people:
        raise EvaluationError([Issue("SERVE-208")])
    raise_unless_open(link)
    return Visitor(link, token)


def link_in_cookie(request: Request, purpose: str) -> tuple[Link, str]:
    """Return the link that this browser has opened for a purpose, and the token of its forms.

    Raises
    ------
    EvaluationError
        where no link was opened for it, or too long ago.
    """
    server = server_of(request)
    cookie = request.cookies.get(server.cookie, "")
    opened = server.keys.opened(purpose, cookie)
    link = link_of(server.store, opened[0]) if opened else None
    if link is None or opened is None or link.generation != opened[1]:
        raise EvaluationError([Issue("SERVE-208")])
    return link, server.keys.form_token(cookie)


def facilitator(request: Request) -> str:
    """Return the token of the forms of the board, if this browser has opened it; an error otherwise."""
    server = server_of(request)
    cookie = request.cookies.get(server.board_cookie, "")
    if not server.keys.opened("board", cookie):
        raise EvaluationError([Issue("SERVE-208")])
    return server.keys.form_token(cookie)


def fields(body: bytes) -> dict[str, str]:
    """Return the fields of a form; an error where it is none, or too long."""
    try:
        text = body.decode("utf-8")
        said = parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text), max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise EvaluationError([Issue("SERVE-204", "…")]) from None
    return dict(said)


def sent(token: str, body: bytes) -> dict[str, str]:
    """Return the fields of a form that came from a page which was sent to this browser."""
    said = fields(body)
    raise_unless_ours(token, said.get("token"))
    return said


def raise_unless_ours(token: str, given: str | None) -> None:
    """Raise an error unless a form came from a page that was sent to this browser."""
    if not given or given != token:
        raise EvaluationError([Issue("SERVE-207")])
