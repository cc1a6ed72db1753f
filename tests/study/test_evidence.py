"""A run leaves a manifest; verifying computes it again, and names whatever was changed."""

import json
import shutil
import sqlite3
import zipfile

import polars as pl
import pytest

from evaluator.cli import invoke
from evaluator.errors import EvaluationError
from evaluator.study import Study
from evaluator.study.manifest import Manifest, fingerprint_of, read_manifest
from evaluator.study.packing import pack
from evaluator.study.same_results import differing
from evaluator.study.verifying import verify


@pytest.fixture(scope="module")
def made(tmp_path_factory, request):
    """A small study that was run, once for all tests here."""
    home = tmp_path_factory.mktemp("evidence") / "study"
    shutil.copytree(request.config.rootpath / "tests" / "studies" / "small", home)
    Study(home).save_reports(formats=("html",))
    return home


@pytest.fixture
def home(made, tmp_path):
    return shutil.copytree(made, tmp_path / "study")


def found(path, **options):
    return {(issue.code, issue.subject) for issue in verify(path, **options).issues}


def test_a_run_and_its_pack_verify(home, tmp_path) -> None:
    done = verify(home)
    assert (done.verified, done.exact, done.issues) == (True, True, ())
    assert pack(home, tmp_path / "run.zip").left_out == ()
    assert verify(tmp_path / "run.zip", fingerprint=done.fingerprints[0]).verified
    first = (tmp_path / "run.zip").read_bytes()
    pack(home, tmp_path / "run.zip")
    assert (tmp_path / "run.zip").read_bytes() == first


def test_the_fingerprint_stands_in_the_report(home) -> None:
    manifest = read_manifest(home / "output" / "manifest.json")
    assert manifest.fingerprint in (home / "output" / "report.html").read_text("utf-8")
    assert {entry.kind for entry in manifest.files} == {"input", "answer", "result", "report"}


def test_a_changed_byte_anywhere_is_named(home) -> None:
    manifest = read_manifest(home / "output" / "manifest.json")
    for entry in manifest.files:
        path = home / entry.path
        kept = path.read_bytes()
        path.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
        assert ("STUDY-382", entry.path) in found(home)
        path.write_bytes(kept)


def test_a_missing_file_and_one_that_came_later_are_named(home) -> None:
    (home / "judgments.csv").rename(home / "kept.csv")
    assert ("STUDY-383", "judgments.csv") in found(home)
    (home / "kept.csv").rename(home / "judgments.csv")
    (home / "second.yaml").write_text("a: 1\n", "utf-8")
    done = verify(home)
    assert [issue.code for issue in done.issues] == ["STUDY-388"]
    assert not done.verified


def restated(home, name):
    """Write a manifest that fits what a file holds now."""
    from evaluator.files import sha256

    path = home / "output" / "manifest.json"
    data = json.loads(path.read_text("utf-8"))
    for entry in data["files"]:
        if entry["path"] == name:
            entry["sha256"] = sha256(home / name)
    stated = Manifest.model_validate_json(json.dumps(data))
    data["fingerprint"] = fingerprint_of(stated.tree, stated.files)
    path.write_text(json.dumps(data), "utf-8")


def test_data_and_manifest_edited_together_fail_against_the_report_and_the_results(home) -> None:
    path = home / "measures.csv"
    path.write_text(path.read_text("utf-8").replace("001,One,50", "001,One,51"), "utf-8")
    restated(home, "measures.csv")
    codes = {code for code, _ in found(home)}
    assert "STUDY-385" in codes
    (home / "output" / "report.html").unlink()
    data = json.loads((home / "output" / "manifest.json").read_text("utf-8"))
    data["files"] = [entry for entry in data["files"] if entry["kind"] != "report"]
    (home / "output" / "manifest.json").write_text(json.dumps(data), "utf-8")
    named = found(home)
    assert ("STUDY-384", "output/scores.csv") in named
    assert ("STUDY-390", "output") in named


def test_a_result_edited_with_its_manifest_is_computed_otherwise(home) -> None:
    path = home / "output" / "scores.csv"
    path.write_text(path.read_text("utf-8").replace("001", "004", 1), "utf-8")
    restated(home, "output/scores.csv")
    (home / "output" / "report.html").write_text(
        read_manifest(home / "output" / "manifest.json").fingerprint, "utf-8"
    )
    restated(home, "output/report.html")
    assert ("STUDY-384", "output/scores.csv") in found(home)


def test_a_printed_fingerprint_of_another_run_is_refused(home) -> None:
    assert ("STUDY-385", "0" * 32) in found(home, fingerprint="0" * 32)


@pytest.mark.parametrize(
    ("content", "code"),
    [(None, "STUDY-380"), ("{", "STUDY-381"), ('{"schema": 1}', "STUDY-381"), ("edit", "STUDY-381")],
)
def test_a_manifest_that_is_none_is_refused(home, content, code) -> None:
    path = home / "output" / "manifest.json"
    if content == "edit":
        path.write_text(path.read_text("utf-8").replace('"sha256": "', '"sha256": "0', 1), "utf-8")
    elif content:
        path.write_text(content, "utf-8")
    else:
        path.unlink()
    with pytest.raises(EvaluationError) as refused:
        verify(home)
    assert [issue.code for issue in refused.value.issues] == [code]


def test_a_database_is_packed_as_rows_and_verified_without_it(home, tmp_path) -> None:
    frame = pl.read_csv(home / "measures.csv", infer_schema_length=0)
    with sqlite3.connect(home / "crm.sqlite") as database:
        columns = ", ".join(f'"{name}" text' for name in frame.columns)
        database.execute(f"create table measures ({columns})")
        marks = ", ".join("?" * frame.width)
        database.executemany(f"insert into measures values ({marks})", frame.rows())
    database.close()
    path = home / "study.yaml"
    text = path.read_text("utf-8")
    assert "file: measures.csv" in text
    path.write_text(
        text.replace("file: measures.csv", "database: sqlite:///crm.sqlite, table: measures"), "utf-8"
    )
    Study(home).save_reports(formats=("html",))
    assert verify(home).verified
    assert pack(home, tmp_path / "run.zip").left_out == ()
    with zipfile.ZipFile(tmp_path / "run.zip") as archive:
        names = archive.namelist()
        assert "crm.sqlite" not in names
        assert sum(name.startswith("database_rows/") for name in names) == 1
        archive.extractall(tmp_path / "elsewhere")
    assert verify(tmp_path / "run.zip").verified
    (rows,) = (tmp_path / "elsewhere" / "database_rows").iterdir()
    kept = pl.read_parquet(rows)
    kept.with_columns(
        pl.when(pl.col("row") == 1).then(pl.lit("1")).otherwise("c2").alias("c2")
    ).write_parquet(rows)
    assert "STUDY-384" in {code for code, _ in found(tmp_path / "elsewhere")}
    rows.write_bytes(b"PAR1")
    assert "DATA-581" in {code for code, _ in found(tmp_path / "elsewhere")}
    with sqlite3.connect(home / "crm.sqlite") as database:
        database.execute("delete from measures where rowid = 1")
    database.close()
    (left,) = pack(home, tmp_path / "later.zip").left_out
    assert left.reason == "evidence.left_out.changed"
    done = verify(tmp_path / "later.zip")
    assert not done.verified
    assert {issue.code for issue in done.issues} == {"STUDY-386"}


def test_other_versions_are_said_and_figures_compared_to_their_size(home) -> None:
    path = home / "output" / "manifest.json"
    data = json.loads(path.read_text("utf-8"))
    data["versions"]["numpy"] = "0.1"
    path.write_text(json.dumps(data), "utf-8")
    done = verify(home)
    assert [issue.code for issue in done.issues] == ["STUDY-389"]
    assert (done.verified, done.exact) == (True, False)


def test_figures_may_differ_in_their_last_digits_and_words_never(tmp_path) -> None:
    files = [tmp_path / name for name in ("a.json", "b.json")]

    def compared(one, other):
        for path, value in zip(files, (one, other), strict=True):
            path.write_text(json.dumps(value), "utf-8")
        return differing(*files, exact=False)

    assert compared({"x": 60.0}, {"x": 60.0 + 1e-11}) is None
    assert compared({"x": 60.0}, {"x": 60.0 + 1e-9}) == ("x", "60.0", "60.000000001")
    assert compared({"grade": "good"}, {"grade": "fair"}) == ("grade", "good", "fair")
    assert compared({"n": 3}, {"n": 4}) is not None
    assert compared([1.0], [1.0, 2.0]) is not None
    assert compared({"software": "1"}, {"software": "2"}) is None


def test_the_verbs_say_what_they_found(home, tmp_path, capsys) -> None:
    target = tmp_path / "run.zip"
    assert invoke(["--language", "en", "pack", str(home), "--output", str(target)]) == 0
    assert "with all names, whatever the reports hide" in capsys.readouterr().out
    assert invoke(["--language", "en", "verify", str(target)]) == 0
    assert "equal byte for byte" in capsys.readouterr().out
    (home / "measures.csv").write_text("id\n", "utf-8")
    assert invoke(["--language", "en", "verify", str(home), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["verified"], told["issues"][0]["subject"]) == (False, "measures.csv")


def packed(home) -> set[str]:
    """Return the reports in the pack of a study, which is verified."""
    pack(home, home.with_name("run.zip"))
    assert verify(home.with_name("run.zip")).issues == ()
    with zipfile.ZipFile(home.with_name("run.zip")) as archive:
        return {name for name in archive.namelist() if name.startswith("output/report")}


def test_reports_of_one_run_written_one_after_the_other_are_packed_together(home) -> None:
    Study(home).save_reports(formats=("docx", "xlsx"))
    Study(home).save_pages(top=2)
    names = ("report.html", "report.docx", "report.xlsx", "report-2.html")
    assert packed(home) == {f"output/{name}" for name in names}


def test_reports_of_other_runs_are_named_and_not_packed(home, capsys) -> None:
    Study(home).save_pages(top=2)
    path = home / "study.yaml"
    path.write_text(path.read_text("utf-8") + "report: {anonymous: true}\n", "utf-8")
    assert invoke(["run", str(home), "--format", "html"]) == 0
    assert "STUDY-393" in (told := capsys.readouterr().err)
    assert "output/report-2.html" in told
    assert invoke(["pack", str(home), "--output", str(home.with_name("run.zip"))]) == 0
    assert capsys.readouterr().err.count("output/report-2.html") == 1
    assert packed(home) == {"output/report.html"}
    (home / "output" / "report-2.html").unlink()
    assert invoke(["run", str(home), "--format", "docx"]) == 0
    assert "STUDY-393" not in capsys.readouterr().err
    assert packed(home) == {"output/report.html", "output/report.docx"}


def test_a_report_that_somebody_changed_is_not_of_the_run_any_more(home) -> None:
    with (home / "output" / "report.html").open("a", encoding="utf-8") as page:
        page.write("<!-- by hand -->")
    Study(home).save_reports(formats=("docx",))
    reports = [e.path for e in read_manifest(home / "output" / "manifest.json").files if e.kind == "report"]
    assert reports == ["output/report.docx"]
    assert [issue.detail["names"] for issue in Study(home).old_reports()] == ["output/report.html"]
