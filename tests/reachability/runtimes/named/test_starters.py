"""Which names in what packages brought are those of programs."""

import pytest

from gate.inventory.installed.inventory import read_installed
from gate.model import Doubt, InUse
from gate.model.container import Runtime
from gate.reachability.runtimes.analyse import analyse
from gate.reachability.runtimes.packages.state import key_of
from tests.reachability.runtimes.conftest import SmallTree, make_elf
from tests.reachability.runtimes.named.test_node_mentions import package
from tests.reachability.runtimes.named.test_python_mentions import PYTHON, SITE, distribution
from tests.reachability.runtimes.test_states import deb

LIBRARY = "usr/lib/libfew.so.1"
BASE = {
    "etc/os-release": 'ID=debian\nVERSION_ID="13"\nPRETTY_NAME="Debian 13"\n',
    "!usr/bin/node": make_elf(soname="node"),
    "!usr/bin/tidy": make_elf(),
    "!usr/bin/run": make_elf(needed=["libfew.so.1"]),
    LIBRARY: make_elf(soname="libfew.so.1"),
    "app/run.js": "require('used')",
    "app/package.json": "{}",
}
OWNERS = {
    "node": ["usr/bin/node"],
    "tidy": ["usr/bin/tidy"],
    "run": ["usr/bin/run"],
    "few": [LIBRARY],
}


def state_of(name, *trees, command="node /app/run.js", path="", owners=OWNERS):
    tree = dict(BASE)
    for each in trees:
        tree |= each
    tree["var/lib/dpkg/status"] = "".join(map(deb, owners))
    for owner, files in owners.items():
        tree[f"var/lib/dpkg/info/{owner}.list"] = "".join(f"/{file}\n" for file in files)
    files = SmallTree(tree)
    packages = read_installed(files).packages
    answer = analyse(files, Runtime(cmd=command.split(), env=[f"PATH={path}:/usr/bin"]), packages)
    return {one.name: answer.states[key_of(one)] for one in packages}[name]


@pytest.mark.parametrize(
    ("source", "doubt"),
    [
        ("const { spawn } = require('child_process'); x = 'tidy'", Doubt.NAMED),
        ("import { execa } from 'execa'; x = 'tidy'", Doubt.NAMED),
        ("x = 'tidy'", None),
        ("const { spawn } = require('child_process')\n  // 'tidy'\n/* 'tidy' */\n", None),
        ("require('child_process') /* istanbul ignore tidy */", None),
        ("require('child_process'); x = 'nice -n 5 tidy'", Doubt.NAMED),
        ("require('child_process'); x = 'cd ${folder} && tidy'", Doubt.NAMED),
        ("""require('child_process'); x = "ip route | tidy '{ print }'\"""", Doubt.NAMED),
        ("""require('child_process'); x = `cat 'a b' && tidy 'c d'`""", Doubt.NAMED),
        ("require('child_process'); x = 'keep the tidy rows'", None),
        ("require('child_process'); x = require('tidy')", None),
        ("require('child_process'); x = require( \"tidy\" ); y = require.resolve('tidy')", None),
        (
            "import { spawn } from 'child_process'; import tidy, { a } from 'tidy'; import 'tidy'",
            None,
        ),
        ("require('child_process'); import('tidy').then(y)", None),
        ("require('child_process'); x = require('tidy') || 'tidy'", Doubt.NAMED),
        ("require('child_process'); x = require('tidy ' + y)", Doubt.NAMED),
        ("require('child_process'); z.require('tidy')", Doubt.NAMED),
        ("require('child_process'); x = Buffer.from('tidy')", Doubt.NAMED),
    ],
)
def test_code_of_a_package_names_a_program_if_it_starts_any(source, doubt):
    assert state_of("tidy", package("used", source)).doubt is doubt


def test_code_names_programs_for_a_package_that_it_requires_through_others():
    used = package("used", "x = 'tidy'", dependencies='{"middle": "*"}')
    middle = package("middle", dependencies='{"low": "*"}')
    for low, doubt in (("require('child_process')", Doubt.NAMED), ("", None)):
        low_reached = package("low", low)
        own = {"app/run.js": "require('used'); require('middle'); require('low')"}
        assert state_of("tidy", used, middle, low_reached, own).doubt is doubt


def test_a_name_counts_that_a_package_hands_on_to_one_that_starts_programs():
    """Up to what requires it, and over what requires both; between packages that nothing joins it does not go."""
    names = package("names", "exports.tool = 'tidy'")
    starts = package("starts", "require('child_process')")
    loads = {"app/run.js": "require('names'); require('starts'); require('joins')"}
    assert state_of("tidy", names, starts, loads).in_use is InUse.NO
    above = package("starts", "require('child_process')", dependencies='{"names": "*"}')
    assert state_of("tidy", names, above, loads).doubt is Doubt.NAMED
    joins = package("joins", dependencies='{"names": "*", "starts": "*"}')
    assert state_of("tidy", names, starts, joins, loads).doubt is Doubt.NAMED


def test_a_manifest_of_an_installed_package_names_no_program_and_its_data_as_its_code_does():
    starts = "require('child_process'); require('./a.json')"
    assert state_of("tidy", package("used", starts, scripts='{"test": "tidy"}')).in_use is InUse.NO
    data = {"app/node_modules/used/a.json": '{"tool": "tidy"}'}
    assert state_of("tidy", package("used", starts), data).doubt is Doubt.NAMED
    assert state_of("tidy", package("used", "require('./a.json')"), data).in_use is InUse.NO


@pytest.mark.parametrize(
    ("tool", "index", "doubt"),
    [
        ("#!/usr/bin/env node\nrequire('child_process'); x = 'tidy'", "", None),
        ("require('child_process'); x = 'tidy'", "", None),
        ("#!/usr/bin/env node\nrequire('child_process'); x = 'tidy'", "run('renew.js', {cwd: 'scripts'})", Doubt.NAMED),
        ("#!/usr/bin/env node\nrequire('child_process'); x = 'tidy'", "fs.readdirSync(__dirname)", Doubt.NAMED),
    ],
)
def test_a_program_beside_a_module_that_nothing_of_it_names_is_its_developers(tool, index, doubt):
    used = package("used", index) | {"app/node_modules/used/scripts/renew.js": tool}
    assert state_of("tidy", used, package("idle")).doubt is doubt
    assert state_of("tidy", used).doubt is doubt  # every package is reached


@pytest.mark.parametrize(
    ("code", "is_run"),
    [
        ("fork(join(dirname(require.resolve('used/package.json')), 'scripts', name))", True),
        ("fork(join(folder_of('used'), 'scripts', 'renew'))", True),
        ("load('used'); x = 'scripts'", False),
    ],
)
def test_a_developers_tool_counts_where_another_source_finds_it(code, is_run):
    """It was left out, and what it starts was not in use, though another source put its path together."""
    tool = {"app/node_modules/used/scripts/renew.js": "#!/usr/bin/env node\nrequire('child_process'); x = 'tidy'"}
    used = package("used", "require('other')", dependencies='{"other": "*"}')
    assert (state_of("tidy", used, package("other", code), tool).doubt is Doubt.NAMED) is is_run


@pytest.mark.parametrize(
    ("listing", "file", "in_use"),
    [
        ("mime-db", "db.json", InUse.NO),
        ("mime-db", "more.json", InUse.UNKNOWN),
        ("mime", "dist/types/other.js", InUse.NO),
        ("mime", "dist/types/more.js", InUse.UNKNOWN),
    ],
)
def test_a_list_of_types_of_media_names_no_program(listing, file, in_use):
    """`npx` is an ending of pictures, and led from mime 4 to all that npm brings."""
    starts = package("used", f"require('child_process'); require('{listing}')", dependencies=f'{{"{listing}": "*"}}')
    content = "module.exports = {'a': 'tidy'}" if file.endswith(".js") else '{"a": "tidy"}'
    types = package(listing, f"require('./{file}')") | {f"app/node_modules/{listing}/{file}": content}
    assert state_of("tidy", starts, types).in_use is in_use


@pytest.mark.parametrize(
    ("code", "requires", "doubt"),
    [
        ("import subprocess\nX = 'tidy'\n", "", Doubt.NAMED),
        ("import os\nX = 'tidy'\nos.system(X)\n", "", Doubt.NAMED),
        ("from os import system\nX = 'tidy'\n", "", Doubt.NAMED),
        ("import platform\nX = 'tidy'\nplatform.system()\n", "", None),
        ("X = 'tidy'\n", "", None),
        ("X = 'tidy'\n", "low", Doubt.NAMED),
        ("import subprocess\n# tidy\n", "", None),
        ("import subprocess\ndef tidy(): pass\n", "", None),
        ('import subprocess\nX = """\nset -e\ntidy -q\n"""\n', "", Doubt.NAMED),
        ('import subprocess\ndef f():\n    """\n    >>> f([\'tidy\'])\n    """\n', "", None),
        ('import subprocess\nf(\n    """\n    tidy -q\n    """\n)\n', "", Doubt.NAMED),
        ("import subprocess\nx = 'a', tidy, 'b'\n", "", None),
        ("import subprocess\nf(f'{x['tidy']}')\n", "", Doubt.NAMED),
        ("import subprocess\nf('cd /srv\\ntidy')\n", "", Doubt.NAMED),
        ("import subprocess\nTOOLS = 'clean,tidy'.split(',')\n", "", Doubt.NAMED),
        (
            "import subprocess\nraise E(\n    'managers (tidy, ...). Search closed '\n    'issues of the shop')\n",
            "",
            None,
        ),
        ("import subprocess\nX = ['(tidy, ...). Search closed ', 'issues of the shop']\n", "", Doubt.NAMED),
        ("import subprocess\nf('cd /srv && ' 'tidy -q the shop')\n", "", Doubt.NAMED),
        ("import subprocess\nf('ti' f'dy')\n", "", Doubt.NAMED),
    ],
)
def test_code_of_a_distribution_names_a_program_if_it_or_one_that_it_requires_starts_any(code, requires, doubt):
    used = distribution("used", code)
    metadata = next(path for path in used if path.endswith("METADATA"))
    used[metadata] += f"Requires-Dist: {requires}\n" if requires else ""
    low = distribution("low", "import asyncio\nasyncio.create_subprocess_exec\n")
    main = {"app/main.py": "import used\n"}
    state = state_of("tidy", PYTHON, used, low, main, command="python /app/main.py", path="/opt/venv/bin")
    assert state.doubt is doubt


def test_lists_of_words_of_other_languages_name_no_program():
    """What a lexer of Pygments colours is compared with a text, and started by nothing."""
    code = "import subprocess\nimport pygments.lexers\n"
    for path, in_use in (("pygments/lexers/__init__.py", InUse.NO), ("pygments/cmdline.py", InUse.UNKNOWN)):
        used = distribution("pygments", code.replace("lexers", "cmdline") if "cmdline" in path else code)
        used[f"{SITE}/{path}"] = "import subprocess\nX = ['tidy']\n"
        used[f"{SITE}/pygments-1.dist-info/RECORD"] += f"{path},,\n"
        main = {"app/main.py": "import pygments\n"}
        state = state_of("tidy", PYTHON, used, main, command="python /app/main.py", path="/opt/venv/bin")
        assert state.in_use is in_use, path


@pytest.mark.parametrize(
    ("path", "text", "doubt"),
    [
        ("etc/run.rc", "tidy -q\n", Doubt.NAMED),
        ("etc/run.rc", "  # keep it tidy\n", None),
        ("etc/run.ini", "a = tidy\n", Doubt.NAMED),
        ("etc/run.ini", "; keep it tidy\n", None),
        ("usr/share/run/Run.pm", "=pod\n\nKeep it tidy\n\n=cut\n\nsystem 'tidy';\n", Doubt.NAMED),
        ("usr/share/run/Run.pm", "print 1;\n=head1 Use\n\nKeep it tidy\n\n=cut\n\n# tidy\n", None),
        ("usr/share/bash-completion/completions/run", "tidy -q\n", None),
        ("var/cache/debconf/run.dat", "tidy\n", None),
    ],
)
def test_a_comment_and_what_was_asked_at_the_installation_name_no_program(path, text, doubt):
    run = make_elf(calls="execvp", strings=[f"/{path}"], needed=["libfew.so.1"])
    owners = OWNERS | {"run": ["usr/bin/run", path]}
    assert state_of("tidy", {"!usr/bin/run": run, path: text}, command="run", owners=owners).doubt is doubt


@pytest.mark.parametrize(
    ("program", "library", "doubt"),
    [
        ({"strings": ["tidy"], "calls": "execvp"}, {}, Doubt.NAMED),
        ({"strings": ["tidy"]}, {}, None),
        ({"strings": ["tidy"]}, {"calls": "posix_spawn"}, Doubt.NAMED),
        ({}, {"strings": ["tidy"]}, None),
        ({"calls": "execvp"}, {"strings": ["tidy"]}, Doubt.NAMED),
        ({"calls": "execvp"}, {"strings": ["be tidy"]}, None),
        ({"calls": "execvp", "strings": ["be tidy"]}, {}, None),
        ({"calls": "system", "strings": ["cd /srv && tidy -q"]}, {}, Doubt.NAMED),
        ({}, {"strings": ["tidy"], "calls": "system"}, Doubt.NAMED),
    ],
)
def test_a_compiled_file_names_a_program_if_it_takes_a_function_that_starts_some(program, library, doubt):
    run = make_elf(needed=["libfew.so.1"], **program)
    tree = {"!usr/bin/run": run, LIBRARY: make_elf(soname="libfew.so.1", **library)}
    assert state_of("tidy", tree, command="run").doubt is doubt


@pytest.mark.parametrize("name", ["env", "cat", "bash", "python3.13", "perl"])
def test_a_wrapper_and_an_interpreter_start_what_they_are_given_and_nothing_that_they_name_themselves(name):
    tree = {f"!usr/bin/{name}": make_elf(strings=["tidy"], calls="execvp", needed=["libfew.so.1"])}
    owners = OWNERS | {"it": [f"usr/bin/{name}"]}
    assert state_of("tidy", tree, command=f"{name} x", owners=owners).doubt is not Doubt.NAMED


def test_the_first_lines_of_scripts_by_which_php_tells_kinds_of_files_start_nothing():
    for name, starts, doubt in (
        ("fileinfo.so", "puts", None),
        ("fileinfo.so", "popen", Doubt.POSSIBLE),
        ("other.so", "puts", Doubt.POSSIBLE),
    ):
        tree = {
            "!usr/bin/run": make_elf(calls="execvp", strings=[f"/usr/lib/php/{name}"]),
            f"usr/lib/php/{name}": make_elf(needed=["libfew.so.1"], strings=["/usr/bin/tidy", "tidy"], calls=starts),
        }
        owners = OWNERS | {"run": ["usr/bin/run", f"usr/lib/php/{name}"]}
        assert state_of("tidy", tree, command="run", owners=owners).doubt is doubt, name


def test_a_script_that_is_named_has_its_modules_with_it():
    used = package("used", "require('child_process'); x = 'deep'")
    tree = {
        "usr/bin/deep": "-> ../share/nodejs/deep/cli.js",
        "!usr/share/nodejs/deep/cli.js": "#!/usr/bin/node\nrequire('lower')",
        "usr/share/nodejs/deep/package.json": '{"name": "deep", "dependencies": {"lower": "*"}}',
        "usr/share/nodejs/lower/index.js": "",
    }
    owners = OWNERS | {
        "node-deep": ["usr/bin/deep", "usr/share/nodejs/deep/cli.js", "usr/share/nodejs/deep/package.json"],
        "node-lower": ["usr/share/nodejs/lower/index.js"],
    }
    assert state_of("node-lower", tree, used, owners=owners).doubt is Doubt.NAMED
    assert state_of("node-lower", tree, package("used"), owners=owners).in_use is InUse.NO


@pytest.mark.parametrize(
    ("run", "doubt"),
    [
        (make_elf(needed=["libfew.so.1"], strings=["tidy"], calls="execvp"), Doubt.NAMED),
        (make_elf(needed=["libfew.so.1"], strings=["tidy"]), None),
        ("#!/bin/sh\nexec tidy\n", Doubt.NAMED),
    ],
)
def test_what_a_program_names_that_is_only_named_may_be_started_too(run, doubt):
    used = package("used", "require('child_process'); x = 'run'")
    assert state_of("tidy", used, {"!usr/bin/run": run}).doubt is doubt


def test_what_a_wrapper_is_linked_with_hands_it_no_name():
    """It starts what it is given or reads, or a shell that it names itself."""
    for name, doubt in (("watch", None), ("other", Doubt.NAMED)):
        tree = {f"!usr/bin/{name}": make_elf(calls="execvp", needed=["libfew.so.1"])}
        tree[LIBRARY] = make_elf(soname="libfew.so.1", strings=["tidy"])
        owners = OWNERS | {"it": [f"usr/bin/{name}"]}
        assert state_of("tidy", tree, command=f"{name} /srv", owners=owners).doubt is doubt, name


def test_an_interpreter_of_awk_starts_what_its_script_says_and_what_it_names_itself_is_no_program():
    """What stands in texts counts, as for other languages."""
    owners = OWNERS | {"gawk": ["usr/bin/gawk"], "sh": ["bin/sh"]}
    awk = {"!usr/bin/gawk": make_elf(calls="execl system", strings=["tidy"]), "!bin/sh": make_elf(soname="sh")}
    for script, in_use in (("BEGIN { print 1 }", InUse.NO), ('BEGIN { system("tidy") }', InUse.YES)):
        tree = awk | {"!app/start": f"#!/usr/bin/gawk -f\n{script}\n"}
        assert state_of("tidy", tree, command="/app/start", owners=owners).in_use is in_use, script
    in_text = awk | {"!app/start": "#!/usr/bin/gawk -f\nBEGIN { print 1 }\n", "app/list.txt": "tidy"}
    assert state_of("tidy", in_text, command="/app/start", owners=owners).in_use is InUse.UNKNOWN


@pytest.mark.parametrize(
    ("path", "state"),
    [
        ("usr/share/awk/a.awk", "no"),
        ("usr/share/other/a.awk", "unknown"),
        ("usr/bin/gunzip", "no"),
        ("usr/bin/gunzips", "unknown"),
    ],
)
def test_the_functions_that_gawk_brings_and_gzips_scripts_name_no_program(path, state):
    text = {path: 'function convert(x) { print "tidy" }'}
    started = {"!usr/bin/run": make_elf(calls="execv", strings=[f"/{path}"])}
    found = state_of("tidy", text, started, command="/usr/bin/run", owners={**OWNERS, "gawk": [path]})
    assert found.in_use.value == state


def test_what_the_applications_manifest_depends_on_names_no_program():
    """It is a list of modules, as a lock file is; its scripts and all else in it count."""
    for manifest, in_use in (
        ('{"dependencies": {"tidy": "*"}, "devDependencies": {"tidy": "*"}}', InUse.NO),
        ('{"scripts": {"lint": "tidy"}}', InUse.UNKNOWN),
        ('{"tool": "tidy"}', InUse.UNKNOWN),
        ('{"dependencies": {"tidy": "*"}', InUse.UNKNOWN),
    ):
        starts = package("used", "require('child_process')")
        assert state_of("tidy", starts, {"app/package.json": manifest}).in_use is in_use, manifest


@pytest.mark.parametrize("path", ["app/src/Work.php", "usr/share/php/Lib/Work.php"])
def test_classes_that_php_may_load_by_a_name_name_programs(path):
    """The application's own ones and those of packages: git was not in use beside Symfony, whose command starts it."""
    tree = {"!usr/bin/php": make_elf(soname="php"), "app/run.php": "<?php\n$name::run();\n"}
    owners = OWNERS | {"php": ["usr/bin/php"], "php-lib": ["usr/share/php/Lib/Work.php"]}
    for code, is_named in (("<?php\nnew Process(['tidy']);\n", True), ("<?php\nnew Process(['other']);\n", False)):
        work = {"usr/share/php/Lib/Work.php": "<?php\n", path: code}
        state = state_of("tidy", tree, work, command="php /app/run.php", owners=owners)
        assert (state.in_use is InUse.UNKNOWN) is is_named


@pytest.mark.parametrize(
    ("name", "doubt"),
    [("zip", Doubt.NAMED), ("tar", None), ("find", None), ("run-parts", None), ("flock", None), ("cat", None)],
)
def test_a_packer_starts_those_that_pack_and_find_what_it_is_given_alone(name, doubt):
    tree = {f"!usr/bin/{name}": make_elf(strings=["tidy"], calls="execvp", needed=["libfew.so.1"])}
    found = state_of("tidy", tree, command=f"{name} -xzf x.tgz", owners=OWNERS | {"it": [f"usr/bin/{name}"]})
    assert found.doubt is doubt


@pytest.mark.parametrize(
    ("path", "in_use"),
    [
        ("etc/gai.conf", InUse.NO),
        ("etc/shells", InUse.NO),
        ("etc/run.rc", InUse.UNKNOWN),
        ("usr/share/binfmts/python3.13", InUse.NO),
        ("usr/share/dpkg/cputable", InUse.NO),
        ("usr/include/run.h", InUse.NO),
        ("usr/lib/x86_64-linux-gnu/libmore.so", InUse.NO),
        ("usr/lib/x86_64-linux-gnu/libmore.so.1", InUse.UNKNOWN),
        ("usr/lib/run/more.so", InUse.UNKNOWN),
        ("var/lib/systemd/catalog/database", InUse.NO),
    ],
)
def test_texts_that_nothing_starts_from_name_no_program(path, in_use):
    """Rules, lists, what is shown, headers, and scripts of the linker: `INPUT(libmore.so.1 -ltidy)`."""
    owners = OWNERS | {"it": [path]}
    reads = {"app/run.js": f"require('child_process'); x = '/{path}'", path: "INPUT( tidy )\n"}
    assert state_of("tidy", reads, owners=owners).in_use is in_use


SETTING = {"etc/run.rc": "use tidy\n"}
"""What `run` reads, which a package brought."""


def state_of_tidy(run, *trees, command="run", owners=(), name="tidy"):
    tree = SETTING | {"!usr/bin/run": run}
    for each in trees:
        tree |= each
    every = OWNERS | {"run": ["usr/bin/run", *SETTING]} | dict(owners)
    return state_of(name, tree, command=command, owners=every)


READS = ["/etc/run.rc"]
CLOSED = make_elf(strings=READS, needed=["libfew.so.1"])
SHELL = {"!usr/bin/dash": make_elf(calls="execve", needed=["libfew.so.1"]), "usr/bin/sh": "-> dash"}


@pytest.mark.parametrize("command", ["run", "sh -c run", "tini -- run", "env run"])
def test_a_text_names_no_program_where_nothing_starts_what_it_names(command):
    wrappers = {f"!usr/bin/{name}": make_elf(calls="execvp", needed=["libfew.so.1"]) for name in ("tini", "env")}
    state = state_of_tidy(CLOSED, SHELL, wrappers, command=command)
    assert state.in_use is InUse.NO
    assert state.evidence[0].endswith("belongs to it; etc/run.rc names tidy, and nothing starts it")


@pytest.mark.parametrize("calls", ["execvp", "posix_spawn", "system", "popen", "wordexp", "uv_spawn", "g_spawn_sync"])
def test_a_text_names_programs_where_a_program_starts_any(calls):
    run = make_elf(strings=READS, needed=["libfew.so.1"], calls=calls)
    assert state_of_tidy(run).doubt is Doubt.NAMED


@pytest.mark.parametrize(
    "tree",
    [
        {LIBRARY: make_elf(soname="libfew.so.1", calls="system")},
        {"!usr/bin/run": make_elf(strings=[*READS, "/usr/bin/other"], needed=["libfew.so.1"])}
        | {"!usr/bin/other": make_elf(calls="execv", needed=["libfew.so.1"])},
        {"etc/run.rc": "load libmore.so.1\nuse tidy\n"}
        | {"usr/lib/libmore.so.1": make_elf(soname="libmore.so.1", calls="popen")},
        {"!usr/bin/run": make_elf(strings=READS, code=b"\x0f\x05")},
    ],
    ids=["its library", "what it may start", "a library that the text names", "a static program"],
)
def test_a_text_names_programs_where_anything_that_is_reached_may_start_some(tree):
    owners = {"more": ["usr/lib/libmore.so.1"], "other": ["usr/bin/other"]}
    assert state_of_tidy(CLOSED, tree, owners=owners).doubt is Doubt.NAMED


@pytest.mark.parametrize("name", ["java", "dotnet", "mono", "beam.smp"])
def test_a_text_names_programs_where_code_runs_that_is_no_file_of_elf(name):
    run = {f"!usr/bin/{name}": make_elf(strings=READS, needed=["libfew.so.1"])}
    owners = {name: [f"usr/bin/{name}"]}
    assert state_of_tidy(CLOSED, run, command=name, owners=owners).in_use is InUse.UNKNOWN


def test_nginx_starts_itself_alone_unless_a_language_is_built_in():
    owners = {"nginx": ["usr/sbin/nginx"]}
    for calls, in_use in (("execve", InUse.NO), ("popen", InUse.UNKNOWN)):
        nginx = {"!usr/sbin/nginx": make_elf(strings=READS, needed=["libfew.so.1"], calls=calls)}
        assert state_of_tidy(CLOSED, nginx, command="/usr/sbin/nginx", owners=owners).in_use is in_use, calls


def test_an_own_program_that_loads_libraries_may_load_any():
    run = {"!app/own": make_elf(strings=READS, needed=["libfew.so.1"], calls="dlopen")}
    assert state_of_tidy(CLOSED, run, command="/app/own").doubt is Doubt.NAMED
    of_package = {"own": ["app/own"]}
    assert state_of_tidy(CLOSED, run, command="/app/own", owners=of_package).in_use is InUse.NO


@pytest.mark.parametrize(("owner", "strings"), [("run", READS), ("plugs", [*READS, "/usr/lib/plugs/x"])])
def test_plug_ins_that_start_programs_make_a_text_name_some(owner, strings):
    """Those of the package of what loads libraries, and those of another in a folder that it names."""
    run = make_elf(strings=strings, needed=["libfew.so.1"], calls="dlopen")
    for calls, in_use in (("", InUse.NO), ("execl", InUse.UNKNOWN)):
        plug = {"usr/lib/plugs/one.so": make_elf(soname="one.so", calls=calls)}
        of_run = ["usr/bin/run", *SETTING]
        owners = {owner: ["usr/lib/plugs/one.so"] if owner == "plugs" else [*of_run, "usr/lib/plugs/one.so"]}
        assert state_of_tidy(run, plug, owners=owners).in_use is in_use, calls
