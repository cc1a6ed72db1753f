"""What those who filled in forms, and the files that came back, are called where nobody is to be named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import PurePath

from evaluator import messages
from evaluator.errors import Location
from evaluator.evaluation import Evaluation
from evaluator.weighing.panel import BestWorstAnswer, ImportanceScore, Judgment, Remark

_OF_FORMS = "JUDGE-"  # codes of what is said of forms, also of files that were not read


def codes_of_people(evaluation: Evaluation, experts: Mapping[str, str], language: str) -> dict[str, str]:
    """Return the code that stands for each id and name of those who filled in forms.

    `experts` are the codes of the experts by id; everybody else is R1, R2, … An id that is a mere number, or
    that of a customer, stands as it is.
    """
    panel, found = evaluation.panel, dict[str, str]()
    for expert in panel.experts if panel else ():
        found |= dict.fromkeys(filter(None, (expert.id, expert.name)), experts[expert.id])
    customers = set(evaluation.results["id"].filter(evaluation.results["id"].is_in(list(evaluation.people))))
    others = (one for one in evaluation.people if one not in experts)
    for number, one in enumerate(others, start=1):
        code = messages.text("report.experts.rater", language, number=number)
        names = (one if one not in customers else "", evaluation.people[one])
        found = dict.fromkeys((name for name in names if len(name) > 1 and not name.isdigit()), code) | found
    return found


def codes_of_files(evaluation: Evaluation, people: Mapping[str, str], language: str) -> dict[str, str]:
    """Return what each file that somebody filled in is called, by its path and by its name.

    It has the code of whoever filled it in, else a number: what people call their files tells who they are.
    """
    owners, used, found = _owners(evaluation, people), Counter[str](), dict[str, str]()
    for number, path in enumerate(dict.fromkeys(_files(evaluation)), start=1):
        file = PurePath(path)
        mentioned = _mentioned(file.stem, people)
        code = owners.get(file.name) or mentioned
        if code:
            used[code] += 1
            called = code if used[code] == 1 else f"{code}_{used[code]}"
        else:
            called = messages.text("report.experts.form", language, number=number)
        found[path] = file.with_name(f"{called}{file.suffix}").as_posix()
        found.setdefault(file.name, f"{called}{file.suffix}")
        if mentioned:
            found.setdefault(file.stem, called)
    return found


def _files(evaluation: Evaluation) -> Iterator[str]:
    """Yield the files that people filled in, and those that lay among them and were not read."""
    read = [record.path for record in evaluation.provenance.files if record.form]
    yield from read
    names = {PurePath(path).name for path in read}
    said = (issue.where for issue in evaluation.issues if issue.code.startswith(_OF_FORMS))
    places = (where.file for where in chain(said, (where for _, where in _answers(evaluation))) if where)
    yield from (path for path in places if PurePath(path).name not in names)


def _answers(evaluation: Evaluation) -> Iterator[tuple[str, Location | None]]:
    """Yield who gave each answer of the panel, and where."""
    if panel := evaluation.panel:
        answers: list[Judgment | ImportanceScore | BestWorstAnswer | Remark] = [
            *panel.judgments,
            *panel.scores,
        ]
        yield from ((one.expert, one.where) for one in (*answers, *panel.best_worst, *panel.remarks))


def _owners(evaluation: Evaluation, people: Mapping[str, str]) -> dict[str, str]:
    """Return who answered in a file, where it holds the answers of one expert alone."""
    found: dict[str, set[str]] = {}
    for expert, where in _answers(evaluation):
        if where and expert in people:
            found.setdefault(PurePath(where.file).name, set()).add(people[expert])
    return {name: next(iter(codes)) for name, codes in found.items() if len(codes) == 1}


def _mentioned(stem: str, people: Mapping[str, str]) -> str | None:
    """Return the code of whoever the name of a file mentions, the longest name first.

    >>> _mentioned("E02_李经理", {"E02": "E2", "李经理": "E2", "李": "E3"})
    'E2'
    """
    there = (name for name in people if name in stem)  # of hundreds of people and files, few are looked at
    for name in sorted(there, key=len, reverse=True):
        if re.search(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", stem):
            return people[name]
    return None
