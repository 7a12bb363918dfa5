"""What to write for an image that is named as another program names it, or by a slip of the hand."""

import re
from pathlib import Path

_ADDRESS = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z-]*):/{2,3}(?P<rest>.*)", re.DOTALL)
_OF_OTHERS = {
    "containers-storage": "podman",
    "docker-archive": "archive",
    "docker-daemon": "docker",
    "oci": "oci-dir",
    "oci-archive": "archive",
}
"""Transports of skopeo and podman (containers-transports(5)) to the sources that read the same."""
_NO_NAMES = _OF_OTHERS.keys() - {"oci"}
"""Those that hardly are the names of images themselves."""
_BY_ADDRESS = {
    "containers-storage": "podman:{0}",
    "docker": "registry:{0}, or docker:{0} for the image that the Docker daemon has",
    "file": "archive:{0}",
    "http": "registry:{0}",
    "https": "registry:{0}",
    "oci": "registry:{0}",
}


def is_of_another_program(text: str) -> bool:
    """True for a name by which other programs call what is no image's name here: `docker-archive:app.tar`."""
    return text.partition(":")[0] in _NO_NAMES


def meant(text: str, sources: frozenset[str]) -> str:
    """Return what to write in the place of a name that is none; empty if that cannot be guessed.

    `sources` are the words that stand before a colon.
    """
    address = _ADDRESS.fullmatch(text)
    if address is not None:
        scheme = address["scheme"].lower()
        by_default = f"{scheme}:{{0}}" if scheme in sources else ""
        return _BY_ADDRESS.get(scheme, by_default).format(address["rest"]) if address["rest"] else ""
    word, _, rest = text.partition(":")
    if word in _OF_OTHERS and rest:
        return f"{_OF_OTHERS[word]}:{_without_tag(rest) if word == 'oci' else rest}"
    plain = re.sub(r":{2,}", ":", text).rstrip(":")
    repository, colon, tag = plain.rpartition(":") if ":" in plain else (plain, "", "")
    lower = f"{repository.lower()}{colon}{tag}"
    return lower if lower != text and lower not in sources else ""


def folder_meant(source: str, path: str, folder: str) -> str:
    """Return what to write for a path that is not there; empty if that cannot be guessed."""
    stripped = path.lstrip(":")
    candidates = (stripped, stripped.lstrip("/"), _without_tag(stripped))
    found = (one for one in candidates if one and one != path and Path(folder, one).exists())
    return next((f"{source}:{one}" for one in found), "")


def _without_tag(path: str) -> str:
    head, colon, tag = path.rpartition(":")
    return head if colon and "/" not in tag else path
