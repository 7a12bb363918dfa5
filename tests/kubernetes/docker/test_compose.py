"""Compose files: which files are one, what services extend, and what is found in them."""

from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.core.yaml_values import read_values
from gate.kubernetes.docker.compose import merged
from gate.kubernetes.docker.containers import DockerContainer
from gate.kubernetes.rule import DOCKER_CONTAINERS
from gate.kubernetes.rules import all_rules
from gate.model import Severity, StageResult, Tree, Worth
from gate.pipeline.context import LocalContext
from gate.rules import ask
from gate.stages import kubernetes

Run = Callable[[Mapping[str, str]], StageResult]
QUIET = ("GK409", "GK410", "GK411", "GK412", "GK414", "GK415")
"""Rules on what is left out, and on any open port."""


@pytest.fixture
def run(make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]) -> Run:
    return lambda files: kubernetes.run(make_tree(files), make_context())


def loud(result: StageResult) -> list[tuple[str, str | None, int | None]]:
    """Return rule, path and line of the findings that say that something is there."""
    found = [one for one in result.findings if one.rule not in QUIET]
    return [(one.rule, one.location.path, one.location.line) for one in found]


def service(more: str, image: str = "shop/web:1") -> str:
    return f"services:\n  web:\n    image: {image}\n    {more}\n"


def test_a_file_is_a_compose_file_by_what_it_holds(run: Run) -> None:
    result = run({"deploy/stack.yml": service("privileged: true"), "compose.yaml": service("privileged: true")})
    assert loud(result) == [("GK401", "compose.yaml", 4), ("GK401", "deploy/stack.yml", 4)]
    assert result.findings[0].message
    assert {one.message for one in result.findings if one.rule == "GK401"} == {"service/web: privileged is true"}


@pytest.mark.parametrize(
    "text",
    [
        "services:\n  App\\Mailer:\n    arguments: [1]\n    public: true\nimage: a\n",
        "services:\n  - postgres:17\nimage: a\n",
        "jobs:\n  a:\n    services:\n      db: {image: postgres, privileged: true}\n",
        "services: nothing\nimage: {{ a }}\n",
        "services:\n  a: 1\n  image: b\n",
    ],
)
def test_what_merely_has_services_is_none(run: Run, text: str) -> None:
    result = run({"config/services.yaml": text})
    assert result.skipped is not None
    assert not result.errors


def test_a_compose_file_that_cannot_be_parsed_is_an_error_with_its_line(run: Run) -> None:
    (error,) = run({"compose.yaml": "services:\n  web:\n    image: a\n   ports: [\n"}).errors
    assert (error.path or "").startswith("compose.yaml:4")


def test_a_template_of_one_is_named_as_not_read(run: Run) -> None:
    result = run({"docker-compose.yml": "services:\n{% for a in b %}\n  {{ a }}: {image: c}\n{% endfor %}\n"})
    assert result.facts["templates_not_read"] == ["docker-compose.yml"]
    assert not result.errors


def test_what_services_share_by_an_anchor_is_found_once_where_it_stands(run: Run) -> None:
    text = (
        "x-base: &base\n  privileged: true\nservices:\n  a:\n    <<: *base\n    image: a\n  b:\n    <<: *base\n"
        "    image: b\n  c: {image: c}\n"
    )
    assert loud(run({"compose.yaml": text})) == [("GK401", "compose.yaml", 2)]


def test_what_a_service_extends_counts_and_is_found_in_its_own_file(run: Run) -> None:
    base = "services:\n  base:\n    image: a\n    privileged: true\n    security_opt: ['no-new-privileges:true']\n"
    own = "services:\n  web:\n    extends: {file: common/base.yaml, service: base}\n"
    result = run({"compose.yaml": own, "common/base.yaml": base})
    assert loud(result) == [("GK401", "common/base.yaml", 4)]
    assert not [one for one in result.findings if one.rule == "GK409"]


def test_a_service_takes_back_what_it_extends(run: Run) -> None:
    text = (
        "services:\n  web:\n    extends: base\n    privileged: false\n    pid: !reset null\n"
        "    ports: !override ['127.0.0.1:1:5432']\n"
        "  base: {image: a}\n"
    )
    assert not loud(run({"compose.yaml": text}))


def test_services_that_extend_each_other_end(run: Run) -> None:
    text = "services:\n  a: {image: a, extends: b, privileged: true}\n  b: {image: b, extends: {service: a}}\n"
    assert loud(run({"compose.yaml": text})) == [("GK401", "compose.yaml", 2)]


def test_an_override_is_judged_over_the_main_file(run: Run) -> None:
    files = {
        "compose.yaml": "services:\n  db: {image: 'postgres:17', cap_drop: [ALL]}\n",
        "compose.override.yaml": "services:\n  db:\n    ports: ['5432:5432']\n",
    }
    result = run(files)
    assert loud(result) == [("GK413", "compose.override.yaml", 3)]
    assert {one.location.path for one in result.findings if one.rule == "GK409"} == {"compose.yaml"}


@pytest.mark.parametrize(
    ("more", "rule", "severity"),
    [
        ("privileged: ${PRIVILEGED:-true}", "GK401", Severity.HIGH),
        ("volumes: ['${SOCK:-/var/run/docker.sock}:/s']", "GK402", Severity.HIGH),
        ("volumes: [{type: bind, source: /run/containerd/containerd.sock, target: /s}]", "GK402", Severity.HIGH),
        ("volumes: ['/:/host']", "GK403", Severity.HIGH),
        ("volumes: ['/:/host:ro']", "GK403", Severity.MEDIUM),
        ("volumes: [{type: bind, source: /etc/, target: /e, read_only: true}]", "GK403", Severity.MEDIUM),
        ("volumes: ['/proc:/host/proc']", "GK403", Severity.MEDIUM),
        ("network_mode: host", "GK404", Severity.MEDIUM),
        ("ipc: host", "GK404", Severity.MEDIUM),
        ("userns_mode: 'host'", "GK404", Severity.LOW),
        ("cap_add: [cap_sys_ptrace]", "GK405", Severity.MEDIUM),
        ("cap_add: [ALL]", "GK405", Severity.HIGH),
        ("security_opt: ['apparmor=unconfined']", "GK406", Severity.MEDIUM),
        ("security_opt: ['label:disable']", "GK406", Severity.LOW),
        ("devices: ['/dev/mem:/dev/mem']", "GK407", Severity.MEDIUM),
        ("device_cgroup_rules: ['a *:* rwm']", "GK407", Severity.MEDIUM),
        ("volumes: [{type: bind, source: /mnt, target: /m, bind: {propagation: shared}}]", "GK408", Severity.LOW),
        ("ports: ['5432']", "GK413", Severity.MEDIUM),
        ("ports: ['${HOST_PORT}:5432']", "GK413", Severity.MEDIUM),
        ("ports: ['[::]:6379:6379/tcp']", "GK413", Severity.MEDIUM),
        ("ports: [{target: 3306, published: '3306'}]", "GK413", Severity.MEDIUM),
        ("ports: ['2375:2375']", "GK413", Severity.HIGH),
        ("ports: [8080]", "GK414", Severity.INFO),
    ],
)
def test_spellings_that_are_caught(run: Run, more: str, rule: str, severity: Severity) -> None:
    found = {one.rule: one for one in run({"compose.yaml": service(more)}).findings}
    assert found[rule].severity is severity
    assert found[rule].location.line == 4


@pytest.mark.parametrize(
    "more",
    [
        "privileged: ${PRIVILEGED}",
        "volumes: ['data:/var/run/docker.sock', './etc:/etc', '~/x:/x', '/etc/localtime:/etc/localtime:ro']",
        "volumes: [{type: volume, source: data, target: /data}, /data]",
        "pid: 'service:db'",
        "network_mode: bridge",
        "cap_add: [NET_BIND_SERVICE, CHOWN]",
        "security_opt: ['seccomp:profile.json', 'no-new-privileges:true']",
        "devices: ['/dev/dri:/dev/dri', /dev/ttyUSB0]",
        "ports: ['${DB_HOST}:5432', '${ADDRESS}:3306']",
        "ports: ['127.0.0.1:5432:5432', '${BIND}:6379:6379', '[::1]:3306:3306']",
        "environment: {privileged: true}",
    ],
)
def test_what_resembles_them_is_not(run: Run, more: str) -> None:
    assert not loud(run({"compose.yaml": service(more)}))


def test_a_named_volume_may_be_a_folder_of_the_host(run: Run) -> None:
    text = service("volumes: ['host:/host']") + "volumes:\n  host: {driver_opts: {type: none, o: bind, device: /}}\n"
    assert loud(run({"compose.yaml": text})) == [("GK403", "compose.yaml", 4)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("compose.yaml", service("volumes: ['/var/run/docker.sock:/s']", "portainer/portainer-ce:2.21")),
        ("compose.yaml", service("privileged: true", "docker.elastic.co/beats/filebeat:${VERSION}")),
        ("compose.yaml", service("privileged: true", "{{ traefik_image }}".join("''"))),
        ("compose.devcontainer.yaml", service("privileged: true")),
        ("compose.yaml", service("deploy: {mode: global}\n    privileged: true")),
        ("compose.yaml", service("profiles: [dev]\n    privileged: true")),
        ("docker-compose.dev.yml", service("privileged: true")),
    ],
)
def test_what_has_to_be_powerful_is_reported_and_stops_no_change(run: Run, path: str, text: str) -> None:
    found = [one for one in run({path: text}).findings if one.severity is Severity.HIGH]
    assert [one.worth for one in found] == [Worth.LOW]


@pytest.mark.parametrize("image", ["shop/traefikless:1", "traefik.example/shop:1", "shop/agent-of-change:1"])
def test_a_name_that_resembles_an_agent_is_none(run: Run, image: str) -> None:
    found = [one for one in run({"compose.yaml": service("privileged: true", image)}).findings if one.rule == "GK401"]
    assert [one.worth for one in found] == [Worth.MEDIUM]


@pytest.mark.parametrize(
    ("environment", "is_found"),
    [
        ("{DB_PASSWORD: '${DB_PASSWORD}'}", True),
        ("[API_TOKEN, A=b]", True),
        ("['API_TOKEN=${API_TOKEN:?}']", True),
        ("{DB_PASSWORD: hunter2}", False),
        ("{DB_PASSWORD_FILE: /run/secrets/db, A: '${B}'}", False),
    ],
)
def test_secrets_that_come_by_the_environment(run: Run, environment: str, is_found: bool) -> None:
    rules = {one.rule for one in run({"compose.yaml": service(f"environment: {environment}")}).findings}
    assert ("GK415" in rules) is is_found


@pytest.mark.parametrize(
    ("more", "worth"),
    [
        ("", Worth.LOW),
        ("ports: ['127.0.0.1:80:80']", Worth.LOW),
        ("ports: ['80:80']", Worth.MEDIUM),
        ("labels: ['traefik.http.routers.web.rule=x']", Worth.MEDIUM),
        ("build: .", Worth.MEDIUM),
    ],
)
def test_a_socket_stops_a_change_where_someone_reaches_the_service_or_it_is_made_here(
    run: Run, more: str, worth: Worth
) -> None:
    text = service(f"volumes: ['/run/docker.sock:/s']\n    {more}")
    assert [one.worth for one in run({"compose.yaml": text}).findings if one.rule == "GK402"] == [worth]


def test_a_comment_silences_one_place(run: Run) -> None:
    text = service("privileged: true  # gate: ignore[GK401] loads the driver")
    result = run({"compose.yaml": text})
    assert not loud(result)
    assert [one.rule for one in result.silenced] == ["GK401"]


KEYS = st.sampled_from(
    ["image", "volumes", "ports", "privileged", "cap_add", "security_opt", "devices", "pid", "deploy", "source"]
)
TEXTS = st.sampled_from(["a", "''", "null", "true", "1", "':'", "'::/'", "'/:'", "'${a:-}:b'", "'$'", "[]", "{}"])
VALUES = st.recursive(
    TEXTS,
    lambda below: (
        st.lists(below, max_size=3).map(lambda one: f"[{', '.join(one)}]")
        | st.dictionaries(KEYS, below, max_size=3).map(
            lambda one: "{" + ", ".join(f"{key}: {value}" for key, value in one.items()) + "}"
        )
    ),
    max_leaves=8,
)


@given(st.dictionaries(KEYS, VALUES, max_size=4), st.dictionaries(KEYS, VALUES, max_size=4))
def test_values_of_any_kind_are_judged(below: dict[str, str], above: dict[str, str]) -> None:
    def read(service: dict[str, str]) -> str:
        return "{" + ", ".join(f"{key}: {value}" for key, value in service.items()) + "}"

    first, second = (read_values(f"a: {read(one)}", "a.yaml")[0].get("a") for one in (below, above))
    assert first is not None
    assert second is not None
    container = DockerContainer("service", "a", merged(first, second))
    rules = [rule for rule in all_rules() if rule.looks_at is DOCKER_CONTAINERS]
    assert all(hit.path == "a.yaml" and hit.line for _, hit in ask(rules, container))
