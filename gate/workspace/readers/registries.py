"""Sources, mirrors and scripts of NuGet, Maven, Bundler and Composer, by their own documentation.

A mirror of Maven with `blocked` fetches nothing: Maven's own settings have one to keep builds from plain HTTP.
"""

import re
from collections.abc import Iterator

from gate.core.lazy_regex import lazy_regex
from gate.core.values import Value
from gate.trees import FileTree
from gate.workspace.model import AutoStart, Entry, Grant, Moment, ReadFile, RedirectedAddress, Strength
from gate.workspace.readers.documents import json_of
from gate.workspace.readers.reading import lines_of, shown, start_of, text_of, without_xml_comments, words_of

_ADD = lazy_regex(r"<add\s[^>]{0,200}?\bvalue\s*=\s*[\"'](?P<address>https?://[^\"']{1,300})[\"']")
_URL = lazy_regex(
    r"<(?:mirror|repository|pluginRepository)>(?:(?!</(?:mirror|repository|pluginRepository)>)[\s\S]){0,2000}?<url>\s*(?P<address>[^<\s]{1,300})"
    r"\s*</url>(?!\s*<blocked>\s*true)"
)
_MAIN = (
    "api.nuget.org",
    "nuget.org",
    "repo.maven.apache.org",
    "repo1.maven.org",
    "rubygems.org",
    "packagist.org",
    "pkgs.dev.azure.com",
)
_COMPOSER_INSTALL = (
    *(
        "pre-install-cmd",
        "post-install-cmd",
        "pre-update-cmd",
        "post-update-cmd",
        "pre-autoload-dump",
        "post-autoload-dump",
    ),
    *("post-root-package-install", "post-create-project-cmd", "pre-package-install", "post-package-install"),
)


def read(tree: FileTree, path: str) -> ReadFile:
    """Read one file by its name."""
    name = path.rpartition("/")[2].lower()
    if name == "composer.json":
        return ReadFile(entries=tuple(_composer(json_of(tree, path))))
    if name == "config":
        return ReadFile(entries=tuple(_bundler(tree, path)))
    text = without_xml_comments(text_of(tree, path))
    if name == "settings.xml" and "<settings" not in text:
        return ReadFile()
    by, pattern = ("NuGet", _ADD) if name == "nuget.config" else ("Maven", _URL)
    return ReadFile(entries=tuple(_redirected(text, path, by, pattern)))


def _redirected(text: str, path: str, by: str, pattern: "re.Pattern[str]") -> Iterator[RedirectedAddress]:
    setting = "source" if by == "NuGet" else "mirror or repository"
    for found in pattern.finditer(text):
        address, line = found["address"], text.count("\n", 0, found.start("address")) + 1
        if not _is_main(address):
            yield RedirectedAddress(by=by, setting=setting, address=shown(address), path=path, line=line)


def _is_main(address: str) -> bool:
    """True for an address of the ecosystem's own registry."""
    return any(main in address for main in _MAIN)


def _bundler(tree: FileTree, path: str) -> Iterator[Entry]:
    for number, line in lines_of(tree, path):
        key, _, value = line.partition(":")
        if key.startswith("BUNDLE_MIRROR__"):
            address = shown(value.strip().strip("\"'"))
            yield RedirectedAddress(by="Bundler", setting=key, address=address, path=path, line=number)
        elif key == "BUNDLE_SSL_VERIFY_MODE" and value.strip().strip("\"'") == "0":
            what = "BUNDLE_SSL_VERIFY_MODE = 0"
            yield Grant(by="Bundler", what=what, strength=Strength.MUCH, is_check=True, path=path, line=number)


def _composer(document: Value) -> Iterator[Entry]:
    scripts = document.get("scripts")
    for name, command in scripts.items() if scripts else ():
        if name in _COMPOSER_INSTALL and words_of(command):
            yield start_of(
                command, Moment.INSTALL, "Composer", name, "; ".join(one.text() for one in command.elements())
            )
    yield from _repositories(document.get("repositories"))
    secure = document.get("config", "secure-http")
    if secure is not None and secure.text() == "false":
        yield _check(secure, "config.secure-http = false")
    tls = document.get("config", "disable-tls")
    if tls is not None and tls.text() == "true":
        yield _check(tls, "config.disable-tls = true")


def _repositories(repositories: Value | None) -> Iterator[AutoStart | RedirectedAddress]:
    if repositories is None:
        return
    listed: list[Value] = [one for _, one in repositories.items()] or list(repositories.elements())
    for one in listed:
        address = one.text("url")
        if one.text("type") == "composer" and address and not _is_main(address):
            yield RedirectedAddress(
                by="Composer", setting="repositories", address=shown(address), path=one.path, line=one.line
            )


def _check(value: Value, what: str) -> Grant:
    return Grant(by="Composer", what=what, strength=Strength.MUCH, is_check=True, path=value.path, line=value.line)
