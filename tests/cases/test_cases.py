"""Every case of the YAML files: what was done, what must come."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest


@pytest.mark.cases
def test_the_case(case: Any, play: Callable[[Any], Any]) -> None:
    play(case).check()


def test_there_are_hundreds_of_them(cases: Any) -> None:
    assert len(cases) >= 600


def test_names_are_unique(cases: Any) -> None:
    names = Counter(f"{place}: {case.name}" for place, case in cases)
    assert [name for name, count in names.items() if count > 1] == []
