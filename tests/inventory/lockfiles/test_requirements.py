"""requirements.txt: what pip would install, and what cannot be judged."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.core.errors import GateError, LimitError, UnreadableError
from gate.inventory.lockfile import Locked
from gate.inventory.lockfiles.requirements import logical_lines
from gate.model import Package, Scope

Read = Callable[[dict[str, str | bytes]], Locked]


def pins(locked: Locked) -> list[tuple[str, str, int | None]]:
    return [(package.name, package.version, package.line) for package in locked.packages]


@pytest.mark.parametrize(
    ("text", "name", "version"),
    [
        ("flask==2.0.1", "flask", "2.0.1"),
        ("Flask == 2.0.1  # why", "flask", "2.0.1"),
        ("zope.Interface_x==5", "zope-interface-x", "5"),
        ("uvicorn[standard]==0.13.4", "uvicorn", "0.13.4"),
        ('pywin32==300; sys_platform == "win32"', "pywin32", "300"),
        ("a===1.0-odd", "a", "1.0-odd"),
        ("a>=1,==1.5", "a", "1.5"),
        ("a==1.0 --hash=sha256:00 --hash=sha256:11", "a", "1.0"),
        ("a==1.0 \\\n  --hash=sha256:00 \\\n  --hash=sha256:11", "a", "1.0"),
        ("a==1.0 \\\n# a comment in between\n", "a", "1.0"),
        ("\ufeffa==1.0", "a", "1.0"),
    ],
)
def test_a_pin_is_a_package(locked: Read, text: str, name: str, version: str) -> None:
    assert pins(locked({"requirements.txt": text})) == [(name, version, 1)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("flask", "requirements.txt:1: flask"),
        ("flask>=2", "requirements.txt:1: flask"),
        ("flask==2.*", "requirements.txt:1: flask"),
        ("flask @ https://packages.example/flask.whl", "requirements.txt:1: flask"),
        ("git+https://user:hunter2@packages.example/a.git", "requirements.txt:1: a file or address"),
        ("./wheels/a.whl", "requirements.txt:1: a file or address"),
        ("a.whl", "requirements.txt:1: a file or address"),
        ("-e .", "requirements.txt:1: an editable install"),
        ("-r https://packages.example/r.txt", "requirements.txt:1: a requirements file from the network"),
    ],
)
def test_what_has_no_version_is_said_and_never_dropped(locked: Read, text: str, said: str) -> None:
    found = locked({"requirements.txt": text})
    assert (found.packages, found.imprecise) == ((), (said,))


def test_options_and_comments_are_no_packages(locked: Read) -> None:
    text = "# top\n--index-url https://packages.example/simple\n-i https://packages.example\n\n   # deep\na==1\n"
    assert pins(locked({"requirements.txt": text})) == [("a", "1", 6)]


def test_lines_are_those_of_an_editor(locked: Read) -> None:
    text = "a==1 \\\n    --hash=sha256:00\nb==2\r\nc==3\n# x\x0cd==4\n"
    assert pins(locked({"requirements.txt": text})) == [("a", "1", 1), ("b", "2", 3), ("c", "3", 4), ("d", "4", 5)]


def test_included_files_are_read_and_named(locked: Read) -> None:
    found = locked(
        {
            "requirements/dev.txt": "-r base.txt\n--requirement=../other.txt\npytest==7",
            "requirements/base.txt": "flask==2",
            "other.txt": "-r requirements/dev.txt\nx==1",
        }
    )
    assert [(package.path, package.name, package.scope) for package in found.packages] == [
        ("requirements/base.txt", "flask", Scope.RUNTIME),
        ("other.txt", "x", Scope.RUNTIME),
        ("requirements/dev.txt", "pytest", Scope.DEVELOPMENT),
    ]


def test_constraints_pin_what_is_asked_for_without_a_version(locked: Read) -> None:
    found = locked({"requirements.txt": "-c pins.txt\nflask\njinja2", "pins.txt": "flask==2\nmarkupsafe==1\nclick<9"})
    assert [(package.name, package.direct) for package in found.packages] == [("flask", False), ("markupsafe", False)]
    assert found.imprecise == ("requirements.txt:3: jinja2",)


def test_notes_of_pip_compile_tell_direct_from_indirect(locked: Read) -> None:
    text = (
        "# pip-compile\nclick==8 \\\n    --hash=sha256:00\n    # via flask\nflask==2\n"
        "    # via\n    #   -r requirements.in\n    #   other\nplain==1\nown==1  # via shop (pyproject.toml)\n"
    )
    found = locked({"requirements.txt": text})
    assert {package.name: package.direct for package in found.packages} == {
        "click": False,
        "flask": True,
        "plain": True,
        "own": True,
    }


def test_notes_tell_what_brings_a_package_in(locked: Read) -> None:
    text = (
        "flask==3 \\\n    --hash=sha256:00\n    # via shop (pyproject.toml)\n"
        "jinja2==3.1\n    # via Flask\nmarkupsafe==2\n    # via\n    #   jinja2\n    #   werkzeug\n"
        "werkzeug==3  # via flask, other\nlost==1\n    # via nobody\n"
    )
    assert {package.name: package.via for package in locked({"requirements.txt": text}).packages} == {
        "flask": (),
        "jinja2": ("flask",),
        "markupsafe": ("flask", "jinja2"),
        "werkzeug": ("flask",),
        "lost": (),
    }


@pytest.mark.parametrize(
    ("files", "why", "path"),
    [
        ({"requirements.txt": b"a==1\n\xff\xfe\xfa"}, r"cannot be parsed: .*UTF-8.*\(line 2\)", "requirements.txt"),
        ({"requirements.txt": "-r ../../etc/x"}, "outside of the repository", "requirements.txt"),
        ({"requirements.txt": "-r /etc/x"}, "outside of the repository", "requirements.txt"),
        ({"requirements.txt": "a==" + "1" * 600}, "empty, too long or not printable", "requirements.txt"),
        ({"requirements.txt": "a" * 3000}, "more than 2,000 characters", "requirements.txt"),
        (
            {"requirements.txt": "-r r0.txt", **{f"r{n}.txt": f"-r r{n + 1}.txt" for n in range(30)}},
            "more than 20 files include one another",
            "r20.txt",
        ),
    ],
)
def test_a_broken_file_is_named(locked: Read, files: dict[str, str | bytes], why: str, path: str) -> None:
    with pytest.raises(UnreadableError, match=why) as caught:
        locked(files)
    assert caught.value.path == path


def test_a_huge_file_is_refused(locked: Read) -> None:
    with pytest.raises(LimitError, match="at most 16,777,216 are read"):
        locked({"requirements.txt": b"#" * (17 << 20)})


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("a==1\n???", "2: not a requirement as pip reads it"),
        ("a==1\n{{ name }}==2\n{% endif %}\n", "2: not a requirement as pip reads it (and 1 more lines)"),
        (
            "To run this you need:\n\na==1\nand a lot\nof time\n",
            "1: not a requirement as pip reads it (and 2 more lines)",
        ),
        ("a==1\n-r gone.txt", "2: it includes gone.txt, which is not there"),
        ("a==1\n-r ", "2: an include that names no file"),
        ("a==1\na; " + "(" * 900 + ")" * 900, "2: not a requirement as pip reads it"),
    ],
)
def test_what_pip_refuses_is_said_and_the_rest_is_read(locked: Read, text: str, note: str) -> None:
    found = locked({"requirements.txt": text})
    assert [(p.name, p.version) for p in found.packages] == [("a", "1")]
    assert found.unread == (f"requirements.txt:{note}",)


def test_secrets_in_addresses_stay_out_of_messages(locked: Read) -> None:
    (note,) = locked({"requirements.txt": "a @@ hunter2 !!"}).unread
    assert "hunter2" not in note


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet="abz=<>~!.1 \\\n\r\t#;-[]()@:/'\"*+\x0c", max_size=60))
def test_any_text_is_packages_notes_or_a_clear_error(locked: Read, text: str) -> None:
    try:
        found = locked({"requirements.txt": text})
    except GateError as error:
        assert "cannot be parsed" in error.message  # noqa: PT017
    else:
        said = [line for line in logical_lines(text) if not line.text.startswith("-")]
        assert len(found.packages) + len(found.imprecise) + len(found.unread) >= (1 if said else 0)
        assert all(isinstance(package, Package) and package.line for package in found.packages)
