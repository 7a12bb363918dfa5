"""Whatever a runtime is started with, it is followed: nothing that an image says ends the analysis."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import UNKNOWN, Because, StartedProgram
from tests.reachability.runtimes.conftest import SmallTree, explore

PROGRAMS = ("node", "java", "dotnet", "ruby", "php", "php-fpm", "perl")
WORDS = st.sampled_from(
    (
        f" - -- -e -r -I -cp -jar -m -S -Dx=y --prefix exec run start app / ../.. @app npm npx bundle rails a{UNKNOWN}"
        " app.js app.rb app.php app.pl a.dll"
    ).split(" ")
)
VARIABLES = st.sampled_from(
    ["NODE_OPTIONS", "NODE_PATH", "CLASSPATH", "JAVA_TOOL_OPTIONS", "CATALINA_BASE", "PERL5LIB", "PATH", "DOTNET_ROOT"]
)


@pytest.mark.parametrize("program", PROGRAMS)
@settings(max_examples=40, deadline=None)
@given(
    arguments=st.lists(WORDS, max_size=5),
    variables=st.dictionaries(VARIABLES, WORDS, max_size=3),
    content=st.text(max_size=50),
    folder=st.sampled_from(["", "/", "/app", "/gone", "/../.."]),
)
def test_any_start_is_followed(program, arguments, variables, content, folder):
    scripts = ("app.js", "app.rb", "app.php", "app.pl", "a.dll", "a.deps.json", "npm", "npx", "bundle", "package.json")
    files = Files(SmallTree({f"!usr/bin/{program}": ""} | {f"app/{name}": content for name in scripts}))
    start = StartedProgram(
        program=f"usr/bin/{program}",
        arguments=tuple(arguments),
        folder=folder,
        environment=tuple(sorted(variables.items())),
        because=Because("", "starts"),
    )
    assert f"usr/bin/{program}" in explore([start], files).certain
