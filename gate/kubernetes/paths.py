"""Paths at which manifests, Compose files and settings of Docker hosts can be; many repositories have none."""

from gate.core.lazy_regex import lazy_regex
from gate.trees import EntryKind, FileTree, NameHint, walk_named

_ENDINGS = (".yaml", ".yml", ".json", ".bu", ".ign", ".cfg")
_NAMES = ("user-data", "cloud-config", "user_data")
_KUSTOMIZATION = "Kustomization"
_WORDS = ("docker", "daemon.json")
"""Each path of settings has one of them."""
_HINTS = (
    NameHint(endings=(*_ENDINGS, *_NAMES, _KUSTOMIZATION.lower())),
    NameHint(words=_WORDS),
)
_DAEMON_JSON = lazy_regex(r"(?:^|/)(?:docker[^/]*/)?(?:docker[_-]?)?daemon\.json(?:\.(?:j2|tpl|tmpl|erb|tftpl))?\Z")
_UNIT = lazy_regex(
    r"(?:^|/)(?:docker\.(?:service|socket)|docker\.(?:service|socket)\.d/[^/]+\.conf)(?:\.(?:j2|tpl|tmpl|erb))?\Z"
)
_OPTIONS = lazy_regex(r"(?:^|/)etc/(?:default|sysconfig)/docker\Z")


def named_files(tree: FileTree) -> list[str]:
    """Return the files of a tree that may be of such a kind, sorted; no other file is looked at."""
    return [entry.path for entry in walk_named(tree, _may_be, *_HINTS) if entry.kind is EntryKind.FILE]


def is_settings_path(path: str) -> bool:
    """True for a path at which a host keeps settings of the daemon, or a repository their template."""
    if not any(word in path for word in _WORDS):
        return False
    return is_daemon_json(path) or any(pattern.search(path) for pattern in (_UNIT, _OPTIONS))


def is_daemon_json(path: str) -> bool:
    """True for a path of the daemon's `daemon.json`, or of a template of one."""
    return _DAEMON_JSON.search(path) is not None


def _may_be(path: str) -> bool:
    return path.endswith((*_ENDINGS, *_NAMES, _KUSTOMIZATION)) or is_settings_path(path)
