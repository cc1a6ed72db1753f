"""What the firm is asked about: abilities, factors and checklists, as content that can be replaced."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from evaluator.documents import Format, load, validate
from evaluator.labels import Id, Label, Name, Positive

_HERE = Path(__file__).parent


class CapabilityItem(Format):
    """An item of an ability: what it is called and by what it is judged."""

    id: Id
    name: Name
    measure: Label | None = None
    weight: Positive = 1.0


class Ability(Format):
    """An ability with its items."""

    id: Id
    name: Name
    weight: Positive = 1.0
    items: Annotated[tuple[CapabilityItem, ...], Field(min_length=1)]


class Factor(Format):
    """An influence on the abilities."""

    id: Id
    name: Name


class CapabilityStructure(Format):
    """Abilities and influence factors; see `capability_structure`."""

    id: Id
    name: Name
    source: Label
    abilities: Annotated[tuple[Ability, ...], Field(min_length=1)]
    factors: tuple[Factor, ...] = ()

    def items(self) -> Iterator[tuple[Ability, CapabilityItem]]:
        """Yield every item with its ability."""
        for ability in self.abilities:
            for item in ability.items:
                yield ability, item


class CheckItem(Format):
    """A statement that is true of the firm or not."""

    id: Id
    name: Name


class CheckLevel(Format):
    """A level with the statements that make it up."""

    id: Id
    name: Name
    items: Annotated[tuple[CheckItem, ...], Field(min_length=1)]


class LevelChecklist(Format):
    """Levels, lowest first."""

    name: Name
    source: Label
    levels: Annotated[tuple[CheckLevel, ...], Field(min_length=1)]


class PartChecklist(Format):
    """Parts that a whole must have."""

    name: Name
    source: Label
    parts: Annotated[tuple[CheckItem, ...], Field(min_length=1)]


class Checklists(Format):
    """Every checklist of the firm."""

    maturity: LevelChecklist
    relationship: LevelChecklist
    interaction: PartChecklist
    diagnosis: PartChecklist


def capability_structure(path: str | Path | None = None) -> CapabilityStructure:
    """Return the abilities and factors that ship, or those of a file.

    Raises
    ------
    EvaluationError
        DOC codes of the file.

    >>> [ability.id for ability in capability_structure().abilities]
    ['insight', 'value', 'lifecycle']
    """
    place = Path(path) if path else _HERE / "crm_capability.yaml"
    return validate(load(place, place.name), CapabilityStructure)


@lru_cache(maxsize=1)
def checklists() -> Checklists:
    """Return the checklists that ship.

    >>> [level.id for level in checklists().maturity.levels]
    ['basic', 'intermediate', 'advanced', 'breakthrough']
    """
    place = _HERE / "checklists.yaml"
    return validate(load(place, place.name), Checklists)
