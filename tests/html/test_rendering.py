"""Templates place values and nothing else; every mistake has the line of the template."""

from pathlib import Path

import pytest

from evaluator.errors import EvaluationError, Issue
from evaluator.html.rendering import render, templates
from evaluator.html.sandbox import Sandbox

NAME = "workbook/mine.xml.j2"


def rendered(source: str, tmp_path: Path, **values: object) -> str:
    (tmp_path / "workbook").mkdir(exist_ok=True)
    (tmp_path / NAME).write_text(source, encoding="utf-8", newline="\n")
    return render(templates("zh", folders=[tmp_path]), NAME, values)


def mistake(source: str, tmp_path: Path, **values: object) -> Issue:
    with pytest.raises(EvaluationError) as caught:
        rendered(source, tmp_path, **values)
    (issue,) = caught.value.issues
    assert issue.text("zh") != issue.text("en")
    return issue


def test_what_a_user_wrote_is_escaped_and_cleaned(tmp_path: Path) -> None:
    """Markup, quotes and control characters of values cannot leave their place."""
    text = rendered('<a b="{{ x }}">{{ x }}</a>', tmp_path, x="<i>\"'&\x00\x0b\ud800\ufffe中")
    assert text.endswith("&lt;i&gt;&#34;&#39;&amp;中</a>")


def test_nothing_is_an_empty_place_and_numbers_are_exact(tmp_path: Path) -> None:
    assert (
        rendered("{{ x }}|{{ y }}|{{ z }}", tmp_path, x=None, y=0.1 + 0.2, z=1 / 3)
        == f"|{0.1 + 0.2!r}|{1 / 3!r}"
    )


def test_start_tags_carry_the_file_and_line_they_are_written_on(tmp_path: Path) -> None:
    """Loops, macros of other files and comments do not confuse them."""
    (tmp_path / "workbook").mkdir()
    part = "{# <x> #}\n\n{% macro m() %}<cell/>{% endmacro %}"
    (tmp_path / "workbook/part.xml.j2").write_text(part, encoding="utf-8")
    source = (
        '{% from "workbook/part.xml.j2" import m %}\n<!-- <no> -->\n<row\n a="1">{% for i in x if i < 3 %}\n'
        '<b>{{ "<no>" }}</b>{% endfor %}\n{{ m() }}</row>'
    )
    text = rendered(source, tmp_path, x=[1, 2])
    assert text.count(f'<b template-line="{NAME}:5">') == 2
    assert f'<row template-line="{NAME}:3"\n a="1">' in text
    assert '<cell template-line="workbook/part.xml.j2:3"/>' in text
    assert "<!-- <no> -->" in text


def test_only_xml_templates_are_marked(tmp_path: Path) -> None:
    (tmp_path / "a.html.j2").write_text("<p></p>", encoding="utf-8")
    assert render(templates("en", folders=[tmp_path]), "a.html.j2", {}) == "<p></p>"


@pytest.mark.parametrize(
    ("source", "code", "subject"),
    [
        ("\n{% for x in y %}", "REPORT-820", NAME),
        ("\n{{ x | nofilter }}", "REPORT-820", NAME),
        ("\n{{ lost }}", "REPORT-821", "'lost' is undefined"),
        ("\n{{ x.lost }}", "REPORT-821", None),
        ('\n{{ text("no.such.text") }}', "REPORT-821", "no.such.text"),
        ("\n{{ x + 1 }}", "REPORT-822", "+"),
        ("\n{% set y = x * 2 %}", "REPORT-822", "*"),
        ("\n{{ x.__class__ }}", "REPORT-822", None),
    ],
)
def test_a_mistake_is_named_with_its_line(
    source: str, code: str, subject: str | None, tmp_path: Path
) -> None:
    issue = mistake(source, tmp_path, x=1)
    assert (issue.code, str(issue.where)) == (code, f"{NAME}:2")
    assert subject in (None, issue.subject)


def test_a_text_that_no_catalogue_has_is_named_with_the_nearest(tmp_path: Path) -> None:
    issue = mistake('{{ text("report.customers.worth.benefit") }}', tmp_path)
    assert (issue.code, issue.hint[0]) == ("REPORT-821", "report.customers.value.benefit")


def test_a_mistake_in_an_included_template_is_placed_there(tmp_path: Path) -> None:
    (tmp_path / "workbook").mkdir()
    (tmp_path / "workbook/part.xml.j2").write_text("\n\n{{ lost }}", encoding="utf-8")
    issue = mistake('{% include "workbook/part.xml.j2" %}', tmp_path)
    assert (issue.code, str(issue.where)) == ("REPORT-821", "workbook/part.xml.j2:3")


def test_a_template_that_is_not_there_has_a_near_name(tmp_path: Path) -> None:
    issue = mistake('{% include "workbook/trends.xml.j2" %}', tmp_path)
    assert (issue.code, issue.subject) == ("REPORT-823", "workbook/trends.xml.j2")
    assert "workbook/trend.xml.j2" in issue.hint


def test_a_folder_of_the_user_comes_before_ours(tmp_path: Path) -> None:
    (tmp_path / "workbook").mkdir()
    (tmp_path / "workbook/report.xml.j2").write_text("mine", encoding="utf-8")
    assert render(templates("en", folders=[tmp_path]), "workbook/report.xml.j2", {}) == "mine"


@pytest.mark.parametrize(("value", "known"), [(0.0, "yes"), (None, "no"), (float("nan"), "no")])
def test_a_number_is_known_unless_it_is_not_there(value: float | None, known: str, tmp_path: Path) -> None:
    assert rendered("{{ 'yes' if x is known else 'no' }}", tmp_path, x=value) == known


def test_a_text_is_compiled_once_for_all_languages_and_anew_when_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled: list[str] = []
    compile_ = Sandbox.compile

    def counted(environment: Sandbox, source: str, *place: object) -> object:
        compiled.append(source)
        return compile_(environment, source, *place)

    monkeypatch.setattr(Sandbox, "compile", counted)
    marks = {"en": "!", "zh": "！"}

    def rendered(text: str, language: str) -> str:
        filters = {"shout": lambda text: text + marks[language]}
        (tmp_path / "own.html.j2").write_text(text, encoding="utf-8")
        return render(templates(language, folders=[tmp_path], filters=filters), "own.html.j2", {})

    assert [rendered("{{ 'a'|shout }}", "en") for _ in range(2)] == ["a!", "a!"]
    assert rendered("{{ 'a'|shout }}", "zh") == "a！"  # a filter is never compiled in
    assert rendered("{{ 'b'|shout }}", "en") == "b!"
    assert compiled == ["{{ 'a'|shout }}", "{{ 'b'|shout }}"]
