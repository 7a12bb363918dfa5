"""Scanning one image, from its bytes to its configuration and packages; made to run in a worker.

Modules that analyse layers are imported inside functions: they are not needed if the results are in the cache.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from gate.core.end_of_life import EndOfLifeTable
from gate.core.errors import GateError, UnreadableError, as_stage_error
from gate.core.path_patterns import is_selected
from gate.images.access import Access
from gate.images.build_steps import steps_of_layers
from gate.images.contents.observations import ImageContents
from gate.images.contents.releases import releases_of
from gate.images.image import ImageContent
from gate.images.image_cache import ImageCache
from gate.images.layers.changes import LayerHistory, history_of
from gate.images.limits import Budget, Limits
from gate.images.package_list import ListOptions, packages_in
from gate.images.provenance.base import Ancestry
from gate.images.provenance.base.packages import ancestry_of
from gate.images.reference import BY_NAME
from gate.images.rules import Subject, is_on_secrets, rules_with
from gate.images.sources import open_image
from gate.images.use import seen_of, uses_of
from gate.images.yara.rules import RuleFile, identity_of
from gate.inventory.installed.distribution import OS_RELEASE
from gate.inventory.installed.inventory import Installed
from gate.model import Fact, Finding, Image, ImageUses, Package, Scope, Share, StageError
from gate.reachability.runtimes.observed.profiles import ObservedProfiles
from gate.rules import ask, finding_of
from gate.trees.coverage import measured_entries

if TYPE_CHECKING:
    from gate.images.contents.walk import WalkOptions


class Scan(msgspec.Struct, frozen=True, kw_only=True):
    """What is in an image, without advisories."""

    findings: tuple[Finding, ...]
    packages: tuple[Package, ...]
    errors: tuple[StageError, ...]
    history: LayerHistory
    """What each layer did, and which of them brought each of `packages`."""
    facts: dict[str, Fact]
    ancestry: Ancestry
    functions: dict[str, bytes]
    """Functions that are in each program of Go: see `gate.reachability.runtimes.languages.go`."""
    uses: ImageUses
    """Whether each of `packages` is in use."""
    share: Share | None = None
    """Which share of the files is looked at; None: all."""


class ImageOptions(msgspec.Struct, frozen=True):
    """What of an image is looked at: see `stages.image` in the settings."""

    limits: Limits
    paths: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    access: Access = Access()
    bases: dict[str, str] = {}
    min_explained: float = 0.0
    """Share of the programs, from 0 to 1, that packages have to explain."""
    max_text_size: int = 32 << 20
    """Bytes of a text that is searched for secrets."""
    cache_folder: str | None = None
    """Where the compiled pre-filter for secrets is kept."""
    today: str = ""
    """Day of the run (YYYY-MM-DD), by which releases have ended."""
    end_of_life: EndOfLifeTable | None = None
    """The table of end-of-life dates; None: the built-in one."""
    evidence: ObservedProfiles | None = None
    """What was seen of containers under test."""
    yara: tuple[RuleFile, ...] = ()
    """Rules by which malware is found."""
    plugins: tuple[str, ...] = ()
    """Packages whose rules are asked as well."""
    kinds: tuple[str, ...] = ()
    """Packages whose kinds of secrets are looked for as well."""
    memory_folder: str | None = None
    """Where what is known of layers is kept from run to run; None: nothing is believed or kept."""

    def is_wanted(self, path: str) -> bool:
        """True if files at this path in the image are looked at."""
        return is_selected(path, self.paths, self.ignore)


def scan_image(target: Image, options: ImageOptions) -> Scan:
    """Open the image, check every byte, read its configuration and packages.

    Raises GateError if it cannot be opened or is not what its digests say; what else cannot be read is among the
    errors of the scan.
    """
    cache = ImageCache(Path(options.memory_folder) if options.memory_folder else None)
    with open_image(target, Budget(options.limits), options.access, cache) as image:
        listed = ListOptions(options.limits, options.paths, options.ignore)
        installed = packages_in(image, listed)
        contents = _contents(image, installed, options)
        history = _history(image, installed, options)
        seen = seen_of(target, image, options.evidence)
        uses = uses_of(target, image, installed.packages, listed, seen)
        subject = _subject(target, image, contents, installed, options)
        return Scan(
            findings=_judge(subject, target.name, image, options),
            packages=installed.packages,
            errors=(*map(as_stage_error, _doubts(installed, options)), *_further(contents.errors, installed)),
            history=history,
            facts={**_facts(image, contents, installed), **seen.facts, **_missed(uses)},
            ancestry=ancestry_of(image, installed, options.bases),
            functions=_functions(image, installed, options),
            uses=uses,
            share=_share(image, options),
        )


def _share(image: ImageContent, options: ImageOptions) -> Share | None:
    if not (options.paths or options.ignore):
        return None
    share = measured_entries(image.tree, image.tree.walk(), options.is_wanted, reads=False)
    return share if share.files < share.of_files else None


def _history(image: ImageContent, installed: Installed, options: ImageOptions) -> LayerHistory:
    def look() -> LayerHistory:
        steps = steps_of_layers(image.config, options.cache_folder)
        return history_of(image, installed, steps, options.is_wanted)

    return image.cache.get_or_compute((*_cache_key("history", image, options), image.found.id), LayerHistory, look)


def _contents(image: ImageContent, installed: Installed, options: ImageOptions) -> ImageContents:
    def look() -> ImageContents:
        from gate.images.contents.comparison_cache import ComparisonCache
        from gate.images.contents.walk import look_into

        compared = ComparisonCache(image.cache)
        found = look_into(image.tree, installed, _terms(options), compared)
        compared.flush()
        return found

    key = (*_cache_key("contents", image, options), identity_of(options.yara), _identity_of_kinds(options))
    return image.cache.get_or_compute(
        key, ImageContents, look, lambda found: not found.errors, lambda found: bool(found.secrets)
    )


def _missed(uses: ImageUses) -> dict[str, Fact]:
    """Return the fact that names what was used under test and the analysis did not find."""
    return {"in_use_missed": [str(one) for one in uses.missed]} if uses.missed else {}


def _functions(image: ImageContent, installed: Installed, options: ImageOptions) -> dict[str, bytes]:
    """Return the functions in each Go program, by its path; programs that cannot be read are left out."""
    paths = sorted({package.path for package in installed.packages if package.ecosystem == "Go"})

    def look() -> dict[str, bytes]:
        from gate.reachability.runtimes.languages.go import functions_in

        return functions_in(paths, image.tree)

    return image.cache.get_or_compute(_cache_key("functions", image, options), dict[str, bytes], look)


def _cache_key(what: str, image: ImageContent, options: ImageOptions) -> tuple[str, ...]:
    """Return the cache key of an analysis of an image's layers: all that it depends on."""
    asked = (options.limits, options.paths, options.ignore, options.min_explained, options.max_text_size)
    return (what, msgspec.json.encode(asked).decode(), *image.config.rootfs.diff_ids)


def _identity_of_kinds(options: ImageOptions) -> str:
    """Return a digest of the code of plugins that define further kinds of secrets."""
    if not options.kinds:
        return ""
    from gate.secrets.kinds.added import code_of_tokens

    return code_of_tokens(options.kinds).hex()


def _terms(options: ImageOptions) -> "WalkOptions":
    from gate.images.contents.walk import WalkOptions

    return WalkOptions(
        is_wanted=options.is_wanted,
        min_explained=options.min_explained,
        max_text_size=options.max_text_size,
        cache_folder=options.cache_folder,
        kinds=options.kinds,
        yara=options.yara,
    )


def _further(errors: tuple[StageError, ...], installed: Installed) -> Iterator[StageError]:
    """Yield the errors about files for which the inventory has none."""
    reported = {error.path for error in installed.errors if error.path}
    return (error for error in errors if error.path not in reported)


def _doubts(installed: Installed, options: ImageOptions) -> Iterator[GateError]:
    """Yield the inventory's errors, and one if no source has advisories for the distribution's packages."""
    yield from installed.errors
    distribution = installed.distribution
    if installed.has_database and distribution and not distribution.ecosystem and options.is_wanted(OS_RELEASE):
        yield UnreadableError(
            f"there are no advisories for {distribution.name[:100]!r}",
            path=OS_RELEASE,
            hint="Its system packages are listed and not judged: check them with another tool, and list this file"
            " under stages.image.ignore",
        )


def _subject(
    target: Image, image: ImageContent, contents: ImageContents, installed: Installed, options: ImageOptions
) -> Subject:
    # A layout's plain tag ("latest") is a label in that folder, not a name under which the image is deployed.
    given = [name for name in image.found.tags if ":" in name or "/" in name]
    names = [target.reference] if target.source in BY_NAME else given
    return Subject(
        runtime=image.config.runtime,
        history=image.config.history or [],
        texts=[*image.config.texts, *_annotations(image), *image.found.tags],
        names=names,
        layers=image.config.rootfs.diff_ids,
        modes=contents.modes,
        remains=contents.remains,
        accounts=contents.accounts,
        changed=contents.changed,
        unexplained=contents.unexplained,
        secrets=contents.secrets,
        cron=contents.cron,
        malware=contents.malware,
        capable=contents.capable,
        development=tuple(sorted({one.name for one in installed.packages if one.scope is Scope.DEVELOPMENT})),
        releases=releases_of(installed),
        today=options.today,
        end_of_life=options.end_of_life,
    )


def _annotations(image: ImageContent) -> list[str]:
    return [f"{key}={value}" for key, value in sorted(image.found.annotations.items())]


def _judge(subject: Subject, target: str, image: ImageContent, options: ImageOptions) -> tuple[Finding, ...]:
    """Ask every rule; the detectors of secrets are not asked again about a configuration that held none before."""
    about = hashlib.sha256("\0".join((*_annotations(image), *image.found.tags)).encode()).hexdigest()
    key = (*_cache_key("no secret in the configuration", image, options), image.found.id, about)
    was_clean = image.cache.get(key, bool) is True
    asked = [rule for rule in rules_with(options.plugins) if not (was_clean and is_on_secrets(rule))]
    hits = list(ask(asked, subject))
    if not was_clean and not any(is_on_secrets(rule) for rule, _ in hits):
        image.cache.put(key, True)
    # Fingerprints depend neither on source nor on name: the same image has the same problems wherever it is read from.
    return tuple(finding_of(rule, hit, target) for rule, hit in hits)


def _facts(image: ImageContent, contents: ImageContents, installed: Installed) -> dict[str, Fact]:
    distribution = installed.distribution
    facts: dict[str, Fact] = {
        "image_id": image.found.id,
        "platform": image.config.platform,
        "layers": len(image.found.layers),
        "bytes": image.size,
        "files": contents.files,
        "packages": len(installed.packages),
        "binary_packages": installed.binaries,
        "judged_as_distribution": installed.owned,
        "distribution": distribution.name if distribution else "none",
    }
    if image.found.digest:
        facts["manifest"] = image.found.digest
    optional: dict[str, list[str]] = {
        "indexes": list(image.found.indexes),
        "other_platforms": list(image.found.other_platforms),
        "not_read": [*image.found.not_read, *installed.unread],
    }
    return facts | contents.facts | {key: values for key, values in optional.items() if values}
