"""Issues in a report: what holds for several subjects is said once, by names, and experts stay coded."""

from evaluator.errors import Issue, Location, Severity
from evaluator.messages import Named
from evaluator.present.reader import Reader


def unobserved(name: str, zh: str, en: str) -> Issue:
    return Issue("DATA-433", Named(name, {"zh": zh, "en": en}), {"origin": "orders"}, severity=Severity.NOTE)


def test_equal_findings_are_one_line_and_warnings_come_first() -> None:
    late = Issue("DATA-439", severity=Severity.WARNING)
    found = [unobserved("breadth", "购买品类数", "Breadth"), unobserved("growth", "采购增长", "Growth"), late]
    first, second = Reader("en").issues(found)
    assert "DATA-433" not in first
    assert second.count("DATA-433") == 1
    assert "Breadth (breadth)" in second
    assert "Growth (growth)" in second


def test_who_is_coded_stays_coded() -> None:
    issue = Issue("JUDGE-224", "zhang", where=Location("zhang.xlsx"), severity=Severity.WARNING)
    (line,) = Reader("en", codes={"zhang": "E1"}).issues([issue])
    assert "zhang" not in line
    assert "E1" in line
