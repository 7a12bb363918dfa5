"""git through one small door: read-only plumbing, nothing of the repository executed."""

from gate.git.repository import ZERO_IDS, Repository, TreeItem

__all__ = ["ZERO_IDS", "Repository", "TreeItem"]
