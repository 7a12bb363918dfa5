"""Whether an image's start reaches vulnerable functions: asked after the scan, kept from run to run."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from gate.images import functions
from gate.images.functions import FunctionsAsked, functions_of_image, with_image_functions
from gate.images.limits import Limits
from gate.images.package_list import ListOptions
from gate.images.reference import parse_image
from gate.images.scan import ImageOptions, scan_image
from gate.model import Finding, InUse, Location, Package, Severity, StageError, Vulnerability
from gate.reachability.functions.answer import ReachAnswer
from gate.reachability.functions.image_start import VulnerablePackage
from tests.reachability.functions.class_files import archive, class_file

LIMITS = Limits(1 << 30, 10_000)
SITE = "usr/lib/python3.13/site-packages"
BURN = VulnerablePackage(f"{SITE}/toast-1.dist-info/METADATA", ("toast:burn",), "PyPI", "toast", "1")
FINDING = Finding(
    stage="image",
    rule="CVE-2026-1",
    severity=Severity.HIGH,
    title="",
    message="",
    fingerprint="0" * 32,
    location=Location(target="image"),
    package=Package(name="toast", version="1", ecosystem="PyPI", purl="", path=BURN.path),
    vulnerability=Vulnerability(id="CVE-2026-1", symbols=BURN.symbols),
    in_use=InUse.YES,
)


@pytest.fixture
def asks(make: Any, tmp_path: Path) -> Any:
    """Return a function that asks an image which calls `toast.burn`, with the cache of earlier calls."""
    files = {
        "usr/bin/python3.13": b"",
        "usr/lib/python3.13/os.py": b"",
        "app/main.py": b"import toast\ntoast.burn()\n",
        f"{SITE}/toast.py": b"def burn(): pass\n",
        BURN.path: b"Name: toast\nVersion: 1\n",
    }
    layer = make.layer(*(make.file(path, content, mode=0o755) for path, content in files.items()))
    start = {"Cmd": ["/usr/bin/python3.13", "/app/main.py"]}
    make.archive(tmp_path / "app.tar", make.docker_files([layer], config=start))
    target = parse_image("archive:app.tar", str(tmp_path))
    memory = str(tmp_path / "memory")

    def ask(*, scans: bool = False) -> tuple[ReachAnswer, ...]:
        if scans:
            scan_image(target, ImageOptions(LIMITS, memory_folder=memory))
        return functions_of_image(target, FunctionsAsked((BURN,), ListOptions(LIMITS), memory_folder=memory))

    return ask


def test_calls_are_searched_from_what_the_image_starts(asks: Any) -> None:
    (found,) = asks()
    assert found.state is InUse.YES
    assert found.evidence == (
        "entrypoint",
        "usr/bin/python3.13 runs",
        "app/main.py:2 calls burn",
    )


def test_the_start_is_followed_once_for_packages_and_functions(asks: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first = asks(scans=True)
    monkeypatch.setattr("gate.reachability.runtimes.analyse.analyse", None)
    assert asks() == first


def test_what_is_known_is_not_searched_again(asks: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first = asks()
    monkeypatch.setattr(functions, "_SEARCHES", {})
    assert asks() == first


def test_only_packages_that_may_be_used_are_searched() -> None:
    unused = msgspec.structs.replace(FINDING, fingerprint="1" * 32, in_use=InUse.NO, in_use_evidence=("not opened",))
    other = msgspec.structs.replace(FINDING, fingerprint="2" * 32, vulnerability=Vulnerability(id="CVE-2026-1"))
    asked: list[tuple[VulnerablePackage, ...]] = []

    def search(packages: tuple[VulnerablePackage, ...]) -> list[ReachAnswer]:
        asked.append(packages)
        return [ReachAnswer(InUse.YES, ("main.py:1 calls burn",))]

    found = with_image_functions([FINDING, unused, other], search)
    assert [each.reachable_function for each in found] == [InUse.YES, InUse.NO, None]
    assert found[1].reachable_function_evidence == ("not opened",)
    assert asked == [(BURN,)]
    assert with_image_functions([unused], lambda _: pytest.fail("nothing is asked"))[0].reachable_function is InUse.NO


def test_a_search_that_ends_with_an_error_is_unknown() -> None:
    (found,) = with_image_functions([FINDING], lambda _: StageError(title="app.tar", message="took too long"))
    assert found.reachable_function is InUse.UNKNOWN
    assert found.reachable_function_evidence == ("the search was not complete: app.tar: took too long",)


def test_each_ecosystem_is_searched_by_its_own_reader(make: Any, tmp_path: Path) -> None:
    calls = class_file("shop/App", calls=[("org/toast/Oven", "burn")])
    oven = archive({"org/toast/Oven.class": class_file("org/toast/Oven", methods=("burn", "bake"))})
    files = {
        "usr/bin/java": b"",
        "app/shop.jar": archive({"BOOT-INF/classes/shop/App.class": calls, "BOOT-INF/lib/toast-1.0.jar": oven}),
        "app/node_modules/toast/package.json": b'{"name": "toast", "version": "1.0.0"}',
    }
    layer = make.layer(*(make.file(path, content, mode=0o755) for path, content in files.items()))
    start = {"Cmd": ["/usr/bin/java", "-jar", "/app/shop.jar"]}
    make.archive(tmp_path / "app.tar", make.docker_files([layer], config=start))
    asked = (
        VulnerablePackage("app/shop.jar", ("org.toast.Oven:burn",), "Maven", "org.toast:toast", "1.0"),
        VulnerablePackage("app/shop.jar", ("org.toast.Oven:bake",), "Maven", "org.toast:toast", "1.0"),
        VulnerablePackage("app/node_modules/toast/package.json", ("toast:burn",), "npm", "toast", "1.0.0"),
    )
    target = parse_image("archive:app.tar", str(tmp_path))
    found = functions_of_image(target, FunctionsAsked(asked, ListOptions(LIMITS)))
    assert [answer.state for answer in found[:2]] == [InUse.YES, InUse.NO]
    assert found[0].evidence[-1] == "app/shop.jar!BOOT-INF/classes/shop/App.class calls org.toast.Oven.burn"
    assert found[2].state in (InUse.NO, InUse.UNKNOWN)
