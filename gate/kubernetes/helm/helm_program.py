"""Helm as a program: where it is, and what it renders a chart to, within bounds.

`helm template` asks no cluster and fetches nothing. This is apart from what its answer means, so that the broker, which
runs it for workers, loads no more than this.
"""

import os
import shutil
import tempfile
from pathlib import Path, PurePosixPath

import msgspec

from gate.core import broker
from gate.core.errors import LimitError, UnreadableError
from gate.core.programs import Bounds, answer_of

BOUNDS = Bounds(seconds=60, processor_s=60, memory=2 << 30, output=16 << 20)
MAX_FILES = 5_000
MAX_BYTES = 32 << 20
"""Bytes of all files of a chart."""
_MAX_REASON = 4 << 10
"""Characters of what Helm says of a chart that it refuses."""
_ERROR = "\nError: "
_NAME = "release-name"


class ChartFiles(msgspec.Struct, frozen=True):
    """A chart for Helm."""

    files: dict[str, bytes]
    """By path below the chart's folder."""
    release: str
    namespace: str
    kubernetes: str
    """Version of Kubernetes that it is rendered for."""


def find_helm() -> str | None:
    """Return the program's path; None if there is none on the PATH."""
    if broker.is_connected():
        return broker.ask("helm.find", None, str | None)  # type: ignore[arg-type]
    found = shutil.which("helm")
    return found if found and os.path.isabs(found) else None


def render(chart: ChartFiles, program: str) -> bytes:
    """Return what `helm template` prints about a chart.

    Raises UnreadableError for a chart that Helm refuses, LimitError for one that is too large or takes too long.
    """
    if broker.is_connected():
        return broker.ask("helm.template", chart, bytes)
    if len(chart.files) > MAX_FILES or sum(map(len, chart.files.values())) > MAX_BYTES:
        raise LimitError(f"the chart has more than {MAX_FILES:,} files or {MAX_BYTES:,} bytes")
    with tempfile.TemporaryDirectory(prefix="gate-helm-") as folder:
        for name, content in chart.files.items():
            _write(Path(folder, "chart"), name, content)
        release, namespace = (_as_argument(one) for one in (chart.release, chart.namespace))
        options = ["--namespace", namespace, "--kube-version", _as_argument(chart.kubernetes)]
        return _run([program, "template", release, "chart", *options], folder)


def _as_argument(word: str) -> str:
    """Return a word that cannot be taken for an option."""
    return word if word and not word.startswith("-") else _NAME


def _write(folder: Path, name: str, content: bytes) -> None:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\0" in name:
        raise UnreadableError("a file of a chart lies outside of it", path=name)
    place = folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)


def _run(command: list[str], folder: str) -> bytes:
    """Run the program with nothing of our environment: no settings, no plugins, no cluster."""
    places = dict.fromkeys(("HOME", "HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME", "HELM_PLUGINS"), folder)
    environment = {"LC_ALL": "C.UTF-8", "PATH": os.defpath, "KUBECONFIG": os.devnull, "GOMAXPROCS": "2", **places}
    answer = answer_of("helm", command, BOUNDS, environment, folder)
    if answer.status != 0:
        said = _error_in(answer.reason.decode("utf-8", "replace").replace(folder, ""))
        raise UnreadableError(f"helm: {said or f'it ended with status {answer.status}'}")
    return answer.output


def _error_in(reason: str) -> str:
    """Return what Helm says last, on one line; before it stand warnings with the time, which differ from run to run."""
    _, mark, error = f"\n{reason}".rpartition(_ERROR)
    return " ".join(f"{mark}{error}".split())[:_MAX_REASON]
