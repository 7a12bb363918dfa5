"""What runs where: listings as files, kept in the store, joined with what was read (`gate/fleet/deployments.py`)."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gate.core.errors import GateError, UnreadableError
from gate.fleet.contexts import contexts, damaged_contexts, put_context, remove_context
from gate.fleet.deployments import Deployments
from gate.fleet.find import FoundRow, find
from gate.fleet.generations import opened
from gate.fleet.listings import read_listings
from gate.fleet.query import parse_query
from gate.fleet.running import FleetContext, RunningWorkload
from gate.fleet.store import FleetStore
from gate.model import Deployed, Exposed
from tests.fleet.conftest import LOG4J, maven, used

WEB = "registry.example.com/shop/web"
DIGEST = "d" * 64


def pod(name: str, image: str, image_id: str = "", **more: Any) -> dict[str, Any]:
    owner = {"kind": "ReplicaSet", "name": "web-5d4f"}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": name,
            "namespace": "shop",
            "labels": {"app": "web", "pod-template-hash": "5d4f"},
            "ownerReferences": [owner],
        },
        "spec": {"containers": [{"name": "web", "image": image, "env": [{"name": "PASSWORD", "value": "hunter2"}]}]},
        "status": {
            "phase": "Running",
            "startTime": "2026-11-02T09:00:00Z",
            "containerStatuses": [{"name": "web", "image": image, "imageID": image_id}],
        },
    } | more


SERVICE = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {"selector": {"app": "web"}, "type": "ClusterIP"},
}
INGRESS = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "Ingress",
    "metadata": {"name": "shop", "namespace": "shop"},
    "spec": {"rules": [{"http": {"paths": [{"backend": {"service": {"name": "web", "port": {"number": 80}}}}]}}]},
}
WAY = "Ingress/shop/shop → Service/shop/web → Deployment/shop/web"


def listed(*documents: object, path: str = "all.json") -> tuple[RunningWorkload, ...]:
    return read_listings([(path, json.dumps(one).encode()) for one in documents]).running


def kubectl(*items: object) -> dict[str, object]:
    return {"apiVersion": "v1", "kind": "List", "items": list(items)}


def test_pods_are_joined_into_their_workload_with_the_way_to_them() -> None:
    pods = [pod(f"web-5d4f-{n}", f"{WEB}:1.4", f"docker-pullable://{WEB}@sha256:{DIGEST}") for n in "ab"]
    pods[1]["status"]["startTime"] = "2026-10-01T09:00:00+02:00"
    (found,) = listed(kubectl(*pods), kubectl(SERVICE, INGRESS))
    assert found == RunningWorkload(
        where="Deployment/shop/web",
        image=f"{WEB}:1.4",
        digests=(f"sha256:{DIGEST}",),
        since="2026-10-01T07:00:00+00:00",
        exposed=Exposed.YES,
        ways=(WAY,),
    )


def test_a_pod_that_has_ended_does_not_run_and_what_leads_nowhere_is_unknown() -> None:
    assert listed(kubectl(pod("done", WEB, status={"phase": "Succeeded"}))) == ()
    (found,) = listed(kubectl(pod("web", WEB), SERVICE))
    assert (found.exposed, found.ways, found.digests) == (Exposed.UNKNOWN, (), ())
    assert "unknown" in " ".join(read_listings([("a", json.dumps(kubectl(pod("web", WEB))).encode())]).notes)


ARGO = {
    "apiVersion": "argoproj.io/v1alpha1",
    "kind": "Application",
    "metadata": {"name": "shop", "namespace": "argocd"},
    "spec": {"destination": {"name": "prod", "namespace": "shop"}},
    "status": {
        "sync": {"revision": "c" * 40},
        "history": [{"deployedAt": "2026-11-01T00:00:00Z"}],
        "summary": {"images": [f"{WEB}:1.4@sha256:{DIGEST}"], "externalURLs": ["https://shop.example.com/"]},
    },
}
TASK = {
    "tasks": [
        {
            "clusterArn": "arn:aws:ecs:eu-west-1:1:cluster/prod",
            "group": "service:web",
            "lastStatus": "RUNNING",
            "startedAt": 1764000000.5,
            "containers": [{"name": "web", "image": f"{WEB}:1.4", "imageDigest": f"sha256:{DIGEST}"}],
        }
    ],
    "failures": [],
}
ALLOCATION = {"ID": "1", "JobID": "web", "TaskGroup": "web", "ClientStatus": "running", "Namespace": "default"}
JOB = {"ID": "web", "TaskGroups": [{"Name": "web", "Tasks": [{"Name": "web", "Config": {"image": f"{WEB}:1.4"}}]}]}
RECORD = {"where": "prod/web", "digest": f"sha256:{DIGEST}", "exposed": "no", "ways": ["a VPN only"]}


@pytest.mark.parametrize(
    ("documents", "where", "exposed"),
    [
        ([ARGO], "Application/argocd/shop in prod/shop", Exposed.YES),
        ([[{**ARGO, "kind": "Application"}]], "Application/argocd/shop in prod/shop", Exposed.YES),
        ([TASK], "service:web in prod", Exposed.UNKNOWN),
        ([[{"Allocations": [ALLOCATION]}], {"Job": JOB}], "default/web/web", Exposed.UNKNOWN),
        ([{**ALLOCATION, "Job": JOB}], "default/web/web", Exposed.UNKNOWN),
        (
            [[{"Summary": {}, "Allocations": [{**ALLOCATION, "Namespace": "eu"}]}], {**JOB, "Namespace": "eu"}],
            "eu/web/web",
            Exposed.UNKNOWN,
        ),
        ([ALLOCATION, {"Job": {**JOB, "Namespace": None}}], "default/web/web", Exposed.UNKNOWN),
        ([RECORD], "prod/web", Exposed.NO),
    ],
)
def test_every_kind_of_listing(documents: list[object], where: str, exposed: Exposed) -> None:
    found = listed(*documents)
    assert (found[0].where, found[0].exposed) == (where, exposed)
    assert found[0].digests == (f"sha256:{DIGEST}",) or found[0].image == f"{WEB}:1.4"


def test_what_an_application_leaves_null_is_none() -> None:
    nothing = {"sync": {"revisions": None}, "history": None, "summary": {"images": None, "externalURLs": None}}
    assert listed({**ARGO, "status": nothing}) == ()


def test_the_commits_of_an_application_are_deployed_too() -> None:
    assert listed(ARGO)[1].commits == ("c" * 40,)


def test_an_allocation_without_its_job_is_said() -> None:
    read = read_listings([("allocs.json", json.dumps([ALLOCATION]).encode())])
    assert (read.running, "nomad job inspect" in read.notes[1]) == ((), True)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b'{"where": "x"}\n{"where"',
        b'{"where": "x"}',
        b'{"where": "x", "digest": "sha256:1"}',
        b'{"where": "x", "image": "a", "since": "yesterday"}',
        b'{"where": "x", "image": "a", "exposed": "perhaps"}',
        b'{"where": "x", "image": "a", "typo": 1}',
        b'{"something": "else"}',
        b"3",
        b"[" * 100_000,
        b'{"items": [{"kind": "Pod", "apiVersion": "v1", "metadata": 3}]}',
        b'{"tasks": [{"containers": 3}]}',
        b'{"TaskGroups": 3}',
        b'{"kind": "Application", "apiVersion": "argoproj.io/v1alpha1"}',
    ],
)
def test_what_cannot_be_read_is_an_error_with_the_file(content: bytes) -> None:
    with pytest.raises(GateError) as caught:
        read_listings([("broken.json", content)])
    assert (caught.value.path or "").startswith("broken.json")


def context(
    *running: RunningWorkload, source: str = "prod", listed_at: str = "2026-11-28T10:00:00+00:00"
) -> FleetContext:
    return FleetContext(source=source, listed_at=listed_at, running=running)


def test_the_newest_listing_of_a_source_stays(store: FleetStore) -> None:
    old, new = (context(listed_at=f"2026-11-{day}T10:00:00+00:00") for day in (27, 28))
    for one in (new, old, context(source="test")):
        put_context(store, one)
    assert contexts(store) == (new, context(source="test"))
    assert remove_context(store, "test")
    assert not remove_context(store, "test")
    assert contexts(store) == (new,)


def test_a_damaged_listing_is_an_error(store: FleetStore, tmp_path: Path) -> None:
    put_context(store, context())
    (path,) = (tmp_path / "store/contexts").rglob("*-*")
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(UnreadableError, match="damaged"):
        contexts(store)
    assert len(list(damaged_contexts(store))) == 1


def found_in(store: FleetStore, *running: RunningWorkload) -> list[FoundRow]:
    with opened(store) as connection:
        return find(connection, parse_query(LOG4J), Deployments([context(*running)]))


def test_what_runs_comes_first_with_where_and_how_exposed(store: FleetStore, add: Callable[..., None]) -> None:
    add("registry:shop/idle:1", [maven("2.14.0")], digest="a" * 64, layers=[""], uses=[used("start")])
    add(f"registry:{WEB}:1.4", [maven("2.14.0")], digest=DIGEST, layers=[""])
    one = RunningWorkload(where="Deployment/shop/web", digests=(f"sha256:{DIGEST}",), exposed=Exposed.YES, ways=(WAY,))
    first, second = found_in(store, one)
    assert (first.name, first.deployed, first.exposed) == (f"registry:{WEB}:1.4", "yes", "yes")
    assert first.running == ("prod: Deployment/shop/web, listed on 2026-11-28",)
    assert (second.deployed, second.running, second.exposed) == ("unknown", (), "unknown")


def test_the_index_of_its_platforms_joins_an_image_and_a_moved_tag_does_not(
    store: FleetStore, add: Callable[..., None]
) -> None:
    for digest in ("a", "b"):  # two platforms of one index
        add(f"registry:{WEB}:1.4", [maven("2.14.0")], digest=digest * 64, layers=[""], indexes=(DIGEST,))
    rows = found_in(store, RunningWorkload(where="w", image=f"{WEB}:1.4", digests=(f"sha256:{DIGEST}",)))
    assert {row.deployed for row in rows} == {"yes"}
    assert all("by the index of its platforms" in row.running[0] for row in rows)
    rows = found_in(store, RunningWorkload(where="w", image=f"{WEB}:1.4", digests=(f"sha256:{'b' * 64}",)))
    assert {row.digest[-1]: row.deployed for row in rows} == {"a": "unknown", "b": "yes"}
    rows = found_in(store, RunningWorkload(where="w", image=f"{WEB}:1.4", digests=(f"sha256:{'c' * 64}",)))
    assert {row.deployed for row in rows} == {"unknown"}
    with opened(store) as connection:
        assert len(find(connection, parse_query(f"sha256:{DIGEST}"))) == 2


def test_a_name_joins_where_no_digest_does_and_says_so(store: FleetStore, add: Callable[..., None]) -> None:
    add(f"docker:{WEB}:1.4", [maven("2.14.0")], digest="a" * 64, layers=[""])
    (row,) = found_in(store, RunningWorkload(where="w", image=f"{WEB}:1.4", digests=(f"sha256:{DIGEST}",)))
    assert (row.deployed, "by its name" in row.running[0]) == ("yes", True)
    (row,) = found_in(store, RunningWorkload(where="w", image=f"{WEB}:1.5"))
    assert row.deployed == "unknown"


def test_a_repository_is_deployed_by_its_commit_and_never_by_a_name(
    store: FleetStore, add: Callable[..., None]
) -> None:
    add("web", [maven("2.14.0")])
    (row,) = found_in(store, RunningWorkload(where="w", image="web:latest"))
    assert row.deployed == "unknown"
    (row,) = found_in(store, RunningWorkload(where="w", commits=("1" * 40,)))
    assert row.deployed == Deployed.YES.value
