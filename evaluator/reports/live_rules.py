"""Rules as spreadsheet formulas: conditions with three outcomes, and what they do to score, grade and class.

A condition comes to 1, 0, or one half where it is unknown; so ``and`` is the minimum, ``or`` the
maximum and ``not`` the difference from 1. Limits and points stand in cells called ``rule.<rule>.value``
and ``rule.<rule>.most`` and may be changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from evaluator.columns import (
    TOLERANCE,
    Comparison,
    Condition,
    Constant,
    Junction,
    Membership,
    Name,
    Negation,
    Value,
    leeway,
    names_of,
)
from evaluator.columns.conditions import is_text
from evaluator.reports.context import Context
from evaluator.reports.live_scales import NEAR, leeway_of
from evaluator.tree import Matrix
from evaluator.tree.names import condition_names, read_amount, read_condition
from evaluator.tree.types import Bonus, ClassOverride, Gate, GradeCap, Rule, Veto

UNKNOWN = "0.5"
LONGEST = 4_000  # spreadsheets take twice that, and the cells a name stands for may have longer ones


@dataclass(frozen=True)
class LiveRules:
    """The formulas of a tree's rules; they stand in the rows of the detail table."""

    context: Context

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules, in the order of the file."""
        return self.context.tree.rules

    def points(self, rule: Bonus) -> str:
        """Return what a counting bonus comes to, empty where the count is unknown."""
        counted = read_amount(rule, self.context.tree)
        assert counted is not None
        product = f"({self.value(counted)})*{_cell(rule)}"
        within = f"MAX(0,MIN({_cell(rule, 'most')},{product}))"
        if rule.points < 0:
            within = f"MIN(0,MAX(-{_cell(rule, 'most')},{product}))"
        return self._known([counted], f'IFERROR({within},"")', '""')

    @cached_property
    def fit(self) -> bool:
        """Whether every condition is short enough for a cell."""
        return all(len(self.held(rule)) <= LONGEST for rule in self.rules)

    def held(self, rule: Rule) -> str:
        """Return whether a rule holds: 1, 0, or one half where that is unknown."""
        held = self.condition(read_condition(rule, self.context.tree))
        if isinstance(rule, Bonus) and rule.per is not None:
            held = f"IF(ISNUMBER({{@points_{rule.id}}}),{held},{UNKNOWN})"
        return held

    def outcome(self, rule: Rule) -> str:
        """Return whether a rule hit, in words."""
        held = f"{{@holds_{rule.id}}}"
        return f"IF({held}=1,{{word.hit}},IF({held}=0,{{word.no}},{{word.unknown}}))"

    def score(self) -> str:
        """Return the score after bonuses, then vetoes; empty for those whom a gate keeps out."""
        formula = "{@unadjusted_score}"
        bonuses = [
            f"+IF({_hit(rule)},{_cell(rule) if rule.per is None else f'{{@points_{rule.id}}}'},0)"
            for rule in self.rules
            if isinstance(rule, Bonus)
        ]
        if bonuses:
            formula = f"MAX({{score.least}},MIN({{score.most}},{formula}{''.join(bonuses)}))"
        vetoes = [
            f"IF({_hit(rule)},{_cell(rule)},{{score.most}})" for rule in self.rules if isinstance(rule, Veto)
        ]
        if vetoes:
            formula = f"MIN({formula},{','.join(vetoes)})"
        shut = ",".join(_hit(rule) for rule in self.gates())
        rated = f'IF(OR({shut}),"",{formula})' if shut else formula
        return f'IF(ISNUMBER({{@unadjusted_score}}),{rated},"")'

    def gates(self) -> Iterator[Gate]:
        """Yield the rules that keep a customer from being rated."""
        return (rule for rule in self.rules if isinstance(rule, Gate))

    def shut(self) -> Iterator[tuple[str, str]]:
        """Yield each gate with the condition under which it keeps a customer out."""
        return ((rule.id, _hit(rule)) for rule in self.gates())

    def best_place(self) -> str:
        """Return the best place among the grades that the caps leave; 1 without any."""
        order = [grade.id for grade in self.context.tree.grades]
        caps = [
            f"IF({_hit(rule)},{order.index(rule.grade) + 1},1)"
            for rule in self.rules
            if isinstance(rule, GradeCap)
        ]
        return f"MAX({','.join(caps)})" if caps else "1"

    def class_of(self, matrix: Matrix, otherwise: str) -> str:
        """Return the class that the first override to hit settles, else what the cuts give."""
        places = {
            (x, y): (len(matrix.y.levels) - row, column)
            for column, x in enumerate(matrix.x.levels, start=1)
            for row, y in enumerate(matrix.y.levels)
        }
        cells = {entry.id: places[entry.x, entry.y] for entry in matrix.classes}
        own = [rule for rule in self.rules if isinstance(rule, ClassOverride) and rule.matrix == matrix.id]
        for rule in reversed(own):
            row, column = cells[rule.class_]
            otherwise = f"IF({_hit(rule)},{{cell.{matrix.id}.{row}.{column}}},{otherwise})"
        return otherwise

    # --- conditions -------------------------------------------------------------------------------

    def condition(self, said: Condition) -> str:
        """Return a condition as a formula: 1, 0, or one half where it is unknown."""
        if isinstance(said, Junction):
            function = "MIN" if said.word == "and" else "MAX"
            return f"{function}({','.join(self.condition(part) for part in said.parts)})"
        if isinstance(said, Negation):
            return f"(1-{self.condition(said.of)})"
        if isinstance(said, Membership):
            return self._member(said)
        return self._texts(said) if is_text(said.left) else self._numbers(said)

    def value(self, said: Value) -> str:
        """Return a calculation as a formula."""
        if isinstance(said, Name):
            return self._cell_of(said.name)
        if isinstance(said, Constant):
            return _quoted(said.value) if isinstance(said.value, str) else _number(said.value)
        left, right = self.value(said.left), self.value(said.right)
        # divided as the engine does it, by the reciprocal
        return f"({left}*(1/{right}))" if said.sign == "/" else f"({left}{said.sign}{right})"

    def _numbers(self, said: Comparison) -> str:
        left, right = self.value(said.left), self.value(said.right)
        bound = said.right
        near = _near(float(bound.value)) if isinstance(bound, Constant) else leeway_of(right)
        held = {
            ">=": f"{left}>={right}-{near}",
            "<": f"{left}<{right}-{near}",
            "<=": f"{left}<={right}+{near}",
            ">": f"{left}>{right}+{near}",
            "==": f"ABS({left}-{right})<={near}",
            "!=": f"ABS({left}-{right})>{near}",
        }[said.comparator]
        return self._known([said.left, said.right], f"IFERROR(({held})*1,{UNKNOWN})", UNKNOWN)

    def _texts(self, said: Comparison) -> str:
        alike = f"EXACT({self.value(said.left)},{self.value(said.right)})*1"
        held = alike if said.comparator == "==" else f"(1-{alike})"
        return self._written([said.left, said.right], held)

    def _member(self, said: Membership) -> str:
        value = self.value(said.value)
        if is_text(said.value):
            alike = "+".join(f"EXACT({value},{_quoted(str(entry))})" for entry in said.entries)
            return self._written([said.value], f"(({alike})>0)*1")
        entries = [float(entry) for entry in said.entries]
        alike = "+".join(f"(ABS({value}-{_number(entry)})<={_near(entry)})" for entry in entries)
        return self._known([said.value], f"IFERROR((({alike})>0)*1,{UNKNOWN})", UNKNOWN)

    def _known(self, values: list[Value], formula: str, otherwise: str) -> str:
        """Return a formula where all the numbers it speaks of are there."""
        cells = list(dict.fromkeys(self._cell_of(n.name) for value in values for n in names_of(value)))
        return f"IF(COUNT({','.join(cells)})={len(cells)},{formula},{otherwise})" if cells else formula

    def _written(self, values: list[Value], formula: str) -> str:
        """Return a formula where all the texts it speaks of are there."""
        cells = list(dict.fromkeys(self._cell_of(n.name) for value in values for n in names_of(value)))
        there = ",".join(f'{cell}<>""' for cell in cells)
        return f"IF(AND({there}),{formula},{UNKNOWN})" if cells else formula

    def _cell_of(self, name: str) -> str:
        meaning, root = condition_names(self.context.tree)[name], self.context.tree.root.id
        if meaning.what in ("measure", "attribute"):
            return f"{{measures.{meaning.what}_{meaning.of}@}}"
        if meaning.what == "score":
            return "{@unadjusted_score}" if meaning.of == root else f"{{@score_{meaning.of}}}"
        return "{@coverage}" if meaning.of == root else f"{{@coverage_{meaning.of}}}"


def _hit(rule: Rule) -> str:
    return f"{{@rule_{rule.id}}}={{word.hit}}"


def _cell(rule: Rule, what: str = "value") -> str:
    return f"{{rule.{rule.id}.{what}}}"


def _near(cut: float) -> str:
    """Return how close under a stated cut it is reached."""
    return NEAR if leeway(cut) == TOLERANCE else repr(leeway(cut))


def _quoted(text: str) -> str:
    """Return a text as a formula writes it."""
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _number(value: float) -> str:
    return f"({value!r})".upper()
