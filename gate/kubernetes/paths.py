"""Paths at which manifests, Compose files and settings of Docker hosts can be; many repositories have none.

A manifest is what it holds, whatever it is called: only endings of other formats (`paths.words.txt`) are passed over.
"""

from functools import lru_cache

from gate.core.lazy_regex import lazy_regex
from gate.core.word_lists import word_lists
from gate.trees import EntryKind, FileTree, resolve, walk_named

STRUCTURED = (".yaml", ".yml", ".json")
"""Endings, in any case, of files that plainly are in YAML or JSON: one that cannot be read is an error."""
MAX_OTHER = 1 << 20
"""Bytes of a file with another ending that is looked into; a cluster takes no larger object (etcd: 1.5 MiB)."""
_WORDS = ("docker", "daemon.json")
"""Each path of settings has one of them."""
_DAEMON_JSON = lazy_regex(r"(?:^|/)(?:docker[^/]*/)?(?:docker[_-]?)?daemon\.json(?:\.(?:j2|tpl|tmpl|erb|tftpl))?\Z")
_UNIT = lazy_regex(
    r"(?:^|/)(?:docker\.(?:service|socket)|docker\.(?:service|socket)\.d/[^/]+\.conf)(?:\.(?:j2|tpl|tmpl|erb))?\Z"
)
_OPTIONS = lazy_regex(r"(?:^|/)etc/(?:default|sysconfig)/docker\Z")


def named_files(tree: FileTree) -> list[str]:
    """Return the files of a tree that may be of such a kind, sorted; no other file is looked at.

    A symbolic link counts where the file that it leads to is not among them, so that each is read once.
    """
    entries = list(walk_named(tree, _may_be))
    found = {entry.path: entry.path for entry in entries if entry.kind is EntryKind.FILE}
    for link in (entry.path for entry in entries if entry.kind is EntryKind.LINK):
        target = resolve(tree, link)
        if target is not None and target.kind is EntryKind.FILE:
            found.setdefault(target.path, link)
    return sorted(found.values())


def is_structured(path: str) -> bool:
    """True for a file in YAML or JSON by its name."""
    return path.lower().endswith(STRUCTURED)


def is_settings_path(path: str) -> bool:
    """True for a path at which a host keeps settings of the daemon, or a repository their template."""
    if not any(word in path for word in _WORDS):
        return False
    return is_daemon_json(path) or any(pattern.search(path) for pattern in (_UNIT, _OPTIONS))


def is_daemon_json(path: str) -> bool:
    """True for a path of the daemon's `daemon.json`, or of a template of one."""
    return _DAEMON_JSON.search(path) is not None


def _may_be(path: str) -> bool:
    name = path[path.rfind("/") + 1 :].lower()
    dot = name.rfind(".")
    names, endings = _others()
    return (name not in names and name[dot:] not in endings) if dot > 0 else name not in names


@lru_cache(maxsize=1)
def _others() -> tuple[frozenset[str], frozenset[str]]:
    lists = word_lists(__file__)
    return frozenset(lists["names"]), frozenset(f".{ending}" for ending in lists["endings"])
