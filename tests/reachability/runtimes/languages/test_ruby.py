"""Ruby: files and gems that a script requires."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import Because, StartedProgram
from tests.reachability.runtimes.conftest import SmallTree, explore

START = Because("", "starts")
HOME = "var/lib/gems/3.1.0"
RUBY = {
    "!usr/bin/ruby3.1": "",
    "usr/lib/ruby/3.1.0/json.rb": "",
    f"{HOME}/specifications/rack-2.0.gemspec": "",
    f"{HOME}/gems/rack-2.0/lib/rack.rb": "require 'rack/core'; autoload :Lazy, 'rack/lazy'",
    f"{HOME}/gems/rack-2.0/lib/rack/core.rb": "",
    f"{HOME}/gems/rack-2.0/lib/rack/lazy.rb": "",
    f"{HOME}/specifications/rack-test-1.0.gemspec": "",
    f"{HOME}/gems/rack-test-1.0/lib/rack/test.rb": "",
}
RACK = f"{HOME}/gems/rack-2.0/lib/rack"


def explored(files, *arguments):
    return explore(
        [StartedProgram(program="usr/bin/ruby3.1", arguments=arguments, folder="/app", because=START)], files
    )


def reached(make_files, contents, *arguments):
    return set(explored(make_files(RUBY | contents), *arguments).certain) - {"usr/bin/ruby3.1"}


def test_what_rubyopt_requires_is_reached(make_files):
    start = StartedProgram(
        program="usr/bin/ruby3.1",
        arguments=("run.rb",),
        folder="/app",
        environment=(("RUBYOPT", "-W0 -rrack"),),
        because=START,
    )
    assert f"{RACK}.rb" in explore([start], make_files(RUBY | {"app/run.rb": ""})).certain


@pytest.mark.parametrize(
    "line", ["require 'rack'", 'require("rack")', "  require 'rack.rb'", "begin; require 'rack'; rescue LoadError; end"]
)
def test_a_required_gem_is_reached_with_what_it_requires(make_files, line):
    assert reached(make_files, {"app/run.rb": line}, "run.rb") == {"app/run.rb", f"{RACK}.rb", f"{RACK}/core.rb"}


@pytest.mark.parametrize("line", ["# require 'rack'", "required 'rack'", "__END__\nrequire 'rack'", "puts 'rack'"])
def test_what_requires_nothing_reaches_nothing(make_files, line):
    assert reached(make_files, {"app/run.rb": f"\n{line}"}, "run.rb") == {"app/run.rb"}


def test_what_is_loaded_when_its_constant_is_used_may_be_opened(make_files):
    found = explored(make_files(RUBY | {"app/run.rb": "require 'rack'"}), "run.rb")
    assert f"{RACK}/lazy.rb" in found.possible


def test_any_gem_may_be_loaded_as_ruby_loads_by_names_that_only_a_run_tells(make_files):
    found = explored(make_files(RUBY | {"app/run.rb": "puts 1"}), "run.rb")
    assert any(path.startswith(RACK) for path in found.possible)


@pytest.mark.parametrize(
    ("line", "file"),
    [
        ("require_relative 'lib/a'", "app/lib/a.rb"),
        ("require './lib/a'", "app/lib/a.rb"),
        ("load '/app/lib/a.rb'", "app/lib/a.rb"),
        ("require 'json'", "usr/lib/ruby/3.1.0/json.rb"),
    ],
)
def test_files_of_the_project_and_of_ruby(make_files, line, file):
    assert file in reached(make_files, {"app/run.rb": line, "app/lib/a.rb": ""}, "run.rb")


def test_an_option_requires_too(make_files):
    assert f"{RACK}.rb" in reached(make_files, {"app/run.rb": ""}, "-rrack", "run.rb")


def test_what_ruby_loads_at_every_start_is_reached(make_files):
    contents = {"usr/lib/ruby/vendor_ruby/rubygems.rb": "", "usr/local/lib/ruby/3.3.0/x86_64-linux/monitor.so": ""}
    assert reached(make_files, contents) == set(contents)


LOCK = "GEM\n  specs:\n    rack (2.0)\n\nDEPENDENCIES\n  rack-test (~> 1.0)\n\nBUNDLED WITH\n   2.3\n"


def test_bundler_requires_the_gems_that_the_project_asks_for(make_files):
    contents = {"app/config/application.rb": "Bundler.require(*Rails.groups)", "app/Gemfile.lock": LOCK}
    found = reached(make_files, contents, "/usr/bin/bundle", "exec", "puma")
    assert found == {"app/config/application.rb", f"{HOME}/gems/rack-test-1.0/lib/rack/test.rb"}


def test_no_gem_is_told_unused_where_ruby_runs(make_files):
    (gap,) = explored(make_files(RUBY), "run.rb").gaps
    assert gap.kind == "RubyGems"


@given(st.text(alphabet="requir_elativo'\"./( \n#,:", max_size=200))
def test_any_text_is_read(text):
    files = Files(SmallTree(RUBY | {"app/run.rb": text}))
    assert "app/run.rb" in explored(files, "run.rb").certain
