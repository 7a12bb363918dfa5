"""Names of folders that say what lies in them, in small letters: path patterns and rules choose from these."""

import re

TESTS = ("test", "tests", "fixture", "fixtures")
"""Tests and their data, also as one word of a longer name: `e2e-tests`, `test-server`."""
WHOLE_TESTS = ("__tests__", "spec", "testdata")
"""Tests as the whole name alone: `openapi-spec` is none."""
MORE_TESTS = ("testing", "e2e", "mock", "mocks")
"""Tests too in a repository; in a published package these can be modules like any other, as `numpy/testing` is."""
MORE_WHOLE_TESTS = ("specs", "test-data", "benches")
"""With the folder in which Cargo looks for benchmarks, next to which their recorded data lies."""
TEST_KINDS = ("unit", "system", "integration", "functional", "acceptance")
"""What stands before `tests` in a folder's name: `integration-tests`."""
EXAMPLES = ("example", "examples", "sample", "samples")
MORE_EXAMPLES = ("demo", "demos", "tutorial", "tutorials")
"""Examples too in a repository; in a published package these can be modules."""
DOCUMENTATION = ("doc", "docs")
MORE_DOCUMENTATION = ("document", "documents", "documentation", "changelog", "changelogs", "license", "licenses")
"""Documentation by its name, which may also be what a program serves."""
FOREIGN = ("node_modules", "vendor")
"""Copies of other projects' files."""
MORE_FOREIGN = (
    *("vendored", "third-party", "third_party", "thirdparty", "external"),
    *("bower_components", "site-packages", "dist-packages", "pods"),
)
"""Such copies, or a project's own folder of that name."""


def any_of(*names: tuple[str, ...]) -> str:
    """Return a pattern, without a group around it, that matches one of the names."""
    return "|".join(re.escape(name) for row in names for name in row)
