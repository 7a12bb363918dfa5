"""Identities of sigstore: what one of them has signed, by its certificate, its log and the settings' trust root."""

import json
import sys
from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.core.errors import ConfigError, UsageError
from gate.images.provenance.signatures.identities import Identity, opener_of
from gate.images.provenance.signatures.statements import Authentic, Refused
from tests.images.provenance.signatures.cosign_format import IN_TOTO
from tests.images.provenance.signatures.sigstore_world import ISSUER, WORKFLOW, Log, World

STATEMENT = b'{"predicateType": "https://slsa.dev/provenance/v1"}'
RELEASES = Identity("https://ci.example.com/shop/api/.ci/release.yml@refs/tags/*", ISSUER)
SOMEONE = Identity("release@example.com", ISSUER)

Open = Callable[[Any], Authentic | Refused]


@pytest.fixture(scope="module")
def world() -> World:
    return World()


@pytest.fixture(scope="module")
def opened(world: World, tmp_path_factory: pytest.TempPathFactory) -> Open:
    """Return a function that opens a bundle."""
    opener = opener_of([SOMEONE, RELEASES], world.trust_root(tmp_path_factory.mktemp("trust") / "root.json"))
    return lambda bundle: opener(json.dumps(bundle).encode())


@pytest.mark.parametrize("name", [WORKFLOW, "release@example.com"])
def test_what_a_trusted_identity_has_signed(world: World, opened: Open, name: str) -> None:
    assert opened(world.bundle(STATEMENT, name=name)) == Authentic(STATEMENT, IN_TOTO, name)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"name": "https://ci.example.com/other/.ci/release.yml@refs/tags/v1"}, "none of the identities"),
        ({"name": "Release@example.com"}, "none of the identities, with its issuer, is Release@example.com"),
        ({"issuer": "https://elsewhere.example.com"}, "none of the identities, with its issuer, is"),
        ({"witness": Log()}, "SCT verify failed"),
        ({"logged": timedelta(hours=1)}, "cert is not valid at validation time"),
        ({"logged": -timedelta(hours=1)}, "cert is not valid at validation time"),
        ({"entered": b"another statement"}, "log entry payload hash does not match"),
    ],
)
def test_what_is_not_certified_witnessed_and_logged_as_it_says(
    world: World, opened: Open, changes: dict[str, Any], why: str
) -> None:
    refused = opened(world.bundle(STATEMENT, **changes))
    assert isinstance(refused, Refused)
    assert why in refused.why


def test_another_authority_or_log_is_not_trusted(world: World, tmp_path: Path) -> None:
    stranger = World()
    bundle = json.dumps(stranger.bundle(STATEMENT)).encode()
    for other in (
        {},
        {"ctlogs": [stranger.certificates.instance("ct")], "tlogs": [stranger.entries.instance("log")]},
    ):
        assert isinstance(opener_of([RELEASES], world.trust_root(tmp_path / "r.json", **other))(bundle), Refused)
    bundle = json.dumps(world.bundle(STATEMENT)).encode()
    of_another_log = world.trust_root(tmp_path / "r.json", tlogs=[stranger.entries.instance("log")])
    assert isinstance(opener_of([RELEASES], of_another_log)(bundle), Refused)


@pytest.fixture(scope="module")
def bundle(world: World) -> dict[str, Any]:
    return world.bundle(STATEMENT)


def _places(value: Any, above: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the way to each text in a bundle."""
    if isinstance(value, dict):
        return [place for key, inner in value.items() for place in _places(inner, (*above, key))]
    if isinstance(value, list):
        return [place for index, inner in enumerate(value) for place in _places(inner, (*above, index))]
    return [above]


@given(choice=st.data())
@settings(max_examples=60, deadline=None)
def test_nothing_of_a_bundle_can_be_changed(bundle: dict[str, Any], opened: Open, choice: st.DataObject) -> None:
    changed = deepcopy(bundle)
    way = choice.draw(st.sampled_from(_places(changed)))
    holder: Any = changed
    for key in way[:-1]:
        holder = holder[key]
    text = holder[way[-1]]
    at = choice.draw(st.integers(0, len(text) - 1))
    other = choice.draw(st.sampled_from("Ab9+/\u2014 "))
    holder[way[-1]] = text[:at] + other + text[at + 1 :]
    answer = opened(changed)
    assert isinstance(answer, Refused) or answer == Authentic(STATEMENT, IN_TOTO, WORKFLOW), "the same, or nothing"


@pytest.mark.parametrize("part", ["certificate", "tlogEntries"])
def test_nothing_of_a_bundle_can_be_left_out(world: World, opened: Open, part: str) -> None:
    bundle = world.bundle(STATEMENT)
    del bundle["verificationMaterial"][part]
    assert isinstance(opened(bundle), Refused)


@pytest.mark.parametrize("part", ["inclusionPromise", "inclusionProof", "integratedTime", "canonicalizedBody"])
def test_nothing_of_an_entry_can_be_left_out(world: World, opened: Open, part: str) -> None:
    bundle = world.bundle(STATEMENT)
    del bundle["verificationMaterial"]["tlogEntries"][0][part]
    assert isinstance(opened(bundle), Refused)


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b"[" * 100_000, b'{"mediaType": 1}'])
def test_what_is_no_bundle_is_refused_in_one_line(world: World, tmp_path: Path, content: bytes) -> None:
    refused = opener_of([RELEASES], world.trust_root(tmp_path / "root.json"))(content)
    assert isinstance(refused, Refused)
    assert "\n" not in refused.why


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"mediaType": "text/plain"}, "is no trust root of sigstore"),
        ({"tlogs": []}, "no transparency log"),
        ({"certificateAuthorities": []}, "Fulcio certificates not found"),
    ],
)
def test_a_trust_root_has_to_be_one(world: World, tmp_path: Path, changes: dict[str, Any], why: str) -> None:
    with pytest.raises(ConfigError, match=why):
        opener_of([RELEASES], world.trust_root(tmp_path / "root.json", **changes))


def test_a_trust_root_without_logs_of_certificates_is_an_error_and_no_refusal(world: World, tmp_path: Path) -> None:
    opener = opener_of([RELEASES], world.trust_root(tmp_path / "root.json", ctlogs=[]))
    with pytest.raises(ConfigError, match=r"root\.json: is no trust root of sigstore: CTFE keys not found"):
        opener(json.dumps(world.bundle(STATEMENT)).encode())


def test_a_trust_root_has_to_be_there(tmp_path: Path) -> None:
    for file, why in (("", "no trust root is named"), (str(tmp_path), "is no file"), ("/dev/zero", "is no file")):
        with pytest.raises(ConfigError, match=why):
            opener_of([RELEASES], file)
    (tmp_path / "root.json").write_text("no json")
    with pytest.raises(ConfigError, match="is no trust root"):
        opener_of([RELEASES], str(tmp_path / "root.json"))


def test_without_the_package_the_gate_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sigstore.verify", None)
    with pytest.raises(UsageError) as caught:
        opener_of([RELEASES], "root.json")
    assert caught.value.hint == "pip install sigstore"
