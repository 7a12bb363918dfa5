"""Distribution, databases and packages together: what does not fit is an error, never silence."""

import hashlib

import pytest

STATUS = {"var/lib/dpkg/status": "Package: a\nVersion: 1\n"}


def messages(installed) -> list[str]:  # type: ignore[no-untyped-def]
    return [error.message for error in installed.errors]


def test_database_without_os_release(installed) -> None:
    found = installed(STATUS, os_release=None)
    assert messages(found) == ["distribution cannot be identified"]
    assert found.packages == ()


def test_distribution_without_advisories(installed) -> None:
    found = installed(STATUS, os_release="ID=kali\nPRETTY_NAME='Kali'\n")
    assert messages(found) == ["there are no advisories for 'Kali'"]


@pytest.mark.parametrize(("files", "word"), [({"etc/passwd": ""}, "missing"), ({"var/lib/dpkg/status": "\n"}, "empty")])
def test_distribution_without_its_packages(installed, files, word) -> None:
    (message,) = messages(installed(files))
    assert message == f"package database of 'Debian GNU/Linux 12 (bookworm)' is {word}"


def test_what_nobody_can_read_yet_is_an_error(installed) -> None:
    found = installed({"var/lib/pacman/local/ALPM_DB_VERSION": "9"}, os_release="ID=arch\n")
    assert messages(found) == ["pacman database cannot be read yet"]


def test_one_broken_file_does_not_hide_the_others(installed) -> None:
    files = {**STATUS, "x.dist-info/METADATA": "", "node_modules/b/package.json": '{"name": "b", "version": "2"}'}
    found = installed(files)
    assert [package.name for package in found.packages] == ["b", "a"]
    assert len(found.errors) == 1


def test_what_does_not_say_what_it_is_is_counted(installed, archive) -> None:
    found = installed({**STATUS, "app/a.jar": archive({"A.class": ""}), "app/b.war": archive({})})
    assert found.unread == ("2 Java archives that do not say what they are",)


def test_an_empty_tree_has_nothing_and_no_doubts(installed) -> None:
    found = installed({"bin/app": b"\x7fELF"}, os_release=None)
    assert (found.packages, found.errors, found.distribution) == ((), (), None)


def test_the_same_twice(installed) -> None:
    files = {**STATUS, "b.dist-info/METADATA": "Name: b\nVersion: 1\n", "a.dist-info/METADATA": "Name: a\nVersion: 1\n"}
    assert installed(files) == installed(files)


JINJA = "Name: Jinja2\nVersion: 2.10\n"


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def test_what_debian_owns_is_judged_as_debians(installed) -> None:
    path = "usr/lib/python3/Jinja2-2.10.dist-info/METADATA"
    files = {
        "var/lib/dpkg/status": "Package: python3-jinja2\nSource: jinja2\nVersion: 2.10-1+deb12u9\n",
        "var/lib/dpkg/info/python3-jinja2:amd64.list": "/.\n/usr\n/lib/python3/Jinja2-2.10.dist-info/METADATA\n",
        "var/lib/dpkg/info/python3-jinja2:amd64.md5sums": f"{md5(JINJA)}  {path}\n",
        "var/lib/dpkg/info/removed.list": "/opt/Jinja2-2.10.dist-info/METADATA\n",
        path: JINJA,
        "opt/Jinja2-2.10.dist-info/METADATA": JINJA,
    }
    found = installed(files, {"lib": "usr/lib"})
    assert [(package.ecosystem, package.path) for package in found.packages] == [
        ("PyPI", "opt/Jinja2-2.10.dist-info/METADATA"),
        ("Debian:12", "var/lib/dpkg/status"),
    ]
    assert found.owned == 1


@pytest.mark.parametrize(
    ("path", "sum"),
    [
        ("usr/lib/python3/Jinja2-2.10.dist-info/METADATA", ""),
        (
            "usr/lib/python3/Jinja2-2.10.dist-info/METADATA",
            f"{md5('another')}  usr/lib/python3/Jinja2-2.10.dist-info/METADATA\n",
        ),
        ("app/Jinja2-2.10.dist-info/METADATA", f"{md5(JINJA)}  app/Jinja2-2.10.dist-info/METADATA\n"),
        (
            "usr/local/lib/Jinja2-2.10.dist-info/METADATA",
            f"{md5(JINJA)}  usr/local/lib/Jinja2-2.10.dist-info/METADATA\n",
        ),
    ],
)
def test_a_list_hides_nothing_whose_sum_it_does_not_state_or_that_no_distribution_installs(
    installed, path: str, sum: str
) -> None:
    files = {
        "var/lib/dpkg/status": "Package: harmless\nVersion: 1\n",
        "var/lib/dpkg/info/harmless.list": f"/{path}\n",
        "var/lib/dpkg/info/harmless.md5sums": sum,
        path: JINJA,
    }
    found = installed(files)
    assert ("PyPI", path) in [(package.ecosystem, package.path) for package in found.packages]
    assert found.owned == 0


def test_what_alpine_owns_is_judged_as_alpines(installed) -> None:
    database = "P:py3-jinja2\nV:3.1.2-r0\no:py3-jinja2\nF:usr/lib/Jinja2-2.10.dist-info\nR:METADATA\n"
    files = {"lib/apk/db/installed": database, "usr/lib/Jinja2-2.10.dist-info/METADATA": JINJA}
    found = installed(files, os_release="ID=alpine\nVERSION_ID=3.19.1\n")
    assert [package.ecosystem for package in found.packages] == ["Alpine:v3.19"]


def test_nothing_is_left_to_a_distribution_that_is_not_judged(installed) -> None:
    files = {
        **STATUS,
        "var/lib/dpkg/info/a.list": "/x.dist-info/METADATA\n",
        "x.dist-info/METADATA": JINJA,
    }
    found = installed(files, os_release="ID=kali\n")
    assert [package.name for package in found.packages] == ["jinja2"]
