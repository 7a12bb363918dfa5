"""Files that bear a Dockerfile's name and are none by their text: they are passed over, and the facts say so."""

from collections.abc import Callable

import pytest

from gate.declarations.dockerfile import DockerfileSettings
from gate.dockerfile.foreign import why_foreign
from gate.dockerfile.lint import Linted
from gate.model import StageResult, StageStatus, Tree
from gate.pipeline.context import LocalContext
from gate.settings import Stages
from gate.stages import dockerfile

MakeTree = Callable[[dict[str, str | bytes]], Tree]
MakeContext = Callable[..., LocalContext]
SOUND = "FROM debian:12\nRUN make\n"
PYTHON = "import os\n\nfrom pathlib import Path\n\n\ndef run(name):\n    return Path(name)\n"
GO = 'package main\n\nimport "fmt"\n\nfunc main() {\n\tfmt.Println("x")\n}\n'
PROSE = "# How to build\n\nFirst of all, get the sources.\nRun the script, and wait.\nThen look at the result.\n"


@pytest.mark.parametrize(
    "text",
    [
        "FROM {{ base }}\nRUN make\n",
        "FROM {{base}}\nRUN make\n",
        "{% if cuda %}\nFROM nvidia/cuda:12\n{% else %}\nFROM debian:12\n{% endif %}\nRUN make\n",
        "{{- range .stages }}\nFROM {{ .image }}\n{{- end }}\n",
        "FROM <%= image %>\n<% packages.each do |name| %>\nRUN install <%= name %>\n<% end %>\n",
        "FROM <%=image%>\nRUN make\n",
        "FROM @BASE_IMAGE@\nRUN make\n",
        "FROM %%BASE%%\nRUN make\n",
        "FROM debian:12\n{{> packages}}\nRUN make\n",
        "include(`base.m4')\nRUN make\n",
        "FROM debian:12\nifdef(`DEBUG', `RUN make debug')\n",
    ],
)
@pytest.mark.parametrize("name", ["Dockerfile", "Dockerfile.web", "web.Dockerfile", "Containerfile"])
def test_a_template_is_none_whatever_it_is_called(text: str, name: str) -> None:
    assert why_foreign(text.encode(), f"images/{name}", is_named=False) == "a template"


@pytest.mark.parametrize(
    "text",
    [
        SOUND,
        "FROM debian:12\nRUN docker inspect --format '{{.Id}}' x && echo <%= y %>\n",
        "# {{ words }}\nFROM debian:12\nRUN make\n",
        "FROM debian@sha256:" + "0" * 64 + "\nRUN npm install @scope/name@1\n",
        "ARG BASE=debian\nFROM ${BASE}:12\nLABEL mail=me@host@example\n",
        "# syntax=example/frontend\n{{ any }} language\n",
        "#syntax=example/frontend\npackage main\nfunc x() {}\n",
    ],
)
def test_what_can_be_built_is_never_passed_over(text: str) -> None:
    assert why_foreign(text.encode(), "Dockerfile.any", is_named=False) is None


@pytest.mark.parametrize("text", [PYTHON, GO, PROSE, "<svg></svg>\n", '{"a": 1}\n', "SELECT a\nFROM b\nWHERE c\n"])
def test_other_text_is_none_under_a_like_name_and_a_broken_one_under_its_own(text: str) -> None:
    assert why_foreign(text.encode(), "Dockerfile.snip", is_named=False) == "no Dockerfile"
    assert why_foreign(text.encode(), "dockerfile_x", is_named=False) == "no Dockerfile"
    assert why_foreign(text.encode(), "Dockerfile", is_named=False) is None
    assert why_foreign(text.encode(), "Dockerfile.snip", is_named=True) is None


@pytest.mark.parametrize("head", [b"\x89PNG\r\n\x1a\n\0\0", b"\x7fELF\2\1\1\0", b"PK\3\4\0\0", b"\0asm"])
def test_a_binary_file_is_none(head: bytes) -> None:
    assert why_foreign(head * 9, "Dockerfile.any", is_named=False) == "a binary file"


@pytest.mark.parametrize("text", ["", "\n", "# to be written\n\n  # FROM debian:12\n", "\ufeff# FROM debian:12"])
def test_comments_alone_are_none_unless_a_build_asks_for_them(text: str) -> None:
    assert why_foreign(text.encode(), "Dockerfile", is_named=False) == "empty, or comments alone"
    assert why_foreign(text.encode(), "Dockerfile", is_named=True) is None
    assert why_foreign(b"# syntax=docker/dockerfile:1\n", "Dockerfile", is_named=False) is None


@pytest.mark.parametrize(
    "text",
    [
        "FROM debian:12\nRUN a \\\n && b\n && c\n && d\n && e\n",
        "ARG A\nFROM debian:12\nFETCH a\nFETCH b\nFETCH c\nFETCH d\n",
        "RUN a\nRUN b\nFETCH c\n",
    ],
)
def test_a_broken_one_is_not_passed_over(text: str) -> None:
    assert why_foreign(text.encode(), "Dockerfile.any", is_named=False) is None


def test_one_in_another_encoding_is_broken_and_no_binary_file() -> None:
    assert why_foreign(SOUND.encode("utf-16"), "Dockerfile", is_named=False) is None


NAMES = ("Dockerfile", "containerfile")
ENDINGS = (
    *("adoc", "ai", "ansible", "api", "asm", "bat", "bin", "bmp", "cfg", "class", "clj", "cmd", "conf", "css", "dart"),
    *("db", "deb", "desktop", "doc", "docx", "drawio", "ebuild", "el", "elm", "env", "eps", "erl", "eslintrc", "ex"),
    *("exs", "fish", "fs", "gif", "gradle", "graphql", "groovy", "haml", "hbs", "hcl", "hs", "htm", "ico", "ipynb"),
    *("iso", "jar", "jpg", "jl", "jsonnet", "key", "less", "lisp", "liquid", "map", "mk", "ml", "mp4", "nim", "nix"),
    *("njk", "odt", "pdf", "pem", "png", "po", "properties", "proto", "puml", "r", "rego", "rpm", "sass", "sbt"),
    *("scss", "snap", "snippets", "sql", "sublime-syntax", "svg", "tcl", "textile", "tf", "tmLanguage", "twig", "vue"),
    *("war", "wasm", "webp", "woff", "xlsx", "xsl", "yar", "zig"),
)


def run(tree: Tree, make_context: MakeContext) -> StageResult:
    settings = Stages(dockerfile=DockerfileSettings(shellcheck="off"))
    return dockerfile.run(tree, make_context(stages=settings))


def test_a_hundred_foreign_endings_are_passed_over_by_their_text(
    make_tree: MakeTree, make_context: MakeContext
) -> None:
    texts: list[str | bytes] = [PYTHON, GO, PROSE, b"\x89PNG\0\0", "{{ a }}\nb: c\n", "<svg>\n<g/>\n</svg>\n"]
    files = {f"{name}.{ending}": texts[place % len(texts)] for place, ending in enumerate(ENDINGS) for name in NAMES}
    result = run(make_tree({**files, "Dockerfile": SOUND}), make_context)
    assert {one.location.path for one in result.findings} == {"Dockerfile"}
    assert (result.status, result.facts["files"]) == (StageStatus.OK, 1)
    (last, *_) = reversed(list(result.facts["passed_over"]))  # type: ignore[arg-type]
    assert last == f"and {len(files) - 100} more"


def test_facts_say_what_was_passed_over_and_what_it_is(make_tree: MakeTree, make_context: MakeContext) -> None:
    tree = make_tree({"a/Dockerfile": "FROM {{ x }}\n", "b/Dockerfile.icon": b"\0", "c/Dockerfile": SOUND})
    facts = run(tree, make_context).facts
    assert facts["passed_over"] == ["a/Dockerfile", "b/Dockerfile.icon"]
    assert facts["passed_over_by_text"] == ["a/Dockerfile: a template", "b/Dockerfile.icon: a binary file"]


def test_a_tree_in_which_all_are_passed_over_has_no_dockerfile(make_tree: MakeTree, make_context: MakeContext) -> None:
    result = run(make_tree({"Dockerfile": "{% x %}\n"}), make_context)
    assert (result.status, result.reason) == (StageStatus.SKIPPED, "there is no Dockerfile")
    assert result.facts["passed_over"] == ["Dockerfile"]


def test_what_something_builds_from_is_broken_rather_than_foreign(
    make_tree: MakeTree, make_context: MakeContext
) -> None:
    tree = make_tree({"build.sh": "docker build -f Dockerfile.note .\n", "Dockerfile.note": PROSE})
    assert [one.rule for one in run(tree, make_context).findings] == ["DL1000"]


def test_an_ending_that_names_a_language_is_no_program_if_docker_would_build_it(
    make_tree: MakeTree, make_context: MakeContext
) -> None:
    tree = make_tree({"Dockerfile.go": SOUND, "dockerfile.py": PYTHON, "Dockerfile.md": PROSE, "Dockerfile.j2": SOUND})
    facts = run(tree, make_context).facts
    assert (facts["files"], facts["passed_over"]) == (1, ["Dockerfile.j2", "Dockerfile.md", "dockerfile.py"])


def test_what_another_frontend_reads_is_judged_by_what_can_be_read(
    make_tree: MakeTree, make_context: MakeContext
) -> None:
    result = run(make_tree({"Dockerfile": "// syntax=evil.example/f\nFROM a:1\n"}), make_context)
    assert {"DL1000", "GD023"} <= {one.rule for one in result.findings}


def test_a_file_that_cannot_be_parsed_has_one_finding(lint_text: Callable[[str], Linted]) -> None:
    found = [one for one in lint_text("FROM a:1\nFETCH b\nWHAT c\nEVER d\n").findings if one.rule == "DL1000"]
    (only,) = found
    assert only.message == "there is no instruction FETCH; neither can 2 lines below it, down to line 4"
    (alone,) = (one for one in lint_text("FROM a:1\nFETCH b\n").findings if one.rule == "DL1000")
    assert (alone.message, alone.fingerprint) == ("there is no instruction FETCH", only.fingerprint)
