"""Codes and exports of survey sites that strangers typed or changed: read, or an issue with its place."""

import csv
import random
import time
from pathlib import Path

import numpy as np
import pytest

from evaluator.demo.opinions import answer, judgments
from evaluator.errors import EvaluationError, Severity
from evaluator.forms import read_judgments, write_questionnaires
from evaluator.forms.page_codes import LETTERS, code_of, codes_in
from evaluator.tree import Tree, load_tree
from evaluator.weighing.panel import Expert

ANN = Expert("E1", name="Ann")


@pytest.fixture
def asked(folder: Path, tmp_path: Path) -> tuple[Tree, Path]:
    """The small tree, and a folder with the questionnaire of one expert, filled in."""
    tree = load_tree(folder / "tree.yaml")
    (sent,) = write_questionnaires(tree, [ANN], tmp_path / "sent", language="en")
    answer(
        sent.path, tree, judgments(np.random.default_rng(1), tree, [ANN], convention="strict"), language="en"
    )
    return tree, tmp_path / "sent"


def read(tree: Tree, path: Path) -> tuple[int, list]:
    """Return how many judgments were read, and the issues."""
    try:
        panel = read_judgments(path, tree)
    except EvaluationError as error:
        return 0, list(error.issues)
    return len(panel.judgments), list(panel.issues)


CODE = code_of(703_710, 93, (3, 4, 5), (18, 18, 18))
TEXTS = {
    "overlong": "EV1" + "-ABCDE" * 200_000,
    "overlong without dashes": "EV1" + "0" * 1_000_000,
    "thousands of codes": (CODE + "\n") * 20_000,
    "nothing but beginnings": "EV1" * 300_000,
    "spaces between": "EV1" + " " * 300_000 + "ABCDE",
    "dashes between": ("EV1" + "-" * 1_000) * 300,
    "control characters": "\x00\x1b[2J" + "\x00".join(CODE) + "\x07",
    "full width": CODE.translate({ord(c): ord(c) + 0xFEE0 for c in LETTERS}),
    "other digits": CODE.replace("0", "٠").replace("1", "१"),
    "letters that fold": CODE.replace("K", "\u212a").replace("S", "\u017f"),
    "turned round": "\u202e" + CODE + "\u2069",
    "combining marks": "\u0301".join(CODE),
}


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_of_codes_ends_in_issues_with_its_file(asked, text: str) -> None:
    tree, folder = asked
    (folder / "codes.txt").write_text(TEXTS[text], "utf-8")
    begun = time.process_time()
    count, issues = read(tree, folder)
    assert time.process_time() - begun < 5
    errors = {issue.where.file for issue in issues if issue.severity is Severity.ERROR}
    assert count == 3 or errors == {
        "codes.txt"
    }  # beside the valid questionnaire: passed over, or refused by name
    assert any(issue.where and issue.where.file.startswith("codes.txt") for issue in issues)
    for issue in issues:
        assert len(issue.text("zh")) < 2_000


def test_codes_of_random_letters_answer_nothing() -> None:
    chance = random.Random(5)
    for _ in range(300):
        text = "EV1" + "".join(chance.choices(LETTERS + "-", k=chance.randrange(5, 60)))
        for code in codes_in(text):
            assert code.answers((18, 18, 18)) is None or code.named


HEADS = ("Timestamp", "Your code or name (see the invitation)")


@pytest.mark.parametrize(
    "cell",
    [
        "=HYPERLINK(1)",
        "x" * 40_000,
        "\x00\x1b[2J",
        "\u202e3",
        "../../../x",
        "１",
        "9" * 400,
        "1e400",
        "{{ x }}",
        "nan",
        '"',
    ],
    ids=range(11),
)
def test_an_export_of_a_site_ends_in_issues_with_its_place(folder: Path, tmp_path: Path, cell: str) -> None:
    """A valid row stands before the one that a stranger changed, also in its head."""
    tree = load_tree(folder / "tree.yaml")
    titles = [
        f"Small: {a} compared with {b}"
        for a, b in (("Profit", "Delay"), ("Profit", "Trust"), ("Delay", "Trust"))
    ]
    for head in ([*HEADS, *titles], [*HEADS, cell, *titles]):
        path = tmp_path / "export.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerows(
                [
                    head,
                    ["2026-01-01", cell, *[cell] * len(titles)],
                    ["2026-01-02", "E1", *["3"] * len(titles)],
                ]
            )
        _, issues = read(tree, path)
        assert issues
        for issue in issues:
            assert len(issue.text("en")) < 4_000
            assert issue.where is None or issue.where.file == "export.csv"
