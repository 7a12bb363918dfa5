"""Fixing one file: applies the edits of its findings and lints it again, until nothing more can be fixed."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial

import msgspec

from gate.app.fixes.diff import unified
from gate.app.fixes.edits import Mover, Position, Repair, apply, place_of, repair_of
from gate.core.cache_folder import user_cache_folder
from gate.core.errors import GateError, LimitError
from gate.core.source_text import SourceText, decode
from gate.declarations.ci import CI
from gate.declarations.dockerfile import DOCKERFILE
from gate.declarations.kubernetes import KUBERNETES
from gate.declarations.secrets import SECRETS
from gate.model import Finding, StageResult, Status, Tree
from gate.pipeline.results import number_repeats
from gate.policy.decide import Policy, decide
from gate.settings import Settings
from gate.trees import open_tree

MAX_ROUNDS = 5
"""Rounds of fixing and linting: after a fix, edits fit that overlapped it before."""
MAX_SIZE = 16 << 20
"""Bytes of a file that is fixed, at most."""


class Held(msgspec.Struct, frozen=True):
    """A finding that must not be fixed: waived, ignored, or older than the change that is judged."""

    rule: str
    place: Position


class Waived(msgspec.Struct, frozen=True):
    """A finding that a waiver covers by its fingerprint."""

    rule: str
    place: Position
    fingerprint: str


class MendWork(msgspec.Struct, frozen=True):
    """One file with the repairs of its findings; made for `Pool.run`."""

    target: Tree
    path: str
    stage: str
    repairs: tuple[Repair, ...]
    held: tuple[Held, ...]
    waived: tuple[Waived, ...] = ()


class MendTerms(msgspec.Struct, frozen=True):
    """What the fixes of all files of a run have in common."""

    settings: Settings
    policy: Policy
    now: datetime
    rules: tuple[str, ...]
    """The rules whose findings are fixed, in capitals; empty: all."""


class Renewal(msgspec.Struct, frozen=True):
    """A waived finding whose fingerprint changes, because a fix changes the text that it is made of."""

    rule: str
    line: int
    before: str
    """The old fingerprint."""
    after: str
    """The new fingerprint, which needs a waiver."""


class Mended(msgspec.Struct, frozen=True):
    """A file before and after its fixes."""

    before: bytes
    after: bytes
    diff: tuple[str, ...]
    """Lines of a unified diff."""
    rules: tuple[str, ...]
    """The rule of every finding that was fixed."""
    renewals: tuple[Renewal, ...] = ()


def is_wanted(finding: Finding, rules: Sequence[str]) -> bool:
    """True if a finding shall be fixed: its rule is one of `rules`, or none is given and nothing can depend on it."""
    return finding.rule.upper() in rules if rules else not is_fixed_on_request(finding)


def is_fixed_on_request(finding: Finding) -> bool:
    """True if something may depend on what the fix of the finding replaces, so that a person has to name its rule."""
    if finding.stage == CI.name:
        from gate.stages.ci import fixed_on_request as of_pipelines  # late: only fixes of pipelines need it

        return finding.rule in of_pipelines()
    if finding.stage == KUBERNETES.name:
        from gate.stages.kubernetes import fixed_on_request as of_manifests  # late: only their fixes need it

        return finding.rule in of_manifests()
    if finding.stage != DOCKERFILE.name:
        return False
    from gate.dockerfile.rules import fixed_on_request  # late: only fixes of Dockerfiles need the engine

    return finding.rule in fixed_on_request()


def mend(work: MendWork, terms: MendTerms) -> Mended:
    """Return the fixed file. Raises UnreadableError or LimitError if it cannot be read."""
    before = open_tree(work.target).read(work.path, MAX_SIZE)
    source = decode(before)
    if source.encode() != before:
        raise GateError("would not keep its bytes", path=work.path, hint="Fix it by hand")
    text, done, waived = mend_source(source, work, terms)
    after = source.with_text(text).encode()
    renewals = _renewals(waived, _look_at(after, work, terms)) if done and waived else ()
    diff = unified(source.text, text, work.path, partial(_shown, path=work.path, kinds=_kinds(terms)))
    return Mended(before, after, diff, tuple(done), tuple(renewals))


class ChangeWork(msgspec.Struct, frozen=True):
    """A file and its new content, which a package manager has written; made for `Pool.run`."""

    target: Tree
    path: str
    after: bytes
    rules: tuple[str, ...]


def compared(work: ChangeWork, terms: MendTerms) -> Mended:
    """Return the file before and after with its diff. Raises UnreadableError or LimitError if it cannot be read."""
    before = open_tree(work.target).read(work.path, MAX_SIZE)
    old, new = before.decode("utf-8", "replace"), work.after.decode("utf-8", "replace")
    diff = unified(old, new, work.path, partial(_shown, path=work.path, kinds=_kinds(terms)))
    return Mended(before, work.after, diff, work.rules)


def _kinds(terms: MendTerms) -> tuple[str, ...]:
    return terms.settings.of(SECRETS).plugins


def _shown(text: str, path: str, kinds: tuple[str, ...]) -> list[str]:
    """Return the lines of a text with every secret masked; whole lines are hidden if the search takes too long."""
    from gate.secrets.results.masking import HIDDEN, masked_lines  # late: it loads the engine

    lines = text.split("\n")
    try:
        masked = masked_lines(
            text.encode("utf-8", "surrogatepass"), path, range(1, len(lines) + 1), str(user_cache_folder()), kinds
        )
    except LimitError:
        masked = {}
    return [masked.get(number, HIDDEN if line else line) for number, line in enumerate(lines, 1)]


def mend_source(source: SourceText, work: MendWork, terms: MendTerms) -> tuple[str, list[str], tuple[Waived, ...]]:
    """Return the fixed text, the rule of each repair, and the waived findings with their places in the new text.

    Findings that appear after a repair are fixed too, in up to MAX_ROUNDS rounds.
    """
    text, line_end = source.text, source.line_end
    repairs, held, waived, done = work.repairs, work.held, work.waived, list[str]()
    for _ in range(MAX_ROUNDS):
        applied = apply(text, repairs, line_end)
        if applied.text == text:
            break
        mover = Mover(text, applied)
        moved = tuple(Held(one.rule, mover.move(one.place)) for one in held)
        judged = _look_at(source.with_text(applied.text).encode(), work, terms)
        left = _left(judged, terms, moved)
        futile = _futile(applied.repairs, mover, left) or _without_effect(work, applied.repairs, mover, judged)
        if futile:
            held = (*held, *(Held(one.rule, one.place) for one in futile))
            repairs = tuple(one for one in repairs if one not in futile)
            continue
        done += [repair.rule for repair in applied.repairs]
        text, held, repairs = applied.text, moved, left
        waived = tuple(msgspec.structs.replace(one, place=mover.move(one.place)) for one in waived)
    return text, done, waived


def _futile(made: Iterable[Repair], mover: Mover, left: Iterable[Repair]) -> list[Repair]:
    """Return the repairs after which the same finding proposes the same text again; these are undone."""
    still = {(one.rule, one.place, _words(one)) for one in left}
    return [one for one in made if any(_words(one)) and (one.rule, mover.move(one.place), _words(one)) in still]


def _words(repair: Repair) -> tuple[str, ...]:
    return tuple(edit.text for edit in repair.edits)


def _without_effect(work: MendWork, made: Iterable[Repair], mover: Mover, judged: Iterable[Finding]) -> list[Repair]:
    """Return the repairs in a pipeline or manifest after which the finding is still there; these are undone."""
    if work.stage not in (CI.name, KUBERNETES.name):
        return []
    still = {(one.rule, place_of(one)) for one in judged}
    return [one for one in made if (one.rule, mover.move(one.place)) in still]


def _left(judged: Iterable[Finding], terms: MendTerms, held: Iterable[Held]) -> tuple[Repair, ...]:
    """Return the repairs of the findings on the new text, without those of findings that are held."""
    kept = set(held)
    return tuple(repair for repair in repairs_of(judged, terms.rules) if Held(repair.rule, repair.place) not in kept)


def _look_at(content: bytes, work: MendWork, terms: MendTerms) -> tuple[Finding, ...]:
    """Judge the new text and return its findings; none for stages that are not asked again.

    Raises GateError if the new text cannot be read as what it was.
    """
    if work.stage in (CI.name, KUBERNETES.name):
        return _judged_again(content, work, terms)
    if work.stage != DOCKERFILE.name:
        return ()
    from gate.dockerfile.build_context import BuildContext  # late: only fixes of Dockerfiles need the engine
    from gate.dockerfile.hadolint import with_hadolint
    from gate.dockerfile.lint import lint

    own = terms.settings.of(DOCKERFILE)
    tree = open_tree(work.target)
    settings, context = with_hadolint(tree, own, work.target.name).settings, BuildContext(tree, work.path)
    linted = lint(content, work.path, work.target.name, settings, context, terms.now.date())
    result = StageResult(stage=work.stage, target=work.target.name, findings=linted.findings)
    return decide([number_repeats(result)], terms.policy, terms.now).findings


def _judged_again(content: bytes, work: MendWork, terms: MendTerms) -> tuple[Finding, ...]:
    from gate.pipeline.context import LocalContext
    from gate.stages import ci, kubernetes  # late: only fixes of these stages need them

    stage = ci if work.stage == CI.name else kubernetes
    tree = msgspec.structs.replace(work.target, replaced=((work.path, content),))
    result = number_repeats(stage.run(tree, LocalContext(terms.settings, terms.now, user_cache_folder())))
    for error in result.errors:
        if (error.path or "").partition(":")[0] == work.path:
            raise GateError(f"would not be read any more: {error.title}", path=work.path, hint="Fix it by hand")
    findings = decide([result], terms.policy, terms.now).findings
    return tuple(one for one in findings if one.location.path == work.path)


def _renewals(waived: Iterable[Waived], found: Iterable[Finding]) -> Iterator[Renewal]:
    """Yield the waived findings that have another fingerprint now, which no waiver covers."""
    bare = {(one.rule, place_of(one)): one for one in found if one.status is not Status.WAIVED}
    for one in waived:
        finding = bare.get((one.rule, one.place))
        if finding is not None:
            yield Renewal(one.rule, one.place[0], one.fingerprint, finding.fingerprint)


def repairs_of(findings: Iterable[Finding], rules: Sequence[str]) -> Iterable[Repair]:
    """Yield the repairs of findings that are new and wanted."""
    for finding in findings:
        repair = repair_of(finding)
        if repair is not None and finding.status is Status.NEW and is_wanted(finding, rules):
            yield repair


def held_of(findings: Iterable[Finding]) -> Iterable[Held]:
    """Yield the findings that must not be fixed."""
    return (Held(one.rule, place_of(one)) for one in findings if one.status is not Status.NEW)


def waived_of(findings: Iterable[Finding]) -> Iterable[Waived]:
    """Yield the findings that are waived."""
    return (Waived(one.rule, place_of(one), one.fingerprint) for one in findings if one.status is Status.WAIVED)
