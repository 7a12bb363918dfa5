"""The dependencies stage: what the repository's lockfiles lock, matched with the advisories."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from gate.context import Context
from gate.core.errors import as_stage_error
from gate.declarations.dependencies import DEPENDENCIES
from gate.model import (
    Fact,
    Finding,
    Judged,
    Loosened,
    Package,
    RuleDescription,
    Share,
    StageResult,
    Tree,
)
from gate.stages.base import result_of, words_in

if TYPE_CHECKING:
    from gate.advisories.vex_documents import Documents
    from gate.declarations.dependencies import DependenciesSettings
    from gate.inventory.discovery import Discovery
    from gate.inventory.lockfile import Include
    from gate.inventory.reading import Reading
    from gate.settings import Settings

NAME = DEPENDENCIES.name
ACCEPTS: tuple[type, ...] = (Tree,)


def rules(settings: "Settings") -> Iterable[RuleDescription]:
    """Return what can be said beforehand: the advisories' own texts are their databases'."""
    from gate.package_rules.rules import ON_PACKAGES

    if settings.of(DEPENDENCIES).plugins:
        from gate.inventory.discovery import readers

        readers(settings.of(DEPENDENCIES).plugins)
    return ON_PACKAGES.descriptions()


def run(target: Tree, context: Context) -> StageResult:
    """Read every lockfile of the tree and match its packages. A broken lockfile leaves the others judged."""
    from gate.core.text import counted
    from gate.inventory.discovery import find_lockfiles, read_lockfile
    from gate.inventory.reading import reading_of
    from gate.trees import open_tree

    settings = context.settings.of(DEPENDENCIES)
    discovery = find_lockfiles(open_tree(target), settings.paths, settings.ignore, settings.plugins)
    context.progress(f"reading {counted(len(discovery.paths), 'lockfile')}")
    reading = reading_of(discovery, context.map(read_lockfile, discovery.paths, target, settings.plugins))
    share = _share(target, discovery)
    if not discovery.paths and not discovery.not_read_yet:
        skipped = _nothing_found(discovery, settings.plugins)
        judged = Judged(packages=0, declared=0, notes=_passed_over(discovery))
        facts = _facts(discovery, reading)
        return result_of(NAME, target, skipped=skipped, facts=facts, share=share, judged=judged)
    return msgspec.structs.replace(_judge(target, context, discovery, reading), share=share)


def _passed_over(discovery: "Discovery") -> tuple[str, ...]:
    return tuple(f"{count:,} {what}" for what, count in discovery.passed_over)


def _share(target: Tree, discovery: "Discovery") -> Share | None:
    """Return which share of the lockfiles and manifests is looked at; None: all."""
    if not discovery.excluded:
        return None
    from gate.trees import open_tree
    from gate.trees.coverage import measured

    read = {*discovery.paths, *discovery.not_read_yet}
    return measured(open_tree(target), (*read, *discovery.excluded), read.__contains__)


def _nothing_found(discovery: "Discovery", plugins: tuple[str, ...]) -> str:
    from gate.inventory.lockfiles import LOCKFILES

    installed = f"; {discovery.installed:,} below installed packages do not count" if discovery.installed else ""
    return f"no lockfile or manifest of the {len(LOCKFILES) + len(plugins)} formats that are read{installed}"


def _judge(target: Tree, context: Context, discovery: "Discovery", reading: "Reading") -> StageResult:
    from gate.advisories import find_vulnerabilities
    from gate.advisories.about import facts_of_use, unknown_to_advisories
    from gate.inventory.histories import Histories
    from gate.inventory.judged import judged_of
    from gate.inventory.libraries import published_folders
    from gate.inventory.pins import pin_edits
    from gate.reachability.features import with_features
    from gate.reachability.functions.findings import with_reachable_functions
    from gate.reachability.imports.search import with_imports
    from gate.trees import open_tree

    vex = _vex(target, context)
    matches = find_vulnerabilities(
        reading.packages,
        stage=NAME,
        target=target.name,
        context=context,
        edits=partial(pin_edits, open_tree(target)),
        vex=vex.statements,
        history=Histories(target),
    )
    used = tuple(with_imports(matches.findings, target, context))
    vulnerabilities = tuple(with_reachable_functions(tuple(with_features(used, target)), target))
    notes = (*_passed_over(discovery), *unknown_to_advisories(reading.packages, matches.facts))
    libraries = published_folders(open_tree(target), discovery.paths if reading.imprecise else ())
    return result_of(
        NAME,
        target,
        findings=(
            *vulnerabilities,
            *_other_findings(reading.packages, target, context.settings.of(DEPENDENCIES)),
            *(_included(include, target) for include in reading.includes),
        ),
        errors=(*reading.errors, *(() if context.said else map(as_stage_error, vex.errors)), *matches.errors),
        needless_without_news=matches.errors,
        loosened=_loosened(vex, target, context),
        packages=reading.packages,
        facts=_facts(discovery, reading)
        | matches.facts
        | facts_of_use(vulnerabilities, len(reading.packages), matches.not_judged),
        judged=judged_of(reading, notes, libraries),
    )


def _vex(target: Tree, context: Context) -> "Documents":
    return _documents(words_in(target, context), context)


def said_in(settings: "Settings") -> tuple[str, ...]:
    """Return the files whose word counts as it stands at the base."""
    return settings.of(DEPENDENCIES).vex


def _loosened(now: "Documents", target: Tree, context: Context) -> tuple[Loosened, ...]:
    """Return which documents of the target clear more than those of its base do."""
    from gate.advisories.vex import CLEARING

    before = [set(_documents(base, context).statements) for base in context.compared]
    if not before:
        return ()
    common = set.intersection(*before)
    added = dict.fromkeys(one.document for one in now.statements if one.status in CLEARING and one not in common)
    return tuple(
        Loosened(rule="GATE-VEX", target=target.name, path=path, what=f"{path} clears more vulnerabilities")
        for path in added
    )


def _documents(tree_said: Tree, context: Context) -> "Documents":
    from gate.advisories.vex_documents import MAX_SIZE, read_documents
    from gate.trees import open_tree

    tree = open_tree(tree_said)
    return read_documents(context.settings.of(DEPENDENCIES).vex, lambda path: tree.read(path, MAX_SIZE))


def _other_findings(packages: tuple[Package, ...], target: Tree, settings: "DependenciesSettings") -> Iterator[Finding]:
    """Yield what is to say of packages besides vulnerabilities: doubtful names and addresses, and licences."""
    from gate.package_rules.confusion import Internal, confused
    from gate.package_rules.contradictions import contradicted
    from gate.package_rules.licences import Lists, unlicensed

    internal = Internal(names=settings.internal_packages, registries=settings.internal_registries)
    yield from confused(packages, internal, stage=NAME, target=target.name)
    yield from contradicted(packages, stage=NAME, target=target.name)
    lists = Lists(allow=settings.licenses.allow, deny=settings.licenses.deny)
    yield from unlicensed(packages, lists, stage=NAME, target=target.name)


def _included(include: "Include", target: Tree) -> Finding:
    from gate.package_rules.rules import INCLUDED
    from gate.rules import Hit, finding_of

    hit = Hit(
        title=f"Requirements are fetched from {include.address}",
        message=f"What {include.address} says when this is installed gets installed; it cannot be judged today.",
        mend="Commit the file that the address has, and include it by its path",
        line=include.line,
        evidence=(include.address,),
    )
    return finding_of(INCLUDED, hit, target.name, path=include.path)


def _facts(discovery: "Discovery", reading: "Reading") -> dict[str, Fact]:
    return {
        "lockfiles": list(discovery.paths),
        "lockfiles_of_installed_packages_ignored": discovery.installed,
        "manifests_with_a_lockfile_elsewhere": discovery.locked_manifests,
        "packages": len(reading.packages),
        "ecosystems": sorted({package.ecosystem for package in reading.packages}),
        "imprecise": list(reading.imprecise),
        "manifests_not_read": list(reading.unread),
        "passed_over": [f"{what}: {count:,}" for what, count in discovery.passed_over],
    }
