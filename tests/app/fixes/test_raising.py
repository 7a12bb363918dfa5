"""Which raises are made by themselves, which are advice, and what is undone.

Goes through gate/app/fixes/raising.py and gate/app/fixes/standing.py.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from gate.app.fixes.raising import Workshop, raise_packages
from gate.app.fixes.resolvers.resolver import PackageRaise
from gate.app.fixes.standing import Standing
from gate.model import Tree

MakeTree = Callable[[dict[str, str | bytes]], Tree]
LOCK = "package-lock.json"
FILES: dict[str, str | bytes] = {
    "package.json": '{"dependencies": {"left": "^1.0.0", "right": "^1.0.0"}}',
    LOCK: '{"left": "1.0.0",\n"right": "1.0.0",\n"deep": "1.0.0"}\n',
}


def raised(name: str, to: str = "1.0.9", *, direct: bool | None = False) -> PackageRaise:
    return PackageRaise(
        path=LOCK, line=1, name=name, version="1.0.0", to=to, direct=direct, rules=(f"GHSA-{name}",), via=("top",)
    )


def standing(text: str) -> Standing:
    """What a judge says of a lock: 1.0.0 of any package is vulnerable, `malware` blocks, `damaged` is unreadable."""
    lines = [line.strip('{},"').split('": "') for line in text.splitlines()]
    pairs = [(one[0], one[1]) for one in lines if len(one) == 2]
    open_ = Counter({(f"GHSA-{name}", LOCK, name): 1 for name, version in pairs if version == "1.0.0"})
    blocking = Counter({("MAL-1", LOCK, "x"): 1}) if "malware" in text else Counter()
    errors = frozenset({f"{LOCK}: damaged"} if "damaged" in text else set())
    return Standing(open_, blocking, errors, {(LOCK, name): version for name, version in pairs})


@pytest.fixture
def workshop(make_tree: MakeTree, own_cache: Path) -> Workshop:
    tree = make_tree(FILES)

    def judge(changed: Mapping[str, bytes]) -> Standing:
        return standing(changed.get(LOCK, str(FILES[LOCK]).encode()).decode())

    return Workshop(target=tree, judge=judge, before=judge({}))


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return a function that makes a script the only npm; the package's name is its second word."""

    def make(script: str) -> None:
        place = tmp_path / "bin" / "npm"
        place.parent.mkdir(exist_ok=True)
        place.write_text(f"#!/bin/sh\n{script}\n")
        place.chmod(0o755)
        monkeypatch.setenv("PATH", f"{place.parent}:/usr/bin:/bin")

    return make


RAISES = 'sed -i "s/\\"$2\\": \\"1.0.0\\"/\\"$2\\": \\"1.0.9\\"/" package-lock.json'
"""What an npm does that allows every raise."""


def test_all_that_hold_are_made_together(workshop: Workshop, npm: Callable[[str], None]) -> None:
    npm(RAISES)
    came = raise_packages(workshop, [raised("left"), raised("deep")], {})
    assert [one.name for one in came.made] == ["left", "deep"]
    assert came.contents[LOCK].decode() == '{"left": "1.0.9",\n"right": "1.0.0",\n"deep": "1.0.9"}\n'
    assert came.advice == ()


def test_what_is_held_back_is_advice_and_the_others_are_made(workshop: Workshop, npm: Callable[[str], None]) -> None:
    npm(f'[ "$2" = deep ] || {RAISES}')
    came = raise_packages(workshop, [raised("left"), raised("deep")], {})
    assert [one.name for one in came.made] == ["left"]
    assert [(one.raised.name, one.why) for one in came.advice] == [("deep", "top does not allow 1.0.9")]


def test_one_that_fails_does_not_take_the_others_with_it(workshop: Workshop, npm: Callable[[str], None]) -> None:
    npm(f'[ "$2" = deep ] && echo "npm error ERESOLVE" && exit 1\n{RAISES}')
    came = raise_packages(workshop, [raised("deep"), raised("left"), raised("right")], {})
    assert [one.name for one in came.made] == ["left", "right"]
    assert [one.why for one in came.advice] == ["npm says: ERESOLVE"]
    assert b'"deep": "1.0.0"' in came.contents[LOCK]


@pytest.mark.parametrize(
    ("also", "why"),
    [
        ("echo malware >> package-lock.json", "MAL-1 on x would block"),
        ("echo damaged >> package-lock.json", "package-lock.json: damaged"),
        ('sed -i "s/right\\": \\"1/right\\": \\"2/" package-lock.json', "right would come in 2.0.0 as well"),
    ],
)
def test_what_brings_harm_is_undone(workshop: Workshop, npm: Callable[[str], None], also: str, why: str) -> None:
    npm(f"{RAISES}\n{also}")
    came = raise_packages(workshop, [raised("left")], {})
    assert (came.made, came.contents) == ((), {})
    assert came.advice[0].why.startswith(why)


def test_a_release_that_may_break_code_is_advice_with_the_command(
    workshop: Workshop, npm: Callable[[str], None]
) -> None:
    npm("exit 9")
    came = raise_packages(workshop, [raised("left", "2.0.0", direct=True)], {})
    assert came.made == ()
    assert came.advice[0].raised.command == "npm install left@2.0.0"
    assert "may break code that uses 1.0.0" in came.advice[0].why


def test_without_the_program_or_the_network_it_is_advice(
    workshop: Workshop, npm: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    npm(RAISES)
    offline = Workshop(target=workshop.target, judge=workshop.judge, before=workshop.before, is_offline=True)
    assert raise_packages(offline, [raised("left")], {}).advice[0].why == "npm needs the network, but --offline is set"
    monkeypatch.setenv("PATH", "/nowhere")
    assert raise_packages(workshop, [raised("left")], {}).advice[0].why == "npm is not installed here"
