"""Files are called what every operating system accepts, and no two are called the same."""

import pytest

from evaluator.forms.names import file_names
from evaluator.weighing.panel import Expert


@pytest.mark.parametrize(
    ("expert", "name"),
    [
        (Expert("e1", "张三"), "e1_张三.xlsx"),
        (Expert("e1"), "e1.xlsx"),
        (Expert("e1", "e1"), "e1.xlsx"),
        (Expert("../../etc/passwd"), "_.._etc_passwd.xlsx"),
        (Expert("CON"), "CON_.xlsx"),
        (Expert("a", "b. "), "a_b.xlsx"),
        (Expert("~$x"), "$x.xlsx"),
        (Expert("?"), "_.xlsx"),
        (Expert(" "), "expert.xlsx"),
        (Expert("x" * 300), "x" * 60 + ".xlsx"),
    ],
)
def test_a_file_name_is_cleaned_for_every_system(expert, name):
    assert file_names([expert]) == (name,)


def test_names_that_differ_only_in_case_get_numbers():
    assert file_names([Expert("a"), Expert("A"), Expert("a?"), Expert("a*")]) == (
        "a.xlsx", "A_2.xlsx", "a_.xlsx", "a__2.xlsx",
    )  # fmt: skip
