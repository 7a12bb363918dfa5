"""The answer for each package.

Through `gate/reachability/runtimes/named/named_needs.py` and `gate/reachability/runtimes/packages/system_modules.py`.
"""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.inventory.installed.inventory import read_installed
from gate.model import ContainerStart, Doubt, InUse, PackageUse
from gate.model.container import Runtime
from gate.reachability.runtimes.analyse import analyse
from gate.reachability.runtimes.observed.profiles import Observed
from gate.reachability.runtimes.packages.owners import owned_by
from gate.reachability.runtimes.packages.state import key_of
from gate.reachability.runtimes.walk.explore import MAX_POSSIBLE
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.start import started_as
from tests.reachability.runtimes.conftest import SmallTree, make_elf


def deb(name, source=None):
    stated = f"Source: {source}\n" if source else ""
    return f"Package: {name}\nStatus: install ok installed\nVersion: 1-1\n{stated}\n"


TREE = {
    "etc/os-release": 'ID=debian\nVERSION_ID="13"\nPRETTY_NAME="Debian 13"\n',
    "var/lib/dpkg/status": "".join(
        (
            deb("app"),
            deb("libz1", "zlib"),
            deb("zlib-dev", "zlib"),
            deb("helper"),
            deb("idle"),
            deb("words"),
            deb("named"),
        )
    ),
    "var/lib/dpkg/info/app.list": "/.\n/usr\n/usr/bin/app\n",
    "var/lib/dpkg/info/libz1:amd64.list": "/lib/libz.so.1\n",
    "var/lib/dpkg/info/zlib-dev.list": "/usr/bin/z-config\n",
    "var/lib/dpkg/info/helper.list": "/usr/bin/helper\n",
    "var/lib/dpkg/info/idle.list": "/usr/bin/idle\n/usr/share/doc/idle/copyright\n",
    "var/lib/dpkg/info/words.list": "/usr/share/words/english\n",
    "var/lib/dpkg/info/named.list": "/usr/sbin/named-tool\n",
    "lib": "-> usr/lib",
    "usr/lib/libz.so.1": make_elf(),
    "!usr/bin/app": make_elf(needed=["libz.so.1"], strings=["/usr/bin/helper", "named-tool"]),
    "!usr/bin/helper": make_elf(),
    "!usr/bin/idle": make_elf(),
    "!usr/bin/z-config": make_elf(),
    "!usr/sbin/named-tool": make_elf(),
    "usr/share/words/english": "",
}
RUNTIME = Runtime(entrypoint=["app"])


def states(tree, runtime=RUNTIME, **parts):
    files = SmallTree(tree)
    packages = read_installed(files).packages
    answer = analyse(files, runtime, packages, **parts)
    return {package.name: answer.states[key_of(package)] for package in packages}


@pytest.mark.parametrize(
    ("package", "in_use", "evidence"),
    [
        ("app", InUse.YES, ("entrypoint", "usr/bin/app")),
        ("zlib", InUse.YES, ("entrypoint", "usr/bin/app is linked with", "usr/lib/libz.so.1")),
        (
            "helper",
            InUse.UNKNOWN,
            ("it may be opened:", "entrypoint", "usr/bin/app names in a string", "usr/bin/helper"),
        ),
        ("named", InUse.UNKNOWN, ("usr/bin/app names named-tool, so it may be started or loaded",)),
        ("words", InUse.UNKNOWN, ("it holds only files that any program may open",)),
        ("idle", InUse.NO, ("none of the 2 files that the image reaches belongs to it or names it",)),
    ],
)
def test_the_state_of_a_package(package, in_use, evidence):
    state = states(TREE)[package]
    assert (state.in_use, state.evidence) == (in_use, evidence)


@pytest.mark.parametrize(
    ("runtime", "reason"),
    [
        (Runtime(), "the image names no program as its entrypoint"),
        (Runtime(cmd=["gone"]), "the entrypoint 'gone' is not in the image"),
    ],
)
def test_nothing_is_said_to_be_unused_where_the_analysis_is_not_complete(runtime, reason):
    assert {(state.in_use, state.evidence) for state in states(TREE, runtime).values()} >= {
        (InUse.UNKNOWN, (reason,)),
    }
    assert not any(state.in_use is InUse.NO for state in states(TREE, runtime).values())


def test_names_are_not_looked_for_where_a_gap_leaves_all_unknown(monkeypatch):
    monkeypatch.setattr("gate.reachability.runtimes.states.Mentions", lambda *_: pytest.fail("looked for names"))
    assert states(TREE, Runtime(cmd=["gone"]))["idle"].in_use is InUse.UNKNOWN
    with pytest.raises(pytest.fail.Exception, match="looked for names"):
        states(TREE)


@pytest.mark.parametrize(
    "start",
    [
        ContainerStart(place="web.yaml:9", entrypoint=("idle",)),
        ContainerStart(place="web.yaml:9", entrypoint=("/bin/env",), command=("idle",)),
        ContainerStart(place="web.yaml:9", command=("idle",), environment=("PATH=/usr/bin",), folder="/usr"),
    ],
)
def test_another_start_counts_besides_the_image_s_own(start):
    tree = {**TREE, "!bin/env": ""}
    after = states(tree, Runtime(entrypoint=["/bin/env"], cmd=["app"]), starts=[start])
    assert (after["idle"].in_use, after["app"].in_use) == (InUse.YES, InUse.YES)


def test_a_start_in_place_of_the_entrypoint_takes_no_word_of_the_image():
    start = ContainerStart(place="", entrypoint=("app",))
    assert started_as(start, Runtime(entrypoint=["x"], cmd=["y"])).cmd == []
    assert started_as(msgspec.structs.replace(start, command=("z",)), Runtime(cmd=["y"])).cmd == ["z"]


def test_an_image_that_names_no_program_is_judged_by_how_it_is_started():
    after = states(TREE, Runtime(), starts=[ContainerStart(place="compose.yaml:3", command=("app",))])
    assert after["app"] == PackageUse(InUse.YES, ("start in compose.yaml:3", "usr/bin/app"))
    assert after["idle"].in_use is InUse.NO


def test_a_start_that_is_not_in_the_image_leaves_the_rest_unknown():
    after = states(TREE, starts=[ContainerStart(place="a.yaml:1", entrypoint=("gone",))])
    assert after["idle"].evidence == ("the start in a.yaml:1 'gone' is not in the image",)


def test_a_script_that_cannot_be_followed_leaves_the_rest_unknown():
    tree = {**TREE, "!usr/bin/start": "#!/bin/sh\nexec $TOOL\n", "!bin/sh": ""}
    state = states(tree, Runtime(cmd=["start"]))["idle"]
    assert state.in_use is InUse.UNKNOWN
    assert state.evidence == ("usr/bin/start:2 runs a program that is known only at run time",)


MODULES = {
    **TREE,
    "var/lib/dpkg/status": TREE["var/lib/dpkg/status"] + deb("node-tidy") + deb("python3-sort"),
    "var/lib/dpkg/info/node-tidy.list": "/usr/bin/node-tidy\n/usr/share/nodejs/tidy/index.js\n",
    "var/lib/dpkg/info/python3-sort.list": "/usr/bin/sort-all\n/usr/lib/python3/dist-packages/sort/__init__.py\n",
    "!usr/bin/node-tidy": "#!/usr/bin/node\n",
    "!usr/bin/sort-all": "#!/usr/bin/python3\n",
    "usr/share/nodejs/tidy/index.js": "",
    "usr/lib/python3/dist-packages/sort/__init__.py": "",
    "!usr/bin/node": "",
    "!usr/bin/python3": "",
    "srv/package.json": "{}",
}


@pytest.mark.parametrize(
    ("command", "files", "package", "doubt"),
    [
        (["node"], {}, "node-tidy", Doubt.GAP),
        (["node", "/srv/a.js"], {"srv/a.js": ""}, "python3-sort", None),
        (["node", "/srv/a.js"], {"srv/a.js": "x = ['tidy']; require(x[0])"}, "node-tidy", Doubt.NAMED),
        (["node", "/srv/a.js"], {"srv/a.js": "x = ['other']; require(x[0])"}, "node-tidy", None),
        (["python3", "/gone.py"], {}, "python3-sort", Doubt.GAP),
        (["python3", "/srv/a.py"], {"srv/a.py": "import b\nb.load('sort')\n"}, "python3-sort", Doubt.NAMED),
        (["python3", "/srv/a.py"], {"srv/a.py": "import b\nb.load('other')\n"}, "python3-sort", None),
    ],
)
def test_a_package_of_the_distribution_with_modules_is_judged_as_they_are(command, files, package, doubt):
    assert states({**MODULES, **files}, Runtime(cmd=command))[package].doubt is doubt


def test_what_a_named_program_is_linked_with_or_run_by_is_not_unused():
    tree = {
        **TREE,
        "var/lib/dpkg/status": TREE["var/lib/dpkg/status"] + deb("tidy") + deb("libt") + deb("libu") + deb("perl-base"),
        "var/lib/dpkg/info/tidy.list": "/usr/bin/tidy\n/usr/bin/tidy-all\n",
        "var/lib/dpkg/info/libt.list": "/usr/lib/libt.so.1\n",
        "var/lib/dpkg/info/libu.list": "/usr/lib/libu.so.1\n",
        "var/lib/dpkg/info/perl-base.list": "/usr/bin/perl\n",
        "!usr/bin/tidy": make_elf(needed=["libt.so.1"]),
        "!usr/bin/tidy-all": "#!/usr/bin/perl\n",
        "!usr/bin/perl": make_elf(),
        "usr/lib/libt.so.1": make_elf(needed=["libu.so.1"]),
        "usr/lib/libu.so.1": make_elf(),
    }
    before = states(tree)
    assert [before[name].in_use for name in ("tidy", "libt", "libu", "perl-base")] == [InUse.NO] * 4
    tree["usr/bin/app"] = make_elf(strings=["tidy"])
    after = states(tree)
    assert [after[name].doubt for name in ("tidy", "libt", "libu")] == [Doubt.NAMED] * 3
    assert after["perl-base"].in_use is InUse.NO
    assert after["libu"].evidence == ("usr/lib/libt.so.1, which is named, is linked with it or run by it",)
    tree["var/lib/dpkg/info/app.list"] += "/usr/bin/app-check\n"
    tree |= {"!usr/bin/app-check": make_elf(needed=["libt.so.1"]), "usr/bin/app": make_elf(strings=["app-check"])}
    assert [states(tree)[name].doubt for name in ("tidy", "libt", "libu")] == [None, Doubt.NAMED, Doubt.NAMED]
    tree["usr/bin/app"] = make_elf(strings=["tidy-all"])
    assert states(tree)["perl-base"].doubt is Doubt.NAMED


def test_what_the_modules_of_a_named_program_import_is_not_unused():
    site = "usr/lib/python3/dist-packages"
    tree = {
        **TREE,
        "var/lib/dpkg/status": TREE["var/lib/dpkg/status"] + deb("store") + deb("pack") + deb("libp"),
        "var/lib/dpkg/info/store.list": f"/usr/bin/store\n/{site}/store/__init__.py\n/{site}/store/archive.py\n",
        "var/lib/dpkg/info/pack.list": f"/{site}/pack/__init__.py\n/{site}/pack/_fast.so\n",
        "var/lib/dpkg/info/libp.list": "/usr/lib/libp.so.1\n",
        "!usr/bin/store": "#!/usr/bin/python3\nfrom store.archive import main\nmain()\n",
        f"{site}/store/__init__.py": "",
        f"{site}/store/archive.py": "import pack\n",
        f"{site}/pack/__init__.py": "from pack import _fast\n",
        f"{site}/pack/_fast.so": make_elf(needed=["libp.so.1"]),
        "usr/lib/libp.so.1": make_elf(),
    }
    before = states(tree)
    assert [before[name].in_use for name in ("store", "pack", "libp")] == [InUse.NO] * 3
    after = states(tree | {"usr/bin/app": make_elf(strings=["store"])})
    assert [after[name].doubt for name in ("store", "pack", "libp")] == [Doubt.NAMED] * 3
    line = "sys.exit(load_entry_point('store==1', 'console_scripts', 'store')())\n"
    tree |= {"!usr/bin/store": f"#!/usr/bin/python3\n{line}", "!usr/bin/python3": make_elf()}
    started = states(tree, Runtime(entrypoint=["store"]))
    assert [started[name].doubt for name in ("pack", "libp")] == [Doubt.NAMED] * 2


@pytest.mark.parametrize(
    ("front", "in_use"),
    [
        (make_elf(strings=["cc -O2 -c %s"]), InUse.UNKNOWN),
        (make_elf(strings=["/usr/bin/cc"]), InUse.UNKNOWN),
        (make_elf(needed=["libgcc.so.1"]), InUse.NO),
    ],
)
def test_a_program_may_start_the_helpers_of_its_package_and_a_library_that_starts_nothing_does_not(front, in_use):
    tree = {
        **TREE,
        "var/lib/dpkg/status": TREE["var/lib/dpkg/status"] + deb("cc") + deb("libgcc", "cc") + deb("libisl"),
        "var/lib/dpkg/info/cc.list": "/usr/bin/cc\n/usr/libexec/cc/14/cc1\n",
        "var/lib/dpkg/info/libgcc.list": "/usr/lib/libgcc.so.1\n",
        "var/lib/dpkg/info/libisl.list": "/usr/lib/libisl.so.1\n",
        "!usr/bin/cc": make_elf(needed=["libc.so.6"], calls="execv"),
        "!usr/libexec/cc/14/cc1": make_elf(needed=["libisl.so.1"]),
        "usr/lib/libgcc.so.1": make_elf(needed=["libc.so.6"], calls="abort"),
        "usr/lib/libisl.so.1": make_elf(),
        "usr/lib/libc.so.6": make_elf(),
        "!usr/bin/app": front,
    }
    assert states(tree)["libisl"].in_use is in_use


@pytest.mark.parametrize(
    ("paths", "front", "doubt"),
    [
        ("/usr/include/x.h\n/usr/share/doc/idle/copyright\n", [], None),
        ("/usr/include/x.h\n", ["/usr/bin/gcc-14"], Doubt.DATA),
        ("/usr/include/x.h\n/usr/share/idle/x.dat\n", [], Doubt.DATA),
        ("/usr/share/doc/idle/copyright\n", [], None),
        ("/usr/lib/python3/dist-packages/idle/__init__.py\n", [], None),
        ("/usr/lib/python3/dist-packages/idle/__init__.py\n", ["idle"], Doubt.NAMED),
    ],
)
def test_headers_are_read_by_compilers_alone_and_modules_of_python_by_their_names(paths, front, doubt):
    cc = {"var/lib/dpkg/info/helper.list": "/usr/bin/gcc-14\n", "!usr/bin/gcc-14": make_elf()}
    files = {path.strip("/"): "" for path in paths.split()}
    listed = {"var/lib/dpkg/info/idle.list": paths, "!usr/bin/app": make_elf(strings=front)}
    assert states({**TREE, **cc, **files, **listed})["idle"].doubt is doubt


@pytest.mark.parametrize(
    ("module", "linked", "doubt"),
    [
        ("usr/lib/python3/dist-packages/used/_rust.so", "libc.so.6", Doubt.NAMED),
        ("usr/lib/libused.so.1", "libpython3.13.so.1.0", Doubt.NAMED),
        ("usr/lib/libused.so.1", "libc.so.6", None),
    ],
)
def test_a_compiled_module_of_python_imports_what_its_strings_name_though_it_starts_nothing(module, linked, doubt):
    tree = {
        **TREE,
        "var/lib/dpkg/status": TREE["var/lib/dpkg/status"] + deb("used"),
        "var/lib/dpkg/info/used.list": f"/{module}\n",
        module: make_elf(needed=["libc.so.6", linked], soname="used", strings=["idle"]),
        "usr/lib/libc.so.6": make_elf(soname="libc.so.6"),
        "usr/lib/libpython3.13.so.1.0": make_elf(soname="libpython3.13.so.1.0"),
        "var/lib/dpkg/info/idle.list": "/usr/lib/python3/dist-packages/idle/__init__.py\n",
        "usr/lib/python3/dist-packages/idle/__init__.py": "",
        "!usr/bin/app": make_elf(strings=[f"/{module}"], calls="dlopen"),
    }
    assert states(tree)["idle"].doubt is doubt


@pytest.mark.parametrize(
    ("path", "in_use"), [("usr/lib/more/libmore.so", InUse.UNKNOWN), ("usr/lib/libmore.so.1", InUse.NO)]
)
def test_a_library_beside_those_in_use_may_be_loaded_if_the_loader_does_not_find_it_by_its_name_alone(path, in_use):
    """One in the loader's folders is loaded by its name, which is looked for where a file is linked or has strings."""
    listed = {"var/lib/dpkg/info/libz1:amd64.list": f"/lib/libz.so.1\n/{path}\n"}
    idle = {"usr/lib/libidle.so.1": make_elf(), "var/lib/dpkg/info/idle.list": "/usr/lib/libidle.so.1\n"}
    found = states({**TREE, **listed, **idle, path: make_elf(needed=["libidle.so.1"])})
    assert found["idle"].in_use is in_use


def test_systemds_library_has_no_plugins_and_its_programs_may_have():
    tree = {
        **TREE,
        "usr/bin/app": make_elf(needed=["libsystemd.so.0"]),
        "usr/lib/libsystemd.so.0": make_elf(),
        "!usr/lib/systemd/systemd": make_elf(),
        "usr/lib/systemd/libmore.so": make_elf(needed=["libidle.so.1"]),
        "var/lib/dpkg/info/libz1:amd64.list": "/usr/lib/libsystemd.so.0\n/usr/lib/systemd/systemd\n"
        "/usr/lib/systemd/libmore.so\n",
        "usr/lib/libidle.so.1": make_elf(),
        "var/lib/dpkg/info/idle.list": "/usr/lib/libidle.so.1\n",
    }
    assert states(tree)["idle"].in_use is InUse.NO
    assert states(tree, Runtime(cmd=["/usr/lib/systemd/systemd"]))["idle"].in_use is InUse.UNKNOWN


@pytest.mark.parametrize(("library", "in_use"), [("libgcc_s.so.1", InUse.NO), ("libgccjit.so.0", InUse.UNKNOWN)])
def test_what_every_program_is_linked_with_loads_no_plugins_of_compilers(library, in_use):
    plugin = "usr/libexec/gcc/x86_64-linux-gnu/14/liblto_plugin.so"
    tree = {
        **TREE,
        "usr/bin/app": make_elf(needed=[library]),
        f"usr/lib/{library}": make_elf(),
        plugin: make_elf(needed=["libidle.so.1"]),
        "var/lib/dpkg/info/libz1:amd64.list": f"/usr/lib/{library}\n/{plugin}\n",
        "usr/lib/libidle.so.1": make_elf(),
        "var/lib/dpkg/info/idle.list": "/usr/lib/libidle.so.1\n",
    }
    assert states(tree)["idle"].in_use is in_use


def test_more_than_is_followed_is_a_doubt_of_its_own():
    tools = [f"tool{number}" for number in range(MAX_POSSIBLE + 1)]
    chores = "\n".join(tools)
    start = f'#!/bin/sh\nif [ "$CHORES" ]; then\n{chores}\nfi\nexec app\n'
    tree = {**TREE, "!usr/bin/start": start, "!bin/sh": "", **{f"!usr/bin/{name}": "" for name in tools}}
    state = states(tree, Runtime(cmd=["start"]))["idle"]
    assert (state.in_use, state.doubt) == (InUse.UNKNOWN, Doubt.LIMIT)
    assert state.evidence == (f"more than {MAX_POSSIBLE} programs may be started",)


@given(st.lists(st.sampled_from(sorted(path.lstrip("!") for path in TREE)), max_size=6))
def test_more_evidence_never_takes_yes_back(paths):
    before = states(TREE)
    after = states(TREE, seen=Observed(paths=dict.fromkeys(paths, "opened under test")))
    assert all(after[name].in_use is InUse.YES for name in before if before[name].in_use is InUse.YES)
    assert not any(before[name].in_use is InUse.UNKNOWN and after[name].in_use is InUse.NO for name in before)


def test_packages_of_python_and_npm_own_what_they_installed(make_files):
    tree = {
        "site/a-1.dist-info/METADATA": "Name: a\nVersion: 1\n",
        "site/a-1.dist-info/RECORD": "a/__init__.py,sha256=x,3\n../bin/a,,\n",
        "site/b-1.egg-info/PKG-INFO": "Name: b\nVersion: 1\n",
        "site/b-1.egg-info/top_level.txt": "bee\n",
        "app/node_modules/c/package.json": '{"name": "c", "version": "1.0.0"}',
    }
    files = make_files(tree)
    packages = read_installed(files).packages
    owned = {key[2]: one for key, one in owned_by(packages, files).items()}
    assert owned["a"].files == ["site/a/__init__.py", "bin/a"]
    assert owned["b"].files == ["site/bee.py", "site/bee/__init__.py"]
    assert owned["c"].folder == "app/node_modules/c"


def test_an_apk_database_tells_the_files_of_each_package(make_files):
    tree = {
        "etc/os-release": 'ID=alpine\nVERSION_ID="3.20"\nPRETTY_NAME="Alpine"\n',
        "lib/apk/db/installed": "P:musl\nV:1-r0\nF:lib\nR:ld-musl.so.1\n\nP:zlib\nV:1-r1\nF:usr/lib\nR:libz.so.1\n\n",
    }
    files = make_files(tree)
    owned = owned_by(read_installed(files).packages, files)
    assert {key[2]: one.files for key, one in owned.items()} == {
        "musl": ["lib/ld-musl.so.1"],
        "zlib": ["usr/lib/libz.so.1"],
    }


def join(tree, *opened, runtime=RUNTIME):
    """Return the states with these files seen under test, and what the analysis missed: name, path, what it said."""
    files = SmallTree(tree)
    packages = read_installed(files).packages
    answer = analyse(files, runtime, packages, seen=Observed(paths=dict.fromkeys(opened, "opened under test")))
    missed = [(one.package.partition(" ")[0], one.path, one.said) for one in answer.missed]
    return {package.name: answer.states[key_of(package)] for package in packages}, missed


def test_what_was_opened_under_test_is_used_and_listed_as_missed_with_what_was_said_of_it():
    after, missed = join(TREE, "usr/bin/idle", "usr/bin/helper", "usr/lib/libz.so.1", "usr/bin/app")
    assert missed == [("helper", "usr/bin/helper", InUse.UNKNOWN), ("idle", "usr/bin/idle", InUse.NO)]
    assert after["idle"] == PackageUse(InUse.YES, ("opened under test", "usr/bin/idle"))
    assert after["helper"].in_use is InUse.YES


def test_where_the_start_leads_to_a_file_too_that_is_the_evidence_and_nothing_is_missed():
    after, missed = join(TREE, "usr/bin/app", "usr/lib/libz.so.1", "lib/libz.so.1")
    assert missed == []
    assert after["zlib"].evidence == ("entrypoint", "usr/bin/app is linked with", "usr/lib/libz.so.1")


def test_what_follows_from_an_opened_file_is_used_and_is_no_error_of_the_analysis():
    tree = {**TREE, "!usr/bin/idle": make_elf(needed=["libwords.so"]), "usr/lib/libwords.so": make_elf()}
    tree["var/lib/dpkg/info/words.list"] = "/usr/lib/libwords.so\n"
    after, missed = join(tree, "usr/bin/idle")
    assert missed == [("idle", "usr/bin/idle", InUse.NO)]
    assert after["words"].in_use is InUse.YES
    assert after["words"].evidence[:2] == ("opened under test", "usr/bin/idle is linked with")


METADATA = "opt/site-packages/idle-1.0.dist-info/METADATA"
DISTRIBUTION = {
    METADATA: "Metadata-Version: 2.1\nName: idle\nVersion: 1.0\n",
    "opt/site-packages/idle-1.0.dist-info/RECORD": "idle.py,,\nidle-1.0.dist-info/METADATA,,\n",
    "opt/site-packages/idle.py": "",
}


@pytest.mark.parametrize(
    ("opened", "in_use", "is_missed"),
    [
        (METADATA, InUse.UNKNOWN, False),
        ("opt/site-packages/idle.py", InUse.YES, True),
        ("opt/site-packages/__pycache__/idle.cpython-311.pyc", InUse.YES, True),
    ],
)
def test_to_read_the_metadata_of_a_distribution_is_not_to_use_it(opened, in_use, is_missed):
    tree = {"!usr/bin/app": make_elf(), **DISTRIBUTION}
    after, missed = join(tree, opened)
    assert after["idle"].in_use is in_use
    assert bool(missed) is is_missed


def test_a_package_of_npm_is_used_by_any_file_in_its_folder_that_is_no_other_package_s():
    tree = {
        "!usr/bin/app": make_elf(),
        "app/node_modules/a/package.json": '{"name": "a", "version": "1.0.0"}',
        "app/node_modules/a/lib/x.js": "",
        "app/node_modules/a/node_modules/b/package.json": '{"name": "b", "version": "1.0.0"}',
        "app/node_modules/a/node_modules/b/index.js": "",
    }
    after, missed = join(tree, "app/node_modules/a/node_modules/b/index.js")
    assert {name: one.in_use for name, one in after.items()} == {"a": InUse.NO, "b": InUse.YES}
    assert missed == [("b", "app/node_modules/a/node_modules/b/index.js", InUse.NO)]


@given(st.lists(st.sampled_from(sorted(path.lstrip("!") for path in TREE)), max_size=6))
def test_every_observed_package_is_found_by_the_analysis_or_listed_as_missed(paths):
    owned = owned_by(read_installed(SmallTree(TREE)).packages, Files(SmallTree(TREE)))
    seen = {key[2] for key, one in owned.items() if set(one.files) & set(paths)}
    found = {name for name, one in states(TREE).items() if one.in_use is InUse.YES}
    after, missed = join(TREE, *paths)
    assert seen <= found | {name for name, _, _ in missed}
    assert all(after[name].in_use is InUse.YES for name in seen)


@pytest.mark.parametrize("line", ["#!/usr/bin/idle\n", "#!/usr/bin/idle -e\n", "#!/usr/bin/env idle\n"])
def test_the_interpreter_of_a_script_that_was_opened_is_not_said_to_be_unused_though_no_recording_has_it(line):
    """The kernel opens it, and recordings of calls lack it."""
    after, missed = join({**TREE, "!opt/run": line}, "opt/run")
    assert (after["idle"].in_use, missed) == (InUse.UNKNOWN, [])


SITE = "usr/local/lib/python3.13/site-packages"


@pytest.mark.parametrize(("script", "in_use"), [("/srv/none.py", InUse.UNKNOWN), ("/srv/app.py", InUse.NO)])
def test_what_a_gap_of_a_language_may_load_needs_its_libraries_and_starts_programs(script, in_use):
    """A distribution that is unknown by such a gap was linked with a library, and started a program, that were `no`."""
    tree = {
        "etc/os-release": 'ID=debian\nVERSION_ID="13"\n',
        "!usr/bin/python3": make_elf(),
        "usr/lib/libpq.so.5": make_elf(),
        "!usr/bin/git": make_elf(needed=["libpcre.so"]),
        "usr/lib/libpcre.so": make_elf(),
        "srv/app.py": "import os\n",
        f"{SITE}/pg/__init__.py": "import subprocess\nsubprocess.run(['git', 'log'])\n",
        f"{SITE}/pg/_c.so": make_elf(needed=["libpq.so.5"]),
        f"{SITE}/pg-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: pg\nVersion: 1\n",
        f"{SITE}/pg-1.dist-info/RECORD": "pg/__init__.py,,\npg/_c.so,,\npg-1.dist-info/METADATA,,\n",
        "var/lib/dpkg/status": deb("libpq5", "postgresql") + deb("git", "git") + deb("libpcre", "pcre"),
        "var/lib/dpkg/info/libpq5.list": "/usr/lib/libpq.so.5\n",
        "var/lib/dpkg/info/git.list": "/usr/bin/git\n",
        "var/lib/dpkg/info/libpcre.list": "/usr/lib/libpcre.so\n",
    }
    found = states(tree, Runtime(cmd=["python3", script], env=["PATH=/usr/bin"]))
    assert [found[name].in_use for name in ("postgresql", "git", "pcre")] == [in_use] * 3


@pytest.mark.parametrize("front", ["pager", "/usr/bin/pager"])
def test_a_link_is_a_name_of_the_program_that_it_leads_to(front):
    """`update-alternatives` makes such links; no package has them. A program beside one in use counts as well."""
    tree = {
        **TREE,
        "!usr/bin/app": make_elf(strings=[front]),
        "!usr/bin/idle": make_elf(needed=["libmore.so.1"]),
        "usr/bin/pager": "-> /etc/alternatives/pager",
        "usr/lib/libmore.so.1": make_elf(),
        "var/lib/dpkg/status": TREE["var/lib/dpkg/status"] + deb("more"),
        "var/lib/dpkg/info/more.list": "/usr/lib/libmore.so.1\n",
    }
    for package, target in (("idle", "/usr/bin/idle"), ("app", "/usr/bin/app-check")):
        tree["etc/alternatives/pager"] = f"-> {target}"
        tree[f"!{target[1:]}"] = make_elf(needed=["libmore.so.1"])
        tree["var/lib/dpkg/info/app.list"] = "/usr/bin/app\n/usr/bin/app-check\n"
        after = states(tree)
        assert after["more"].in_use is InUse.UNKNOWN, target
        assert after[package].in_use is not InUse.NO


def test_what_a_plug_in_is_linked_with_is_not_unused_where_the_plug_in_may_be_loaded():
    plugin = "usr/lib/odd/drivers/a.so"
    tree = {
        **TREE,
        "!usr/bin/app": make_elf(needed=["libz.so.1"], calls="dlopen", strings=["odd"]),
        plugin: make_elf(needed=["libmore.so.1"]),
        "usr/lib/libmore.so.1": make_elf(),
        "var/lib/dpkg/status": TREE["var/lib/dpkg/status"] + deb("more") + deb("odd-drivers"),
        "var/lib/dpkg/info/odd-drivers.list": f"/{plugin}\n",
        "var/lib/dpkg/info/more.list": "/usr/lib/libmore.so.1\n",
    }
    after = states(tree)
    assert [after[name].in_use for name in ("odd-drivers", "more")] == [InUse.UNKNOWN] * 2
    named = {
        **tree,
        "!usr/bin/app": make_elf(calls="execvp", needed=["libz.so.1"], strings=["named-tool"]),
        "!usr/sbin/named-tool": tree["!usr/bin/app"],
    }
    after = states(named)
    assert [after[name].in_use for name in ("odd-drivers", "more")] == [InUse.UNKNOWN] * 2


def test_the_files_that_a_pattern_in_a_string_fits_may_be_opened():
    tree = {
        **TREE,
        "!usr/bin/app": make_elf(strings=["/etc/odd/mech.d/*.conf"]),
        "etc/odd/mech.d/a.conf": "a 1.2.3 /usr/lib/libidle.so.1\n",
        "usr/lib/libidle.so.1": make_elf(),
        "var/lib/dpkg/info/idle.list": "/usr/lib/libidle.so.1\n",
    }
    assert states(tree)["idle"].in_use is InUse.UNKNOWN


@pytest.mark.parametrize("command", [["bash"], ["/bin/bash", "-i"], ["bash", "-l"]])
def test_a_shell_that_reads_its_input_may_start_anything(command):
    tree = {**TREE, "bin": "-> usr/bin", "!usr/bin/bash": make_elf()}
    assert states(tree, Runtime(cmd=command))["idle"].doubt is Doubt.GAP


COMPILED = {
    "!usr/bin/python3": make_elf(),
    "srv/app.py": "import fast\n",
    "srv/fast.so": make_elf(strings=["pg.pool"]),
    f"{SITE}/pg/__init__.py": "",
    f"{SITE}/pg-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: pg\nVersion: 1\n",
    f"{SITE}/pg-1.dist-info/RECORD": "pg/__init__.py,,\npg-1.dist-info/METADATA,,\n",
}


@pytest.mark.parametrize(("name", "in_use"), [("pg.pool", InUse.UNKNOWN), ("page.pool", InUse.NO), ("x.pg", InUse.NO)])
def test_dotted_names_in_a_compiled_module_name_the_outermost(name, in_use):
    tree = {**COMPILED, "srv/fast.so": make_elf(strings=[name])}
    assert states(tree, Runtime(cmd=["python3", "/srv/app.py"]))["pg"].in_use is in_use


def test_dotted_names_in_own_settings_name_a_distributions_package_of_modules():
    tree = {**MODULES, "srv/a.py": "import yaml\n", "srv/a.yaml": "uses:\n- sort.fast.Quick\n"}
    assert states(tree, Runtime(cmd=["python3", "/srv/a.py"]))["python3-sort"].doubt is Doubt.NAMED
