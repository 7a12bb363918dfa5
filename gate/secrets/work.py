"""What workers are called for, with the engine: a process that has this module forks workers that need not load it."""

import gate.secrets.scan  # noqa: F401
from gate.model import Tree
from gate.secrets import files
from gate.secrets.detected import Examined


def scan_file(path: str, target: Tree, options: files.Options) -> Examined:
    """Do as `gate.secrets.files.scan_file` does."""
    return files.scan_file(path, target, options)
