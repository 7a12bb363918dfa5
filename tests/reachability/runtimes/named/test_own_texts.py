"""What the image's own texts name is possible, with all that it needs."""

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gate.inventory.installed.inventory import read_installed
from gate.model import Doubt, InUse
from gate.model.container import Runtime
from gate.reachability.runtimes.analyse import analyse
from gate.reachability.runtimes.named.own_texts import OwnTexts
from tests.reachability.runtimes.conftest import SmallTree, make_elf
from tests.reachability.runtimes.strings.test_java_strings import archive, java_class
from tests.reachability.runtimes.test_launcher_forms import OF_EXECLINE, PROGRAMS, TREE
from tests.reachability.runtimes.test_states import deb, states

OWN = {"!usr/local/bin/own": make_elf(needed=["libc.so.6"], strings=["/etc/own.conf", "/srv/job.py"])}
SERVER = ("memcached", "libevent", "cyrus-sasl2")


@pytest.mark.parametrize(
    "files",
    [
        {"etc/own.conf": "serve = /usr/bin/memcached -u root\n"},
        {"etc/own.conf": '{"command": ["memcached", "-u", "root"]}'},
        {"etc/own.conf": "jobs = /srv/jobs.json\n", "srv/jobs.json": '{"a": [{"run": "nice", "args": ["memcached"]}]}'},
        {"etc/own.conf": "jobs = /srv/jobs.json\n", "srv/jobs.json": '{"memcached": {"user": "root"}}'},
        {"etc/own.conf": "jobs = /srv/jobs.json\n", "srv/jobs.json": '{"run": memcached}'},
        {"etc/own.conf": "command:\n  - memcached\n  - -V\n"},
        {"etc/own.conf": "#includedir /etc/own.d\n", "etc/own.d/web": "memcached -V\n"},
        {"etc/own.conf": "include /srv/more.conf\n", "srv/more.conf": "run=memcached\n"},
        {"etc/own.conf": "script: /srv/start.sh\n", "srv/start.sh": "#!/bin/sh\nexec memcached\n"},
        {"srv/job.py": "start(['nice', 'memcached'])\n", "etc/own.conf": "job = /srv/job.py\n"},
        {"!usr/local/bin/own": make_elf(needed=["libc.so.6"], strings=["memcached -V"])},
    ],
)
def test_what_an_own_text_names_is_never_unused(files):
    found = states({**TREE, **OWN, **files}, Runtime(cmd=["/usr/local/bin/own"]))
    assert [found[name].in_use for name in SERVER] == [InUse.UNKNOWN] * 3
    assert found["idle"].in_use is InUse.NO


@pytest.mark.parametrize(
    ("command", "text"),
    [
        ("own < /srv/input", ".shell memcached\n"),
        ("cd /srv; own <input", ".output |memcached\n"),
        ("echo '.shell memcached' | own", ""),
        ("echo '.output |memcached' | own", ""),
        ("exec own '+!memcached'", ""),
    ],
)
def test_what_the_input_of_a_program_names_is_never_unused(command, text):
    """As clients of databases take commands: `sqlite3 shop.db < jobs.sql` with `.shell memcached`."""
    shell = {"!bin/sh": make_elf(), "srv/input": text, "!bin/own": make_elf(needed=["libc.so.6"], calls="system")}
    runtime = Runtime(cmd=["/bin/sh", "-c", command], env=["PATH=/bin:/usr/bin"])
    found = states({**TREE, **shell}, runtime)
    assert [found[name].in_use for name in SERVER] == [InUse.UNKNOWN] * 3
    assert found["idle"].in_use is InUse.NO


@pytest.mark.parametrize(
    ("name", "text", "in_use"),
    [
        ("LICENSE", "The License\n(c) 2026\n", InUse.NO),
        ("README.md", "# Shop\n(c) 2026\n", InUse.NO),
        ("NEWS.md", "# Shop\n(c) 2026\n", InUse.NO),
        ("THIRD_PARTY_NOTICES.md", "# Shop\n(c) 2026\n", InUse.NO),
        ("LICENSE", "#!/bin/sh\n(c) 2026 )\n", InUse.UNKNOWN),
        ("licenser", "The License\n(c) 2026\n", InUse.UNKNOWN),
    ],
)
def test_a_document_that_can_be_executed_is_no_script(name, text, in_use):
    """A copy from Windows gives each file the mode of a program."""
    own = {"!usr/local/bin/own": make_elf(needed=["libc.so.6"], strings=[name]), f"!srv/{name}": text}
    found = states({**TREE, **own}, Runtime(cmd=["/usr/local/bin/own"], working_dir="/srv"))
    assert found["idle"].in_use is in_use


@pytest.mark.parametrize(
    ("name", "text", "in_use"),
    [
        ("README.md", "Start it by\n\n    memcached -u root\n", InUse.NO),
        ("LICENSE-MIT", "memcached", InUse.NO),
        ("readme.txt", "memcached", InUse.NO),
        ("README.md", "```sh exec=1\nmemcached\n```\n", InUse.UNKNOWN),
        ("README", "#!/bin/sh\nmemcached\n", InUse.UNKNOWN),
        ("README.sh", "memcached\n", InUse.UNKNOWN),
        ("notes.md", "memcached\n", InUse.UNKNOWN),
    ],
)
def test_a_document_of_an_application_names_nothing(name, text, in_use):
    own = {"!usr/local/bin/own": make_elf(needed=["libc.so.6"], strings=[name]), f"srv/{name}": text}
    found = states({**TREE, **own}, Runtime(cmd=["/usr/local/bin/own"], working_dir="/srv"))
    assert found["memcached"].in_use is in_use


@pytest.mark.parametrize(
    ("line", "in_use"),
    [
        ("node ace", InUse.NO),
        ("unhandled node type: ${type}", InUse.NO),
        ("node ace.js", InUse.UNKNOWN),
        ("node ./ace", InUse.UNKNOWN),
        ("node --watch ace", InUse.NO),
        ("node serve", InUse.UNKNOWN),
    ],
)
def test_a_word_behind_node_is_a_script_only_if_the_image_has_it(line, in_use):
    node = {
        "!usr/bin/node": make_elf(soname="node"),
        "srv/serve.js": "require('other')",
        "srv/node_modules/other/package.json": '{"name": "other", "version": "1.0.0"}',
    }
    own = {"!usr/local/bin/own": make_elf(needed=["libc.so.6"], strings=["/etc/own.conf"]), "etc/own.conf": line}
    found = states({**TREE, **node, **own}, Runtime(cmd=["/usr/local/bin/own"], working_dir="/srv"))
    assert found["other"].in_use is in_use


@pytest.mark.parametrize(("pattern", "in_use"), [("/usr/lib/*.so*", InUse.UNKNOWN), ("/usr/lib/*.conf", InUse.NO)])
def test_files_that_an_own_source_looks_for_by_a_pattern_may_be_read(pattern, in_use):
    code = {"srv/job.py": f"paths = glob.glob('{pattern}')\n", "etc/own.conf": "job = /srv/job.py\n"}
    found = states({**TREE, **OWN, **code}, Runtime(cmd=["/usr/local/bin/own"]))
    assert found["libevent"].in_use is in_use


@pytest.mark.parametrize(
    ("path", "strings", "in_use"),
    [
        ("root/.ssh/config", [], InUse.UNKNOWN),
        ("home/shop/.ownrc", [], InUse.UNKNOWN),
        ("root/.local/share/own/services/web.service", [], InUse.UNKNOWN),
        ("root/.local/lib/own/web.txt", [], InUse.NO),
        ("root/.bashrc", [], InUse.NO),
        ("etc/own.d/web.rules", ["/etc/own.d/%s.rules"], InUse.UNKNOWN),
        ("etc/own/hooks/web", ["/etc/own"], InUse.UNKNOWN),
        ("etc/other/hooks/web", ["/etc/own"], InUse.NO),
    ],
)
def test_settings_of_a_user_and_in_a_folder_of_etc_may_be_read(path, strings, in_use):
    own = {"!usr/local/bin/own": make_elf(needed=["libc.so.6"], strings=strings), path: "ProxyCommand memcached %h\n"}
    found = states({**TREE, **own}, Runtime(cmd=["/usr/local/bin/own"]))
    assert {found[name].in_use for name in SERVER} == {in_use}


def test_a_library_in_an_own_text_may_be_loaded_whatever_stands_in_front_of_its_name():
    """As slapd numbers its modules: `olcModuleLoad: {0}accesslog.so`."""
    found = states({**TREE, **OWN, "etc/own.conf": "load: {0}libevent-2.so\n"}, Runtime(cmd=["/usr/local/bin/own"]))
    assert (found["libevent"].in_use, found["memcached"].in_use) == (InUse.UNKNOWN, InUse.NO)


def test_a_program_in_a_folder_of_its_package_states_which_files_in_etc_it_may_read():
    """As polkit's daemon lies in a folder of its own."""
    served = {
        "!usr/lib/served/served": make_elf(needed=["libc.so.6"], strings=["rules.d"]),
        "var/lib/dpkg/status": f"{TREE['var/lib/dpkg/status']!s}{deb('served')}",
        "var/lib/dpkg/info/served.list": "/usr/lib/served/served\n",
        "etc/served/rules.d/web": 'spawn(["/usr/bin/memcached"]);\n',
    }
    found = states({**TREE, **served}, Runtime(cmd=["/usr/lib/served/served"]))
    assert [found[name].in_use for name in SERVER] == [InUse.UNKNOWN] * 3


@pytest.mark.parametrize(
    ("code", "path", "in_use"),
    [
        ("run([Path.home() / 'bin' / 'start'])", "!root/bin/start", InUse.UNKNOWN),
        ("run([os.path.expanduser('~/start')])", "!srv/shop/start", InUse.UNKNOWN),
        ("read(Path.home() / 'settings.yaml')", "root/settings.yaml", InUse.UNKNOWN),
        ("os.environ['PATH'] = '/opt/tools:' + path\nrun('start')", "!opt/tools/start", InUse.UNKNOWN),
        ("run([Path.home() / 'bin' / 'start'])", "root/bin/other", InUse.NO),
    ],
)
def test_code_names_files_in_homes_and_in_folders_of_a_search_path(code, path, in_use):
    own = {"app/run.py": f"{code}\n", path: "#!/bin/sh\nexec memcached\n"}
    own["etc/passwd"] = "shop:x:9:9::/srv/shop:/bin/sh\ndaemon:x:1:1::/usr/sbin:/bin/sh\n"
    found = states({**TREE, **own}, Runtime(cmd=["python3", "/app/run.py"]))
    assert {found[name].in_use for name in SERVER} == {in_use}
    assert found["idle"].in_use is InUse.NO


@pytest.mark.parametrize(
    ("words", "env"), [(["EXEC:memcached,pty"], []), (["-!!EXEC:memcached"], []), ([], ["TARGET=exec:memcached"])]
)
def test_an_address_that_is_a_command_names_its_program(words, env):
    runtime = Runtime(cmd=["own", *words], env=[*env, "PATH=/usr/local/bin:/usr/bin"])
    found = states({**TREE, "!usr/local/bin/own": make_elf(needed=["libc.so.6"])}, runtime)
    assert found["libevent"].in_use is not InUse.NO


@pytest.mark.parametrize(
    ("code", "in_use"), [("find_library('event-2')", InUse.UNKNOWN), ("find('event-2')", InUse.NO)]
)
def test_a_library_that_python_asks_for_by_name_may_be_loaded(code, in_use):
    own = {"!usr/bin/python3": make_elf(needed=["libc.so.6"]), "app/run.py": f"import ctypes.util as u\nu.{code}\n"}
    found = states({**TREE, **own}, Runtime(cmd=["python3", "/app/run.py"], env=["PATH=/usr/bin"]))
    assert (found["libevent"].in_use, found["memcached"].in_use) == (in_use, InUse.NO)


def test_a_section_of_supervisor_s_own_settings_is_not_the_name_of_a_program():
    """Where it was, supervisord was taken to be started again, without any settings: a gap for everything."""
    settings = {"etc/own.conf": "[supervisord]\nnodaemon=true\n[supervisorctl]\n"}
    supervisor = {"!usr/bin/supervisord": "#!/bin/sh\nexec memcached\n"}
    runtime = Runtime(cmd=["/usr/local/bin/own"], env=["PATH=/usr/bin:/usr/local/bin"])
    assert states({**TREE, **OWN, **settings, **supervisor}, runtime)["libevent"].in_use is InUse.NO
    settings = {"etc/own.conf": "[program]\ncommand=supervisord\n"}
    assert states({**TREE, **OWN, **settings, **supervisor}, runtime)["libevent"].in_use is InUse.UNKNOWN


@pytest.mark.parametrize(
    ("path", "text", "in_use"),
    [
        ("etc/php/8.4/cli/php.ini", "[memcached]\na=1\n", InUse.NO),
        ("etc/php/8.4/cli/php.ini", "[own]\nmailer=memcached\n", InUse.UNKNOWN),
        ("etc/php/8.4/cli/php.ini", "[PATH=/usr/bin/memcached]\n", InUse.UNKNOWN),
        ("etc/own.ini", "[memcached]\na=1\n", InUse.UNKNOWN),
    ],
)
def test_a_section_of_phps_settings_is_not_the_name_of_a_program(path, text, in_use):
    own = {"!usr/local/bin/own": make_elf(needed=["libc.so.6"], strings=[f"/{path}"]), path: text}
    runtime = Runtime(cmd=["/usr/local/bin/own"], env=["PATH=/usr/bin:/usr/local/bin"])
    assert states({**TREE, **own}, runtime)["libevent"].in_use is in_use


@pytest.mark.parametrize(
    ("text", "in_use"),
    [
        ("service x\n{\n    kind = other\n    server = own\n}\n", InUse.NO),
        ("check x\n  at end = other\n  at first = own\n", InUse.NO),
        ("kind = other\n    own\n", InUse.UNKNOWN),
        ("kind = other\n    key = memcached\n", InUse.UNKNOWN),
    ],
)
def test_an_indented_setting_is_not_given_to_the_program_of_the_one_before(text, in_use):
    """`socket_type = stream` of xinetd was taken for a start of ImageMagick, which was given all servers."""
    tree = {**TREE, **OWN, "!usr/bin/other": make_elf(calls="execvp"), "etc/own.conf": text}
    runtime = Runtime(cmd=["/usr/local/bin/own"], env=["PATH=/usr/bin:/usr/local/bin"])
    assert states(tree, runtime)["libevent"].in_use is in_use


@pytest.mark.parametrize(("text", "in_use"), [("import std;\n", InUse.NO), ("import -window root;\n", InUse.UNKNOWN)])
def test_the_word_that_begins_a_statement_is_no_program(text, in_use):
    tree = {**TREE, **OWN, "!usr/bin/import": "#!/bin/sh\nexec memcached\n", "etc/own.conf": text}
    runtime = Runtime(cmd=["/usr/local/bin/own"], env=["PATH=/usr/bin:/usr/local/bin"])
    assert states(tree, runtime)["libevent"].in_use is in_use


@pytest.mark.parametrize("first", ["#!/bin/sh", "#!/bin/tini /bin/sh"])
@pytest.mark.parametrize(("line", "in_use"), [("# memcached", InUse.NO), ("PS4='$(memcached)'", InUse.UNKNOWN)])
def test_a_comment_names_nothing_and_a_word_of_a_shells_script_what_it_needs_too(first, line, in_use):
    files = {"etc/own.conf": "# memcached\n", "!srv/start": f"{first}\n{line}\nown\n"}
    files["!bin/tini"] = make_elf(calls="execvp")
    found = states({**TREE, **OWN, **files}, Runtime(cmd=["/srv/start"], env=["PATH=/bin:/usr/local/bin"]))
    assert found["libevent"].in_use is in_use


@pytest.mark.parametrize(
    "files",
    [
        {"etc/own.conf": "programs = /usr/bin\n", "!usr/bin/serve": "#!/bin/sh\nexec memcached\n"},
        {"etc/own.conf": "lock = /srv/yarn.lock\n", "srv/yarn.lock": "memcached@1:\n  version 1\n"},
        {"etc/own.conf": "environment = /srv/pyvenv.cfg\n", "srv/pyvenv.cfg": "command = /usr/bin/memcached -m\n"},
        {"etc/own.conf": "list = /var/lib/dpkg/listed\n", "var/lib/dpkg/listed": "memcached\n/usr/bin/memcached\n"},
        {"etc/own.conf": "asked = /var/cache/debconf/a.dat\n", "var/cache/debconf/a.dat": "Value: memcached\n"},
        {"etc/own.conf": "log = /var/log/apt/history.log\n", "var/log/apt/history.log": "Install: memcached\n"},
        {"etc/own.conf": "environment = /srv/on.ps1\n", "srv/on.ps1": "memcached -m\n"},
        {"etc/own.conf": "built = /srv/Dockerfile\n", "srv/Dockerfile": "RUN memcached -V\n"},
        {"etc/own.conf": "shown = /srv/3rdpartylicenses.txt\n", "srv/3rdpartylicenses.txt": "Package: memcached\n"},
        {
            "etc/own.conf": "map = /srv/a.css.map\n",
            "srv/a.css.map": '{"version":3,"sources":["a.scss"],"mappings":"A","sourcesContent":["memcached -V"]}',
        },
        {"etc/own.conf": "is /srv/a.app\n", "srv/a.app": "{application,a,[{modules,[memcached]}]}.\n"},
        {"etc/own.conf": "is /srv/a.rel\n", "srv/a.rel": "%% coding: utf-8\n{release,{memcached,1}}.\n"},
        {"etc/own.conf": "shown = /srv/a.css\n", "srv/a.css": "a { margin: 0 } /* to have memcached -V */\n"},
        {"etc/own.conf": "shown = /srv/a.svg\n", "srv/a.svg": "<svg><text>memcached -V</text></svg>\n"},
        {"etc/own.conf": "shown = /srv/index.html\n", "srv/index.html": "<p>Start <code>memcached</code> first</p>\n"},
    ],
)
def test_where_programs_are_looked_for_and_listed_none_is_started(files):
    found = states({**TREE, **OWN, **files}, Runtime(cmd=["/usr/local/bin/own"], env=["PATH=/usr/bin:/usr/local/bin"]))
    assert found["libevent"].in_use is InUse.NO


@pytest.mark.parametrize("files", [{"!opt/pwsh": ""}, {"srv/on.ps1": "#!/bin/bash\nmemcached -m\n"}])
def test_a_script_of_another_shell_counts_where_something_can_run_it(files):
    tree = {**TREE, **OWN, "etc/own.conf": "environment = /srv/on.ps1\n", "srv/on.ps1": "memcached -m\n", **files}
    found = states(tree, Runtime(cmd=["/usr/local/bin/own"], env=["PATH=/usr/bin:/usr/local/bin"]))
    assert found["libevent"].in_use is not InUse.NO


@pytest.mark.parametrize(
    ("text", "in_use"),
    [
        ("LoadPlugin tool\nScript /srv/orders.sh\n", InUse.NO),
        ("LoadPlugin tool \\\n/srv/orders.sh\n", InUse.UNKNOWN),
        ("run tool /srv/orders.sh\n", InUse.UNKNOWN),
    ],
)
def test_a_program_is_not_given_the_words_of_the_next_setting(text, in_use):
    tool = {"!usr/bin/tool": make_elf(needed=["libc.so.6"], calls="execvp"), "usr/lib/libc.so.6": make_elf()}
    files = {"etc/own.conf": text, "!srv/orders.sh": "#!/bin/sh\necho\n"}
    runtime = Runtime(cmd=["/usr/local/bin/own"], env=["PATH=/usr/bin:/usr/local/bin"])
    assert states({**TREE, **OWN, **tool, **files}, runtime)["libevent"].in_use is in_use


@pytest.mark.parametrize(("text", "has_gap"), [('{"node": {}, "edge": {}}', False), ('{"run": "node"}', True)])
def test_an_interpreter_as_a_key_of_json_is_given_no_script(text, has_gap):
    files = {"!usr/bin/node": make_elf(), "etc/own.conf": "jobs = /srv/jobs.json\n", "srv/jobs.json": text}
    runtime = Runtime(cmd=["/usr/local/bin/own"], env=["PATH=/usr/bin:/usr/local/bin"])
    gaps = analyse(SmallTree({**OWN, **files}), runtime, ()).explored.gaps
    assert any("without a script" in gap.message for gap in gaps) is has_gap


@pytest.mark.parametrize(
    ("code", "has_gap"),
    [
        ("build({ platform: 'node', target: 'node' })", False),
        ("export default { test: { environment: 'node' } }", False),
        ("run({ command: 'node' })", True),
        ("run('node')", True),
    ],
)
def test_for_what_code_is_built_is_no_program(code, has_gap):
    """As esbuild's settings, which stay in many an image."""
    files = {"!usr/bin/node": make_elf(), "etc/own.conf": "jobs = /srv/jobs.mjs\n", "srv/jobs.mjs": code}
    runtime = Runtime(cmd=["/usr/local/bin/own"], env=["PATH=/usr/bin:/usr/local/bin"])
    gaps = analyse(SmallTree({**OWN, **files}), runtime, ()).explored.gaps
    assert any("without a script" in gap.message for gap in gaps) is has_gap


@pytest.mark.parametrize(
    ("text", "has_gap"),
    [('{"jest": {"testEnvironment": "node"}}', False), ('{"jest": {"runner": "node"}}', True)],
)
def test_the_environment_of_jests_tests_is_no_program(text, has_gap):
    files = {"!usr/bin/node": make_elf(), "etc/own.conf": "read = /srv/package.json\n", "srv/package.json": text}
    runtime = Runtime(cmd=["/usr/local/bin/own"], env=["PATH=/usr/bin:/usr/local/bin"])
    gaps = analyse(SmallTree({**OWN, **files}), runtime, ()).explored.gaps
    assert any("without a script" in gap.message for gap in gaps) is has_gap


@pytest.mark.parametrize(
    ("name", "text", "has_gap"),
    [
        ("package.json", '{"scripts": {"docs": "node dist/documents.js"}}', False),
        ("package.json", '{"scripts": {"docs": "node --test"}}', False),
        ("jobs.yaml", "docs: node dist/documents.js\n", True),
    ],
)
def test_a_script_of_a_manifest_that_is_not_in_the_image_is_no_gap(name, text, has_gap):
    files = {"!usr/bin/node": make_elf(), "etc/own.conf": f"jobs = /srv/{name}\n", f"srv/{name}": text}
    runtime = Runtime(cmd=["/usr/local/bin/own"], env=["PATH=/usr/bin:/usr/local/bin"])
    gaps = analyse(SmallTree({**OWN, **files}), runtime, ()).explored.gaps
    assert any("usr/bin/node" in gap.message for gap in gaps) is has_gap


def test_what_is_no_string_in_json_names_no_program():
    """Where `true` did, the flows of Node-RED started it 200 times, and no more could be followed."""
    named = {"etc/own.conf": "jobs = /srv/jobs.json\n", "!usr/bin/true": "#!/bin/sh\nexec memcached\n"}
    runtime = Runtime(cmd=["/usr/local/bin/own"], env=["PATH=/usr/bin:/usr/local/bin"])
    found = states({**TREE, **OWN, **named, "srv/jobs.json": '{"on": true, "off": [true]}'}, runtime)
    assert found["libevent"].in_use is InUse.NO
    found = states({**TREE, **OWN, **named, "srv/jobs.json": '{"on": "true"}'}, runtime)
    assert found["libevent"].in_use is InUse.UNKNOWN


@pytest.mark.parametrize(
    ("code", "is_followed"),
    [
        ("fail('please start memcached and try it again')\n", False),
        ("fail('memcached is not there')\n", True),
        ("fail('it is at /usr/bin/memcached now')\n", True),
        ("run('cd /srv && exec memcached')\n", True),
        ("run('nice memcached -u root')\n", True),
        ("run('nice memcached -P the')\n", True),
        ("x = [1 ] # memcached\n", False),
        ("fail('it is gone (run `memcached -p` to see that)')\n", False),
        ("fail(`it is gone (run \\\\`memcached -p\\\\` to see that)`)\n", False),
        ("fail('`memcached -p` is what it takes')\n", True),
        ("run('sh -c `memcached -p`')\n", True),
    ],
)
def test_a_sentence_in_own_code_names_a_program_by_its_first_word_and_by_paths(code, is_followed):
    """What the program needs is not unused either way, as its name stands there."""
    found = states({**TREE, **OWN, "srv/job.py": code}, Runtime(cmd=["/usr/local/bin/own"]))
    assert found["libevent"].doubt is (Doubt.POSSIBLE if is_followed else Doubt.NAMED)


def test_code_in_a_page_may_start_a_program():
    files = {"etc/own.conf": "shown = /srv/index.html\n", "srv/index.html": '<!--#exec cmd="memcached" -->\n'}
    found = states({**TREE, **OWN, **files}, Runtime(cmd=["/usr/local/bin/own"], env=["PATH=/usr/bin:/usr/local/bin"]))
    assert found["libevent"].in_use is InUse.UNKNOWN


def test_a_folder_of_programs_that_is_on_no_search_path_may_be_run_as_a_whole():
    files = {"etc/own.conf": "hooks = /srv/hooks\n", "!srv/hooks/serve": "#!/bin/sh\nexec memcached\n"}
    found = states({**TREE, **OWN, **files}, Runtime(cmd=["/usr/local/bin/own"], env=["PATH=/usr/bin:/usr/local/bin"]))
    assert found["libevent"].in_use is InUse.UNKNOWN


def test_a_script_of_a_manifest_is_not_given_the_words_of_the_next():
    manifest = '{"scripts": {"build": "tidy out && memcached"}, "devDependencies": {"tidy": "1"}}'
    tree = {**TREE, **OWN, "etc/own.conf": "read = /srv/package.json\n", "srv/package.json": manifest}
    tree["!usr/bin/tidy"] = "#!/usr/bin/python3\nfrom tidy import main\nmain()\n"
    runtime = Runtime(cmd=["/usr/local/bin/own"], env=["PATH=/usr/bin:/usr/local/bin"])
    assert [states(tree, runtime)[name].in_use for name in (*SERVER, "idle")] == [InUse.UNKNOWN] * 3 + [InUse.NO]
    tree["srv/package.json"] = manifest.replace(" &&", "")
    assert states(tree, runtime)["idle"].in_use is InUse.UNKNOWN


@pytest.mark.parametrize(
    ("script", "is_followed"),
    [
        ("tsx memcached src/server.ts", False),
        ("NODE_ENV=test tsx memcached", False),
        ("exec memcached", True),
        ("tsx x; memcached", True),
        ("own memcached", True),
        ('"tsx" memcached', True),
    ],
)
def test_a_script_of_a_manifest_whose_program_is_nowhere_starts_nothing(script, is_followed):
    manifest = f'{{"scripts": {{"dev": {json.dumps(script)}}}}}'
    tree = {**TREE, **OWN, "etc/own.conf": "read = /srv/package.json\n", "srv/package.json": manifest}
    runtime = Runtime(cmd=["/usr/local/bin/own"], env=["PATH=/usr/bin:/usr/local/bin"])
    packages = read_installed(SmallTree(tree)).packages
    possible = analyse(SmallTree(tree), runtime, packages).explored.possible
    assert ("usr/bin/memcached" in possible) is is_followed
    possible = analyse(SmallTree({**tree, ".pnp.cjs": ""}), runtime, packages).explored.possible
    assert "usr/bin/memcached" in possible


@pytest.mark.parametrize(
    ("code", "has_gap"), [("x=`${1}node` const y=`${2}`;", True), ("a=[`];k=['node']];const b=`];", False)]
)
def test_code_between_two_strings_is_no_script_of_an_interpreter(code, has_gap):
    files = {"!usr/bin/node": make_elf(), "etc/own.conf": "job = /srv/job.js\n", "srv/job.js": code}
    runtime = Runtime(cmd=["/usr/local/bin/own"], env=["PATH=/usr/bin:/usr/local/bin"])
    gaps = analyse(SmallTree({**OWN, **files}), runtime, ()).explored.gaps
    assert any("script" in gap.message for gap in gaps) is has_gap


@pytest.mark.parametrize(
    ("fields", "server"),
    [
        ('"exports": {".": {"memcached": "./index.js", "default": ["./memcached.js"]}}', InUse.NO),
        ('"imports": {"#a": {"memcached": "./index.js"}}, "engines": {"memcached": "1"}', InUse.NO),
        ('"main": "index.js", "description": "memcached"', InUse.UNKNOWN),
        ('"tool": {"exec": "memcached -v"}', InUse.UNKNOWN),
        ('"memcached": {"port": 1}', InUse.UNKNOWN),
    ],
)
def test_the_conditions_of_a_manifest_are_names_of_no_programs(fields, server):
    manifest = {"etc/own.conf": "read = /srv/package.json\n", "srv/package.json": f"{{{fields}}}"}
    runtime = Runtime(cmd=["/usr/local/bin/own"], env=["PATH=/usr/bin:/usr/local/bin"])
    assert states({**TREE, **OWN, **manifest}, runtime)["memcached"].in_use is server


@pytest.mark.parametrize("path", ["etc/jobs.d/backup.yaml", "etc/jobs.d/more/backup.ini"])
@pytest.mark.parametrize(
    "command", [["/usr/bin/launch", "-c", "/etc/jobs.d"], ["/usr/bin/launch", "--jobs=/etc/jobs.d"]]
)
def test_settings_in_a_folder_that_a_program_is_given_may_be_read(path, command):
    tree = {**TREE, "!usr/bin/launch": make_elf(needed=["libc.so.6"]), path: "command: memcached -u root\n"}
    found = states(tree, Runtime(cmd=command, env=["PATH=/usr/bin"]))
    assert [found[name].in_use for name in (*SERVER, "idle")] == [InUse.UNKNOWN] * 3 + [InUse.NO]


@pytest.mark.parametrize(
    "text", ["check: tidy\nserve: memcached\n", "check = tidy\nserve=memcached\n", "tidy\n[memcached]\n"]
)
def test_a_setting_is_not_given_the_words_of_the_next(text):
    tree = {**TREE, **OWN, "etc/own.conf": text, "!usr/bin/tidy": "#!/usr/bin/python3\nfrom tidy import main\nmain()\n"}
    runtime = Runtime(cmd=["/usr/local/bin/own"], env=["PATH=/usr/bin:/usr/local/bin"])
    assert [states(tree, runtime)[name].in_use for name in (*SERVER, "idle")] == [InUse.UNKNOWN] * 3 + [InUse.NO]
    tree["etc/own.conf"] = "check: [tidy,\n  memcached]\n"
    assert states(tree, runtime)["idle"].in_use is InUse.UNKNOWN


@pytest.mark.parametrize(
    "code",
    [
        {"!usr/bin/launch": make_elf(needed=["libc.so.6"], strings=["Services"])},
        {
            "!usr/bin/launch": "#!/usr/bin/python3\nfrom launch import main\nmain()\n",
            "usr/lib/python3/dist-packages/launch.py": "def main(): read(open('Services'))\n",
        },
    ],
)
@pytest.mark.parametrize(("name", "server"), [("Services", InUse.UNKNOWN), ("Other", InUse.NO)])
def test_a_file_in_the_working_folder_may_be_read_by_code_that_states_its_name(code, name, server):
    tree = {**TREE, **code, f"srv/shop/{name}": "cache: memcached -u root\n"}
    found = states(tree, Runtime(cmd=["launch"], working_dir="/srv/shop", env=["PATH=/usr/bin:/bin"]))
    assert [found[one].in_use for one in SERVER] == [server] * 3


def test_a_call_that_only_a_run_decides_is_a_gap_in_an_imported_module():
    files = {"srv/app.py": "import jobs\n", "srv/jobs.py": "import os, db\nos.system(db.next())\n"}
    found = states({**TREE, **files}, Runtime(cmd=["python3", "/srv/app.py"]))
    assert found["idle"].evidence == ("srv/jobs.py:2 starts a program that is known only at run time",)


def test_a_file_that_names_very_much_is_a_gap():
    names = {f"!usr/bin/tool{number}": make_elf() for number in range(1_100)}
    text = "\n".join(name.removeprefix("!usr/bin/") for name in names)
    found = states({**TREE, **OWN, **names, "etc/own.conf": text}, Runtime(cmd=["/usr/local/bin/own"]))
    assert found["idle"].in_use is InUse.UNKNOWN
    assert found["idle"].evidence[0].startswith("more than 300 programs may be started")


def test_what_many_files_name_counts_once():
    """The parts of a bundle name each other, and the same programs."""
    names = {f"!usr/bin/tool{number}": make_elf() for number in range(30)}
    text = "\n".join(name.removeprefix("!usr/bin/") for name in names)
    parts = {f"srv/part{number}.conf": text for number in range(40)}
    tree = {**TREE, **names, **parts, "srv/app.py": f"x = {sorted(parts)!r}"}
    found = states(tree, Runtime(cmd=["python3", "/srv/app.py"]))
    assert "name more than" not in found["idle"].evidence[0]


@pytest.mark.parametrize(("word", "in_use"), [("../lib", InUse.NO), ("../idle", InUse.UNKNOWN)])
def test_a_folder_that_is_named_may_be_read_but_for_one_of_all_programs(word, in_use):
    """`../lib` from a source is the application's, though from the working folder it is the system's."""
    files = {
        **TREE,
        "lib": "-> usr/lib",
        "usr/lib/idle.conf": "x",
        "idle/idle.conf": "-> ../usr/lib/idle.conf",
        "var/lib/dpkg/info/idle.list": "/usr/bin/idle\n/usr/lib/idle.conf\n",
        "srv/app.py": f"x = {word!r}\n",
    }
    assert states(files, Runtime(cmd=["python3", "/srv/app.py"], working_dir="/srv"))["idle"].in_use is in_use


def test_an_image_that_starts_nothing_names_nothing():
    assert OwnTexts({}, None, None)._programs == frozenset()


OTHERS = (
    "-c",
    "-u",
    "root",
    "--",
    "-x",
    "5",
    "A=b",
    "{",
    "}",
    "$X",
    "exec $1",
    "/srv",
    "start.sh",
    "-e",
    "",
    "/etc/own.conf",
)
WORDS = st.sampled_from((*PROGRAMS.split(), *OF_EXECLINE.split(), *OTHERS))
TAKES_A_COMMAND = st.sampled_from(
    [
        "/usr/local/bin/start",
        "/usr/local/bin/start-static",
        "env",
        "nice",
        "timeout",
        "tini",
        "chpst",
        "setpriv",
        "script",
    ]
)
STARTS = st.lists(WORDS, max_size=4)
VARIABLES = st.dictionaries(st.sampled_from(["X", "TOOL", "BASH_ENV", "PYTHONPATH"]), WORDS, max_size=2)


def started(words, variables):
    tree = {**TREE, **OWN, "!srv/start.sh": '#!/bin/sh\nexec "$@"\n', "etc/own.conf": "level = 1\n"}
    stated = {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/lib/execline/bin", **variables}
    environment = [f"{name}={value}" for name, value in stated.items()]
    return states(tree, Runtime(entrypoint=list(words), env=environment, working_dir="/"))


@settings(max_examples=100)
@example(first="/usr/local/bin/start", before=["run-parts"], variables={}, behind=[])
@given(first=TAKES_A_COMMAND, before=STARTS, variables=VARIABLES, behind=STARTS)
def test_whatever_stands_around_a_server_makes_it_not_unused(first, before, variables, behind):
    """What takes a command may end its options at any word: the server may be unknown, never `no`."""
    found = started((first, *before, "memcached", *behind), variables)
    assert [name for name in SERVER if found[name].in_use is InUse.NO] == []


@settings(max_examples=50)
@given(
    variables=VARIABLES,
    place=st.sampled_from(["TOOL", "COMMAND"]),
    text=st.sampled_from(["{}", "sleep 1 && {} -V", "nice {}"]),
)
def test_a_variable_that_names_a_server_makes_it_not_unused(variables, place, text):
    found = started(("/usr/local/bin/start",), {**variables, place: text.format("memcached")})
    assert [name for name in SERVER if found[name].in_use is InUse.NO] == []


@settings(max_examples=80)
@given(before=STARTS, variables=VARIABLES)
def test_an_unknown_program_in_front_turns_no_unknown_into_no(before, variables):
    plain = started((*before, "memcached"), variables)
    behind = started(("/usr/local/bin/start", *before, "memcached"), variables)
    turned = [name for name in plain if plain[name].in_use is InUse.UNKNOWN and behind[name].in_use is InUse.NO]
    assert turned == []


@pytest.mark.parametrize("shell", ["tclsh", "wish"])
def test_a_script_whose_interpreter_only_ends_like_a_shell_is_not_followed_as_one(shell):
    files = {"!usr/bin/wish": TREE["!usr/bin/tclsh"], "!srv/job": f"#!/usr/bin/{shell}\nopen {{|memcached -V}}\n"}
    found = states({**TREE, **files}, Runtime(cmd=["/srv/job"], env=["PATH=/usr/bin"]))
    assert [found[name].in_use for name in (*SERVER, "idle")] == [InUse.UNKNOWN] * 3 + [InUse.NO]


SITE = "usr/local/lib/python3.13/site-packages"
INSTALLED = {
    f"{SITE}/shop-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: shop\nVersion: 1\n",
    f"{SITE}/shop-1.dist-info/RECORD": "shop.py,,\nshop-1.dist-info/METADATA,,\n",
    "!usr/bin/node": make_elf(needed=["libc.so.6"], calls="execvp"),
}


@pytest.mark.parametrize(
    ("path", "content", "command"),
    [
        (f"{SITE}/shop.py", "import subprocess\nsubprocess.run(['start-own'])\n", "python3 -m shop"),
        (f"{SITE}/shop.py", "import subprocess\nsubprocess.run('/opt/own/job.sh')\n", "python3 -m shop"),
        (f"{SITE}/shop.py", "import os\nos.system(read(Path('/etc') / 'own' / 'job.yaml'))\n", "python3 -m shop"),
        ("srv/node_modules/shop/index.js", "require('child_process').spawn('start-own')\n", "node -r shop"),
        ("usr/bin/served", make_elf(needed=["libc.so.6"], calls="execvp", strings=["start-own"]), "served"),
        (
            "srv/shop.jar",
            archive({"A.class": java_class(["java/lang/ProcessBuilder"], ["start-own"])}),
            "java -jar /srv/shop.jar",
        ),
    ],
)
def test_the_image_s_own_files_that_code_of_packages_names_are_followed(path, content, command):
    tree = {
        **TREE,
        **INSTALLED,
        f"!{path}" if path.startswith("usr/bin") else path: content,
        "srv/node_modules/shop/package.json": '{"name": "shop", "version": "1"}',
        "!usr/bin/java": make_elf(needed=["libc.so.6"], calls="execvp"),
        "!usr/local/bin/start-own": "#!/bin/sh\nexec memcached\n",
        "!opt/own/job.sh": "#!/bin/sh\nexec memcached\n",
        "etc/own/job.yaml": "run: memcached\n",
        "var/lib/dpkg/status": TREE["var/lib/dpkg/status"] + deb("served") + deb("java"),
        "var/lib/dpkg/info/served.list": "/usr/bin/served\n",
        "var/lib/dpkg/info/java.list": "/usr/bin/java\n",
    }
    found = states(tree, Runtime(cmd=command.split(), working_dir="/srv"))
    assert found["memcached"].in_use is InUse.UNKNOWN
    assert found["idle"].in_use is InUse.NO
