"""Whether vulnerable methods of gems are reached: by own code, by what names them, or by nothing.

Goes through `gate/reachability/functions/ruby/`.
"""

from collections.abc import Callable

import pytest

from gate.model import Finding, Location, Package, Severity, Tree, Vulnerability
from gate.reachability.functions.findings import with_reachable_functions
from gate.reachability.functions.ruby import sources

pytest.importorskip("tree_sitter_ruby")

GEM = "vendor/bundle/ruby/3.3.0/gems/toast-1.0.0"
PAN = "vendor/bundle/ruby/3.3.0/gems/pan-1.0.0/lib/pan.rb"
OVEN = """
module Toast
  autoload :Oven, "toast/oven"
  class Oven
    def self.bake(x) = burn(x)
    def self.burn(x) = x
    def warm; end
    def initialize; end
    private :warm
  end
  class Grill < Oven
    def burnt=(x); end
    def [](x); end
  end
end
"""
TOAST = {f"{GEM}/lib/toast.rb": OVEN, f"{GEM}/spec/toast_spec.rb": "Toast::Oven.burn; Toast::Oven.new.warm"}
LOCK = {"Gemfile.lock": "GEM\n  specs:\n    toast (1.0.0)\n"}
BURN = "toast:Toast.Oven.burn"
Ask = Callable[..., tuple[str, str]]


@pytest.fixture
def ask(make_tree: Callable[[dict[str, str]], Tree]) -> Ask:
    """Return a function that asks whether a method of the gem `toast` is reached in a tree."""

    def ask(files: dict[str, str] | str, symbol: str = BURN, *, installed: bool = True) -> tuple[str, str]:
        own = {"app.rb": files} if isinstance(files, str) else files
        tree = make_tree({**LOCK, **(TOAST if installed else {}), **own})
        finding = Finding(
            stage="dependencies",
            rule="CVE-2026-1",
            severity=Severity.HIGH,
            title="toast",
            message="",
            fingerprint="f",
            location=Location(target=tree.name, path="Gemfile.lock"),
            package=Package(name="toast", version="1.0.0", ecosystem="RubyGems", purl="pkg:gem/toast@1.0.0", path=""),
            vulnerability=Vulnerability(id="CVE-2026-1", symbols=(symbol,)),
        )
        (answered,) = with_reachable_functions([finding], tree)
        assert answered.reachable_function is not None
        return answered.reachable_function.value, "\n".join(answered.reachable_function_evidence)

    return ask


CALLING = {
    "a constant": "Toast::Oven.burn(1)",
    "by another method of the gem": "Toast::Oven.bake 1",
    "from the root": "module Shop\n  def self.go\n    ::Toast::Oven.burn\n  end\nend",
    "in a module around it": "module Toast\n  class Shop\n    def go; Oven.burn(1) end\n  end\nend",
}


@pytest.mark.parametrize("source", CALLING.values(), ids=CALLING)
def test_a_call_that_is_resolved_reaches(ask: Ask, source: str) -> None:
    state, evidence = ask(source)
    assert state == "yes"
    assert evidence.startswith("app.rb:")
    assert evidence.endswith("calls Toast::Oven.burn")


@pytest.mark.parametrize(
    ("source", "symbol"),
    [
        ("oven = Toast::Oven.new\noven.warm", "toast:Toast.Oven.warm"),
        ("Toast::Oven.new.warm", "toast:Toast.Oven.warm"),
        ("Toast::Oven.new", "toast:Toast.Oven.initialize"),
    ],
)
def test_a_call_of_a_new_object_reaches(ask: Ask, source: str, symbol: str) -> None:
    assert ask(source, symbol)[0] == "yes"
    assert ask(source, symbol, installed=False)[0] == "yes"


NAMING = {
    "a call on any object": "x = Toast::Oven\nx.burn",
    "a symbol": "Toast::Oven.send(:burn)",
    "a text": "Toast.const_get('Oven').method('burn')",
    "a class by another spelling": "load('oven').burn",
    "a name that is put together": 'Toast::Oven.public_send(:"#{x}rn")',
    "a name with a text before it": "Toast::Oven.send('bu' + x)",
    "any name": "Toast::Oven.send(name)",
    "a text that is run": "eval(code)",
    "a class that is put together": 'Toast.const_get("Ov#{x}").burn',
    "a derived class": "Toast::Grill.burn",
}


@pytest.mark.parametrize("source", NAMING.values(), ids=NAMING)
def test_what_may_name_it_is_unknown(ask: Ask, source: str) -> None:
    assert ask(source)[0] == "unknown"


@pytest.mark.parametrize(
    "files",
    [
        {"views/index.erb": "<%= Toast::Oven.burn %>"},
        {"config/oven.yml": "class: oven\ncall: burn"},
        {PAN: "module Pan; Toast::Oven.burn; end"},
        {PAN: "module Pan\n  def self.go\n    Toast::Oven.burn\n  end\nend", "app.rb": "Pan.then(&:go)"},
        {PAN: "class Toast::Oven\n  alias go burn\nend", "app.rb": "Toast::Oven.new&.go"},
    ],
    ids=["a template", "settings", "another gem that is loaded", "another gem's method", "another name"],
)
def test_other_files_name_it_too(ask: Ask, files: dict[str, str]) -> None:
    assert ask(files)[0] == "unknown"


KEPT = {
    "a class that its superclass keeps": (
        "class Base\n  def self.inherited(one); @all << one; end\nend\nclass Oven < Base\n  def burn; end\nend",
        "Base.new.burn",
    ),
    "a class that a module keeps": (
        "module Kept\n  def self.included(one); end\nend\nclass Oven\n  include Kept\n  def burn; end\nend",
        "Kept.first.burn",
    ),
    "a class that hands itself on": (
        "class Oven\n  def burn; end\n  Registry.register(self)\nend",
        "Registry.first.burn",
    ),
    "a method that is found in a list": (
        "class Oven\n  def burn; end\n  def go; public_methods.grep(/^bu/); end\nend",
        "Oven.new",
    ),
    "any method of a list": (
        "class Oven\n  def burn; end\n  def go; public_methods.each { |one| send(one) }; end\nend",
        "Oven.new.go",
    ),
}


@pytest.mark.parametrize(("gem", "source"), KEPT.values(), ids=KEPT)
def test_what_is_kept_without_its_name_is_unknown(ask: Ask, gem: str, source: str) -> None:
    assert ask({f"{GEM}/lib/toast.rb": gem, "app.rb": source}, "toast:Oven.burn")[0] == "unknown"


NOTHING = {
    "nothing": "puts 1",
    "only the class": "Toast::Oven.then { }",
    "only the method's name": "fire.burn",
    "a comment": "Toast::Oven.then { } # burn",
    "a sentence": "Toast::Oven.then { 'never burn it' }",
}


@pytest.mark.parametrize("source", NOTHING.values(), ids=NOTHING)
def test_what_nothing_names_is_not_reached(ask: Ask, source: str) -> None:
    state, evidence = ask(source, "toast:Toast.Oven.burn" if "never" not in source else BURN)
    assert (state, evidence) == ("no", "of 2 sources none that may run names Toast.Oven.burn")


@pytest.mark.parametrize(
    ("source", "symbol", "state"),
    [
        ("Toast::Grill.new.burnt = 1", "toast:Toast.Grill.burnt=", "unknown"),
        ("Toast::Grill.then { }", "toast:Toast.Grill.burnt=", "no"),
        ("Toast::Grill.then { }", "toast:Toast.Grill.[]", "unknown"),
        ("puts 1", "toast:Toast.Grill.[]", "no"),
        ("puts 1", "toast:Toast.Oven.fry", "unknown"),
        ("puts 1", "toast:", "unknown"),
    ],
)
def test_names_of_other_forms(ask: Ask, source: str, symbol: str, state: str) -> None:
    assert ask(source, symbol)[0] == state


def test_no_needs_all_gems(ask: Ask) -> None:
    lock = LOCK["Gemfile.lock"] + "    pan (2.0.0)\n"
    state, evidence = ask({"Gemfile.lock": lock})
    assert state == "unknown"
    assert "pan 2.0.0 (Gemfile.lock lists it)" in evidence


def test_without_its_sources_it_is_unknown(ask: Ask) -> None:
    assert ask("puts 1", installed=False)[0] == "unknown"


def test_too_much_to_read_is_unknown(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_RUBY_PARSED", 10)
    assert ask("puts 1")[0] == "unknown"
