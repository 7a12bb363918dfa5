"""os-release to OSV's ecosystem."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.inventory.installed.distribution import identify
from gate.trees import open_tree


@pytest.mark.parametrize(
    ("text", "ecosystem"),
    [
        ('ID=debian\nVERSION_ID="12"\n', "Debian:12"),
        ("ID=debian\nVERSION_ID='9.13'\n", "Debian:9"),
        ("ID=debian\nVERSION_CODENAME=forky\n", "Debian:14"),
        ("ID=debian\nVERSION_CODENAME=unheard-of\n", None),
        ('ID=ubuntu\nVERSION_ID="22.04"\nVERSION="22.04.4 LTS (Jammy Jellyfish)"\n', "Ubuntu:22.04:LTS"),
        ('ID=ubuntu\nVERSION_ID="23.10"\nVERSION="23.10 (Mantic Minotaur)"\n', "Ubuntu:23.10"),
        ("ID=alpine\nVERSION_ID=3.19.1\n", "Alpine:v3.19"),
        ("ID=alpine\nVERSION_ID=3.21.0_alpha20240923\n", None),
        ('ID="almalinux"\nVERSION_ID="9.3"\n', "AlmaLinux:9"),
        ('ID="rocky"\nVERSION_ID="8.9"\n', "Rocky Linux:8"),
        ('ID="rhel"\nVERSION_ID="9.2"\n', "Red Hat:9"),
        ("ID=azurelinux\nVERSION_ID=3.0\n", "Azure Linux:3"),
        ("ID=photon\nVERSION_ID=5.0\n", "Photon OS:5.0"),
        ("ID=mageia\nVERSION_ID=9\n", "Mageia:9"),
        ('ID="opensuse-leap"\nVERSION_ID="15.6"\n', "openSUSE:Leap 15.6"),
        ('ID="opensuse-tumbleweed"\nVERSION_ID="20240101"\n', "openSUSE:Tumbleweed"),
        ('ID="sles"\nVERSION_ID="15.5"\n', "SUSE:Linux Enterprise Server 15 SP5"),
        ('ID="openEuler"\nVERSION="24.03 (LTS-SP1)"\nVERSION_ID="24.03"\n', "openEuler:24.03-LTS-SP1"),
        ("ID=rocky\nVERSION_ID=x\n", None),
        ("# comment\n\nID=wolfi\n", "Wolfi"),
        ("ID=fedora\nVERSION_ID=40\n", None),
        ("ID=debian\nVERSION_ID=../../12\n", None),
        ("", None),
    ],
)
def test_ecosystem(make_tree, text, ecosystem) -> None:
    found = identify(open_tree(make_tree({"usr/lib/os-release": text})))
    assert found is not None
    assert found.ecosystem == ecosystem


def test_the_one_in_etc_is_meant_and_links_are_followed(make_tree, tmp_path) -> None:
    tree = make_tree({"usr/lib/os-release": "ID=debian\nVERSION_ID=11\n", "etc/x": ""})
    (tmp_path / "tree/etc/os-release").symlink_to("../usr/lib/os-release")
    assert identify(open_tree(tree)).ecosystem == "Debian:11"  # type: ignore[union-attr]


def test_none(make_tree) -> None:
    assert identify(open_tree(make_tree({"etc/passwd": ""}))) is None


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=100))
def test_any_bytes_are_some_distribution(tmp_path_factory, content: bytes) -> None:
    from gate.trees.working import WorkingTree

    folder = tmp_path_factory.mktemp("tree")
    (folder / "etc").mkdir()
    (folder / "etc/os-release").write_bytes(content)
    found = identify(WorkingTree(str(folder)))
    assert found is not None
    assert found.ecosystem is None
