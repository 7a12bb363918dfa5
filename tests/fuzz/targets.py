"""What is fuzzed: each parser as a function of bytes, which returns, or raises a GateError, and nothing else."""

import gzip
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from importlib import import_module

import msgspec

from gate.core.errors import GateError
from gate.trees import MAX_FILE_SIZE, Entry, EntryKind
from tests.fuzz import definitions, seeds

Read = Callable[[bytes], object]


class Target(msgspec.Struct, frozen=True):
    """A parser and a whole file for it."""

    read: Read
    seed: bytes


class Files:
    """A tree of files that are in memory."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self._files = files

    def walk(self) -> Iterator[Entry]:
        for path in sorted(self._files):
            yield Entry(path=path, kind=EntryKind.FILE, size=len(self._files[path]))

    def look_up(self, path: str) -> Entry | None:
        if path in self._files:
            return Entry(path=path, kind=EntryKind.FILE, size=len(self._files[path]))
        is_folder = any(name.startswith(f"{path}/") for name in self._files)
        return Entry(path=path, kind=EntryKind.FOLDER) if is_folder else None

    def read(self, path: str, limit: int = MAX_FILE_SIZE) -> bytes:
        if path not in self._files:
            raise GateError("no such file in this tree", path=path)
        return self._files[path]


def _travels(value: object) -> object:
    """Encode what crosses the border between processes."""
    msgspec.msgpack.encode(value)
    return value


def _lockfile(path: str, content: bytes) -> object:
    from gate.inventory.discovery import reader_of

    reader = reader_of(path)
    assert reader is not None
    return _travels(reader.read(Files({"other.txt": b"", path: content}), path))


def _tool(name: str, content: bytes) -> object:
    from gate.tools.findings import findings_of
    from gate.tools.formats import read_report
    from gate.tools.report import Reported

    try:
        found = read_report(name, content)
    except ValueError:  # what the stage says as an error of its own
        return None
    reported = [one for one in found if isinstance(one, Reported)]
    return _travels(list(findings_of("tool", reported, ".", "/folder")))


def _installed(name: str, path: str, content: bytes) -> object:
    from gate.inventory.installed.distribution import release
    from gate.inventory.installed.inventory import reader_of

    return _travels(list(reader_of(name).read(content, path, release("debian", "12"))))


def _dockerfile(content: bytes) -> object:
    from gate.declarations.dockerfile import DockerfileSettings
    from gate.dockerfile.build import Build
    from gate.dockerfile.lint import lint
    from gate.dockerfile.parser import parse
    from gate.dockerfile.scripts import scripts_of

    list(scripts_of(Build(parse(content), DockerfileSettings())))
    return _travels(lint(content, "Dockerfile", ".", DockerfileSettings()))


def _dockerignore(content: bytes) -> object:
    from gate.dockerfile.dockerignore import parse_dockerignore

    return parse_dockerignore(content, ".dockerignore").ignores("a/b.c/d")


def _definitions(name: str, content: bytes) -> object:
    from gate.dockerfile.definitions import read_definitions

    return _travels(read_definitions(Files({name: content, "Dockerfile": b"FROM a\n"}), [name], "."))


def _hadolint(content: bytes) -> object:
    from gate.declarations.dockerfile import DockerfileSettings
    from gate.dockerfile.hadolint import with_hadolint

    return _travels(with_hadolint(Files({".hadolint.yaml": content}), DockerfileSettings(), ".").findings)


def _ci(system: str, path: str, content: bytes) -> object:
    from gate.ci.rules import all_rules
    from gate.ci.rules.scripts import JOBS
    from gate.ci.systems import load_system
    from gate.rules import ask

    files = Files({path: content, "ci/a.yml": content, "templates/b.yml": content})
    judged = load_system(system).judge(files, [path], ())
    shared = [rule for rule in all_rules() if rule.looks_at is JOBS]
    found = [hit.message for job in judged.jobs for _, hit in ask(shared, job)]
    if judged.errors:
        raise GateError(str(judged.errors[0]))
    return _travels([*found, *(hit.message for _, hit in judged.hits), *judged.third_parties])


def _workspace(path: str, content: bytes) -> object:
    from gate.rules import ask
    from gate.workspace.reading import read_workspace
    from gate.workspace.rules import all_rules

    found = read_workspace(Files({path: content, "Makefile": content, "src/a.c": content}), lambda _: True)
    for one in found.read:
        if one.errors:
            raise GateError(str(one.errors[0]))
    hits = [
        hit.message
        for entry in found.entries
        for _, hit in ask((rule for rule in all_rules() if isinstance(entry, rule.looks_at.kind)), entry)
    ]
    return _travels([*hits, *found.notes])


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")


def _settings(name: str, content: bytes) -> object:
    from gate.settings.sources import find_settings

    texts = {name: _text(content)}
    return find_settings(texts.get, lambda one: one, "/")


def _policy(content: bytes) -> object:
    from gate.core import yaml
    from gate.policy.layers import checked
    from gate.settings.policy import PolicySettings
    from gate.settings.sources import convert

    text = _text(content)
    return checked(convert(yaml.parse(text, "p") or {}, PolicySettings, "p", text), "p")


def _waivers(content: bytes) -> object:
    from gate.policy.waivers import parse_waivers

    return parse_waivers(_text(content), "waivers.yaml")


def _baseline(content: bytes) -> object:
    from gate.policy.baseline import parse_baseline

    return parse_baseline(content, "baseline.jsonl")


def _codeowners(content: bytes) -> object:
    from gate.policy.codeowners import parse

    return parse(_text(content), "CODEOWNERS").of("docs/api/a b.md")


def _kubernetes(content: bytes) -> object:
    from gate.images.mentions.kubernetes import read

    return _travels(read(content, "a.yaml"))


def _end_of_life(content: bytes) -> object:
    from gate.core.end_of_life import ended, read_table

    return ended("debian", "13.1", "2030-01-01", read_table(content, "end_of_life.txt"))


def _push(content: bytes) -> object:
    from gate.app.hooks.protocol import read_push

    return read_push(io.BytesIO(content))


def _vex(content: bytes) -> object:
    from gate.advisories.vex import Statements
    from gate.advisories.vex_documents import statements_of
    from gate.model import Package

    package = Package(name="b", version="1", ecosystem="npm", purl="pkg:npm/b@1")
    return Statements(statements_of(content, "vex.json")).clearing(package, ["CVE-1"], "a")


def _envelope(content: bytes) -> object:
    from gate.core.dsse import unseal
    from gate.images.provenance.signatures.statements import authentic_in

    authentic_in(content, [])
    return unseal(content, "/dev/null", "a")


def _statement(content: bytes) -> object:
    from gate.attestation.statement import read_statement

    return read_statement(content, "a")


def _slsa(content: bytes) -> object:
    from gate.images.provenance.signatures.sboms import packages_in
    from gate.images.provenance.signatures.statements import PAYLOAD_TYPE, Authentic, builder_in, statement_in

    statement = statement_in(Authentic(content, PAYLOAD_TYPE, "key"), "a")
    return statement and (builder_in(statement, "a"), packages_in(statement, "a"))


def _cosign(content: bytes) -> object:
    from gate.images.provenance.signatures.payload import digest_in

    return digest_in(content)


def _profile(content: bytes) -> object:
    from gate.reachability.runtimes.observed.profiles import read_profile

    return read_profile(content, "a")


def _config(content: bytes) -> object:
    from gate.images.config import decode_config

    return decode_config(content, "a")


def _secrets_baseline(content: bytes) -> object:
    from gate.secrets.results.baseline import parse_baseline

    return parse_baseline(content, "a")


def _report(content: bytes) -> object:
    from gate.reports.reading import parse_report

    return parse_report(content, "a")


def _secrets(content: bytes) -> object:
    from gate.secrets.engine.configuration import GATE
    from gate.secrets.engine.scan import examine, scanner

    return [_travels(examine(content, path, scanner(GATE))) for path in ("a.py", "a.yaml", "a.json", "a.zip")]


def _tar(content: bytes) -> object:
    from gate.images.layers.span import Span
    from gate.images.layers.tar import members
    from gate.images.limits import Budget, Limits

    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        return _travels(list(members(Span.of_file(file, "a"), Budget(Limits(1 << 30, 10_000)))))


def _packed_chart(content: bytes) -> object:
    """Render a chart that has `content`, a tar, as the archive of another chart."""
    from gate.kubernetes.helm.packed import ArchiveBounds, PackedFiles
    from gate.kubernetes.helm.rendering import rendered_charts

    packed = gzip.compress(content, 1)
    ArchiveBounds().files_in(packed, "c.tgz")
    files = {"Chart.yaml": b"name: a\n", "charts/c.tgz": packed}
    return rendered_charts(PackedFiles(files), [""], sorted(files), "1.37")


def _elf(content: bytes) -> object:
    from gate.inventory.installed import cargo_auditable, go_build
    from gate.inventory.installed.elf import parse_elf

    elf = parse_elf(content, "a")
    return [*go_build.read(elf, "a"), *cargo_auditable.read(elf, "a")]


def _fleet_listing(content: bytes) -> object:
    from gate.fleet.listings import read_listings

    return _travels(read_listings([("listing.json", content)]))


def _forge(module: str, shape: str, content: bytes) -> object:
    from gate.app.merge_requests.api import understood
    from gate.fleet.sources.forge import addresses

    source = import_module(f"gate.fleet.sources.{module}")
    kind = getattr(source, shape)
    paths = (getattr(one, kind.__struct_fields__[0]) for one in understood(content, list[kind], "a"))
    return _targets(addresses("https://git.example.com", paths))


def _catalogue(content: bytes) -> object:
    from gate.fleet.sources.catalogue import page_of

    page = page_of(content, "a")
    named = [*(f"{name}:1" for name in page.repositories or ()), *(f"a:{tag}" for tag in page.tags or ())]
    return _targets(f"registry:registry.example.com/{name}" for name in named)


def _cluster(content: bytes) -> object:
    from gate.fleet.sources.cluster import images_in

    return _targets(images_in(content, "pods.json"))


def _targets(names: Iterable[str]) -> object:
    """Ask for each name of a source what a fleet run asks of it."""
    from gate.fleet.targets import checked, spread

    return list(spread(map(checked, names)))


_READERS: dict[str, Read] = {
    "fleet listing": _fleet_listing,
    "github's repositories": partial(_forge, "github", "GitHubRepository"),
    "gitlab's projects": partial(_forge, "gitlab", "GitLabProject"),
    "registry's catalogue": _catalogue,
    "cluster's images": _cluster,
    "dockerfile": _dockerfile,
    "dockerignore": _dockerignore,
    "compose": partial(_definitions, "compose.yaml"),
    "bake": partial(_definitions, "docker-bake.hcl"),
    "hadolint": _hadolint,
    "gitlab ci": partial(_ci, "gitlab", ".gitlab-ci.yml"),
    "settings": partial(_settings, "gate.yaml"),
    "pyproject settings": partial(_settings, "pyproject.toml"),
    "policy": _policy,
    "waivers": _waivers,
    "baseline": _baseline,
    "codeowners": _codeowners,
    "kubernetes": _kubernetes,
    "end-of-life dates": _end_of_life,
    "push": _push,
    "openvex": _vex,
    "cyclonedx vex": _vex,
    "envelope": _envelope,
    "statement": _statement,
    "slsa statement": _slsa,
    "cosign payload": _cosign,
    "profile": _profile,
    "image config": _config,
    "detect-secrets baseline": _secrets_baseline,
    "report": _report,
    "secrets": _secrets,
}

TARGETS: dict[str, Target] = {
    **{f"lockfile {name}": Target(partial(_lockfile, name), text.encode()) for name, text in seeds.LOCKFILES.items()},
    **{f"tool {name}": Target(partial(_tool, name), text.encode()) for name, text in seeds.TOOLS.items()},
    **{
        f"installed {name}": Target(partial(_installed, name, path), content)
        for name, (path, content) in seeds.INSTALLED.items()
    },
    **{
        f"ci {name}": Target(partial(_ci, name, path), text.encode())
        for name, (path, text) in definitions.SYSTEMS.items()
    },
    **{
        f"workspace {name}": Target(partial(_workspace, path), text.encode())
        for name, (path, text) in definitions.FORMATS.items()
    },
    **{name: Target(read, seeds.TEXTS[name].encode()) for name, read in _READERS.items()},
    "tar": Target(_tar, seeds.BINARIES["tar"]),
    "packed chart": Target(_packed_chart, seeds.BINARIES["chart"]),
    "elf": Target(_elf, seeds.BINARIES["elf"]),
}
"""Every parser of what comes from outside, by name."""


def attempt(target: Target, content: bytes) -> bool:
    """Read `content`; True if it could be read, False for a GateError. Anything else comes through."""
    try:
        target.read(content)
    except GateError:
        return False
    return True
