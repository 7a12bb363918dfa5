"""The fewest raises that clear the most, tried with a package manager that is a table."""

from collections import Counter
from collections.abc import Mapping, Sequence

import pytest

from gate.app.fixes.raising import Trial, Workshop
from gate.app.fixes.resolvers.resolver import NEWEST, PackageRaise, RefusedError, Resolver
from gate.app.fixes.smallest import plan_of
from gate.app.fixes.standing import Standing
from gate.model import Tree

LOCK = "package-lock.json"


def raised(name: str, *, via: tuple[str, ...] = (), blocking: int = 0) -> PackageRaise:
    return PackageRaise(
        path=LOCK, line=1, name=name, version="1.0.0", to="1.0.9", direct=not via, via=via,
        ecosystem="npm", rules=(f"GHSA-{name}",), blocking=blocking,
    )  # fmt: skip


class Table(Workshop, frozen=True, kw_only=True):
    """A workshop in which each raise clears the packages that a table says; one that is not in it cannot be made."""

    clears: Mapping[tuple[str, str], str]

    def resolver_of(self, raises: Sequence[PackageRaise]) -> Resolver:
        return Resolver(program="npm", files=lambda _: {}, commands=lambda _: [])

    def with_commands(self, raises: Sequence[PackageRaise]) -> list[PackageRaise]:
        return list(raises)

    def attempt(self, resolver: Resolver, raises: Sequence[PackageRaise], on: Mapping[str, bytes]) -> Trial:
        contents = dict(on)
        for one in raises:
            if (one.name, one.to) not in self.clears:
                raise RefusedError("conflict")
            contents |= dict.fromkeys(self.clears[one.name, one.to].split(), b"")
        return Trial(contents, vulnerable(set("abcde") - set(contents)))


def vulnerable(names: set[str]) -> Standing:
    open_ = Counter({(f"GHSA-{name}", LOCK, name): 1 for name in names})
    return Standing(open_, Counter({key: 1 for key in open_ if key[2] == "e"}), frozenset(), {(LOCK, "top"): "4.1.0"})


def workshop(**clears: str) -> Table:
    table = {tuple(key.split("__")): value for key, value in clears.items()}
    named = {(name, to.replace("_", ".").replace("up", "^")): value for (name, to), value in table.items()}
    tree = Tree(root="/", name="tree")
    return Table(target=tree, judge=lambda _: vulnerable(set()), before=vulnerable(set("abcde")), clears=named)


def test_a_raise_that_another_makes_needless_is_left_out() -> None:
    shop = workshop(a__1_0_9="a", b__1_0_9="b a", c__1_0_9="c")
    plan = plan_of(shop, [raised("a"), raised("b"), raised("c")])
    assert [(step.package, step.clears) for step in plan.steps] == [
        ("b", ("GHSA-a (a)", "GHSA-b (b)")),
        ("c", ("GHSA-c (c)",)),
    ]
    assert (plan.findings, plan.cleared, plan.left) == (3, 3, ())


def test_what_blocks_comes_first() -> None:
    plan = plan_of(workshop(a__1_0_9="a b", e__1_0_9="e"), [raised("a"), raised("b"), raised("e", blocking=1)])
    assert [(step.package, step.blocking) for step in plan.steps] == [("e", 1), ("a", 0)]


def test_what_is_held_back_is_cleared_by_raising_what_asks_for_it_within_what_breaks_nothing() -> None:
    held = [raised("a", via=("top",)), raised("b", via=("top",)), raised("c", via=("top",))]
    both = workshop(top__up4_1_0="a b", top__latest="a b")
    plan = plan_of(both, held)
    assert [(step.package, step.clears) for step in plan.steps] == [("top", ("GHSA-a (a)", "GHSA-b (b)"))]
    assert [one.raised.name for one in plan.left] == ["c"]
    assert plan_of(workshop(top__latest="a b c"), held).left == ()


def test_without_a_package_manager_the_advisories_alone_say_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        Table, "resolver_of", lambda *_: (_ for _ in ()).throw(RefusedError("npm is not installed here"))
    )
    (step,) = plan_of(workshop(), [raised("a")]).steps
    assert (step.package, step.is_tried, step.why_not_tried) == ("a", False, "npm is not installed here")
    assert step.to != NEWEST
