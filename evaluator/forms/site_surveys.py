"""Comparisons as a survey site takes them: a text to paste in or import, or a script that makes the form.

One survey serves everybody who is asked the same; its first question is who answers. What comes back is read
by the sentences written here (see `site_exports`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from string import ascii_uppercase
from typing import Literal

from evaluator import messages
from evaluator.files import write_text
from evaluator.forms.choices import labels, sentences
from evaluator.forms.pairwise_sheet import Questionnaire

Site = Literal["wjx", "feishu", "google", "microsoft"]
SITES: tuple[Site, ...] = ("wjx", "feishu", "google", "microsoft")


@dataclass(frozen=True)
class SiteSurvey:
    """A survey: its title and what it says first, the question who answers, and each comparison."""

    title: str
    about: str
    person: str
    questions: tuple[tuple[str, tuple[str, ...]], ...]
    language: str


def write_site_surveys(
    asked: Sequence[Questionnaire], folder: str | Path, site: Site
) -> tuple[tuple[Questionnaire, Path], ...]:
    """Write a survey for everybody who is asked the same; return each questionnaire with its file.

    Raises
    ------
    EvaluationError
        where a file cannot be written.
    """
    texts = [_WRITERS[site](_survey(one)) for one in asked]
    different = list(dict.fromkeys(texts))
    ending = "gs" if site == "google" else "txt"
    names = [f"{site}.{ending}"] if len(different) == 1 else [
        f"{site}_{number}.{ending}" for number in range(1, len(different) + 1)
    ]  # fmt: skip
    paths = {text: Path(folder) / name for text, name in zip(different, names, strict=True)}
    for text, path in paths.items():
        write_text(path, text)
    return tuple((one, paths[text]) for one, text in zip(asked, texts, strict=True))


def question_title(language: str, group: str, a: str, b: str) -> str:
    """Return the question about a pair; it names all three, so that an export can be read by it."""
    return messages.text("site.question", language, group=group, a=a, b=b)


def _survey(one: Questionnaire) -> SiteSurvey:
    language = one.language
    questions = []
    for duty in one.asked:
        names = labels(duty.group, language)
        for a, b in duty.pairs:
            title = question_title(language, duty.group.name[language], names[a], names[b])
            choices = tuple(sentence for _, sentence in sentences(names[a], names[b], language))
            questions.append((title, choices))
    return SiteSurvey(
        one.title,
        messages.text("site.about", language),
        messages.text("site.person", language),
        tuple(questions),
        language,
    )


def _numbered(survey: SiteSurvey, open_: str, choice: str) -> Iterator[str]:
    """Yield the lines of a survey whose questions are marked by their kind."""
    yield from (survey.title, "", survey.about, "", f"1. {survey.person}{open_}", "")
    for number, (title, choices) in enumerate(survey.questions, start=2):
        yield from (f"{number}. {title}{choice}", *choices, "")


def _wjx(survey: SiteSurvey) -> str:
    return "\n".join(_numbered(survey, "[填空题]", "[单选题]"))


def _feishu(survey: SiteSurvey) -> str:
    return "\n".join(_numbered(survey, "（填空题）", "（单选题）"))


def _microsoft(survey: SiteSurvey) -> str:
    """Lettered choices: what the import from Word documents takes for one question."""
    lines = [survey.title, "", survey.about, "", f"1. {survey.person}", "", ""]
    for number, (title, choices) in enumerate(survey.questions, start=2):
        lettered = (f"{letter}. {choice}" for letter, choice in zip(ascii_uppercase, choices, strict=False))
        lines += [f"{number}. {title}", *lettered, ""]
    return "\n".join(lines)


def _google(survey: SiteSurvey) -> str:
    """A script for script.google.com; the texts stand in it as JSON, which is JavaScript too."""
    said = json.dumps(asdict(survey), ensure_ascii=False, indent=1)
    said = said.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    note = messages.text("site.google", survey.language)
    return f"""// {note}
function make() {{
  const said = {said};
  const form = FormApp.create(said.title).setDescription(said.about);
  form.addTextItem().setTitle(said.person).setRequired(true);
  for (const [title, choices] of said.questions) {{
    form.addMultipleChoiceItem().setTitle(title).setChoiceValues(choices);
  }}
  Logger.log(form.getPublishedUrl());
}}
"""


_WRITERS: Mapping[Site, Callable[[SiteSurvey], str]] = {
    "wjx": _wjx,
    "feishu": _feishu,
    "google": _google,
    "microsoft": _microsoft,
}
