"""Whether the start of a container reaches vulnerable methods of its gems."""

import pytest

from gate.model import Image
from gate.model.container import Runtime
from gate.reachability.functions.answer import ReachAnswer
from gate.reachability.functions.image_start import VulnerablePackage, configured, reach_of
from gate.reachability.functions.ruby import files as ruby_files
from gate.reachability.functions.ruby.image import RubyImage
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.start import starts_of
from tests.reachability.runtimes.conftest import SmallTree, explore

pytest.importorskip("tree_sitter_ruby")

BUNDLE = "usr/local/bundle"
SPECIFICATION = f"{BUNDLE}/specifications/toast-1.0.0.gemspec"
OVEN = "module Toast\n  class Oven\n    def self.burn; end\n    def self.bake; end\n  end\nend\n"
RUBY = {
    "!usr/local/bin/ruby": "",
    "usr/local/lib/ruby/3.3.0/set.rb": "class Set; end",
    SPECIFICATION: "",
    f"{BUNDLE}/gems/toast-1.0.0/lib/toast.rb": OVEN,
    f"{BUNDLE}/gems/toast-1.0.0/test/test_toast.rb": "Toast::Oven.burn",
}
BURN = VulnerablePackage(SPECIFICATION, ("toast:Toast.Oven.burn",), "RubyGems", "toast", "1.0.0")
HARMLESS = {"app/main.rb": "require 'toast'\nToast::Oven.bake"}
BURNING = "require 'toast'\nToast::Oven.burn"


def ask(files: dict[str, str], *, asked: VulnerablePackage = BURN, **settings: object) -> ReachAnswer:
    """Return the answer for an image that starts `ruby main.rb` in /app."""
    tree = SmallTree(RUBY | files)
    runtime = Runtime(cmd=["ruby", "main.rb"], working_dir="/app", **settings)  # type: ignore[arg-type]
    walked = Files(tree)
    reach = reach_of(explore(starts_of(runtime, walked), walked), "RubyGems")
    return RubyImage(tree, reach, configured(runtime, Image(source="archive", reference="a", name="a"))).answer(asked)


def test_the_chain_begins_at_the_start_of_the_container() -> None:
    found = ask({"app/main.rb": "require_relative 'jobs'", "app/jobs.rb": BURNING})
    assert found.state.value == "yes"
    assert found.evidence[0] == "entrypoint"
    assert found.evidence[-1] == "app/jobs.rb:2 calls Toast::Oven.burn"


def test_what_nothing_names_is_not_reached() -> None:
    found = ask(HARMLESS)
    assert (found.state.value, found.evidence) == ("no", ("of 3 sources none that may run names Toast.Oven.burn",))


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"app/other.rb": BURNING}, id="a source that the start may not run"),
        pytest.param({"usr/share/shop/other.rb": BURNING}, id="a source among the system's files"),
        pytest.param({"usr/local/lib/ruby/3.3.0/csv.rb": BURNING}, id="the library of Ruby"),
        pytest.param({"app/views/index.erb": "<%= Toast::Oven.burn %>"}, id="a template"),
        pytest.param({"srv/start.sh": "exec ruby -e 'Toast::Oven.burn'"}, id="a script"),
        pytest.param({f"{BUNDLE}/gems/pan-1.0.0/lib/pan.so": "\0Oven\0burn\0"}, id="a compiled part of a gem"),
    ],
)
def test_any_file_may_name_it(files: dict[str, str]) -> None:
    assert ask(HARMLESS | files).state.value == "unknown"


def test_the_configuration_of_the_image_may_name_it() -> None:
    assert ask(HARMLESS, env=["RUBYOPT=-e Toast::Oven.burn"]).state.value == "unknown"


def test_a_gem_that_comes_with_ruby_is_in_its_library() -> None:
    place = "usr/local/lib/ruby/gems/3.3.0/specifications/default/shelf-1.0.0.gemspec"
    asked = VulnerablePackage(place, ("shelf:Shelf.burn",), "RubyGems", "shelf", "1.0.0")
    library = {"usr/local/lib/ruby/3.3.0/shelf.rb": "module Shelf\n  def self.burn; end\nend\n"}
    assert ask(HARMLESS | library, asked=asked).state.value == "no"
    assert ask({"app/main.rb": "require 'shelf'\nShelf.burn"} | library, asked=asked).state.value == "yes"


def test_too_much_to_read_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ruby_files, "MAX_RUBY_BYTES", 10)
    assert ask(HARMLESS).state.value == "unknown"
