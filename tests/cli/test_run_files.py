"""`evaluator run orders.csv`: one command from a file to a report, with questions where they are due."""

import json
import re
import shlex
from datetime import date, timedelta
from pathlib import Path

import pytest

from evaluator.cli import invoke
from evaluator.present import figures
from evaluator.study import Study
from evaluator.study.feeding import feedings, settled
from evaluator.study.from_files import make_study, study_folder
from evaluator.study.gathering import gather
from evaluator.study.settings import settings

ROWS = [
    (f"K{customer:02}", f"2024-{month:02}-{customer + 1:02}", customer * 10 + month, customer * 9 + month)
    for customer in range(1, 13)
    for month in range(1, 13)
    if (customer + month) % 3
]


MEASURED = ("--only", "measures")  # no further, where a test is about how the files are read


def write(path: Path, header: str, rows: list[tuple[object, ...]] = ROWS) -> Path:
    width = header.count(",") + 1
    lines = [",".join(map(str, row[:width])) for row in rows]
    path.write_text("\n".join([header, *lines]) + "\n", "utf-8")
    return path


@pytest.fixture
def answers(monkeypatch):
    """Sit at a terminal and give these answers."""

    def give(*said: str) -> list[str]:
        left = list(said)
        monkeypatch.setattr("evaluator.cli.console.Console.asks", True)
        monkeypatch.setattr("builtins.input", lambda _="": left.pop(0))
        return left

    return give


def test_a_plain_file_becomes_a_report_and_the_last_line_says_which_to_open(tmp_path, capsys) -> None:
    assert (
        invoke(["--language", "en", "run", str(write(tmp_path / "orders.csv", "customer,date,amount"))]) == 0
    )
    out = capsys.readouterr().out
    last = out.strip().splitlines()[-1]
    page = Path(last.rpartition(" ")[2])
    assert page == tmp_path / "orders-study" / "output" / "report.html"
    assert page.stat().st_size > 10_000
    first = [row[2] for row in ROWS[:3]]
    assert "K01 | K02 | K03" in out
    assert " | ".join(map(str, first)) in out
    # the numbers are those of the orders
    scores = Study(tmp_path / "orders-study").measured.frame
    mine = sum(amount for name, _, amount, _ in ROWS if name == "K05")
    assert scores.filter(scores["id"] == "K05")["net_amount"].item() == mine


def test_a_question_nobody_can_be_asked_is_an_error_whose_options_work(tmp_path, capsys) -> None:
    path = write(tmp_path / "orders.csv", "customer,date,order amount,revenue")
    assert invoke(["--language", "en", "run", str(path)]) == 1
    said = capsys.readouterr().err
    assert "STUDY-350" in said
    assert not (tmp_path / "orders-study").exists()
    options = re.findall(r'--column \S+="[^"]+"', said)
    assert len(options) == 2
    assert invoke(["run", str(path), *shlex.split(options[1]), *MEASURED]) == 0
    assert Study(tmp_path / "orders-study").file.tables["orders"].columns["amount"] == "revenue"


def test_on_a_terminal_it_is_asked_once(tmp_path, answers, capsys) -> None:
    path = write(tmp_path / "orders.csv", "customer,date,order amount,revenue")
    left = answers("nonsense", "3", "2")
    assert invoke(["--language", "en", "run", str(path), *MEASURED]) == 0
    assert left == []
    assert Study(tmp_path / "orders-study").file.tables["orders"].columns["amount"] == "revenue"


def test_a_missing_amount_names_the_headers(tmp_path, capsys) -> None:
    rows = [(name, day, "x") for name, day, *_ in ROWS]
    path = write(tmp_path / "orders.csv", "customer,date,remark", rows)
    assert invoke(["--language", "en", "run", str(path)]) == 1
    said = capsys.readouterr().err
    assert "STUDY-355" in said
    assert "remark" in said


def test_a_table_of_customers_offers_the_trees_its_columns_feed(tmp_path, capsys, answers) -> None:
    rows = [(f"K{n}", n * 1000, n * 10_000, 0.1, 0.9, 80) for n in range(1, 9)]
    header = "customer no.,Gross profit,Purchase amount,Cost-to-serve ratio,On-time payment,Loyalty"
    path = write(tmp_path / "clients.csv", header, rows)
    assert invoke(["--language", "en", "run", str(path), "--tree", "quick_value"]) == 0
    assert "Trust (trust)" in capsys.readouterr().err  # has no column, which is said
    partly = Study(tmp_path / "clients-study")
    assert partly.file.measure.absent == ("trust",)
    assert partly.model.unobserved
    assert set(partly.results["status"]) == {"rated"}
    page = (tmp_path / "clients-study" / "output" / "report.html").read_text("utf-8")
    assert "1 of 6 indicators has no data at all" in page
    assert "Nothing was simulated" in page
    certainty = json.loads((tmp_path / "clients-study" / "output" / "certainty.json").read_text("utf-8"))
    assert (certainty["sources"], certainty["steady"], certainty["actions"]) == ([], None, {})
    other = write(tmp_path / "full.csv", header + ",Trust", [(*row, 70) for row in rows])
    assert invoke(["--language", "en", "run", str(other), *MEASURED]) == 0
    assert Study(tmp_path / "full-study").file.tree == "quick_value"


def test_columns_that_feed_no_tree_name_the_closest(tmp_path, capsys) -> None:
    path = write(
        tmp_path / "clients.csv", "customer no,Gross profit,shoe size", [("K1", 5, 42), ("K2", 6, 43)]
    )
    assert invoke(["--language", "en", "run", str(path)]) == 1
    said = capsys.readouterr().err
    assert "STUDY-356" in said
    assert "--tree quick_value" in said


def test_a_stated_tree_that_nothing_feeds_leaves_no_study_behind(tmp_path, capsys) -> None:
    path = write(tmp_path / "clients.csv", "customer no,shoe size", [("K1", 42), ("K2", 43)])
    assert invoke(["--language", "en", "run", str(path), "--tree", "telecom"]) == 1
    said = capsys.readouterr().err
    assert "STUDY-356" in said
    assert "--tree telecom" in said
    assert "shoe size" in said
    assert not (tmp_path / "clients-study").exists()


def test_the_hint_for_a_measure_under_another_name_works(tmp_path, capsys) -> None:
    rows = [(f"K{n}", n * 1000, n * 10_000, 0.1, 0.9, 80, 60 + n) for n in range(1, 9)]
    header = "customer no.,GP,Purchase amount,Cost-to-serve ratio,On-time payment,Loyalty,Faith"
    path = write(tmp_path / "clients.csv", header, rows)
    assert invoke(["--language", "en", "run", str(path)]) == 1
    said = capsys.readouterr().err
    assert "STUDY-356" in said
    assert "--tree quick_value" in said
    assert "gross_profit, trust" in said  # the measures that nothing feeds
    named = ["--tree", "quick_value", "--column", "trust=Faith", "--column", "毛利润额=GP"]
    assert invoke(["--language", "en", "run", str(path), *named, *MEASURED]) == 0
    measures = Study(tmp_path / "clients-study").measured.frame
    assert measures["trust"].to_list() == [60 + n for n in range(1, 9)]
    assert measures["gross_profit"].to_list() == [n * 1000 for n in range(1, 9)]


@pytest.mark.parametrize("more", [[], ["--tree", "quick_value"]])
def test_a_name_that_is_no_measure_is_refused_with_the_nearest(tmp_path, capsys, more) -> None:
    path = write(tmp_path / "clients.csv", "customer no,Faith,Loyalty", [("K1", 5, 4), ("K2", 6, 3)])
    assert invoke(["--language", "en", "run", str(path), *more, "--column", "trst=Faith"]) == 1
    said = capsys.readouterr().err
    assert "STUDY-352" in said
    assert "trust" in said


def german(path: Path) -> Path:
    """Write orders as a German system exports them: cp1252, days first, decimal commas."""
    lines = ["Kunden-Nr.;Kunde;Bestelldatum;Umsatz (€)"]
    for name, day, amount, _ in ROWS:
        year, month, number = day.split("-")
        lines.append(f"{name};Müller & Söhne;{number}.{month}.{year};1.{amount:03},25")
    path.write_bytes(("\n".join(lines) + "\n").encode("cp1252"))
    return path


def options(said: str) -> list[str]:
    """Return the options that hints offer, in their order."""
    return re.findall(r"`(--set [^`]+)`", said)


def test_a_german_file_runs_with_the_option_its_hint_offers(tmp_path, capsys) -> None:
    path = german(tmp_path / "bestellungen.csv")
    assert invoke(["--language", "en", "run", str(path)]) == 1
    said = capsys.readouterr().err
    assert "DATA-402" in said
    assert options(said)[0] == "--set encoding=cp1252"
    assert invoke(["--language", "en", "run", str(path), *shlex.split(options(said)[0]), *MEASURED]) == 0
    study = Study(tmp_path / "bestellungen-study")
    assert study.file.tables["orders"].encoding == "cp1252"
    assert study.file.as_of == date(2024, 12, 13)
    amounts = dict(study.measured.frame.select("id", "net_amount").iter_rows())
    assert amounts["K05"] == sum(1000 + amount + 0.25 for name, _, amount, _ in ROWS if name == "K05")


@pytest.mark.parametrize("name", ["", "orders."])
def test_questions_of_the_run_are_answered_by_the_options_their_hints_offer(tmp_path, capsys, name) -> None:
    rows = [(name, f"{int(day[8:])}/{int(day[5:7])}/{day[:4]}", f'"{amount},125"')
            for name, day, amount, _ in ROWS if int(day[8:]) <= 12]  # fmt: skip
    path = write(tmp_path / "orders.csv", "customer,date,amount", rows)
    assert invoke(["--language", "en", "run", str(path)]) == 1
    said = capsys.readouterr().err
    assert {"DATA-550", "DATA-560"} <= set(re.findall(r"DATA-\d+", said))
    (comma,) = [option for option in options(said) if option.endswith("decimal=,")]
    (first,) = [option for option in options(said) if option.endswith("format=%d/%m/%Y")]
    chosen = [part.replace("amount.", f"{name}amount.") for part in shlex.split(f"{comma} {first}")]
    assert invoke(["--language", "en", "run", str(path), *chosen, *MEASURED]) == 0
    study = Study(tmp_path / "orders-study")
    days = [date.fromisoformat(day) for _, day, *_ in ROWS if int(day[8:]) <= 12]
    assert study.file.as_of == max(days) + timedelta(days=1)
    total = sum(amount + 0.125 for who, day, amount, _ in ROWS if who == "K05" and int(day[8:]) <= 12)
    assert dict(study.measured.frame.select("id", "net_amount").iter_rows())["K05"] == total


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("encodng=cp1252", "STUDY-361"),
        ("encoding", "STUDY-361"),
        ("amount.decmal=,", "STUDY-361"),
        ("amount.decimal=;", "DOC-104"),
        ("amuont.decimal=,", "STUDY-361"),
        ("contacts.encoding=cp1252", "STUDY-361"),
    ],
)
def test_what_cannot_be_stated_is_refused_before_anything_is_written(tmp_path, capsys, said, code) -> None:
    path = write(tmp_path / "orders.csv", "customer,date,amount")
    assert invoke(["--language", "en", "run", str(path), "--set", said]) == 1
    assert code in capsys.readouterr().err
    assert not (tmp_path / "orders-study" / "study.yaml").exists()


def test_a_unit_in_a_header_is_stated_with_a_comment_and_can_be_undone(tmp_path, capsys) -> None:
    path = write(tmp_path / "orders.csv", "客户编号,日期,实付金额（万元）")
    assert invoke(["--language", "en", "run", str(path), *MEASURED]) == 0
    assert "10,000" in capsys.readouterr().out
    study = Study(tmp_path / "orders-study")
    mine = sum(amount for name, _, amount, _ in ROWS if name == "K05")
    assert dict(study.measured.frame.select("id", "net_amount").iter_rows())["K05"] == mine * 10_000
    text = (tmp_path / "orders-study" / "study.yaml").read_text("utf-8")
    assert re.search(r"# .*万元.*\n      amount: \{.*factor: 10000\}", text)
    assert invoke(["--language", "en", "run", str(path), "--set", "amount.factor=1", *MEASURED]) == 0
    again = Study(tmp_path / "orders-study").measured.frame
    assert dict(again.select("id", "net_amount").iter_rows())["K05"] == mine


def test_options_of_files_are_wrong_usage_for_a_study(tmp_path, capsys) -> None:
    path = write(tmp_path / "orders.csv", "customer,date,amount")
    assert invoke(["run", str(path), *MEASURED]) == 0
    assert invoke(["run", str(tmp_path / "orders-study"), "--tree", "orders_value"]) == 2
    assert invoke(["run", str(path), "--column", "amount"]) == 2
    assert invoke(["run", str(tmp_path / "none.csv")]) == 1


def test_options_are_not_lost_on_a_study_that_was_edited(tmp_path, capsys) -> None:
    path = write(tmp_path / "orders.csv", "customer,date,amount")
    assert invoke(["run", str(path), *MEASURED]) == 0
    file = tmp_path / "orders-study" / "study.yaml"
    file.write_text(file.read_text("utf-8") + "seed: 3\n", "utf-8")
    assert invoke(["run", str(path), *MEASURED]) == 0
    assert invoke(["run", str(path), "--column", "amount=amount"]) == 1
    assert "STUDY-357" in capsys.readouterr().err
    assert file.read_text("utf-8").endswith("seed: 3\n")


def test_the_day_looked_back_from_can_be_given(tmp_path, capsys) -> None:
    path = write(tmp_path / "orders.csv", "customer,date,amount")
    assert invoke(["run", str(path), "--as-of", "2024-07-01", *MEASURED]) == 0
    measures = (tmp_path / "orders-study" / "output" / "measures.csv").read_text("utf-8-sig").splitlines()
    recency = dict(zip(measures[0].split(","), measures[1].split(","), strict=True))["recency_days"]
    last = max(day for name, day, *_ in ROWS if name == "K01" and day < "2024-07-01")
    assert float(recency) == (date(2024, 7, 1) - date.fromisoformat(last)).days
    assert invoke(["run", str(path), "--as-of", "July"]) == 2


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_day_that_was_stated_is_that_of_the_study(tmp_path, language) -> None:
    path = write(tmp_path / "orders.csv", "customer,date,amount")
    assert invoke(["--language", language, "run", str(path), "--as-of", "2024-07-01", *MEASURED]) == 0
    assert Study(tmp_path / "orders-study").file.as_of == date(2024, 7, 1)
    assert invoke(["--language", language, "run", str(path), *MEASURED]) == 0
    assert Study(tmp_path / "orders-study").file.as_of == date(2024, 12, 13)


def test_a_day_that_lies_ahead_is_a_question_with_two_answers(tmp_path, capsys) -> None:
    later = date.today() + timedelta(days=400)
    path = write(tmp_path / "orders.csv", "customer,date,amount", [*ROWS, ("K01", later, 5)])
    assert invoke(["--language", "en", "run", str(path)]) == 1
    said = capsys.readouterr().err
    assert "STUDY-358" in said
    line = re.search(r"`(as_of: \S+)`", said)
    assert line is not None
    day = line[1].removeprefix("as_of: ")
    assert day == "2024-12-13"  # the day after the last order that has come
    assert invoke(["run", str(path), "--as-of", day, *MEASURED]) == 0
    file = tmp_path / "orders-study" / "study.yaml"
    file.write_text(file.read_text("utf-8") + "ahead: true\n", "utf-8")
    assert invoke(["run", str(tmp_path / "orders-study"), *MEASURED]) == 0


def test_tomorrow_is_the_day_after_todays_orders(tmp_path, capsys) -> None:
    path = write(tmp_path / "orders.csv", "customer,date,amount", [*ROWS, ("K01", date.today(), 5)])
    assert invoke(["run", str(path), *MEASURED]) == 0


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_order_that_stands_alone_after_all_others_is_named(tmp_path, capsys, language) -> None:
    """It moves the day looked back from by 109 days; from the day offered everybody is seen as before."""
    path = write(tmp_path / "orders.csv", "customer,date,amount", [*ROWS, ("K01", "2025-03-31", 5)])
    assert invoke(["--language", language, "run", str(path)]) == 0
    said = capsys.readouterr().err
    assert "STUDY-399" in said
    assert all(words in said for words in ("K01", "orders.csv", "2025-03-31", "2024-12-12", "109"))
    page = (tmp_path / "orders-study" / "output" / "report.html").read_text("utf-8")
    assert figures.day(date(2025, 3, 31), language) in page[: page.index('id="explore"')]
    day = re.search(r"`--as-of (\S+?)`", said)
    assert day is not None
    assert invoke(["--language", language, "run", str(path), "--as-of", day[1], *MEASURED]) == 0
    assert "STUDY-399" not in capsys.readouterr().err
    assert Study(tmp_path / "orders-study").measured.frame["recency_days"].min() == 1


def test_a_last_order_four_weeks_after_all_others_is_no_surprise(tmp_path, capsys) -> None:
    path = write(tmp_path / "orders.csv", "customer,date,amount", [*ROWS, ("K01", "2025-01-10", 5)])
    assert invoke(["run", str(path), *MEASURED]) == 0
    assert "STUDY-399" not in capsys.readouterr().err


def test_a_folder_of_months_is_one_study(tmp_path, capsys, monkeypatch) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    for month in range(1, 13):
        part = [row for row in ROWS if f"-{month:02}-" in row[1]]
        write(folder / f"orders-{month:02}.csv", "customer,date,amount", part)
    monkeypatch.chdir(folder)
    assert invoke(["run"]) == 0
    assert (tmp_path / "exports-study" / "output" / "report.html").is_file()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_exports_that_overlap_are_on_the_first_screen_and_the_option_drops_them(
    tmp_path, capsys, language
) -> None:
    """August stands in both files: what it adds is told, and without it every line counts once."""
    folder = tmp_path / "exports"
    folder.mkdir()
    rows = [(who, day, f"A{n:03}", amount) for n, (who, day, amount, _) in enumerate(ROWS)]
    write(folder / "one.csv", "customer,date,order no,amount", [row for row in rows if row[1] < "2024-09"])
    write(folder / "two.csv", "customer,date,order no,amount", [row for row in rows if row[1] >= "2024-08"])
    twice = sum(amount for _, day, _, amount in rows if day[:7] == "2024-08")
    assert invoke(["--language", language, "run", str(folder)]) == 0
    said = capsys.readouterr().err
    assert "DATA-588" in said
    option = re.search(r"`--set ([^`\s]+)`", said)
    assert option is not None
    page = (tmp_path / "exports-study" / "output" / "report.html").read_text("utf-8")
    assert f"{twice:,.2f}" in page[: page.index('id="explore"')]
    assert invoke(["--language", language, "run", str(folder), "--set", option[1], *MEASURED]) == 0
    assert "DATA-588" not in capsys.readouterr().err
    counted = Study(tmp_path / "exports-study").measured.frame["net_amount"].sum()
    assert counted == sum(amount for *_, amount in rows)


def followed(path: Path, said: str, *further: str) -> Study:
    """Return the study that is made where every option offered is taken."""
    offered = [option for line in re.findall(r"`(--set [^`]+)`", said) for option in shlex.split(line)]
    data = gather([str(path)], settings=settings([*(one for one in offered if one != "--set"), *further]))
    assert data.questions == ()
    return Study(make_study(data, settled(feedings(data)), study_folder([str(path)]), language="en").folder)


SURVEY = [("Q1", 7, 3, 5, 6), ("Q2", 6, 4, 5, 7), ("Q10", 5, 2, 6, 7)]


def survey(path: Path, *, extra: str = "") -> Path:
    """Write a survey with a column per question, with sex and age in it that are no answers."""
    people = list(zip(*(answers[1:] for answers in SURVEY), strict=True))
    header = ",".join(["gender", "age", *(name for name, *_ in SURVEY), *extra.split()])
    tail = [""] * len(people) if not extra else [",R_a", ",R_b", ",R_c", ",R_d"]
    rows = [f"{1 + n % 2},{20 + n},{','.join(map(str, one))}{tail[n]}" for n, one in enumerate(people)]
    path.write_text("\n".join([header, *rows]) + "\n", "utf-8")
    return path


@pytest.mark.parametrize("extra", ["", "ResponseId"])
def test_a_survey_with_a_column_per_question_says_the_options_that_read_it(tmp_path, capsys, extra) -> None:
    path = survey(tmp_path / "answers.csv", extra=extra)
    assert invoke(["--language", "en", "run", str(path)]) == 1
    said = capsys.readouterr().err
    assert "DATA-531" in said
    assert ("DATA-532" in said) == (not extra)
    study = followed(path, said, "survey.perceived.range=[1, 7]")
    assert (study.file.customers.satisfaction.low, study.file.customers.satisfaction.high) == (1, 7)
    index = [100 * (sum(one) / 3 - 1) / 6 for one in zip(*(answers[1:] for answers in SURVEY), strict=True)]
    assert sorted(study.measured.frame["satisfaction_index"]) == pytest.approx(sorted(index))
    assert set(study.tables["survey"]["item"]) == {"Q1", "Q2", "Q10"}


def test_long_questions_are_all_offered_whole_some_of_which_nobody_could_answer(tmp_path, capsys) -> None:
    questions = [
        f"{n}. How satisfied are you all in all with what we did about subject {n}?" for n in range(1, 9)
    ]
    rows = [[f"K{who:02}", *(1 + (who + n) % 5 for n in range(8))] for who in range(20)]
    for row in rows[::4]:
        row[3] = "don't know"
    path = tmp_path / "answers.csv"
    path.write_text(
        "\n".join(",".join(map(str, row)) for row in [["Customer ID", *questions], *rows]), "utf-8"
    )
    assert invoke(["--language", "en", "run", str(path)]) == 1
    study = followed(
        path, capsys.readouterr().err, "survey.perceived.range=[1, 5]", "perceived.missing=[don't know]"
    )
    assert study.tables["survey"]["item"].n_unique() == 8
    assert study.tables["survey"].height == 20 * 8 - 5


READ = ["--set", "survey.unpivot={columns: ['Q*'], name: item, value: perceived}",
        "--set", "survey.id.row_number=true"]  # fmt: skip


def test_a_scale_that_was_not_stated_is_asked_and_each_answer_gives_its_index(
    tmp_path, capsys, answers
) -> None:
    """The answers run from 2 to 7: on a scale to 10 they would be another index."""
    path = survey(tmp_path / "answers.csv")
    assert invoke(["--language", "en", "run", str(path), *READ]) == 1
    said = capsys.readouterr().err
    assert "STUDY-363" in said
    assert not (tmp_path / "answers-study").exists()
    options = re.findall(r'--set survey\S+="[^"]+"', said)
    assert [option[-8:-1].strip('"=') for option in options] == ["[1, 7]", "[1, 10]", "[0, 10]"]
    mean = [sum(one) / 3 for one in zip(*(given[1:] for given in SURVEY), strict=True)]
    for option, (low, high) in zip(options, ((1, 7), (1, 10), (0, 10)), strict=True):
        home = tmp_path / f"{low}-{high}"
        data = gather([str(path)], settings=settings([*READ[1::2], *shlex.split(option)[1::2]]))
        study = Study(make_study(data, feedings(data)[0], home).folder)
        chosen = study.file.customers.satisfaction
        assert (chosen.low, chosen.high) == (low, high)
        index = [100 * (one - low) / (high - low) for one in mean]
        assert sorted(study.measured.frame["satisfaction_index"]) == pytest.approx(sorted(index))
    answers("1")
    assert invoke(["--language", "en", "run", str(path), *READ]) == 0
    assert "not identified and not used: gender, age" in capsys.readouterr().out
    assert Study(tmp_path / "answers-study").file.customers.satisfaction.high == 7
    assert 'id="satisfaction"' in (tmp_path / "answers-study" / "output" / "report.html").read_text("utf-8")


def test_a_scale_that_only_one_holds_is_no_question(tmp_path) -> None:
    rows = "\n".join(f"K{n},Q{n % 3},{n % 11}" for n in range(33))
    path = tmp_path / "survey.csv"
    path.write_text(f"customer,item,perceived\n{rows}\n", "utf-8")
    data = gather([str(path)])
    text = (make_study(data, feedings(data)[0], tmp_path / "s").folder / "study.yaml").read_text("utf-8")
    assert "satisfaction: {low: 0, high: 10}" in text


def test_months_as_columns_say_the_option_that_reads_them(tmp_path, capsys) -> None:
    path = tmp_path / "sales.csv"
    path.write_text(
        "客户编号,客户名称,2024-01,2024-02,合计\nC1,甲,10,20,30\nC2,乙,,40,40\n合计,,10,60,70\n", "utf-8"
    )
    assert invoke(["--language", "en", "run", str(path)]) == 1
    study = followed(path, capsys.readouterr().err)
    assert study.file.as_of == date(2024, 3, 1)
    measured = study.measured.frame.sort("id")
    assert measured.select("id", "name", "net_amount").rows() == [("C1", "甲", 30.0), ("C2", "乙", 40.0)]


def test_rows_without_an_amount_say_the_option_that_counts_them(tmp_path, capsys) -> None:
    path = tmp_path / "visits.csv"
    path.write_text("member,date,shop\nA,2024-01-05,x\nB,2024-01-05,x\nA,2024-02-05,y\n", "utf-8")
    assert invoke(["--language", "en", "run", str(path)]) == 1
    said = capsys.readouterr().err
    assert "STUDY-355" in said
    measured = followed(path, said).measured.frame.sort("id")
    assert measured.select("id", "net_amount").rows() == [("A", 2.0), ("B", 1.0)]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_offered_for_one_of_two_tables_works_as_it_stands(tmp_path, capsys, language: str) -> None:
    rows = [(who, day, amount, "Invoice", "EUR") for who, day, amount, _ in ROWS]
    rows += [("K01", "2024-11-05", 7, "Credit note", "GBP"), ("K02", "2024-11-06", 5, "Credit note", "GBP")]
    folder = tmp_path / "exports"
    folder.mkdir()
    write(folder / "sales.csv", "customer,date,amount,Document type,Currency", rows)
    firms = [(f"K{customer:02}", f"Firm {customer}", "North") for customer in range(1, 13)]
    write(folder / "firms.csv", "customer,customer name,region", firms)
    stated: list[str] = []
    for code in ("DATA-568", "DATA-446"):
        assert invoke(["--language", language, "run", str(folder), *stated, *MEASURED]) == 1
        said = capsys.readouterr().err
        assert code in said
        stated += shlex.split(options(said)[0].replace("RATE", "2"))
    assert stated[1::2] == [
        "orders.returned={column: Document type, in: [Credit note]}",
        "orders.rates={to: EUR, per_unit: {GBP: 2}}",
    ]
    assert invoke(["--language", language, "run", str(folder), *stated, *MEASURED]) == 0
    orders = Study(tmp_path / "exports-study").tables["orders"]
    assert orders["amount"].sum() == sum(amount for _, _, amount, _ in ROWS) - 2 * (7 + 5)
