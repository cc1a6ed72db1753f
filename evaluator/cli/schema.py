"""`evaluator schema`: the JSON Schema of a file format, or of what a verb prints with `--json`."""

import click

from evaluator.cli.console import Console
from evaluator.cli.schemas import SCHEMAS, schema_of

FILES = ("tree", "study")


@click.command()
@click.argument("what", type=click.Choice([*FILES, *SCHEMAS]))
@click.pass_obj
def command(console: Console, what: str) -> None:
    """Print the JSON Schema of a tree or a study, or of the document of a verb."""
    if what == "tree":
        from evaluator.tree.schema import tree_schema

        schema = tree_schema()
    elif what == "study":
        from evaluator.study import StudyFile

        schema = StudyFile.model_json_schema(by_alias=True)
    else:
        schema = schema_of(what)
    console.json(schema, indent=2)
