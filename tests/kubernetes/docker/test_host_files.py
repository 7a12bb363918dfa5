"""The Docker host as a repository states it: daemon.json, units, Ansible, cloud-init, Ignition and Butane."""

import base64
import json
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.core.yaml_values import read_values
from gate.kubernetes.docker.daemon_settings import TextPlace, daemons_of_commands
from gate.kubernetes.docker.infrastructure import infrastructure_of
from gate.model import Severity, StageResult, Tree
from gate.pipeline.context import LocalContext
from gate.stages import kubernetes

Run = Callable[[Mapping[str, str]], StageResult]
DEFAULTS = ("GK421", "GK422", "GK425", "GK429", "GK430")
"""Rules on what a daemon.json leaves at Docker's defaults."""
OPEN = '{"hosts": ["tcp://0.0.0.0:2375"]}'


@pytest.fixture
def run(make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]) -> Run:
    return lambda files: kubernetes.run(make_tree(files), make_context())


def loud(result: StageResult) -> list[tuple[str, int | None]]:
    """Return rule and line of the findings that say that something is there."""
    assert not result.errors
    return [(one.rule, one.location.line) for one in result.findings if one.rule not in DEFAULTS]


@pytest.mark.parametrize("path", ["daemon.json", "roles/docker/files/daemon.json", "docker-daemon.json.j2"])
def test_a_daemon_json_is_judged_as_a_whole(run: Run, path: str) -> None:
    result = run({path: '{\n  "hosts": ["unix:///run/docker.sock",\n    "tcp://0.0.0.0:2375"]\n}\n'})
    assert loud(result) == [("GK420", 3)]
    assert {one.rule for one in result.findings} >= set(DEFAULTS)


def test_another_daemon_s_json_is_none(run: Run) -> None:
    assert run({"daemon.json": '{"port": 80}', "config/daemon.json": "{{"}).skipped is not None


def test_a_broken_daemon_json_is_an_error_with_its_line(run: Run) -> None:
    (error,) = run({"etc/docker/daemon.json": '{\n  "hosts": [\n'}).errors
    assert (error.path or "").startswith("etc/docker/daemon.json")


def test_a_template_of_one_that_is_no_json_yet_is_named_as_not_read(run: Run) -> None:
    result = run({"docker/daemon.json.j2": '{ {% if a %} "icc": false {% endif %} }'})
    assert result.facts["templates_not_read"] == ["docker/daemon.json.j2"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"insecure-registries": ["10.0.0.0/8"]}', [("GK424", 1)]),
        ('{"insecure-registries": ["localhost:5000", "127.0.0.0/8"]}', []),
        ('{"hosts": ["tcp://127.0.0.1:2375"]}', [("GK420", 1)]),
        ('{"hosts": ["tcp://0.0.0.0:2376"], "tls": true}', [("GK420", 1)]),
        ('{"hosts": ["tcp://0.0.0.0:2376"], "tlsverify": true}', []),
        ('{"log-driver": "json-file", "seccomp-profile": "builtin"}', []),
        ('{"iptables": false}', [("GK434", 1)]),
    ],
)
def test_settings(run: Run, text: str, expected: list[tuple[str, int]]) -> None:
    assert loud(run({"docker/daemon.json": text})) == expected


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        (
            "files/docker.service.d/override.conf",
            "[Service]\nExecStart=\nExecStart=/usr/bin/dockerd -H fd:// \\\n  -H tcp://0.0.0.0:2375\n",
            [("GK420", 3)],
        ),
        (
            "docker.service.d/tls.conf",
            "[Service]\nExecStart=/usr/bin/dockerd --host=tcp://0.0.0.0:2376 --tlsverify --tlscacert=/ca.pem\n",
            [],
        ),
        (
            "docker.service",
            "[Service]\nExecStart=/usr/bin/dockerd --insecure-registry registry.example\n",
            [("GK424", 2)],
        ),
        (
            "etc/default/docker",
            'DOCKER_OPTS="--experimental --seccomp-profile=unconfined"\n',
            [("GK426", 1), ("GK427", 1)],
        ),
        (
            "docker.socket",
            "[Socket]\nListenStream=/run/docker.sock\nSocketMode=0666\nSocketGroup=users\n",
            [("GK431", 3), ("GK431", 4)],
        ),
        ("docker.socket.d/a.conf", "[Socket]\nSocketMode=0660\nSocketGroup=docker\n", []),
        ("other.service", "[Service]\nExecStart=/usr/bin/dockerd -H tcp://0.0.0.0:2375\n", []),
        ("docker.service", "[Service]\nExecStart=/usr/bin/ssh -H tcp://0.0.0.0:2375\n", []),
    ],
)
def test_units_and_options(run: Run, path: str, text: str, expected: list[tuple[str, int]]) -> None:
    result = run({path: text, "pod.yaml": "apiVersion: v1\nkind: ConfigMap\n"})
    assert loud(result) == expected
    assert not [one for one in result.findings if one.rule in DEFAULTS], "a unit is a part of the settings"


TASKS = """\
- name: settings
  ansible.builtin.copy:
    dest: /etc/docker/daemon.json
    mode: '0666'
    content: |
      {
        "hosts": ["tcp://0.0.0.0:2375"]
      }
- block:
    - name: open it
      file: {path: /var/run/docker.sock, mode: 0777}
    - shell: |
        sleep 1
        chmod a+rw /var/run/docker.sock
- community.docker.docker_container:
    name: agent
    image: shop/agent:1
    privileged: true
    pid_mode: host
    published_ports: ["5432:5432"]
    volumes: ["/var/run/docker.sock:/var/run/docker.sock", "{{ data }}:/data"]
"""


def test_what_tasks_of_ansible_write_run_and_start(run: Run) -> None:
    found = loud(run({"roles/docker/tasks/main.yml": TASKS}))
    assert [one for one in found if one[0] < "GK409" or one[0] > "GK412"] == [
        *[("GK432", 4), ("GK420", 7), ("GK431", 11), ("GK431", 14)],
        *[("GK401", 18), ("GK404", 19), ("GK413", 20), ("GK402", 21)],
    ]


def test_plays_of_ansible(run: Run) -> None:
    play = "- hosts: all\n  vars:\n    docker_daemon_options: {log-driver: none}\n  tasks: []\n"
    found = loud(run({"site.yml": play + "- hosts: docker\n  tasks:\n    - copy: {dest: /etc/docker/a, content: b}\n"}))
    assert found == [("GK423", 3)]


def test_variables_of_roles(run: Run) -> None:
    variables = "docker_daemon_options:\n  log-driver: none\n"
    assert loud(run({"group_vars/all.yml": variables})) == [("GK423", 2)]


def test_cloud_init(run: Run) -> None:
    encoded = base64.b64encode(OPEN.encode()).decode()
    text = (
        "#cloud-config\nwrite_files:\n  - path: /etc/docker/daemon.json\n    encoding: b64\n"
        f"    content: {encoded}\nruncmd:\n  - [chmod, '666', /var/run/docker.sock]\n"
        "  - echo ready\n"
    )
    assert loud(run({"user-data": text})) == [("GK420", 5), ("GK431", 7)]


def test_ignition(run: Run) -> None:
    ignition = {
        "ignition": {"version": "3.4.0"},
        "storage": {"files": [{"path": "/etc/docker/daemon.json", "contents": {"source": "data:," + OPEN}}]},
        "systemd": {
            "units": [
                {
                    "name": "docker.service",
                    "dropins": [
                        {
                            "name": "a.conf",
                            "contents": "[Service]\nExecStart=/usr/bin/dockerd -H tcp://0.0.0.0:2375\n",
                        }
                    ],
                }
            ]
        },
    }
    assert loud(run({"host.ign": json.dumps(ignition)})) == [("GK420", 1), ("GK420", 1)]


def test_butane(run: Run) -> None:
    butane = (
        "variant: fcos\nversion: 1.5.0\nstorage:\n  files:\n    - path: /etc/docker/daemon.json\n      contents:\n"
        '        inline: |\n          {\n            "log-driver": "none"\n          }\n'
    )
    assert loud(run({"host.bu": butane})) == [("GK423", 9)]


def test_what_a_template_decides_is_left_out(run: Run) -> None:
    text = '- copy:\n    dest: /etc/docker/daemon.json\n    content: "{{ options | to_nice_json }}"\n'
    assert run({"tasks.yml": text}).skipped is not None


def test_the_severity_of_an_open_daemon_depends_on_who_reaches_it(run: Run) -> None:
    result = run({"docker/daemon.json": '{"hosts": ["tcp://0.0.0.0:2375", "tcp://localhost:2375"]}'})
    found = [one.severity for one in result.findings if one.rule == "GK420"]
    assert sorted(found) == [Severity.MEDIUM, Severity.HIGH]


def test_a_comment_silences_a_line_of_a_playbook(run: Run) -> None:
    result = run(
        {"tasks.yml": "- docker_container:\n    name: a\n    privileged: true  # gate: ignore[GK401] the driver\n"}
    )
    assert [one.rule for one in result.silenced] == ["GK401"]


@given(st.text(alphabet="dockerH-=/:tcp0 \n\\\"'ExSrtamu.", max_size=200))
def test_commands_of_any_kind_are_read(text: str) -> None:
    for prefix in ("ExecStart=/usr/bin/dockerd ", 'DOCKER_OPTS="'):
        assert all(one.value.line >= 1 for one in daemons_of_commands(prefix + text, TextPlace("a")))


WORDS = st.sampled_from(
    ["copy", "file", "path", "dest", "content", "mode", "storage", "files", "block", "a", "[]", "0666"]
)
VALUES = st.recursive(
    WORDS.map(lambda word: f"'{word}'"),
    lambda below: (
        st.lists(below, max_size=3).map(lambda one: f"[{', '.join(one)}]")
        | st.dictionaries(WORDS, below, max_size=3).map(
            lambda one: "{" + ", ".join(f"'{key}': {value}" for key, value in one.items()) + "}"
        )
    ),
    max_leaves=10,
)


@given(VALUES, st.sampled_from(["- {}", "ignition: {{version: 1}}\nstorage: {}", "variant: a\nstorage: {}"]))
def test_documents_of_any_kind_are_read(value: str, frame: str) -> None:
    text = frame.format(value)
    found = infrastructure_of(read_values(text, "a.yaml")[0], text)
    assert found is None or isinstance(found.texts, tuple)
