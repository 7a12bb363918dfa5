"""git through one small door: a fixed table of commands that read, on a configuration of our own."""

from gate.git.repository import ZERO_IDS, Repository, TreeItem

__all__ = ["ZERO_IDS", "Repository", "TreeItem"]
