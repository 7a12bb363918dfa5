"""Access to git: a fixed table of commands, all of which only read, run with a configuration of our own."""

from gate.git.repository import ZERO_IDS, Repository, TreeItem

__all__ = ["ZERO_IDS", "Repository", "TreeItem"]
