"""An entry that names something registered takes every name there is, and only those."""

from typing import Annotated

import pytest

from evaluator.documents import Choice, Format, parse, validate
from evaluator.errors import EvaluationError
from evaluator.registry import Registry


def entry(words: tuple[str, ...] = ()) -> tuple[Registry, type[Format]]:
    means: Registry = Registry("mean")
    means.register("arithmetic", zh="算术平均", en="arithmetic", reference="Euclid")(sum)

    class Stated(Format):
        mean: Annotated[str, Choice(means, words=words)] | None = None

    return means, Stated


def test_what_is_registered_later_is_a_choice_too_in_files_and_schema() -> None:
    means, stated = entry(words=("none",))
    means.register("geometric", zh="几何平均", en="geometric", reference="Euclid")(max)
    for name in ("arithmetic", "geometric", "none"):
        assert validate(parse(f"mean: {name}", "x.yaml"), stated).model_dump() == {"mean": name}
    choices = stated.model_json_schema()["properties"]["mean"]["anyOf"][0]
    assert choices == {"enum": ["arithmetic", "geometric", "none"], "type": "string"}


def test_names_of_several_registries_are_choices() -> None:
    means, _ = entry()
    others: Registry = Registry("mean")
    others.register("median", zh="中位数", en="median", reference="Galton")(sorted)
    assert Choice(means, others).names() == ("arithmetic", "median")


@pytest.mark.parametrize(("said", "hint"), [("aritmetic", ("arithmetic",)), ("7", ()), ("[sum]", ())])
def test_another_word_is_named_with_its_place_and_the_nearest(said: str, hint: tuple[str, ...]) -> None:
    _, stated = entry()
    with pytest.raises(EvaluationError) as caught:
        validate(parse(f"# what is joined\nmean: {said}", "x.yaml"), stated)
    (issue,) = caught.value.issues
    assert (issue.code, str(issue.where), issue.hint) == ("DOC-104", "x.yaml:2:1", hint)
    assert issue.detail["choices"] == "arithmetic"
