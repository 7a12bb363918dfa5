"""A fleet run as manifests for Kubernetes: an indexed Job in shards, or a DaskJob for Dask's operator.

The targets are listed once, here, and go along as ConfigMaps, so that every shard has the same list. Pods get what the
standard `restricted` allows, no token of a service account, and logins as the files of the Secret `NAME-logins`, which
may be absent: `netrc`, `config.json` (of Docker) and `credentials` (of AWS).
"""

import shlex
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from gate.core.errors import LimitError, UsageError
from gate.core.lazy_regex import lazy_regex
from gate.fleet.repository_address import repository_address
from gate.fleet.target_run import FleetPlan, registry_of

_MOST_PART = 900_000
"""Bytes of targets in a ConfigMap, which may have 1 MiB."""
_MOST_PARTS = 16
_PORT = 8786
_TARGETS, _LOGINS, _SCRATCH = "/targets", "/logins", "/tmp"  # noqa: S108  (a volume of the pod)
_ENVIRONMENT = {
    "HOME": _SCRATCH,
    "NETRC": f"{_LOGINS}/netrc",
    "DOCKER_CONFIG": _LOGINS,
    "AWS_SHARED_CREDENTIALS_FILE": f"{_LOGINS}/credentials",
}
_NAME = lazy_regex(r"[a-z0-9](?:[-a-z0-9]{0,40}[a-z0-9])?")
_USER = 65_532
_VERDICTS = (1, 2)
"""Exit statuses that trying again does not change: a target fails, or the options are wrong."""
_LIMITS = {"cpu": "2", "memory": "4Gi", "ephemeral-storage": "20Gi"}
_REQUESTS = {"cpu": "1", "memory": "2Gi", "ephemeral-storage": "10Gi"}

Manifest = dict[str, Any]


class FleetJob(msgspec.Struct, frozen=True, kw_only=True):
    """What the manifests are for."""

    name: str = "gate-fleet"
    image: str
    """An image with the gate, its extra `fleet`, and the package for the store's address."""
    pods: int = 8
    """Shards of a Job, or workers of Dask."""
    plan: FleetPlan
    targets: tuple[str, ...]


def as_job(job: FleetJob) -> str:
    """Return the manifests of an indexed Job (kubernetes.io, "Indexed Job for Parallel Processing"). Raises GateError.

    A shard that cannot finish is tried again, alone; one whose status is a verdict is not.
    """
    shard = f'"$((JOB_COMPLETION_INDEX + 1))/{job.pods}"'
    retries = {"action": "FailIndex", "onExitCodes": {"operator": "In", "values": list(_VERDICTS)}}
    spec = {
        "completionMode": "Indexed",
        "completions": job.pods,
        "parallelism": job.pods,
        "backoffLimitPerIndex": 3,
        "podFailurePolicy": {"rules": [retries]},
        "ttlSecondsAfterFinished": 86_400,
        "template": {
            "metadata": {"labels": _labels(job)},
            "spec": _pod(job, _container(job, "gate", f"exec {_command(job)} --shard {shard}"), with_targets=True),
        },
    }
    return _text([*_lists(job), _manifest("batch/v1", "Job", job, spec)])


def as_dask_job(job: FleetJob) -> str:
    """Return the manifests of a DaskJob (kubernetes.dask.org): a scheduler, workers, and what gives them the targets.

    A NetworkPolicy lets no other pod reach the scheduler, which runs the programs of all who do. Raises GateError.
    """
    server = f"{job.name}-scheduler"
    runner = _container(job, "job", f"exec {_command(job)} --on dask://{server}:{_PORT}")
    worker = _container(job, "worker", 'exec dask-worker --name "$DASK_WORKER_NAME" --nthreads 1 --no-nanny')
    scheduler = _container(job, "scheduler", "exec dask-scheduler")
    scheduler["ports"] = [{"name": "tcp-comm", "containerPort": _PORT, "protocol": "TCP"}]
    selector = {"dask.org/cluster-name": job.name, "dask.org/component": "scheduler"}
    port = {"name": "tcp-comm", "protocol": "TCP", "port": _PORT, "targetPort": "tcp-comm"}
    cluster = {
        "worker": {"replicas": job.pods, "spec": _pod(job, worker)},
        "scheduler": {
            "spec": _pod(job, scheduler),
            "service": {"type": "ClusterIP", "selector": selector, "ports": [port]},
        },
    }
    spec = {"job": {"spec": _pod(job, runner, with_targets=True)}, "cluster": {"spec": cluster}}
    own = {"podSelector": {"matchLabels": {"dask.org/cluster-name": job.name}}}
    policy = {**own, "policyTypes": ["Ingress"], "ingress": [{"from": [own]}]}
    network = _manifest("networking.k8s.io/v1", "NetworkPolicy", job, policy)
    return _text([*_lists(job), network, _manifest("kubernetes.dask.org/v1", "DaskJob", job, spec)])


def _command(job: FleetJob) -> str:
    """Return the command line of the run; each list is a file of the volume."""
    plan = job.plan
    words = ["gate", "fleet", "run", "--store", plan.store, "--run", plan.run, "--limit", f"{plan.limit_s:.0f}"]
    words += ["--per-host", str(plan.per_host), "--keep-clones", "0"]  # nothing of a pod stays
    if plan.organisation is not None:
        words += ["--organisation", plan.organisation]
    if plan.options:
        words += ["--options", shlex.join(plan.options)]
    for number, _ in enumerate(_parts(job)):
        words += ["--from", f"{_TARGETS}/{number}.txt"]
    return shlex.join(words)


def _lists(job: FleetJob) -> Iterator[Manifest]:
    for number, lines in enumerate(_parts(job)):
        named = f"{job.name}-targets-{number}"
        manifest = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": named, "labels": _labels(job)}}
        yield {**manifest, "immutable": True, "data": {f"{number}.txt": "".join(lines)}}


def _parts(job: FleetJob) -> list[list[str]]:
    """Return the lines of the lists. Raises UsageError for what a pod cannot judge, LimitError for too many."""
    _check(job)
    parts: list[list[str]] = [[]]
    size = 0
    for target in job.targets:
        if repository_address(target) is None and registry_of(target) is None:
            raise UsageError("is on this machine, and no pod has it", path=target)
        line = f"{target}\n"
        size += len(line.encode())
        if size > _MOST_PART:
            parts.append([])
            size = len(line.encode())
        parts[-1].append(line)
    if len(parts) > _MOST_PARTS:
        raise LimitError(f"the targets need more than {_MOST_PARTS} ConfigMaps", hint="Write several jobs, by --shard")
    return parts


def _check(job: FleetJob) -> None:
    if not _NAME.fullmatch(job.name):
        raise UsageError("a job's name has small letters, digits and hyphens", path=job.name[:60])
    if "://" not in job.plan.store:
        hint = "Name an address that every pod reaches, such as s3://BUCKET/FOLDER"
        raise UsageError("the store is a folder of this machine", path=job.plan.store, hint=hint)


def _pod(job: FleetJob, container: Manifest, *, with_targets: bool = False) -> Manifest:
    """Return a pod's specification; one with targets runs once."""
    volumes: list[Manifest] = [
        {"name": "scratch", "emptyDir": {"sizeLimit": _LIMITS["ephemeral-storage"]}},
        {"name": "logins", "secret": {"secretName": f"{job.name}-logins", "optional": True}},
    ]
    if with_targets:
        lists = [{"configMap": {"name": f"{job.name}-targets-{number}"}} for number in range(len(_parts(job)))]
        volumes.append({"name": "targets", "projected": {"sources": lists}})
        container["volumeMounts"].append({"name": "targets", "mountPath": _TARGETS, "readOnly": True})
    return {
        "automountServiceAccountToken": False,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": _USER,
            "runAsGroup": _USER,
            "fsGroup": _USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [container],
        "volumes": volumes,
        **({"restartPolicy": "Never"} if with_targets else {}),
    }


def _container(job: FleetJob, name: str, script: str) -> Manifest:
    return {
        "name": name,
        "image": job.image,
        "command": ["/bin/sh", "-c"],
        "args": [script],
        "env": [{"name": name, "value": value} for name, value in _ENVIRONMENT.items()],
        "resources": {"requests": dict(_REQUESTS), "limits": dict(_LIMITS)},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [
            {"name": "scratch", "mountPath": _SCRATCH},
            {"name": "logins", "mountPath": _LOGINS, "readOnly": True},
        ],
    }


def _manifest(version: str, kind: str, job: FleetJob, spec: Manifest) -> Manifest:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": job.name, "labels": _labels(job)}, "spec": spec}


def _labels(job: FleetJob) -> dict[str, str]:
    return {"app.kubernetes.io/name": "gate-fleet", "app.kubernetes.io/instance": job.name}


def _text(manifests: Sequence[Manifest]) -> str:
    """Return manifests as YAML, texts of several lines as such."""
    import yaml

    class Dumper(yaml.SafeDumper):
        def represent_str(self, text: str) -> yaml.ScalarNode:
            return self.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)

        def ignore_aliases(self, data: object) -> bool:
            return True

    Dumper.add_representer(str, Dumper.represent_str)
    return str(yaml.dump_all(manifests, Dumper=Dumper, sort_keys=False, explicit_start=True, width=1_000))
