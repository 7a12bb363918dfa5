"""What COPY takes in is judged by the files that are there and the `.dockerignore` that counts."""

from collections.abc import Callable
from datetime import date

import pytest

from gate.core.errors import LimitError, UnreadableError
from gate.declarations.dockerfile import DockerfileSettings
from gate.dockerfile.lint import lint_file
from gate.dockerfile.sensitive import _KEY_PATHS, _LISTS, SENSITIVE, is_sensitive
from gate.model import Finding, Severity, Tree
from gate.trees import open_tree, walk_named

MakeTree = Callable[[dict[str, str | bytes]], Tree]
DAY = date(2026, 11, 24)


@pytest.fixture
def found(make_tree: MakeTree) -> Callable[..., list[Finding]]:
    """Return a function that lints one Dockerfile of a tree and gives the findings of one rule."""

    def run(files: dict[str, str | bytes], rule: str, path: str = "Dockerfile") -> list[Finding]:
        linted = lint_file(path, make_tree(files), DockerfileSettings(), DAY)
        return [finding for finding in linted.findings if finding.rule == rule]

    return run


Find = Callable[..., list[Finding]]
BROAD = "FROM a:1\nCOPY . /srv\n"


def test_a_broad_copy_names_the_credentials_that_come_along(found: Find) -> None:
    (finding,) = found({"Dockerfile": BROAD, "id_rsa": "x", "deploy/prod.key": "x", "app.py": ""}, "GD038")
    assert finding.message == "deploy/prod.key, id_rsa come along"
    assert finding.severity is Severity.HIGH


def test_environment_files_and_keys_of_tests_are_medium(found: Find) -> None:
    (finding,) = found({"Dockerfile": BROAD, ".env": "A=1", "tests/fixtures/ca.key": "x"}, "GD038")
    assert finding.severity is Severity.MEDIUM


PEM = "-----BEGIN {0}-----\nMIIB\n-----END {0}-----\n"


@pytest.mark.parametrize("label", ["DH PARAMETERS", "PUBLIC KEY", "CERTIFICATE", "X509 CRL", "PGP PUBLIC KEY BLOCK"])
def test_what_is_public_by_its_text_is_no_credential(found: Find, label: str) -> None:
    files = {"Dockerfile": BROAD, "tls/ffdhe2048.pem": PEM.format(label), "app.key": PEM.format(label)}
    assert not found(files, "GD038")
    assert not found({**files, "Dockerfile": "FROM a:1\nCOPY tls/ffdhe2048.pem /a\n"}, "GD018")


@pytest.mark.parametrize("label", ["PRIVATE KEY", "OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK"])
def test_what_has_a_private_part_is_one(found: Find, label: str) -> None:
    files = {"Dockerfile": BROAD, "tls/all.pem": PEM.format("CERTIFICATE") + PEM.format(label)}
    assert found(files, "GD038")
    assert found({**files, "Dockerfile": "FROM a:1\nCOPY tls/all.pem /a\n"}, "GD018")
    assert found({"Dockerfile": "FROM a:1\nCOPY tls/gone.pem /a\n"}, "GD018")


def test_many_files_are_counted(found: Find) -> None:
    files = {f"k{number}.key": "x" for number in range(8)}
    (finding,) = found({"Dockerfile": BROAD, **files}, "GD038")
    assert finding.message == "k0.key, k1.key, k2.key, k3.key, k4.key and 3 more come along"


def test_history_that_lies_there_comes_along(found: Find) -> None:
    (finding,) = found({"Dockerfile": BROAD, ".git/config": "x"}, "GD038")
    assert finding.message == ".git comes along"
    assert not found({"Dockerfile": BROAD, ".git/config": "x", ".dockerignore": ".git"}, "GD038")


@pytest.mark.parametrize(
    ("content", "severity"),
    [
        (None, Severity.MEDIUM),
        ("PORT=80\n# words\n\nHOST=web\n", Severity.LOW),
        ("DB_PASSWORD=changeme\nSECRET_KEY=dev-secret-key\nAPI_KEY=\n", Severity.LOW),
        ("DATABASE_URL=postgres://app:app@db/app\n", Severity.LOW),
        ("PORT=80\nexport DB_PASSWORD='correct-horse' # words\n", Severity.HIGH),
        ("DATABASE_URL=postgres://app:correct-horse@sql.example.com/app\n", Severity.HIGH),
        ("#" * (65 << 10), Severity.HIGH),
    ],
)
def test_an_environment_file_is_as_bad_as_what_it_sets(found: Find, content: str | None, severity: Severity) -> None:
    files = {"Dockerfile": "FROM a:1\nCOPY .env /srv/\n"}
    (finding,) = found({**files, ".env": content} if content is not None else files, "GD035")
    assert finding.severity is severity


def test_the_dockerfiles_own_ignore_file_wins(found: Find) -> None:
    files = {"Dockerfile": BROAD, "id_rsa": "x", ".dockerignore": "id_rsa", "Dockerfile.dockerignore": "*.md"}
    assert found(files, "GD038")
    assert not found({**files, "Dockerfile.dockerignore": "id_*"}, "GD038")


def test_the_context_is_the_nearest_folder_that_has_what_is_copied(found: Find) -> None:
    text = "FROM a:1\nCOPY services/api/app.py /srv/\nCOPY . /srv\n"
    files = {"services/api/Dockerfile": text, "services/api/app.py": "", "id_rsa": "x"}
    (finding,) = found(files, "GD038", "services/api/Dockerfile")
    assert finding.message == "id_rsa comes along"
    own = {"services/api/Dockerfile": "FROM a:1\nCOPY app.py /\nCOPY . /\n", "services/api/app.py": "", "id_rsa": "x"}
    assert not found(own, "GD038", "services/api/Dockerfile")


def test_an_ignore_file_of_a_folder_above_may_be_the_one_that_counts(found: Find) -> None:
    files = {"api/Dockerfile": BROAD, "api/app.py": ""}
    assert found(files, "GD037", "api/Dockerfile")
    assert not found({**files, ".dockerignore": ".git"}, "GD037", "api/Dockerfile")


def test_a_copied_file_that_is_ignored_is_told(found: Find) -> None:
    text = "FROM a:1\nCOPY a.md b.py /srv/\n"
    (finding,) = found({"Dockerfile": text, ".dockerignore": "*.md", "a.md": "", "b.py": ""}, "GD107")
    assert finding.message == "a.md is ignored by .dockerignore"


def test_sources_that_leave_the_tree_are_harmless(found: Find) -> None:
    text = "FROM a:1\nCOPY ../../etc /x\nCOPY /../../root/.ssh /y\n"
    assert not found({"Dockerfile": text}, "GD038")


def test_an_ignore_file_that_cannot_be_read_is_an_error(make_tree: MakeTree) -> None:
    tree = make_tree({"Dockerfile": BROAD, "id_rsa": "x", ".dockerignore/x": ""})
    with pytest.raises(UnreadableError, match="dockerignore"):
        lint_file("Dockerfile", tree, DockerfileSettings(), DAY)


def test_an_ignore_file_that_is_too_large_is_an_error(make_tree: MakeTree) -> None:
    tree = make_tree({"Dockerfile": BROAD, "id_rsa": "x", ".dockerignore": b"#" * ((1 << 20) + 1)})
    with pytest.raises(LimitError, match="dockerignore"):
        lint_file("Dockerfile", tree, DockerfileSettings(), DAY)


def test_every_sensitive_file_has_one_of_the_words_by_which_they_are_searched(make_tree: MakeTree) -> None:
    names = [*_LISTS["key_names"], "a.KEY", "a.p12", "a.pfx", "a.jks", "a.keystore", "a.kdb", "a.kdbx", "a.ppk"]
    names += ["a.pkcs12", "a.tfstate", "a.ovpn", "a.pem", ".env", ".env.production", "app.ENV", "a/.ssh/x", "readme"]
    names += [path.lstrip("/") for path in _KEY_PATHS]
    tree = open_tree(make_tree({f"{number}/{name}": "x" for number, name in enumerate(names)}))
    found = list(walk_named(tree, is_sensitive, SENSITIVE))
    assert found == [entry for entry in tree.walk() if is_sensitive(entry.path)]
    assert len(found) == len(names) - 2
