"""What start-up may load. Speed is measured in benchmarks/; this list is what keeps it."""

import subprocess
import sys
from pathlib import Path

STANDARD_LIBRARY = {
    "_collections", "_functools", "_operator", "_sre", "_typing", "argparse", "collections", "collections.abc",
    "contextlib", "copyreg", "enum", "functools", "gettext", "importlib", "importlib._bootstrap",
    "importlib._bootstrap_external", "itertools", "keyword", "operator", "re", "re._casefix", "re._compiler",
    "re._constants", "re._parser", "reprlib", "types", "typing", "typing.io", "typing.re", "warnings", "gc", "atexit",
    "_colorize", "errno", "fnmatch", "locale", "_locale", "shutil", "zlib", "bz2", "lzma", "linecache", "tokenize",
    "token", "textwrap",
}  # fmt: skip
"""Of which newer Pythons load a few more for argparse."""
OURS = {"gate", "gate.cli", "gate.core", "gate.core.errors"}
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
    assert ours == OURS | {"gate.cli.hook", "gate.app", "gate.app.hooks", "gate.app.hooks.protocol"}
    assert loaded.isdisjoint({"msgspec", "subprocess", "tempfile", "pathlib"})


RUN = """
import atexit, gc, sys
from gate.__main__ import main
atexit.register(lambda: print(gc.get_freeze_count()))
sys.argv = ["gate", "run", sys.argv[1], "--stage", "secrets", "--offline", "--no-cache", "--quiet"]
main()
print(gc.get_stats()[0]["collections"])
print(*sys.modules)
"""
RUNS_WITHOUT = {
    *("sqlite3", "configparser", "inspect", "ssl", "http.client", "yaml", "git", "rich", "detect_secrets"),
    *("multiprocessing", "pickle", "tomllib", "json"),
}
"""What a run of the secrets stage needs in its workers alone, or not at all."""


ENDS = """
import atexit, sys
import gate.__main__

class Kept:
    def __del__(self):
        print("taken apart")

def work():
    print("worked", end="")
    return 3

sys.kept = Kept()
atexit.register(print, ", at the end")
gate.__main__.main = work
gate.__main__.run()
"""


def test_the_program_ends_without_taking_apart_what_it_has_made() -> None:
    """Which takes 10 ms. What others have registered for the end is done, and what was printed is written."""
    done = subprocess.run([sys.executable, "-c", ENDS], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (3, "worked, at the end\n", "")


def test_a_thread_that_still_works_is_waited_for_at_the_end() -> None:
    thread = "import threading, time\nwork_on = lambda: (time.sleep(0.2), print('written'))\n"
    code = thread + ENDS.replace("    return 3", "    threading.Thread(target=work_on).start()\n    return 3")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 3
    assert "written" in done.stdout


def test_output_that_cannot_be_written_at_the_end_shows_in_the_status() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run([sys.executable, "-c", ENDS], stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode not in (0, 3)
    assert "No space left" in done.stderr


def test_a_run_on_a_small_folder_loads_no_engine_of_its_own_and_collects_garbage_rarely(
    own_cache: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    (folder / "a.py").write_text("x = 1\n")
    done = subprocess.run([sys.executable, "-c", RUN, str(folder)], capture_output=True, text=True, check=True)
    _, collections, modules, frozen = done.stdout.splitlines()
    assert int(collections) < 40, "70 with Python's own limits"
    assert int(frozen) > 10_000, "what Python's end need not look through"
    assert set(modules.split()).isdisjoint(RUNS_WITHOUT)


ENGINES = {"gate.dockerfile.lint", "gate.dockerfile.rule", "gate.secrets.engine", "gate.inventory.lockfiles", "yaml"}
BROKER = """
import sys
from importlib import import_module
from gate.pipeline.broker_calls import CALLS
for name, place in CALLS.items():
    if not name.startswith(("advisories", "image", "registry", "daemon", "tool")):
        import_module(place.partition(":")[0])
print(*sys.modules)
"""


def test_the_broker_loads_no_engine_for_what_a_run_without_images_asks_of_it() -> None:
    done = subprocess.run([sys.executable, "-c", BROKER], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()).isdisjoint(ENGINES)
