"""Applications of Argo CD: `kubectl get applications -A -o json` or `argocd app list -o json`.

`status.summary` has the images and the addresses outside, `status.sync` the commits of the repositories that hold the
manifests (Argo CD, Application CRD v1alpha1).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from gate.core.text import without_credentials
from gate.fleet.listings.document import ListedDocument, ListedWorkloads, digests_in, time_of
from gate.fleet.running import RunningWorkload
from gate.model import Exposed


class _Named(msgspec.Struct, frozen=True):
    name: str = ""
    namespace: str = ""
    server: str = ""


class _ApplicationSpec(msgspec.Struct, frozen=True):
    destination: _Named = _Named()


class _Sync(msgspec.Struct, frozen=True):
    revision: str = ""
    revisions: tuple[str, ...] | None = None


class _Summary(msgspec.Struct, frozen=True, rename="camel"):
    images: tuple[str, ...] | None = None
    external_urls: tuple[str, ...] | None = msgspec.field(name="externalURLs", default=None)


class _Deployed(msgspec.Struct, frozen=True, rename="camel"):
    deployed_at: str | None = None


class _ApplicationStatus(msgspec.Struct, frozen=True):
    sync: _Sync = _Sync()
    summary: _Summary = _Summary()
    history: tuple[_Deployed, ...] | None = None


class _Application(msgspec.Struct, frozen=True):
    metadata: _Named
    spec: _ApplicationSpec = _ApplicationSpec()
    status: _ApplicationStatus = _ApplicationStatus()


def is_of(data: Mapping[str, Any]) -> bool:
    """True for an Application."""
    of_cluster = str(data.get("apiVersion", "")).startswith("argoproj.io/")
    return of_cluster or ("metadata" in data and "kind" not in data and "destination" in (data.get("spec") or {}))


def read(documents: Sequence[ListedDocument]) -> ListedWorkloads:
    """Return the images of Applications, and the commits that they were synchronised to."""
    wanted = [one for one in documents if one.data.get("kind", "Application") == "Application"]
    running = tuple(workload for one in wanted for workload in _running(one.part(_Application, "an Application")))
    return ListedWorkloads(running, (f"Argo CD: {len(wanted):,} Applications",))


def _running(application: _Application) -> Iterator[RunningWorkload]:
    status, target = application.status, application.spec.destination
    place = "/".join(filter(None, (target.name or target.server, target.namespace)))
    name = "/".join(filter(None, (application.metadata.namespace, application.metadata.name)))
    urls = tuple(map(without_credentials, status.summary.external_urls or ()))
    where = f" in {without_credentials(place)}" if place else ""
    stated = RunningWorkload(
        where=f"Application/{name}{where}",
        since=max((time_of(one.deployed_at) for one in status.history or ()), default=""),
        exposed=Exposed.YES if urls else Exposed.UNKNOWN,
        ways=urls,
    )
    for image in status.summary.images or ():
        yield msgspec.structs.replace(stated, image=image.partition("@")[0], digests=digests_in(image))
    commits = tuple(filter(None, (status.sync.revision, *(status.sync.revisions or ()))))
    if commits:
        yield msgspec.structs.replace(stated, commits=commits)
