"""`evaluator verify`: a run computed again from its inputs, and everything compared."""

from __future__ import annotations

import click

from evaluator.alike import as_data
from evaluator.cli.console import Console
from evaluator.cli.options import as_json


@click.command()
@click.argument("run", default=".", type=click.Path())
@click.option("--fingerprint")
@as_json
@click.pass_obj
def command(console: Console, run: str, fingerprint: str | None, as_json: bool) -> int:
    """Verify a run, in its folder or in a pack; what differs is named."""
    from evaluator.study import stated_language  # here, because help must not load the engine
    from evaluator.study.verifying import verify

    console.follow(stated_language(run) or console.language)
    found = verify(run, fingerprint=fingerprint)
    if as_json:
        told = [as_data(issue, console.language) for issue in found.issues]
        console.answer({"verified": found.verified, "exact": found.exact, "files": found.files,
                        "fingerprints": found.fingerprints, "issues": told})  # fmt: skip
        return 0 if found.verified else 1
    console.issues(found.issues)
    said = "exact" if found.exact else "close"
    console.say(f"cli.verify.{said if found.verified else 'failed'}", files=found.files)
    for stated in found.fingerprints:
        console.say("cli.verify.fingerprint", fingerprint=stated)
    return 0 if found.verified else 1
