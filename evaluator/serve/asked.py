"""The forms a server shows: what is asked of whom, and where the answers are read."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil
from pathlib import Path

from evaluator.errors import Issue, Location
from evaluator.files import stems
from evaluator.forms.answers import plain
from evaluator.forms.cover import SECONDS_PER_PAIR
from evaluator.forms.form import Form
from evaluator.forms.form_answers import FormAnswers, FormRecord, code_for, form_record, refused
from evaluator.forms.form_page import needed as needed_of
from evaluator.forms.live_values import RATIOS
from evaluator.forms.page_answers import PageAnswers, level_of
from evaluator.forms.page_codes import code_of
from evaluator.forms.page_form import PageRecord, page_record
from evaluator.forms.pairwise_sheet import Questionnaire
from evaluator.serve.content import Content
from evaluator.study import Study
from evaluator.weighing.panel import Expert

LONGEST_REMARK = 4000
_KEY = 12  # letters of a form's name in addresses


@dataclass(frozen=True)
class AskedForm:
    """One form of one person.

    Parameters
    ----------
    kind : a name in `study.asking.FORMS`; with the round for a screening that is asked again. asked : the
        questionnaire or form.
    folder, stem : where its answers are read, and how their files are called.
    """

    study: Study
    kind: str
    asked: Questionnaire | Form
    folder: Path
    stem: str

    @property
    def person(self) -> Expert:
        """Who is asked."""
        return self.asked.expert if isinstance(self.asked, Questionnaire) else self.asked.person

    @property
    def batch(self) -> str:
        """The forms of all people that belong together; rounds count for all of them."""
        return f"{self.study.branch}/{self.kind}"

    @cached_property
    def key(self) -> str:
        """What the form is called in addresses: its own, whatever other forms there are."""
        subject = "" if isinstance(self.asked, Questionnaire) else self.asked.subject
        said = "\n".join((self.batch, self.person.id, subject))
        return hashlib.sha256(said.encode("utf-8")).hexdigest()[:_KEY]

    @property
    def title(self) -> str:
        """What it is called for people."""
        return self.asked.title

    @property
    def name(self) -> str:
        """What is evaluated: the name of the tree."""
        return self.study.tree.name[self.study.language]

    @cached_property
    def needed(self) -> int:
        """How many answers a complete form has."""
        if isinstance(self.asked, Form):
            return needed_of(self.asked)
        return sum(len(duty.pairs) for duty in self.asked.asked)

    def minutes(self, given: int = 0) -> int:
        """Return how many minutes the rest is likely to take, when so many answers are given."""
        return ceil(max(0, self.needed - given) * SECONDS_PER_PAIR / 60)

    def in_round(self, number: int) -> AskedForm:
        """Return the form as a later round asks it."""
        if isinstance(self.asked, Form) or number == self.asked.round:
            return self
        return replace(self, asked=replace(self.asked, round=number))

    @cached_property
    def record(self) -> PageRecord | FormRecord:
        """What a file of answers says it answers."""
        if isinstance(self.asked, Form):
            return form_record(self.asked)
        one = self.asked
        return page_record(one.tree, one.expert, one.asked, round_=one.round)

    def wrong(self, content: Content) -> Issue | None:
        """Return why this form cannot have such answers: an error with the first at fault."""
        keys = [one[:-1] for one in content.answers]
        if len(set(keys)) < len(keys) or any(len(text) > LONGEST_REMARK for text in content.texts):
            return Issue("SERVE-204", "…")
        for one in content.answers:
            if not self._takes(one):
                return Issue("SERVE-204", " – ".join(one)[:200])
        return None

    def file(self, content: Content, *, saved: str, link: str) -> str:
        """Return the file of answers, as the page would have saved it."""
        record = self.record
        if isinstance(record, FormRecord):
            lines = tuple((line, question, value) for line, question, value in content.answers)
            code = code_for(record, {(line, question): value for line, question, value in lines})
            form = FormAnswers(record=record, answers=lines, code=code, saved=saved, link=link)
            return form.sealed.model_dump_json(indent=1)
        given = {(group, a, b): ratio for group, a, b, ratio in content.answers}
        places = [level_of(given[pair]) or 0 if pair in given else 0 for pair in record.pairs]
        pairs = PageAnswers(
            record=record,
            answers=tuple((*pair, ratio) for pair, ratio in given.items()),
            remarks=dict(content.remarks),
            code=code_of(record.fingerprint, record.person_bits, places, record.options),
            saved=saved,
            link=link,
        )
        return pairs.sealed.model_dump_json(indent=1)

    def going_on(self, content: Content) -> AskedForm:
        """Return the form with answers that were given before, where it still asks for them."""
        if isinstance(self.asked, Form):
            given: dict[str, dict[str, str]] = {}
            for line, question, value in content.answers:
                given.setdefault(line, {})[question] = value
            lines = tuple(replace(line, given=given.get(line.key, {})) for line in self.asked.lines)
            return replace(self, asked=replace(self.asked, lines=lines))
        ratios: dict[str, dict[tuple[str, str], float]] = {}
        for group, a, b, ratio in content.answers:
            ratios.setdefault(group, {})[a, b] = RATIOS[(level_of(ratio) or 9) - 1]
        return replace(self, asked=replace(self.asked, given=ratios))

    def counted(self, content: Content) -> int:
        """Return how many of the answers count, of those a complete form has."""
        if isinstance(self.asked, Form):
            optional = {question.key for question in self.asked.questions if not question.asked}
            return sum(question not in optional for _, question, _ in content.answers)
        return len(content.answers)

    def _takes(self, one: tuple[str, ...]) -> bool:
        record = self.record
        if isinstance(record, PageRecord):
            return len(one) == 4 and one[:3] in self._pairs and level_of(one[3]) is not None
        if len(one) != 3 or one[0] not in record.lines:
            return False
        question = next((entry for entry in record.questions if entry.key == one[1]), None)
        return question is not None and refused(question, plain(one[2]), Location("")) is None

    @cached_property
    def _pairs(self) -> frozenset[tuple[str, ...]]:
        return frozenset(self.record.pairs) if isinstance(self.record, PageRecord) else frozenset()


def asked_forms(study: Study, kinds: Sequence[str] = (), round_: int = 1) -> tuple[AskedForm, ...]:
    """Return the forms of a study that a server shows, of all its trees.

    `kinds` are names in `study.asking.FORMS`; default: the form that the weights come from. `round_` is the
    round of a screening. Raises as `study.asking.ask`.
    """
    found: list[AskedForm] = []
    for branch in study.branches:
        for kind in kinds or (None,):
            batch = branch.batch(kind, round_=round_)
            asked: list[Questionnaire | Form] = [*batch.questionnaires, *batch.forms]
            kinds_of = [_kind(one, round_) for one in asked]
            names = stems((_named(one) for one in asked), "person")
            found += [
                AskedForm(branch, of, one, batch.folder, stem)
                for one, of, stem in zip(asked, kinds_of, names, strict=True)
            ]
    return tuple(found)


def _kind(one: Questionnaire | Form, round_: int) -> str:
    if isinstance(one, Questionnaire):
        return "pairwise"
    return f"{one.kind}/{round_}" if one.kind == "screening" and round_ > 1 else one.kind


def _named(one: Questionnaire | Form) -> str:
    """Return how files of answers to a form are called: kind, id and name, and what it is about."""
    if isinstance(one, Questionnaire):
        parts = [one.expert.id, one.expert.name if one.expert.name != one.expert.id else ""]
    else:
        parts = [one.kind, one.person.id, one.subject]
    return "_".join(part for part in parts if part)
