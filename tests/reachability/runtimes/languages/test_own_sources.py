"""Sources of the application that a language may load by a name."""

from gate.reachability.runtimes.languages import own_sources as module
from gate.reachability.runtimes.languages.own_sources import own_sources
from gate.reachability.runtimes.walk.graph import EVERYTHING
from tests.reachability.runtimes.conftest import make_elf


def test_sources_that_no_package_brought_may_be_loaded_and_too_many_are_a_gap(make_files, monkeypatch):
    paths = (
        "app/a.rb",
        "app/lib/b.rb",
        "usr/local/c.rb",
        "usr/share/d.rb",
        "app/vendor/e.rb",
        "opt/gems/f.rb",
        "app/g.py",
    )
    files = make_files(dict.fromkeys(paths, ""))
    found = list(own_sources("usr/bin/ruby", (".rb",), files))
    assert [one.path for one in found] == ["/app/a.rb", "/app/lib/b.rb", "/usr/local/c.rb"]
    assert not any(one.is_certain for one in found)
    monkeypatch.setattr(module, "_MOST", 2)
    assert list(own_sources("usr/bin/ruby", (".rb",), files))[-1].kind == EVERYTHING


def test_ruby_may_load_each_source_of_the_application(run):
    tree = {"!usr/bin/ruby": make_elf(), "app/run.rb": "name.constantize.new", "app/models/order.rb": "system('git')"}
    assert "app/models/order.rb" in run(tree, "/usr/bin/ruby /app/run.rb").possible
