"""What the machines of Java and Erlang may run, and what it names."""

import pytest

from gate.model import Doubt
from gate.model.container import Runtime
from gate.reachability.runtimes.named.machine_mentions import run_by_machines
from gate.reachability.runtimes.strings.beam_strings import beam_strings
from gate.reachability.runtimes.strings.java_strings import java_strings
from gate.reachability.runtimes.walk.files import Files
from tests.reachability.runtimes.conftest import SmallTree, make_elf
from tests.reachability.runtimes.strings.test_beam_strings import archive, beam, text
from tests.reachability.runtimes.test_states import TREE, states

ROOT = "usr/lib/erlang"
ERLANG = {**TREE, f"!{ROOT}/erts-1/bin/erlexec": make_elf(), f"!{ROOT}/erts-1/bin/beam.smp": make_elf()}
RUNTIME = Runtime(cmd=[f"/{ROOT}/erts-1/bin/erlexec", "-s", "shop"], env=["PATH=/usr/bin:/usr/sbin"])
NAMING = beam([text("/usr/sbin/named-tool -q")])


@pytest.mark.parametrize(
    ("tree", "doubt"),
    [
        ({"opt/shop/ebin/shop.beam": NAMING}, Doubt.NAMED),
        ({"opt/shop/plugins/shop.ez": archive({"shop/ebin/shop.beam": NAMING})}, Doubt.NAMED),
        ({"opt/shop/ebin/shop.beam": beam([text("of the named-tool there is nothing")])}, None),
        ({"opt/shop/ebin/shop.beam": NAMING[:-30]}, Doubt.UNREADABLE),
    ],
)
def test_any_module_may_name_a_program(tree, doubt):
    assert states({**ERLANG, **tree}, RUNTIME)["named"].doubt is doubt


def test_a_program_that_a_module_names_by_its_path_may_lie_anywhere():
    tree = {
        "opt/shop/ebin/shop.beam": beam([text("/usr/lib/idle/helper")]),
        "!usr/lib/idle/helper": make_elf(),
        "!usr/sbin/other": make_elf(),
        "var/lib/dpkg/info/idle.list": "/usr/sbin/other\n/usr/lib/idle/helper\n",
    }
    assert states({**ERLANG, **tree}, RUNTIME)["idle"].doubt is Doubt.NAMED


@pytest.mark.parametrize("program", ["beam.smp", "erlexec", "escript"])
def test_all_modules_are_read_for_the_machine_of_erlang_and_scripts_that_are_reached(program):
    files = Files(SmallTree({"opt/a.beam": "", "opt/b.ez": "", "opt/run": "#!/usr/bin/escript", "opt/c.class": ""}))
    ((paths, read),) = run_by_machines([f"usr/bin/{program}", "opt/run"], lambda path: False, files)
    assert (paths, read) == (["opt/a.beam", "opt/b.ez", "opt/run"], beam_strings)


def test_classes_that_no_package_brought_are_read_for_java():
    files = Files(SmallTree({"opt/a.beam": "", "opt/a.jar": "", "opt/c.class": "", "usr/d.class": ""}))
    ((paths, read),) = run_by_machines(["usr/bin/java", "opt/a.jar"], lambda path: path.startswith("usr/"), files)
    assert (paths, read) == (["opt/a.jar", "opt/c.class"], java_strings)
    assert not list(run_by_machines(["usr/bin/python3"], lambda path: False, files))
