"""The public names are the ones promised, and load what they name only when used."""

import subprocess
import sys

import pytest

import evaluator as ev


@pytest.mark.parametrize("name", ev.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(ev, name) is not None


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="attribute scor"):
        ev.scor  # noqa: B018


@pytest.mark.parametrize("first", ["import evaluator.reports", "ev.report"])
def test_report_can_be_called_whichever_way_it_was_loaded(first: str) -> None:
    """The room and the function share the name `report`; importing the room must not hide the function."""
    lines = ["import evaluator as ev", first, "assert callable(ev.report)"]
    code = "\n".join([*lines, "import evaluator.reports", "assert callable(ev.report)"])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
