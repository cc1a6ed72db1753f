"""The demo's folder: everything a real study would hold, made from one seed, never twice over."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

import numpy as np

from evaluator import files
from evaluator.demo.cases import CASES, planted, stated
from evaluator.demo.dealings import since, write_dealings
from evaluator.demo.market import Market, market
from evaluator.demo.opinions import answer, judgments
from evaluator.demo.previous import END, LEFT, leave_behind, study_of, write_orders_before
from evaluator.demo.records import companies, kinds, number, write_customers, write_orders, write_types
from evaluator.demo.surveys import last_year, write_grades, write_measures
from evaluator.demo.trade import Sale, trade
from evaluator.demo.voices import write_voices
from evaluator.demo.words import story_text, study_text, words
from evaluator.documents import load, validate
from evaluator.errors import EvaluationError, Issue, Location
from evaluator.forms import write_questionnaires
from evaluator.forms.names import file_names
from evaluator.study.file import StudyFile
from evaluator.study.previous import FOLDER
from evaluator.tree import load_tree
from evaluator.weighing.panel import Expert

SEED = 20240101
_DEALINGS = ("service_costs", "wallet", "relations", "network", "referrals", "info_points")
_VOICES = (
    *("survey", "kano", "loyalty", "complaints", "churn_events"),
    *("capability", "performance", "checklist", "idic"),
)
_OFFER = ("offer", "delivered")
_STREAMS = (
    *("market", "trade", "customers", "orders", "measures", "grades", "judgments", "since"),
    *_DEALINGS,
    *_VOICES,
    *_OFFER,
    "types",
    "measures_before",
    "grades_before",
)


@dataclass(frozen=True)
class Made:
    """What happened to the demo's folder: the files made now, and those that were there and stay."""

    folder: Path
    seed: int
    made: tuple[Path, ...]
    kept: tuple[Path, ...]


def make(folder: str | Path, *, language: str = "zh", seed: int = SEED) -> Made:
    """Make the demo study in a folder; whatever is there already stays as it is.

    The same seed and language give the same data. A folder made before goes on with the seed and
    language recorded in its `study.yaml`, so files that were deleted come back as they were.

    Raises
    ------
    EvaluationError
        when the folder holds other files or a study that is not the demo, or cannot be written.
    """
    place = Path(folder)
    _refuse_others(place)
    path = place / "study.yaml"
    made, kept = [], []
    if path.exists():
        kept.append(path)
    else:
        files.write_text(path, study_text(language, seed=seed))
        made.append(path)
    study = validate(load(path), StudyFile)
    world = _World(study.seed or seed, study.language)
    for name, write in world.tables(study.tree, place).items():
        target = place / "data" / name
        if target.exists():
            kept.append(target)
        else:
            write(target)
            made.append(target)
    new, old = _ask(world, study, place)
    left = [place / FOLDER / name for name in LEFT]
    for paths, write_all in (([place / "README.md"], world.write_story), (left, world.write_previous)):
        missing = [path for path in paths if not path.exists()]
        if missing:
            write_all(place)
        made += missing
        kept += [path for path in paths if path not in missing]
    return Made(place, world.seed, (*made, *new), (*kept, *old))


class _World:
    """The invented market behind all files; each part draws from a stream of its own."""

    def __init__(self, seed: int, language: str) -> None:
        self.seed = seed
        self.words = words(language)
        children = np.random.SeedSequence(seed).spawn(len(_STREAMS))
        self._seeds = dict(zip(_STREAMS, children, strict=True))

    def stream(self, name: str) -> np.random.Generator:
        return np.random.default_rng(self._seeds[name])

    @cached_property
    def market(self) -> Market:
        return planted(market(self.stream("market")))

    @cached_property
    def sales(self) -> tuple[Sale, ...]:
        return trade(self.stream("trade"), self.market)

    def tables(self, tree: str, folder: Path) -> dict[str, Callable[[Path], None]]:
        """Return how each data file is written, by name."""
        customers, said = self.market, self.words
        known_since = since(self.stream("since"), customers)
        return {
            "customers.csv": lambda path: write_customers(
                path, self.stream("customers"), customers, said, known_since
            ),
            "customer_types.csv": lambda path: write_types(
                path, self.stream("types"), kinds(self.stream("customers"), customers.count), said
            ),
            "orders.xlsx": lambda path: write_orders(path, self.stream("orders"), self.sales, said),
            "measures.csv": lambda path: write_measures(
                path, self.stream("measures"), customers, last_year(customers, self.sales), said, stated()
            ),
            "grades.csv": lambda path: write_grades(
                path, self.stream("grades"), customers, load_tree(tree, folder=folder), said
            ),
            **{f"{name}.csv": partial(self._dealings, name) for name in (*_DEALINGS, *_OFFER)},
            **{f"{name}.csv": partial(self._voices, name) for name in _VOICES},
        }

    def write_story(self, folder: Path) -> None:
        """Write what the demo is about, with the names of the customers that are argued about."""
        rng = self.stream("customers")
        kinds(rng, self.market.count)
        names = [name for name, _ in companies(rng, self.market.count, self.words)]
        called = {key: f"{names[case.index]} ({number(case.index)})" for key, case in CASES.items()}
        files.write_text(folder / "README.md", story_text(self.words.language, called))

    def write_previous(self, folder: Path) -> None:
        """Write what last year's evaluation left behind: it is computed here, from the data of then."""
        document, customers, said = load(folder / "study.yaml"), self.market, self.words
        study = validate(document, StudyFile)
        year = last_year(customers, self.sales, end=END)
        with files.temporary_folder(folder) as aside:
            text = study_of(document.data, folder / study.judgments[0], self.seed)
            files.write_text(aside / "study.yaml", text)
            known_since = since(self.stream("since"), customers)
            write_customers(
                aside / "customers.csv", self.stream("customers"), customers, said, known_since, end=END
            )
            write_orders_before(aside / "orders.csv", self.sales, said)
            rng = self.stream("measures_before")
            write_measures(aside / "measures.csv", rng, customers, year, said, stated(before=True))
            tree = load_tree(study.tree, folder=folder)
            write_grades(aside / "grades.csv", self.stream("grades_before"), customers, tree, said)
            leave_behind(aside, folder / FOLDER)

    def _dealings(self, name: str, path: Path) -> None:
        year = last_year(self.market, self.sales)
        write_dealings(path, self.stream(name), name, self.market, year, self.words)

    def _voices(self, name: str, path: Path) -> None:
        write_voices(path, self.stream(name), name, self.market, self.words)


def _refuse_others(folder: Path) -> None:
    path = folder / "study.yaml"
    if path.exists():
        data = load(path).data
        if not isinstance(data, dict) or "seed" not in data:
            raise EvaluationError([Issue("STUDY-321", str(folder), where=Location(str(path)))])
    elif folder.is_dir() and any(not entry.name.startswith(".") for entry in folder.iterdir()):
        raise EvaluationError([Issue("STUDY-322", str(folder), where=Location(str(folder)))])


def _ask(world: _World, study: StudyFile, folder: Path) -> tuple[list[Path], list[Path]]:
    """Write and answer the questionnaires aside, then put in place those that are not there yet."""
    target = folder / study.judgments[0]
    experts = tuple(Expert(e.id, e.name or e.id, e.role, e.weight) for e in study.experts)
    paths = [target / name for name in file_names(experts)]
    if all(path.exists() for path in paths):
        return [], paths
    tree = load_tree(study.tree, folder=folder)
    convention = study.convention or ("cn" if study.language == "zh" else "strict")
    given = judgments(world.stream("judgments"), tree, experts, convention=convention)
    made, kept = [], []
    with files.temporary_folder(folder) as aside:
        for written in write_questionnaires(tree, experts, aside, language=study.language):
            path = target / written.path.name
            if path.exists():
                kept.append(path)
                continue
            own = [judgment for judgment in given if judgment.expert == written.expert.id]
            answer(written.path, tree, own, language=study.language)
            target.mkdir(parents=True, exist_ok=True)
            os.replace(written.path, path)
            made.append(path)
    return made, kept
