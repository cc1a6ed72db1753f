"""Weight profiles: who was scored with which weights, and how the weights differ."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from evaluator.columns import mean_of
from evaluator.reports.context import Context
from evaluator.tree.profiles import DEFAULT


@dataclass(frozen=True)
class ProfileRow:
    """A profile: whose it is, how many customers have it and their mean score, and its weights in order."""

    id: str
    name: str
    values: tuple[str, ...]
    count: int
    rated: int
    score: float | None
    weights: tuple[float, ...]


@dataclass(frozen=True)
class WeightProfiles:
    """The profiles, the default one last; `nodes` names the criteria and indicators weighed otherwise."""

    subject: str
    by: str
    source: str
    asked: bool
    ids: tuple[str, ...]
    nodes: tuple[str, ...]
    profiles: tuple[ProfileRow, ...]

    @property
    def default(self) -> ProfileRow:
        """The profile of everybody without one."""
        return self.profiles[-1]


def build(context: Context) -> WeightProfiles | None:
    """Return the weight profiles of an evaluation; None where they are off."""
    model, profiles = context.evaluation.model, context.tree.profiles
    if profiles is None or not model.profiles:
        return None
    nodes = [node for node in context.tree.nodes if node in model.varying]
    named = {entry.id: entry.name[context.language] for entry in profiles.of}
    rows = [_row(entry.id, named[entry.id], entry.values, nodes, context) for entry in model.profiles]
    rows.append(_row(DEFAULT, context.text("profiles.default"), (), nodes, context))
    judged = {
        group.group: bool(group.experts)
        for own in context.evaluation.profiles.values()
        for group in own.groups
    }
    changed = {context.tree.parents[node].id for node in nodes}
    return WeightProfiles(
        subject=context.subject,
        by=context.attribute(profiles.by),
        source=profiles.source[context.language],
        asked=any(judged.get(group, False) for group in changed),
        ids=tuple(nodes),
        nodes=tuple(context.name(node) for node in nodes),
        profiles=tuple(rows),
    )


def profile_names(context: Context) -> dict[str, str]:
    """Return the name of each profile by id, the default one last; none where they are off."""
    if not context.evaluation.model.profiles or context.tree.profiles is None:
        return {}
    own = {entry.id: entry.name[context.language] for entry in context.tree.profiles.of}
    return own | {DEFAULT: context.text("profiles.default")}


def _row(profile: str, name: str, values: tuple[str, ...], nodes: list[str], context: Context) -> ProfileRow:
    own = context.results.filter(pl.col("profile") == profile)
    rated = own.filter(pl.col("status") == "rated")
    local = context.evaluation.model.of_profile(profile).local
    return ProfileRow(
        id=profile,
        name=name,
        values=values,
        count=own.height,
        rated=rated.height,
        score=mean_of(rated["score"]),
        weights=tuple(local[node] for node in nodes),
    )
