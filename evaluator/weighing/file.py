"""Weights as a file: saved with their evidence, read back for the tree they belong to."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from evaluator import files
from evaluator.documents import Format
from evaluator.errors import EvaluationError, Issue, Location, raise_errors
from evaluator.tree import Tree
from evaluator.weighing.node_weights import products
from evaluator.weighing.panel import Form
from evaluator.weighing.procedure import CONVENTION
from evaluator.weighing.weights import GroupWeights, Weights


class WeightsFile(Format):
    """The format of a weights file; figures that cannot be had are null."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    tree: str
    source: Literal["given", "experts"]
    convention: Annotated[str, Field(validation_alias=CONVENTION)]
    method: str
    aggregation: str
    groups: tuple[GroupWeights, ...]
    issues: tuple[Issue, ...] = ()
    expert_weights: str = ""
    scale: str = "linear"
    form: Form = "pairs"


def save_weights(weights: Weights, path: str | Path) -> None:
    """Write weights with their evidence as JSON, whole or not at all; raises as `files.replacing` does."""
    fields = (
        "source", "convention", "method", "aggregation", "groups", "issues", "expert_weights", "scale",
        "form",
    )  # fmt: skip
    stated = {name: getattr(weights, name) for name in fields}
    content = WeightsFile.model_validate({"schema": 1, "tree": weights.tree.id, **stated})
    files.write_text(path, content.model_dump_json(by_alias=True, indent=1) + "\n")


def load_weights(path: str | Path, tree: Tree) -> Weights:
    """Return the weights of a file that `save_weights` wrote, for the tree they belong to.

    Labels, scales and the order of children may have changed since; groups and their children not.

    Raises
    ------
    EvaluationError
        not readable; not a weights file, or its weights do not sum to 1; groups of the tree that the file was
        not made for.
    """
    where = Location(str(path))
    try:
        content = WeightsFile.model_validate_json(files.read_bytes(path))
    except OSError as error:
        reason = error.strerror or str(error)
        raise EvaluationError([Issue("DOC-002", str(path), {"reason": reason}, where=where)]) from error
    except ValidationError as error:
        raise EvaluationError([_not_weights(path, error, where)]) from None
    issues = [
        Issue("WEIGH-514", group.group, {"reason": f"Σ = {math.fsum(group.local)!r}"}, where=where)
        for group in content.groups
        if len(group.local) != len(group.children) or abs(math.fsum(group.local) - 1) > 1e-9
    ]
    issues += [Issue("WEIGH-515", name, {"tree": tree.id}, where=where) for name in _changed(content, tree)]
    raise_errors(issues)
    groups = {group.group: group for group in content.groups}
    ordered = tuple(groups[group.id] for group in tree.groups)
    return Weights(
        tree, content.source, content.convention, content.method, content.aggregation, ordered,
        *products(ordered, tree), content.issues, content.expert_weights, content.scale,
        content.form,
    )  # fmt: skip


def _not_weights(path: str | Path, error: ValidationError, where: Location) -> Issue:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return Issue("WEIGH-514", str(path), {"reason": f"{place}: {first['msg']}".lstrip(": ")}, where=where)


def _changed(content: WeightsFile, tree: Tree) -> list[str]:
    """Return the groups whose children are not those of the file, and those only one side has."""
    stored = {group.group: frozenset(group.children) for group in content.groups}
    wanted = {group.id: frozenset(child.id for child in group.children) for group in tree.groups}
    names = dict.fromkeys([*wanted, *stored])
    return [name for name in names if stored.get(name) != wanted.get(name)]
