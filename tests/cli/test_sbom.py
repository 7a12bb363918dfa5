"""`gate sbom` as scripts and people meet it."""

import hashlib
import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from gate.cli import main
from gate.model import Tree

MakeTree = Callable[[dict[str, str | bytes]], Tree]
Gate = Callable[..., tuple[int, str, str]]
LOCK = json.dumps({"lockfileVersion": 3, "packages": {"node_modules/a": {"version": "1.0.0", "license": "MIT"}}})


@pytest.fixture
def gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Gate:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1750000000")

    def run(*words: str) -> tuple[int, str, str]:
        status = main(list(words))
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


def test_cyclonedx_is_the_default_and_the_same_each_time(gate: Gate, make_tree: MakeTree) -> None:
    root = make_tree({"package-lock.json": LOCK}).root
    status, out, error = gate("sbom", root)
    assert (status, error) == (0, "")
    bill = json.loads(out)
    assert (bill["bomFormat"], bill["metadata"]["timestamp"]) == ("CycloneDX", "2025-06-15T15:06:40Z")
    assert [one["purl"] for one in bill["components"]] == ["pkg:npm/a@1.0.0"]
    assert gate("sbom", root)[1] == out


def test_spdx_to_a_file(gate: Gate, make_tree: MakeTree, tmp_path: Path) -> None:
    root = make_tree({"package-lock.json": LOCK}).root
    assert gate("sbom", root, "--format", "spdx", "--output", str(tmp_path / "bill.json")) == (0, "", "")
    assert json.loads((tmp_path / "bill.json").read_text())["spdxVersion"] == "SPDX-2.3"


def test_what_could_not_be_read_is_said_and_the_bill_is_incomplete(gate: Gate, make_tree: MakeTree) -> None:
    root = make_tree({"package-lock.json": LOCK, "web/package-lock.json": "{broken"}).root
    status, out, error = gate("sbom", root)
    assert (status, len(json.loads(out)["components"])) == (3, 1)
    assert json.loads(out)["compositions"][0]["aggregate"] == "incomplete"
    assert error.startswith("gate: web/package-lock.json: cannot be parsed")


def test_a_manifest_that_is_none_by_its_text_is_said_and_is_no_error(gate: Gate, make_tree: MakeTree) -> None:
    root = make_tree({"package-lock.json": LOCK, "requirements.txt": "Install these first, please\nflask==3.0\n"}).root
    status, out, error = gate("sbom", root)
    assert (status, len(json.loads(out)["components"])) == (0, 2)
    assert error.startswith("gate: left out of the bill: requirements.txt:1: ")


def test_the_same_bill_comes_with_a_run(gate: Gate, make_tree: MakeTree, tmp_path: Path) -> None:
    root = make_tree({"package-lock.json": LOCK}).root
    advisories = tmp_path / "advisories"
    advisories.mkdir()
    words = ("--stage", "dependencies", "--advisories", str(advisories), "--report", "cyclonedx=-")
    _, out, _ = gate("run", root, *words)
    with_run, alone = json.loads(out), json.loads(gate("sbom", root)[1])
    assert with_run["components"] == alone["components"]
    assert (
        with_run["compositions"][0]["aggregate"] == "incomplete"
    )  # there are no advisories, so the stage has an error


def write_image(place: Path, files: dict[str, bytes], **started: object) -> None:
    """Write an archive of `docker save` with one layer; `started` is what the configuration says of the start."""
    layer = tar_of(files)
    digest = hashlib.sha256(layer).hexdigest()
    layers = {"type": "layers", "diff_ids": [f"sha256:{digest}"]}
    config = {"architecture": "amd64", "os": "linux", "rootfs": layers, "config": started}
    encoded = json.dumps(config).encode()
    name = f"{hashlib.sha256(encoded).hexdigest()}.json"
    manifest = [{"Config": name, "RepoTags": ["app:1"], "Layers": ["layer.tar"]}]
    place.write_bytes(tar_of({name: encoded, "layer.tar": layer, "manifest.json": json.dumps(manifest).encode()}))


def tar_of(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o755
            archive.addfile(entry, io.BytesIO(content))
    return stream.getvalue()


def test_an_image_is_a_container_with_its_packages(gate: Gate, tmp_path: Path) -> None:
    status = b"Package: bash\nStatus: install ok installed\nArchitecture: amd64\nVersion: 5.2.15-2\n\n"
    release = b'ID=debian\nVERSION_ID="12"\n'
    write_image(tmp_path / "app.tar", {"etc/os-release": release, "var/lib/dpkg/status": status})
    ended, out, error = gate("sbom", f"archive:{tmp_path / 'app.tar'}")
    assert (ended, error) == (0, "")
    bill = json.loads(out)
    assert bill["metadata"]["component"]["type"] == "container"
    (bash,) = bill["components"]
    assert bash["purl"].startswith("pkg:deb/debian/bash@5.2.15-2")
    assert bash["evidence"]["occurrences"][0]["location"] == "var/lib/dpkg/status"


def installed(name: str, *paths: str) -> tuple[bytes, dict[str, bytes]]:
    """Return a package's paragraph in dpkg's database, and its list of files."""
    paragraph = f"Package: {name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.0\n\n".encode()
    return paragraph, {f"var/lib/dpkg/info/{name}.list": "".join(f"/{path}\n" for path in paths).encode()}


def write_shop(place: Path, **started: object) -> None:
    """Write an image with a script that runs `shop`, and a package that is not used."""
    shop, shop_list = installed("shop", "usr/bin/shop")
    idle, idle_list = installed("idle", "usr/bin/idle")
    files = {
        "etc/os-release": b'ID=debian\nVERSION_ID="12"\n',
        "var/lib/dpkg/status": shop + idle,
        "start.sh": b"#!/bin/sh\nexec shop --serve\n",
        "usr/bin/shop": b"#!/bin/sh\necho open\n",
        "usr/bin/idle": b"#!/bin/sh\n",
        "bin/sh": b"",
        **shop_list,
        **idle_list,
    }
    write_image(place, files, **started)


def in_use(bill: str) -> dict[str, tuple[str, list[str]]]:
    """Return the answer for each component of a CycloneDX bill, and its evidence."""
    answers = {}
    for one in json.loads(bill)["components"]:
        said = [(each["name"], each["value"]) for each in one["properties"]]
        evidence = [value for name, value in said if name == "gate:in_use_evidence"]
        answers[one["name"]] = (dict(said)["gate:in_use"], evidence)
    return answers


def test_of_each_package_of_an_image_it_is_said_whether_it_is_in_use(gate: Gate, tmp_path: Path) -> None:
    write_shop(tmp_path / "app.tar", Entrypoint=["/start.sh"])
    status, out, error = gate("sbom", "--in-use", f"archive:{tmp_path / 'app.tar'}")
    assert (status, error) == (0, "")
    assert in_use(out) == {
        "shop": ("yes", ["entrypoint", "start.sh:2 runs", "usr/bin/shop"]),
        "idle": ("no", ["none of the 3 files that the image reaches belongs to it or names it"]),
    }
    assert gate("sbom", "--in-use", f"archive:{tmp_path / 'app.tar'}")[1] == out, "from the cache"
    assert "in_use" not in gate("sbom", f"archive:{tmp_path / 'app.tar'}")[1]


def test_an_image_that_names_no_start_leaves_all_unknown_and_says_what_is_missing(gate: Gate, tmp_path: Path) -> None:
    write_shop(tmp_path / "app.tar")
    _, out, _ = gate("sbom", "--in-use", "--format", "json", f"archive:{tmp_path / 'app.tar'}")
    (target,) = json.loads(out)["targets"]
    said = {(one["in_use"], one["in_use_doubt"], *one["in_use_evidence"]) for one in target["packages"]}
    assert said == {("unknown", "start", "the image names no program as its entrypoint")}


def test_what_a_container_opened_under_test_counts_in_the_bill_too(
    gate: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_shop(tmp_path / "app.tar", Entrypoint=["/start.sh"])
    (tmp_path / "log").write_text('openat(AT_FDCWD, "/usr/bin/idle", O_RDONLY) = 3\n')
    assert gate("observe", "--import", "log", "--image", "archive:app.tar")[0] == 0
    _, out, error = gate("sbom", "--in-use", "--image-observed", "observed.json", "archive:app.tar")
    assert error == ""
    answer, (how, path) = in_use(out)["idle"]
    assert (answer, path) == ("yes", "usr/bin/idle")
    assert how.startswith("opened under test on ")


def test_a_folder_says_what_may_be_installed_and_not_what_is_started(gate: Gate, make_tree: MakeTree) -> None:
    _, out, _ = gate("sbom", "--in-use", make_tree({"package-lock.json": LOCK}).root)
    assert in_use(out)["a"][0] == "unknown"


@pytest.mark.parametrize(
    ("words", "status", "why"),
    [
        (("./absent",), 2, "no such folder"),
        (("--format", "xml"), 2, "invalid choice"),
        ((".", "--output", "no/such/folder"), 3, "cannot be written"),
        (("packages.example/app:1.0", "--offline"), 3, "offline forbids to fetch it"),
    ],
)
def test_what_cannot_be_done_is_said(
    gate: Gate, make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], status: int, why: str
) -> None:
    monkeypatch.chdir(make_tree({"package-lock.json": LOCK}).root)
    ended, _, error = gate("sbom", *words)
    assert (ended, why in error) == (status, True), error
