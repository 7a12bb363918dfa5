"""Manifests of a fleet run: the examples are what is written, valid, and pass the gate's own stage."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

import gate
from gate.core.errors import LimitError, UsageError
from gate.fleet import on_kubernetes
from gate.fleet.on_kubernetes import FleetJob, as_dask_job, as_job
from gate.fleet.target_run import FleetPlan

EXAMPLES = Path(__file__).parents[2] / "examples/fleet"
JOB = FleetJob(
    image="registry.example.com/security/gate@sha256:c974e17b8e7321ce8c12983de3d0ed4a289821f579bbe0925b0181a4bc8e8d80",
    plan=FleetPlan(
        store="s3://example-gate/fleet", run="night", options=("--policy", "https://security.example.com/policy.yaml")
    ),
    targets=(
        "https://git.example.com/shop/api",
        "registry:registry.example.com/shop/api:1.4",
        "https://git.example.com/shop/web",
    ),
)
WRITTEN: dict[str, Callable[[FleetJob], str]] = {"job.yaml": as_job, "dask-job.yaml": as_dask_job}


def pods_in(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the specifications of pods, wherever they are."""
    if isinstance(value, dict):
        if "containers" in value:
            yield value
        for member in value.values():
            yield from pods_in(member)


@pytest.mark.parametrize("name", WRITTEN)
def test_the_examples_are_what_the_command_writes(name: str) -> None:
    assert WRITTEN[name](JOB) == (EXAMPLES / name).read_text()


@pytest.mark.one_python
@pytest.mark.parametrize("name", WRITTEN)
def test_they_are_valid_for_kubernetes(name: str) -> None:
    validator = pytest.importorskip("kubernetes_validate")
    for manifest in yaml.safe_load_all((EXAMPLES / name).read_text()):
        if manifest["kind"] != "DaskJob":
            validator.validate(manifest, "1.37", strict=True)
            continue
        service = {"apiVersion": "v1", "kind": "Service", "metadata": manifest["metadata"]}
        service["spec"] = manifest["spec"]["cluster"]["spec"]["scheduler"]["service"]
        validator.validate(service, "1.37", strict=True)
        for pod in pods_in(manifest):
            whole = {"apiVersion": "v1", "kind": "Pod", "metadata": manifest["metadata"], "spec": pod}
            validator.validate(whole, "1.37", strict=True)


def test_the_gates_own_stage_has_nothing_to_say() -> None:
    stages = {
        name: {"enabled": False} for name in ("dockerfile", "secrets", "dependencies", "image", "ci", "workspace")
    }
    given = {"offline": True, "stages": {**stages, "kubernetes": {"pod_security": "restricted"}}}
    report = gate.run(str(EXAMPLES), settings=given)
    assert [(one.rule, one.location.path) for one in report.findings] == []
    assert [stage.facts["objects"] for stage in report.stages if stage.name == "kubernetes"] == [5]


def test_the_list_is_in_as_many_parts_as_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_kubernetes, "_MOST_PART", 70)
    manifests = list(yaml.safe_load_all(as_job(JOB)))
    lists = [one["data"] for one in manifests if one["kind"] == "ConfigMap"]
    assert "".join(text for one in lists for text in one.values()).splitlines() == list(JOB.targets)
    assert len(lists) == 3
    (pod,) = pods_in(manifests[-1])
    (script,) = pod["containers"][0]["args"]
    assert [f"--from /targets/{number}.txt" in script for number in range(4)] == [True, True, True, False]
    monkeypatch.setattr(on_kubernetes, "_MOST_PARTS", 2)
    with pytest.raises(LimitError):
        as_job(JOB)


@pytest.mark.parametrize(
    "change", [{"targets": ("folder",)}, {"name": "A b"}, {"plan": FleetPlan(store="/srv/gate", run="night")}]
)
def test_what_no_pod_could_do_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        as_job(msgspec.structs.replace(JOB, **change))
