"""Tasks of Amazon ECS: `aws ecs describe-tasks` and `describe-task-definition` (ECS API, Task and TaskDefinition).

How a task can be reached is in the load balancers and security groups, which these do not state: it is unknown.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from gate.core.text import counted
from gate.fleet.listings.document import ListedDocument, ListedWorkloads, digests_in, since_the_oldest, time_of
from gate.fleet.running import RunningWorkload

_ENDED = ("STOPPED", "DEPROVISIONING", "DELETED")


class _TaskContainer(msgspec.Struct, frozen=True, rename="camel"):
    name: str
    image: str = ""
    image_digest: str = ""


class _Task(msgspec.Struct, frozen=True, rename="camel"):
    containers: tuple[_TaskContainer, ...] = ()
    cluster_arn: str = ""
    group: str = ""
    last_status: str = ""
    task_definition_arn: str = ""
    started_at: str | float | None = None


class _Definition(msgspec.Struct, frozen=True, rename="camel"):
    task_definition_arn: str = ""
    container_definitions: tuple[_TaskContainer, ...] = ()


class _EcsAnswer(msgspec.Struct, frozen=True, rename="camel"):
    tasks: tuple[_Task, ...] = ()
    failures: tuple[Any, ...] = ()
    task_definition: _Definition | None = None


def is_of(data: Mapping[str, Any]) -> bool:
    """True for an answer of `describe-tasks` or `describe-task-definition`."""
    return isinstance(data.get("tasks"), list) or isinstance(data.get("taskDefinition"), dict)


def read(documents: Sequence[ListedDocument]) -> ListedWorkloads:
    """Return the images of tasks that have not ended, each once for a service."""
    answers = [one.part(_EcsAnswer, "an answer of ECS") for one in documents]
    definitions = {
        one.task_definition.task_definition_arn: one.task_definition for one in answers if one.task_definition
    }
    tasks = [task for one in answers for task in one.tasks if task.last_status not in _ENDED]
    running = (one for task in tasks for one in _running(task, definitions))
    failed = sum(len(one.failures) for one in answers)
    notes = [f"ECS: {counted(len(tasks), 'task')}", *([f"ECS could not describe {failed:,} tasks"] if failed else [])]
    return ListedWorkloads(tuple(since_the_oldest(running)), tuple(notes))


def _running(task: _Task, definitions: Mapping[str, _Definition]) -> Iterator[RunningWorkload]:
    definition = definitions.get(task.task_definition_arn)
    defined = {one.name: one.image for one in definition.container_definitions} if definition else {}
    cluster = task.cluster_arn.rpartition("/")[2]
    group = task.group or task.task_definition_arn.rpartition("/")[2] or "task"
    for container in task.containers:
        image = container.image or defined.get(container.name, "")
        yield RunningWorkload(
            where=f"{group} in {cluster}" if cluster else group,
            image=image.partition("@")[0],
            digests=digests_in(container.image_digest, image),
            since=time_of(task.started_at),
        )
