"""`evaluator schema`: the JSON Schema of a file format, for editors."""

import click

from evaluator.cli.console import Console


@click.command()
@click.argument("what", type=click.Choice(["tree", "study"]))
@click.pass_obj
def command(console: Console, what: str) -> None:
    """Print the JSON Schema of a tree or a study."""
    if what == "tree":
        from evaluator.tree.schema import tree_schema

        schema = tree_schema()
    else:
        from evaluator.study import StudyFile

        schema = StudyFile.model_json_schema(by_alias=True)
    console.json(schema, indent=2)
