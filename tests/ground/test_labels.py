"""The number types of all formats take what they say, and nothing beyond their ends."""

import math

import pytest
from pydantic import TypeAdapter, ValidationError

from evaluator import labels

ENDS = {  # what is taken last, and what is refused first
    "Share": ((0.0, 1.0), (-1e-9, 1 + 1e-9)),
    "ProperShare": ((1e-9, 1 - 1e-9), (0.0, 1.0)),
    "Positive": ((1e-300, 1e300), (0.0, -1.0)),
    "NonNegative": ((0.0, 1e300), (-1e-300, -1.0)),
    "GrowthRate": ((-1 + 1e-9, 5.0), (-1.0, -2.0)),
    "Count": ((0, 10**9), (-1, 1.5)),
    "PositiveCount": ((1, 10**9), (0, 1.5)),
}


@pytest.mark.parametrize("name", ENDS)
def test_a_number_type_ends_where_it_says(name: str) -> None:
    number: TypeAdapter[float] = TypeAdapter(getattr(labels, name))
    taken, refused = ENDS[name]
    for value in taken:
        assert number.validate_python(value, strict=True) == value
    for value in (*refused, math.inf if name.endswith("Share") else -math.inf, "0.5"):
        with pytest.raises(ValidationError):
            number.validate_python(value, strict=True)
