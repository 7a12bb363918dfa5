"""git through one small door: GitPython's process handling, read-only plumbing, nothing of the repository executed."""

from gate.git.environment import preload
from gate.git.repository import ZERO_IDS, Repository, TreeItem

__all__ = ["ZERO_IDS", "Repository", "TreeItem", "preload"]
