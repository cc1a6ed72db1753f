"""What flags and actions of a tree or study must mean: what is wrong, each at its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from evaluator.actions.flags import names_in, shipped_flags
from evaluator.actions.reach import unknown_classes, without_action
from evaluator.actions.words import actions_of, flags_of
from evaluator.columns import Kind, amount, condition
from evaluator.customers import MEASURES, MODEL_MEASURES
from evaluator.documents import Document, Key
from evaluator.errors import EvaluationError, Issue, Location, Severity, nearest
from evaluator.messages import Named
from evaluator.tree import Tree
from evaluator.tree.decisions import Action, Flag, FlagChange, FlagWords
from evaluator.tree.names import condition_names
from evaluator.tree.types import GRADE

TEXTS = ("owner", "region", "name", GRADE)
"""Attributes of customers that every table may have, and the grade."""

_RESULTS = frozenset({*TEXTS, "cut_distance", "rank"})

Read = Callable[..., Any]


def check_decisions(tree: Tree, document: Document, *, money: bool = True) -> Iterator[Issue]:
    """Yield what is wrong with the flags and actions that a document states; `tree` has them in place.

    What cannot be meant is an error, a class without an action a note.

    Parameters
    ----------
    money : whether costs and gains may be stated; they belong to a company, not to a tree for many.
    """
    data = document.data if isinstance(document.data, dict) else {}
    known = known_names(tree)
    if "flags" in data and tree.flags is not None:
        yield from _flags(tree.flags, data["flags"], known, document)
    if "actions" in data:
        yield from _actions(tree, known, document, money=money)
    if {"actions", "decides"} & data.keys():
        for name, title in without_action(tree, known):
            where = document.where(("actions",))
            yield Issue("ACTION-116", Named(name, title), severity=Severity.NOTE, where=where)


def known_names(tree: Tree) -> dict[str, Kind]:
    """Return what conditions of flags and actions may speak of, and whether it is a number or a text.

    >>> from evaluator.tree import load_tree
    >>> names = known_names(load_tree("customer_value"))
    >>> names["class_current_potential"], names["flag_at_risk"], names["churn_probability"]
    ('text', 'truth', 'number')
    """
    kinds: dict[str, Kind] = {name: meaning.kind for name, meaning in condition_names(tree).items()}
    for measure in MODEL_MEASURES.methods():
        kinds.setdefault(measure.name, "text" if measure.function.classes else "number")
    for name in (*MEASURES.names(), *_shipped_names(), "cut_distance", "rank"):
        kinds.setdefault(name, "number")
    kinds |= dict.fromkeys(TEXTS, "text")
    kinds |= {f"class_{matrix.id}": "text" for matrix in tree.matrices}
    kinds |= {f"flag_{flag.id}": "truth" for flag in flags_of(tree)}
    return kinds


def measures_named(tree: Tree) -> dict[str, Kind]:
    """Return what flags and actions speak of besides what a tree knows: measures a study's tables may have.

    >>> from evaluator.tree import load_tree
    >>> named = measures_named(load_tree("quick_value"))
    >>> named["overdue_share"], "score" in named, "flag_overdue" in named
    ('number', False, False)
    """
    said = [text for flag in flags_of(tree) for text in (flag.when, flag.money or "")]
    said += [
        text for one in actions_of(tree) for text in (one.when or "", str(one.cost), str(one.gain or ""))
    ]
    own, known = condition_names(tree).keys() | _RESULTS, known_names(tree)
    names = sorted(set().union(*map(names_in, said)) - own)
    return {n: known[n] for n in names if n in known and not n.startswith(("flag_", "class_"))}


def _shipped_names() -> set[str]:
    said = {name for flag in shipped_flags() for name in names_in(flag.when) | names_in(flag.money or "")}
    return {name for name in said if not name.startswith(("flag_", "class_")) and name != GRADE}


def _flags(
    words: FlagWords, stated: Mapping[str, Any], known: Mapping[str, Kind], document: Document
) -> Iterator[Issue]:
    """A change or an off is of a flag there is, and an addition takes no other's place."""
    shipped = [flag.id for flag in shipped_flags()]
    there = [*shipped, *(flag.id for flag in words.add)]
    own = {
        name: getattr(words, name)[len(getattr(words, name)) - len(stated.get(name, ())) :] for name in stated
    }
    for index, change in enumerate(own.get("change", ())):
        if change.id not in there:
            yield _unknown_flag(change.id, there, document.where(("flags", "change", index, "id")))
        yield from _read_flag(change, known, document, ("flags", "change", index))
    for index, name in enumerate(own.get("off", ())):
        if name not in there:
            yield _unknown_flag(name, there, document.where(("flags", "off", index)))
    for index, flag in enumerate(own.get("add", ())):
        if there.count(flag.id) > 1:
            yield Issue("ACTION-111", flag.id, where=document.where(("flags", "add", index, "id")))
        yield from _read_flag(flag, known, document, ("flags", "add", index))


def _unknown_flag(name: str, there: list[str], where: Location) -> Issue:
    return Issue("ACTION-110", name, hint=nearest(name, there), where=where)


def _read_flag(
    flag: Flag | FlagChange, known: Mapping[str, Kind], document: Document, key: Key
) -> Iterator[Issue]:
    if flag.when is not None:
        yield from _problems(condition, flag.when, known, document.where((*key, "when")))
    if flag.money is not None:
        yield from _problems(amount, flag.money, known, document.where((*key, "money")))


def _actions(tree: Tree, known: Mapping[str, Kind], document: Document, *, money: bool) -> Iterator[Issue]:
    """Two of one name, classes nobody has, costs below 0, money in a tree."""
    seen: set[str] = set()
    for index, action in enumerate(tree.actions):
        key: Key = ("actions", index)
        if action.id in seen:
            yield Issue("ACTION-112", action.id, where=document.where((*key, "id")))
        seen.add(action.id)
        if action.when is not None:
            where = document.where((*key, "when"))
            problems = _problems(condition, action.when, known, where)
            yield from problems or _classes(action, tree, known, where)
        if not money and (action.cost or action.gain is not None):
            yield Issue("ACTION-115", action.id, where=document.where(key))
        yield from _money(action, known, document, key)


def _classes(action: Action, tree: Tree, known: Mapping[str, Kind], where: Location) -> Iterator[Issue]:
    for name, value, there in unknown_classes(action.when or "", tree, known):
        yield Issue("ACTION-113", value, {"action": action.id, "of": name}, nearest(value, there), where)


def _money(action: Action, known: Mapping[str, Kind], document: Document, key: Key) -> Iterator[Issue]:
    if not isinstance(action.cost, str) and action.cost < 0:
        yield Issue("ACTION-114", action.id, {"cost": action.cost}, where=document.where((*key, "cost")))
    names: dict[str, Kind] = {**known, "horizon": "number"}
    if action.effect is not None:
        names["effect"] = "number"
    for name in ("cost", "gain"):
        if isinstance(said := getattr(action, name), str):
            yield from _problems(amount, said, names, document.where((*key, name)))


def _problems(read: Read, text: str, known: Mapping[str, Kind], where: Location) -> tuple[Issue, ...]:
    try:
        read(text, known, where=where)
    except EvaluationError as error:
        return error.issues
    return ()
