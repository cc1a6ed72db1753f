"""What trees, judgments, weights and models show: the hierarchy, what each node weighs, how consistent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from evaluator import messages
from evaluator.ahp.consistency_ratio import Consistency
from evaluator.errors import EvaluationError
from evaluator.present import charts
from evaluator.present.blocks import Cell, Facts, Table, View, fact, heads, notes, table, words
from evaluator.present.kinds import Kind
from evaluator.present.reader import Reader
from evaluator.scoring.model import Model
from evaluator.tree import Group, Tree
from evaluator.weighing.node_weights import weigh
from evaluator.weighing.panel import Expert, Panel
from evaluator.weighing.weights import Weights

MOST = 40  # matrices of a batch


def tree(found: Tree, reader: Reader) -> View:
    """Yield the hierarchy as a drawing and as a table."""
    language = reader.language
    yield words(reader, "notebook.tree", "lead", name=found.name[language], indicators=len(found.indicators),
                groups=len(found.groups), pairs=found.pairs)  # fmt: skip
    if found.description:
        yield words(reader, "notebook.text", text=found.description[language])
    shares = {name: share for name, share in _stated(found).items() if name != found.root.id}
    yield _drawn(found, shares, reader)
    yield _nodes(found, shares, {}, reader)


def weights(found: Weights, reader: Reader) -> View:
    """Yield what every indicator weighs, how consistent everyone was, and what must be known beside it."""
    asked = len({one.expert for group in found.groups for one in group.experts})
    name = found.tree.name[reader.language]
    yield words(reader, f"notebook.weights.{found.source}", "lead", name=name, experts=asked,
                convention=found.convention)  # fmt: skip
    yield from notes(reader, found.issues, "note")
    yield _bars(found.tree, found.global_, reader)
    ratios = list(_ratios(found, reader))
    if ratios:
        yield charts.consistency("consistency", ratios, reader.text)
        yield _evidence(found, reader)
    yield _nodes(found.tree, found.local, found.global_, reader)


def model(found: Model, reader: Reader) -> View:
    """Yield what a frozen model rests on."""
    yield words(reader, "notebook.model", "lead", name=found.tree.name[reader.language])
    conventions = found.conventions
    yield Facts((
        fact(reader, reader.text("notebook.population"), found.population, "count"),
        fact(reader, reader.text("notebook.as_of"), found.as_of, "day"),
        fact(reader, reader.text("notebook.convention"), conventions.convention),
        fact(reader, reader.text("notebook.min_coverage"), conventions.min_coverage, "share"),
        fact(reader, reader.text("notebook.fingerprint"), found.fingerprint[:12], "id"),
    ))  # fmt: skip
    yield _bars(found.tree, found.global_, reader)
    yield _nodes(found.tree, found.local, found.global_, reader)


def panel(found: Panel, reader: Reader) -> View:
    """Yield who was asked, and how many comparisons each made."""
    yield words(reader, "notebook.panel", "lead", experts=len(found.experts), answers=len(found.judgments))
    yield from notes(reader, found.issues, "note")
    counts: dict[str, int] = {}
    for answer in found.judgments:
        counts[answer.expert] = counts.get(answer.expert, 0) + 1
    rows = [
        (one.name or one.id, one.role, one.weight, counts.get(one.id, 0), _model(found, one))
        for one in found.experts
    ]
    kinds: dict[str, Kind] = {
        "expert": "text",
        "role": "text",
        "say": "quantity",
        "answers": "count",
        "by": "text",
    }
    yield _table(rows, kinds, reader)


def _model(found: Panel, expert: Expert) -> str:
    groups = (found.model(expert, group) for group in found.by_group)
    return next((model for model in groups if model), "")


def consistency(found: Consistency, reader: Reader) -> View:
    """Yield the figures of one judgment matrix, or of several, one to a line."""
    verdicts = np.atleast_1d(found.verdict).ravel()
    count = {name: int((verdicts == name).sum()) for name in ("consistent", "inconsistent", "not_testable")}
    yield words(reader, "notebook.consistency.lead", "lead", count=len(verdicts), **count)
    figures = {name: np.atleast_1d(getattr(found, name)).ravel() for name in
               ("n", "lambda_max", "ci", "ri", "cr", "limit")}  # fmt: skip
    rows = [
        (str(row + 1), *(_number(values[row]) for values in figures.values()), _verdict(verdict, reader))
        for row, verdict in enumerate(verdicts[:MOST])
    ]
    kinds: dict[str, Kind] = {"matrix": "text", "n": "count", "lambda_max": "exact_weight",
                              "ci": "exact_weight", "ri": "exact_weight", "cr": "exact_weight",
                              "limit": "quantity", "verdict": "text"}  # fmt: skip
    tested = figures["cr"], figures["limit"]
    ratios = [
        charts.Ratio(str(name), str(name), float(cr), float(limit), verdict == "consistent")
        for (name, *_), cr, limit, verdict in zip(rows, *tested, verdicts, strict=False)
        if np.isfinite(cr)
    ]
    if ratios:
        yield charts.consistency("consistency", ratios, reader.text)
    yield _table(rows, kinds, reader, note=reader.text("notebook.consistency.by", method=found.method,
                 convention=found.convention, scale=found.scale), total=len(verdicts))  # fmt: skip


def _stated(found: Tree) -> Mapping[str, float]:
    """Return the shares a tree states; nothing where it leaves them to experts."""
    try:
        return weigh(found).local
    except EvaluationError:
        return {}


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _verdict(verdict: str, reader: Reader) -> str:
    return messages.text(f"verdict.{verdict}", reader.language)


def _bars(found: Tree, total: Mapping[str, float], reader: Reader) -> charts.Chart:
    language = reader.language
    rows = [
        charts.Bar(leaf.name[language], _branch(found, leaf.id).name[language], total[leaf.id])
        for leaf in found.indicators
    ]
    return charts.weights("weights", rows, reader.text)


def _branch(found: Tree, node: str) -> Group:
    """Return the criterion directly below the root that a node belongs to."""
    path = found.path(node)
    branch = found.nodes[path[1]] if len(path) > 2 else found.root
    assert isinstance(branch, Group)
    return branch


def _drawn(found: Tree, shares: Mapping[str, float], reader: Reader) -> charts.Chart:
    places = {node: row for row, node in enumerate(found.nodes)}
    nodes = [
        charts.Branch(
            entry.name[reader.language],
            len(found.path(node)) - 1,
            places[found.parents[node].id] if node in found.parents else None,
            not isinstance(entry, Group),
            reader.say(shares[node], "weight") if node in shares else "",
        )
        for node, entry in found.nodes.items()
    ]
    return charts.tree("tree", *reader.caption("notebook.hierarchy"), nodes)


def _nodes(
    found: Tree, local: Mapping[str, float], total: Mapping[str, float], reader: Reader
) -> Table:  # fmt: skip
    language = reader.language
    rows: list[tuple[Cell, ...]] = []
    for node, entry in found.nodes.items():
        leaf = None if isinstance(entry, Group) else entry
        name = "\u2003" * (len(found.path(node)) - 1) + entry.name[language]
        unit = leaf.unit[language] if leaf and leaf.unit else None
        rows.append((name, node, local.get(node), total.get(node), leaf.measure if leaf else None, unit))
    kinds: dict[str, Kind] = {"node": "text", "id": "id", "local": "weight", "global": "weight",
                              "measure": "id", "unit": "text"}  # fmt: skip
    if not total:
        kinds.pop("global")
        rows = [(*row[:3], *row[4:]) for row in rows]
    return _table(rows, kinds, reader)


def _ratios(found: Weights, reader: Reader) -> Iterator[charts.Ratio]:
    for group in found.groups:
        name = found.tree.nodes[group.group].name[reader.language]
        for one in group.experts:
            if np.isfinite(one.judged.cr):
                yield charts.Ratio(name, one.expert, one.judged.cr, one.judged.limit, one.used)


def _evidence(found: Weights, reader: Reader) -> Table:
    rows = [
        (found.tree.nodes[group.group].name[reader.language], one.expert, _number(one.judged.cr),
         one.judged.limit, _verdict(one.judged.verdict, reader),
         reader.text("chart.used" if one.used else "chart.left_out"))
        for group in found.groups
        for one in group.experts
    ]  # fmt: skip
    kinds: dict[str, Kind] = {
        "criterion": "text", "expert": "text", "cr": "exact_weight", "limit": "quantity", "verdict": "text",
        "counted": "text",
    }  # fmt: skip
    return _table(rows, kinds, reader)


def _table(
    rows: Sequence[tuple[Cell, ...]], kinds: Mapping[str, Kind], reader: Reader, *, note: str = "",
    total: int = 0,
) -> Table:  # fmt: skip
    shown = table("", heads(reader, "notebook.column", kinds), rows, note=note)
    return replace(shown, total=max(total, shown.total))
