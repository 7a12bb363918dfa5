"""Perl: which modules a script uses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import Because, StartedProgram
from tests.reachability.runtimes.conftest import SmallTree, explore

START = Because("", "starts")
PERL = {"!usr/bin/perl": ""}


def explored(files, *arguments, **parts):
    start = StartedProgram(program="usr/bin/perl", arguments=arguments, folder="/app", because=START, **parts)
    return explore([start], files)


@pytest.mark.parametrize(
    "line",
    [
        "use A::B;",
        "use A::B 1.2 qw(x y);",
        "  require A::B;",
        "use parent 'A::B';",
        "use base qw(C A::B);",
        "use parent -norequire, 'A::B';",
        "require 'A/B.pm';",
        "extends 'A::B';",
        "BEGIN { extends 'C', 'A::B'; }",
        "with qw/A::B/;",
        "extends(\n    'C',\n    'A::B',\n);",
        "use Catalyst qw/-Debug +A::B/;",
        "eval { require A::B; };\nuse A::B;",
    ],
)
@pytest.mark.parametrize(
    "folder",
    ["usr/share/perl5", "usr/lib/x86_64-linux-gnu/perl5/5.36", "usr/local/lib/perl5/5.36.0", "usr/share/perl/5.36"],
)
def test_a_module_is_found_on_the_way_of_inc(make_files, line, folder):
    found = explored(make_files(PERL | {"app/run.pl": line, f"{folder}/A/B.pm": ""}), "run.pl")
    assert set(found.certain) == {"usr/bin/perl", "app/run.pl", f"{folder}/A/B.pm"}


@pytest.mark.parametrize("line", ["# use A::B;", "__END__\nuse A::B;", "use_it('A::B')", "print 'A::B'"])
def test_what_uses_nothing_reaches_nothing(make_files, line):
    found = explored(make_files(PERL | {"app/run.pl": f"\n{line}", "usr/share/perl5/A/B.pm": ""}), "run.pl")
    assert set(found.certain) == {"usr/bin/perl", "app/run.pl"}


def test_an_application_of_catalyst_loads_its_plug_ins_and_components(make_files):
    components = ("View/Page.pm", "Controller/Deep/Root.pm")
    files = {
        "app/run.pl": "use Shop;",
        "app/lib/Shop.pm": "use Catalyst qw(\n    Static::Simple\n);",
        "usr/share/perl5/Catalyst/Plugin/Static/Simple.pm": "use Catalyst::Log;",
        "usr/share/perl5/Catalyst/Log.pm": "",
        "usr/share/perl5/Catalyst.pm": "use Catalyst;",
        **{f"app/lib/Shop/{name}": "" for name in (*components, "Other.pm")},
        "usr/share/perl5/Catalyst/View/Other.pm": "",
    }
    found = explored(make_files(PERL | files), "-I/app/lib", "run.pl").certain
    assert found.keys() >= {"usr/share/perl5/Catalyst/Plugin/Static/Simple.pm"}
    assert "usr/share/perl5/Catalyst/View/Other.pm" not in found
    assert {name for name in (*components, "Other.pm") if f"app/lib/Shop/{name}" in found} == set(components)


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (("-I/app/lib", "run.pl"), {}),
        (("-I", "/app/lib", "run.pl"), {}),
        (("run.pl",), {"environment": (("PERL5LIB", "/app/lib"),)}),
        (("-I/app/lib", "-e", "use A;"), {}),
        (("-I/app/lib", "-MA=x", "-e", "1"), {}),
    ],
)
def test_ways_to_start(make_files, arguments, parts):
    files = make_files(PERL | {"app/run.pl": "use A;", "app/lib/A.pm": ""})
    assert "app/lib/A.pm" in explored(files, *arguments, **parts).certain


def test_the_compiled_part_of_a_module_is_reached(make_files):
    root = "usr/lib/x86_64-linux-gnu/perl5/5.36"
    files = make_files(PERL | {"app/run.pl": "use DBI;", f"{root}/DBI.pm": "", f"{root}/auto/DBI/DBI.so": ""})
    assert f"{root}/auto/DBI/DBI.so" in explored(files, "run.pl").certain


def test_a_name_that_only_a_run_tells_may_be_that_of_any_module(make_files):
    files = make_files(PERL | {"app/run.pl": "require $driver;", "usr/share/perl5/A.pm": "", "srv/B.pm": ""})
    assert set(explored(files, "run.pl").possible) == {"usr/share/perl5/A.pm"}


def test_an_unknown_script_is_a_gap(make_files):
    assert [gap.kind for gap in explored(make_files(PERL), "\0").gaps] == ["system", "everything"]


@given(st.text(alphabet="use requir'AB:;/.pm$(\n#", max_size=200))
def test_any_text_is_read(text):
    files = Files(SmallTree(PERL | {"app/run.pl": text, "usr/share/perl5/A.pm": text}))
    assert "app/run.pl" in explored(files, "run.pl").certain


@pytest.mark.parametrize(
    ("text", "is_certain"),
    [
        ("sub f {\n    require A::B;\n}", False),
        ("sub f {\n    use A::B;\n}", True),
        ("sub f { 1 }\nuse constant TLS => $ENV{NO} ? 0 : !!eval { require A::B; 1 };", True),
        ("our $HAS = eval {\n    require A::B;\n};", True),
        ("sub f {\n    eval { require A::B };\n}", False),
    ],
)
def test_what_a_library_tries_or_requires_in_a_function_may_be_loaded(make_files, text, is_certain):
    library = {"usr/share/perl5/Lib.pm": text, "usr/share/perl5/A/B.pm": ""}
    found = explored(make_files(PERL | {"app/run.pl": "use Lib;"} | library), "run.pl")
    assert "usr/share/perl5/A/B.pm" in (found.certain if is_certain else found.possible)


def test_what_documentation_shows_is_not_used(make_files):
    text = "=head1 SYNOPSIS\n\n  use A::B;\n\n=cut\n\nuse C;\n"
    files = make_files(PERL | {"app/run.pl": text, "usr/share/perl5/A/B.pm": "", "usr/share/perl5/C.pm": ""})
    assert set(explored(files, "run.pl").certain) == {"usr/bin/perl", "app/run.pl", "usr/share/perl5/C.pm"}


@pytest.mark.parametrize(
    ("arguments", "environment", "is_wrapped"),
    [
        (("app.psgi",), (), True),
        (("-E", "deployment", "app.psgi"), (), False),
        (("app.psgi",), (("PLACK_ENV", "production"),), False),
    ],
)
def test_plackup_wraps_an_application_while_it_is_developed(make_files, arguments, environment, is_wrapped):
    middleware = "usr/share/perl5/Plack/Middleware/Lint.pm"
    files = make_files(PERL | {"app/app.psgi": "", "usr/bin/plackup": "", middleware: ""})
    found = explored(files, "/usr/bin/plackup", *arguments, environment=environment)
    assert (middleware in found.certain) == is_wrapped


@pytest.mark.parametrize(
    ("words", "variables"),
    [
        (("-MA::B", "run.pl"), ()),
        (("run.pl",), (("PERL5OPT", "-w -MA::B"),)),
        (("run.pl",), (("PERL5OPT", "MA::B=x"),)),
    ],
)
def test_modules_that_options_use_are_reached_beside_the_script(make_files, words, variables):
    files = make_files({**PERL, "usr/share/perl5/A/B.pm": "", "usr/share/perl5/C.pm": "", "app/run.pl": "use C;\n"})
    found = explored(files, *words, environment=variables).certain
    assert {"usr/share/perl5/A/B.pm", "usr/share/perl5/C.pm", "app/run.pl"} <= found.keys()


@pytest.mark.parametrize(
    ("command", "code", "variables"),
    [
        ("perl a.pl", "use if $^O ne 'x', 'Few';", {}),
        ("perl a.pl", "use autouse 'Few' => qw(f);", {}),
        ("perl a.pl", "load 'Few';", {}),
        ("perl a.pl", "enable 'Tidy';", {}),
        ("perl a.pl", 'use FindBin; use lib "$FindBin::Bin/inner"; use Inner;', {}),
        ("perl a.pl", "use lib 'parts'; use Shop::Front;", {}),
        ("perl -d:Own a.pl", "", {}),
        ("perl -d a.pl", "", {"PERL5DB": "BEGIN { require Few }"}),
        ("perl a.pl", "require $_ for @names;", {}),
    ],
)
def test_what_own_code_and_options_may_load_by_a_name_is_possible(run, command, code, variables):
    tree = {
        "!usr/bin/perl": "",
        "usr/share/perl5/Few.pm": "",
        "usr/share/perl5/Devel/Own.pm": "use Few;\n",
        "usr/share/perl5/Plack/Middleware/Tidy.pm": "use Few;\n",
        "usr/lib/x86_64-linux-gnu/perl5/5.40/auto/Few/Few.so": "",
        "app/inner/Inner.pm": "use Few;\n",
        "app/parts/Shop/Front.pm": "use Shop::Back;\n",
        "app/parts/Shop/Back.pm": "use Few;\n",
        "app/a.pl": f"\n{code}\n",
    }
    found = run(tree, command, PATH="/usr/bin", **variables)
    reached = {*found.certain, *found.possible}
    assert {"usr/share/perl5/Few.pm", "usr/lib/x86_64-linux-gnu/perl5/5.40/auto/Few/Few.so"} <= reached


@pytest.mark.parametrize(
    ("line", "is_loaded"),
    [
        ("use A qw(C::D B);", True),
        ("use A 'B';", True),
        ("use A qw/B/;", True),
        ("use A qw(b $B :B);", False),
        ("use A;\nprint 'B';", False),
    ],
)
def test_an_own_source_has_a_module_load_a_part_of_it(make_files, line, is_loaded):
    """As `use POE qw(Wheel::Run)`."""
    parts = {"usr/share/perl5/A.pm": "", "usr/share/perl5/A/B.pm": ""}
    certain = explored(make_files(PERL | parts | {"app/run.pl": line}), "run.pl").certain
    assert ("usr/share/perl5/A/B.pm" in certain) is is_loaded
    used = {"app/run.pl": "use Other;", "usr/share/perl5/Other.pm": line}
    assert "usr/share/perl5/A/B.pm" not in explored(make_files(PERL | parts | used), "run.pl").certain


@pytest.mark.parametrize(
    ("words", "variables"), [(["-Ilib"], {}), (["-I", "lib"], {}), ([], {"environment": (("PERL5LIB", "lib"),)})]
)
def test_a_folder_of_modules_is_looked_for_from_the_working_folder(make_files, words, variables):
    files = {"opt/tools/run.pl": "use A::B;", "app/lib/A/B.pm": "", "lib/A/B.pm": ""}
    certain = explored(make_files(PERL | files), *words, "/opt/tools/run.pl", **variables).certain
    assert "app/lib/A/B.pm" in certain
    assert "lib/A/B.pm" not in certain
