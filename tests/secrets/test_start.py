"""What is loaded before a file is looked at, and for one with nothing to find. Seconds are measured in benchmarks/."""

import subprocess
import sys
from pathlib import Path

import pytest

LOOK = """
import sys
from gate.__main__ import prepare_process
prepare_process()
from gate.secrets.engine.configuration import GATE
from gate.secrets.kinds.detectors import _TokenDetector
from gate.secrets.engine.scan import examine, scanner
examine(sys.argv[2].encode(), "a.py", scanner(GATE, sys.argv[1]))
print(*sys.modules)
print(*(kind.__name__ for kind in _TokenDetector.__subclasses__()))
"""
PLUGINS = "detect_secrets.plugins."
NEVER = {"requests", "urllib3", "inspect", "configparser", "detect_secrets.core.scan", "yaml", "git"}


def loaded(cache: Path, content: str) -> tuple[set[str], set[str]]:
    """Return the modules and our own detectors that a process makes to look at one file."""
    command = [sys.executable, "-c", LOOK, str(cache / "gate"), content]
    modules, kinds = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return set(modules.split()), set(kinds.split())


@pytest.mark.parametrize(
    ("content", "plugins", "kinds"),
    [
        ("x = 1\n", set(), set()),
        ("see AKIA" + "Z7VRSQ5TJN2XMPLQ\n", {"aws"}, set()),
        ("see glsa_" + "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0p_" + "e3f2a1b0\n", set(), {"GrafanaServiceGateDetector"}),
    ],
    ids=["nothing marked", "a line for a plugin of detect-secrets", "a line for one of ours"],
)
def test_detectors_are_made_for_the_lines_that_are_marked_for_them(
    own_cache: Path, content: str, plugins: set[str], kinds: set[str]
) -> None:
    modules, made = loaded(own_cache, content)
    assert {name.removeprefix(PLUGINS) for name in modules if name.startswith(PLUGINS)} == {"base"} | plugins
    assert made == kinds
    assert modules.isdisjoint(NEVER)
