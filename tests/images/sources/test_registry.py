"""A registry that stalls, cuts, lies, asks for credentials or is not there. The real one is in tests/e2e/."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gate.core import web
from gate.core.errors import GateError, UnreadableError
from gate.images.access import Access
from gate.images.image_cache import ImageCache
from gate.images.registry.names import ImageName, image_name
from gate.images.sources import open_image
from gate.model import Image
from tests.images.registry_server import OCI_INDEX, OCI_MANIFEST, PASSWORD, USER, FakeRegistry, serving


@pytest.fixture(autouse=True)
def _no_credentials_and_no_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "docker"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("REGISTRY_AUTH_FILE", raising=False)
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr(web.time, "sleep", lambda _: None)


@pytest.fixture
def fake(make: Any) -> FakeRegistry:
    registry = FakeRegistry()
    registry.hold(make.oci_files([make.base(), make.layer(make.file("app", b"x" * 5000))], pack=make.gzip))
    return registry


@pytest.fixture
def host(fake: FakeRegistry) -> Iterator[str]:
    with serving(fake) as address:
        yield address


@pytest.fixture
def opened(make: Any, host: str) -> Callable[..., Any]:
    """Open the image and return what was found, and the number of its layers."""

    def open_it(name: str = "shop/api:1", at: str = host, **access: Any) -> Any:
        image = Image(source="registry", reference=f"{at}/{name}", name=name)
        with open_image(image, make.budget(), Access(**access)) as content:
            return content.found, len(content.layers)

    return open_it


def log_in(tmp_path: Path, host: str, password: str = PASSWORD) -> None:
    (tmp_path / "docker").mkdir(exist_ok=True)
    auth = base64.b64encode(f"{USER}:{password}".encode()).decode()
    (tmp_path / "docker" / "config.json").write_text(json.dumps({"auths": {host: {"auth": auth}}}))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("alpine", ("docker.io", "library/alpine", "latest")),
        ("alpine:3.19", ("docker.io", "library/alpine", "3.19")),
        ("shop/api", ("docker.io", "shop/api", "latest")),
        ("index.docker.io/alpine", ("docker.io", "library/alpine", "latest")),
        ("registry.example.com/api:1", ("registry.example.com", "api", "1")),
        ("localhost/api", ("localhost", "api", "latest")),
        ("registry.example.com:5000/a/b", ("registry.example.com:5000", "a/b", "latest")),
        (f"a/b:1@sha256:{'a' * 64}", ("docker.io", "a/b", f"sha256:{'a' * 64}")),
    ],
)
def test_a_name_means_what_it_means_to_docker(text: str, name: tuple[str, str, str]) -> None:
    host, repository, reference = name
    assert image_name(text) == ImageName(host=host, repository=repository, reference=reference)


def test_an_image_is_fetched_by_tag_and_by_digest(opened: Callable[..., Any], fake: FakeRegistry) -> None:
    found, layers = opened()
    assert layers == 2
    assert opened(f"shop/api@{found.digest}")[0].id == found.id


def test_it_is_the_same_as_from_a_folder(opened: Callable[..., Any], make: Any, tmp_path: Path) -> None:
    layers = [make.base(), make.layer(make.file("app", b"x" * 5000))]
    folder = make.folder_of(tmp_path / "layout", make.oci_files(layers, pack=make.gzip))
    with open_image(Image(source="oci-dir", reference=folder, name="app"), make.budget()) as content:
        assert opened()[0].id == content.found.id
        assert opened()[0].digest == content.found.digest


@pytest.mark.parametrize("login", ["basic", "bearer"])
def test_credentials_of_docker_login_are_used(
    opened: Callable[..., Any], fake: FakeRegistry, host: str, tmp_path: Path, login: str
) -> None:
    fake.login = login
    with pytest.raises(GateError, match="not logged in"):
        opened()
    log_in(tmp_path, host, "wrong")
    with pytest.raises(GateError, match="not logged in") as error:
        opened()
    assert "wrong" not in str(error.value)
    log_in(tmp_path, host)
    assert opened()[1] == 2


def test_a_busy_registry_is_asked_again(opened: Callable[..., Any], fake: FakeRegistry) -> None:
    fake.busy = 2
    assert opened()[1] == 2
    fake.busy = 9
    with pytest.raises(GateError, match=r"status 429.*docker login"):
        opened()


def test_a_transfer_that_is_cut_goes_on_where_it_was(opened: Callable[..., Any], fake: FakeRegistry) -> None:
    fake.cut_after = 70
    assert opened()[1] == 2


def test_a_transfer_that_never_gets_further_is_given_up(opened: Callable[..., Any], fake: FakeRegistry) -> None:
    digest = json.loads(fake.manifests["1"][1])["layers"][0]["digest"]
    fake.blobs[digest] = fake.blobs[digest][:50]
    with pytest.raises(UnreadableError, match="it ended after 50 of"):
        opened()


def test_no_such_image(opened: Callable[..., Any]) -> None:
    with pytest.raises(GateError, match="the registry has no such image"):
        opened("shop/api:2")


@pytest.mark.parametrize("what", ["layer", "config", "manifest"])
def test_content_that_does_not_have_its_digest_is_refused(
    opened: Callable[..., Any], fake: FakeRegistry, what: str
) -> None:
    media_type, manifest = fake.manifests["1"]
    described = json.loads(manifest)
    digest = described["config" if what == "config" else "layers"]
    if what == "manifest":
        found, _ = opened()
        fake.manifests[found.digest] = (media_type, manifest + b" ")
        with pytest.raises(UnreadableError, match="does not have the digest that it should"):
            opened(f"shop/api@{found.digest}")
        return
    digest = digest["digest"] if what == "config" else digest[0]["digest"]
    fake.blobs[digest] = bytes([fake.blobs[digest][0] ^ 1]) + fake.blobs[digest][1:]
    with pytest.raises(UnreadableError, match="is damaged"):
        opened()


def test_a_registry_that_says_another_digest_than_it_gives_is_refused(
    opened: Callable[..., Any], fake: FakeRegistry
) -> None:
    fake.headers = {"Docker-Content-Digest": f"sha256:{'0' * 64}"}
    with pytest.raises(UnreadableError, match="does not have the digest that it should"):
        opened()


def test_schema_1_is_refused_with_what_to_do(opened: Callable[..., Any], fake: FakeRegistry) -> None:
    fake.manifests["1"] = ("application/vnd.docker.distribution.manifest.v1+prettyjws", b"{}")
    with pytest.raises(UnreadableError, match="schema 1") as error:
        opened()
    assert error.value.hint == "Push it again"


@pytest.fixture
def two_platforms(make: Any, fake: FakeRegistry) -> None:
    """An index of an image for amd64 and one for arm64, and a statement about them."""
    descriptors = []
    for architecture, variant in (("amd64", None), ("arm64", "v8")):
        files = make.oci_files([make.base()], architecture=architecture, variant=variant)
        fake.hold(files, architecture)
        platform = {"os": "linux", "architecture": architecture, **({"variant": variant} if variant else {})}
        descriptors.append(make.descriptor(fake.manifests[architecture][1], OCI_MANIFEST, platform=platform))
    index = json.dumps({"schemaVersion": 2, "manifests": descriptors}).encode()
    fake.manifests["1"] = (OCI_INDEX, index)


@pytest.mark.usefixtures("two_platforms")
def test_the_platform_that_is_asked_for_is_fetched_and_no_other(opened: Callable[..., Any], fake: FakeRegistry) -> None:
    fake.asked.clear()
    found, _ = opened(platform="linux/arm64")
    assert (found.config.platform, found.other_platforms) == ("linux/arm64/v8", ("linux/amd64",))
    assert sum("manifests" in path for path in fake.asked) == 2, "the index and one manifest"
    assert found.indexes == (f"sha256:{hashlib.sha256(fake.manifests['1'][1]).hexdigest()}",)
    with pytest.raises(UnreadableError, match="has no image for linux/s390x, only for linux/amd64, linux/arm64/v8"):
        opened(platform="linux/s390x")


def test_an_image_of_another_platform_alone_is_refused(opened: Callable[..., Any]) -> None:
    with pytest.raises(UnreadableError, match="is an image for linux/amd64, not for linux/arm64"):
        opened(platform="linux/arm64")


def test_a_mirror_is_asked_first_and_passed_over_if_it_has_nothing(
    opened: Callable[..., Any], fake: FakeRegistry, host: str
) -> None:
    assert opened(at="registry.example.com", mirrors={"registry.example.com": f"http://{host}"})[1] == 2
    assert opened(mirrors={host: f"http://{host}/nothing"})[1] == 2


def test_offline_fetches_nothing(opened: Callable[..., Any], fake: FakeRegistry) -> None:
    with pytest.raises(GateError, match="offline forbids to fetch it"):
        opened(is_offline=True)
    assert fake.asked == []


def test_another_host_is_spoken_to_over_tls_alone(opened: Callable[..., Any], host: str) -> None:
    port = host.partition(":")[2]
    with pytest.raises(GateError, match="cannot be fetched"):
        opened(at=f"localhost.localdomain:{port}")


@pytest.fixture
def fetched(make: Any, fake: FakeRegistry, host: str, tmp_path: Path) -> Callable[[bool], int]:
    """Return a function that opens the image, with what earlier calls left in the cache: how many layers it fetched."""
    layers = {layer["digest"] for layer in json.loads(fake.manifests["1"][1])["layers"]}

    def open_and_count(is_read: bool) -> int:
        fake.asked.clear()
        image = Image(source="registry", reference=f"{host}/shop/api:1", name="app")
        with open_image(image, make.budget(), cache=ImageCache(tmp_path)) as content:
            assert content.size > 0
            assert not is_read or content.tree.look_up("etc/os-release")
        return len({path.rpartition("/")[2] for path in fake.asked} & layers)

    return open_and_count


def test_layers_that_are_known_are_fetched_only_if_somebody_reads_them(fetched: Callable[[bool], int]) -> None:
    assert [fetched(is_read) for is_read in (False, False, True, False)] == [2, 0, 2, 0]


def test_a_known_layer_that_is_fetched_again_is_checked_again(
    fetched: Callable[[bool], int], fake: FakeRegistry
) -> None:
    fetched(False)
    digest = json.loads(fake.manifests["1"][1])["layers"][1]["digest"]
    fake.blobs[digest] = bytes([fake.blobs[digest][0] ^ 1]) + fake.blobs[digest][1:]
    assert fetched(False) == 0
    with pytest.raises(UnreadableError, match="is damaged"):
        fetched(True)
