"""Whether the start of a container reaches vulnerable functions of its Python packages."""

import pytest

from gate.model import Image
from gate.model.container import Runtime
from gate.reachability.functions import image
from gate.reachability.functions.answer import ReachAnswer
from gate.reachability.functions.image import PythonImage
from gate.reachability.functions.image_start import VulnerablePackage, configured, reach_of
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.start import starts_of
from tests.reachability.runtimes.conftest import SmallTree, explore

LIB = "usr/local/lib/python3.13"
SITE = f"{LIB}/site-packages"
PYTHON = {
    "!usr/local/bin/python3.13": "",
    "usr/local/bin/python": "-> python3.13",
    f"{LIB}/os.py": "",
    f"{SITE}/toast/__init__.py": "",
    f"{SITE}/toast/core.py": "def burn(): pass\nclass Oven:\n    def bake(self): pass\n",
    f"{SITE}/toast-1.0.dist-info/METADATA": "Name: toast\nVersion: 1.0\n",
    f"{SITE}/toast-1.0.dist-info/RECORD": "toast/__init__.py,,\ntoast/core.py,,\n",
}
BURN = VulnerablePackage(f"{SITE}/toast-1.0.dist-info/METADATA", ("toast.core:burn",))
CALLS = "from toast.core import burn\ndef grill():\n    burn()\n"
HARMLESS = {"app/main.py": "import toast.core\n"}


def ask(
    files: dict[str, str], command: str = "python main.py", asked: VulnerablePackage = BURN, **settings: object
) -> ReachAnswer:
    """Return the answer for an image that starts `command` in /app."""
    tree = SmallTree(PYTHON | files)
    words = [command] if "entrypoint" in settings else command.split()
    runtime = Runtime(cmd=words, working_dir="/app", **settings)  # type: ignore[arg-type]
    walked = Files(tree)
    reach = reach_of(explore(starts_of(runtime, walked), walked), "PyPI")
    configuration = configured(runtime, Image(source="archive", reference="a", name="a"))
    return PythonImage(tree, reach, configuration).answer(asked)


def test_the_chain_begins_at_the_start_of_the_container() -> None:
    found = ask({"app/main.py": "import jobs\njobs.run()\n", "app/jobs.py": f"{CALLS}def run():\n    grill()\n"})
    assert found.state.value == "yes"
    assert found.evidence[0] == "entrypoint"
    assert found.evidence[-1].endswith("calls burn")


def test_what_the_start_does_not_run_is_no_chain_but_may_call_it() -> None:
    found = ask(HARMLESS | {"app/tasks.py": f"{CALLS}grill()\n"})
    assert (found.state.value, found.evidence[0]) == ("unknown", "it may be called:")


def test_what_nothing_names_is_not_reached() -> None:
    found = ask(HARMLESS)
    assert (found.state.value, found.evidence) == ("no", ("no call in 3 sources leads to toast.core:burn",))


@pytest.mark.parametrize(
    ("files", "command", "settings"),
    [
        pytest.param(
            {"app/main.py": "import toast.core, sys\n__import__(sys.argv[1])", f"{SITE}/web.py": f"{CALLS}grill()\n"},
            "python main.py",
            {},
            id="any module",
        ),
        pytest.param(HARMLESS, "python main.py toast.core:burn", {}, id="named by the command"),
        pytest.param(HARMLESS, "python main.py", {"env": ["HANDLER=toast.core.burn"]}, id="named by a variable"),
        pytest.param(HARMLESS | {"app/work.yaml": "run: burn"}, "python main.py", {}, id="named by settings"),
        pytest.param(HARMLESS | {"!app/go.sh": "#!/bin/sh\nburn"}, "python main.py", {}, id="named by a script"),
        pytest.param(
            HARMLESS | {"app/fast.cpython-313-x86_64-linux-gnu.so": "\x7fELF"}, "python main.py", {}, id="compiled"
        ),
        pytest.param(HARMLESS, "python main.py && $OTHER", {"entrypoint": ["/bin/sh", "-c"]}, id="a start not known"),
        pytest.param(
            {
                f"{SITE}/web/__init__.py": "",
                f"{SITE}/web/__main__.py": "import toast.core\nfrom web.jobs import grill\ngrill()\n",
                f"{SITE}/web/jobs.py": CALLS,
            },
            "python -m web",
            {},
            id="a module of a package is started",
        ),
        pytest.param(
            {
                "!usr/local/bin/web": "#!/usr/local/bin/python\nfrom web.jobs import grill\ngrill()\n",
                f"{SITE}/web/__init__.py": "",
                f"{SITE}/web/jobs.py": CALLS,
            },
            "web",
            {},
            id="a script of a package is started",
        ),
        pytest.param(
            HARMLESS
            | {
                "opt/lib/python3.13/site-packages/web.py": f"{CALLS}grill()\n",
                "app/main.py": "import web, toast.core\n",
            },
            "python main.py",
            {"env": ["PYTHONPATH=/opt/lib/python3.13/site-packages"]},
            id="another folder of packages",
        ),
    ],
)
def test_what_may_call_it_is_never_a_no(files: dict[str, str], command: str, settings: dict[str, object]) -> None:
    assert ask(files, command, **settings).state.value in ("unknown", "yes")


def test_a_package_elsewhere_is_unknown() -> None:
    found = ask(HARMLESS, asked=VulnerablePackage("app/toast-1.0.dist-info/METADATA", ("toast.core:burn",)))
    assert found.state.value == "unknown"


def test_a_text_that_names_it_is_seen_before_packages_are_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image, "MAX_PARSED", 300)
    large = f"# {'x' * 400}\ndef heat(oven):\n    oven.burn()\n"
    files = HARMLESS | {"app/main.py": "import toast.core, other\n", f"{SITE}/other/__init__.py": large}
    assert ask(files).evidence[0].startswith("the search was not complete")
    assert ask(files | {"app/notes.txt": "burn"}).evidence == ("it may be called:", "app/notes.txt names burn")


def test_own_sources_that_name_it_are_seen_before_texts() -> None:
    found = ask(HARMLESS | {"app/notes.txt": "burn", "app/tasks.py": f"{CALLS}grill()\n"})
    assert found.evidence == ("it may be called:", "app/tasks.py:3 names burn")
