"""What each tool answers: a sentence, and the numbers it rests on. Nothing here writes but `run`."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evaluator import messages
from evaluator.alike import as_data
from evaluator.errors import EvaluationError, Issue
from evaluator.mcp.root import Root

if TYPE_CHECKING:
    from evaluator.study import Study

FIRST = 20  # customers, where a tool is not told how many
KEPT = 4  # studies that stay open


@dataclass(frozen=True)
class Answer:
    """A sentence for whoever asked, and what it rests on."""

    says: str
    data: Mapping[str, Any]


@dataclass
class Desk:
    """Where tools work: the root, whether anything may be written, and the studies that are open.

    A study stays open until a file in its folder changes.
    """

    root: Root
    writes: bool = False
    language: str = "en"
    _open: dict[Path, tuple[object, Study]] = field(default_factory=dict)

    def study(self, stated: str) -> Study:
        """Return a study inside the root."""
        from evaluator.study import Study  # here, because a list of tools must not load the engine

        folder = self.root.study(stated)
        seen = tuple(_seen(folder))
        if folder not in self._open or self._open[folder][0] != seen:
            self._open.pop(folder, None)
            while len(self._open) >= KEPT:
                self._open.pop(next(iter(self._open)))
            self._open[folder] = (seen, Study(folder))
        return self._open[folder][1]

    def text(self, key: str, **values: object) -> str:
        """Return a sentence of the catalogues."""
        return messages.text(f"mcp.{key}", self.language, **values)

    def issues(self, issues: Any) -> list[dict[str, object]]:
        """Return issues as they are handed out."""
        return [as_data(issue, self.language) for issue in issues]


def _seen(folder: Path) -> Iterator[tuple[str, int, int]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            found = path.stat()
            yield path.as_posix(), found.st_size, found.st_mtime_ns


def list_trees(desk: Desk) -> Answer:
    """Return the trees that ship."""
    from evaluator.tree import bundled, load_tree

    rows = [
        {"tree": tree.id, "name": tree.name[desk.language], "subject": tree.subject, "status": tree.status,
         "indicators": len(tree.indicators), "pairs": tree.pairs}
        for tree in map(load_tree, bundled())
    ]  # fmt: skip
    return Answer(desk.text("trees", count=len(rows)), {"trees": rows})


def list_studies(desk: Desk) -> Answer:
    """Return the studies inside the root."""
    found = desk.root.studies()
    return Answer(desk.text("studies", count=len(found)), {"studies": list(found)})


def show_tree(desk: Desk, tree: str) -> Answer:
    """Return a tree, that ships or lies inside the root, node by node."""
    from evaluator.tree import load_tree

    found = load_tree(_tree(desk, tree))
    rows = found.to_frame().to_dicts()
    says = desk.text("tree", name=found.name[desk.language], indicators=len(found.indicators),
                     groups=len(found.groups), pairs=found.pairs)  # fmt: skip
    return Answer(
        says, {"id": found.id, "status": found.status, "source": found.source[desk.language], "nodes": rows}
    )


def _tree(desk: Desk, stated: str) -> str:
    """Return the name of a tree that ships, or the path of one inside the root."""
    from evaluator.tree import bundled

    return stated if stated in bundled() else str(desk.root.inside(stated))


def check(desk: Desk, what: str) -> Answer:
    """Return what a check of a study or a tree finds; what is wrong is the answer, not a failure."""
    try:
        issues, audit = _checked(desk, what)
    except EvaluationError as error:
        if any(issue.code.startswith("MCP-") for issue in error.issues):
            raise
        return Answer(
            desk.text("unsound", count=len(error.issues)),
            {"sound": False, "issues": desk.issues(error.issues)},
        )
    told = [
        {"principle": one.principle, "says": one.says(desk.language), "accepted": bool(one.accepted)}
        for one in audit
    ]
    says = desk.text("sound", issues=len(issues), findings=sum(not one["accepted"] for one in told))
    return Answer(says, {"sound": True, "issues": desk.issues(issues), "audit": told})


def _checked(desk: Desk, what: str) -> tuple[tuple[Issue, ...], tuple[Any, ...]]:
    from evaluator.study.tree import checked
    from evaluator.tree import bundled
    from evaluator.tree.audit import audit_tree

    if what not in bundled() and desk.root.inside(what).is_dir():
        study = desk.study(what)
        return study.check(data=True), study.audit(data=True)
    tree, issues = checked(_tree(desk, what))
    return tuple(issues), audit_tree(tree, today=date.today())


def weigh(desk: Desk, study: str) -> Answer:
    """Return the weights of a study, with the consistency of everyone they rest on."""
    weights = desk.study(study).weights
    experts = [one for group in weights.groups for one in group.experts]
    left = sum(not one.used for one in experts)
    says = desk.text(f"weighed.{weights.source}", name=weights.tree.name[desk.language],
                     experts=len({one.expert for one in experts}), left=left)  # fmt: skip
    rows = weights.to_frame().to_dicts()
    groups = [
        {"group": group.group, "cr": _known(group.joint.cr) if group.joint else None,
         "experts": [{"expert": one.expert, "cr": _known(one.judged.cr), "verdict": one.judged.verdict,
                      "used": one.used, "reason": one.reason} for one in group.experts]}
        for group in weights.groups
    ]  # fmt: skip
    return Answer(says, {"weights": rows, "groups": groups, "issues": desk.issues(weights.issues)})


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def score(desk: Desk, study: str, most: int = FIRST) -> Answer:
    """Return scores, grades and classes of the first customers, and how many there are of each."""
    found = desk.study(study).run()
    results = found.results
    rated = results.filter(results["status"] == "rated").sort("rank", "id")
    classes = [name for name in results.columns if name.startswith("class_")]
    rows = rated.select("id", "name", "score", "rank", "grade", "coverage", *classes).head(most).to_dicts()
    counts = dict(rated["grade"].value_counts().iter_rows())
    mean = rated["score"].mean()
    says = desk.text("scored", rated=rated.height, all=results.height + len(found.unrated),
                     mean=f"{mean:.1f}" if isinstance(mean, float) else "–", shown=len(rows))  # fmt: skip
    given = found.decisions.given() if found.decisions else {}
    return Answer(says, {"customers": rows, "rated": rated.height, "grades": counts, "actions": given,
                         "issues": desk.issues(found.issues)})  # fmt: skip


def explain(desk: Desk, study: str, customer: str) -> Answer:
    """Return where one customer's score comes from, and what would lift it."""
    from evaluator import analysis

    whole = desk.study(study)
    customer = whole.find(customer)
    own = whole.of(customer)
    found = analysis.explain(own.model, own.measured.frame, customer)
    lift = analysis.what_would_lift(own.model, own.measured.frame, customer)
    parts = sorted(
        (one for one in found.contributions if one.points), key=lambda one: -abs(one.points or 0.0)
    )
    named = (f"{found.called(one.indicator, desk.language)} {one.points:+.1f}" for one in parts[:3])
    names = desk.text("comma").join(named)
    key = "explained" if found.score is not None and found.status == "rated" else "not_rated"
    says = desk.text(key, name=found.name or found.id, score=f"{found.score or 0.0:.1f}", parts=names)
    called = {leaf: name[desk.language] for leaf, name in found.names.items()}
    return Answer(says, {**asdict(found), "names": called, "lift": asdict(lift)})


def plan(desk: Desk, study: str, budget: float | None = None, most: int = FIRST) -> Answer:
    """Return the best plan under the study's budget, or another."""
    found = desk.study(study).plan(budget=budget)
    made = found.plan
    says = desk.text("planned", actions=made.rows.height, customers=made.rows["id"].n_unique(),
                     value=f"{made.value:,.0f}", cost=f"{made.cost:,.0f}")  # fmt: skip
    rows = made.rows.sort("net", descending=True).head(most).to_dicts()
    money = {"value": made.value, "cost": made.cost, "budget": made.limits.budget, "gap": made.gap}
    effects = found.effects.to_dicts()
    return Answer(says, {**money, "given": rows, "all": made.rows.height, "effects": effects})


def compare(desk: Desk, last: str, now: str, most: int = FIRST) -> Answer:
    """Return what changed between two evaluations that were run."""
    from evaluator import analysis
    from evaluator.study import kept_evaluation

    first, second = (kept_evaluation(desk.root.study(stated)) for stated in (last, now))
    found = analysis.compare(first, second)
    names = {node.id: node.name[desk.language] for node in second.model.tree.nodes.values()}
    told = analysis.with_reasons(found, names, desk.language)
    rows = told.to_dicts()
    rows = sorted((row for row in rows if row.get("change")), key=lambda row: -abs(row["change"]))[:most]
    before, after = (f"{mean:.1f}" if mean is not None else "–" for mean in (found.last, found.now))
    says = desk.text("compared", last=before, now=after, count=found.counts.get("compared", 0))
    return Answer(says, {"last": found.last, "now": found.now, "steps": dict(found.steps),
                         "composition": found.composition, "counts": dict(found.counts), "customers": rows,
                         "issues": desk.issues(found.issues)})  # fmt: skip


def run(desk: Desk, study: str) -> Answer:
    """Run a study and write its results and reports."""
    from evaluator.study.only_run import only_run

    opened = desk.study(study)
    with only_run(opened.output):
        opened.keep_answers()
        written = [
            str(path) for one in opened.branches for path in (*one.save_results(), *one.save_reports())
        ]
    inside = [Path(path).resolve().relative_to(desk.root.folder).as_posix() for path in written]
    return Answer(desk.text("ran", count=len(inside)), {"written": inside})
