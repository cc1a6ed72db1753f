"""The filters of templates: those of Jinja that cannot blow up, each paying for what it does."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping, Sized
from typing import Any

from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS, make_attrgetter
from jinja2.nodes import EvalContext
from jinja2.utils import pass_eval_context
from markupsafe import Markup, escape

from evaluator.html import reach
from evaluator.html.budget import Budget

_OF_TEXT = ("e", "escape", "lower", "trim", "whole_words", "upper")
_OF_VALUES = ("abs", "count", "d", "default", "length")
_OF_MEMBERS = (
    "dictsort", "first", "items", "last", "list", "map", "max", "min", "reject", "rejectattr", "reverse",
    "select", "selectattr", "sort", "unique",
)  # fmt: skip

Filter = Callable[..., Any]

_WHOLE = re.compile(r"\b(?=[\w-]{3,24}\b)[^\W\d_]+(?:-[^\W\d_]+)+\b|(?<!\d)\d{1,3}(?:,\d{3})+(?!\d)")
_SHORT = r'<span class="short">\g<0></span>'


def whole_words(text: object) -> Markup:
    """Return a text whose words with a hyphen and whose large numbers stay on one line.

    >>> str(whole_words("Move to self-service & wait"))
    'Move to <span class="short">self-service</span> &amp; wait'
    >>> str(whole_words("8,566 个"))
    '<span class="short">8,566</span> 个'
    """
    return Markup(_WHOLE.sub(_SHORT, str(escape(text))))


def filters(budget: Callable[[], Budget], own: Mapping[str, Filter]) -> dict[str, Filter]:
    """Return the filters by name, `own` included; `budget` gives the one to pay from."""
    known = {**FILTERS, "whole_words": whole_words}
    listed = {name: known[name] for name in (*_OF_TEXT, *_OF_VALUES, *_OF_MEMBERS)}
    listed |= {"join": _joining(budget), "tojson": _json, **own}
    return {name: _paying(name, called, budget) for name, called in listed.items()}


def _paying(name: str, called: Filter, budget: Callable[[], Budget]) -> Filter:
    place = 1 if hasattr(called, "jinja_pass_arg") else 0  # Jinja hands something of its own to some

    @functools.wraps(called)
    def paying(*given: Any, **named: Any) -> Any:
        value = given[place] if len(given) > place else None
        budget().step(1 + (len(value) if name in _OF_MEMBERS and isinstance(value, Sized) else 0))
        if name in _OF_TEXT and not reach.is_printed(value):
            raise SecurityError(f"{type(value).__name__} | {name}")
        result = called(*given, **named)
        if isinstance(result, str):
            budget().write(len(result))
        return result

    return paying


@pass_eval_context
def _json(context: EvalContext, value: Any) -> Any:
    """Return Jinja's JSON, which would set each member in by as much as a template says."""
    return FILTERS["tojson"](context, value)


def _joining(budget: Callable[[], Budget]) -> Filter:
    """Return Jinja's filter `join`, which pays before the text is made: long parts are a small list."""

    @pass_eval_context
    def join(context: EvalContext, values: Any, d: str = "", attribute: str | int | None = None) -> str:
        read = make_attrgetter(context.environment, attribute) if attribute is not None else None
        parts = [read(value) if read else value for value in values]
        for part in parts:
            if not reach.is_printed(part):
                raise SecurityError(f"{type(part).__name__} | join")
        budget().step(len(parts))
        budget().write(sum(len(d) + len(part) for part in parts if isinstance(part, str)))
        joined: str = FILTERS["join"](context, parts, d)
        return joined

    return join
