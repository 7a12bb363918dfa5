"""Who owns what a store keeps: by a repository's CODEOWNERS file."""

from gate.fleet.reading import Owners
from gate.policy.codeowners import MAX_SIZE, PLACES, parse
from gate.policy.file_places import Disk
from gate.settings.sources import own_text


def owners_in(folder: str) -> Owners:
    """Return who owns the paths of a repository, by its CODEOWNERS file. Raises ConfigError if that is wrong."""
    disk = Disk(folder)
    for path in PLACES:
        content = disk.read(path, MAX_SIZE)
        if content is not None:
            return parse(own_text(content, disk.shown(path)), disk.shown(path)).of
    return lambda _: ()
