"""`evaluator serve`: the forms of a study by link, with a board for whoever asks."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from typing import TYPE_CHECKING

import click

from evaluator.cli.console import Console
from evaluator.cli.options import as_json, open_study, study_argument

if TYPE_CHECKING:
    from evaluator.serve.invitations import Invitation
    from evaluator.serve.server import Server


@click.command()
@study_argument
@click.option("--form", "served_forms", multiple=True)
@click.option("--round", "round_", type=click.IntRange(min=1), default=1)
@click.option("--host", default="127.0.0.1")
@click.option("--port", type=click.IntRange(1, 65535), default=8000)
@click.option("--origin", metavar="URL")
@click.option("--database", envvar="EVALUATOR_DATABASE", metavar="URL")
@click.option("--invite", "invite_only", is_flag=True)
@click.option("--ends", "link_ends", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--revoke", "revoked_links", multiple=True, metavar="ID")
@click.option("--renew", "renewed_links", multiple=True, metavar="ID")
@as_json
@click.pass_obj
def command(
    console: Console, study: str, served_forms: Sequence[str], round_: int, host: str, port: int,
    origin: str | None, database: str | None, invite_only: bool, link_ends: datetime | None,
    revoked_links: Sequence[str], renewed_links: Sequence[str], as_json: bool,
) -> None:  # fmt: skip
    """Make a link for everybody, say them, and serve until it is ended."""
    from evaluator.serve.running import listening, raise_unless_installed, run

    opened = open_study(console, study)
    raise_unless_installed()
    where = listening(host, port, origin)

    from evaluator.serve.app import application, open_server
    from evaluator.serve.invitations import invitations, write_invitations
    from evaluator.serve.server import HOME
    from evaluator.study.only_run import only_run

    with only_run(opened.folder / HOME), ExitStack() as ends:
        server = open_server(
            opened, origin=where.origin, kinds=served_forms, round_=round_, database=database
        )
        ends.callback(server.store.close)
        _change_links(server, link_ends, revoked_links, renewed_links)
        found = invitations(server)
        written = write_invitations(server, server.home / "invitations") if invite_only else ()
        if as_json:
            console.json(_as_data(server, found, [str(path) for path in written]))
        else:
            _print_links(console, server, found)
            console.wrote(*written)
        if not invite_only:
            run(application(server, where.others), where)


def _change_links(
    server: Server, ends: datetime | None, revoked: Sequence[str], renewed: Sequence[str]
) -> None:
    """Close links, give them another address, or let them end on a day, as asked for."""
    from evaluator.serve.links import change, person_named, renew

    known = server.links()
    closed = [person_named(name, known) for name in revoked]
    again = [person_named(name, known) for name in renewed]
    for link in closed:
        change(server.store, link.id, revoked=True)
    for link in again:
        renew(server.store, link.id)
    if ends:
        for link in known.values():
            change(server.store, link.id, ends=ends.date().isoformat())


def _as_data(server: Server, found: Sequence[Invitation], written: list[str]) -> dict[str, object]:
    return {
        "origin": server.origin,
        "board": server.board_address,
        "links": [
            {"person": one.person.id, "address": one.address, "state": one.link.state, "ends": one.link.ends}
            for one in found
        ],
        "written": written,
    }


def _print_links(console: Console, server: Server, found: Sequence[Invitation]) -> None:
    """Say where the board is, and the link of everybody."""
    for one in found:
        state = "" if one.link.state == "open" else f"  ({console.text(f'serve.state.{one.link.state}')})"
        console.tell(f"{one.person.name or one.person.id}\t{one.address}{state}")
    console.say("cli.serve.board", address=server.board_address)
    if not server.secure and not server.origin.startswith(("http://127.0.0.1", "http://localhost")):
        console.warn("cli.serve.plain_text", origin=server.origin)
