"""What start-up may load. Speed is measured in benchmarks/; this list is what keeps it."""

import subprocess
import sys

STANDARD_LIBRARY = {
    "_collections", "_functools", "_operator", "_sre", "_typing", "argparse", "collections", "collections.abc",
    "contextlib", "copyreg", "enum", "functools", "gettext", "importlib", "importlib._bootstrap",
    "importlib._bootstrap_external", "itertools", "keyword", "operator", "re", "re._casefix", "re._compiler",
    "re._constants", "re._parser", "reprlib", "types", "typing", "typing.io", "typing.re", "warnings",
    "_colorize", "errno", "fnmatch", "locale", "_locale", "shutil", "zlib", "bz2", "lzma", "linecache", "tokenize",
    "token", "textwrap",
}  # fmt: skip
"""Of which newer Pythons load a few more for argparse."""
OURS = {"gate", "gate.cli", "gate.errors", "gate.text"}
LISTED = "import sys\nfrom gate.cli import main\n{}\nprint(*(set(sys.modules) - before), file=sys.stderr)"


def loaded_by(command: str) -> set[str]:
    code = "import sys\nbefore = set(sys.modules)\n" + LISTED.format(command)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


def test_start_up_loads_nothing_but_argparse() -> None:
    assert loaded_by("main(['--version'])") - STANDARD_LIBRARY == OURS


def test_a_push_of_nothing_loads_what_reads_it_and_no_more() -> None:
    loaded = loaded_by("import io; sys.stdin = io.TextIOWrapper(io.BytesIO())\nmain(['hook', 'run', 'origin', 'url'])")
    ours = {name for name in loaded if name.startswith("gate")}
    assert ours == OURS | {"gate.cli.hook", "gate.hooks", "gate.hooks.protocol"}
    assert loaded.isdisjoint({"msgspec", "subprocess", "tempfile", "pathlib"})
