"""Write the pages of verbs, English and Chinese, from the command line itself.

Run it from the project's root after changing a verb: `python docs/make_verbs.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from evaluator.cli.console import Console
from evaluator.cli.program import VERBS, verbs

DOCS = Path(__file__).parent
PAGES = {"en": DOCS / "reference" / "verbs.md", "zh": DOCS / "zh" / "verbs.md"}
HEADS = {
    "en": """# Verbs

Every verb of `evaluator` with its arguments and options, as `evaluator VERB --help` prints them. The language
may be asked for before or after the verb.

| exit code | means |
|--:|---|
| 0 | done; warnings and notes may have been said |
| 1 | something in what was given is wrong, named with its code ([errors](../errors.md)) and place |
| 2 | the verb was used wrongly: an unknown option, a missing argument |
| 3 | our own fault: please report it |
| 4 | done, and a limit was passed that the study states ([drift](../operation.md)) |
| 130, 143 | interrupted (Ctrl-C, `SIGTERM`); nothing half-written stays ([reliability](../reliability.md)) |
""",
    "zh": """# 命令

`evaluator` 的全部命令及其参数与选项，与 `evaluator 命令 --help` 显示的内容一致。
语言选项可写在命令之前或之后。

| 退出码 | 含义 |
|--:|---|
| 0 | 完成；可能给出了警告或提示 |
| 1 | 所给内容有问题，已注明代码（见[错误代码](../errors.md)）和位置 |
| 2 | 命令用法有误：选项不存在，或缺少参数 |
| 3 | 程序自身的错误，请反馈 |
| 4 | 已完成，但超过了项目规定的限值（见[运行](../operation.md)） |
| 130、143 | 被中断（Ctrl-C、`SIGTERM`）；不会留下写了一半的文件（见[可靠性](../reliability.md)） |
""",
}
COLUMNS = {"en": ("option", "", "default"), "zh": ("选项", "说明", "默认")}
SHARED = ("help", "language")  # every verb has them


def page(language: str) -> str:
    """Return the page in a language."""
    console = Console()
    console.ask_for(language)
    context = click.Context(verbs, info_name="evaluator", obj=console)
    return HEADS[language] + "".join(_verb(context, name, language) for name in VERBS)


def _verb(parent: click.Context, name: str, language: str) -> str:
    command = verbs.get_command(parent, name)
    assert command is not None
    context = click.Context(command, info_name=name, parent=parent)
    usage = " ".join(command.collect_usage_pieces(context))
    options = [option for option in command.params if isinstance(option, click.Option)]
    rows = "".join(_row(option, context) for option in options if option.name not in SHARED)
    table = f"| {' | '.join(COLUMNS[language])} |\n|---|---|---|\n{rows}" if rows else ""
    return f"\n## {name}\n\n{command.help}\n\n```text\nevaluator {name} {usage}\n```\n\n{table}"


def _row(option: click.Option, context: click.Context) -> str:
    names = ", ".join(f"`{name}`" for name in [*option.opts, *option.secondary_opts])
    value = "" if option.is_flag else f" `{option.make_metavar(context)}`"
    shown = option.get_default(context) if option.show_default else None
    cells = (names + value, option.help or "", "" if shown is None else f"`{shown}`")
    return f"| {' | '.join(_cell(cell) for cell in cells)} |\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def pages() -> Iterator[tuple[Path, str]]:
    """Yield every page with its text."""
    for language, path in PAGES.items():
        yield path, page(language)


if __name__ == "__main__":
    for path, text in pages():
        path.write_text(text, encoding="utf-8")
