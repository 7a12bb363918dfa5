"""Allocations of Nomad with the jobs that they are of.

They come from `nomad job status -json`, `nomad alloc status -json` and `nomad job inspect`. An allocation of
`job status` names its job and no image, so the job is needed too (Nomad API, Allocations and Jobs).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from gate.core.text import counted
from gate.fleet.listings.document import ListedDocument, ListedWorkloads, digests_in, since_the_oldest, time_of
from gate.fleet.running import RunningWorkload

_DEFAULT = "default"
"""The namespace of what states none."""
_RUNNING = ("running", "pending")


class _NomadTask(msgspec.Struct, frozen=True, rename="pascal"):
    name: str
    config: dict[str, Any] | None = None


class _TaskGroup(msgspec.Struct, frozen=True, rename="pascal"):
    name: str
    tasks: tuple[_NomadTask, ...] | None = None


class _NomadJob(msgspec.Struct, frozen=True, rename="pascal"):
    id: str = msgspec.field(name="ID")
    namespace: str | None = None
    task_groups: tuple[_TaskGroup, ...] | None = None

    @property
    def key(self) -> tuple[str, str]:
        return (self.namespace or _DEFAULT, self.id)


class _TaskState(msgspec.Struct, frozen=True, rename="pascal"):
    started_at: str | None = None


class _Allocation(msgspec.Struct, frozen=True, rename="pascal"):
    job_id: str = msgspec.field(name="JobID")
    task_group: str
    client_status: str
    namespace: str | None = None
    job: _NomadJob | None = None
    task_states: dict[str, _TaskState] | None = None

    @property
    def key(self) -> tuple[str, str]:
        return (self.namespace or _DEFAULT, self.job_id)


class _JobStatus(msgspec.Struct, frozen=True, rename="pascal"):
    allocations: tuple[_Allocation, ...] | None = None
    job: _NomadJob | None = None


def is_of(data: Mapping[str, Any]) -> bool:
    """True for an allocation, a job, or the status of one."""
    return "ClientStatus" in data or "TaskGroups" in data or "Allocations" in data or isinstance(data.get("Job"), dict)


def read(documents: Sequence[ListedDocument]) -> ListedWorkloads:
    """Return the images of allocations that run."""
    allocations: list[_Allocation] = []
    jobs: dict[tuple[str, str], _NomadJob] = {}
    for document in documents:
        found, stated = _parts(document)
        allocations += found
        stated += [one.job for one in found if one.job]
        jobs |= {job.key: job for job in stated}
    running = [one for one in allocations if one.client_status in _RUNNING]
    notes = [f"Nomad: {counted(len(running), 'allocation')}"]
    unknown = {one.job_id for one in running if one.key not in jobs}
    if unknown:
        named = ", ".join(sorted(unknown)[:5])
        notes.append(f"the jobs of {counted(len(unknown), 'job id')} are not in the files ({named}): nomad job inspect")
    workloads = (found for one in running for found in _running(one, jobs.get(one.key)))
    return ListedWorkloads(tuple(since_the_oldest(workloads)), tuple(notes))


def _parts(document: ListedDocument) -> tuple[list[_Allocation], list[_NomadJob]]:
    """Return the allocations and jobs of a document."""
    if "ClientStatus" in document.data:
        return [document.part(_Allocation, "an allocation")], []
    if "TaskGroups" in document.data:
        return [], [document.part(_NomadJob, "a job")]
    status = document.part(_JobStatus, "the status of a job")
    return list(status.allocations or ()), [status.job] if status.job else []


def _running(allocation: _Allocation, job: _NomadJob | None) -> Iterator[RunningWorkload]:
    groups = (job.task_groups or ()) if job else ()
    for task in next((one.tasks or () for one in groups if one.name == allocation.task_group), ()):
        image = (task.config or {}).get("image")
        state = (allocation.task_states or {}).get(task.name)
        if isinstance(image, str) and image:
            yield RunningWorkload(
                where="/".join((*allocation.key, allocation.task_group)),
                image=image.partition("@")[0],
                digests=digests_in(image),
                since=time_of(state.started_at if state else None),
            )
