"""The file of a model: read back only if it is what was written, and within what a model can hold."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from evaluator.errors import EvaluationError, Issue, Location, Severity
from evaluator.files import read_bytes, seal_fits
from evaluator.messages import Term
from evaluator.scoring.model import SCHEMA, Model
from evaluator.tree import Group, Tree, tree_fingerprint
from evaluator.tree.types import Percentile, ZScore

_NEAR = 1e-6


def load_model(path: str | Path) -> Model:
    """Return a saved model; its scores are those of the model that was saved, to the last bit.

    Raises
    ------
    EvaluationError
        As `read_model`.
    """
    return read_model(path)[0]


def read_model(path: str | Path) -> tuple[Model, tuple[Issue, ...]]:
    """Return a saved model, with notes where it was written without a seal or an old name in it was read as
    today's.

    The seal is a digest of the content: it proves that nothing was damaged or changed by hand, not who
    wrote the file.

    Raises
    ------
    EvaluationError
        when the file cannot be read, is no model, is damaged, was written in another schema, differs from its
        seal, does not belong to its tree, or has numbers that no model can hold.
    """
    name, where = Path(path).name, Location(str(path))
    data = _content(path, name, where)
    if data.get("schema") != SCHEMA:
        detail = {"found": data.get("schema"), "known": SCHEMA}
        raise EvaluationError([Issue("SCORE-603", name, detail, where=where)])
    try:
        model = Model.model_validate_json(json.dumps({k: v for k, v in data.items() if k != "digest"}))
    except ValidationError as error:
        raise EvaluationError(_damage(name, error, where)) from None
    except ValueError as error:  # numbers that JSON has no word for
        raise EvaluationError([Issue("SCORE-602", name, {"reason": str(error)}, where=where)]) from error
    if changed := _changed(model):
        raise EvaluationError([Issue("SCORE-604", name, {"part": changed}, where=where)])
    if impossible := _impossible(model):
        detail = {"part": Term(f"model.part.{impossible}")}
        raise EvaluationError([Issue("SCORE-607", name, detail, where=where)])
    fits = seal_fits(data)
    if fits is False:
        raise EvaluationError([Issue("SCORE-605", name, where=where)])
    notes = () if fits else (Issue("SCORE-606", name, where=where, severity=Severity.NOTE),)
    if "profile" in data["conventions"]:
        notes = (*notes, Issue("SCORE-608", name, where=where, severity=Severity.NOTE))
    return model, notes


def _content(path: str | Path, name: str, where: Location) -> dict[str, Any]:
    try:
        data = json.loads(read_bytes(path).decode("utf-8"))
    except OSError as error:
        reason: object = error.strerror or str(error)
        raise EvaluationError([Issue("SCORE-601", name, {"reason": reason}, where=where)]) from error
    except RecursionError:
        reason = Term("model.damage.deep")
    except ValueError as error:
        reason = str(error)
    else:
        if isinstance(data, dict):
            return data
        reason = Term("model.damage.object")
    raise EvaluationError([Issue("SCORE-602", name, {"reason": reason}, where=where)])


def _damage(name: str, error: ValidationError, where: Location) -> list[Issue]:
    issues = []
    for problem in error.errors():
        place = ".".join(str(part) for part in problem["loc"] if not str(part).startswith("<"))
        issues.append(Issue("SCORE-602", name, {"reason": f"{place}: {problem['msg']}"}, where=where))
    return issues


def _changed(model: Model) -> str | None:
    """Return the part of a model that does not belong to its tree, or None."""
    tree = model.tree
    percentiles = {leaf.id for leaf in tree.indicators if isinstance(leaf.scale, Percentile)}
    deviations = {leaf.id for leaf in tree.indicators if isinstance(leaf.scale, ZScore)}
    levels = {matrix.id: (len(matrix.x.levels) - 1, len(matrix.y.levels) - 1) for matrix in tree.matrices}
    parts = {
        "tree": model.fingerprint == tree_fingerprint(tree),
        "local": model.local.keys() == tree.nodes.keys(),
        "fuzzy": bool(model.fuzzy) or not (model.votes or model.leading == "fuzzy"),
        "reference": model.reference.keys()
        == (set() if model.additive else {leaf.id for leaf in tree.indicators}),
        "profiles": {entry.id for entry in model.profiles}
        == {entry.id for entry in (tree.profiles.of if tree.profiles else ())},
        "votes": set(model.votes) <= tree.nodes.keys(),
        "distributions": model.distributions.keys() == percentiles,
        "moments": model.moments.keys() == deviations,
        "limits": model.limits.keys() <= {leaf.id for leaf in tree.indicators if leaf.winsorise},
        "unobserved": set(model.unobserved) <= {leaf.id for leaf in tree.indicators}
        and not any(model.local.get(leaf) for leaf in model.unobserved),
        "cuts": {name: (len(cuts.x), len(cuts.y)) for name, cuts in model.cuts.items()} == levels,
    }
    return next((part for part, fits in parts.items() if not fits), None)


def _impossible(model: Model) -> str | None:
    """Return the part of a model that holds numbers no fit can give, or None."""
    tree = model.tree
    scores = [grade.score for grade in tree.grades]
    low, high = min(0.0, *scores), max(100.0, *scores)
    parts = {
        "weights": _shares(tree, model.local)
        and all(_shares(tree, {**model.local, **entry.local}) for entry in model.profiles),
        "reference": all(low <= score <= high for score in model.reference.values()),
        "cuts": all(_rising(cuts.x) and _rising(cuts.y) for cuts in model.cuts.values()),
        "distributions": all(
            _rising(knot[0] for knot in entry.knots)
            and _rising(knot[1] for knot in entry.knots)
            and all(0 <= share <= 1 for _, share in entry.knots)
            for entry in model.distributions.values()
        ),
        "limits": all(_rising(limits) for limits in model.limits.values()),
    }
    return next((part for part, possible in parts.items() if not possible), None)


def _shares(tree: Tree, local: Mapping[str, float]) -> bool:
    """True if the weights of all siblings are shares of one; a group without weight may have none."""
    return all(0 <= share <= 1 + _NEAR for share in local.values()) and all(
        _one(group, local) for group in tree.groups
    )


def _one(group: Group, local: Mapping[str, float]) -> bool:
    total = math.fsum(local[child.id] for child in group.children)
    return abs(total - 1) <= _NEAR or (total == 0 and local[group.id] == 0)


def _rising(values: Iterable[float]) -> bool:
    return all(low <= high for low, high in pairwise(values))
