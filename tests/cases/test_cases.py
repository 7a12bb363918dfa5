"""Every case of the YAML files: what was done, what must come.

Goes through `gate/app/hooks/`, `gate/git/staging.py`, `gate/package_rules/contradictions.py`,
`gate/pipeline/base_files.py`, `gate/pipeline/evidence.py`, `gate/policy/assemble.py`, `gate/policy/changes.py`,
`gate/policy/comparing.py`, `gate/policy/confined.py`, `gate/policy/loosening.py`, `gate/policy/reading.py`,
`gate/policy/repository_files.py`, `gate/policy/settings_versions.py`, `gate/policy/tightening.py`,
`gate/trees/unseen.py`.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest


@pytest.mark.one_python
def test_the_case(case: Any, play: Callable[[Any], Any]) -> None:
    play(case).check()


def test_there_are_hundreds_of_them(cases: Any) -> None:
    assert len(cases) >= 600


def test_names_are_unique(cases: Any) -> None:
    names = Counter(f"{place}: {case.name}" for place, case in cases)
    assert [name for name, count in names.items() if count > 1] == []
