"""Whether an image's start reaches vulnerable functions of its packages; made to run in a worker, after the scan.

Which functions are asked about is known only when the packages are matched with the advisories.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from gate.images.access import Access
from gate.images.image import ImageContent
from gate.images.image_cache import ImageCache
from gate.images.limits import Budget
from gate.images.package_list import ListOptions, packages_in
from gate.images.sources import open_image
from gate.images.use import key_of_reach, seen_of
from gate.model import Finding, Image, InUse, StageError
from gate.reachability.functions.answer import ReachAnswer, incomplete
from gate.reachability.functions.dotnet.image import DotnetImage
from gate.reachability.functions.findings import answered, asks
from gate.reachability.functions.image import PythonImage
from gate.reachability.functions.image_start import (
    DOTNET,
    JAVA,
    NODE,
    PYTHON,
    RUBY,
    RUST,
    SEARCHED_IN_IMAGES,
    StartReach,
    VulnerablePackage,
    configured,
    reach_of,
)
from gate.reachability.functions.java.image import JavaImage
from gate.reachability.functions.javascript.image import NodeImage
from gate.reachability.functions.ruby.image import RubyImage
from gate.reachability.functions.rust.image import RustImage
from gate.reachability.runtimes.observed.profiles import ObservedProfiles
from gate.trees import FileTree


class SearchedImage(Protocol):
    """The sources or classes of one ecosystem in an image."""

    def answer(self, asked: VulnerablePackage) -> ReachAnswer:
        """Return whether the start can reach one of a package's vulnerable functions."""


_SEARCHES: dict[str, Callable[[FileTree, StartReach, bytes], SearchedImage]] = {
    PYTHON: PythonImage,
    NODE: NodeImage,
    JAVA: JavaImage,
    RUBY: RubyImage,
    RUST: RustImage,
    DOTNET: DotnetImage,
}
"""By ecosystem what searches an image's tree, given what the start reaches and what the configuration states."""


class FunctionsAsked(msgspec.Struct, frozen=True):
    """What is asked of an image."""

    packages: tuple[VulnerablePackage, ...]
    options: ListOptions
    access: Access = Access()
    memory_folder: str | None = None
    """Where what is known of layers is kept from run to run; None: nothing is believed or kept."""
    evidence: ObservedProfiles | None = None


def with_image_functions(
    findings: Iterable[Finding], search: Callable[[tuple[VulnerablePackage, ...]], Sequence[ReachAnswer] | StageError]
) -> tuple[Finding, ...]:
    """Return the findings; those whose vulnerable functions are known state whether one can be reached.

    `search` does what `functions_of_image` does, or returns the error with which that ended. What is not in use is not
    searched: its functions are not reached either.
    """
    known = list(findings)
    asked = {finding.fingerprint: asked_of(finding) for finding in known if asks(finding, SEARCHED_IN_IMAGES)}
    wanted = tuple(dict.fromkeys(one for one in asked.values() if one is not None))
    found = search(wanted) if wanted else ()
    if isinstance(found, StageError):
        found = [incomplete(found)] * len(wanted)
    answers = dict(zip(wanted, found, strict=True))
    return tuple(_answered(finding, asked, answers) for finding in known)


def asked_of(finding: Finding) -> VulnerablePackage | None:
    """Return what is asked of a finding's package; None if it is not in use."""
    if finding.in_use is InUse.NO or finding.package is None or finding.vulnerability is None:
        return None
    package = finding.package
    symbols = finding.vulnerability.symbols
    return VulnerablePackage(package.path, symbols, package.ecosystem, package.name, package.version)


def _answered(
    finding: Finding, asked: dict[str, VulnerablePackage | None], answers: dict[VulnerablePackage, ReachAnswer]
) -> Finding:
    if finding.fingerprint not in asked:
        return finding
    wanted = asked[finding.fingerprint]
    if wanted is None:
        return answered(finding, ReachAnswer(InUse.NO, finding.in_use_evidence))
    return answered(finding, answers[wanted])


def functions_of_image(target: Image, asked: FunctionsAsked) -> tuple[ReachAnswer, ...]:
    """Return for each asked package whether the start can reach one of its functions, in their order.

    Raises as `gate.images.scan.scan_image` does.
    """
    cache = ImageCache(Path(asked.memory_folder) if asked.memory_folder else None)
    with open_image(target, Budget(asked.options.limits), asked.access, cache) as image:

        def look() -> tuple[ReachAnswer, ...]:
            answers = _answers(target, image, asked)
            image.store_results()
            return answers

        seen = seen_of(target, image, asked.evidence)
        wanted = hashlib.sha256(msgspec.json.encode(asked.packages)).hexdigest()
        key = ("reachable functions", wanted, *key_of_reach(target, image, asked.options, seen, ""))
        return image.cache.get_or_compute(key, tuple[ReachAnswer, ...], look)


def _answers(target: Image, image: ImageContent, asked: FunctionsAsked) -> tuple[ReachAnswer, ...]:
    answers: dict[VulnerablePackage, ReachAnswer] = {}
    for ecosystem in dict.fromkeys(package.ecosystem for package in asked.packages):
        reach = _reach(target, image, asked, ecosystem)
        searched = _SEARCHES[ecosystem](image.tree, reach, configured(image.config.runtime, target))
        for package in asked.packages:
            if package.ecosystem == ecosystem:
                answers[package] = searched.answer(package)
    return tuple(answers[package] for package in asked.packages)


def _reach(target: Image, image: ImageContent, asked: FunctionsAsked, ecosystem: str) -> StartReach:
    """Return what the start reaches: the scan that went before has put it in the cache, if there is one."""
    seen = seen_of(target, image, asked.evidence)

    def follow() -> StartReach:
        from gate.reachability.runtimes.analyse import analyse

        packages = packages_in(image, asked.options).packages
        runtime = image.config.runtime
        return reach_of(analyse(image.tree, runtime, packages, starts=target.starts, seen=seen).explored, ecosystem)

    key = key_of_reach(target, image, asked.options, seen, ecosystem)
    return image.cache.get_or_compute(key, StartReach, follow)
