"""Bundler: `Gemfile.lock`.

A Gemfile is a program, so it is not run: a plain one is made of what the lockfile says that the project asks for.
Bundler adds its own version and the platform of the machine to the lockfile; neither belongs into a raise.
"""

import re

from gate.app.fixes.resolvers.resolver import Commands, Files, RaiseRequest, RefusedError, Resolver

_OTHER_SOURCES = re.compile(r"(?m)^(GIT|PATH|PLUGIN SOURCE)$")
_REMOTE = re.compile(r"(?m)^  remote: ")
_ASKED = re.compile(r"(?m)^  (?P<name>[\w.-]+)(?: \((?P<versions>[^)]*)\))?!?$")
_RUBY = re.compile(r"(?m)^RUBY VERSION$")
_OF_A_PLATFORM = re.compile(r"(?m)^ {4}[\w.-]+ \([\w.]+-(?P<platform>[\w.-]+)\)$")
"""A gem that is built for a platform: `nokogiri (1.18.8-x86_64-linux-gnu)`."""
_KEPT = ("PLATFORMS", "BUNDLED WITH")
"""Sections that stay as they are."""


def _files(request: RaiseRequest) -> Files:
    lock = request.folder.text(request.lock)
    if _OTHER_SOURCES.search(lock) or len(_REMOTE.findall(lock)) != 1:
        raise RefusedError("gems come from several sources, and only one of them can be used here")
    if _RUBY.search(lock):
        raise RefusedError("the lockfile requires a Ruby version, which needs the Gemfile itself")
    asked = lock.partition("\nDEPENDENCIES\n")[2].partition("\n\n")[0]
    gems = [_gem(found["name"], found["versions"]) for found in _ASKED.finditer(asked)]
    gemfile = "\n".join(["Gem.sources.each { |address| source address.to_s }", *gems, ""])
    return {"Gemfile": gemfile.encode(), "Gemfile.lock": lock.encode()}


def _gem(name: str, versions: str | None) -> str:
    """Write a requirement for Ruby; both parts are quoted, and the pattern lets no quote through."""
    stated = [re.sub(r"[^\w.~<>=! -]", "", one.strip()) for one in (versions or "").split(",") if one.strip()]
    return ", ".join([f'gem "{name}"', *(f'"{one}"' for one in stated)])


def _commands(request: RaiseRequest) -> Commands:
    return [["bundle", "lock", "--conservative", "--update", *(one.name for one in request.raises)]]


def _writes(request: RaiseRequest) -> list[str]:
    return ["Gemfile.lock"]


def _answer(request: RaiseRequest, written: Files) -> Files:
    before, after = request.folder.text(request.lock), written["Gemfile.lock"].decode("utf-8", "replace")
    new = _platforms(after) - _platforms(before)
    if new:
        raise RefusedError(f"Bundler would add gems for {min(new)}, the platform of this machine, to the lockfile")
    old, sections = _sections(before), _sections(after)
    kept = [old.get(head, "") if head in _KEPT else section for head, section in sections.items()]
    return {request.lock: ("\n\n".join(filter(None, kept)) + "\n").encode()}


def _platforms(lock: str) -> set[str]:
    return {found["platform"] for found in _OF_A_PLATFORM.finditer(lock)}


def _sections(lock: str) -> dict[str, str]:
    """Return the sections of a lockfile by their headings, of which none is there twice with one source of gems."""
    return {section.partition("\n")[0]: section for section in lock.strip("\n").split("\n\n")}


RESOLVER = Resolver(
    program="bundle",
    files=_files,
    commands=_commands,
    by_hand="bundle update --conservative {name}",
    writes=_writes,
    answer=_answer,
    environment={"BUNDLE_GEMFILE": "Gemfile", "BUNDLE_DISABLE_VERSION_CHECK": "1"},
    settings=("BUNDLE_", "GEM_HOME", "GEM_PATH", "SSL_CERT_"),
)
