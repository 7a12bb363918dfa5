"""The fewest raises that clear the most (`gate fix --plan`): every one is tried, alone and then with the others chosen.

What a package manager changes besides the package that it was asked for clears findings too, so that one raise can make
others needless. The choice is greedy: the raise that clears the most of what is left comes first. A package that
what asks for it holds back is tried by raising that one, the direct dependency, to a newer version.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from gate.app.fixes.raises import is_breaking
from gate.app.fixes.raising import Advice, Trial, Workshop, held_back
from gate.app.fixes.resolvers.resolver import NEWEST, PackageRaise, Resolver
from gate.core.errors import GateError

MAX_TRIED = 16
"""Raises of one file that are tried; the others are planned by what the advisories say alone."""
MAX_PARENTS = 6
"""Direct dependencies of one file that are tried because they hold other packages back."""
_Key = tuple[str, str, str]


class RaiseStep(msgspec.Struct, frozen=True, kw_only=True):
    """One raise of a plan."""

    path: str
    line: int | None
    package: str
    version: str
    to: str
    may_break: bool
    """True if it is a release that may break code which uses the package."""
    clears: tuple[str, ...]
    """The vulnerabilities that are gone by it and by no step before, each with its package: `GHSA-… (lodash)`."""
    blocking: int
    """How many of these findings block."""
    command: str | None
    is_tried: bool
    """True if the package manager has made it in a copy, which was judged."""
    why_not_tried: str = ""


class RaisePlan(msgspec.Struct, frozen=True, kw_only=True):
    """The raises of a run, the most useful first, and what they leave."""

    steps: tuple[RaiseStep, ...] = ()
    left: tuple[Advice, ...] = ()
    """Raises that cannot be made, with the reason."""
    findings: int = 0
    """Findings with a fixed version."""

    @property
    def cleared(self) -> int:
        return sum(len(step.clears) for step in self.steps)


class _Candidate(msgspec.Struct, frozen=True):
    one: PackageRaise
    cleared: Counter[_Key]
    blocking: Counter[_Key]


def plan_of(workshop: Workshop, raises: Sequence[PackageRaise]) -> RaisePlan:
    """Return the plan for one file."""
    findings = sum(len(one.rules) for one in raises)
    raises = workshop.with_commands(raises)
    ordered = sorted(raises, key=lambda one: (-one.blocking, -len(one.rules), one.name))
    try:
        resolver = workshop.resolver_of(ordered)
    except GateError as error:
        return RaisePlan(steps=tuple(_untried(one, error.message) for one in ordered), findings=findings)
    tried, left = _try_all(workshop, resolver, ordered[:MAX_TRIED])
    chosen = list(_chosen(tried))
    further = [_untried(one, f"only {MAX_TRIED} of a file are tried") for one in ordered[MAX_TRIED:]]
    steps, undone = _verified(workshop, resolver, chosen)
    gone = {named for step in steps for named in step.clears}
    still = tuple(one for one in left if not gone.issuperset(_all_named(one.raised)))
    return RaisePlan(steps=(*steps, *further), left=(*still, *undone), findings=findings)


def _untried(one: PackageRaise, why: str) -> RaiseStep:
    return _step(one, one.to, _all_named(one), one.blocking, why)


def _step(one: PackageRaise, to: str, clears: tuple[str, ...], blocking: int, why: str = "") -> RaiseStep:
    return RaiseStep(
        path=one.path,
        line=one.line,
        package=one.name,
        version=one.version,
        to=to,
        may_break=one.direct is not False and is_breaking(one.version, to),
        clears=clears,
        blocking=blocking,
        command=one.command,
        is_tried=not why,
        why_not_tried=why,
    )


def _all_named(one: PackageRaise) -> tuple[str, ...]:
    return tuple(_named(rule, one.name) for rule in one.rules)


def _named(rule: str, package: str) -> str:
    return f"{rule} ({package})"


def _try_all(
    workshop: Workshop, resolver: Resolver, raises: Sequence[PackageRaise]
) -> tuple[list[_Candidate], list[Advice]]:
    """Try each raise alone, then the direct dependencies that hold back those which failed."""
    tried, left = list[_Candidate](), list[Advice]()
    for one in raises:
        outcome = _tried(workshop, resolver, one)
        if isinstance(outcome, _Candidate):
            tried.append(outcome)
        else:
            left.append(outcome)
    for parent in _parents(workshop, left):
        outcome = _tried(workshop, resolver, parent)
        if isinstance(outcome, _Candidate):
            tried.append(outcome)
    return tried, left


def _tried(workshop: Workshop, resolver: Resolver, one: PackageRaise) -> _Candidate | Advice:
    try:
        trial = workshop.attempt(resolver, [one], {})
    except GateError as error:
        return Advice(raised=one, why=error.message)
    if not trial.standing.clears(one):
        return held_back(one)
    return _Candidate(one, *_gone(workshop, trial))


def _gone(workshop: Workshop, trial: Trial) -> tuple[Counter[_Key], Counter[_Key]]:
    before, after = workshop.before, trial.standing
    return before.open - after.open, before.blocking - after.blocking


def _parents(workshop: Workshop, left: Iterable[Advice]) -> Iterator[PackageRaise]:
    """Yield the direct dependencies that bring in what could not be raised, those of the most findings first."""
    blamed: dict[str, list[PackageRaise]] = {}
    for one in left:
        if one.raised.via:
            blamed.setdefault(one.raised.via[0], []).append(one.raised)
    for name, held in sorted(blamed.items(), key=lambda one: -len(one[1]))[:MAX_PARENTS]:
        first = held[0]
        version = workshop.before.versions.get((first.path, name), "")
        for to in _raised_to(version, first.ecosystem):
            yield PackageRaise(
                path=first.path, line=None, name=name, version=version, to=to, ecosystem=first.ecosystem, direct=True
            )


def _raised_to(version: str, ecosystem: str) -> tuple[str, ...]:
    """Return the versions to try: the newest that breaks nothing, where the package manager has a word for it."""
    return (f"^{version}", NEWEST) if version and ecosystem == "npm" else (NEWEST,)


def _chosen(tried: Sequence[_Candidate]) -> Iterator[_Candidate]:
    """Yield raises until none clears more, each time the one that clears the most of what is left."""
    open_, pool = Counter[_Key](), list(tried)
    for one in tried:
        open_ |= one.cleared
    while pool:
        best = max(pool, key=lambda one: _worth(one, open_))
        if not best.cleared & open_:
            return
        pool.remove(best)
        open_ -= best.cleared
        yield best


def _worth(one: _Candidate, open_: Counter[_Key]) -> tuple[int, int, bool]:
    """Return how good a raise is: what blocks, what else is cleared, and that nothing can break by it."""
    gone = one.cleared & open_
    is_safe = one.one.to != NEWEST and not is_breaking(one.one.version, one.one.to)
    return (one.blocking & gone).total(), gone.total(), is_safe


def _verified(
    workshop: Workshop, resolver: Resolver, chosen: Sequence[_Candidate]
) -> tuple[list[RaiseStep], list[Advice]]:
    """Make the chosen raises on top of one another, and return what each adds."""
    steps, undone = list[RaiseStep](), list[Advice]()
    contents: dict[str, bytes] = {}
    before = workshop.before
    for one in chosen:
        if not one.cleared & before.open:  # an earlier step has cleared all that it would
            continue
        try:
            trial = workshop.attempt(resolver, [one.one], contents)
        except GateError as error:
            undone.append(Advice(raised=one.one, why=error.message))
            continue
        gone, blocking = before.open - trial.standing.open, before.blocking - trial.standing.blocking
        to = trial.standing.versions.get((one.one.path, one.one.name), one.one.to)
        clears = tuple(sorted(_named(rule, package) for rule, _, package in gone))
        (made,) = workshop.with_commands([msgspec.structs.replace(one.one, to=to)])
        steps.append(_step(made, to, clears, blocking.total()))
        contents, before = {**contents, **trial.contents}, trial.standing
    return steps, undone
