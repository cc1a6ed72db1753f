"""`evaluator schema`: the JSON Schema of a file format, for editors."""

import json

import click


@click.command()
@click.argument("what", type=click.Choice(["tree", "study"]))
def command(what: str) -> None:
    """Print the JSON Schema of a tree or a study."""
    if what == "tree":
        from evaluator.tree.schema import tree_schema

        schema = tree_schema()
    else:
        from evaluator.study import StudyFile

        schema = StudyFile.model_json_schema(by_alias=True)
    click.echo(json.dumps(schema, ensure_ascii=False, indent=2))
