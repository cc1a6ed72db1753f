"""A study whose tables lie in a database, and whose scores go back there."""

from pathlib import Path
from zipfile import ZipFile

import polars as pl
import pytest

from evaluator.cli import invoke
from evaluator.documents import parse, validate
from evaluator.errors import EvaluationError
from evaluator.scoring.model import software_version
from evaluator.study import Study, StudyFile
from evaluator.study.file import check_file

TABLES = "tables:\n  measures: {file: measures.csv}"


@pytest.fixture
def client(folder: Path, postgres, monkeypatch: pytest.MonkeyPatch):
    """The small study with its measures on the server, under a login of the environment."""
    monkeypatch.setenv("CLIENT_PASSWORD", postgres.password)
    monkeypatch.setenv("EVALUATOR_ALLOW", "CLIENT_PASSWORD")
    rows = pl.read_csv(folder / "measures.csv", infer_schema=False)
    names = ", ".join(f'"{name}" text' for name in rows.columns)
    values = ", ".join("(" + ", ".join(f"'{cell or ''}'" for cell in row) + ")" for row in rows.iter_rows())
    postgres.execute(
        "drop table if exists measures, scores", f"create table measures ({names})",
        f"insert into measures values {values}",
    )  # fmt: skip
    path = folder / "study.yaml"
    text = path.read_text("utf-8").replace(
        TABLES,
        f"databases:\n  crm: {{url: '{postgres.url}', password: '${{CLIENT_PASSWORD}}'}}\n"
        "tables:\n  measures: {database: crm, table: measures}\n"
        "write: {database: crm, table: scores}",
    )
    path.write_text(text, "utf-8")
    return postgres


def test_scores_are_those_of_the_file(folder: Path, client, tmp_path: Path) -> None:
    from_database = Study(folder).run()
    text = (folder / "study.yaml").read_text("utf-8")
    text = text[: text.index("databases:")] + TABLES + "\n"
    (folder / "study.yaml").write_text(text, "utf-8")
    assert from_database.results.equals(Study(folder).run().results)


def test_the_record_of_a_run_has_the_fingerprint_of_the_rows(folder: Path, client) -> None:
    first = {record.path: record for record in Study(folder).run().provenance.files}
    assert first.keys() == {"study.yaml", "judgments.csv", "crm#measures"}
    assert first["crm#measures"].rows == 3
    client.execute("update measures set id = '004' where id = '003'")
    second = {record.path: record for record in Study(folder).run().provenance.files}
    assert second["crm#measures"].sha256 != first["crm#measures"].sha256


def unpacked(path: Path) -> bytes:
    """The bytes of a file, those of a workbook out of its archive."""
    if path.suffix != ".xlsx":
        return path.read_bytes()
    with ZipFile(path) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def test_no_output_holds_the_password(folder: Path, client, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["run", str(folder)]) == 0
    said = capsys.readouterr()
    secret = client.password.encode()
    assert client.password not in said.out + said.err
    written = [path for path in folder.rglob("*") if path.is_file()]
    assert {"report.html", "report.xlsx", "model.json"} <= {path.name for path in written}
    assert [path.name for path in written if secret in unpacked(path)] == []


def test_a_run_writes_its_scores_into_the_clients_table(folder: Path, client) -> None:
    wrote = Study(folder).write_back()
    assert (wrote.table, wrote.run, wrote.rows, wrote.replaced) == ("scores", "small 2026-01-01", 3, 0)
    study = Study(folder)
    with client.connect() as connection:
        found = connection.execute(
            "select run, tree, as_of::text, model, software, id, score, rank, grade from scores order by rank"
        ).fetchall()
    results = study.results.sort("rank", nulls_last=True)
    assert [row[5:] for row in found] == results.select("id", "score", "rank", "grade").rows()
    assert {row[:5] for row in found} == {
        ("small 2026-01-01", "small", "2026-01-01", study.model.fingerprint, software_version())
    }


def test_both_verbs_write_and_a_second_run_replaces(
    folder: Path, client, capsys: pytest.CaptureFixture[str]
) -> None:
    assert invoke(["score", str(folder)]) == 0
    assert invoke(["run", str(folder)]) == 0
    assert "3 rows of run “small 2026-01-01” into scores of crm; 3 rows" in capsys.readouterr().out
    with client.connect() as connection:
        assert connection.execute("select count(*) from scores").fetchone() == (3,)


def test_what_cannot_be_written_ends_with_exit_code_1_and_its_line(
    folder: Path, client, capsys: pytest.CaptureFixture[str]
) -> None:
    client.execute("create table scores (run text, id text)")
    assert invoke(["score", str(folder)]) == 1
    said = capsys.readouterr().err
    assert "DATA-462" in said
    assert f"{folder / 'study.yaml'}:" in said
    assert (folder / "output" / "scores.csv").is_file()


def test_a_password_in_the_study_stops_everything(folder: Path) -> None:
    path = folder / "study.yaml"
    path.write_text(
        path.read_text("utf-8") + "write: {database: 'postgresql://ann:sesame@host/crm', table: scores}\n",
        "utf-8",
    )
    with pytest.raises(EvaluationError) as raised:
        Study(folder)
    (issue,) = raised.value.issues
    assert (issue.code, issue.where.line) == ("DATA-451", path.read_text("utf-8").count("\n"))
    assert "sesame" not in str(raised.value)


def test_the_path_of_a_database_stays_in_the_study(folder: Path) -> None:
    path = folder / "study.yaml"
    text = path.read_text("utf-8").replace(TABLES, "tables:\n  measures: {database: ../crm.sqlite, table: m}")
    path.write_text(text, "utf-8")
    with pytest.raises(EvaluationError) as raised:
        Study(folder)
    assert [issue.code for issue in raised.value.issues] == ["STUDY-302"]


@pytest.mark.parametrize("key", ["tables", "databases", "write"])
def test_the_examples_of_the_page_on_data_are_sound(key: str) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "data.md").read_text("utf-8")
    blocks = [block.split("```")[0] for block in page.split("```yaml\n")[1:]]
    (example, *_) = [block for block in blocks if block.startswith(f"{key}:")]
    named = "" if key == "databases" else "databases: {crm: crm.sqlite}\n"
    text = f"schema: 1\ntitle: 评价\ntree: orders_value\nweighting: {{source: given}}\n{named}{example}"
    document = parse(text, "study.yaml")
    assert tuple(check_file(validate(document, StudyFile), document, ".")) == ()
