"""Write docs/measures.md: every measure the shipped trees ask for, and where it comes from.

Run it from the project's root after changing a tree: `python docs/make_measures.py`.
"""

from collections import defaultdict
from pathlib import Path

from evaluator.customers import MEASURES
from evaluator.tree import Indicator, bundled, load_tree
from evaluator.tree.types import Graded, Lookup

PAGE = Path(__file__).parent / "measures.md"
HEAD = """# What the shipped trees measure

Written by `docs/make_measures.py` from the trees; change a tree, not this page. A measure is a column of
the study's `measures` table, a grade by raters, or computed from orders; some can come from customer
models instead, as `evaluator list measures` shows. `evaluator init` writes the tables
with the headers a tree wants, and a dictionary of its own columns.

`growth` needs orders in 24 months before the as-of date, the first of them included
(`measure: {growth_months: 24}`); with a shorter history nobody has it, which is said (DATA-535). `regularity`
needs four days with a purchase.

| measure | 指标 | indicator | unit | from | what it holds | in |
|---|---|---|---|---|---|---|
"""


def page() -> str:
    """Return the page as text."""
    found: dict[str, list[tuple[str, Indicator]]] = defaultdict(list)
    for name in bundled():
        tree = load_tree(name)
        if tree.short_form:
            continue  # its own indicators stand in its branches
        for leaf in tree.indicators:
            found[leaf.measure].append((name, leaf))
    return HEAD + "".join(row(measure, found[measure]) for measure in sorted(found))


def row(measure: str, uses: list[tuple[str, Indicator]]) -> str:
    """Return one line: the measure as its first tree describes it, and every tree that reads it."""
    leaf = uses[0][1]
    unit = f"{leaf.unit.zh} / {leaf.unit.en}" if leaf.unit else _values(leaf)
    cells = (
        f"`{measure}`", leaf.name.zh, leaf.name.en, unit, _origin(leaf),
        leaf.definition.en if leaf.definition else "", ", ".join(dict.fromkeys(name for name, _ in uses)),
    )  # fmt: skip
    return f"| {' | '.join(cells)} |\n"


def _origin(leaf: Indicator) -> str:
    if isinstance(leaf.scale, Graded):
        return "raters"
    return "orders" if leaf.measure in MEASURES else "table"


def _values(leaf: Indicator) -> str:
    return " · ".join(leaf.scale.scores) if isinstance(leaf.scale, Lookup) else "grade"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
