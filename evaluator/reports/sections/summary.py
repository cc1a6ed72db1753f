"""The result in one screen: what was evaluated, when, how many, and what came out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from evaluator.present import charts
from evaluator.present.figures import stated
from evaluator.reports.context import Context
from evaluator.reports.population import Share, Spread, histogram, shares, spread
from evaluator.reports.sections.firmness import relative
from evaluator.tree.types import ClassOverride, Matrix
from evaluator.weighing.support import lone_experts, untested

LEADERS = 5


@dataclass(frozen=True)
class Breakdown:
    """How the rated customers share out among the grades, or the classes of one matrix."""

    id: str
    title: str
    shares: tuple[Share, ...]


@dataclass(frozen=True)
class Leader:
    """A customer at the head of the ranking."""

    rank: int
    id: str
    name: str
    score: float
    grade: str


@dataclass(frozen=True)
class Summary:
    """The whole result; `customers` counts everyone named in the data, whatever happened to them.

    `beware` is what must be known before anything else: that the most valuable are not rated.
    """

    title: str
    tree: str
    subject: str
    as_of: date
    window: tuple[date, date] | None
    created: datetime
    indicators: int
    experts: int
    customers: int
    rated: int
    insufficient: int
    excluded: int
    unmeasured: int
    beware: tuple[str, ...]
    finding: str
    warnings: tuple[str, ...]
    score: Spread | None
    bins: tuple[charts.Bin, ...]
    breakdowns: tuple[Breakdown, ...]
    leaders: tuple[Leader, ...]
    grade_bounds: tuple[tuple[str, float], ...]

    @property
    def not_rated(self) -> int:
        """How many have no rank, for whatever reason."""
        return self.customers - self.rated


def build(context: Context) -> Summary:
    """Return the summary of an evaluation."""
    evaluation, rated = context.evaluation, context.rated
    counts: dict[str, int] = dict(context.results.group_by("status").len().iter_rows())
    low, high = context.tree.score_range
    breakdowns = _breakdowns(context)
    return Summary(
        title=evaluation.title[context.language],
        tree=context.tree.name[context.language],
        subject=context.subject,
        as_of=evaluation.provenance.as_of,
        window=evaluation.measured.window,
        created=evaluation.provenance.created,
        indicators=len(context.tree.indicators),
        experts=len(context.reader.experts) if evaluation.weights.source == "experts" else 0,
        customers=context.results.height + len(evaluation.unrated),
        rated=rated.height,
        insufficient=counts.get("insufficient", 0),
        excluded=counts.get("excluded", 0),
        unmeasured=len(evaluation.unrated),
        beware=tuple(
            issue.sentence(context.language) for issue in evaluation.issues if issue.code == "SCORE-667"
        ),
        finding=_finding(context, breakdowns),
        warnings=tuple(_warnings(context, counts.get("insufficient", 0))),
        score=spread(rated["score"]),
        bins=histogram(rated["score"], low, high),
        breakdowns=breakdowns,
        leaders=_leaders(context),
        grade_bounds=tuple(
            (grade.name[context.language], grade.bound) for grade in context.tree.grades if grade.bound > low
        ),
    )


def draw(summary: Summary, context: Context) -> tuple[charts.Chart, ...]:
    """Return the distribution of the scores."""
    if not summary.rated:
        return ()
    return (
        charts.distribution(
            "scores", summary.bins, summary.grade_bounds, context.tree.score_range, context.text
        ),
    )


def _breakdowns(context: Context) -> tuple[Breakdown, ...]:
    grades = Breakdown(
        "grade", context.text("summary.grades"), shares(context.rated, "grade", context.grades)
    )
    matrices = (
        Breakdown(
            matrix.id,
            matrix.name[context.language],
            shares(context.rated, f"class_{matrix.id}", context.classes[matrix.id]),
        )
        for matrix in context.tree.matrices
    )
    return (grades, *matrices)


def _leaders(context: Context) -> tuple[Leader, ...]:
    columns = context.rated.head(LEADERS).select("rank", "id", "name", "score", "grade")
    return tuple(
        Leader(rank, id_, name, score, context.grades.get(grade or "", ""))
        for rank, id_, name, score, grade in columns.iter_rows()
    )


def _finding(context: Context, breakdowns: tuple[Breakdown, ...]) -> str:
    """Return the main finding as one sentence: of the first matrix where there is one, else of the grades."""
    rated = context.rated.height
    if not rated:
        return context.text("finding.nobody", subject=context.subject)
    if context.tree.matrices:
        return _finding_of_classes(context, context.tree.matrices[0], breakdowns[1].shares)
    score = spread(context.rated["score"])
    best = next(share for share in breakdowns[0].shares if share.count)
    return context.text(
        "finding.grades",
        subject=context.subject, rated=rated, median=score.median if score else 0.0,
        grade=best.name, count=best.count, share=best.count / rated,
    )  # fmt: skip


def _finding_of_classes(context: Context, matrix: Matrix, shared: tuple[Share, ...]) -> str:
    top = next(entry.id for entry in matrix.classes if (entry.x, entry.y) == _highest(matrix))
    best = next(share for share in shared if share.id == top)
    largest = max(shared, key=lambda share: share.count)
    values = {"subject": context.subject, "rated": context.rated.height, "high": _high(top, matrix, context)}
    values |= {"best": best.name, "best_count": best.count, "best_share": best.share}
    values |= {"largest": largest.name, "largest_count": largest.count, "largest_share": largest.share}
    if not best.count:
        return context.text("finding.none_best", **values)
    return context.text("finding.best_is_largest" if largest.id == top else "finding.classes", **values)


def _high(top: str, matrix: Matrix, context: Context) -> str:
    """Return that a class is high in both; empty where rules or other cells lead to it or away as well."""
    ruled = any(isinstance(rule, ClassOverride) and rule.matrix == matrix.id for rule in context.tree.rules)
    if ruled or sum(entry.id == top for entry in matrix.classes) > 1:
        return ""
    x, y = (context.name(context.tree.axes[axis.axis].id) for axis in (matrix.x, matrix.y))
    return context.text("finding.high", x=x, y=y)


def _highest(matrix: Matrix) -> tuple[str, str]:
    return matrix.x.levels[-1], matrix.y.levels[-1]


def _warnings(context: Context, insufficient: int) -> list[str]:
    """Return what a reader must know before using the result, most important first."""
    model = context.evaluation.model
    found: list[str] = []
    if insufficient:
        share = insufficient / context.results.height
        values = {
            "share": share,
            "minimum": stated(model.conventions.min_coverage),
            "subject": context.subject,
        }
        found.append(context.text("warning.insufficient", count=insufficient, **values))
    if context.evaluation.unrated:
        found.append(context.text("warning.unmeasured", count=len(context.evaluation.unrated),
                                  subject=context.subject))  # fmt: skip
    found += _warnings_of_weights(context)
    if relative(model):
        found.append(context.text("warning.relative", count=model.population, subject=context.subject))
    if context.tree.status == "reconstructed":
        found.append(context.text("warning.reconstructed"))
    return found


def _warnings_of_weights(context: Context) -> Iterator[str]:
    """Yield who does not count, and which criteria rest on contradictory, single or untested answers."""
    weights = context.evaluation.weights
    unused = (e for group in weights.groups for e in group.experts if not e.used)
    left_out = sorted({e.expert for e in unused if e.reason != "not_asked"})
    if left_out:
        names = context.reader.listed([context.reader.experts.get(expert, expert) for expert in left_out])
        yield context.text("warning.left_out", names=names, count=len(left_out))
    alone = {group for groups in lone_experts(weights.groups).values() for group in groups}
    criteria = {
        "lone": [g.group for g in weights.groups if g.group in alone],
        "untested": untested(weights.groups, weights.form),
        "joint": [g.group for g in weights.groups if g.joint and g.joint.verdict == "inconsistent"],
    }
    for key, groups in criteria.items():
        if groups:
            names = context.reader.listed(context.name(id_) for id_ in groups)
            yield context.text(f"warning.{key}", names=names)
    if weights.source == "given":
        yield context.text("warning.given")
