"""Folders that own code lists: the distribution's files in them may be opened."""

import pytest

from gate.model import InUse
from gate.model.container import Runtime
from gate.reachability.runtimes.named.listed_folders import ListedFolders
from gate.reachability.runtimes.packages.owners import Owned
from tests.reachability.runtimes.test_launcher_forms import TREE
from tests.reachability.runtimes.test_states import deb, states

WGET = {
    "etc/wgetrc": "timestamping = on\n",
    "var/lib/dpkg/info/wget.list": "/etc/wgetrc\n/usr/bin/wget\n",
    "var/lib/dpkg/status": f"{TREE['var/lib/dpkg/status']}{deb('wget')}",
    "!usr/bin/wget": TREE["!usr/bin/idle"],
}


def in_use(files, command):
    return states({**TREE, **WGET, **files}, Runtime(cmd=command, working_dir="/srv"))["wget"].in_use


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("x.py", "for path in Path('/etc').iterdir():\n    path.read_text()\n"),
        ("x.py", "for name in os.listdir('/etc/'):\n    open('/etc/' + name)\n"),
        ("x.py", "for path in glob.glob(os.path.join('/etc', 'w*')):\n    open(path)\n"),
        ("x.py", "shutil.copytree('/etc', '/tmp/etc')\n"),
        ("x.py", "for folder, _, names in os.walk('/'):\n    open(folder)\n"),
        ("x.py", "folder = os.environ.get('FOLDER', '/etc')\nos.listdir(folder)\n"),
        ("x.js", "for (const name of fs.readdirSync('/etc')) fs.readFileSync(`/etc/${name}`)\n"),
        ("x.pl", "for my $file (</etc/wget*>) { open(my $in, '<', $file); }\n"),
        ("x.pl", "find(sub { open(my $in, '<', $_) }, '/etc'); use File::Find;\n"),
        ("x.rb", "Dir[File.join('/etc', '*rc')].each { |path| File.read(path) }\n"),
        ("x.php", "<?php foreach (scandir('/etc') as $name) file_get_contents(\"/etc/$name\");\n"),
    ],
)
def test_files_of_packages_may_be_opened_by_code_that_lists_their_folder(path, code):
    program = {"py": "python3", "js": "node", "pl": "perl", "rb": "ruby", "php": "php"}[path.rpartition(".")[2]]
    tree = {f"srv/{path}": code}
    if f"usr/bin/{program}" not in TREE:
        tree[f"!usr/bin/{program}"] = TREE["!usr/bin/idle"]
    assert in_use(tree, [program, path]) is InUse.UNKNOWN
    assert in_use({**tree, f"srv/{path}": "1\n"}, [program, path]) is InUse.NO


def test_an_argument_or_a_setting_may_state_the_folder():
    code = "for name in os.listdir(folder):\n    open(name)\n"
    assert in_use({"srv/x.py": code}, ["python3", "x.py", "/etc"]) is InUse.UNKNOWN
    setting = {"srv/x.py": f"json.load(open('/srv/x.json'))\n{code}", "srv/x.json": '{"folder": "/etc"}'}
    assert in_use(setting, ["python3", "x.py"]) is InUse.UNKNOWN


def test_code_that_lists_no_folder_states_a_path():
    code = "CONFIGURATION = '/etc'\nprint(CONFIGURATION)\n"
    assert in_use({"srv/x.py": code}, ["python3", "x.py"]) is InUse.NO


def test_more_files_than_can_be_noted_are_a_gap(make_files):
    paths = [f"usr/share/{number}" for number in range(2_001)]
    listed = ListedFolders({("", "Debian:13", "x", "1"): Owned(files=paths)}, make_files(dict.fromkeys(paths, "x")))
    listed.add_code("x.py", b"os.walk(FOLDER)")
    listed.add_words("x.py", ["/usr/share"])
    *steps, gap = listed.steps()
    assert len(steps) == 2_000
    assert gap.message == "x.py may read more than 2,000 files of /usr/share"
    assert list(listed.steps()) == []
