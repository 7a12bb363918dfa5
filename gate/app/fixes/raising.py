"""Raising packages by their own package managers: each answer is judged, and undone if it does not hold.

A raise is made by itself if the package manager finds versions that agree, the vulnerabilities are gone, nothing new
blocks, and no package that the project's own code may use comes in a version that may break it. Any other is advice.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec

from gate.app.fixes.raises import is_breaking
from gate.app.fixes.resolvers import resolvers_of
from gate.app.fixes.resolvers.resolver import Folder, PackageRaise, RaiseRequest, RefusedError, Resolver, by_hand
from gate.app.fixes.running import Machine, resolve
from gate.app.fixes.standing import Standing
from gate.core.errors import GateError
from gate.model import Tree
from gate.trees import open_tree

MAX_ALONE = 12
"""Raises of one file that are tried one by one, after all together did not hold."""
_MAY_BREAK = "this release may break code that uses {}"
Contents = Mapping[str, bytes]
"""Files of the target that change, and their new contents."""
Judge = Callable[[Contents], Standing]
"""Returns what would stand with these files changed."""


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """A raise that is left to a person."""

    raised: PackageRaise
    why: str


class Raised(msgspec.Struct, frozen=True, kw_only=True):
    """What came of the raises of one file."""

    made: tuple[PackageRaise, ...] = ()
    contents: Contents = {}
    advice: tuple[Advice, ...] = ()


class Trial(msgspec.Struct, frozen=True):
    """The files that a package manager changed, and what stands then."""

    contents: Contents
    standing: Standing


class Workshop(msgspec.Struct, frozen=True, kw_only=True):
    """What raises are tried with."""

    target: Tree
    judge: Judge
    before: Standing
    is_offline: bool = False
    allows_breaking: bool = False
    """True if a person named what is to be fixed."""

    def resolver_of(self, raises: Sequence[PackageRaise]) -> Resolver:
        """Return the installed package manager for a file. Raises RefusedError if there is none, or no network."""
        folder, name = self._place(raises[0].path, {})
        known = resolvers_of(folder, name, raises[0].ecosystem)
        if not known:
            raise RefusedError("the gate knows no package manager that can make this change in a copy")
        if self.is_offline:
            raise RefusedError(f"{known[0].program} needs the network, but --offline is set")
        machine = Machine(self.target.root)
        installed = next((one for one in known if machine.has(one.program)), None)
        if installed is None:
            raise RefusedError(f"{' or '.join(one.program for one in known)} is not installed here")
        return installed

    def with_commands(self, raises: Sequence[PackageRaise]) -> list[PackageRaise]:
        """Return the raises of one file, each with what a person types for it."""
        folder, name = self._place(raises[0].path, {})
        known = resolvers_of(folder, name, raises[0].ecosystem)
        return [msgspec.structs.replace(one, command=by_hand(known[0], one)) for one in raises] if known else [*raises]

    def attempt(self, resolver: Resolver, raises: Sequence[PackageRaise], on: Contents) -> Trial:
        """Make raises of one file on top of what is changed already. Raises RefusedError if they cannot be made."""
        folder, name = self._place(raises[0].path, on)
        changed = resolve(resolver, RaiseRequest(folder, name, tuple(raises)), Machine(self.target.root))
        if not changed:
            raise RefusedError("the package that requires it does not allow this version")
        contents = {**on, **{folder.path + path: content for path, content in changed.items()}}
        standing = self.judge(contents)
        worse = standing.worse_than(self.before) or (
            None if self.allows_breaking else standing.breaks(self.before, raises)
        )
        if worse:
            raise RefusedError(worse)
        return Trial(contents, standing)

    def _place(self, path: str, on: Contents) -> tuple[Folder, str]:
        tree = open_tree(msgspec.structs.replace(self.target, replaced=tuple(sorted(on.items()))))
        folder, slash, name = path.rpartition("/")
        return Folder(tree, folder + slash), name


def raise_packages(workshop: Workshop, raises: Sequence[PackageRaise], on: Contents) -> Raised:
    """Make the raises of one file that hold, all together or else one by one; the others are advice."""
    raises = workshop.with_commands(raises)
    breaking = () if workshop.allows_breaking else tuple(one for one in raises if _may_break(one))
    advice = [Advice(raised=one, why=_MAY_BREAK.format(one.version)) for one in breaking]
    wanted = [one for one in raises if one not in breaking]
    if not wanted:
        return Raised(advice=tuple(advice))
    try:
        resolver = workshop.resolver_of(wanted)
    except GateError as error:
        return Raised(advice=(*advice, *_advice(wanted, error.message)))
    together = _together(workshop, resolver, wanted, on)
    came = together if together is not None else _one_by_one(workshop, resolver, wanted, on)
    return msgspec.structs.replace(came, advice=(*advice, *came.advice))


def _may_break(one: PackageRaise) -> bool:
    """True for what the project may use itself: what another package brings in is held by what that allows."""
    return one.direct is not False and is_breaking(one.version, one.to)


def _advice(raises: Iterable[PackageRaise], why: str) -> Iterator[Advice]:
    return (Advice(raised=one, why=why) for one in raises)


def _together(workshop: Workshop, resolver: Resolver, wanted: Sequence[PackageRaise], on: Contents) -> Raised | None:
    """Make all raises at once, and again without those that clear nothing; None if that does not hold."""
    try:
        trial = workshop.attempt(resolver, wanted, on)
        left = [one for one in wanted if not trial.standing.clears(one)]
        made = [one for one in wanted if one not in left]
        if left and made:
            trial = workshop.attempt(resolver, made, on)
    except GateError:
        return None
    if not made or not all(map(trial.standing.clears, made)):
        return None
    return Raised(made=tuple(made), contents=trial.contents, advice=tuple(map(held_back, left)))


def held_back(one: PackageRaise) -> Advice:
    """Return the advice on a raise that the requirements of another package do not allow."""
    by = f"{one.via[0]} does" if one.via else "what asks for it does"
    return Advice(raised=one, why=f"{by} not allow {one.to}")


def _one_by_one(workshop: Workshop, resolver: Resolver, wanted: Sequence[PackageRaise], on: Contents) -> Raised:
    made, advice = list[PackageRaise](), list[Advice]()
    for one in wanted[:MAX_ALONE]:
        try:
            trial = workshop.attempt(resolver, [one], on)
        except GateError as error:
            advice.append(Advice(raised=one, why=error.message))
            continue
        if trial.standing.clears(one):
            made.append(one)
            on = trial.contents
        else:
            advice.append(held_back(one))
    advice += _advice(wanted[MAX_ALONE:], f"only {MAX_ALONE} are tried one by one")
    return Raised(made=tuple(made), contents=on if made else {}, advice=tuple(advice))
