"""Lists of one row per customer that stand beside each other: who they are, and what was measured of them."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.data.header_names import plain
from evaluator.data.inline_yaml import flow
from evaluator.errors import Issue, Severity
from evaluator.study.measure_columns import measures_told
from evaluator.study.recognising import Recognised

_SAME = 0.5  # share of the customers of a list that another must name to be a list of the same
_SHOWN = 3


def measures_apart(parts: Sequence[Recognised]) -> tuple[list[Recognised], list[Recognised]]:
    """Return lists of customers in two: who they are, and the one that tells most measures of the same.

    Where only one kind of list is there, nothing stands apart.
    """
    groups: dict[frozenset[str], list[Recognised]] = {}
    for part in parts:
        groups.setdefault(frozenset(plain(seen.header) for seen in part.look.columns), []).append(part)
    told = {key: len(measures_told(group[0])) for key, group in groups.items()}
    most = max(told, key=lambda key: told[key], default=frozenset())
    rest = [part for key, group in groups.items() if key != most for part in group]
    if not rest or not told[most] or max(told[key] for key in told if key != most) == told[most]:
        return list(parts), []
    largest = max(rest, key=lambda part: part.look.rows.height * len(part.placed))
    measured = groups[most]
    if not all(same_customers(part, largest) for part in measured):
        return list(parts), []
    return rest, measured


def same_customers(one: Recognised, other: Recognised) -> bool:
    """Return whether most customers of the shorter of two lists stand in the other."""
    mine, theirs = _customers(one), _customers(other)
    return len(mine & theirs) > _SAME * min(len(mine), len(theirs))


def left_aside(part: Recognised, used: Recognised, *, measured: bool) -> Issue:
    """Return the warning that a list of customers is not used, with the lines that take its columns.

    There is one table of measures, so that there are none where the study has one.
    """
    detail = {"rows": part.look.rows.height, "used": used.look.name}
    who = part.column("id")
    free = [seen for seen in part.rest if seen.numbers] or list(part.rest)
    if measured or who is None or not free:
        return Issue("STUDY-397", part.look.name, detail, severity=Severity.WARNING)
    own = {f"own_{number}": seen.header for number, seen in enumerate(free[:_SHOWN], 1)}
    sheet = {"sheet": part.look.sheet} if part.look.sheet else {}
    table = {"file": str(part.look.path.resolve()), **sheet, "columns": {"id": who.header, **own}}
    detail |= {
        "headers": ", ".join(seen.header for seen in part.rest),
        "attributes": flow({"attributes": [{"id": name, "name": header} for name, header in own.items()]})[
            1:-1
        ],
        "table": flow({"measures": table})[1:-1],
    }
    return Issue("STUDY-396", part.look.name, detail, severity=Severity.WARNING)


def _customers(part: Recognised) -> set[str]:
    who = part.column("id")
    return set(part.look.values(who.position).drop_nulls()) if who else set()
