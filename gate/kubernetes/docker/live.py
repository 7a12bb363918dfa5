"""A running Docker daemon: its settings and its containers, in the daemon's own words (JSON).

What these say is read here (Docker Engine API, "System" and "Containers").
"""

from collections.abc import Iterator

import msgspec

from gate.core.errors import UnreadableError
from gate.core.values import Data, Value
from gate.kubernetes.docker.asking import DockerHostState
from gate.kubernetes.docker.containers import DockerContainer
from gate.kubernetes.docker.daemon import DockerDaemon, is_loopback
from gate.kubernetes.docker.host_file import HostFile

_ACCESSIBLE = "API is accessible on "
"""How a daemon's own warning about a listener begins."""


def host_of(state: DockerHostState, name: str) -> HostFile:
    """Return a daemon and its containers as rules look at them. Raises UnreadableError for words that are none."""
    try:
        info, bridge = msgspec.json.decode(state.info), msgspec.json.decode(state.bridge)
        containers = [msgspec.json.decode(one) for one in state.containers]
    except msgspec.DecodeError as error:
        raise UnreadableError("the Docker daemon answers what is no JSON", path=name) from error
    said = _value({"info": info, "bridge": bridge})
    options = said.get("info") or said
    daemon = _daemon(state, options, said.get("bridge"))
    made = tuple(_container(_value(one), daemon.is_true("no-new-privileges")) for one in containers)
    return HostFile("", "", made, daemons=(daemon,))


def version_of(state: DockerHostState) -> str:
    """Return the version of the daemon; empty if it does not say."""
    return _value(msgspec.json.decode(state.info)).text("ServerVersion")


def _value(plain: object) -> Value:
    """Return decoded JSON as a value without a place."""
    data: Data
    if isinstance(plain, dict):
        data = {str(key): _value(one) for key, one in plain.items()}
    elif isinstance(plain, list):
        data = [_value(one) for one in plain]
    else:
        data = plain if isinstance(plain, str | int | float | bool) else None
    return Value(data, "", 0)


def _is_icc_on(bridge: Value | None) -> bool:
    options = bridge.get("Options") if bridge else None
    return options is not None and options.text("com.docker.network.bridge.enable_icc") != "false"


def _daemon(state: DockerHostState, info: Value, bridge: Value | None) -> DockerDaemon:
    security = [option.split(",") for option in info.texts("SecurityOptions")]
    names = [parts[0].removeprefix("name=") for parts in security]
    seccomp = next((parts for parts in security if parts[0] == "name=seccomp"), [])
    is_unconfined = "profile=unconfined" in seccomp or not seccomp
    settings: dict[str, object] = {
        "hosts": list(_listeners(state, info)),
        "tlsverify": state.is_verified,
        "live-restore": info.text("LiveRestoreEnabled") == "true",
        "swarm": info.text("Swarm", "LocalNodeState") == "active",
        "log-driver": info.text("LoggingDriver"),
        "insecure-registries": list(_insecure(info)),
        "experimental": info.text("ExperimentalBuild") == "true",
        "no-new-privileges": "no-new-privileges" in names,
        "icc": _is_icc_on(bridge),
        "access-control": "given" if {"apparmor", "selinux"} & set(names) else "none",
    }
    if {"userns", "rootless"} & set(names):
        settings["userns-remap"] = "default"
    if is_unconfined:
        settings["seccomp-profile"] = "unconfined"
    if state.socket_mode is not None:
        settings["socket-mode"] = state.socket_mode
    if state.content_trust != "1":
        settings["content-trust"] = {"mode": "not set for the one who asks (DOCKER_CONTENT_TRUST)"}
    return DockerDaemon("the Docker daemon", _value(settings), is_whole=True, is_running=True)


def _listeners(state: DockerHostState, info: Value) -> Iterator[str]:
    """Yield where the daemon listens without checking clients, by its own warnings and the address that was asked."""
    named = [warning.partition(_ACCESSIBLE)[2].split() for warning in info.texts("Warnings") if _ACCESSIBLE in warning]
    warned = [words[0] for words in named if words]
    yield from warned
    if state.address.startswith(("tcp://", "http://")) and not state.is_verified and not warned:
        yield state.address


def _insecure(info: Value) -> Iterator[str]:
    registries = info.get("RegistryConfig")
    if registries is None:
        return
    yield from (network for network in registries.texts("InsecureRegistryCIDRs") if not is_loopback(network))
    indexes = registries.get("IndexConfigs")
    for name, index in indexes.items() if indexes else ():
        if index.text("Secure") == "false":
            yield name


def _container(said: Value, keeps_privileges: bool) -> DockerContainer:
    """Return a container in the words of a Compose file."""
    host = said.get("HostConfig") or _value({})
    is_privileged = host.text("Privileged") == "true"
    options = [] if is_privileged else host.texts("SecurityOpt")  # it states label=disable by itself
    options += ["no-new-privileges:true"] if keeps_privileges else []
    memory = host.text("Memory")
    keys: dict[str, object] = {
        "image": said.text("Config", "Image"),
        "privileged": is_privileged,
        "pid": host.text("PidMode"),
        "network_mode": host.text("NetworkMode"),
        "ipc": host.text("IpcMode"),
        "userns_mode": host.text("UsernsMode"),
        "uts": host.text("UTSMode"),
        "cap_add": host.texts("CapAdd"),
        "cap_drop": host.texts("CapDrop"),
        "security_opt": options,
        "read_only": host.text("ReadonlyRootfs") == "true",
        "mem_limit": "" if memory == "0" else memory,
        "devices": [device.text("PathOnHost") for device in _elements(host, "Devices")],
        "volumes": [_mount(mount) for mount in _elements(said, "Mounts") if mount.text("Type") == "bind"],
        "ports": list(_ports(said)),
    }
    return DockerContainer("container", said.text("Name").removeprefix("/"), _value(keys))


def _mount(mount: Value) -> dict[str, object]:
    return {
        "source": mount.text("Source"),
        "read_only": mount.text("RW") == "false",
        "bind": {"propagation": mount.text("Propagation")},
    }


def _ports(said: Value) -> Iterator[dict[str, object]]:
    published = said.get("NetworkSettings", "Ports")
    for port, bindings in published.items() if published else ():
        for binding in bindings.elements():
            target = port.partition("/")[0]
            yield {"target": target, "published": binding.text("HostPort"), "host_ip": binding.text("HostIp")}


def _elements(value: Value, key: str) -> Iterator[Value]:
    found = value.get(key)
    yield from found.elements() if found else ()
