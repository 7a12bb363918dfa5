"""Which images the files of a repository name, and that none of them is lost in silence."""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.core.errors import GateError, LimitError, UsageError
from gate.images import mentions
from gate.images.mentions import kubernetes, mentioned_images
from gate.images.sources import open_image
from gate.model import ContainerStart, Image, Tree
from gate.trees import open_tree

Files = dict[str, str | bytes]

COMPOSE = """
services:
  db: {image: "postgres:16"}
  cache:
    image: redis:${REDIS_TAG:-7}
  api: {build: ., image: shop/api}
  twin: {image: docker.io/library/postgres:16}
"""
POD = """
apiVersion: v1
kind: Pod
spec:
  initContainers: [{name: wait, image: "busybox:1.36"}]
  containers:
  - {name: web, image: "registry.example.com:5000/shop/web@sha256:%s"}
  ephemeralContainers: [{name: debug, image: alpine}]
""" % ("a" * 64)
CRON_JOB = """
apiVersion: v1
kind: List
items:
- apiVersion: batch/v1
  kind: CronJob
  spec: {jobTemplate: {spec: {template: {spec: {containers: [{name: a, image: "shop/job:1"}]}}}}}
"""


@pytest.fixture
def mentioned(make_tree: Callable[[Files], Tree]) -> Callable[..., list[str]]:
    """Return a function from files to the images that they name; what is unknown starts with `?`."""

    def names(files: Files, wanted: Sequence[str] = ("compose", "kubernetes")) -> list[str]:
        found = mentioned_images(open_tree(make_tree(files)), wanted)
        return [f"? {one.reference}" if one.source == "unknown" else one.reference for one in found]

    return names


@pytest.mark.parametrize(
    "leading",
    [
        "include: [s/more.yml]\n",
        "services: {a: {extends: {file: s/more.yml, service: b}}}\n",
        "include: [s/compose.yml]\n",
    ],
)
def test_files_that_a_compose_file_takes_services_from_count_once(
    mentioned: Callable[..., list[str]], leading: str
) -> None:
    more = {"s/more.yml": "services: {b: {image: shop/b}}\n", "s/compose.yml": "include: [more.yml, compose.yml]\n"}
    assert mentioned({"compose.yaml": leading, **more}) == ["shop/b"]
    assert mentioned({"compose.yaml": leading, **more}, ["compose.yaml"]) == ["shop/b"]


def test_an_included_file_that_is_not_there_is_said(mentioned: Callable[..., list[str]]) -> None:
    said = "? compose.yaml:1: the images of what it includes are not known"
    assert mentioned({"compose.yaml": "include: [gone.yml]\n"}) == [said]


def test_a_manifest_may_merge_its_containers_and_mount_images(mentioned: Callable[..., list[str]]) -> None:
    head = "apiVersion: v1\nkind: Pod\n"
    merged = f"{head}x: &c {{image: shop/a}}\nspec:\n  containers:\n  - {{<<: *c, name: a}}\n"
    mounted = f"{head}spec: {{containers: [], volumes: [{{name: v, image: {{reference: shop/v}}}}]}}\n"
    assert mentioned({"a.yaml": merged, "b.yaml": mounted}) == ["shop/a", "shop/v"]


@pytest.mark.parametrize(
    ("files", "images"),
    [
        ({"compose.yaml": COMPOSE}, ["postgres:16", "redis:7"]),
        ({"a/docker-compose.prod.yml": "services: {a: {image: nginx}}"}, ["nginx"]),
        (
            {"k8s/pod.yaml": POD},
            [f"registry.example.com:5000/shop/web@sha256:{'a' * 64}", "busybox:1.36", "alpine"],
        ),
        ({"all.yml": f"{POD}\n---\n---\n{CRON_JOB}"}, None),
        ({"list.yaml": CRON_JOB}, ["shop/job:1"]),
        (
            {"pod.json": '{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"image": "a:1"}]}}'},
            ["a:1"],
        ),
        ({"values.yaml": "image: nginx\ncontainers: [{image: x}]"}, []),
        ({"notes.yaml": "apiVersion kind image containers: no manifest"}, []),
        ({"broken.yaml": "{{ this is: no YAML"}, []),
        ({"compose.yaml": "services: {a: {image: nginx}}", "z.yaml": POD.replace("busybox:1.36", "nginx")}, None),
    ],
)
def test_images_of_services_and_containers(
    mentioned: Callable[..., list[str]], files: Files, images: list[str] | None
) -> None:
    found = mentioned(files)
    assert len(set(found)) == len(found), "each image once"
    assert images is None or found == images


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"compose.yaml": "services:\n  a:\n    image: x:${TAG}"}, "compose.yaml:3: the image of service a is known"),
        ({"compose.yaml": "services: {a: {image: UPPER}}"}, "compose.yaml:1: the image of service a has a name"),
        ({"compose.yaml": "services: ["}, "compose.yaml:2: the images that it names are not known: it cannot be"),
        ({"p.yaml": POD.replace("alpine", "$(TAG)")}, "p.yaml:8: the image of container debug is known at deployment"),
        ({"p.yaml": POD.replace("alpine", "'{{ .Values.image }}'")}, "p.yaml:8: the image of container debug is known"),
        ({"t.yaml": "{{- if .x }}\n" + POD}, "t.yaml:1: the images that it names are not known: it cannot be parsed"),
    ],
)
def test_what_nobody_can_know_is_an_error_of_its_own(
    make: Any, mentioned: Callable[..., list[str]], files: Files, why: str
) -> None:
    (unknown,) = [name for name in mentioned(files) if name.startswith("?")]
    assert unknown.startswith(f"? {why}")
    image = Image(source="unknown", reference=unknown.removeprefix("? "), name="x")
    with pytest.raises(GateError, match=r"yaml:\d"), open_image(image, make.budget()):
        pass


def test_only_the_wanted_kinds_and_files_are_read(mentioned: Callable[..., list[str]]) -> None:
    files: Files = {"compose.yaml": COMPOSE, "deploy/pod.yaml": CRON_JOB, "chart/pod.yaml": "{{ x }}\n" + POD}
    assert mentioned(files, ["compose"]) == ["postgres:16", "redis:7"]
    assert mentioned(files, ["deploy/*.yaml"]) == ["shop/job:1"]
    assert mentioned(files, ["compose.yaml", "deploy/**"]) == ["postgres:16", "redis:7", "shop/job:1"]


@pytest.mark.parametrize("wanted", ["composee", "deploy/**", "*.txt"])
def test_a_pattern_of_no_file_that_is_read_is_an_error(mentioned: Callable[..., list[str]], wanted: str) -> None:
    with pytest.raises(UsageError, match=re.escape(f"{wanted} is no file that names images")):
        mentioned({"compose.yaml": COMPOSE, "notes.txt": "x"}, ["compose", wanted])


def test_a_compose_file_behind_a_link_is_read(tmp_path: Path) -> None:
    (tmp_path / "deploy.txt").write_text(COMPOSE)
    (tmp_path / "compose.yaml").symlink_to("deploy.txt")
    tree = open_tree(Tree(root=str(tmp_path), name="."))
    assert [image.name for image in mentioned_images(tree, ["compose"])] == ["postgres:16", "redis:7"]


def test_too_many_images_are_an_error(mentioned: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mentions, "MAX_IMAGES", 1)
    with pytest.raises(LimitError, match="more than 1 images"):
        mentioned({"compose.yaml": COMPOSE})


def test_aliases_cost_nothing() -> None:
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 12))
    text = f"apiVersion: v1\nkind: X\nl0: &l0 [{{containers: [{{image: a}}]}}]\n{levels}"
    assert [one.name for one in kubernetes.read(text.encode(), "x.yaml")] == ["a"]


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, len(POD)), st.text(st.sampled_from("{}[]:-&*!|> \n'\"#"), max_size=4))
def test_any_damage_is_read_or_is_a_clear_error(place: int, damage: str) -> None:
    with suppress(GateError):
        found = kubernetes.read((POD[:place] + damage + POD[place:]).encode(), "x.yaml")
        assert all(mention.line > 0 for mention in found)


DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
spec:
  template:
    spec:
      containers:
      - name: web
        image: shop/api
        command: [gunicorn]
        args: ["shop:app"]
        workingDir: /srv
        env:
        - {name: APP_MODULE, value: "shop:app"}
        - {name: TOKEN, valueFrom: {secretKeyRef: {name: a, key: b}}}
        livenessProbe: {exec: {command: [curl, localhost]}}
        lifecycle: {preStop: {exec: {command: [nginx, -s, quit]}}}
"""


def starts_in(make_tree: Callable[[Files], Tree], files: Files, known: Sequence[Image] = ()) -> list[ContainerStart]:
    images = mentioned_images(open_tree(make_tree(files)), ("compose", "kubernetes"), known)
    return [start for image in images for start in image.starts]


def test_a_container_says_what_it_starts_and_what_probes_run(make_tree: Callable[[Files], Tree]) -> None:
    environment = ("APP_MODULE=shop:app", "TOKEN")
    assert starts_in(make_tree, {"web.yaml": DEPLOYMENT}) == [
        ContainerStart(
            place="web.yaml:9",
            entrypoint=("gunicorn",),
            command=("shop:app",),
            environment=environment,
            folder="/srv",
        ),
        ContainerStart(place="web.yaml:15", entrypoint=("curl", "localhost"), environment=environment, folder="/srv"),
        ContainerStart(place="web.yaml:16", entrypoint=("nginx", "-s", "quit"), environment=environment, folder="/srv"),
    ]


@pytest.mark.parametrize(
    ("service", "start"),
    [
        ("command: worker --fast 'two words'", {"command": ("worker", "--fast", "two words")}),
        ("command: [worker, '${LEVEL:-info}']", {"command": ("worker", "info")}),
        ("entrypoint: /start.sh", {"entrypoint": ("/start.sh",)}),
        ("environment: {DEBUG: '1', TOKEN: }", {"environment": ("DEBUG=1",)}),
        ("environment: [DEBUG=1, TOKEN]", {"environment": ("DEBUG=1",)}),
        ("working_dir: /srv", {"folder": "/srv"}),
        ("healthcheck: {test: [CMD, pg_isready]}", {"entrypoint": ("pg_isready",)}),
        ("healthcheck: {test: curl localhost}", {"entrypoint": ("/bin/sh", "-c", "curl localhost")}),
        ("healthcheck: {test: [NONE]}", None),
        ("command:", None),
        ("restart: always", None),
    ],
)
def test_a_service_says_how_it_starts(
    make_tree: Callable[[Files], Tree], service: str, start: dict[str, Any] | None
) -> None:
    files: Files = {"compose.yaml": f"services:\n  a:\n    image: shop\n    {service}\n"}
    expected = [] if start is None else [ContainerStart(place="compose.yaml:3", **start)]
    assert starts_in(make_tree, files) == expected


def test_all_starts_of_an_image_come_together(make_tree: Callable[[Files], Tree]) -> None:
    files: Files = {
        "compose.yaml": "services: {a: {image: shop, command: web}, b: {image: 'docker.io/library/shop', command: job}}"
    }
    assert [start.command for start in starts_in(make_tree, files)] == [("web",), ("job",)]


def test_a_built_service_says_how_a_known_image_starts(make_tree: Callable[[Files], Tree]) -> None:
    files: Files = {"compose.yaml": "services: {a: {build: ., image: shop, command: web}}"}
    assert starts_in(make_tree, files) == []
    known = [Image(source="docker", reference="shop:latest", name="docker:shop")]
    assert [start.command for start in starts_in(make_tree, files, known)] == [("web",)]


def test_known_images_all_stay(make_tree: Callable[[Files], Tree]) -> None:
    known = [Image(source=source, reference="shop", name=source) for source in ("docker", "registry")]
    files: Files = {"compose.yaml": "services: {a: {image: shop, command: web}}"}
    found = mentioned_images(open_tree(make_tree(files)), ("compose",), known)
    assert [(image.name, len(image.starts)) for image in found] == [("docker", 1), ("registry", 1)]
