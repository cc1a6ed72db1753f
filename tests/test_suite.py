"""How the tests are shared out among processes, which nobody would miss if it went."""

import os

import pytest

pytestmark = pytest.mark.skipif(
    "PYTEST_XDIST_WORKER" not in os.environ, reason="all tests run in one process"
)


def test_the_tests_of_a_file_stay_in_one_process(request: pytest.FixtureRequest) -> None:
    assert request.node.nodeid.endswith(f"@{request.path}")


@pytest.mark.usefixtures("demo_study")
def test_the_tests_of_a_costly_fixture_stay_in_one_process(request: pytest.FixtureRequest) -> None:
    assert request.node.nodeid.endswith("@demo_study")
