"""Index scores as national barometers compute them: of one latent figure, and of a model of several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from evaluator.columns import at_most, enter, reaches, to_polars
from evaluator.displayed import Displayed
from evaluator.errors import EvaluationError, Issue, not_among, raise_errors

Array = NDArray[np.float64]
Paths = Sequence[tuple[str, str]]

CCSI_PATHS: Paths = (
    ("image", "expectation"),
    ("image", "quality"),
    ("image", "value"),
    ("image", "satisfaction"),
    ("expectation", "quality"),
    ("expectation", "value"),
    ("expectation", "satisfaction"),
    ("quality", "value"),
    ("quality", "satisfaction"),
    ("value", "satisfaction"),
    ("satisfaction", "loyalty"),
)
"""品牌形象、预期质量、感知质量、感知价值、满意度、忠诚: the six figures of the Chinese index and its eleven
paths, reconstructed from descriptions; the standard's own text was not seen."""

_MOST, _ENOUGH = 300, 1e-10


def index_score(ratings: ArrayLike, weights: ArrayLike, *, low: float = 1.0, high: float = 10.0) -> Array:
    """Return the index 0–100 of the means of several questions, (..., k) and (k,) → (...,).

    Σ w_k (x̄_k − low)/(high − low) · 100 with weights brought to the sum of 1; the American index asks for
    overall satisfaction, against expectation, and against the ideal, from 1 to 10.

    Raises
    ------
    EvaluationError
        weights negative or all 0, a rating beyond the scale.

    Limits: comparable only under the same weights. A missing rating (NaN) leaves the index missing.

    References
    ----------
    Fornell et al. (1996), doi:10.1177/002224299606000403.

    >>> round(float(index_score([8, 7, 6], [0.3885, 0.3190, 0.2925])), 2)
    67.73
    """
    x, w = np.asarray(ratings, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    issues = []
    if not (np.isfinite(w).all() and (w >= 0).all() and w.sum() > 0):
        issues.append(Issue("CUST-910", "weights"))
    beyond = ~(reaches(x, low) & at_most(x, high))
    if beyond.any():
        detail = {"count": int(beyond.sum()), "low": low, "high": high, "examples": "–"}
        issues.append(Issue("CUST-940", "ratings", detail))
    raise_errors(issues)
    return np.asarray(100 * ((x - low) / (high - low)) @ (w / w.sum()))


@dataclass(frozen=True)
class PathModel(Displayed):
    """A model of latent figures fitted by partial least squares.

    Parameters
    ----------
    weights : `latent`, `item`, `weight` (of the standardised item), `loading` (correlation with its
        figure), `share` (weight on the item's own scale, summing to 1 within a figure).
    paths : `source`, `target`, `coefficient`; `r2` : explained share of each figure explained at all.
    scores : the figures of every respondent, 0–100, in the order they came; `index` : their means.
    negative : figures with a negative share, whose score may leave 0–100.
    respondents : how many answered everything; only they were used.
    """

    weights: pl.DataFrame
    paths: pl.DataFrame
    r2: Mapping[str, float]
    scores: pl.DataFrame
    index: Mapping[str, float]
    negative: tuple[str, ...]
    respondents: int
    iterations: int


def path_model(
    answers: Any,
    blocks: Mapping[str, Sequence[str]],
    paths: Paths = CCSI_PATHS,
    *,
    low: float = 1.0,
    high: float = 10.0,
) -> PathModel:
    """Fit a satisfaction model by partial least squares: reflective blocks (mode A), centroid scheme.

    In turn each figure is the weighted sum y_j of its items, z_j = Σ sign(r_ij) y_i over the figures
    joined to it by a path, and the weights become the items' correlations with z_j; the paths are least
    squares of the resulting figures. An index is Σ share·(x − low)/(high − low)·100.

    Parameters
    ----------
    answers : one row per respondent with a column per item, as numbers from `low` to `high`.
    blocks : the items of each latent figure, by its name.
    paths : (source, target) pairs of figures; sources must not depend on their targets.

    Raises
    ------
    EvaluationError
        a column is missing; a path to a figure without block; too few complete answers, or an item that is
        the same for all; a figure without path, or no convergence.

    Limits: respondents with a gap are left out. Weights hold for these answers only; freeze them to compare
    periods. Coefficients of few respondents are unstable.

    References
    ----------
    Tenenhaus, Esposito Vinzi, Chatelin & Lauro (2005), doi:10.1016/j.csda.2004.03.005; Lohmöller (1989),
    Latent Variable Path Modeling with Partial Least Squares, Physica.

    >>> table = pl.DataFrame({"q": [3.0, 5, 8, 9, 4], "s": [4.0, 5, 9, 8, 3]})
    >>> fitted = path_model(table, {"quality": ["q"], "satisfaction": ["s"]}, [("quality", "satisfaction")])
    >>> round(fitted.paths["coefficient"][0], 3), round(fitted.index["quality"], 1)
    (0.925, 53.3)
    """
    table = _complete(answers, blocks, paths)
    names = list(blocks)
    sizes = [len(blocks[name]) for name in names]
    raw = table.to_numpy()
    deviation = raw.std(axis=0, ddof=1)
    standard = (raw - raw.mean(axis=0)) / deviation
    parts = np.split(standard, np.cumsum(sizes)[:-1], axis=1)
    outer, turns = _outer_weights(parts, _joined(names, paths))
    figures = np.column_stack([part @ w for part, w in zip(parts, outer, strict=True)])
    coefficients, r2 = _inner(figures, names, paths)
    shares = [
        w / s / (w / s).sum() for w, s in zip(outer, np.split(deviation, np.cumsum(sizes)[:-1]), strict=True)
    ]
    levels = np.split(100 * (raw - low) / (high - low), np.cumsum(sizes)[:-1], axis=1)
    scores = pl.DataFrame({n: level @ share for n, level, share in zip(names, levels, shares, strict=True)})
    loadings = [np.corrcoef(part.T, figures[:, j])[-1, :-1] for j, part in enumerate(parts)]
    rows = [
        (name, item, *figures_of)
        for name, w, loading, share in zip(names, outer, loadings, shares, strict=True)
        for item, *figures_of in zip(
            blocks[name], w.tolist(), np.atleast_1d(loading).tolist(), share.tolist(), strict=True
        )
    ]
    return PathModel(
        pl.DataFrame(rows, schema=["latent", "item", "weight", "loading", "share"], orient="row"),
        coefficients,
        r2,
        scores,
        {name: fmean(scores[name]) for name in names},
        tuple(name for name, share in zip(names, shares, strict=True) if (share < 0).any()),
        table.height,
        turns,
    )


def _complete(answers: Any, blocks: Mapping[str, Sequence[str]], paths: Paths) -> pl.DataFrame:
    """Return the answers of those who answered every item, in the order of the blocks."""
    frame = to_polars(enter(answers).frame)
    items = [item for block in blocks.values() for item in block]
    issues = [*not_among("CUST-901", items, frame.columns, {"headers": ", ".join(frame.columns)})]
    ends = dict.fromkeys(name for path in paths for name in path)
    issues += not_among("CUST-908", ends, blocks, {"column": "paths"})
    issues += [Issue("CUST-946", name) for name in blocks if name not in ends]
    raise_errors(issues)
    table = frame.select(pl.col(items).cast(pl.Float64)).fill_nan(None).drop_nulls()
    constant = [item for item in items if table[item].n_unique() < 2]
    if table.height <= max(map(len, blocks.values())) + 1 or constant:
        detail = {"count": table.height, "items": ", ".join(constant) or "–"}
        raise EvaluationError([Issue("CUST-945", "answers", detail)])
    return table


def _joined(names: Sequence[str], paths: Paths) -> Array:
    joined = np.zeros((len(names), len(names)))
    for source, target in paths:
        i, j = names.index(source), names.index(target)
        joined[i, j] = joined[j, i] = 1
    return joined


def _outer_weights(parts: Sequence[Array], joined: Array) -> tuple[list[Array], int]:
    """Alternate between inner and outer estimates until no weight moves by more than 1e-10."""
    weights = [np.ones(part.shape[1]) / (part @ np.ones(part.shape[1])).std(ddof=1) for part in parts]
    rows = len(parts[0])
    for turn in range(1, _MOST + 1):
        figures = np.column_stack([part @ w for part, w in zip(parts, weights, strict=True)])
        inner = figures @ (np.sign(np.corrcoef(figures.T)) * joined)
        found = []
        for part, z in zip(parts, inner.T, strict=True):
            w = part.T @ ((z - z.mean()) / z.std(ddof=1)) / (rows - 1)
            found.append(w / (part @ w).std(ddof=1))
        moved = max(float(np.abs(new - old).max()) for new, old in zip(found, weights, strict=True))
        weights = found
        if moved < _ENOUGH:
            return weights, turn
    raise EvaluationError([Issue("CUST-946", "paths")])


def _inner(figures: Array, names: Sequence[str], paths: Paths) -> tuple[pl.DataFrame, dict[str, float]]:
    rows, r2 = [], {}
    for target in dict.fromkeys(target for _, target in paths):
        sources = [source for source, to in paths if to == target]
        x, y = figures[:, [names.index(source) for source in sources]], figures[:, names.index(target)]
        coefficients = np.linalg.lstsq(x, y, rcond=None)[0]
        rows += [(s, target, c) for s, c in zip(sources, coefficients.tolist(), strict=True)]
        r2[target] = 1 - float(((y - x @ coefficients) ** 2).sum() / (y**2).sum())
    return pl.DataFrame(rows, schema=["source", "target", "coefficient"], orient="row"), r2
