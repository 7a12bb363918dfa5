"""Loops in Python that start each file of a folder."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.reachability.runtimes.code.loops import started_in_loop
from gate.reachability.runtimes.code.words import ScriptRun
from gate.reachability.runtimes.walk.files import Files
from tests.reachability.runtimes.conftest import SmallTree

TREE = {
    "!usr/bin/python3": "",
    "!bin/sh": "",
    "!bin/date": "",
    "!etc/hooks/10-date.sh": "#!/bin/sh\ndate\n",
    "etc/hooks/20-off.sh": "#!/bin/sh\n/bin/off\n",
    "!etc/hooks/30.py": "",
    "!bin/off": "",
    "!var/hooks/10-date.sh": "#!/bin/sh\ndate\n",
}
KNOWN = [
    'for hook in sorted(pathlib.Path("/etc/hooks").glob("*.sh")):\n    subprocess.run([str(hook), "before"])\n',
    'for hook in Path("/etc/hooks").iterdir():\n    subprocess.check_call([hook])\n',
    'HOOKS = Path("/etc/hooks")\nfor hook in sorted(HOOKS.iterdir()):\n    subprocess.run(hook, check=True)\n',
    'for one in sorted(glob.glob("/etc/hooks/*.sh")):\n    if os.access(one, os.X_OK):\n        os.system(one)\n',
    'HOOKS = "/etc/hooks"\nfor f in os.listdir(HOOKS):\n    subprocess.call([os.path.join(HOOKS, f)])\n',
    'for f in sorted(Path(os.environ.get("H", "/etc/hooks")).glob("*"), key=str):\n    os.execv(str(f), [str(f)])\n',
    'for entry in os.scandir("/etc/hooks"):\n    subprocess.run([entry.path], check=True)\n',
]
UNKNOWN = [
    'for f in pick():\n    subprocess.call([os.path.join("/etc/hooks", f)])\n',
    'for hook in Path("/var/hooks").iterdir():\n    subprocess.run([hook])\n',
    'for hook in Path("/etc/hooks").rglob("*"):\n    subprocess.run([hook])\n',
    'for hook in Path("/etc/hooks").glob("**/*.sh"):\n    subprocess.run([hook])\n',
    "for hook in Path(sys.argv[1]).iterdir():\n    subprocess.run([hook])\n",
    'for hook in ["/bin/off", *Path("/etc/hooks").iterdir()]:\n    subprocess.run([hook])\n',
    'for hook in Path("/etc/hooks").iterdir():\n    hook = pick()\n    subprocess.run([hook])\n',
    'for hook in pick():\n    pass\nfor hook in Path("/etc/hooks").iterdir():\n    subprocess.run([hook])\n',
    'fetch("/etc/hooks")\nfor hook in Path("/etc/hooks").iterdir():\n    subprocess.run([hook])\n',
    'for hook in Path("/etc/hooks").iterdir():\n    subprocess.run([hook.parent / name])\n',
]


@pytest.mark.parametrize("script", KNOWN)
def test_each_program_of_a_folder_that_a_loop_goes_through_is_started(run, script):
    found = run(TREE | {"opt/start.py": script}, "python3 /opt/start.py")
    assert {"etc/hooks/10-date.sh", "bin/date"} <= found.certain.keys()
    assert not {"etc/hooks/20-off.sh", "bin/off"} & found.certain.keys()
    assert not found.gaps


@pytest.mark.parametrize("script", UNKNOWN)
def test_a_loop_that_is_not_known_in_full_leaves_a_gap(run, script):
    assert run(TREE | {"opt/start.py": script}, "python3 /opt/start.py").gaps


@given(
    st.text(alphabet='for x in glob("/etc*")):\n[str', max_size=120), st.text(alphabet="[(str)x.path, ]", max_size=20)
)
def test_any_loop_is_read(before, expression):
    run = ScriptRun((), {}, 1, lambda path: None, before)
    found = started_in_loop(expression, before, run, Files(SmallTree(TREE)))
    assert found is None or isinstance(found, list)
