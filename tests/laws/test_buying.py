"""Laws of every registered model of repeat buying."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.customers.clv import BUYING

MODELS = [entry.name for entry in BUYING.methods()]
parameters = st.tuples(*[st.floats(0.05, 20)] * 4)
histories = st.tuples(st.integers(0, 60), st.floats(0.01, 1), st.floats(0.5, 300))


@pytest.mark.parametrize("name", MODELS)
@settings(max_examples=60, deadline=None)
@given(theta=parameters, history=histories, t=st.floats(0.1, 200))
def test_chances_and_expectations_are_sound(name, theta, history, t) -> None:
    """P(alive) lies in 0–1; expected purchases rise with time, and discounting only takes away."""
    model = BUYING[name].function.of(theta)
    x, share, T = history
    t_x = share * T if x else 0.0
    alive = float(model.p_alive(x, t_x, T))
    assert 0 <= alive <= 1
    if "p_alive_1_without_repeats" in BUYING[name].laws and x == 0:
        assert alive == 1
    now, later = (float(model.future_purchases(span, x, t_x, T)) for span in (t, 2 * t))
    assert 0 <= now <= later * (1 + 1e-9)
    assert alive * float(model.discounted_if_alive(t, (0.01,), x, T)[0]) <= now * (1 + 1e-6) + 1e-12


@pytest.mark.parametrize("name", MODELS)
@settings(max_examples=30, deadline=None)
@given(theta=parameters, history=histories)
def test_a_longer_silence_never_speaks_for_a_customer(name, theta, history) -> None:
    """With the same purchases, P(alive) falls as T grows."""
    x, share, T = history
    t_x = share * T if x else 0.0
    alive = BUYING[name].function.of(theta).p_alive(x, t_x, T * np.array([1.0, 1.5, 3.0]))
    assert (np.diff(alive) <= 1e-9).all()
