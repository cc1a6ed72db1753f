"""`evaluator report`: what the client receives, or pages of some of the customers."""

import click
from click.core import ParameterSource

from evaluator import messages
from evaluator.cli.console import Console
from evaluator.cli.options import (
    OVERALL,
    each_tree,
    formats_option,
    recorded,
    say_other_day,
    study_argument,
    write_reports,
)


def _column_and_value(context: click.Context, _: click.Parameter, said: str | None) -> tuple[str, str]:
    if said is None:
        return "", ""
    column, found, value = said.partition("=")
    if not found or not column:
        language = context.ensure_object(Console).language
        raise click.BadParameter(messages.text("cli.report.column_value", language), ctx=context)
    return column.strip(), value.strip()


def _asked(context: click.Context) -> bool:
    """Return whether somebody asked for the formats; by default only the page can be of some customers."""
    return context.get_parameter_source("formats") is not ParameterSource.DEFAULT


@click.command()
@study_argument
@formats_option
@recorded
@click.option("--in", "report_language", type=click.Choice(messages.LANGUAGES))
@click.option("--where", metavar="COLUMN=VALUE", callback=_column_and_value)
@click.option("--top", type=click.IntRange(min=1))
@click.option("--per", metavar="COLUMN")
@click.pass_obj
@click.pass_context
def command(
    context: click.Context,
    console: Console,
    study: str,
    formats: tuple[str, ...],
    report_language: str | None,
    where: tuple[str, str],
    top: int | None,
    per: str | None,
) -> None:
    """Write the reports of a study."""
    if per and where[0]:
        raise click.UsageError(messages.text("cli.report.per_or_where", console.language))
    some = bool(where[0] or top or per)
    if some and _asked(context) and set(formats) != {"html"}:
        raise click.UsageError(messages.text("cli.report.pages_only", console.language))
    for opened in each_tree(console, study):
        say_other_day(console, opened)
        if some:
            paths = opened.save_pages(where=where, top=top, per=per, language=report_language)
        else:
            paths = write_reports(console, opened, formats, language=report_language)
        console.found(
            tree=opened.tree.id, branch=opened.branch or None, reports=[str(path) for path in paths]
        )
        console.wrote(*paths)
    if opened.whole is not opened and not some:
        kinds = (kind for kind in OVERALL if kind in formats)
        console.wrote(*(opened.whole.save_overall(kind, language=report_language) for kind in kinds))
