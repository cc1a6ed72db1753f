"""The tools by name: what each takes, what it answers, and whether it writes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from evaluator.errors import EvaluationError, Issue, nearest, raise_errors
from evaluator.mcp.answers import (
    Answer,
    Desk,
    check,
    compare,
    explain,
    list_studies,
    list_trees,
    plan,
    run,
    score,
    show_tree,
    weigh,
)
from evaluator.messages import Term


@dataclass(frozen=True)
class Argument:
    """What a tool is given: its type in JSON, and whether it can be left out."""

    kind: str
    needed: bool = False
    least: float | None = None
    most: float | None = None

    def schema(self) -> dict[str, Any]:
        """Return the argument as JSON Schema."""
        limits = {"minimum": self.least, "maximum": self.most}
        return {"type": self.kind} | {name: value for name, value in limits.items() if value is not None}


@dataclass(frozen=True)
class Tool:
    """A tool: the function that answers, its arguments, and whether it writes into the study."""

    name: str
    answers: Callable[..., Answer]
    arguments: Mapping[str, Argument] = field(default_factory=dict)
    writes: bool = False

    def schema(self) -> dict[str, Any]:
        """Return the arguments as JSON Schema."""
        return {
            "type": "object",
            "properties": {name: argument.schema() for name, argument in self.arguments.items()},
            "required": [name for name, argument in self.arguments.items() if argument.needed],
            "additionalProperties": False,
        }


STUDY = {"study": Argument("string", needed=True)}
MOST = {"most": Argument("integer", least=1, most=500)}
TOOLS = {
    tool.name: tool
    for tool in (
        Tool("list_trees", list_trees),
        Tool("list_studies", list_studies),
        Tool("show_tree", show_tree, {"tree": Argument("string", needed=True)}),
        Tool("check", check, {"what": Argument("string", needed=True)}),
        Tool("weigh", weigh, STUDY),
        Tool("score", score, {**STUDY, **MOST}),
        Tool("explain", explain, {**STUDY, "customer": Argument("string", needed=True)}),
        Tool("plan", plan, {**STUDY, "budget": Argument("number", least=0), **MOST}),
        Tool("compare", compare, {"last": Argument("string", needed=True),
                                  "now": Argument("string", needed=True), **MOST}),
        Tool("run", run, STUDY, writes=True),
    )
}  # fmt: skip
_KINDS: Mapping[str, tuple[type, ...]] = {"string": (str,), "integer": (int,), "number": (int, float)}
LONGEST = 1000  # letters of an argument


def call(desk: Desk, name: str, given: Mapping[str, Any]) -> Answer:
    """Return what a tool answers.

    Raises
    ------
    EvaluationError
        for a tool there is none of, for each argument that is missing, unknown or of another kind, for a tool
        that writes where nothing may be; whatever the study itself has wrong.
    """
    if name not in TOOLS:
        known = tuple(one.name for one in offered(desk.writes))
        raise EvaluationError([Issue("MCP-101", name[:80], hint=nearest(name, known) or known)])
    tool = TOOLS[name]
    if tool.writes and not desk.writes:
        raise EvaluationError([Issue("MCP-104", name)])
    raise_errors([*_wrong(tool, given)])
    return tool.answers(desk, **given)


def offered(writes: bool) -> tuple[Tool, ...]:
    """Return the tools there are: those that write only where writing is allowed."""
    return tuple(tool for tool in TOOLS.values() if writes or not tool.writes)


def _wrong(tool: Tool, given: Mapping[str, Any]) -> list[Issue]:
    def said(name: str, why: str) -> Issue:
        needs = ", ".join(f"{key} ({one.kind})" for key, one in tool.arguments.items())
        return Issue(
            "MCP-102", name[:80], {"tool": tool.name, "why": Term(f"mcp.why.{why}"), "needs": needs or "–"}
        )

    found = [said(name, "unknown") for name in given if name not in tool.arguments]
    for name, argument in tool.arguments.items():
        if name not in given:
            found += [said(name, "missing")] if argument.needed else []
        elif why := _why(argument, given[name]):
            found.append(said(name, why))
    return found


def _why(argument: Argument, value: Any) -> str:
    """Return what is wrong with a value, empty where nothing is."""
    fits = isinstance(value, _KINDS[argument.kind]) and not isinstance(value, bool)
    if not fits:
        return "kind"
    if isinstance(value, str):
        if not value.isprintable() and any("\ud800" <= letter <= "\udfff" for letter in value):
            return "kind"  # half a letter, as JSON can hold: no text
        return "long" if len(value) > LONGEST or not value.strip() or "\0" in value else ""
    least, most = argument.least or 0.0, math.inf if argument.most is None else argument.most
    return "" if least <= value <= most and value < math.inf else "range"
