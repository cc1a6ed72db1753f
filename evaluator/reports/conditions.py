"""Conditions as a reader is told them: names of indicators, signs of mathematics, words of the language."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from evaluator.columns import Comparison, Condition, Constant, Junction, Membership, Name, Negation, Value
from evaluator.reports.context import Context
from evaluator.tree.names import Meaning, attributes, condition_names

SIGNS = {
    "<": "<",
    "<=": "≤",
    ">": ">",
    ">=": "≥",
    "==": "=",
    "!=": "≠",
    "+": "+",
    "-": "−",
    "*": "×",
    "/": "÷",
}
_BINDS = {"+": 1, "-": 1, "*": 2, "/": 2}


def condition_in_words(said: Condition, context: Context) -> str:
    """Return when a rule holds, in the reader's words."""
    return _ConditionWords(context).condition(said)


def amount_in_words(said: Value, context: Context) -> str:
    """Return what is counted, in the reader's words."""
    return _ConditionWords(context).value(said)


class _ConditionWords:
    def __init__(self, context: Context) -> None:
        self.context = context
        self.meanings: Mapping[str, Meaning] = condition_names(context.tree)

    def condition(self, said: Condition) -> str:
        if isinstance(said, Comparison):
            sign = SIGNS[said.comparator]
            left, right = said.left, said.right
            return f"{self.beside(left, right)} {sign} {self.beside(right, left)}"
        if isinstance(said, Membership):
            return self.member(said, "rules.say.in")
        if isinstance(said, Negation):
            if isinstance(said.of, Membership):
                return self.member(said.of, "rules.say.not_in")
            return self.context.text("rules.say.not", of=self.condition(said.of))
        word = self.context.text(f"rules.say.{said.word}")
        return word.join(self.part(part) for part in said.parts)

    def part(self, said: Condition) -> str:
        words = self.condition(said)
        return f"({words})" if isinstance(said, Junction) else words

    def member(self, said: Membership, key: str) -> str:
        entries = self.context.reader.listed(
            [self.beside(Constant(entry), said.value) for entry in said.entries]
        )
        return self.context.text(key, value=self.value(said.value), entries=entries)

    def beside(self, said: Value, other: Value) -> str:
        """Return a value as it is compared with another: a constant beside a share as percent."""
        if isinstance(said, Constant) and isinstance(other, Name) and self.is_share(other.name):
            return f"{Decimal(str(said.value)).scaleb(2):f}%"
        return self.value(said)

    def is_share(self, name: str) -> bool:
        meaning = self.meanings[name]
        measured = meaning.what == "measure" and self.context.reader.kind(name) == "share"
        return measured or meaning.what == "coverage"

    def value(self, said: Value, binds: int = 0) -> str:
        if isinstance(said, Name):
            return self.name(said.name)
        if isinstance(said, Constant):
            return self.constant(said.value)
        own = _BINDS[said.sign]
        left, right = self.value(said.left, own), self.value(said.right, own + 1)
        words = f"{left} {SIGNS[said.sign]} {right}"
        return f"({words})" if own < binds else words

    def constant(self, value: float | str) -> str:
        return f"“{value}”" if isinstance(value, str) else f"{value:.12g}"

    def name(self, name: str) -> str:
        meaning, context = self.meanings[name], self.context
        if meaning.what == "attribute":
            known = next(entry for entry in attributes(context.tree) if entry.id == meaning.of)
            return known.name[context.language]
        if meaning.what == "measure":
            return context.name(meaning.of)
        if meaning.what == "coverage":
            covered = context.tree.axes[meaning.of].id if meaning.of in context.tree.axes else meaning.of
            return context.text("workbook.coverage_of", name=context.name(covered))
        return context.text("rules.say.score_of", name=context.name(meaning.of))
