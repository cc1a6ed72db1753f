"""What the file of an expert is called: a name every operating system accepts."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.files import stems
from evaluator.weighing.panel import Expert


def file_names(experts: Sequence[Expert]) -> tuple[str, ...]:
    """Return the file name of each expert's workbook, from id and name, all different in any case.

    >>> file_names([Expert("e1", "张三"), Expert("con"), Expert("a/b", "A:?")])
    ('e1_张三.xlsx', 'con_.xlsx', 'a_b_A__.xlsx')
    """
    told = (
        expert.id if expert.name in ("", expert.id) else f"{expert.id}_{expert.name}" for expert in experts
    )
    return tuple(f"{stem}.xlsx" for stem in stems(told, "expert"))
