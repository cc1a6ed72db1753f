"""A form without a script: every question a list or a field, sent as browsers have always sent them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from evaluator.errors import EvaluationError, Issue
from evaluator.forms.carriers import shown_person
from evaluator.forms.choices import labels, sentences
from evaluator.forms.form import Form, Line, Question, worded
from evaluator.forms.form_page import shown_line
from evaluator.forms.page_answers import LEVELS, level_of
from evaluator.forms.pairwise_sheet import Questionnaire
from evaluator.serve.asked import AskedForm
from evaluator.serve.content import Content, Saving

Fields = Mapping[str, str]


def plain_values(form: AskedForm, content: Content) -> dict[str, object]:
    """Return what the template of a plain form shows, with the answers it goes on from."""
    asked = form.asked
    if isinstance(asked, Questionnaire):
        shown: dict[str, object] = {"title": form.title, "about": "", "groups": list(_groups(asked, content))}
    else:
        shown = {"title": asked.title, "about": asked.about, "groups": list(_lines(asked, content))}
    return {**shown, "person": shown_person(form.person), "shape": shape(form)}


def shape(form: AskedForm) -> str:
    """Return what tells a form apart from one with other questions."""
    return hashlib.sha256(form.record.model_dump_json().encode("utf-8")).hexdigest()[:16]


def plain_saving(form: AskedForm, said: Fields) -> Saving:
    """Return the answers that a plain form brought.

    Raises
    ------
    EvaluationError
        where the questions have changed since it was opened; where it is damaged.
    """
    if said.get("shape") != shape(form):
        raise EvaluationError([Issue("SERVE-211")])
    numbers = {name: said.get(name, "0") for name in ("line", "version")}
    if not all(text.isascii() and text.isdigit() and len(text) < 16 for text in numbers.values()):
        raise EvaluationError([Issue("SERVE-204", "line")])
    remarks = {}
    answers: tuple[tuple[str, ...], ...]
    if isinstance(form.asked, Questionnaire):
        answers = tuple(_chosen(form.asked, said))
        groups = [duty.group.id for duty in form.asked.asked]
        remarks = {group: text for number, group in enumerate(groups)
                   if (text := said.get(f"remark{number}", "").strip()[:4000])}  # fmt: skip
    else:
        answers = tuple(_typed(form.asked, said))
    return Saving(
        answers=answers,
        remarks=remarks,
        line=int(numbers["line"]),
        version=int(numbers["version"]),
        final=said.get("do") == "send",
    )


def _groups(asked: Questionnaire, content: Content) -> Iterator[dict[str, object]]:
    given = {one[:3]: one[3] for one in content.answers}
    number = 0
    for at, duty in enumerate(asked.asked):
        names = labels(duty.group, asked.language)
        questions = []
        for a, b in duty.pairs:
            now = given.get((duty.group.id, a, b))
            options = [
                {"value": str(place), "said": said, "now": level_of(now or "") == place}
                for place, (_, said) in enumerate(sentences(names[a], names[b], asked.language), start=1)
            ]
            label = f"{names[a]} · {names[b]}"
            questions.append({"name": f"q{number}", "label": label, "options": options, "kind": "choice"})
            number += 1
        yield {
            "name": duty.group.name[asked.language],
            "meaning": duty.group.definition[asked.language] if duty.group.definition else "",
            "lines": [{"title": "", "hints": [], "questions": questions}],
            "remark": f"remark{at}",
            "remarked": content.remarks.get(duty.group.id, ""),
        }


def _chosen(asked: Questionnaire, said: Fields) -> Iterator[tuple[str, str, str, str]]:
    pairs = [(duty.group.id, a, b) for duty in asked.asked for a, b in duty.pairs]
    for number, pair in enumerate(pairs):
        place = said.get(f"q{number}", "")
        if place and not (place.isascii() and place.isdigit() and int(place[:4]) in LEVELS):
            raise EvaluationError([Issue("SERVE-204", " – ".join(pair[1:]))])
        if place:
            yield (*pair, LEVELS[int(place)])


def _lines(asked: Form, content: Content) -> Iterator[dict[str, object]]:
    """Yield the lines of a form by the heading they stand under."""
    given = {(line, question): value for line, question, value in content.answers}
    under, lines = None, list[dict[str, object]]()
    for number, line in enumerate(asked.lines):
        shown = shown_line(line, asked)
        if under is not None and shown["under"] != under:
            yield {"name": under, "meaning": "", "lines": lines, "remark": "", "remarked": ""}
            lines = []
        under = str(shown["under"])
        values = shown["shown"]
        title, *hints = values if isinstance(values, list) and values else [line.key]
        questions = [
            _question(one, asked.language, f"q{number}.{at}", given.get((line.key, one.key), ""))
            for at, one in _of(asked, line)
        ]
        lines.append({"title": title, "hints": [hint for hint in hints if hint], "questions": questions})
    yield {"name": under or "", "meaning": "", "lines": lines, "remark": "", "remarked": ""}


def _of(asked: Form, line: Line) -> list[tuple[int, Question]]:
    """Return the questions a line asks, each with its place."""
    numbered = enumerate(asked.questions)
    return [(at, one) for at, one in numbered if line.only is None or one.key in line.only]


def _question(question: Question, language: str, name: str, now: str) -> dict[str, object]:
    heading, choices = worded(question, language)
    kind = "choice" if question.choices else "number" if question.limits else "text"
    options = [{"value": value, "said": said, "now": value == now} for value, said in choices]
    low, high = question.limits or (0, 0)
    return {"name": name, "label": heading, "kind": kind, "options": options, "now": now,
            "low": f"{low:g}", "high": f"{high:g}"}  # fmt: skip


def _typed(asked: Form, said: Fields) -> Iterator[tuple[str, str, str]]:
    for number, line in enumerate(asked.lines):
        for at, question in _of(asked, line):
            value = said.get(f"q{number}.{at}", "").strip()
            if value:
                yield (line.key, question.key, value)
