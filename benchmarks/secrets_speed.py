"""What the secrets stage takes for a tree, beside other scanners: wall and processor seconds, and peak memory.

Usage: python benchmarks/secrets_speed.py [--peers FOLDER] [--runs N] [--without-detect-secrets] TREE …

FOLDER holds `gitleaks`, `betterleaks` and `kingfisher`; what is missing is left out. Trees that anyone can get: source
packages of Django, the Kubernetes client and Apache Airflow, the npm packages of TypeScript and the AWS SDK, unpacked.
"""

import argparse
import statistics
import sys
from pathlib import Path

from measure import Cost, compare, print_table

GATE = [sys.executable, "-m", "gate", "run", ".", "--stage", "secrets", "--offline", "--no-cache", "--quiet"]
DETECT_SECRETS = [sys.executable, "-P", "-m", "detect_secrets", "scan", "-n", "--all-files", "."]
PEERS = {
    "gitleaks": ["dir", ".", "--no-banner", "--exit-code", "0"],
    "betterleaks": [".", "--no-banner"],
    "kingfisher": ["scan", ".", "--no-validate", "--no-update-check"],
}


def commands(peers: Path | None) -> dict[str, list[str]]:
    """Return what is compared here, by name."""
    found = {"gate": GATE}
    for name, options in PEERS.items():
        if peers and (peers / name).exists():
            found[name] = [str((peers / name).resolve()), *options]
    return found


def print_shares(costs: dict[str, dict[str, Cost]]) -> None:
    """Print the gate's wall time as a share of each peer's, by tree, and the medians."""
    names = [name for name in next(iter(costs.values())) if name != "gate"]
    print(f"\n| gate's wall time / … | {' | '.join(names)} |\n| --- |{' --- |' * len(names)}")
    shares = {tree: [found["gate"].wall_s / found[name].wall_s for name in names] for tree, found in costs.items()}
    for tree, row in shares.items():
        print(f"| {tree} | {' | '.join(f'{share:.3f}' for share in row)} |")
    medians = [statistics.median(column) for column in zip(*shares.values(), strict=True)]
    print(f"| median | {' | '.join(f'{share:.3f}' for share in medians)} |")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--without-detect-secrets", action="store_true")
    parser.add_argument("trees", type=Path, nargs="+")
    options = parser.parse_args()
    costs: dict[str, dict[str, Cost]] = {}
    for tree in options.trees:
        costs[tree.name] = compare(commands(options.peers), tree, options.runs)
        if not options.without_detect_secrets:  # once: it takes minutes
            costs[tree.name] |= compare({"detect-secrets": DETECT_SECRETS}, tree, 0)
        print(f"\n{tree.name}\n")
        print_table(costs[tree.name], "gate")
    print_shares(costs)


if __name__ == "__main__":
    main()
