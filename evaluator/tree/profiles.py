"""The types of weight profiles: other weights for customers in another stage, or of another type."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from evaluator.documents import Format
from evaluator.labels import Id, Label, Level, Weight
from evaluator.tree.titled import Titled

DEFAULT = "default"
"""The profile of everyone whom no other profile takes: the weights of the tree or of the experts."""


class Profile(Titled):
    """A profile: the values that tell who has it, and the weights that differ there.

    `weights` are points or shares among siblings; of the children of one criterion all or none.
    """

    values: Annotated[tuple[Level, ...], Field(min_length=1)]
    weights: Annotated[dict[Id, Weight], Field(min_length=1)]


class Profiles(Format):
    """The weight profiles of a tree and the attribute that tells them apart; off unless a study asks."""

    by: Id
    source: Label
    of: Annotated[tuple[Profile, ...], Field(min_length=1)]
