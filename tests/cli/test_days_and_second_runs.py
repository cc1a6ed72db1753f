"""A second run goes on from what the study says, and no command speaks of another day in silence."""

from collections.abc import Callable
from pathlib import Path

import pytest

from evaluator.cli import invoke

Run = Callable[..., tuple[int, str]]
HEAD = "Invoice date,Company ID,Subscription ID,Amount\n"


def lines(months: range) -> str:
    return "".join(
        f"2024-{month:02}-{n % 27 + 1:02},{9000 + n % 12},S-{n % 40},{n + 1}\n"
        for month in months
        for n in range(40)
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "invoices.csv").write_text(HEAD + lines(range(1, 10)), "utf-8")
    return tmp_path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def done(*words: str) -> tuple[int, str]:
        code, told = invoke(["--language", "en", *words]), capsys.readouterr()
        return code, told.out + told.err

    return done


def test_an_edited_study_answers_what_its_files_leave_open(folder: Path, run: Run) -> None:
    """The study says which column is the customer; its day is edited, and new data come."""
    file, header = str(folder / "invoices.csv"), HEAD.replace("Company ID", "Payer ID")
    (folder / "invoices.csv").write_text(header + lines(range(1, 10)), "utf-8")
    code, said = run("run", file)
    assert code
    assert "STUDY-350" in said
    assert run("run", file, "--column", "id=Payer ID")[0] == 0
    study = folder / "invoices-study" / "study.yaml"
    text = study.read_text("utf-8")
    study.write_text(text.replace("title:", "title: Mine #", 1), "utf-8")
    (folder / "invoices.csv").write_text(header + lines(range(1, 13)), "utf-8")
    code, said = run("run", file)
    assert code == 0, said
    assert "DATA-437" in said
    assert "Newer data or --as-of" not in said


def test_a_day_of_one_run_alone_is_said_and_what_differs_from_it(folder: Path, run: Run) -> None:
    assert run("run", str(folder / "invoices.csv"), "--column", "id=Company ID")[0] == 0
    home = folder / "invoices-study"
    study = home / "study.yaml"
    kept = [line for line in study.read_text("utf-8").splitlines() if not line.startswith("as_of:")]
    study.write_text("\n".join(kept) + "\n", "utf-8")
    code, said = run("run", str(home), "--as-of", "2024-12-01")
    assert code == 0
    assert "as_of: 2024-12-01" in said
    for words in (
        ["explain", str(home), "9001"],
        ["report", str(home)],
        ["robust", str(home), "--draws", "100"],
    ):
        assert "STUDY-366" in run(*words)[1]
    study.write_text("\n".join([*kept, "as_of: 2024-12-01"]) + "\n", "utf-8")
    assert "STUDY-366" not in run("explain", str(home), "9001")[1]


@pytest.mark.parametrize(
    "stated", ["", "[]", "tables:\n", "tables: [orders]\n", "tables: {orders: {columns: [a]}}\n"]
)
def test_a_study_that_says_nothing_of_its_columns_answers_nothing(
    stated: str, folder: Path, run: Run
) -> None:
    """Whatever stands there, what is asked is asked, and nothing ends as a fault of the software."""
    (folder / "invoices.csv").write_text(HEAD.replace("Company", "Payer") + lines(range(1, 10)), "utf-8")
    home = folder / "invoices-study"
    home.mkdir()
    (home / "study.yaml").write_text(stated, "utf-8")
    code, said = run("run", str(folder / "invoices.csv"))
    assert (code, "STUDY-350" in said) == (1, True), said


def test_a_header_that_is_gone_answers_nothing(folder: Path, run: Run) -> None:
    file, header = str(folder / "invoices.csv"), HEAD.replace("Company", "Payer")
    (folder / "invoices.csv").write_text(header + lines(range(1, 10)), "utf-8")
    assert run("run", file, "--column", "id=Payer ID")[0] == 0
    (folder / "invoices.csv").write_text(header.replace("Payer", "Debtor") + lines(range(1, 10)), "utf-8")
    code, said = run("run", file)
    assert (code, "STUDY-350" in said, "STUDY-352" in said) == (1, True, False), said
