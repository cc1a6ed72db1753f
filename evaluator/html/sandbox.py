"""The environment every template runs in: values are placed, nothing runs, and no limit is passed.

Jinja's own sandbox forbids what is known to be dangerous. Here what is allowed is a list (`reach`), and
everything that takes time or memory is paid from a budget, so that a template cannot exhaust the machine.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateNotFound
from jinja2.environment import Environment
from jinja2.exceptions import SecurityError
from jinja2.ext import Extension
from jinja2.loaders import split_template_path
from jinja2.runtime import Context, LoopContext, Undefined, markup_join
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from evaluator.files import leaves
from evaluator.html import reach
from evaluator.html.budget import Budget, Counted
from evaluator.html.compiled import Compiled
from evaluator.html.compiling import Paying
from evaluator.html.filters import Filter, filters
from evaluator.workbook.elements import PLACE

_STEPS_OF_A_CALL = 10  # which takes as long as so many rounds of a loop
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_START_TAG = re.compile(  # what is not closed goes to the end, or it would be looked for again and again
    r"\{#.*?(?:#\}|\Z)|\{%.*?(?:%\}|\Z)|\{\{.*?(?:\}\}|\Z)|<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)"
    r"|<(?P<element>[A-Za-z][\w.-]*)",
    re.DOTALL,
)


class Places(Extension):
    """Notes on each start tag of an XML template the template and line it is written on."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Return the template with its marks."""
        if not (name or "").endswith(".xml.j2"):
            return source
        line, counted = 1, 0

        def marked(found: re.Match[str]) -> str:
            nonlocal line, counted
            if not found["element"]:
                return found[0]
            line += source.count("\n", counted, found.start())
            counted = found.start()
            return f'{found[0]} {PLACE}="{name}:{line}"'

        return _START_TAG.sub(marked, source)


class Folders(FileSystemLoader):
    """Templates of some folders and below; a link that leads out of its folder, or no file, is refused."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """Return a template's text, its path, and that it stays as it is while a report is made."""
        parts = split_template_path(template)
        for folder in map(Path, self.searchpath):
            if os.path.exists(path := folder.joinpath(*parts)):
                if leaves(folder, template) or not path.is_file():
                    raise SecurityError(template)
                assert isinstance(environment, Sandbox)
                environment.budget.write(path.stat().st_size)
                return path.read_text("utf-8"), str(path), lambda: True
        raise TemplateNotFound(template)


class Sandbox(SandboxedEnvironment):
    """The environment; `budget` is what filling the present template may still cost."""

    code_generator_class = Paying
    intercepted_binops = frozenset(("+", "-", "*", "/", "//", "%", "**"))

    def __init__(
        self,
        folders: Sequence[Path],
        own: Mapping[str, Filter],
        tests: Mapping[str, Filter],
        compiled: Compiled | None = None,
    ) -> None:
        super().__init__(
            loader=Folders(folders),
            optimized=False,  # as in `Paying`
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            extensions=[Places],
            bytecode_cache=compiled,
        )
        self.budget = Budget()
        self.finalize = self._printed
        self.globals.clear()
        self.filters = filters(lambda: self.budget, own)
        self.tests.update(tests)

    # --- what can be reached --------------------------------------------------------------------

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return an attribute that is on the list, else the entry of a mapping."""
        if attribute in reach.attributes(obj):
            return self._reached(obj, attribute, getattr(obj, attribute))
        if isinstance(obj, Mapping) and attribute in obj:
            return self._reached(obj, attribute, obj[attribute])
        return self._not_there(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return a member, else an attribute that is on the list."""
        if reach.is_held(obj) or isinstance(obj, str):
            with suppress(TypeError, LookupError):
                found = obj[argument]
                if isinstance(argument, slice):
                    self._weigh([found])
                return self._reached(obj, argument, found)
        return self.getattr(obj, argument) if isinstance(argument, str) else self._not_there(obj, argument)

    def is_safe_callable(self, obj: Any) -> bool:
        """True if it is on the list."""
        return reach.is_called(obj)

    def call(self, context: Context, called: Any, /, *given: Any, **named: Any) -> Any:
        """Call what is on the list, and pay for it."""
        self.budget.step(_STEPS_OF_A_CALL)
        if isinstance(called, Undefined):
            return context.call(called)  # which says what is not there
        if not self.is_safe_callable(called):
            raise SecurityError(f"{type(called).__name__}()")
        if isinstance(called, LoopContext):
            given = (self.counted(given[0]), *given[1:])
        result = context.call(called, *given, **named)
        if isinstance(result, str):
            self.budget.write(len(result))
        return result

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Refuse arithmetic: numbers are computed where they are tested."""
        raise SecurityError(operator)

    def _reached(self, holder: object, name: object, value: Any) -> Any:
        if reach.is_value(value) or reach.is_called(value):
            return value
        return self.unsafe_undefined(holder, str(name))

    def _not_there(self, obj: Any, name: Any) -> Any:
        if isinstance(obj, Undefined):
            return getattr(obj, str(name))  # which says what was not there before
        known = isinstance(name, str) and hasattr(type(obj), name)
        return self.unsafe_undefined(obj, name) if known else self.undefined(obj=obj, name=name)

    # --- what is paid for -----------------------------------------------------------------------

    def counted(self, values: Any) -> Counted:
        """Return what a loop goes through, each round a step."""
        if not (reach.is_held(values) or isinstance(values, str | Iterator | Undefined)):
            raise SecurityError(f"for … in {type(values).__name__}")
        return Counted(values, self.budget)

    def gathered(self, values: Any) -> Any:
        """Return a list, tuple or mapping that a template has made, paid for with all it holds."""
        self._weigh(values)
        return values

    def joined(self, parts: Sequence[Any]) -> str:
        """Return `a ~ b`, paid for before it is made."""
        for part in parts:
            if not reach.is_printed(part) and not isinstance(part, Undefined):
                raise SecurityError(f"{type(part).__name__} ~ …")
            self.budget.write(len(part) if isinstance(part, str) else 1)
        return markup_join(parts)

    def concat(self, parts: Iterable[str]) -> str:
        """Return the text of a macro or block, paid for before it is made."""
        parts = list(parts)
        self.budget.write(sum(map(len, parts)))
        return "".join(parts)

    def _weigh(self, values: Any) -> None:
        members = [*values.keys(), *values.values()] if isinstance(values, dict) else values
        self.budget.step(1 + len(members))
        for member in members:
            if isinstance(member, str):
                self.budget.write(len(member))
            elif isinstance(member, tuple | list | dict):
                self._weigh(member)

    def _printed(self, value: object) -> object:
        if value is None:
            return ""
        if not reach.is_printed(value) and not isinstance(value, Undefined):
            raise SecurityError(f"{{{{ {type(value).__name__} }}}}")
        if isinstance(value, str):
            self.budget.write(len(value))
            if not isinstance(value, Markup):
                return _NOT_IN_XML.sub("", value)
        return value
