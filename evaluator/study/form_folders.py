"""Where the forms of a study lie: comparisons in `questionnaires/`, every other below `forms/`."""

from __future__ import annotations

from pathlib import Path

from evaluator.forms.sources import PAGES, WORKBOOKS
from evaluator.study.setup import Setup

IN_FOLDERS = ("pairwise", "scores", "best_worst", "grades", "survey", "assessment")
"""The forms that have one folder of their name; a screening has one for each of its rounds."""


def form_folder(setup: Setup, form: str, *more: str) -> Path:
    """Return the folder of a form's workbooks."""
    return setup.folder.joinpath(setup.file.forms.folder, form, *more)


def rounds(setup: Setup) -> tuple[int, ...]:
    """Return the rounds of screening there are, from the first on."""
    home = form_folder(setup, "screening")
    found = home.iterdir() if home.is_dir() else ()
    return tuple(sorted(int(path.name) for path in found if path.is_dir() and path.name.isdigit()))


def filled_forms(setup: Setup) -> tuple[Path, ...]:
    """Return the folders of a study that hold forms, comparisons apart."""
    folders = [form_folder(setup, form) for form in IN_FOLDERS]
    folders += [form_folder(setup, "screening", str(number)) for number in rounds(setup)]
    return tuple(folder for folder in folders if holds_forms(folder))


def holds_forms(folder: Path) -> bool:
    """Return whether there are workbooks, pages or answers of pages in a folder."""
    return folder.is_dir() and any(path.suffix.lower() in WORKBOOKS | PAGES for path in folder.iterdir())
