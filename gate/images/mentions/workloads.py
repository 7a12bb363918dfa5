"""Which workloads of a repository run an image, and how far from outside they can be reached."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from gate.core.errors import GateError
from gate.images.reference import BY_NAME, is_image_name
from gate.images.registry.names import image_name
from gate.kubernetes.docker.compose import read_compose_services
from gate.kubernetes.docker.host_file import HostFile
from gate.kubernetes.exposure import runs_of
from gate.kubernetes.helm.charts import chart_folders
from gate.kubernetes.helm.rendering import rendered_charts
from gate.kubernetes.kustomize.kustomization import is_kustomization
from gate.kubernetes.kustomize.rendering import rendered
from gate.kubernetes.manifests import Manifest, read_manifest
from gate.kubernetes.objects import KubernetesObject
from gate.kubernetes.paths import is_structured
from gate.kubernetes.renderers import rendered_objects
from gate.model import Image, ImageRun
from gate.trees import FileTree
from gate.trees.base import file_paths

MAX_RUNS = 100
"""Containers of one image that are kept."""


def with_runs(images: Sequence[Image], tree: FileTree, version: str) -> list[Image]:
    """Return images with the containers that manifests, charts and Compose files of a tree start of them.

    A file that cannot be read states none; the kubernetes stage reports it. Charts are rendered for a `version` of
    Kubernetes. To be called in a worker, as it reads the files of a target.
    """
    runs = _runs(tree, version)
    return [msgspec.structs.replace(one, runs=tuple(runs.get(key_of(one), ())[:MAX_RUNS])) for one in images]


def key_of(image: Image) -> str:
    """Return what tells an image from others: its full name, or the path that it lies at."""
    return str(image_name(image.reference)) if image.source in BY_NAME else image.reference


def _runs(tree: FileTree, version: str) -> Mapping[str, list[ImageRun]]:
    manifests: dict[str, Manifest] = {}
    services: list[HostFile] = []
    paths = file_paths(tree)
    for path in paths:
        if not is_structured(path):
            continue
        try:
            manifest = read_manifest(tree, path)
            file = None if manifest else read_compose_services(tree, path)
        except GateError:
            continue
        manifests |= {path: manifest} if manifest else {}
        services += [file] if file else []
    found: defaultdict[str, list[ImageRun]] = defaultdict(list)
    for run in runs_of(list(_objects(tree, paths, manifests, version)), services):
        if is_image_name(run.image):
            found[str(image_name(run.image))].append(run)
    return found


def _objects(
    tree: FileTree, paths: Sequence[str], manifests: Mapping[str, Manifest], version: str
) -> Iterator[KubernetesObject]:
    """Yield the objects of files alone, and those that overlays and charts render."""
    overlays = rendered(tree, filter(is_kustomization, paths), manifests)
    charts = rendered_charts(tree, chart_folders(paths), paths, version)
    used = overlays.used | charts.used
    for path, manifest in manifests.items():
        if path not in used:
            yield from manifest.objects
    yield from charts.objects
    yield from (one.rendered for one in rendered_objects(overlays.overlays))
