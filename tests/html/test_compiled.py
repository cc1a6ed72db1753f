"""Templates of the package are compiled once on a machine; what a user wrote never leaves the process."""

from collections.abc import Callable
from pathlib import Path

import pytest

from evaluator import caches, resources
from evaluator.html import compiled, rendering
from evaluator.html.rendering import render, templates
from evaluator.html.sandbox import Sandbox

SHOUT = {"en": "!", "zh": "！"}


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in place of the package's templates, of a user who has no caches yet."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "a.html.j2").write_text("<p>{{ 'a'|shout }}</p>\n{{ x }}", "utf-8")
    monkeypatch.setattr(resources, "folder", lambda name: tmp_path / name)
    monkeypatch.setattr(caches, "_caches", lambda: tmp_path / "caches")
    return tmp_path / "templates"


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[str, int]]:
    """Fill the template as another process would; returns the text, and how many were compiled for it."""
    made: list[str] = []
    compile_ = Sandbox.compile

    def counted(environment: Sandbox, source: str, *place: object) -> object:
        made.append(source)
        return compile_(environment, source, *place)

    monkeypatch.setattr(Sandbox, "compile", counted)

    def run(language: str = "en", folders: tuple[Path, ...] = ()) -> tuple[str, int]:
        rendering._compiled.cache_clear()
        compiled._how_compiled.cache_clear()
        made.clear()
        filters = {"shout": lambda text: text + SHOUT[language]}
        text = render(templates(language, folders=folders, filters=filters), "a.html.j2", {"x": 1})
        return text, len(made)

    yield run
    rendering._compiled.cache_clear()
    compiled._how_compiled.cache_clear()


def kept(package: Path) -> list[Path]:
    return sorted((package.parent / "caches" / "evaluator").glob("*"))


def test_the_next_process_compiles_nothing_in_any_language(package: Path, rendered) -> None:
    assert rendered() == ("<p>a!</p>\n1", 1)
    assert rendered() == ("<p>a!</p>\n1", 0)
    assert rendered("zh") == ("<p>a！</p>\n1", 0)  # what a filter makes is never compiled in
    assert len(kept(package)) == 1


def test_another_text_takes_the_place_of_the_one_before(package: Path, rendered) -> None:
    rendered()
    (package / "a.html.j2").write_text("{{ x }}", "utf-8")
    assert rendered() == ("1", 1)
    assert rendered() == ("1", 0)
    assert len(kept(package)) == 1


def test_another_way_of_compiling_compiles_anew(package: Path, rendered, monkeypatch) -> None:
    rendered()
    monkeypatch.setattr(compiled, "version", lambda name: "another")
    assert rendered()[1] == 1
    monkeypatch.setattr(compiled, "_COMPILERS", ("compiling.py",))
    assert rendered()[1] == 1
    monkeypatch.setattr(compiled, "_COMPILERS", ("not there",))
    assert [rendered()[1] for _ in range(2)] == [1, 1]


def test_a_damaged_file_is_compiled_anew(package: Path, rendered) -> None:
    rendered()
    (path,) = kept(package)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    assert rendered() == ("<p>a!</p>\n1", 1)
    assert path.read_bytes() == whole


def test_what_a_user_wrote_is_never_kept(package: Path, rendered, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a.html.j2").write_text("mine", "utf-8")
    assert [rendered(folders=(tmp_path / "mine",)) for _ in range(2)] == [("mine", 1), ("mine", 1)]
    assert kept(package) == []


def test_a_mistake_in_what_was_kept_still_has_its_line(package: Path, rendered) -> None:
    (package / "a.html.j2").write_text("{{ 'a'|shout }}\n\n{{ lost }}", "utf-8")
    places = []
    for _ in range(2):
        with pytest.raises(rendering.EvaluationError) as caught:
            rendered()
        places.append(str(caught.value.issues[0].where))
    assert places == ["a.html.j2:3", "a.html.j2:3"]
