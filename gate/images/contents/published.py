"""Whether a file is public code: the archive of a published package, or a file as such a package brought it.

A package counts as published if it states a licence and an address to read about it, and does not call itself private:
what an organisation builds for itself rarely does.
"""

import csv
import gzip
import hashlib
import io
import re
import tarfile
import zipfile
from collections.abc import Mapping
from typing import Any

import msgspec

from gate.core.zip_errors import ZIP_DAMAGE
from gate.inventory.records.file_record import stated_sha256

_MAX_UNPACKED = 32 << 20
"""Bytes of a packed archive that are unpacked in search of its description, which is among the first files."""
_MAX_MEMBER = 64 << 20
_MAX_NAME = 200
_ZIP, _GZIP = b"PK\3\4", b"\x1f\x8b"
_METADATA = re.compile(r"[^/]+\.dist-info/METADATA")
_DESCRIPTION = re.compile(r"(?P<folder>[^/]+)/(?:(?P<python>PKG-INFO)|(?P<npm>package\.json)|(?P<crate>Cargo\.toml))")
"""What says in an archive of sources which package it is: Python's, npm's and Rust's have one folder with all files."""
_KEYS = r"Name|Version|Home-page|Project-URL|License|License-Expression|Classifier"
_FIELD = re.compile(rf"^(?P<key>{_KEYS}):[ ]*(?P<value>.+)$", re.MULTILINE)
_CRATE_KEYS = r"name|version|license|repository|homepage"
_CRATE = re.compile(rf'^(?P<key>{_CRATE_KEYS})[ ]*=[ ]*"(?P<value>[^"\n]+)"', re.MULTILINE)
_DAMAGE: tuple[type[Exception], ...] = (*ZIP_DAMAGE, tarfile.TarError, OSError, EOFError, KeyError)


def published_part(content: bytes, inner: str) -> str:
    """Return `botocore 1.44.8` if a file is a part of a published package, whose archive has this content.

    `inner` is the path of the file in the archive. Of a wheel it has to be as the wheel's RECORD states it; archives of
    sources have no such list. Empty for what is none, such as a folder with installed packages that was packed.
    """
    try:
        if content.startswith(_ZIP):
            return _in_wheel(content, inner.partition("!/")[0])
        return _in_sources(content, inner) if content.startswith(_GZIP) else ""
    except _DAMAGE:
        return ""


def published_distribution(metadata: str) -> str:
    """Return name and version of a Python distribution by its core metadata; empty if it does not seem published."""
    stated: dict[str, list[str]] = {}
    for found in _FIELD.finditer(metadata.partition("\n\n")[0]):
        stated.setdefault(found["key"], []).append(found["value"].strip())
    classifiers = " ".join(stated.get("Classifier", ()))
    is_licensed = "License" in stated or "License-Expression" in stated or "License ::" in classifiers
    has_address = "Home-page" in stated or "Project-URL" in stated
    if not is_licensed or not has_address or "Private ::" in classifiers:
        return ""
    return _named({key: values[0] for key, values in stated.items()}, "Name", "Version")


def _published_npm(text: str) -> str:
    try:
        stated = msgspec.json.decode(text)
    except (msgspec.MsgspecError, RecursionError):
        return ""
    if not isinstance(stated, dict) or stated.get("private") or stated.get("license") in (None, "UNLICENSED"):
        return ""
    return _named(stated, "name", "version") if stated.get("repository") or stated.get("homepage") else ""


def _published_crate(text: str) -> str:
    stated: dict[str, str] = {}
    for found in _CRATE.finditer(text):
        stated.setdefault(found["key"], found["value"])
    is_public = "license" in stated and ("repository" in stated or "homepage" in stated)
    return _named(stated, "name", "version") if is_public else ""


_JUDGES = {"python": published_distribution, "npm": _published_npm, "crate": _published_crate}


def _named(stated: Mapping[str, Any], name: str, version: str) -> str:
    words = f"{stated.get(name, '')} {stated.get(version, '')}"
    return words if words.isprintable() and len(words) <= _MAX_NAME and words == words.strip() else ""


def _in_wheel(content: bytes, inner: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        described = [name for name in opened.namelist() if _METADATA.fullmatch(name)]
        if len(described) != 1:
            return ""
        home = described[0].rpartition("/")[0]
        rows = csv.reader(io.StringIO(_member(opened, f"{home}/RECORD").decode("utf-8", "replace")))
        stated = next((row[1] for row in rows if len(row) > 1 and row[0] == inner), "")
        is_unchanged = stated_sha256(stated) == hashlib.sha256(_member(opened, inner)).hexdigest()
        return published_distribution(_member(opened, described[0]).decode("utf-8", "replace")) if is_unchanged else ""


def _member(opened: zipfile.ZipFile, name: str) -> bytes:
    with opened.open(name) as file:
        return file.read(_MAX_MEMBER)


def _in_sources(content: bytes, inner: str) -> str:
    with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
        unpacked = io.BytesIO(packed.read(_MAX_UNPACKED))
    with tarfile.open(fileobj=unpacked, mode="r:") as opened:
        for member in opened:
            found = _DESCRIPTION.fullmatch(member.name)
            file = opened.extractfile(member) if found and member.isfile() else None
            if found and found.lastgroup and file is not None:
                is_inside = f"{found['folder']}/" in (f"{part.partition('/')[0]}/" for part in inner.split("!/"))
                text = file.read(_MAX_UNPACKED).decode("utf-8", "replace")
                return _JUDGES[found.lastgroup](text) if is_inside else ""
    return ""
