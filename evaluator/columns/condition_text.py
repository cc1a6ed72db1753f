"""Conditions as people write them: read from a whitelist, never run as code.

``overdue_share > 0.3 and contract not in ['none', '无']`` compares numbers and texts, joins comparisons
with ``and``, ``or`` and ``not``, calculates with ``+ - * /`` on numbers, and looks texts or numbers up in
a list.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Mapping
from typing import Literal

from evaluator.columns.conditions import (
    Comparator,
    Comparison,
    Condition,
    Constant,
    Junction,
    Kind,
    Membership,
    Name,
    Negation,
    Operation,
    Sign,
    Value,
    is_text,
)
from evaluator.errors import EvaluationError, Issue, Location, nearest
from evaluator.messages import Term

LONGEST = 500
DEEPEST = 25

_COMPARATORS: dict[type[ast.cmpop], Comparator] = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip
_SIGNS: dict[type[ast.operator], Sign] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


def condition(text: str, names: Mapping[str, Kind], *, where: Location | None = None) -> Condition:
    """Return what a condition says.

    Parameters
    ----------
    names : what may be spoken of, and whether it is a number or a text.
    where : the place of the text, which every problem is named with.

    Raises
    ------
    EvaluationError
        with every problem: not understood; unknown name, with the nearest one; over 500 characters; a text
        where a number is meant, or the other way round; not in the language.

    >>> condition("0 < profit <= 20", {"profit": "number"}).word
    'and'
    """
    reader = _Reader(names, where)
    found = reader.condition(reader.parsed(text))
    reader.raise_problems()
    assert found is not None
    return found


def amount(text: str, names: Mapping[str, Kind], *, where: Location | None = None) -> Value:
    """Return what a calculation says, a number; raises as `condition`.

    >>> amount("2 * (referrals - 1)", {"referrals": "number"}).sign
    '*'
    """
    reader = _Reader(names, where)
    found = reader.value(reader.parsed(text), "number")
    reader.raise_problems()
    assert found is not None
    return found


class _Reader:
    """Reads the syntax tree of a text by the whitelist, collecting every problem."""

    def __init__(self, names: Mapping[str, Kind], where: Location | None) -> None:
        self.names = names
        self.where = where
        self.problems: list[Issue] = []
        self.text = ""

    def parsed(self, text: str) -> ast.expr:
        """Return the syntax tree of a text; nothing of it is ever compiled or run."""
        self.text = text.strip().replace("\n", " ")
        if len(self.text) > LONGEST:
            detail = {"length": len(self.text), "longest": LONGEST}
            raise EvaluationError([Issue("DOC-123", self._shown(self.text), detail, where=self.where)])
        try:
            with (
                warnings.catch_warnings()
            ):  # on texts with a backslash, which Python may one day read otherwise
                warnings.simplefilter("ignore")
                return ast.parse(self.text, mode="eval").body
        except SyntaxError as error:
            at = error.offset or len(self.text) + 1
            raise EvaluationError([self._not_understood(at)]) from None
        except (ValueError, MemoryError, RecursionError):
            raise EvaluationError([self._not_understood(1)]) from None

    def raise_problems(self) -> None:
        """Raise everything that was found, if anything was."""
        if self.problems:
            raise EvaluationError(self.problems)

    def condition(self, node: ast.expr, depth: int = 1) -> Condition | None:
        """Return the condition a node stands for; None after a problem."""
        if depth > DEEPEST:
            self._refuse(node)
            return None
        if isinstance(node, ast.BoolOp):
            parts = [self.condition(part, depth + 1) for part in node.values]
            word: Literal["and", "or"] = "and" if isinstance(node.op, ast.And) else "or"
            known = tuple(part for part in parts if part is not None)
            return Junction(word, known) if len(known) == len(parts) else None
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            negated = self.condition(node.operand, depth + 1)
            return None if negated is None else Negation(negated)
        if isinstance(node, ast.Compare):
            return self._comparisons(node, depth)
        if isinstance(node, ast.Name) and self.names.get(node.id) == "truth":
            return Comparison("==", Name(node.id, "truth"), Constant(1.0))
        if isinstance(node, ast.Name) and node.id not in self.names:
            self._unknown(node)
            return None
        self._refuse(node)
        return None

    def value(self, node: ast.expr, wanted: Kind | None, depth: int = 1) -> Value | None:
        """Return the value a node stands for, of the kind that is wanted; None after a problem."""
        if depth > DEEPEST:
            self._refuse(node)
            return None
        if isinstance(node, ast.Name):
            return self._name(node, wanted)
        if (constant := _constant(node)) is not None:
            kind: Kind = "text" if isinstance(constant, str) else "number"
            return Constant(constant) if self._is(kind, wanted, node) else None
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            negated = self.value(node.operand, "number", depth + 1)
            return None if negated is None else Operation("-", Constant(0.0), negated)
        if isinstance(node, ast.BinOp) and (sign := _SIGNS.get(type(node.op))):
            sides = (self.value(node.left, "number", depth + 1), self.value(node.right, "number", depth + 1))
            if sides[0] is None or sides[1] is None or not self._is("number", wanted, node):
                return None
            return Operation(sign, sides[0], sides[1])
        self._refuse(node)
        return None

    def _comparisons(self, node: ast.Compare, depth: int) -> Condition | None:
        """Return a comparison, or all of a chain such as ``0 < x <= 3``."""
        found: list[Condition | None] = []
        for operator, left, right in zip(
            node.ops, [node.left, *node.comparators], node.comparators, strict=False
        ):
            if isinstance(operator, ast.In | ast.NotIn):
                member = self._membership(left, right, depth)
                negated = isinstance(operator, ast.NotIn) and member is not None
                found.append(Negation(member) if negated and member else member)
            else:
                found.append(self._comparison(operator, left, right, depth))
        known = tuple(part for part in found if part is not None)
        if len(known) < len(found):
            return None
        return known[0] if len(known) == 1 else Junction("and", known)

    def _comparison(
        self, operator: ast.cmpop, left: ast.expr, right: ast.expr, depth: int
    ) -> Condition | None:
        comparator = _COMPARATORS.get(type(operator))
        if comparator is None:
            self._refuse(left)
            return None
        wanted: Kind | None = "number" if comparator not in ("==", "!=") else self._kind(left, right)
        sides = self.value(left, wanted, depth + 1), self.value(right, wanted, depth + 1)
        if sides[0] is None or sides[1] is None:
            return None
        return Comparison(comparator, sides[0], sides[1])

    def _membership(self, left: ast.expr, right: ast.expr, depth: int) -> Condition | None:
        if not isinstance(right, ast.List | ast.Tuple | ast.Set) or not right.elts:
            self._refuse(right)
            return None
        entries = [_constant(entry) for entry in right.elts]
        for entry, node in zip(entries, right.elts, strict=True):
            if entry is None:
                self._refuse(node)
                return None
        value = self.value(left, None, depth + 1)
        if value is None:
            return None
        wanted: Kind = "text" if is_text(value) else "number"
        fits = [self._is("text" if isinstance(entry, str) else "number", wanted, node)
                for entry, node in zip(entries, right.elts, strict=True)]  # fmt: skip
        return Membership(value, tuple(e for e in entries if e is not None)) if all(fits) else None

    def _name(self, node: ast.Name, wanted: Kind | None) -> Value | None:
        kind = self.names.get(node.id)
        if kind is None:
            self._unknown(node)
            return None
        return Name(node.id, kind) if self._is(kind, wanted, node) else None

    def _kind(self, *sides: ast.expr) -> Kind:
        """Return what the sides of an equation are: texts where one of them is."""
        named = any(isinstance(side, ast.Name) and self.names.get(side.id) == "text" for side in sides)
        return "text" if named or any(isinstance(_constant(side), str) for side in sides) else "number"

    def _is(self, kind: Kind, wanted: Kind | None, node: ast.expr) -> bool:
        if wanted in (None, kind):
            return True
        detail = {"at": self._at(node), "found": Term(f"type.{kind}"), "wanted": Term(f"type.{wanted}")}
        self.problems.append(Issue("DOC-124", self._source(node), detail, where=self.where))
        return False

    def _unknown(self, node: ast.Name) -> None:
        hint = nearest(node.id, self.names)
        self.problems.append(Issue("DOC-122", node.id, {"at": self._at(node)}, hint, self.where))

    def _refuse(self, node: ast.expr) -> None:
        self.problems.append(Issue("DOC-125", self._source(node), {"at": self._at(node)}, where=self.where))

    def _not_understood(self, at: int) -> Issue:
        return Issue("DOC-121", self._shown(self.text), {"at": at}, where=self.where)

    def _source(self, node: ast.expr) -> str:
        return self._shown(ast.get_source_segment(self.text, node) or self.text)

    def _at(self, node: ast.expr) -> int:
        """Return at which character a node stands; the parser counts bytes."""
        return len(self.text.encode()[: node.col_offset].decode()) + 1

    @staticmethod
    def _shown(text: str) -> str:
        return text if len(text) <= 60 else text[:59] + "…"


def _constant(node: ast.expr) -> float | str | None:
    """Return a number or text as it stands, also with a sign; None for anything else."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _constant(node.operand)
        return -inner if isinstance(inner, float) else None
    if not isinstance(node, ast.Constant) or isinstance(node.value, bool):
        return None
    if isinstance(node.value, int | float):
        try:
            number = float(node.value)
        except OverflowError:
            return None
        return number if abs(number) < float("inf") else None
    return node.value if isinstance(node.value, str) else None
