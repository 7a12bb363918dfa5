"""Sources of targets: GitHub and GitLab (paged, with a host's token), a registry's catalogue, a cluster's pods.

They are modules of `gate/fleet/sources/`.
"""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from gate.core.errors import GateError, UnreadableError
from gate.fleet.host_login import variable_of
from gate.fleet.targets import read_targets
from gate.images.access import Access
from tests.fleet.serving import Asked, Serving, serving

DIGEST = f"sha256:{'a' * 64}"
NAMES = [f"shop/service{number}" for number in range(250)]


def page_of(asked: Asked, key: str) -> tuple[int, dict[str, str], bytes]:
    query = parse_qs(asked.query)
    page, size = int(query["page"][0]), int(query["per_page"][0])
    members = [{key: name, "clone_url": "https://elsewhere.example/x.git"} for name in NAMES]
    return 200, {}, json.dumps(members[(page - 1) * size : page * size]).encode()


def answer(asked: Asked) -> tuple[int, dict[str, str], bytes]:
    """Stand for GitHub, GitLab and a registry; what is private is there with a token alone."""
    if asked.path == "/api/v3/orgs/shop/repos":
        return page_of(asked, "full_name")
    if asked.path == "/api/v3/users/person/repos" and asked.headers.get("Authorization") == "Bearer abc":
        return page_of(asked, "full_name")
    if asked.path == "/api/v4/groups/shop%2Fteam/projects" and "include_subgroups=true" in asked.query:
        return page_of(asked, "path_with_namespace")
    if asked.path == "/v2/_catalog" and "last" not in asked.query:
        link = {"Link": '</v2/_catalog?last=shop%2Fapi&n=1000>; rel="next"'}
        return 200, link, b'{"repositories": ["base/debian", "shop/api"]}'
    if asked.path == "/v2/_catalog":
        return 200, {}, b'{"repositories": ["shop/gone", "shop/web"]}'
    tags = {"base/debian": ["13"], "shop/api": ["1.0", "1.1", "2.0"], "shop/web": None}
    repository = asked.path.removeprefix("/v2/").removesuffix("/tags/list")
    if repository in tags:
        return 200, {}, json.dumps({"name": repository, "tags": tags[repository]}).encode()
    return 404, {}, b"{}"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serving]:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    with serving(answer) as server:
        yield server


def names(*sources: str) -> tuple[str, ...]:
    return read_targets([], sources).names


@pytest.mark.parametrize("source", ["github:{}/shop", "gitlab:{}/shop/team"])
def test_the_repositories_of_an_organisation_come_in_pages_and_from_the_host_that_was_asked(
    server: Serving, source: str
) -> None:
    assert names(source.format(server.host)) == tuple(f"http://{server.host}/{name}" for name in NAMES)
    assert len(server.asked) == 3


def test_a_token_is_for_its_host_alone(server: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "of-github")
    with pytest.raises(UnreadableError, match=r"refuses \(404\)") as raised:
        names(f"github:{server.host}/person")
    assert variable_of(server.host) in str(raised.value)
    monkeypatch.setenv(variable_of(server.host), "abc")
    assert len(names(f"github:{server.host}/person")) == 250
    assert "of-github" not in str([one.headers for one in server.asked])


def test_the_variable_of_a_host_is_that_of_no_other() -> None:
    assert variable_of("git.example.com") == "GATE_TOKEN_git_example_com"
    assert variable_of("git-example.com") == "GATE_TOKEN_git__example_com"


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("", ["base/debian:13", "shop/api:1.0", "shop/api:1.1", "shop/api:2.0"]),
        ("/shop/*", ["shop/api:1.0", "shop/api:1.1", "shop/api:2.0"]),
        ("/*:1.*", ["shop/api:1.0", "shop/api:1.1"]),
    ],
)
def test_a_registrys_catalogue_with_its_pages(server: Serving, pattern: str, found: list[str]) -> None:
    assert names(f"catalogue:{server.host}{pattern}") == tuple(f"registry:{server.host}/{one}" for one in found)


def test_a_source_that_cannot_be_asked_stops_no_other(server: Serving) -> None:
    read = read_targets(["folder"], [f"github:{server.host}/nobody", f"catalogue:{server.host}/base/*"])
    assert read.names == ("folder", f"registry:{server.host}/base/debian:13")
    assert [reason.partition(":")[0] for reason in read.unread] == ["github"]


@pytest.mark.parametrize("source", ["github:a b", "gitlab:../x", "catalogue:a b", "github:git.example.com/"])
def test_a_source_that_is_none(source: str) -> None:
    with pytest.raises(GateError):
        names(source)


@pytest.mark.parametrize("source", ["github:shop", "gitlab:shop", "catalogue:registry.example.com"])
def test_offline_asks_nobody(source: str) -> None:
    with pytest.raises(GateError, match="offline"):
        read_targets([], [source], Access(is_offline=True))


def pod(image: str, image_id: str | None = None) -> dict[str, object]:
    status = {} if image_id is None else {"containerStatuses": [{"name": "c", "image": image, "imageID": image_id}]}
    return {
        "kind": "Pod",
        "metadata": {"name": "p"},
        "spec": {"containers": [{"name": "c", "image": image}]},
        "status": status,
    }


def test_a_clusters_images_are_named_by_the_digest_that_was_pulled(tmp_path: Path) -> None:
    pods = [
        pod("shop/api:1", f"docker-pullable://shop/api@{DIGEST}"),
        pod("registry.example.com/web:2", f"registry.example.com/web@{DIGEST}"),
        pod("registry.example.com/web:latest", f"registry.example.com/web@{DIGEST}"),
        pod("side-loaded:1", DIGEST),
        pod("pending:1"),
    ]
    (tmp_path / "pods.json").write_text(json.dumps({"kind": "List", "items": pods}))
    assert set(names(f"cluster:{tmp_path}/pods.json")) == {
        f"registry:shop/api@{DIGEST}",
        f"registry:registry.example.com/web@{DIGEST}",
        "registry:side-loaded:1",
        "registry:pending:1",
    }
    (tmp_path / "pods.json").write_text('{"items": 3}')
    with pytest.raises(UnreadableError, match="no list of pods"):
        names(f"cluster:{tmp_path}/pods.json")


def test_a_server_that_lists_what_is_no_name_is_refused() -> None:
    strange = json.dumps([{"full_name": "shop/--upload-pack=x y"}]).encode()
    with serving(lambda _: (200, {}, strange)) as server, pytest.raises(UnreadableError, match="no repository"):
        names(f"github:{server.host}/shop")


def test_basic_login_of_a_user(monkeypatch: pytest.MonkeyPatch) -> None:
    from gate.fleet.host_login import login_for, without_logins

    monkeypatch.setenv("GATE_TOKEN_git_example_com", "job:abc")
    login = login_for("https://git.example.com")
    assert login is not None
    assert base64.b64decode(login.header["Authorization"].split()[1]) == b"job:abc"
    assert without_logins({"GATE_TOKEN_a": "1", "GITHUB_TOKEN": "2", "PATH": "3"}) == {"PATH": "3"}
