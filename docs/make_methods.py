"""Write docs/reference/methods.md: every registered method with its names, source and laws.

Run it from the project's root after registering a method: `python docs/make_methods.py`.
"""

from pathlib import Path

from evaluator import ahp, measuring, messages, scoring, weighing
from evaluator.registry import Method, Registry

PAGE = Path(__file__).parent / "reference" / "methods.md"
HEAD = """# Methods

Every method that a tree or a study may name, as `evaluator list methods` prints them; customer models stand
on [their own page](../models.md). A source in each row says where the method comes from.
"""
REGISTRIES: tuple[Registry, ...] = (
    ahp.CONVENTIONS, ahp.RANDOM_INDICES, ahp.SCALES, ahp.PRIORITIES, ahp.BEST_WORST, ahp.SCORE_READINGS,
    ahp.AGGREGATIONS, ahp.FUZZY_PRIORITIES, weighing.EXPERT_WEIGHTS, weighing.OBJECTIVE,
    weighing.COMBINATIONS, scoring.SCALES, scoring.SYNTHESES, scoring.OPERATORS, measuring.MEMBERSHIPS,
    scoring.CUTS, scoring.RULES, scoring.OPINIONS, scoring.ENGINES,
)  # fmt: skip


def page() -> str:
    """Return the page."""
    english, chinese = messages.catalogue("en"), messages.catalogue("zh")
    return HEAD + "".join(_kind(registry, english, chinese) for registry in REGISTRIES)


def _kind(registry: Registry, english: dict[str, str], chinese: dict[str, str]) -> str:
    key = f"kind.{registry.kind}"
    head = f"\n## {english[key][0].upper()}{english[key][1:]} {chinese[key]}\n\n"
    return f"{head}| name | English | 中文 | source |\n|---|---|---|---|\n" + "".join(
        map(_row, registry.methods())
    )


def _row(method: Method) -> str:
    cells = (f"`{method.name}`", method.title["en"], method.title["zh"], method.reference)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
