"""The model: everything that turns a customer's measures into a score, frozen in one file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from evaluator.customers import CustomerOptions
from evaluator.displayed import Displayed
from evaluator.documents import Day, Format
from evaluator.files import sealed, write_text
from evaluator.labels import Count, Id, Positive, Share
from evaluator.scoring.fuzzy import OPERATORS
from evaluator.scoring.options import FuzzyOptions, Leading
from evaluator.scoring.spreads import Baseline
from evaluator.scoring.syntheses import SYNTHESES
from evaluator.tree import Indicator, Tree
from evaluator.tree.shapes import Basis, Distribution, Moments
from evaluator.tree.types import Missing, Scale, Topsis, WholeSynthesis
from evaluator.weighing.procedure import CONVENTION

SCHEMA: Literal[1] = 1


class MatrixCuts(Format):
    """Where the two axes of a matrix are cut, as scores, rising.

    `x_bins` and `y_bins` say on how many bins natural breaks were found, where there were too many
    different scores to try each.
    """

    x: tuple[float, ...]
    y: tuple[float, ...]
    x_bins: int | None = None
    y_bins: int | None = None


class ProfileWeights(Format):
    """The weights of the customers whose attribute has one of these values, where they differ."""

    id: Id
    values: tuple[str, ...]
    local: dict[Id, Share]


class Override(Format):
    """A scale of the tree that the study replaced by its own."""

    indicator: Id
    stated: Scale
    own: Scale


class CombinedWeight(Format):
    """One indicator's global weights: the experts' or given ones, the data's, and both together."""

    indicator: Id
    subjective: Share
    objective: Share
    combined: Share


class Objective(Format):
    """The weights the data gave when the model was fitted, and how they joined those it was given."""

    method: str
    combine: str
    alpha: Share
    rows: tuple[CombinedWeight, ...]


class Conventions(Format):
    """The choices a number depends on, by name."""

    source: Literal["given", "experts"]
    convention: Annotated[str, Field(validation_alias=CONVENTION)]
    method: str
    aggregation: str
    min_coverage: Share


class Model(Displayed, Format):
    """A frozen evaluation model: a customer's score depends on it and on that customer alone.

    `tree` scores with the study's own scales already in place (`overrides` says which). `local` holds
    the weight of every node among its siblings. Read from the population, by indicator: `distributions`
    behind percentile scales, `moments` behind z scales, `limits` where winsorised measures end; by
    matrix: `cuts` of its axes. `population` is how many customers the model was fitted on, `as_of` the
    day their data end. With `fuzzy` there is a fuzzy evaluation as well, from raters' votes for the
    indicators under `votes`; `leading` says which score decides. `synthesis` joins scores up the tree
    where a group does not say its own. Where the leading score is not additive,
    `reference` holds the mean score of each leaf in the population: effects are explained against it.
    `objective` tells the weights the data gave, where `local` holds them joined with the experts'.
    `profiles` hold other weights for some customers, told apart by the attribute the tree's profiles go
    by; whom none takes has `local`. `unobserved` names the indicators that no customer had: they have no
    weight and no score, whatever later data hold, and count against nobody. `borderline` is the margin
    within which a cut is near. `customers` holds the options of the customer models its measures come
    from, with the references read from the population: measures of a later period are taken with them.
    `baseline` tells how measures and classes of the population spread; no score depends on it.
    """

    schema_: Annotated[Literal[1], Field(alias="schema")] = SCHEMA
    software: str
    fingerprint: str
    tree: Tree
    local: dict[Id, float]
    conventions: Conventions
    distributions: dict[Id, Distribution] = {}
    moments: dict[Id, Moments] = {}
    limits: dict[Id, tuple[float, float]] = {}
    cuts: dict[Id, MatrixCuts] = {}
    overrides: tuple[Override, ...] = ()
    synthesis: WholeSynthesis | None = None
    leading: Leading = "crisp"
    fuzzy: FuzzyOptions | None = None
    votes: tuple[Id, ...] = ()
    reference: dict[Id, float] = {}
    objective: Objective | None = None
    profiles: tuple[ProfileWeights, ...] = ()
    unobserved: tuple[Id, ...] = ()
    borderline: Positive | None = None
    customers: CustomerOptions | None = None
    population: Count
    as_of: Day | None = None
    baseline: Baseline | None = None

    def __repr__(self) -> str:
        return f"<Model of {self.tree.id}: {self.population:,} customers, {self.fingerprint[:12]}>"

    @cached_property
    def global_(self) -> dict[str, float]:
        """The share of every node in the total; the leaves sum to 1, the root has 1."""
        shares = {self.tree.root.id: 1.0}
        for group in self.tree.groups:
            for child in group.children:
                shares[child.id] = shares[group.id] * self.local[child.id]
        return shares

    def basis(self, leaf: Indicator) -> Basis:
        """Return what the scale of a leaf rests on: scores and grades of the tree, and the population."""
        known = self.distributions.get(leaf.id), self.moments.get(leaf.id)
        return Basis(*self.tree.score_range, *known, self.tree.grades)

    def missing(self, leaf: Indicator) -> Missing:
        """Return what is done where a leaf has no score: what its tree says, if anybody ever had one."""
        return "redistribute" if leaf.id in self.unobserved else leaf.missing

    @property
    def varying(self) -> frozenset[str]:
        """The nodes whose weight depends on the profile of the customer."""
        return frozenset(node for profile in self.profiles for node in profile.local)

    def of_profile(self, profile_id: str | None) -> Model:
        """Return the model with the weights of one profile for everyone; itself for those of none."""
        return self._by_profile.get(profile_id or "", self)

    @cached_property
    def _by_profile(self) -> dict[str, Model]:
        return {entry.id: self.reweighted({**self.local, **entry.local}) for entry in self.profiles}

    def reweighted(
        self, local: Mapping[str, float], profiles: tuple[ProfileWeights, ...] | None = None
    ) -> Model:
        """Return the model with other weights; everything frozen in it stays as it is."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        own = self.profiles if profiles is None else profiles
        return Model.model_construct(**{**fields, "local": dict(local), "profiles": own})

    @property
    def by_closeness(self) -> bool:
        """Whether the total is the closeness of all leaves to the best scores, and no join of criteria."""
        return isinstance(self.synthesis, Topsis) and self.tree.root.synthesis is None

    @property
    def additive(self) -> bool:
        """Whether the leaves' points add up to the leading score of every customer."""
        if self.leading == "fuzzy" and self.fuzzy:
            return "additive" in OPERATORS[self.fuzzy.operator].laws
        stated = None if isinstance(self.synthesis, Topsis) else self.synthesis
        own = [group.synthesis or stated for group in self.tree.groups]
        joined_by_sums = all("additive" in SYNTHESES[entry.kind].laws for entry in own if entry)
        return joined_by_sums and not self.by_closeness

    def save(self, path: str | Path) -> None:
        """Write the model as one sealed JSON file, whole or not at all; see `model_file.load_model`."""
        write_text(path, json.dumps(self._sealed, ensure_ascii=False, indent=1, allow_nan=False) + "\n")

    @property
    def digest(self) -> str:
        """The sum over all its content, which stands in its file."""
        return str(self._sealed["digest"])

    @property
    def _sealed(self) -> dict[str, Any]:
        return sealed(self.model_dump(mode="json", by_alias=True, exclude_none=True))


def software_version() -> str:
    """Return the version of the installed software, as a model records it."""
    try:
        return version("evaluator")
    except PackageNotFoundError:
        return "0+source"
