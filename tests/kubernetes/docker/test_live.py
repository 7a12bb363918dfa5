"""What a Docker daemon says of itself and its containers, as rules look at it."""

import json
from typing import Any

import pytest

from gate.core.errors import UnreadableError
from gate.kubernetes.docker.asking import DockerHostState
from gate.kubernetes.docker.live import host_of, version_of
from gate.kubernetes.rule import DOCKER_CONTAINERS, DOCKER_DAEMONS, HOST_FILES
from gate.kubernetes.rules import all_rules
from gate.rules import ask

HARDENED = {
    "ServerVersion": "28.0.1",
    "SecurityOptions": [
        *("name=apparmor", "name=seccomp,profile=builtin", "name=userns", "name=no-new-privileges", "name=cgroupns"),
    ],
    "LiveRestoreEnabled": True,
    "LoggingDriver": "journald",
    "ExperimentalBuild": False,
    "RegistryConfig": {
        "InsecureRegistryCIDRs": ["127.0.0.0/8", "::1/128"],
        "IndexConfigs": {"docker.io": {"Secure": True}},
    },
}
BRIDGE = {"Options": {"com.docker.network.bridge.enable_icc": "false"}}
CONTAINER: dict[str, Any] = {
    "Name": "/web",
    "Config": {"Image": "shop/web:1"},
    "HostConfig": {"CapDrop": ["ALL"], "ReadonlyRootfs": True, "Memory": 1 << 26, "IpcMode": "private"},
    "Mounts": [{"Type": "volume", "Source": "/var/lib/docker/volumes/a/_data", "RW": True}],
    "NetworkSettings": {"Ports": {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "80"}], "81/tcp": None}},
}


def state(
    info: dict[str, Any] | None = None, container: dict[str, Any] | None = None, **further: Any
) -> DockerHostState:
    return DockerHostState(
        address=further.pop("address", "unix:///run/docker.sock"),
        is_verified=further.pop("is_verified", False),
        info=json.dumps({**HARDENED, **(info or {})}).encode(),
        bridge=json.dumps(further.pop("bridge", BRIDGE)).encode(),
        containers=(json.dumps(container or CONTAINER).encode(),),
        content_trust=further.pop("content_trust", "1"),
        **further,
    )


def found(asked: DockerHostState) -> dict[str, str]:
    """Return the rules with a hit, each with its message."""
    host = host_of(asked, "docker-host:")
    subjects = {DOCKER_DAEMONS: host.daemons, DOCKER_CONTAINERS: host.containers, HOST_FILES: (host,)}
    rules = [rule for rule in all_rules() if rule.looks_at in subjects]
    hits = [(rule, hit) for rule in rules for one in subjects[rule.looks_at] for _, hit in ask([rule], one)]
    assert all(hit.path is None and hit.line is None for _, hit in hits)
    return {rule.id: hit.message for rule, hit in hits}


def test_a_hardened_daemon_with_a_hardened_container_has_no_finding() -> None:
    assert found(state()) == {}
    assert version_of(state()) == "28.0.1"


@pytest.mark.parametrize(
    ("info", "rule"),
    [
        ({"SecurityOptions": ["name=apparmor", "name=userns", "name=no-new-privileges"]}, "GK426"),
        (
            {
                "SecurityOptions": [
                    *("name=selinux", "name=userns", "name=no-new-privileges", "name=seccomp,profile=unconfined"),
                ]
            },
            "GK426",
        ),
        ({"SecurityOptions": ["name=seccomp,profile=builtin", "name=rootless", "name=no-new-privileges"]}, "GK433"),
        ({"LiveRestoreEnabled": False}, "GK422"),
        ({"LoggingDriver": "none"}, "GK423"),
        ({"ExperimentalBuild": True}, "GK427"),
        ({"RegistryConfig": {"IndexConfigs": {"registry.example": {"Secure": False}}}}, "GK424"),
        ({"RegistryConfig": {"InsecureRegistryCIDRs": ["10.0.0.0/8"]}}, "GK424"),
        ({"Warnings": ["WARNING: API is accessible on http://0.0.0.0:2375 without encryption."]}, "GK420"),
    ],
)
def test_what_a_daemon_says_of_itself_is_judged(info: dict[str, Any], rule: str) -> None:
    assert list(found(state(info))) == [rule]


@pytest.mark.parametrize(
    ("further", "rule"),
    [
        ({"bridge": {"Options": {"com.docker.network.bridge.enable_icc": "true"}}}, "GK425"),
        ({"content_trust": ""}, "GK428"),
        ({"socket_mode": "0666"}, "GK431"),
        ({"address": "tcp://192.0.2.1:2375"}, "GK420"),
    ],
)
def test_what_is_known_of_it_otherwise_is_judged(further: dict[str, Any], rule: str) -> None:
    assert list(found(state(**further))) == [rule]


@pytest.mark.parametrize(
    "further",
    [
        {"bridge": None},
        {"socket_mode": "0660"},
        {"address": "tcp://192.0.2.1:2376", "is_verified": True},
        {"info": {"LiveRestoreEnabled": False, "Swarm": {"LocalNodeState": "active"}}},
    ],
)
def test_what_is_well_is_not(further: dict[str, Any]) -> None:
    assert found(state(**further)) == {}


@pytest.mark.parametrize(
    ("host", "more", "rule"),
    [
        ({"Privileged": True, "SecurityOpt": ["label=disable"]}, {}, "GK401"),
        ({}, {"Mounts": [{"Type": "bind", "Source": "/run/docker.sock", "RW": False}]}, "GK402"),
        ({}, {"Mounts": [{"Type": "bind", "Source": "/etc", "RW": True}]}, "GK403"),
        ({}, {"Mounts": [{"Type": "bind", "Source": "/mnt", "RW": True, "Propagation": "rshared"}]}, "GK408"),
        ({"PidMode": "host"}, {}, "GK404"),
        ({"CapAdd": ["CAP_SYS_ADMIN"]}, {}, "GK405"),
        ({"SecurityOpt": ["seccomp=unconfined"]}, {}, "GK406"),
        ({"Devices": [{"PathOnHost": "/dev/sda"}]}, {}, "GK407"),
        ({"CapDrop": None}, {}, "GK410"),
        ({"ReadonlyRootfs": False}, {}, "GK411"),
        ({"Memory": 0}, {}, "GK412"),
        ({}, {"NetworkSettings": {"Ports": {"5432/tcp": [{"HostIp": "::", "HostPort": "5432"}]}}}, "GK413"),
        ({}, {"NetworkSettings": {"Ports": {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "80"}]}}}, "GK414"),
    ],
)
def test_a_container_is_judged_as_a_service_is(host: dict[str, Any], more: dict[str, Any], rule: str) -> None:
    container = {**CONTAINER, **more, "HostConfig": {**CONTAINER["HostConfig"], **host}}
    told = found(state(container=container))
    assert list(told) == [rule]
    assert "container/web" in told[rule]


def test_words_that_are_no_json_are_an_error() -> None:
    broken = DockerHostState(address="", is_verified=False, info=b"<html>", bridge=b"null", containers=())
    with pytest.raises(UnreadableError, match="no JSON"):
        host_of(broken, "docker-host:")
