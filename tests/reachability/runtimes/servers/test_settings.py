"""Settings in /etc that programs read."""

import pytest

from tests.reachability.runtimes.conftest import make_elf

TREE = {
    "!usr/sbin/server": make_elf(strings=["/etc/server", "server.conf"]),
    "etc/server/server.conf": (
        "Include mods/*.load\n# Include other/none.conf\nTypes /etc/mime.types\nHelper /usr/bin/helper\nAll *\n"
    ),
    "etc/server/mods/a.load": "LoadModule a /usr/lib/server/a.so\n",
    "etc/server/other/none.conf": "",
    "etc/mime.types": "",
    "etc/passwd": "",
    "!usr/bin/helper": "",
    "usr/lib/server/a.so": "",
}


def test_settings_lead_to_what_they_include_and_load(run):
    found = run(TREE, "server")
    assert set(found.certain) == {
        "usr/sbin/server",
        "etc/server/server.conf",
        "etc/server/mods/a.load",
        "etc/mime.types",
        "usr/lib/server/a.so",
    }
    assert found.possible.keys() - found.certain.keys() == {"usr/bin/helper", "etc/server/other/none.conf"}


def test_settings_that_are_given_as_an_argument_are_read(run):
    tree = {**TREE, "!usr/sbin/other": make_elf()}
    assert "usr/lib/server/a.so" in run(tree, "other -f /etc/server/server.conf").certain


def test_settings_that_include_themselves_come_to_an_end(run):
    tree = {**TREE, "etc/server/server.conf": "Include ../server/*.conf\n"}
    assert "etc/server/server.conf" in run(tree, "server").certain


@pytest.mark.parametrize(
    ("line", "is_started"),
    [
        ('fastcgi = ( "bin-path" => "/usr/bin/helper" )', True),
        ("url_rewrite_program /usr/bin/helper -x", True),
        ("Transport one exec /usr/bin/helper", True),
        ('destination d { program("/usr/bin/helper"); };', True),
        ("#url_rewrite_program /usr/bin/helper", False),
        ("programs /usr/bin/helper", False),
    ],
)
def test_what_a_setting_starts_is_started(run, line, is_started):
    tree = TREE | {"etc/server/server.conf": f"{line}\n"}
    assert ("usr/bin/helper" in run(tree, "server").certain) is is_started


@pytest.mark.parametrize("folder", ["usr/lib/server", "usr/lib/x86_64-linux-gnu/server", "usr/lib64/server/modules"])
def test_a_library_in_the_programs_own_folder_may_be_called_by_name_alone(run, folder):
    tree = TREE | {"etc/server/server.conf": 'modules = ("one")\n', f"{folder}/one.so": "", f"{folder}/two.so": ""}
    found = run(tree, "server")
    assert f"{folder}/one.so" in found.certain
    assert f"{folder}/two.so" not in found.certain


def test_settings_beside_those_of_a_program_call_its_libraries_by_name(run):
    tree = {"!usr/sbin/logger": make_elf(strings=["/etc/logger.conf"]), "etc/logger.conf": "include /etc/logger.d/*\n"}
    tree |= {"etc/logger.d/database.conf": 'module (load="one")\n'}
    tree |= {"usr/lib/logger/one.so": "", "usr/lib/logger/two.so": ""}
    found = run(tree, "logger")
    assert "usr/lib/logger/one.so" in found.certain
    assert "usr/lib/logger/two.so" not in found.certain


def test_a_text_for_readers_beside_settings_names_nothing(run):
    tree = TREE | {"etc/server/server.conf": "Include README.rst\n", "etc/server/README.rst": "/usr/bin/helper\n"}
    assert "usr/bin/helper" not in run(tree, "server").possible
