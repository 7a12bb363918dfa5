"""Whether vulnerable functions of Python packages can be reached: chains for `yes`, and never a false `no`.

Goes through `gate/reachability/functions/`.
"""

from collections.abc import Callable

import pytest

from gate.model import Finding, InUse, Location, Package, Severity, Tree, Vulnerability
from gate.reachability.functions.findings import with_reachable_functions
from gate.reachability.functions.units import parse_units
from tests.hangs import must_end

Files = dict[str, str | bytes]
Ask = Callable[..., tuple[str | None, str]]
SITE = ".venv/lib/python3.11/site-packages"
VULNERABLE = """
def burn():
    pass

class Oven:
    def __init__(self):
        self.hot = True
    def bake(self):
        pass
"""


@pytest.fixture
def ask(make_tree: Callable[[Files], Tree]) -> Ask:
    """Return a function that asks whether `toast.core:burn`, or another symbol, can be reached from `app.py`."""

    def ask(
        own: str, symbol: str = "toast.core:burn", *, installed: bool = True, more: dict[str, str] | None = None
    ) -> tuple[str | None, str]:
        files: Files = {"app.py": own}
        if installed:
            files |= {
                f"{SITE}/toast/__init__.py": "",
                f"{SITE}/toast/core.py": VULNERABLE,
                f"{SITE}/toast-1.0.dist-info/METADATA": "Name: toast",
            }
        files |= {f"{SITE}/{path}.py": text for path, text in (more or {}).items()}
        package = Package(name="toast", version="1.0", ecosystem="PyPI", purl="", path="requirements.txt")
        finding = Finding(
            stage="dependencies",
            rule="CVE-2026-1",
            severity=Severity.HIGH,
            title="",
            message="",
            fingerprint="0" * 32,
            location=Location(target="tree", path="requirements.txt"),
            package=package,
            vulnerability=Vulnerability(id="CVE-2026-1", symbols=(symbol,)),
            in_use=InUse.UNKNOWN,
        )
        (answered,) = with_reachable_functions([finding], make_tree(files))
        state = answered.reachable_function
        return state.value if state else None, "; ".join(answered.reachable_function_evidence)

    return ask


@pytest.mark.parametrize(
    ("own", "chain"),
    [
        ("import toast.core\ntoast.core.burn()", "app.py:2 calls burn"),
        ("from toast.core import burn as b\ndef main():\n    b()", "app.py:3 calls burn"),
        ("import toast\ntoast.grill()", "app.py:2 calls grill; SITE/toast/grill.py:3 calls burn"),
        ("from toast import *\ngrill()", "app.py:2 calls grill; SITE/toast/grill.py:3 calls burn"),
        (
            "from toast import Grill\ng = Grill()\ng.start()",
            "app.py:3 calls Grill.start; SITE/toast/grill.py:8 calls Grill.heat; SITE/toast/grill.py:6 calls burn",
        ),
        (
            "from toast import Grill\nwith Grill() as g:\n    g.heat()",
            "app.py:3 calls Grill.heat; SITE/toast/grill.py:6 calls burn",
        ),
    ],
)
def test_calls_that_can_be_resolved_are_a_chain(own: str, chain: str, ask: Ask) -> None:
    grill = (
        "from toast.core import burn\ndef grill():\n    burn()\n"
        "class Grill:\n    def heat(self):\n        burn()\n    def start(self):\n        self.heat()\n"
    )
    more = {"toast/__init__": "from .grill import grill, Grill\n", "toast/grill": grill}
    assert ask(own, more=more) == ("yes", chain.replace("SITE", SITE))


def test_what_nothing_names_is_not_reached(ask: Ask) -> None:
    assert ask("import toast.core\ntoast.core.Oven()")[0] == "no"
    assert ask("import toast.core\n", "toast.core:Oven.bake")[0] == "no"
    assert ask("import toast\n") == ("no", "nothing loads toast.core")
    assert ask("import os\n")[0] == "unknown", "it may be a program"
    callers = "from toast.core import burn\ndef grill():\n    burn()\ndef feast():\n    grill()\n"
    assert ask("import toast.grill", more={"toast/grill": callers})[0] == "no"


@pytest.mark.parametrize(
    ("own", "more"),
    [
        pytest.param(
            "import toast.core\nf = getattr(toast.core, 'bu' + 'rn')\nf()", {}, id="a name put together in own code"
        ),
        pytest.param("import toast.core, sys\ngetattr(toast.core, sys.argv[1])()", {}, id="a name from outside"),
        pytest.param("import toast.core\neval(input())", {}, id="eval"),
        pytest.param("import toast.core\nrun(toast.core.burn)", {}, id="a function handed on"),
        pytest.param("import toast.core\nCALLS = {'x': 'toast.core.burn'}", {}, id="a path in a string"),
        pytest.param(
            "from importlib import import_module\nimport sys\nimport_module(sys.argv[1])",
            {"other": "from toast.core import burn\nburn()"},
            id="any module",
        ),
        pytest.param("import other", {"other": "from toast.core import *\nburn()"}, id="star import, at load"),
        pytest.param(
            "import other",
            {"other": "from toast.core import burn\n@register\ndef job():\n    burn()"},
            id="registered by a decorator",
        ),
        pytest.param(
            "import other\nother.Job()",
            {"other": "import toast.core as c\nclass Job:\n    def __init__(self):\n        c.burn()"},
            id="a constructor",
        ),
        pytest.param(
            "import other\nwith other.Job(): pass",
            {"other": "import toast.core as c\nclass Job:\n    def __exit__(self, *a):\n        c.burn()"},
            id="a special method",
        ),
        pytest.param(
            "import other\nother.Job()",
            {
                "other": (
                    "import threading, toast.core as c\n"
                    "class Job(threading.Thread):\n"
                    "    def go(self):\n"
                    "        c.burn()"
                )
            },
            id="a method that a base elsewhere may call",
        ),
        pytest.param(
            "import other\nother.Late().serve()",
            {
                "other": (
                    "import toast.core as c\n"
                    "class Job:\n"
                    "    def serve(self): self.work()\n"
                    "    def work(self): pass\n"
                    "class Late(Job):\n"
                    "    def work(self):\n"
                    "        c.burn()"
                )
            },
            id="an override",
        ),
        pytest.param(
            "import other",
            {
                "other": (
                    "import toast.core as c\n"
                    "class Meta(type): pass\n"
                    "class Job(metaclass=Meta):\n"
                    "    def work(self):\n"
                    "        c.burn()"
                )
            },
            id="a metaclass",
        ),
        pytest.param(
            "import other",
            {
                "other": (
                    "import toast.core as c\n"
                    "class Base:\n"
                    "    def __init_subclass__(cls): cls().work()\n"
                    "class Job(Base):\n"
                    "    def work(self):\n"
                    "        c.burn()"
                )
            },
            id="a base that is told of subclasses",
        ),
        pytest.param(
            "import other",
            {"other": "import toast.core as c, json\njson.dumps = lambda x: c.burn()"},
            id="a patched module",
        ),
        pytest.param(
            "import other\nother.walk(1)",
            {
                "other": (
                    "import toast.core as c\n"
                    "def walk(n):\n"
                    "    getattr(Visitor(), 'visit_' + str(n))()\n"
                    "class Visitor:\n"
                    "    def visit_1(self):\n"
                    "        c.burn()"
                )
            },
            id="visitors",
        ),
        pytest.param(
            "import other\nother.TABLE[1]()", {"other": "import toast.core as c\nTABLE = {1: c.burn}"}, id="a table"
        ),
        pytest.param(
            "import other\nother.x",
            {"other": "import toast.core as c\ndef __getattr__(name):\n    c.burn()"},
            id="an attribute of a module",
        ),
        pytest.param(
            "import other", {"other": "from toast.core import burn\nprint burn()"}, id="a source that cannot be parsed"
        ),
        pytest.param(
            "import other\nother.A().x",
            {"other": "import toast.core as c\nclass A:\n    @property\n    def x(self): return c.burn()"},
            id="a property",
        ),
        pytest.param(
            "import other\nother.run()",
            {"other": "import toast.core as c\ndef run():\n    exec('c.burn()')"},
            id="exec of a text",
        ),
    ],
)
def test_what_may_call_it_is_never_a_no(own: str, more: dict[str, str], ask: Ask) -> None:
    assert ask(own, more=more)[0] in ("unknown", "yes")


def test_templates_and_settings_name_functions_too(make_tree: Callable[[Files], Tree], ask: Ask) -> None:
    make_tree({"templates/page.html": "{{ oven.burn() }}"})
    assert ask("import toast.core")[0] == "unknown"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("bin/serve", "#!/usr/bin/env python3\nfrom toast.core import burn\nburn()\n"),
        ("Dockerfile", 'FROM python\nCMD ["toaster", "--hot"]\n'),
        ("Procfile", "web: toaster --hot\n"),
        ("requirements.txt", "toaster\n"),
        ("run.sh", "python -m toast.program\n"),
        ("notes.ipynb", '{"cells": [{"source": ["from toast.core import burn\\n", "burn()"]}]}'),
    ],
)
def test_programs_that_are_started_otherwise_count(
    path: str, text: str, make_tree: Callable[[Files], Tree], ask: Ask
) -> None:
    make_tree({f"{SITE}/toast-1.0.dist-info/entry_points.txt": "[console_scripts]\ntoaster = toast.program:main\n"})
    program = "from toast.core import burn\ndef main():\n    burn()\nif __name__ == '__main__':\n    main()\n"
    more = {"toast/program": program}
    own = "import toast.core"
    assert ask(own, more=more | {"toast/other": ""})[0] == "no"
    make_tree({path: text})
    assert ask(own, more=more)[0] in ("unknown", "yes")


def test_a_compiled_module_may_call_what_it_names(make_tree: Callable[[Files], Tree], ask: Ask) -> None:
    make_tree({f"{SITE}/toast/fast.cpython-311-x86_64-linux-gnu.so": b"\x7fELF\0burn\0"})
    assert ask("import toast.core")[0] == "unknown"


def test_without_the_sources_only_own_calls_count(ask: Ask) -> None:
    called = "from toast import Oven\no = Oven()\no.bake()"
    assert ask("import toast.core as c\nc.burn()", installed=False) == ("yes", "app.py:2 calls toast.core.burn")
    assert ask("import toast\ntoast.burn()", installed=False)[0] == "yes"
    assert ask(called, "toast.core:Oven.bake", installed=False) == ("yes", "app.py:3 calls toast.Oven.bake")
    assert ask("from toast import Oven\nOven()", "toast.core:Oven.__init__", installed=False)[0] == "yes"
    assert ask("import toast", installed=False) == (
        "unknown",
        "the own code does not call it itself, and the sources of toast 1.0 are not here",
    )


def test_a_function_that_the_installed_version_lacks_is_unknown(ask: Ask) -> None:
    assert ask("import toast.core", "toast.core:roast") == (
        "unknown",
        "the installed version has no toast.core:roast that can be read",
    )


def test_another_installed_version_says_nothing(make_tree: Callable[[Files], Tree], ask: Ask) -> None:
    make_tree({f"{SITE}/toast-2.0.dist-info/METADATA": "", f"{SITE}/toast/core.py": VULNERABLE, "app.py": ""})
    assert ask("import toast", installed=False)[0] == "unknown"


def test_docstrings_and_sentences_name_nothing() -> None:
    source = parse_units('"""Calls burn."""\ndef f():\n    "burn"\n    raise ValueError("do not burn it")\n')
    assert all("burn" not in unit.attributes for unit in source.units.values())
    assert "burn" in parse_units("x = f('burn')").units[""].attributes


def test_modules_that_import_everything_from_one_another_take_no_time(ask: Ask) -> None:
    stars = "".join(f"from .m{number} import *\n" for number in range(12))
    more = {f"web/m{number}": stars for number in range(12)} | {"web/__init__": stars}
    with must_end():
        assert ask("import toast, web\nweb.nothing()\nfrom web import gone\ngone.x.y()", more=more)[0] == "no"


def test_classes_of_one_name_in_many_modules_take_no_time(ask: Ask) -> None:
    text = (
        "from toast.core import burn\nclass A(B): pass\nclass B(C): pass\n"
        "class C(A):\n    def run(self):\n        burn()\n"
    )
    more = {f"web{number}": text for number in range(12)}
    own = "".join(f"import web{number}\n" for number in range(12))
    with must_end():
        assert ask(own, more=more)[0] in ("no", "unknown")
