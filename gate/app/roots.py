"""The folder that a command works on, where no settings have been read yet."""

from pathlib import Path

from gate.git import Repository


def current_root() -> str:
    """Return the root of the repository that the current folder belongs to, or the current folder."""
    here = str(Path.cwd())
    repository = Repository.find(here)
    return repository.top if repository else here


def root_of(words: list[str]) -> str:
    """Return the first folder that the command line names, or the root of the current repository."""
    return next((str(Path(word).resolve()) for word in words if Path(word).is_dir()), None) or current_root()
