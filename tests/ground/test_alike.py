"""Equal findings are one line, by their names; different ones, and errors, stay single."""

from evaluator.alike import alike, in_words
from evaluator.cli.console import Console
from evaluator.errors import Issue, Location, Severity
from evaluator.messages import Named

WARNING = Severity.WARNING
BREADTH = Named("breadth", {"zh": "购买品类数", "en": "Breadth of products"})
GROWTH = Named("growth", {"zh": "采购增长", "en": "Growth of purchases"})


def grades(subject: str, count: int, *, minimum: int = 2) -> Issue:
    detail = {"count": count, "minimum": minimum, "examples": subject}
    return Issue("DATA-438", subject, detail, severity=WARNING)


def test_the_same_of_several_indicators_is_one_line_with_every_name_and_count(capsys) -> None:
    console = Console()
    console.ask_for("zh")
    console.issues([grades(BREADTH, 3), grades(GROWTH, 47)])
    (line,) = capsys.readouterr().err.splitlines()
    assert line.count("DATA-438") == 1
    assert "购买品类数（breadth）" in line
    assert "采购增长（growth）" in line
    assert "47" in line


def test_what_differs_in_more_than_its_subject_is_a_line_of_its_own() -> None:
    here = Issue("DATA-433", "growth", severity=WARNING, where=Location("a.csv"))
    lines = alike([grades("a", 1), grades("b", 1, minimum=3), Issue("DATA-433", "a", severity=WARNING), here])
    assert [len(line) for line in lines] == [1, 1, 1, 1]


def test_every_error_is_a_line_since_each_is_mended_where_it_stands() -> None:
    lines = alike([grades("a", 1), Issue("DATA-439"), Issue("DATA-439")])
    assert [line[0].code for line in lines] == ["DATA-439", "DATA-439", "DATA-438"]


def test_the_line_that_counts_counts_lines(capsys) -> None:
    console = Console()
    console.ask_for("en")
    console.issues([grades("a", 1), grades("b", 2), Issue("DATA-439")])
    assert len(capsys.readouterr().err.splitlines()) == 3
    assert in_words([grades("a", 1)], "en") == grades("a", 1).text("en")
