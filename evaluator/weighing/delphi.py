"""Delphi screening of candidate indicators: which ones the experts want to keep, and by what figures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evaluator import ahp
from evaluator.brief import Brief
from evaluator.columns import at_most, reaches
from evaluator.displayed import Displayed
from evaluator.errors import Issue, nearest, raise_errors

Criterion = Literal["mean", "full", "variation"]
Decision = Literal["keep", "discuss", "drop"]


@dataclass(frozen=True)
class Screened(Brief):
    """One candidate: mean score, share of full scores, coefficient of variation, and what follows.

    `misses` are the criteria it does not reach. A candidate that misses none is kept, one that misses
    all three dropped, and the others are for the experts to discuss. Figures of one that nobody
    scored are NaN, and it is discussed.
    """

    indicator: str
    answers: int
    mean: float
    full: float
    variation: float
    misses: tuple[Criterion, ...]
    decision: Decision


@dataclass(frozen=True)
class Screening(Displayed):
    """A round of screening.

    Attributes
    ----------
    bounds : what each criterion asks for, from the candidates themselves (mean less, or for the
        variation plus, one standard deviation). response : experts who answered over those invited.
    w, chi2, df, p : Kendall's concordance of the experts who scored every candidate.
    authority : Cr of each expert who stated Ca and Cs; its mean is `mean_authority`, NaN without any.
    """

    rows: tuple[Screened, ...]
    bounds: Mapping[Criterion, float]
    experts: int
    response: float
    w: float
    chi2: float
    df: int
    p: float
    authority: Mapping[str, float]
    mean_authority: float


def screen(
    scores: Mapping[str, Mapping[str, float | None]],
    indicators: Sequence[str],
    *,
    lowest: float = 1.0,
    highest: float = 5.0,
    invited: int | None = None,
    authority: Mapping[str, tuple[float, float]] | None = None,
) -> Screening:
    """Return what a panel's scores say about candidate indicators, by the boundary rule.

    A candidate should reach the mean of all candidates less one standard deviation in mean score and
    in the share of full scores, and stay within the mean plus one in the coefficient of variation. A
    figure that just reaches its bound has reached it.

    Parameters
    ----------
    scores : by expert, then indicator; None or absent is a score not given.
    lowest, highest : ends of the scale; `highest` is the full score.
    invited : experts who were asked. Default: those who scored anything.
    authority : Ca and Cs by expert, each from 0 to 1.

    Raises
    ------
    EvaluationError
        nobody scored anything; a score of no candidate, with the nearest; a score outside the scale;
        authority out of range.

    References
    ----------
    Dalkey, N., Helmer, O. (1963), Management Science 9(3), 458–467. doi:10.1287/mnsc.9.3.458

    >>> round_one = {"li": {"a": 5, "b": 4, "c": 1}, "wu": {"a": 5, "b": 5, "c": 3}}
    >>> [(row.indicator, row.decision) for row in screen(round_one, ["a", "b", "c"]).rows]
    [('a', 'keep'), ('b', 'keep'), ('c', 'discuss')]
    """
    known = tuple(indicators)
    raise_errors(_problems(scores, known, lowest, highest, authority or {}))
    S = np.array([[_figure(row.get(name)) for name in known] for row in scores.values()])
    answered = ~np.isnan(S)
    heard = int(answered.any(-1).sum())
    columns = _figures(S, highest)
    bounds = _bounds(columns)
    ranks = ahp.concordance(S)
    cr = {name: (ca + cs) / 2 for name, (ca, cs) in (authority or {}).items()}
    return Screening(
        tuple(
            _screened(name, int(count), tuple(figures), bounds)
            for name, count, *figures in zip(
                known, answered.sum(0), *(column.tolist() for column in columns), strict=True
            )
        ),
        bounds,
        heard,
        heard / (invited or heard),
        float(ranks.w),
        float(ranks.chi2),
        ranks.df,
        float(ranks.p),
        cr,
        sum(cr.values()) / len(cr) if cr else math.nan,
    )


def _figure(score: float | None) -> float:
    return math.nan if score is None else float(score)


def _figures(S: NDArray[np.float64], highest: float) -> tuple[NDArray[np.float64], ...]:
    """Return mean, share of full scores, and coefficient of variation of each candidate."""
    answered = ~np.isnan(S)
    count = answered.sum(0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(answered, S, 0.0).sum(0) / count
        full = reaches(S, highest).sum(0) / count
        squares = np.where(answered, (S - mean) ** 2, 0.0).sum(0)
        variation = np.sqrt(squares / (count - 1)) / mean
    return mean, full, np.where(count > 1, variation, np.nan)


def _bounds(columns: tuple[NDArray[np.float64], ...]) -> dict[Criterion, float]:
    names: tuple[Criterion, ...] = ("mean", "full", "variation")
    bounds: dict[Criterion, float] = {}
    for name, column in zip(names, columns, strict=True):
        known = column[~np.isnan(column)]
        spread = known.std(ddof=1) if len(known) > 1 else 0.0
        side = 1 if name == "variation" else -1
        bounds[name] = float(known.mean() + side * spread) if len(known) else math.nan
    return bounds


def _screened(
    name: str, answers: int, figures: tuple[float, ...], bounds: Mapping[Criterion, float]
) -> Screened:
    mean, full, variation = figures
    reached: dict[Criterion, bool] = {
        "mean": reaches(mean, bounds["mean"]),
        "full": reaches(full, bounds["full"]),
        "variation": math.isnan(variation) or at_most(variation, bounds["variation"]),
    }
    misses = tuple(criterion for criterion, held in reached.items() if not held)
    decision: Decision = "keep" if not misses else "drop" if len(misses) == len(reached) else "discuss"
    return Screened(name, answers, mean, full, variation, misses, decision)


def _problems(
    scores: Mapping[str, Mapping[str, float | None]],
    known: Sequence[str],
    lowest: float,
    highest: float,
    authority: Mapping[str, tuple[float, float]],
) -> list[Issue]:
    issues = []
    for expert, row in scores.items():
        for name, score in row.items():
            if name not in known:
                issues.append(Issue("WEIGH-545", name, {"expert": expert}, nearest(name, known)))
            elif score is not None and not (math.isfinite(score) and lowest <= score <= highest):
                limits = {"found": score, "lowest": lowest, "highest": highest}
                issues.append(Issue("WEIGH-546", name, {"expert": expert, **limits}))
    for expert, (ca, cs) in authority.items():
        if not (0 <= ca <= 1 and 0 <= cs <= 1 and ca + cs > 0):
            issues.append(Issue("WEIGH-531", expert, {"ca": ca, "cs": cs}))
    if not any(score is not None for row in scores.values() for score in row.values()):
        issues.append(Issue("WEIGH-544", ", ".join(scores)))
    return issues
