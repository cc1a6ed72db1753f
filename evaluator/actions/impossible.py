"""Flags and actions that no customer can get, where columns they speak of are not there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from evaluator.actions.flags import read
from evaluator.brief import Brief
from evaluator.columns import Condition, Junction, Kind, Negation, names_of
from evaluator.messages import Listing, Named, Phrase
from evaluator.tree.decisions import Action, Flag

BOTH = frozenset((True, False))
NEITHER: frozenset[bool] = frozenset()


@dataclass(frozen=True)
class Impossible(Brief):
    """Flags that nobody can carry and actions that can apply to nobody, whatever the columns hold."""

    flags: tuple[Flag, ...]
    actions: tuple[Action, ...]


def impossible(flags: Sequence[Flag], actions: Sequence[Action], kinds: Mapping[str, Kind]) -> Impossible:
    """Return the flags and actions whose conditions nobody can meet with the columns there are.

    >>> from evaluator.actions import shipped_flags
    >>> found = impossible(shipped_flags(), [], {"recency_days": "number", "cut_distance": "number"})
    >>> "at_risk" in [flag.id for flag in found.flags], "dormant" in [flag.id for flag in found.flags]
    (True, False)
    """
    outcomes: dict[str, frozenset[bool]] = {}
    known = dict(kinds)
    for flag in flags:
        outcomes[f"flag_{flag.id}"] = _of(flag.when, known, outcomes)
        known[f"flag_{flag.id}"] = "truth"
    never = [flag for flag in flags if True not in outcomes[f"flag_{flag.id}"]]
    idle = [one for one in actions if one.when is not None and True not in _of(one.when, known, outcomes)]
    return Impossible(tuple(never), tuple(idle))


def listed(key: str, named: Sequence[Flag | Action], language: str | None = None) -> Phrase | str:
    """Return part of a sentence that names flags or actions, in a language without ids; nothing of none."""
    names = (Named(one.name[language] if language else one.id, one.name) for one in named)
    return Phrase(f"actions.impossible.{key}", {"names": Listing(tuple(names))}) if named else ""


def _of(text: str, kinds: Mapping[str, Kind], outcomes: Mapping[str, frozenset[bool]]) -> frozenset[bool]:
    """Return what a condition can come to for a customer: true, false, both or neither."""
    said, absent = read(text, kinds)
    return _possible(said, absent, outcomes)


def _possible(said: Condition, absent: Set[str], outcomes: Mapping[str, frozenset[bool]]) -> frozenset[bool]:
    if isinstance(said, Negation):
        return frozenset(not one for one in _possible(said.of, absent, outcomes))
    if isinstance(said, Junction):
        parts = [_possible(part, absent, outcomes) for part in said.parts]
        settles = said.word == "or"  # one part that is so settles it; for the contrary all must be
        one = {settles} if any(settles in part for part in parts) else set()
        return frozenset(one | ({not settles} if all((not settles) in part for part in parts) else set()))
    names = {name.name for name in names_of(said)}
    if names & absent:
        return NEITHER
    (name,) = names if len(names) == 1 else ("",)
    return outcomes.get(name, BOTH)
