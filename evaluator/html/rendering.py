"""Templates filled with values, for the page, the workbook and the files of a new study.

What a user wrote is a value and is escaped; an unknown name is an error with its line, never an
empty place; templates do no arithmetic. Folders given by the user come before ours.
"""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from jinja2 import FileSystemLoader, TemplateNotFound, TemplateSyntaxError
from jinja2.exceptions import SecurityError, UndefinedError
from markupsafe import Markup

from evaluator import messages, resources
from evaluator.errors import EvaluationError, Issue, Location, nearest
from evaluator.html.budget import Budget, ExceededError
from evaluator.html.compiled import Compiled
from evaluator.html.reach import for_templates
from evaluator.html.sandbox import Sandbox


class UnknownTextError(UndefinedError):
    """A text that no catalogue has, with the keys it may stand for."""

    def __init__(self, key: str, nearest: tuple[str, ...]) -> None:
        super().__init__(key)
        self.nearest = nearest


def templates(
    language: str,
    *,
    folders: Sequence[Path] = (),
    filters: Mapping[str, Callable[..., object]] | None = None,
) -> Sandbox:
    """Return the environment of one language.

    Templates see `language` and `text(key, **values)`, which reads the message catalogues; a number
    `is known` unless it is None or NaN.
    `folders` are searched before the templates that ship with the package.
    """
    own = filters or {}
    searched = [*folders, resources.folder("templates")]
    environment = Sandbox(searched, own, {"known": _known}, _compiled(frozenset(own)))

    @for_templates
    def text(key: str, /, **values: object) -> str:
        if not messages.known(key, language):
            raise UnknownTextError(key, nearest(key, messages.catalogue(language)))
        return messages.text(key, language, **values)

    environment.globals.update(language=language, text=text)
    return environment


@cache
def _compiled(filters: frozenset[str]) -> Compiled:
    """What was compiled in this process where filters have these names, whatever they do."""
    return Compiled(filters)


def render(environment: Sandbox, name: str, values: Mapping[str, object]) -> str:
    """Return a template filled with values.

    Raises `EvaluationError` with the line of the template.
    """
    with refusing(environment, name):
        return environment.concat(environment.get_template(name).generate(values))


@contextmanager
def refusing(environment: Sandbox, name: str) -> Iterator[None]:
    """Give a template its budget, and raise whatever goes wrong with it as `render` does."""
    environment.budget = Budget()
    try:
        yield
    except EvaluationError:
        raise
    except Exception as error:  # a template is input: whatever goes wrong in it, its line is what helps
        raise EvaluationError([_issue(environment, name, error)]) from error


def _issue(environment: Sandbox, name: str, error: Exception) -> Issue:
    where = _line(environment, error) or Location(name)
    match error:
        case TemplateNotFound():
            missing = str(error.name or name)
            hint = nearest(missing, environment.list_templates())
            return Issue("REPORT-823", missing, hint=hint, where=where)
        case TemplateSyntaxError():
            where = Location(error.name or name, error.lineno)
            return Issue("REPORT-820", where.file, {"reason": error.message}, where=where)
        case ExceededError(limit=limit):
            detail = {"variable": limit.variable, "most": f"{limit.value:,}"}
            return Issue("REPORT-825", where.file, detail, where=where)
        case SecurityError():
            return Issue("REPORT-822", error.message or "?", where=where)
        case UndefinedError():
            hint = error.nearest if isinstance(error, UnknownTextError) else ()
            return Issue("REPORT-821", error.message or "?", hint=hint, where=where)
    reason = f"{type(error).__name__}: {str(error)[:200]}"
    return Issue("REPORT-824", where.file, {"reason": reason}, where=where)


def _known(value: float | None) -> bool:
    return value is not None and value == value


def _line(environment: Sandbox, error: Exception) -> Location | None:
    """Return the innermost template line of a traceback, which Jinja has rewritten to template lines."""
    assert isinstance(environment.loader, FileSystemLoader)
    folders = [Path(folder) for folder in environment.loader.searchpath]
    for frame, line in reversed(list(traceback.walk_tb(error.__traceback__))):
        file = Path(frame.f_code.co_filename)
        for folder in folders:
            if file.is_relative_to(folder):
                return Location(file.relative_to(folder).as_posix(), line)
    return None


def script_json(value: object) -> Markup:
    """Return JSON that cannot end the script block it stands in."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    text = text.encode("utf-8", "replace").decode("utf-8")
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)
