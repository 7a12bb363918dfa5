"""The image stage: integrity, configuration and installed packages of a container image."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from gate.context import Context
from gate.core.cache_folder import user_cache_folder
from gate.core.durations import timedelta_of
from gate.core.errors import GateError, as_stage_error
from gate.declarations.image import IMAGE
from gate.declarations.secrets import SECRETS
from gate.model import Finding, Image, RuleDescription, StageError, StageResult, Tree
from gate.stages.base import result_of

if TYPE_CHECKING:
    from gate.advisories.vex_documents import Documents
    from gate.images.access import Access
    from gate.images.scan import Scan
    from gate.images.yara.rules import RuleFile
    from gate.reachability.functions.answer import ReachAnswer
    from gate.reachability.functions.image_start import VulnerablePackage
    from gate.reachability.runtimes.observed.profiles import ObservedProfiles
    from gate.settings import Settings

STAGE = IMAGE.name
ACCEPTS = IMAGE.accepts


def rules(settings: "Settings") -> Iterable[RuleDescription]:
    """Return the rules on an image's configuration and content, its origin, and who vouches for it."""
    from gate.images.rules.base import ON_IMAGES

    return ON_IMAGES.descriptions(settings.of(IMAGE).plugins)


def run(target: Image, context: Context) -> StageResult:
    """Read the image in a worker, then match its packages with the advisories."""
    from gate.advisories.dates_in_force import dates_in_force
    from gate.images.limits import Limits
    from gate.images.scan import ImageOptions, scan_image

    settings = context.settings.of(IMAGE)
    context.progress("layers and packages")
    access = access_of(context.settings, target)
    evidence, unread = evidence_of(context.settings, context.now)
    rules, unusable = _yara_rules(context)
    dates = dates_in_force(context)
    unread = (*unread, *unusable, *dates.errors)
    options = ImageOptions(
        Limits(settings.max_size, settings.max_entries),
        settings.paths,
        settings.ignore,
        access,
        settings.bases,
        min_explained=settings.min_explained / 100,
        max_text_size=context.settings.of(SECRETS).max_file_size,
        cache_folder=str(user_cache_folder()),  # the compiled patterns tell nothing of a run: kept without cache
        today=context.now.date().isoformat(),
        end_of_life=dates.table,
        evidence=evidence,
        yara=rules,
        plugins=settings.plugins,
        kinds=context.settings.of(SECRETS).plugins,
        memory_folder=str(context.cache_folder) if context.settings.cache else None,
    )
    ((_, scan),) = context.map(scan_image, [target], options)
    if isinstance(scan, StageError):
        return result_of(STAGE, target, errors=(_placed(scan, target), *unread))
    facts = {**scan.facts, "end_of_life_dates": dates.fact}
    return _judged(msgspec.structs.replace(scan, errors=(*scan.errors, *unread), facts=facts), target, context)


def evidence_of(settings: "Settings", now: datetime) -> "tuple[ObservedProfiles, tuple[StageError, ...]]":
    """Return what was observed under test, and an error for each profile that cannot be read."""
    from gate.reachability.runtimes.observed.profiles import MAX_SIZE, ObservedProfiles, read_profiles

    section = settings.of(IMAGE)
    profile, errors = read_profiles(section.observed, lambda path: _read(path, MAX_SIZE))
    evidence = ObservedProfiles(profile=profile, now=now, max_age=timedelta_of(section.observed_max_age))
    return evidence, tuple(map(as_stage_error, errors))


def _yara_rules(context: Context) -> "tuple[tuple[RuleFile, ...], tuple[StageError, ...]]":
    """Return the YARA rules to look with, none and an error if those that the settings name cannot be had."""
    from gate.images.yara.rules import rule_files

    try:
        return rule_files(context.settings.of(IMAGE).yara), ()
    except GateError as error:
        return (), (as_stage_error(error),)


def access_of(settings: "Settings", target: Image) -> "Access":
    """Return how the settings say that an image may be got at."""
    from gate.images.access import Access

    section = settings.of(IMAGE)
    return Access(
        platform=section.platform,
        insecure_registries=section.insecure_registries,
        mirrors=section.mirrors,
        is_offline=settings.offline,
        trusted_hosts=settings.trusted_hosts,
        is_of_repository=target.is_of_repository,
    )


def _judged(scan: "Scan", target: Image, context: Context) -> StageResult:
    from gate.advisories import find_vulnerabilities
    from gate.advisories.about import facts_of_use
    from gate.images.exposure import exposure_facts, with_exposure
    from gate.images.provenance.base.judge import facts_on
    from gate.reachability.runtimes.groups import grouped
    from gate.reachability.runtimes.judge import with_use

    context.progress(f"{len(scan.packages):,} packages")
    vex = _vex(context)
    matches = find_vulnerabilities(scan.packages, stage=STAGE, target=target.name, context=context, vex=vex.statements)
    on_packages = (*matches.findings, *_unlicensed(scan, target, context))
    findings = (
        *scan.findings,
        *_with_functions(
            with_use(_with_layers(on_packages, scan), scan.packages, scan.uses.packages, scan.functions),
            target,
            context,
        ),
    )
    vouched = _vouched(scan, target, context)
    return result_of(
        STAGE,
        target,
        share=scan.share,
        findings=with_exposure((*_with_origins(findings, scan, target, context), *vouched.findings), target),
        errors=(*scan.errors, *map(as_stage_error, vex.errors), *matches.errors, *vouched.errors),
        packages=scan.packages,
        uses=scan.uses.packages,
        package_layers=scan.history.origins,
        layers=scan.history.layers,
        in_use=grouped(scan.packages, scan.uses, matches.not_judged),
        facts={
            **matches.facts,
            **scan.facts,
            **facts_on(scan.ancestry),
            **facts_of_use(findings, len(scan.packages), matches.not_judged),
            **vouched.facts,
            **exposure_facts(target),
        },
    )


def _with_functions(findings: Iterable[Finding], target: Image, context: Context) -> tuple[Finding, ...]:
    """Return the findings; where functions of a package are vulnerable, with whether the start reaches one."""
    from gate.images.functions import FunctionsAsked, functions_of_image, with_image_functions
    from gate.images.limits import Limits
    from gate.images.package_list import ListOptions

    settings = context.settings.of(IMAGE)

    def search(packages: "tuple[VulnerablePackage, ...]") -> "Sequence[ReachAnswer] | StageError":
        context.progress("vulnerable functions")
        evidence, _ = evidence_of(context.settings, context.now)
        asked = FunctionsAsked(
            packages,
            ListOptions(Limits(settings.max_size, settings.max_entries), settings.paths, settings.ignore),
            access_of(context.settings, target),
            memory_folder=str(context.cache_folder) if context.settings.cache else None,
            evidence=evidence,
        )
        ((_, found),) = context.map(functions_of_image, [target], asked)
        return found

    return with_image_functions(findings, search)


def _with_origins(findings: Sequence[Finding], scan: "Scan", target: Image, context: Context) -> tuple[Finding, ...]:
    from gate.images.provenance.base.judge import findings_on, with_origins

    marked = with_origins(findings, scan.ancestry)
    longest = context.settings.of(IMAGE).max_image_age
    allowed = timedelta_of(longest) if longest else None
    return (*marked, *findings_on(scan.ancestry, marked, target=target.name, now=context.now, longest=allowed))


def _vouched(scan: "Scan", target: Image, context: Context) -> StageResult:
    """Ask the image's registry who vouches for it, if the settings say whom they trust."""
    settings = context.settings.of(IMAGE).signatures
    if settings == type(settings)():  # as in most runs, which are spared the imports
        return result_of(STAGE, target)
    from gate.images.provenance.signatures import TrustedSigners, vouched_for
    from gate.images.provenance.signatures.identities import Identity
    from gate.images.provenance.signatures.judge import facts_on, findings_on

    trust = TrustedSigners(
        keys=settings.keys,
        identities=tuple(Identity(one.identity, one.issuer) for one in settings.identities),
        trust_root=settings.trust_root,
        builders=settings.builders,
        required=settings.required,
    )
    if not trust.asks_for_something:
        return result_of(STAGE, target)
    context.progress("signatures")
    digests = {str(scan.facts[name]) for name in ("manifest", "image_id") if name in scan.facts}
    try:
        vouched = vouched_for(target, digests, trust, access_of(context.settings, target))
    except GateError as error:
        return result_of(STAGE, target, errors=(_placed(as_stage_error(error), target),))
    has_owned = bool(scan.facts.get("judged_as_distribution"))
    findings = tuple(findings_on(vouched, trust, scan.packages, target.name, has_owned=has_owned))
    return result_of(STAGE, target, findings=findings, facts=facts_on(vouched))


def _vex(context: Context) -> "Documents":
    from gate.advisories.vex_documents import MAX_SIZE, read_documents

    return read_documents(context.settings.of(IMAGE).vex, lambda path: _read(path, MAX_SIZE))


def _read(path: str, limit: int) -> bytes:
    """Return the bytes of a file that the settings name. Raises UnreadableError or LimitError."""
    from gate.trees import open_tree

    file = Path(path)
    return open_tree(Tree(root=str(file.parent), name=file.parent.name)).read(file.name, limit)


def _unlicensed(scan: "Scan", target: Image, context: Context) -> Iterator[Finding]:
    from gate.package_rules.licences import Lists, unlicensed

    lists = context.settings.of(IMAGE).licenses
    return unlicensed(scan.packages, Lists(allow=lists.allow, deny=lists.deny), stage=STAGE, target=target.name)


def _placed(error: StageError, target: Image) -> StageError:
    return error if error.path else msgspec.structs.replace(error, path=target.name)


def _with_layers(findings: Iterable[Finding], scan: "Scan") -> Iterator[Finding]:
    """Yield the findings on packages with the layers that brought these."""
    from gate.reachability.runtimes.packages.state import key_of

    layers = dict(zip(map(key_of, scan.packages), scan.history.origins, strict=True))
    for finding in findings:
        layer = layers.get(key_of(finding.package)) if finding.package else None
        yield msgspec.structs.replace(finding, location=msgspec.structs.replace(finding.location, layer=layer))
