"""Databases that are handed on: as a file, as a wheel; signed, and refused when anything is wrong."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.advisories.bundle import MANIFEST, Bundle, unpack
from gate.advisories.exchange import adopt_bundle
from gate.advisories.holding import Holding
from gate.advisories.sources import open_origin
from gate.advisories.wheels import write_wheel
from gate.core.errors import ConfigError, GateError, UnreadableError, UsageError
from gate.model import Trust
from gate.settings import AdvisorySettings, Settings

Make = Callable[..., Any]
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ADDRESS = "https://advisories.example"


def key_pair(folder: Path, name: str) -> tuple[str, str]:
    """Write a private and a public key and return their paths."""
    key = Ed25519PrivateKey.from_private_bytes(name.encode().ljust(32, b"-"))
    pem = serialization.Encoding.PEM
    private, public = folder / f"{name}.pem", folder / f"{name}.pub.pem"
    private.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    public.write_bytes(key.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo))
    return str(private), str(public)


@pytest.fixture
def bundle(tmp_path: Path, make_bucket: Make, advisory: Make) -> Callable[..., Bundle]:
    """Return a function that makes a bundle of two ecosystems and both files, checked at some time."""

    def make(checked: datetime = NOW, key: str | None = None, rule: str = "GHSA-1") -> Bundle:
        bucket = make_bucket(
            {"npm": [advisory(rule, "npm", "a")], "Rocky Linux": [advisory("RLSA-1", "Rocky Linux", "a")]},
            exploited=["CVE-1"],
            scores={"CVE-1": 0.5},
        )
        settings = Settings(advisories=AdvisorySettings(source=str(bucket)))
        origin = open_origin(settings, Trust(), tmp_path / "exporter", checked)
        return Bundle(origin.holdings(), origin.shown, key)

    return make


@pytest.fixture
def take_in(tmp_path: Path) -> Callable[..., Any]:
    """Return a function that imports a bundle into the cache that `match` looks into."""

    def take_in(bundle: Bundle | bytes, now: datetime = NOW, key: str = "", source: str = ADDRESS) -> Any:
        file = tmp_path / "bundle.zip"
        if isinstance(bundle, Bundle):
            bundle.write_to(file)
        else:
            file.write_bytes(bundle)
        settings = Settings(advisories=AdvisorySettings(source=source, key=key))
        return adopt_bundle(file, settings, tmp_path / "cache" / "advisories", now, "bundle.zip")

    return take_in


def test_what_was_imported_is_used_offline(bundle: Make, take_in: Make, match: Make, package: Make) -> None:
    assert [(one.base or one.name, one.is_newer) for one in take_in(bundle())] == [
        ("Rocky Linux", True),
        ("epss_scores-current.csv.gz", True),
        ("known_exploited_vulnerabilities.json", True),
        ("npm", True),
    ]
    found = match(ADDRESS, package("npm", "a", "1.0.0"), package("Rocky Linux", "a", "1"), offline=True)
    assert ([finding.rule for finding in found.findings], found.errors) == (["RLSA-1", "GHSA-1"], ())
    assert found.facts["known_exploited"] == "1 vulnerabilities, 2026.01.01"
    assert found.facts["epss"] == "1 scores, 2026-01-01"


def test_its_age_is_that_of_its_last_check_before_the_export(
    bundle: Make, take_in: Make, match: Make, package: Make
) -> None:
    take_in(bundle(NOW - timedelta(days=8)))
    (error,) = match(ADDRESS, package("npm", "a", "1.0.0"), offline=True).errors
    assert error.title == "the advisories are 8 days old"


def test_a_bundle_from_the_future_grows_old_all_the_same(
    bundle: Make, take_in: Make, match: Make, package: Make
) -> None:
    take_in(bundle(NOW + timedelta(days=4000)))
    (error,) = match(ADDRESS, package("npm", "a", "1.0.0"), offline=True, after=timedelta(days=8)).errors
    assert error.title == "the advisories are 8 days old"


def test_what_is_as_new_stays(bundle: Make, take_in: Make, match: Make, package: Make) -> None:
    take_in(bundle())
    older = take_in(bundle(NOW - timedelta(hours=1), rule="GHSA-OLD"))
    assert not any(one.is_newer for one in older)
    found = match(ADDRESS, package("npm", "a", "1.0.0"), offline=True).findings
    assert [finding.rule for finding in found] == ["GHSA-1"]


def test_the_same_files_give_the_same_bytes(bundle: Make, tmp_path: Path) -> None:
    written = []
    for name in ("one", "two"):
        bundle().write_to(tmp_path / name)
        written.append((tmp_path / name).read_bytes())
    assert written[0] == written[1]


def test_only_a_web_source_can_be_replaced(bundle: Make, take_in: Make) -> None:
    with pytest.raises(UsageError, match="only what comes from a web address can be replaced"):
        take_in(bundle(), source="somewhere")


def test_a_signature_is_asked_for_where_a_key_is_configured(bundle: Make, take_in: Make, tmp_path: Path) -> None:
    private, public = key_pair(tmp_path, "ours")
    _, theirs = key_pair(tmp_path, "theirs")
    with pytest.raises(UnreadableError, match=r"is not signed, and a key is configured"):
        take_in(bundle(), key=public)
    with pytest.raises(UnreadableError, match="is signed with another key, or was changed"):
        take_in(bundle(key=private), key=theirs)
    assert len(take_in(bundle(key=private), key=public)) == 4


def test_keys_that_are_none(bundle: Make, take_in: Make, tmp_path: Path) -> None:
    private, public = key_pair(tmp_path, "ours")
    other = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "other.pem").write_bytes(other)
    for wrong in (public, str(tmp_path / "other.pem")):
        with pytest.raises(ConfigError, match="is no private ed25519 key in PEM"):
            bundle(key=wrong)
    with pytest.raises(ConfigError, match="is no public ed25519 key in PEM"):
        take_in(bundle(key=private), key=private)
    with pytest.raises(ConfigError, match="the key cannot be read"):
        take_in(bundle(key=private), key=str(tmp_path / "absent"))


def rewritten(bundle: Bundle, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """Return the bundle's zip with files changed, or left out for None."""
    whole, made = io.BytesIO(), io.BytesIO()
    bundle.write(whole)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            content = change(name, source.read(name))
            if content is not None:
                target.writestr(name, content)
    return made.getvalue()


def manifest_with(**changes: Any) -> Callable[[str, bytes], bytes]:
    def change(name: str, content: bytes) -> bytes:
        if name != MANIFEST:
            return content
        manifest = json.loads(content)
        manifest["members"][0] |= changes.pop("member", {})
        return json.dumps(manifest | changes).encode()

    return change


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda name, content: content[:-1] if name == "npm.sqlite" else content, "its npm.sqlite is not what"),
        (lambda name, content: None if name == "npm.sqlite" else content, "is no exported database or is damaged"),
        (lambda name, content: None if name == MANIFEST else content, "is no exported database or is damaged"),
        (manifest_with(form="0old"), "was made by another version of the gate"),
        (manifest_with(members=[]), "its manifest has no files, or one twice"),
        (manifest_with(member={"name": "../../evil"}), "names a file that none is: '../../evil'"),
        (manifest_with(member={"name": "npm-v1.json", "base": ""}), "names a file that none is: 'npm-v1.json'"),
        (manifest_with(member={"name": "..-evil.sqlite", "base": "../evil"}), "names a file that none is"),
        (manifest_with(member={"base": "npm"}), "names a file that none is: 'Rocky-Linux.sqlite'"),
        (manifest_with(member={"name": "/etc/passwd"}), "names a file that none is: '/etc/passwd'"),
        (manifest_with(member={"name": "npm.sqlite"}), "its manifest has no files, or one twice"),
        (manifest_with(member={"checked": "2026-01-01T00:00:00"}), "a time without a zone"),
        (manifest_with(member={"size": 1 << 60}), "has more than"),
        (manifest_with(member={"size": 5}), "is not what the manifest says"),
        (lambda name, content: b"{" if name == MANIFEST else content, "its manifest cannot be parsed"),
        (lambda name, content: b" " * (2 << 20) if name == MANIFEST else content, "has more than 1,048,576 bytes"),
    ],
)
def test_what_is_wrong_with_a_bundle_changes_nothing(
    bundle: Make, take_in: Make, tmp_path: Path, change: Callable[[str, bytes], bytes | None], why: str
) -> None:
    with pytest.raises(GateError, match=why):
        take_in(rewritten(bundle(), change))
    assert [path for path in (tmp_path / "cache").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("name", "base", "why"),
    [
        ("npm.sqlite", "npm", "is no index of advisories"),
        ("known_exploited_vulnerabilities.json", "", "cannot be parsed"),
        ("epss_scores-current.csv.gz", "", "is no gzip file or is damaged"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(
    take_in: Make, tmp_path: Path, name: str, base: str, why: str
) -> None:
    (tmp_path / "file").write_bytes(b"hello")
    holding = Holding(name=name, base=base, path=tmp_path / "file", checked=NOW)
    with pytest.raises(UnreadableError, match=why) as caught:
        take_in(Bundle([holding], "somewhere"))
    assert caught.value.path == name


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200) | st.binary(max_size=60).map(lambda tail: b"PK\x03\x04" + tail + b"PK\x05\x06"))
def test_any_bytes_as_a_bundle(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bundle").write_bytes(content)
    with pytest.raises(UnreadableError):
        unpack(tmp_path / "bundle", tmp_path, "", "bundle")


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], Path]:
    """Return a function that unpacks a wheel where Python looks for packages, as an installer does."""

    def install(wheel: Path) -> Path:
        place = tmp_path / "site"
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(place)
        monkeypatch.syspath_prepend(str(place))
        return place

    return install


def test_a_wheel_is_a_source(bundle: Make, install: Make, match: Make, package: Make, tmp_path: Path) -> None:
    wheel = write_wheel(bundle(), "Our.Advisories", tmp_path)
    assert wheel.name == "our_advisories-2026.11.24.43200-py3-none-any.whl"
    install(wheel)
    found = match("wheel:Our.Advisories", package("npm", "a", "1.0.0"))
    assert ([finding.rule for finding in found.findings], found.errors) == (["GHSA-1"], ())
    assert found.facts["epss"] == "1 scores, 2026-01-01"
    (missing,) = match("wheel:our-advisories", package("PyPI", "a", "1")).errors
    assert missing.title == "there are no advisories for PyPI"
    (old,) = match("wheel:our-advisories", package("npm", "a", "1"), after=timedelta(days=8)).errors
    assert (old.title, "Install a newer one" in old.message) == ("the advisories are 8 days old", True)


def test_a_wheel_is_what_installers_take(bundle: Make, tmp_path: Path) -> None:
    wheel = write_wheel(bundle(), "our-advisories", tmp_path)
    place = tmp_path / "target"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-compile"]
    subprocess.run([*pip, "--target", str(place), str(wheel)], check=True)
    assert (place / "our_advisories" / MANIFEST).is_file()
    assert not list(place.rglob("*.py"))


def test_a_damaged_or_foreign_wheel_is_refused(
    bundle: Make, install: Make, match: Make, package: Make, tmp_path: Path
) -> None:
    place = install(write_wheel(bundle(), "ours", tmp_path))
    index = place / "ours" / "npm.sqlite"
    index.write_bytes(index.read_bytes() + b"x")
    (error,) = match("wheel:ours", package("npm", "a", "1")).errors
    assert (error.path, error.title) == ("wheel:ours", "its npm.sqlite is damaged")
    for name, why in (("absent", "is not installed"), ("pytest", "holds no advisories"), ("a/b", "names no Python")):
        (error,) = match(f"wheel:{name}", package("npm", "a", "1")).errors
        assert why in error.title


def test_nothing_of_a_wheel_is_executed(
    bundle: Make, install: Make, match: Make, package: Make, tmp_path: Path
) -> None:
    place = install(write_wheel(bundle(), "ours", tmp_path))
    (place / "ours" / "__init__.py").write_text("raise SystemExit('executed')")
    assert match("wheel:ours", package("npm", "a", "1.0.0")).findings
