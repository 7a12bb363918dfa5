"""Hostile Dockerfiles: the security rules take linear time on them, and nothing makes them stumble."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.declarations.dockerfile import DockerfileSettings
from gate.dockerfile.lint import Linted, lint
from tests.hangs import must_end

pytestmark = pytest.mark.one_python

Lint = Callable[..., Linted]
N = 5000
URL = "https://packages.example"


def run(commands: list[str]) -> str:
    return "RUN " + " && ".join(commands)


HOSTILE = {
    "downloads": run([f"curl -O {URL}/f{number}" for number in range(N)]),
    "downloads and wildcards": run([f"curl -O {URL}/f{number} && ls *{number}" for number in range(N)]),
    "pipes into tee": run([f"echo a{number} | tee /f{number}" for number in range(N)]),
    "settings that are kept": run([f"npm config set //r{number}/:_authToken x" for number in range(N)]),
    "secret mounts": "RUN "
    + " ".join(f"--mount=type=secret,id=s{number}" for number in range(N))
    + " "
    + " && ".join(f"echo a{number}" for number in range(N)),
    "heredocs in a heredoc": "RUN <<E\n" + "".join(f"cat <<X{one} > f\nb\nX{one}\n" for one in range(N)) + "E",
    "sources": "\n".join(f"COPY d{number} /x" for number in range(N)),
    "undeclared variables": "\n".join(f"ENV ABCDE{number}=$UNDEFINED{number}" for number in range(N)),
    "stages": "\n".join(f"FROM a:1 AS s{one}\nCOPY --from=s{max(0, one - 1)} /x /x" for one in range(N)),
    "open brackets": "RUN echo " + "[trusted " * N * 4,
    "sed": "RUN sed '" + "s/a/" * N * 8 + "'",
    "key blocks": "RUN echo '" + ("-----BEGIN " + "A " * 20) * N + "PRIVATE KEY'",
    "an address": "RUN git clone " + "a" * N * 8 + "://" + "b" * N * 8,
    "a file's name": "COPY " + "ca." * N * 8 + " /x",
    "a label's name": "LABEL " + "a_" * N * 8 + "=x",
    "a debugger": "CMD java " + "-agentlib:jdwp" * N,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_time_is_linear(name: str, lint_text: Lint) -> None:
    text = HOSTILE[name] if name == "stages" else f"FROM a:1\n{HOSTILE[name]}\n"
    with must_end():
        assert lint_text(text).instructions >= 2


PIECES = [
    *("FROM a:1 AS b\n", "FROM b\n", "RUN ", "COPY ", "ADD ", "ENV ", "ARG ", "LABEL ", "VOLUME ", "EXPOSE ", "CMD "),
    *(
        "--mount=type=secret,id=t",
        "--mount=,=,type",
        "--mount",
        "--chmod=",
        "--from=b",
        "--network=host",
        " ",
        "\n",
        "\\\n",
    ),
    *(
        "curl -o",
        "curl -",
        "-O",
        URL,
        "| sh",
        "&& ",
        "$(",
        ")",
        "`",
        "<<E\n",
        "E\n",
        "<<<",
        "> .netrc",
        "echo ",
        "tee ",
    ),
    *(
        "chmod ",
        "-m",
        "777",
        "find ",
        "-exec",
        "git clone ",
        "pip install ",
        "--extra-index-url",
        "$X",
        "${X:-",
        "}",
        "[",
    ),
    *(
        ".env",
        "id_rsa",
        "*",
        ".",
        "//",
        "../",
        "rm ",
        "useradd -p",
        "setcap ",
        "npm config set",
        "gpg --recv-keys",
        "'",
    ),
]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=20))
def test_nothing_makes_a_rule_stumble(pieces: list[str]) -> None:
    content = "".join(["FROM a:1\n", *pieces]).encode()
    assert lint(content, "Dockerfile", "tree", DockerfileSettings()).bytes == len(content)
