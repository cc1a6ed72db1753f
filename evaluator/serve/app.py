"""The web application of a study: its routes, and what is said when something goes wrong."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from evaluator.errors import EvaluationError, Issue
from evaluator.serve import answering, board, live_pages
from evaluator.serve.asked import asked_forms
from evaluator.serve.guard import Guard, Rate
from evaluator.serve.keys import read_keys
from evaluator.serve.pages import issues_page
from evaluator.serve.server import HOME, Server, server_of
from evaluator.serve.store import open_store
from evaluator.study import Study


def open_server(
    study: Study, *, origin: str, kinds: Sequence[str] = (), round_: int = 1, database: str | None = None
) -> Server:
    """Return the server of a study, with a link for everybody who is asked.

    Parameters
    ----------
    origin : the address under which it is reached. kinds : names in `study.asking.FORMS`; default: the form
        the weights come from. round_ : of a screening. database : a URL; default: an SQLite file in the
        study.

    Raises
    ------
    EvaluationError
        for database and key, and those of `study.asking.ask`.
    """
    forms = asked_forms(study, kinds, round_)
    home = study.folder / HOME
    keys = read_keys(home)
    server = Server(study, forms, open_store(home, database), keys, home, origin)
    server.links()
    return server


def application(server: Server, origins: Collection[str] = ()) -> ASGIApp:
    """Return the application of a server; `origins` are further addresses under which it is reached."""
    app = Starlette(
        routes=[*answering.ROUTES, *board.ROUTES, *live_pages.ROUTES],
        exception_handlers={EvaluationError: _issues, 404: _not_there},
    )
    app.state.server = server
    return Guard(app, {server.origin, *origins}, Rate(2000, 200))  # a whole firm may share one address


def _issues(request: Request, error: Exception) -> Response:
    assert isinstance(error, EvaluationError)
    return issues_page(error.issues, server_of(request).language)


def _not_there(request: Request, _: Exception) -> Response:
    return issues_page([Issue("SERVE-209")], server_of(request).language)
