"""`helm template` by Helm 4's own library, for tests: the package `helm-python-sdk` has it, and no program.

Usage: python helm_command.py template NAME CHART --namespace NAMESPACE --kube-version VERSION

Helm's command is an installation that stops before the cluster, and prints the release's manifest, then its hooks; so
is this. Two things differ: the library renders for the newest version of Kubernetes that it knows, and of VERSION only
the form is checked; and hooks of charts in the chart are printed if their condition is false, too.
"""

import argparse
import re
import sys

from helm_python.chart import Chart, lint
from helm_python.config import Config
from helm_python.errors import HelmError

_HOOK = re.compile(r"helm\.sh/hook[\"']?\s*:")
_BOUNDARY = re.compile(r"^---\s*$", re.MULTILINE)


def manifests(chart: str, name: str, namespace: str) -> str:
    with Config(namespace=namespace, storage_driver="memory") as config:
        return str(config.install(chart, name, namespace=namespace, dry_run="client")["manifest"]).strip()


def hooks(chart: str, name: str, namespace: str) -> list[str]:
    rendered = Chart.load(chart).render(name=name, namespace=namespace)
    parts = ((path, part) for path, text in rendered.items() for part in _BOUNDARY.split(text))
    return [f"---\n# Source: {path}\n{part.strip()}" for path, part in parts if _HOOK.search(part)]


def main() -> None:
    parser = argparse.ArgumentParser(prog="helm")
    parser.add_argument("command", choices=["template"])
    parser.add_argument("name")
    parser.add_argument("chart")
    parser.add_argument("--namespace", required=True)
    parser.add_argument("--kube-version", required=True)
    given = parser.parse_args()
    try:
        lint(given.chart, kube_version=given.kube_version)
        made = [manifests(given.chart, given.name, given.namespace), *hooks(given.chart, given.name, given.namespace)]
    except HelmError as error:
        sys.exit(f"Error: {error}")
    print("\n".join(made))


if __name__ == "__main__":
    main()
