"""One image, looked at from its bytes to its configuration and packages; made to run in a worker."""

import msgspec

from gate.errors import UnreadableError
from gate.images.access import Access
from gate.images.content import ImageContent
from gate.images.layers import LayeredTree
from gate.images.limits import Budget, Limits
from gate.images.origin import Ancestry
from gate.images.origin.packages import ancestry_of
from gate.images.rules import RULES, Hit, Rule, Subject
from gate.images.sources import open_image
from gate.inventory.installed.inventory import Installed, read_installed
from gate.model import Fact, Finding, Image, Location, Package, StageError, fingerprint
from gate.patterns import matches
from gate.stages.base import as_stage_error
from gate.trees import Kind, resolve

_SET_ID = 0o6000
_ASKED_BY_NAME = frozenset({"docker", "podman", "registry", "named"})


class Scan(msgspec.Struct, frozen=True, kw_only=True):
    """What is in an image, apart from what advisories say of it."""

    findings: tuple[Finding, ...]
    packages: tuple[Package, ...]
    errors: tuple[StageError, ...]
    origins: dict[str, str]
    """Diff id of the layer that brought a file, for each file that states packages."""
    facts: dict[str, Fact]
    ancestry: Ancestry


class Options(msgspec.Struct, frozen=True):
    """What of an image is looked at: see `stages.image` in the settings."""

    limits: Limits
    paths: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    access: Access = Access()
    bases: dict[str, str] = {}

    def is_wanted(self, path: str) -> bool:
        """True if files at this path in the image are looked at."""
        return (not self.paths or matches(path, self.paths)) and not matches(path, self.ignore)


class _Files(msgspec.Struct, frozen=True):
    """What a walk over all files tells."""

    count: int
    privileged: list[str]


def scan_image(target: Image, options: Options) -> Scan:
    """Open the image, check every byte, read its configuration and packages.

    Raises GateError if it cannot be opened or is not what its digests say; what else cannot be read is among the
    errors of the scan.
    """
    budget = Budget(options.limits)
    with open_image(target, budget, options.access) as image:
        if not image.layers:
            raise UnreadableError("has no layers, so there is nothing in it", path=target.name)
        tree = image.tree
        files = _look_at_files(tree, options)
        installed = read_installed(tree, options.is_wanted)
        return Scan(
            findings=_judge(_subject(target, image, files), target.name),
            packages=installed.packages,
            errors=tuple(as_stage_error(error) for error in installed.errors),
            origins=_origins(tree, installed.packages),
            facts=_facts(image, files, installed),
            ancestry=ancestry_of(image, installed, options.bases),
        )


def _look_at_files(tree: LayeredTree, options: Options) -> _Files:
    count = 0
    privileged = []
    for entry in tree.walk():
        count += 1
        if entry.mode & _SET_ID and entry.kind is Kind.FILE and options.is_wanted(entry.path):
            privileged.append(entry.path)
    return _Files(count, privileged)


def _subject(target: Image, image: ImageContent, files: _Files) -> Subject:
    # A layout's bare tag ("latest") is a label of that folder, not a name under which anybody deploys.
    given = [name for name in image.found.tags if ":" in name or "/" in name]
    names = [target.reference] if target.source in _ASKED_BY_NAME else given
    return Subject(
        runtime=image.config.runtime,
        history=image.config.history or [],
        names=names,
        privileged_files=files.privileged,
    )


def _judge(subject: Subject, target: str) -> tuple[Finding, ...]:
    return tuple(_finding(rule, hit, target) for rule in RULES for hit in rule.check(subject))


def _finding(rule: Rule, hit: Hit, target: str) -> Finding:
    about = rule.description
    return Finding(
        stage="image",
        rule=about.id,
        severity=about.severity,
        title=about.title,
        message=hit.message,
        # Neither source nor name is part of it: the same image is the same problem wherever it was read from.
        fingerprint=fingerprint("image", about.id, None, *hit.evidence),
        location=Location(target=target),
        confidence=hit.confidence,
        secret=hit.secret,
    )


def _origins(tree: LayeredTree, packages: tuple[Package, ...]) -> dict[str, str]:
    entries = (resolve(tree, path) for path in sorted({package.path for package in packages}))
    return {entry.path: entry.origin for entry in entries if entry and entry.origin}


def _facts(image: ImageContent, files: _Files, installed: Installed) -> dict[str, Fact]:
    distribution = installed.distribution
    facts: dict[str, Fact] = {
        "image_id": image.found.id,
        "platform": image.config.platform,
        "layers": len(image.layers),
        "bytes": image.size,
        "files": files.count,
        "packages": len(installed.packages),
        "binary_packages": installed.binaries,
        "judged_as_distribution": installed.owned,
        "distribution": distribution.name if distribution else "none",
    }
    if image.found.digest:
        facts["manifest"] = image.found.digest
    optional: dict[str, list[str]] = {
        "other_platforms": list(image.found.other_platforms),
        "not_read": [*image.found.not_read, *installed.unread],
    }
    return facts | {key: values for key, values in optional.items() if values}
