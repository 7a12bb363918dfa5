"""mix.lock and rebar.lock: terms of Elixir and Erlang."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.core.errors import UnreadableError
from gate.inventory.lockfile import Locked
from gate.inventory.lockfiles.beam_terms import BeamGroup, BeamText, parse

Read = Callable[[dict[str, str | bytes]], Locked]

MIX = """%{
  "decimal": {:hex, :decimal, "2.0.0", "00", [:mix], [], "hexpm", "00"},
  "fork": {:git, "https://packages.example/fork.git", "0123", [branch: "main"]},
  "jason": {:hex, :jason, "1.4.0", "00", [:mix], [{:decimal, "~> 1.0 or ~> 2.0", [hex: :decimal, repo: "hexpm", optional: true]}], "hexpm", "00"},
  # by another name
  "old": {:hex, :real, "0.1.0"},
}
"""  # noqa: E501
REBAR = """{"1.2.0",
[{<<"cowboy">>,{pkg,<<"cowboy">>,<<"2.9.0">>},0},
 {<<"cowlib">>,
  {pkg,<<"cowlib_real">>,<<"2.11.0">>, <<"00">>},
  1},
 {<<"fork">>,{git,"https://packages.example/fork.git",{ref,"0123"}},0}]}.
[
{pkg_hash,[
 {<<"cowboy">>, <<"00">>},
 {<<"cowlib">>, <<"00">>}]}
].
"""


def test_mix(locked: Read) -> None:
    found = locked({"mix.lock": MIX})
    assert [(p.ecosystem, p.name, p.version, p.line, p.direct, p.via) for p in found.packages] == [
        ("Hex", "decimal", "2.0.0", 2, None, ("jason",)),
        ("Hex", "jason", "1.4.0", 4, True, ()),
        ("Hex", "real", "0.1.0", 6, True, ()),
    ]
    assert found.imprecise == ("mix.lock:3: fork",)


def test_rebar(locked: Read) -> None:
    found = locked({"rebar.lock": REBAR})
    assert [(p.ecosystem, p.name, p.version, p.line, p.direct) for p in found.packages] == [
        ("Hex", "cowboy", "2.9.0", 2, True),
        ("Hex", "cowlib_real", "2.11.0", 3, False),
    ]
    assert found.imprecise == ("rebar.lock:6: fork",)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("mix.lock", "%{}"),
        ("rebar.lock", "[].\n"),
        ("rebar.lock", '{"1.2.0", []}.'),
    ],
)
def test_a_lockfile_may_lock_nothing(locked: Read, name: str, text: str) -> None:
    assert locked({name: text}) == Locked()


def test_the_oldest_rebar_wrote_the_list_alone(locked: Read) -> None:
    text = '[{<<"a">>,{pkg,<<"a">>,<<"1.0.0">>},0}].'
    assert [(p.name, p.version, p.direct) for p in locked({"rebar.lock": text}).packages] == [("a", "1.0.0", True)]


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("mix.lock", '%{"a": {:hex', r"a bracket is not closed \(line 1\)"),
        ("mix.lock", "%{}\n}", r"a bracket closes that was not opened \(line 2\)"),
        ("mix.lock", "%{;}", r"not a term of Erlang or Elixir \(line 1\)"),
        ("mix.lock", "[" * 100, "more than 50 terms in one another"),
        ("mix.lock", "%{} %{}", "a mix.lock holds one map"),
        ("mix.lock", '%{\n"a": :hex}', r"a dependency is written as: name and a tuple \(line 2\)"),
        ("mix.lock", '%{"a": {:git},\n"a": {:git}}', r"the key 'a' stands twice \(line 2\)"),
        ("mix.lock", '%{"a": {:hex, :"a b", "1"}}', r"the name of a package .* \(line 1\)"),
        ("mix.lock", '%{"a": {:hex, [], "1"}}', r"the name of a package is empty.* \(line 1\)"),
        ("rebar.lock", '{"9.0.0",\n[]}.', r"its version '9.0.0' is not known \(line 2\)"),
        ("rebar.lock", "x.", "a rebar.lock holds a version and a list"),
        ("rebar.lock", '[\n{<<"a">>}].', r"a dependency is written as: \{name, source, level\} \(line 2\)"),
    ],
)
def test_a_broken_file_says_why(locked: Read, name: str, text: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=f"cannot be parsed: {why}"):
        locked({name: text})


def test_terms_keep_their_nesting_and_lines() -> None:
    assert parse("{a, 'b c',\n[<<\"d\">>]}.", "x") == BeamGroup(
        1, [BeamGroup(1, [BeamText("a", 1), BeamText("b c", 1), BeamGroup(2, [BeamText("d", 2)])])]
    )


@given(st.recursive(st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True), lambda inner: st.lists(inner, max_size=3)))
def test_what_is_written_is_what_is_read(term: object) -> None:
    def written(part: object) -> str:
        return f"[{', '.join(map(written, part))}]" if isinstance(part, list) else f'"{part}"'

    def plain(part: BeamText | BeamGroup) -> object:
        return part.said if isinstance(part, BeamText) else [plain(item) for item in part.items]

    assert [plain(item) for item in parse(written(term), "x").items] == [term]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(["mix.lock", "rebar.lock"]),
    cut=st.integers(0, 450),
    noise=st.text(alphabet="\"'{}[]<>%:,.\n a1#", max_size=8),
)
def test_any_damage_is_read_or_a_clear_error(damaged: Read, name: str, cut: int, noise: str) -> None:
    text = MIX if name == "mix.lock" else REBAR
    found = damaged({name: text[:cut] + noise + text[cut:]})
    assert found is None or all(package.line for package in found.packages)
