"""Templates come by mail with a study: what they can reach is a list, and what they cost is bounded."""

import os
import pickle
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

import evaluator as ev
from evaluator.documents import Format
from evaluator.errors import EvaluationError, Issue, Location
from evaluator.html.rendering import render, templates
from evaluator.present.brand import PLAIN
from evaluator.present.figures import filters
from evaluator.reports.listings import Listing

NAME = "page/mine.html.j2"
SECONDS = 5.0


class Words(Format):
    """A pydantic model, such as files are read into."""

    word: str = "x"


@dataclass
class Loose:
    """A dataclass that is not frozen, and not ours."""

    word: str = "x"


class Shell:
    """What unpickling runs a command by."""

    def __init__(self, command: str) -> None:
        self.command = command

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, (self.command,)


VALUES = {
    "brand": PLAIN,
    "place": Location("a.yaml", 3),
    "listing": Listing(pl.DataFrame({"id": ["1"]}), (), 1),
    "model": Words(),
    "loose": Loose(),
    "frame": pl.DataFrame({"id": ["1"]}),
    "path": Path("."),
    "module": os,
    "rows": [1, 2, 3],
    "names": {"a": 1, "model": Words(), "path": Path("."), "call": os.system},
    "long": "x" * 1_000_000,
}


def refused(source: str, folder: Path) -> Issue:
    """Return what a template that must not work is refused with."""
    (folder / "page").mkdir(exist_ok=True)
    (folder / NAME).write_text(source, encoding="utf-8")
    began = time.process_time()
    with pytest.raises(EvaluationError) as caught:
        render(templates("en", folders=[folder], filters=filters("en")), NAME, VALUES)
    assert time.process_time() - began < SECONDS
    (issue,) = caught.value.issues
    return issue


def brand_of_a_study(home: Path, words: str) -> None:
    (home / "brand.yaml").write_text(f"schema: 1\n{words}\n", encoding="utf-8")
    with (home / "study.yaml").open("a", encoding="utf-8") as file:
        file.write("report: {theme: brand.yaml, templates: own}\n")


def refused_report(home: Path, source: str) -> Issue:
    """Return what the page of a study with this template is refused with."""
    (home / "own/page").mkdir(parents=True)
    (home / "own/page/page.html.j2").write_text(source, encoding="utf-8")
    study = ev.Study(home)
    with pytest.raises(EvaluationError) as caught:
        ev.report(study.run(), home / "r.html", options=study.file.report, folder=home)
    (issue,) = caught.value.issues
    return issue


def written(source: str, folder: Path) -> str:
    (folder / "page").mkdir(exist_ok=True)
    (folder / NAME).write_text(source, encoding="utf-8")
    return render(templates("en", folders=[folder], filters=filters("en")), NAME, VALUES)


def test_a_template_of_a_study_starts_no_program(folder: Path, tmp_path: Path) -> None:
    """`parse_raw` of a pydantic model unpickles what it is given, and unpickling runs anything."""
    proof = tmp_path / "proof"
    pickled = pickle.dumps(Shell(f"touch {proof}"), protocol=0).decode("ascii")
    literal = pickled.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
    brand_of_a_study(folder, "cover: {note: x}")
    source = f"{{{{ brand.cover.parse_raw('{literal}', content_type='pickle', allow_pickle=True) }}}}"
    issue = refused_report(folder, source)
    assert not proof.exists()
    assert str(issue.where) == "page/page.html.j2:1"


@pytest.mark.parametrize(
    "expression",
    [
        # Python's own ways from any value to all modules
        "''.__class__", "''['__class__']", "''|attr('__class__')", "rows|map(attribute='__class__')|list",
        "rows|map('attr', '__class__')|list", "().__class__.__mro__", "().__class__.__base__.__subclasses__()",
        "brand.__init__.__globals__", "text.__globals__", "text.__code__", "text.__closure__", "text.__wrapped__",
        "place.__class__", "place.__dataclass_fields__", "place.__dict__", "text|attr('__globals__')",
        # format strings walk attributes
        "'{0.__class__}'.format(place)", "'{0.__class__}'.format_map({'0': place})", "'%s'|format(place)",
        "('{0.__class__}'|e).format(place)", "'{0.file}'.format(place)",
        # what Jinja brings along
        "cycler", "joiner", "lipsum", "namespace", "dict", "range", "self", "self._TemplateReference__context",
        "cycler.__init__.__globals__.os", "joiner.__init__.__globals__", "lipsum.__globals__", "'a'|pprint",
        "(rows|map('string')).gi_frame", "(rows|select).gi_code", "rows|random", "'x'|safe", "'x'|xmlattr",
        # values that can do things
        "model.word", "model.model_dump()", "model.json()", "model.parse_raw('x')", "model.copy()",
        "brand.cover.model_fields", "brand.cover.parse_file('/etc/passwd')", "loose.word",
        "frame.columns", "frame.write_csv('x.csv')", "frame['id']", "listing.frame", "listing.frame.columns",
        "path.read_text()", "path.parent", "path / 'x'", "module.system('true')", "module.environ",
        "names.model.word", "names.path", "names.call('true')", "names['model']", "names.pop('a')",
        "names.update({})", "names.clear()", "rows.append(4)", "rows.pop()", "rows.sort()",
        "rows.__class__", "rows.copy()", "brand.theme.styles.__class__", "brand.theme.with_colours()",
        "''.join(rows)", "long.encode()", "long.translate({})",
        # printing what is no word, number or day shows what it holds
        "rows", "names", "model", "frame", "place", "path", "text", "rows ~ ''", "[rows]|join",
        "model|e", "frame|upper", "path|trim",
        # and what goes through it
        "frame|list", "model|tojson", "frame|first",
    ],
)  # fmt: skip
def test_what_is_not_on_the_list_cannot_be_reached(expression: str, tmp_path: Path) -> None:
    issue = refused(f"\n{{{{ {expression} }}}}", tmp_path)
    assert issue.code in {"REPORT-820", "REPORT-821", "REPORT-822", "REPORT-824"}
    assert str(issue.where).startswith(f"{NAME}:2")


@pytest.mark.parametrize(
    "source",
    [
        "{% for x in frame %}{{ x }}{% endfor %}", "{% for x in model %}{{ x }}{% endfor %}",
        "{% for x in path %}{% endfor %}", "{% set x = path.parent %}{{ x }}",
        "{% macro m() %}{% endmacro %}{{ m.__globals__ }}", "{% macro m() %}{% endmacro %}{{ m._func }}",
        "{% macro m() %}{% endmacro %}{{ m._environment }}",
        "{% for x in rows %}{{ loop._iterator }}{% endfor %}",
        "{% for x in rows %}{{ loop.__class__ }}{% endfor %}",
        "{% for x in rows %}{{ loop._undefined }}{% endfor %}",
        "{% macro m() %}{{ caller._func }}{% endmacro %}{% call m() %}{% endcall %}",
        "{% block b %}{{ super._stack }}{% endblock %}",
        "{% autoescape false %}{{ place.file }}{% endautoescape %}",
        '{% import "page/macros.html.j2" as m %}{{ m.__class__ }}',
        '{% import "page/macros.html.j2" as m %}{{ m._body_stream }}',
        '{% import "page/macros.html.j2" as m %}{{ m }}',
        '{% include "../secret.txt" %}', '{% include "/etc/passwd" %}', '{% import "../secret.txt" as s %}',
        '{% extends "../secret.txt" %}', '{% from "..\\\\secret.txt" import s %}',
        '{% include "page/../../secret.txt" %}', '{% include "page/link.txt" %}', '{% include "dir/secret.txt" %}',
        '{% include "page/mine.html.j2" %}', '{% extends "page/mine.html.j2" %}',
    ],
)  # fmt: skip
def test_statements_open_no_other_way(source: str, tmp_path: Path) -> None:
    own = tmp_path / "own"
    (own / "page").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("the password", encoding="utf-8")
    (own / "page/link.txt").symlink_to(tmp_path / "secret.txt")
    (own / "dir").symlink_to(tmp_path, target_is_directory=True)
    issue = refused(f"\n{source}", own)
    assert issue.code.startswith("REPORT-82")
    assert issue.where is not None
    assert "the password" not in issue.text()


DOUBLED = "{% set a = long ~ long %}" + "".join(
    f"{{% set {name} = {old} ~ {old} %}}"
    for old, name in zip("abcdefghijklmnopqrs", "bcdefghijklmnopqrst", strict=True)
)
NESTED = "{% set a = [1, 2] %}" + "".join(
    f"{{% set {name} = [{old}, {old}] %}}"
    for old, name in zip("abcdefghijklmnopqrstuvwxy", "bcdefghijklmnopqrstuvwxyz", strict=True)
)
TEN = "[1,2,3,4,5,6,7,8,9,10]"


@pytest.mark.parametrize(
    "source",
    [
        "{{ 10 ** 10 ** 10 }}", "{{ 'x' * 10 ** 10 }}", "{{ rows * 1000000000 }}",
        "{% for x in range(1000000000) %}{% endfor %}", "{{ range(10**9)|list }}",
        "".join(f"{{% for a{i} in {TEN} %}}" for i in range(12)) + "{% endfor %}" * 12,
        "{% for x in rows recursive %}{{ loop(rows) }}{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro m(n) %}{% if n %}{{ m(n[1:]) }}{{ m(n[1:]) }}{% endif %}{% endmacro %}{{ m('x' ~ 'y' ~ long[:90]) }}",
        DOUBLED + "{{ t }}",
        NESTED + "{{ z == z|list }}", NESTED + "{{ z|tojson }}", NESTED + "{{ {(z|first): 1} }}",
        "{% set a %}" + "{{ long }}" * 2000 + "{% endset %}",
        "{{ [" + "long.upper()," * 5000 + "]|length }}",
        "{{ [" + "long[1:]," * 5000 + "]|length }}",
        "{{ [" + "long|upper," * 5000 + "]|length }}",
        "{{ [" + "long," * 2000 + "]|join }}", "{{ [1,2,3]|join(" + "long ~ " * 200 + "'') }}",
        "{% for a in long %}{% for b in long %}{% endfor %}{% endfor %}",
        "{{ " + "long|list|sort == long|list|sort and " * 500 + "1 }}",
        "{{ rows|tojson(indent=1000000000) }}", "{{ rows|tojson(1000000000) }}", "{{ 1.5|number(1000000000) }}", "{{ 1.5|percent(1000000000) }}", "{{ 'a'|center(1000000000) }}",
        "{{ '%1000000000d'|format(1) }}", "{{ 'a'.ljust(1000000000) }}", "{{ 'a'.zfill(1000000000) }}",
        "{{ 'a'.replace('', long) }}", "{{ long.replace('x', long) }}", "{{ long|replace('x', long) }}",
        "{{ rows|batch(1000000000, 1)|list }}", "{{ rows|slice(1000000000)|list }}", "{{ 'a'|indent(1000000000) }}",
        "{{ 'a\\tb'.expandtabs(1000000000) }}", "{{ lipsum(1000000) }}",
        "{{ " + "(" * 100_000, "{{ " + "not " * 100_000 + "1 }}", "{{ a" + ".a" * 100_000 + " }}",
        "{{ " + "9" * 10_000 + " }}",
        "{% if 1 %}" * 300 + "{% endif %}" * 300, "{% for x in rows %}" * 60 + "{% endfor %}" * 60,
    ],
    ids=lambda source: source[:40],
)  # fmt: skip
def test_no_template_exhausts_the_machine(
    source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EVALUATOR_TEMPLATE_STEPS", "200000")  # so that the tests are quick
    monkeypatch.setenv("EVALUATOR_TEMPLATE_CHARACTERS", "20000000")
    issue = refused(source, tmp_path)
    assert issue.code.startswith("REPORT-82")


def test_a_template_of_nothing_but_openings_is_read_once(tmp_path: Path) -> None:
    """Marking start tags looked for the end of each opening to the end of the file, again and again."""
    folder = tmp_path / "own"
    (folder / "workbook").mkdir(parents=True)
    for source in ("{#" * 100_000, "<!--" * 100_000, "<![CDATA[" * 100_000, "<a\n" * 200_000):
        (folder / "workbook/mine.xml.j2").write_text(source, encoding="utf-8")
        began = time.process_time()
        with suppress(EvaluationError):
            render(templates("en", folders=[folder]), "workbook/mine.xml.j2", {})
        assert time.process_time() - began < SECONDS


def test_the_limits_that_ship_are_low_enough(tmp_path: Path) -> None:
    loops = "".join(f"{{% for a{i} in {TEN} %}}" for i in range(12)) + "{% endfor %}" * 12
    assert refused(loops, tmp_path).code == "REPORT-825"
    assert refused(f"{{% set a %}}{'{{ long }}' * 2000}{{% endset %}}", tmp_path).code == "REPORT-825"


@pytest.mark.parametrize(
    "source",
    [
        '<meta http-equiv="refresh" content="0;url=https://example.org">', "<META\nhttp-equiv=refresh>",
        '<base href="https://example.org">', '<link rel="dns-prefetch" href="//example.org">',
        '<form action="https://example.org">', '<iframe src="https://example.org">', "<object>", "<embed>",
    ],
)  # fmt: skip
def test_a_page_leads_nowhere(source: str, folder: Path) -> None:
    """What no policy forbids is refused, and the policy stands before whatever a template writes."""
    brand_of_a_study(folder, "cover: {note: x}")
    assert refused_report(folder, source).code == "REPORT-826"


def test_the_policy_comes_first(folder: Path) -> None:
    own = folder / "own/page"
    own.mkdir(parents=True)
    (own / "page.html.j2").write_text("<script>alert(1)</script>", encoding="utf-8")
    (own / "head.html.j2").write_text("<script>alert(2)</script>", encoding="utf-8")
    brand_of_a_study(folder, "cover: {note: x}")
    study = ev.Study(folder)
    path = ev.report(study.run(), folder / "r.html", options=study.file.report, folder=folder)
    text = path.read_text("utf-8")
    assert 0 < text.index("script-src ") < text.index("<script>")
    assert "alert(2)" not in text


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("{{ 'x'|abs }}", "REPORT-824"),
        ("{{ 'x'|day }}", "REPORT-824"),
        ("{{ text([1]) }}", "REPORT-824"),
        ("{{ rows|sort(attribute='x')|first }}", "REPORT-821"),
        ("{{ [1, 'x']|sort|first }}", "REPORT-824"),
        ("{% for a, b in rows %}{% endfor %}", "REPORT-824"),
        ("{{ text('report.day') }}", "REPORT-824"),
        ("{{ place.file.startswith() }}", "REPORT-824"),
        ("{{ rows.index(9) }}", "REPORT-824"),
    ],
)
def test_whatever_goes_wrong_has_its_line(source: str, code: str, tmp_path: Path) -> None:
    issue = refused(f"\n\n{source}", tmp_path)
    assert (issue.code, str(issue.where)) == (code, f"{NAME}:3")
    assert issue.text("zh") != issue.text("en")


def test_a_template_that_is_no_text_is_an_issue(tmp_path: Path) -> None:
    (tmp_path / "page").mkdir()
    (tmp_path / NAME).write_bytes(b"\xff\xfe\x00{{")
    with pytest.raises(EvaluationError) as caught:
        render(templates("en", folders=[tmp_path]), NAME, {})
    assert [issue.code for issue in caught.value.issues] == ["REPORT-824"]


def test_what_templates_need_is_there(tmp_path: Path) -> None:
    """Fields, properties, marked methods, methods of text and mappings, loops, the listed filters."""
    source = (
        "{{ place.file.upper() }} {{ place['line'] }} {{ listing.height }} {{ names.get('a') }} {{ names.a }}"
        "{% for key, value in {'k': 1}.items() %} {{ loop.index }}{{ key }}{{ value|number }}{% endfor %}"
        " {{ rows[1:]|join('+') }} {{ rows|map('number', 0)|join }} {{ [3, 1]|sort|first }} {{ 'a' ~ 1 }}"
    )
    assert written(source, tmp_path) == "A.YAML 3 1 1 1 1k1.0 2+3 123 1 a1"


def test_the_limit_can_be_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = "{% for a in rows %}{% for b in rows %}{{ b }}{% endfor %}{% endfor %}"
    assert written(source, tmp_path) == "123" * 3
    monkeypatch.setenv("EVALUATOR_TEMPLATE_STEPS", "10")
    assert refused(source, tmp_path).code == "REPORT-825"
    for mistake in ("many", "-1", "0", "1e9", "9" * 40):
        monkeypatch.setenv("EVALUATOR_TEMPLATE_STEPS", mistake)
        assert refused(source, tmp_path).code == "LIMIT-001"
