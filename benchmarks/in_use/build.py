"""Makes a recipe's root file system in a folder: mmdebstrap for the base, apt and pip inside of it."""

import os
import shlex
import subprocess
from pathlib import Path

from benchmarks.in_use.mounts import kernel_folders
from benchmarks.in_use.recipe import Recipe

SUITE = "trixie"


def build(recipe: Recipe, work: Path) -> Path:
    """Return the folder of the image's files below `work`, made anew unless it is there. Needs root and mmdebstrap."""
    root = work / recipe.name
    done = work / f"{recipe.name}.done"
    if not done.exists():
        _run(["rm", "-rf", "--one-file-system", str(root)])  # kernel folders of another run may be mounted in it
        root.mkdir(parents=True)
        _run(["tar", "-C", str(root), "-xf", str(_base(work))])
        _install(recipe, root)
        done.touch()
    _write_files(recipe, root)
    return root


def _base(work: Path) -> Path:
    base = work / "base.tar"
    if not base.exists():
        _run(["mmdebstrap", "--quiet", "--variant=apt", "--include=ca-certificates", SUITE, str(base)])
    return base


def _install(recipe: Recipe, root: Path) -> None:
    for name in ("etc/resolv.conf", "etc/ssl/certs/ca-certificates.crt"):
        _run(["cp", "--dereference", f"/{name}", str(root / name)])
    inside(
        root,
        "apt-get update -q",
        "DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends " + " ".join(recipe.packages),
    )
    if recipe.python:
        inside(root, "python3 -m venv /opt/venv", f"/opt/venv/bin/pip install -q {shlex.join(recipe.python)}")
    if recipe.npm:
        inside(root, f"mkdir -p {recipe.folder} && cd {recipe.folder} && npm install -q {shlex.join(recipe.npm)}")
    _write_files(recipe, root)
    inside(root, *recipe.prepare, "rm -rf /var/lib/apt/lists/* /root/.cache /root/.npm /usr/sbin/policy-rc.d")


def _write_files(recipe: Recipe, root: Path) -> None:
    (root / recipe.folder.strip("/")).mkdir(parents=True, exist_ok=True)
    for path, content in recipe.files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
        file.chmod(0o755 if content.startswith("#!") else 0o644)


def inside(root: Path, *commands: str) -> None:
    """Run shell commands inside the root file system."""
    script = "set -e; printf '#!/bin/sh\\nexit 101\\n' > /usr/sbin/policy-rc.d; chmod +x /usr/sbin/policy-rc.d; "
    pip = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "NPM_", "npm_"))}
    pip |= {"PIP_CERT": "/etc/ssl/certs/ca-certificates.crt"} if "PIP_CERT" in os.environ else {}
    environment = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root"} | pip
    with kernel_folders(root):
        _run(["chroot", str(root), "/bin/sh", "-c", script + "\n".join(commands)], environment)


def _run(command: list[str], environment: dict[str, str] | None = None) -> None:
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL, timeout=900)
