"""The runner itself: what it must do for the suite to stay fast."""

import os

import pytest

pytestmark = pytest.mark.xdist_group("together")


def test_tests_that_share_a_site_run_in_one_process(request: pytest.FixtureRequest) -> None:
    """Versions of pytest and pytest-xdist that do not understand each other start every site three times."""
    runs_side_by_side = "PYTEST_XDIST_WORKER" in os.environ
    assert request.node.nodeid.endswith("@together") == runs_side_by_side
