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


@pytest.mark.parametrize("release", ["ID=kali\n", "ID=debian\nVERSION_ID=12\n"])
def test_an_empty_database_is_an_error_in_every_distribution(installed, release) -> None:
    (message,) = messages(installed({"var/lib/dpkg/status": "\n"}, os_release=release))
    assert message.endswith("is empty")


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
    assert [package.name for package in found.packages] == ["a", "jinja2"]


LIBC = "\x7fELF" + "GNU C Library (Debian) stable release version 2.36" + "x" * 100


@pytest.mark.parametrize("stem", ["libc6", "bGliYzY="])
def test_the_sums_of_distroless_images_say_which_programs_packages_own(installed, stem: str) -> None:
    path = "usr/lib/x86_64-linux-gnu/libc.so.6"
    own = "opt/lib/libc.so.6"
    files = {
        f"var/lib/dpkg/status.d/{stem}": "Package: libc6\nSource: glibc\nVersion: 2.36-9\n",
        f"var/lib/dpkg/status.d/{stem}.md5sums": f"{md5(LIBC)}  {path}\n{md5('another')}  {own}\n",
        path: LIBC,
        own: LIBC,
    }
    found = installed(files)
    assert [(package.name, package.path) for package in found.packages] == [
        ("glibc", own),
        ("glibc", f"var/lib/dpkg/status.d/{stem}"),
    ]


def test_sums_without_a_description_of_their_package_own_nothing(installed) -> None:
    path = "usr/lib/libc.so.6"
    files = {
        "var/lib/dpkg/status.d/base": "Package: base-files\nVersion: 12\n",
        "var/lib/dpkg/status.d/libc6.md5sums": f"{md5(LIBC)}  {path}\n",
        path: LIBC,
    }
    assert {package.name for package in installed(files).packages} == {"base-files", "glibc"}


FEDORA = 'NAME="Fedora Linux"\nID=fedora\nVERSION_ID=41\n'


@pytest.mark.parametrize("name", ["fedora", "amzn", "ol", "centos", "arch", "unheard-of"])
def test_packages_of_a_distribution_that_nothing_judges_are_listed(installed, name: str) -> None:
    status = "Package: libssl3\nSource: openssl (3.1)\nVersion: 3.1+b1\nArchitecture: arm64\n"
    found = installed({"var/lib/dpkg/status": status}, os_release=f"ID={name}\nVERSION_ID=9\n")
    (package,) = found.packages
    assert package.ecosystem == f"other distributions:{name}-9"
    assert [(one.name, one.version, one.purl) for one in package.binaries] == [
        ("libssl3", "3.1+b1", f"pkg:deb/{name}/libssl3@3.1%2Bb1?arch=arm64&distro={name}-9&upstream=openssl%403.1")
    ]
    assert (found.errors, found.has_database) == ((), True)


def test_programs_of_a_package_that_nothing_judges_are_not_listed_twice(installed) -> None:
    files = {
        "var/lib/dpkg/status": "Package: libc6\nSource: glibc\nVersion: 2.36-9\n",
        "var/lib/dpkg/info/libc6.list": "/usr/lib/libc.so.6\n",
        "var/lib/dpkg/info/libc6.md5sums": f"{md5(LIBC)}  usr/lib/libc.so.6\n",
        "usr/lib/libc.so.6": LIBC,
    }
    assert [package.path for package in installed(files, os_release=FEDORA).packages] == ["var/lib/dpkg/status"]
