"""Where policies come from: files, https with a digest, a git repository at a commit; chains and copies."""

import base64
import hashlib
import json
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from gate.core.errors import ConfigError, GateError, UnavailableError, UnreadableError
from gate.core.hosts import Reach
from gate.core.signing import sign
from gate.core.web import Web
from gate.policy import sources
from gate.policy.fetching import fetch_from_git
from gate.policy.fixed import NamedLayer, fixed_settings
from gate.policy.layers import PolicySource
from gate.policy.sources import Fetching, read_sources
from gate.settings import Settings
from gate.settings.policy import Organisation
from tests.attestation.test_attestation import Keys

TEXT = b"rules: [{id: own, why: w}]\nvalid_for: 2d\n"
DIGEST = hashlib.sha256(TEXT).hexdigest()
ADDRESS = f"https://policy.example.com/p.yaml#sha256={DIGEST}"


@pytest.fixture
def fetching(tmp_path: Path) -> Fetching:
    return Fetching(cache_folder=tmp_path / "cache", now=datetime.now(UTC))


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Serve TEXT at every address; the list is of those that were asked for."""
    asked: list[str] = []

    def fetch(url: str, _shown: str, _reach: Reach) -> bytes:
        asked.append(url)
        return TEXT

    monkeypatch.setattr(sources, "fetch_file", fetch)
    return asked


def ids(found: tuple[PolicySource, ...]) -> list[str]:
    return [rule.id for source in found for rule in source.policy.rules]


def test_a_file_extends_another_and_the_highest_comes_first(tmp_path: Path, fetching: Fetching) -> None:
    (tmp_path / "top").mkdir()
    (tmp_path / "top" / "top.yaml").write_text("rules: [{id: top, why: w}]")
    (tmp_path / "team.yaml").write_text("extends: top/top.yaml\nrules: [{id: team, why: w}]")
    assert ids(read_sources("team.yaml", str(tmp_path), fetching)) == ["top", "team"]


def test_a_circle_is_an_error_that_shows_it(tmp_path: Path, fetching: Fetching) -> None:
    (tmp_path / "a.yaml").write_text("extends: b.yaml")
    (tmp_path / "b.yaml").write_text("extends: a.yaml")
    with pytest.raises(ConfigError, match=r"in a circle: a\.yaml → b.yaml → a.yaml"):
        read_sources("a.yaml", str(tmp_path), fetching)


def test_a_missing_file_is_an_error(tmp_path: Path, fetching: Fetching) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        read_sources("none.yaml", str(tmp_path), fetching)


def test_an_address_is_fetched_once_while_its_copy_is_young(served: list[str], fetching: Fetching) -> None:
    for _ in range(2):
        assert ids(read_sources(ADDRESS, "", fetching)) == ["own"]
    assert served == ["https://policy.example.com/p.yaml"]


def test_a_copy_that_is_too_old_is_fetched_again(served: list[str], fetching: Fetching) -> None:
    read_sources(ADDRESS, "", fetching)
    later = Fetching(cache_folder=fetching.cache_folder, now=fetching.now + timedelta(days=3))
    read_sources(ADDRESS, "", later)
    assert len(served) == 2
    offline = Fetching(cache_folder=fetching.cache_folder, now=later.now + timedelta(days=3), is_offline=True)
    with pytest.raises(UnreadableError, match="it cannot be fetched with --offline"):
        read_sources(ADDRESS, "", offline)


def test_a_copy_from_the_future_is_not_young(served: list[str], fetching: Fetching) -> None:
    read_sources(ADDRESS, "", fetching)
    set_back = msgspec.structs.replace(fetching, now=fetching.now - timedelta(days=1), is_offline=True)
    with pytest.raises(UnreadableError, match="it cannot be fetched with --offline"):
        read_sources(ADDRESS, "", set_back)


def test_a_cache_that_cannot_be_written_to_keeps_no_copy(served: list[str], fetching: Fetching) -> None:
    assert fetching.cache_folder
    fetching.cache_folder.write_text("no folder")
    for _ in range(2):
        assert ids(read_sources(ADDRESS, "", fetching)) == ["own"]
    assert len(served) == 2


def test_a_wrong_address_is_wrong_offline_too(fetching: Fetching) -> None:
    offline = msgspec.structs.replace(fetching, is_offline=True)
    with pytest.raises(ConfigError, match="is not an address of a policy that pins its content"):
        read_sources("https://policy.example.com/p.yaml", "", offline)


def test_offline_a_young_copy_is_enough(served: list[str], fetching: Fetching) -> None:
    read_sources(ADDRESS, "", fetching)
    offline = Fetching(cache_folder=fetching.cache_folder, now=fetching.now, is_offline=True)
    assert ids(read_sources(ADDRESS, "", offline)) == ["own"]
    assert len(served) == 1


def test_a_damaged_copy_is_fetched_again(served: list[str], fetching: Fetching) -> None:
    read_sources(ADDRESS, "", fetching)
    assert fetching.cache_folder is not None
    (copy,) = (fetching.cache_folder / "policies").iterdir()
    copy.write_bytes(b"rules: []")
    assert ids(read_sources(ADDRESS, "", fetching)) == ["own"]
    assert len(served) == 2


def test_another_digest_is_an_error_that_says_the_new_one(served: list[str], fetching: Fetching) -> None:
    address = ADDRESS.replace(DIGEST, "0" * 64)
    with pytest.raises(ConfigError, match=f"sha256={DIGEST}, not the one in the address"):
        read_sources(address, "", fetching)
    assert served


@pytest.mark.parametrize(
    "address",
    [
        "https://policy.example.com/p.yaml",
        "https://policy.example.com/p.yaml#sha256=abc",
        f"http://policy.example.com/p.yaml#sha256={DIGEST}",
        "ftp://policy.example.com/p.yaml",
        "git+https://policy.example.com/p.git@main#p.yaml",
        "git+https://policy.example.com/p.git",
        "oci://registry.example.com/policy:latest",
    ],
)
def test_an_address_that_does_not_name_its_content_is_refused(address: str, fetching: Fetching) -> None:
    with pytest.raises(ConfigError, match="pins its content"):
        read_sources(address, "", fetching)


COMMIT = "0123456789" * 4


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://user:hunter2@policy.example.com/p.yaml", "https://policy.example.com/p.yaml"),
        (
            "https://policy.example.com/p.yaml?private_token=hunter2#sha256=abc",
            "https://policy.example.com/p.yaml#sha256=abc",
        ),
        (
            f"git+https://user:hunter2@policy.example.com/p?private_token=hunter2@{COMMIT}#p.yaml",
            f"git+https://policy.example.com/p@{COMMIT}#p.yaml",
        ),
        (
            f"oci://user:hunter2@registry.example.com/policy@sha256:{DIGEST}",
            f"oci://registry.example.com/policy@sha256:{DIGEST}",
        ),
    ],
)
def test_an_address_is_shown_without_credentials_and_with_what_names_the_content(
    address: str, shown: str, fetching: Fetching
) -> None:
    with pytest.raises(GateError) as error:
        read_sources(address, "", msgspec.structs.replace(fetching, is_offline=True))
    assert error.value.path == shown
    assert "hunter2" not in str(error.value)


def test_a_circle_of_addresses_is_shown_without_credentials(
    fetching: Fetching, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = b"extends: git+https://hunter2@packages.example/p@" + COMMIT.encode() + b"#p.yaml"
    monkeypatch.setattr(sources, "fetch_from_git", lambda *_: text)
    with pytest.raises(ConfigError, match="in a circle") as error:
        read_sources(text.decode().removeprefix("extends: "), "", fetching)
    assert "hunter2" not in str(error.value)


def test_a_token_in_the_query_is_sent_and_not_shown(monkeypatch: pytest.MonkeyPatch, fetching: Fetching) -> None:
    asked = []

    def read(self: Web, name: str, limit: int, *, query: str = "") -> bytes | None:
        asked.append((self._location, name, query))
        return TEXT if len(asked) == 1 else None

    monkeypatch.setattr(Web, "read", read)
    address = ADDRESS.replace("#", "?private_token=hunter2/a#")
    assert [source.name for source in read_sources(address, "", fetching)] == [ADDRESS]
    with pytest.raises(UnreadableError) as error:
        read_sources(address, "", msgspec.structs.replace(fetching, cache_folder=None))
    assert "hunter2" not in str(error.value)
    assert set(asked) == {("https://policy.example.com", "p.yaml", "private_token=hunter2/a")}


def test_gits_own_words_are_shown_without_credentials() -> None:
    with pytest.raises(UnreadableError, match=r"unable to access 'https://127\.0\.0\.1:9/p'") as error:
        fetch_from_git("https://user:hunter2@127.0.0.1:9/p?private_token=hunter2", COMMIT, "p.yaml", "shown")
    assert "hunter2" not in str(error.value)


@pytest.mark.parametrize("format", ["sha1", "sha256"])
def test_a_policy_is_read_from_a_commit(tmp_path: Path, fetching: Fetching, format: str) -> None:
    repository = tmp_path / "repository"

    def git(*arguments: str) -> str:
        who = ("-c", "user.name=a", "-c", "user.email=a@example.com")
        done = subprocess.run(["git", *who, *arguments], cwd=repository, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    repository.mkdir()
    git("init", "-q", f"--object-format={format}")
    (repository / "p.yaml").write_bytes(TEXT)
    git("add", ".")
    git("commit", "-qm", "policy")
    commit = git("rev-parse", "HEAD")
    (repository / "p.yaml").write_bytes(b"rules: []")
    git("commit", "-qam", "softer")
    assert ids(read_sources(f"git+file://{repository}@{commit}#p.yaml", "", fetching)) == ["own"]
    with pytest.raises(UnreadableError, match="the policy cannot be fetched"):
        read_sources(f"git+file://{repository}@{'1' * len(commit)}#p.yaml", "", fetching)


@pytest.fixture
def signed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a function that has the server give a text with the signature of a key; None: it cannot be asked."""
    keys = Keys(tmp_path, "org")

    def serve(text: bytes | None, signature: bytes | None = None) -> None:
        def fetch(url: str, shown: str, _reach: Reach) -> bytes:
            if text is None:
                raise UnavailableError("cannot be fetched (ConnectionError)", path=shown)
            return base64.b64encode(signature or sign(text, keys.private)) if url.endswith(".sig") else text

        monkeypatch.setattr(sources, "fetch_file", fetch)

    return serve


SIGNED = "https://policy.example.com/p.yaml#key=org.pub"


def test_a_signed_policy_is_what_the_server_has_now(
    signed: Callable[..., None], tmp_path: Path, fetching: Fetching
) -> None:
    signed(TEXT)
    assert ids(read_sources(SIGNED, str(tmp_path), fetching)) == ["own"]
    signed(b"rules: [{id: newer, why: w}]")
    assert ids(read_sources(SIGNED, str(tmp_path), fetching)) == ["newer"]
    signed(TEXT, signature=b"x" * 64)
    with pytest.raises(UnreadableError, match="is signed with another key, or was changed"):
        read_sources(SIGNED, str(tmp_path), fetching)


def test_a_signed_policy_that_cannot_be_fetched_is_a_young_copy_or_an_error(
    signed: Callable[..., None], tmp_path: Path, fetching: Fetching
) -> None:
    signed(None)
    with pytest.raises(UnreadableError, match="cannot be fetched"):
        read_sources(SIGNED, str(tmp_path), fetching)
    signed(TEXT)
    read_sources(SIGNED, str(tmp_path), fetching)
    signed(None)
    assert ids(read_sources(SIGNED, str(tmp_path), fetching)) == ["own"]
    later = Fetching(cache_folder=fetching.cache_folder, now=fetching.now + timedelta(days=3))
    with pytest.raises(UnreadableError, match="cannot be fetched"):
        read_sources(SIGNED, str(tmp_path), later)
    assert fetching.cache_folder is not None
    for copy in (fetching.cache_folder / "policies").iterdir():
        copy.write_bytes(b"rules: []")
    with pytest.raises(UnreadableError, match="cannot be fetched"):
        read_sources(SIGNED, str(tmp_path), fetching)


def test_a_copy_is_no_policy_of_another_key(signed: Callable[..., None], tmp_path: Path, fetching: Fetching) -> None:
    """The copy is known by its address alone, so that the key that is named now has to have signed it."""
    signed(TEXT)
    read_sources(SIGNED, str(tmp_path), fetching)
    Keys(tmp_path, "other")
    signed(None)
    with pytest.raises(UnreadableError, match="is signed with another key, or was changed"):
        read_sources(SIGNED.replace("org.pub", "other.pub"), str(tmp_path), fetching)


class FakeRepository:
    """A registry's repository with one artifact."""

    layers: tuple[dict[str, Any], ...] = ({"digest": f"sha256:{DIGEST}", "size": len(TEXT)},)
    content = TEXT

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def manifest(self, _reference: str) -> Any:
        return SimpleNamespace(content=json.dumps({"layers": self.layers}).encode())

    def blob(self, _digest: str, _size: int) -> list[bytes]:
        return [self.content]


def artifact(repository: type[FakeRepository]) -> str:
    digest = hashlib.sha256(repository().manifest("").content).hexdigest()
    return f"oci://registry.example.com/security/policy@sha256:{digest}"


def test_a_policy_is_an_artifact_of_a_registry(monkeypatch: pytest.MonkeyPatch, fetching: Fetching) -> None:
    monkeypatch.setattr("gate.images.registry.addresses.ImageRepository", FakeRepository)
    assert ids(read_sources(artifact(FakeRepository), "", fetching)) == ["own"]
    with pytest.raises(UnreadableError, match="does not have the digest that the address says"):
        read_sources(f"oci://registry.example.com/other@sha256:{'0' * 64}", "", fetching)


class Changed(FakeRepository):
    content = b"rules: []"


class TwoLayers(FakeRepository):
    layers = FakeRepository.layers * 2


@pytest.mark.parametrize(
    ("repository", "why"), [(Changed, "digest that its manifest says"), (TwoLayers, "one layer of at most")]
)
def test_an_artifact_that_is_not_what_it_should_be_is_refused(
    monkeypatch: pytest.MonkeyPatch, fetching: Fetching, repository: type[FakeRepository], why: str
) -> None:
    monkeypatch.setattr("gate.images.registry.addresses.ImageRepository", repository)
    with pytest.raises(UnreadableError, match=why):
        read_sources(artifact(repository), "", fetching)


def organisation(**settings: Any) -> PolicySource:
    return PolicySource("org.yaml", Organisation(settings=settings))


@pytest.mark.parametrize(
    ("layer", "where"),
    [
        ({"stages": {"secrets": {"enabled": False}}}, "stages.secrets.enabled is fixed to true by org.yaml"),
        ({"stages": {"secrets": {"ignore": ["**"]}}}, r"stages.secrets.ignore is fixed to \[\] by org.yaml"),
        ({"offline": True}, "offline is fixed to false by org.yaml"),
    ],
)
def test_a_fixed_setting_is_nobodys_to_change(layer: dict[str, Any], where: str) -> None:
    above = [organisation(stages={"secrets": {"enabled": True, "ignore": []}}, offline=False)]
    with pytest.raises(ConfigError, match=f"command line: {where}"):
        fixed_settings(above, [NamedLayer("gate.yaml", {}), NamedLayer("command line", layer)], Settings)


def test_saying_the_same_or_nothing_is_fine() -> None:
    above = [organisation(offline=False)]
    same = [NamedLayer("gate.yaml", {"offline": False, "jobs": 2})]
    assert fixed_settings(above, same, Settings) == {"offline": False}


def test_a_lower_policy_does_not_change_what_a_higher_one_fixed() -> None:
    lower = PolicySource("team.yaml", Organisation(settings={"offline": True}))
    with pytest.raises(ConfigError, match=r"team\.yaml: offline is fixed to false by org.yaml"):
        fixed_settings([organisation(offline=False), lower], [], Settings)


@pytest.mark.parametrize("settings", [{"policy": {}}, {"stages": {"secret": {}}}, {"jobs": "many"}])
def test_settings_that_do_not_exist_are_an_error_of_the_policy(settings: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=r"org\.yaml"):
        fixed_settings([organisation(**settings)], [], Settings)
