"""What a study names lies inside it: neither `..` nor a link leads out, and nothing from outside is shown."""

import os
from pathlib import Path

import pytest

import evaluator as ev
from evaluator.cli.program import invoke
from evaluator.errors import EvaluationError
from evaluator.forms.sources import listed
from evaluator.present.brand import load_brand
from evaluator.study import Study
from evaluator.tree import load_tree

SECRET = "s3cr3t-of-another-client"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder beside the study, with files of every kind."""
    home = tmp_path / "other"
    home.mkdir()
    (home / "secret.csv").write_text(f"{SECRET},b\n1,2\n", "utf-8")
    (home / "secret.yaml").write_text(f"{SECRET}: [\n", "utf-8")
    (home / "logo.png").write_bytes(PNG)
    return home


def found(function, *arguments, **named) -> list[tuple[str, str]]:
    with pytest.raises(EvaluationError) as raised:
        function(*arguments, **named)
    said = " ".join(issue.text(language) for issue in raised.value.issues for language in ("zh", "en"))
    assert SECRET not in said + str(raised.value)
    return [(issue.code, issue.subject) for issue in raised.value.issues]


def link(place: Path, target: Path) -> None:
    place.parent.mkdir(exist_ok=True)
    try:
        place.symlink_to(target, target_is_directory=target.is_dir())
    except (OSError, NotImplementedError):
        pytest.skip("links cannot be made here")


def restated(folder: Path, old: str, new: str) -> None:
    text = (folder / "study.yaml").read_text("utf-8")
    assert old in text
    (folder / "study.yaml").write_text(text.replace(old, new), "utf-8")


@pytest.mark.parametrize(
    "stated", ["../other/secret.csv", "data/../../other/secret.csv", "..\\other\\secret.csv"]
)
def test_a_path_with_dots_leads_nowhere(folder: Path, outside: Path, stated: str) -> None:
    restated(folder, "measures.csv", stated)
    assert found(lambda: Study(folder).run()) == [("STUDY-302", stated)]


def test_a_linked_table_is_not_read(folder: Path, outside: Path) -> None:
    link(folder / "data" / "linked.csv", outside / "secret.csv")
    restated(folder, "measures.csv", "data/linked.csv")
    assert found(lambda: Study(folder).run()) == [("STUDY-302", "data/linked.csv")]


def test_a_link_that_fits_a_pattern_is_not_read(folder: Path, outside: Path) -> None:
    link(folder / "measures-2.csv", outside / "secret.csv")
    restated(folder, "measures.csv", "measures*.csv")
    assert ("FILE-704", "measures-2.csv") in found(lambda: Study(folder).run())


def test_a_linked_folder_is_not_read(folder: Path, outside: Path) -> None:
    link(folder / "data", outside)
    restated(folder, "measures.csv", "data/secret.csv")
    assert found(lambda: Study(folder).run()) == [("STUDY-302", "data/secret.csv")]


def test_a_linked_answer_is_named_and_left(tmp_path: Path, outside: Path) -> None:
    link(tmp_path / "answers" / "zhang.csv", outside / "secret.csv")
    paths, issues = listed(tmp_path / "answers")
    assert paths == []
    assert ("FILE-704", "zhang.csv") in [(issue.code, issue.subject) for issue in issues]


def test_an_included_tree_lies_inside(tmp_path: Path, outside: Path) -> None:
    text = "schema: 1\nid: t\nname: t\nroot:\n  children:\n    - {{include: {path}, weight: 1}}\n"
    link(tmp_path / "study" / "linked.yaml", outside / "secret.yaml")
    for stated in ("../other/secret.yaml", "linked.yaml"):
        (tmp_path / "study" / "tree.yaml").write_text(text.format(path=stated), "utf-8")
        assert found(load_tree, tmp_path / "study" / "tree.yaml") == [("FILE-704", stated)]


def test_a_logo_lies_beside_its_brand(tmp_path: Path, outside: Path) -> None:
    brand = tmp_path / "study" / "theme.yaml"
    link(tmp_path / "study" / "linked.png", outside / "logo.png")
    for stated in ("../other/logo.png", "linked.png"):
        brand.write_text(f"schema: 1\nlogo: {stated}\n", "utf-8")
        assert found(load_brand, brand) == [("FILE-704", stated)]
    brand.write_text(f"schema: 1\nlogo: {outside / 'logo.png'}\n", "utf-8")
    assert load_brand(brand).logo == PNG


def test_an_absolute_path_is_meant_as_it_stands(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "measures.csv"
    os.replace(folder / "measures.csv", elsewhere)
    restated(folder, "measures.csv", elsewhere.as_posix())
    assert Study(folder).run().results.height == 3


LONG = "x" * 300
STATED = {
    "a tree": ("tree: tree.yaml", "tree: {}"),
    "a file of a tree": ("tree: tree.yaml", "tree: '{}.yaml'"),
    "a table": ("measures.csv", "'{}.csv'"),
    "a pattern": ("measures.csv", "'{}*.csv'"),
    "answers": ("judgments.csv", "'{}.csv'"),
    "a brand": ("tree: tree.yaml", "tree: tree.yaml\nreport: {{theme: '{}.yaml'}}"),
    "templates": ("tree: tree.yaml", "tree: tree.yaml\nreport: {{templates: '{}'}}"),
    "a document": ("tree: tree.yaml", "tree: tree.yaml\nreport: {{document: '{}.docx'}}"),
    "a database": ("{file: measures.csv}", "{{database: '{}.sqlite', query: select 1}}"),
}


@pytest.mark.parametrize("name", [LONG, "a\\0b"], ids=["too long", "a zero character"])
@pytest.mark.parametrize("stated", STATED)
def test_what_no_file_can_be_called_is_an_issue(folder: Path, stated: str, name: str) -> None:
    """Found by the fuzzer: asking whether such a file is there raised an error of the system."""
    old, new = STATED[stated]
    restated(folder, old, new.format(name).replace("'", '"'))

    def walked() -> None:
        study = Study(folder)
        for kind in ("html", "docx"):
            ev.report(study.run(), folder / f"r.{kind}", options=study.file.report, folder=folder)

    with pytest.raises(EvaluationError) as raised:
        walked()
    assert all(issue.text("zh") for issue in raised.value.issues)


def test_a_name_that_is_too_long_to_type_is_an_issue(capsys) -> None:
    assert invoke(["check", LONG]) == 1
    assert "DOC-002" in capsys.readouterr().err


def test_a_link_in_a_folder_of_data_is_not_followed(tmp_path: Path, outside: Path, capsys) -> None:
    """`evaluator run FOLDER` copies what it finds into a study that is passed on."""
    home = tmp_path / "data"
    home.mkdir()
    rows = "".join(f"C{n % 3},2025-{n % 12 + 1:02d}-03,{n * 10}\n" for n in range(90))
    (home / "orders.csv").write_text(f"id,date,amount\n{rows}", "utf-8")
    (outside / "customers.csv").write_text(f"id,name\nC1,{SECRET}\n", "utf-8")
    link(home / "customers.csv", outside / "customers.csv")
    ended = invoke(["run", str(home), "--into", str(tmp_path / "made")])
    told = capsys.readouterr()
    assert ended == 0, told.err
    assert "FILE-704" in told.out + told.err
    assert SECRET not in told.out + told.err
    copied = [path for path in (tmp_path / "made").rglob("*") if path.is_file()]
    assert copied
    assert not [path for path in copied if SECRET.encode() in path.read_bytes()]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes of POSIX")
@pytest.mark.parametrize("name", ["measures.csv", "judgments.csv", "tree.yaml"])
def test_a_pipe_in_a_study_is_not_waited_for(folder: Path, name: str) -> None:
    (folder / name).unlink()
    os.mkfifo(folder / name)
    assert found(lambda: Study(folder).run()) == [("STUDY-302", name)]
