"""`evaluator mcp`: tools for agents over standard input and output."""

from __future__ import annotations

import click

from evaluator.cli.console import Console


@click.command()
@click.argument("root", default=".", type=click.Path())
@click.option("--write", "may_write", is_flag=True)
@click.pass_obj
def command(console: Console, root: str, may_write: bool) -> None:
    """Serve the tools; standard output belongs to the protocol, so everything is said beside it."""
    from evaluator.mcp.server import desk, serve  # here, because help must not load it

    at = desk(root, writes=may_write, language=console.language)
    console.warn("cli.mcp.write" if may_write else "cli.mcp.read", folder=str(at.root.folder))
    serve(at)
