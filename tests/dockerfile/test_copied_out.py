"""Tests of `copied_out.py`: a credential in a build stage is milder where it does not come into the image."""

from collections.abc import Callable
from datetime import date

import pytest

from gate.declarations.dockerfile import DockerfileSettings
from gate.dockerfile.lint import lint_file
from gate.model import Tree

FILES = {"keys/server.key": "x", "main.go": ""}
REACHES = [
    "WORKDIR /src\nCOPY . .\nFROM b:1\nCOPY --from=make /src /app",
    "WORKDIR /src\nCOPY . .\nFROM b:1\nCOPY --from=make / /",
    "WORKDIR /src\nCOPY . .\nFROM b:1\nCOPY --from=make /src/k* /app/",
    "WORKDIR /src\nCOPY . .\nFROM b:1\nCOPY --from=make /src/keys/server.key /app/",
    "WORKDIR /src\nCOPY . .\nFROM b:1\nRUN --mount=from=make,source=/src,target=/x cp -r /x /app",
    "WORKDIR /src\nCOPY . .\nFROM b:1\nCOPY --from=0 $ANY /app/",
    "WORKDIR /src\nCOPY . .\nRUN cp -r keys /out\nFROM b:1\nCOPY --from=make /out /app",
    "WORKDIR /src\nCOPY . .\nRUN cd keys && mv * /out/\nFROM b:1\nCOPY --from=make /out /app",
    "WORKDIR /src\nCOPY . .\nRUN tar czf /out.tgz .\nFROM b:1\nCOPY --from=make /out.tgz /app/",
    "WORKDIR /src\nCOPY . .\nFROM make AS more\nRUN make\nFROM b:1\nCOPY --from=more /src /app",
    "WORKDIR /src\nCOPY . .\nFROM make\nCMD [\"a\"]",
    "COPY . .\nFROM b:1\nCOPY --from=make /usr/bin/a /app",
    "COPY . /src",
]  # fmt: skip
STAYS = [
    "WORKDIR /src\nCOPY . .\nRUN go build -o /out/a\nFROM b:1\nCOPY --from=make /out/a /usr/bin/a",
    "WORKDIR /src\nCOPY . .\nRUN mv web /out\nFROM b:1\nCOPY --from=make /src/a /src/README.md /app/",
    "COPY . /src\nFROM b:1\nCOPY --from=make /src/keys/server.key.pub /app/",
    "COPY . /src\nFROM b:1\nRUN --mount=from=make,source=/src/go.mod,target=/go.mod go mod download",
    "WORKDIR /src\nWORKDIR deep\nCOPY . .\nFROM b:1\nCOPY --from=make /src/keys /app/",
]


@pytest.fixture
def severity_of_keys(make_tree: Callable[[dict[str, str]], Tree]) -> Callable[[str], str]:
    """Return a function that says how bad GD038 is in a Dockerfile whose first stage is called `make`."""

    def run(text: str) -> str:
        tree = make_tree({**FILES, "Dockerfile": f"FROM a:1 AS make\n{text}\n"})
        linted = lint_file("Dockerfile", tree, DockerfileSettings(), date(2026, 11, 24))
        (finding,) = (one for one in linted.findings if one.rule == "GD038")
        return finding.severity.value

    return run


@pytest.mark.parametrize("text", REACHES)
def test_what_may_come_into_the_image_is_high(text: str, severity_of_keys: Callable[[str], str]) -> None:
    assert severity_of_keys(text) == "high"


@pytest.mark.parametrize("text", STAYS)
def test_what_stays_in_a_build_stage_is_one_step_milder(text: str, severity_of_keys: Callable[[str], str]) -> None:
    assert severity_of_keys(text) == "medium"


def test_a_key_that_is_copied_by_its_name_is_judged_the_same(make_tree: Callable[[dict[str, str]], Tree]) -> None:
    for target, severity in (("/app/", "high"), ("/other/", "medium")):
        text = f"FROM a:1 AS make\nCOPY keys/server.key /app/\nFROM b:1\nCOPY --from=make {target} /app/\n"
        tree = make_tree({**FILES, "Dockerfile": text})
        linted = lint_file("Dockerfile", tree, DockerfileSettings(), date(2026, 11, 24))
        assert [one.severity.value for one in linted.findings if one.rule == "GD018"] == [severity]
