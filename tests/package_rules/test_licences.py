"""Which licences the lists of a project accept."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.package_rules.licences import Lists, is_refused, unlicensed

Make = Callable[..., Any]
PERMISSIVE = Lists(allow=("MIT", "Apache-2.0", "BSD-*"))
NO_COPYLEFT = Lists(deny=("GPL-*", "AGPL-*"))


@pytest.mark.parametrize(
    ("lists", "licence", "refused"),
    [
        (PERMISSIVE, "MIT", False),
        (PERMISSIVE, "mit", False),
        (PERMISSIVE, "BSD-3-Clause", False),
        (PERMISSIVE, "ISC", True),
        (PERMISSIVE, "ISC OR MIT", False),
        (PERMISSIVE, "ISC AND MIT", True),
        (PERMISSIVE, "(MIT AND Apache-2.0) OR GPL-3.0-only", False),
        (PERMISSIVE, "MIT/Apache-2.0", False),
        (PERMISSIVE, "Apache-2.0 WITH LLVM-exception", False),
        (PERMISSIVE, "LicenseRef-acme", True),
        (PERMISSIVE, None, False),
        (PERMISSIVE, "see the file LICENSE", False),
        (NO_COPYLEFT, "MIT", False),
        (NO_COPYLEFT, "GPL-3.0-or-later", True),
        (NO_COPYLEFT, "GPL-3.0+", True),
        (NO_COPYLEFT, "GPL-2.0", True),
        (NO_COPYLEFT, "LGPL-2.1-only", False),
        (NO_COPYLEFT, "MIT OR GPL-3.0-only", False),
        (NO_COPYLEFT, "MIT AND AGPL-3.0-only", True),
        (NO_COPYLEFT, "GPL-2.0-only WITH Classpath-exception-2.0", True),
        (Lists(allow=("GPL-2.0-only WITH Classpath-exception-2.0",), deny=("GPL-*",)),
         "GPL-2.0-only WITH Classpath-exception-2.0", False),
        (Lists(deny=("unknown",)), None, True),
        (Lists(deny=("unknown",)), "x" * 2000, True),
        (Lists(deny=("unknown",)), "MIT", False),
    ],
)  # fmt: skip
def test_lists_are_applied_to_expressions(lists: Lists, licence: str | None, refused: bool) -> None:
    assert is_refused(licence, lists) is refused


def test_a_refused_licence_is_a_finding_once_a_file(package: Make) -> None:
    packages = [package("npm", "a", version, path="package-lock.json", license="AGPL-3.0-only") for version in "12"]
    (finding,) = unlicensed(packages, NO_COPYLEFT, stage="dependencies", target="tree")
    assert (finding.rule, finding.title) == ("GP003", "a 1: licence is not allowed here")
    assert finding.message == "a has AGPL-3.0-only; the lists in gate.yaml (`licenses`) do not allow it."


def test_without_lists_nothing_is_parsed(package: Make) -> None:
    packages = (package("npm", "a", "1", license=text) for text in ["GPL-3.0-only"])
    assert list(unlicensed(packages, Lists(), stage="dependencies", target="tree")) == []


@given(st.text(max_size=40) | st.text(alphabet="()MIT ORANDWH+-.0123/", max_size=60))
def test_every_text_is_accepted_or_refused(licence: str) -> None:
    assert is_refused(licence, NO_COPYLEFT) in (True, False)
