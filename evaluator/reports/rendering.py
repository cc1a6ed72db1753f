"""Templates: one sandboxed Jinja environment for the page and for the workbook.

What a user wrote is a value and is escaped; an unknown name is an error with its line, never an
empty place; templates do no arithmetic. Folders given by the user come before ours.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.ext import Extension
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from evaluator import messages, resources
from evaluator.errors import EvaluationError, Issue, Location, nearest
from evaluator.workbook.elements import PLACE

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_START_TAG = re.compile(
    r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->|<!\[CDATA\[.*?\]\]>|<(?P<element>[A-Za-z][\w.-]*)", re.DOTALL
)


class Templates(ImmutableSandboxedEnvironment):
    """The environment every template runs in."""

    intercepted_binops = frozenset(["+", "-", "*", "/", "//", "%", "**"])

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Refuse arithmetic: numbers are computed where they are tested."""
        raise SecurityError(operator)


class _Places(Extension):
    """Notes on each start tag of an XML template the template and line it is written on."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        if not (name or "").endswith(".xml.j2"):
            return source

        def marked(found: re.Match[str]) -> str:
            if not found["element"]:
                return found[0]
            return f'{found[0]} {PLACE}="{name}:{source.count(chr(10), 0, found.start()) + 1}"'

        return _START_TAG.sub(marked, source)


def templates(
    language: str,
    *,
    folders: Sequence[Path] = (),
    filters: Mapping[str, Callable[..., object]] | None = None,
) -> Templates:
    """Return the environment of one language.

    Templates see `language` and `text(key, **values)`, which reads the message catalogues; a number
    `is known` unless it is None or NaN.
    `folders` are searched before the templates that ship with the package.
    """
    environment = Templates(
        loader=FileSystemLoader([*folders, resources.folder("templates")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_printable,
        extensions=[_Places],
    )

    def text(key: str, /, **values: object) -> str:
        if not messages.known(key, language):
            raise UndefinedError(key)
        return messages.text(key, language, **values)

    environment.globals.update(language=language, text=text)
    environment.filters.update(filters or {})
    environment.tests["known"] = _known
    return environment


def render(environment: Templates, name: str, values: Mapping[str, object]) -> str:
    """Return a template filled with values.

    Raises `EvaluationError` with the line of the template: REPORT-820 (syntax), REPORT-821 (unknown
    name), REPORT-822 (not allowed in a template), REPORT-823 (no such template).
    """
    try:
        return environment.get_template(name).render(values)
    except TemplateNotFound as error:
        missing = str(error.name or name)
        hint = nearest(missing, environment.list_templates())
        raise EvaluationError([Issue("REPORT-823", missing, hint=hint)]) from error
    except TemplateSyntaxError as error:
        where = Location(error.name or name, error.lineno)
        raise EvaluationError(
            [Issue("REPORT-820", where.file, {"reason": error.message}, where=where)]
        ) from error
    except TemplateError as error:
        code = "REPORT-822" if isinstance(error, SecurityError) else "REPORT-821"
        where = _line(environment, error) or Location(name)
        raise EvaluationError([Issue(code, error.message or "?", where=where)]) from error


def _known(value: float | None) -> bool:
    return value is not None and value == value


def _printable(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, str) and not isinstance(value, Markup):
        return _NOT_IN_XML.sub("", value)
    return value


def _line(environment: Templates, error: Exception) -> Location | None:
    """Return the innermost template line of a traceback, which Jinja has rewritten to template lines."""
    assert isinstance(environment.loader, FileSystemLoader)
    folders = [Path(folder) for folder in environment.loader.searchpath]
    for frame, line in reversed(list(traceback.walk_tb(error.__traceback__))):
        file = Path(frame.f_code.co_filename)
        for folder in folders:
            if file.is_relative_to(folder):
                return Location(file.relative_to(folder).as_posix(), line)
    return None
