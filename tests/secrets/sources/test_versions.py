"""Versions of a file, looked at by their differences: nothing comes out otherwise than if each were looked at whole."""

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.secrets.engine.configuration import GATE
from gate.secrets.sources.blobs import Batch, scan_batch
from gate.secrets.sources.files import AddedFile, FileOptions, examine_content
from gate.secrets.sources.versions import changed_lines, look_at_versions

pytestmark = pytest.mark.one_python

OPTIONS = FileOptions(configuration=GATE, max_file_size=1 << 20)
PASSWORD = "tr0ub4dor-" + "Xk29qLmZ"
TOKEN = "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a"
BLOCKS = (
    *("total = price * amount", "def handler(request):", "    return session.get(token)", "", "# a remark", "x" * 300),
    *("- name: DB_PASSWORD", "  description: of the shop", f"  value: {PASSWORD}", "  value: changeme"),
    *(f'password = "{PASSWORD}"', "password = os.environ['PASSWORD']", f"token: {TOKEN}", "twilio", "datadog: true"),
    *("# pragma: allowlist nextline secret", f"api_key = '{PASSWORD}'  # pragma: allowlist secret"),
    *("-----BEGIN RSA PRIVATE KEY-----", "MIIEpAIBAAKCAQEA7bq9", "-----END RSA PRIVATE KEY-----"),
    *("kind: Secret", "data:", "  tls.key: c3VwZXItc2VjcmV0LXBhc3N3b3JkLTk5", "---", "encryptedData:", "  a: AgBy3i4O"),
    *("INSERT INTO users (id, password) VALUES", f"(1, '{PASSWORD}'),", "(2, 'changeme');"),
    *("$ANSIBLE_VAULT;1.1;AES256", "  6162636465666768696a6b6c6d6e6f70", "  9f86d081884c7d659a2feaa0c55ad015"),
    *(
        "caf\xe9",
        "\0",
        "half\rline",
        "windows\r",
        "  </key>",
        "<string>hunter2hunter2</string>",
        "AKIA" + "Z7VRSQ5TJN2XMPLQ",
    ),
)
"""Lines that matter to one another: names and values, what allows, encrypts or decodes, other encodings."""


@pytest.mark.parametrize("seed", [0, 1, 11, 13, 15, 22])
def test_a_history_comes_to_what_its_blobs_do_one_by_one(seed: int, make_repository: Callable[..., Any]) -> None:
    repository = make_repository()
    versions = list(_history(random.Random(seed)))
    ids = _stored(repository, [content for _, content in versions])
    files = tuple(AddedFile(path=path, blob_id=one, commit="") for (path, _), one in zip(versions, ids, strict=True))
    order = sorted(range(len(files)), key=lambda number: files[number].path)
    found = scan_batch(Batch(tuple(files[number] for number in order)), str(repository.root), OPTIONS)
    alone = [examine_content(versions[number][1], versions[number][0], OPTIONS) for number in order]
    assert [one.examined for one in found] == alone
    assert sum(bool(one.secrets) for one in alone) > 5
    assert sum(not one.secrets and not one.dropped for one in alone) > 50


def _history(chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """Yield (path, content): files that are edited, go back, change places and take over one another's lines."""
    harmless = BLOCKS[:6]
    for path in ("app.py", "deploy/values.yaml", "conf/settings.env", "note.ipynb", "dump.sql", "a.txt"):
        lines = [chance.choice(harmless) for _ in range(chance.choice((0, 8, 120)))]
        before = [list(lines)]
        for _ in range(60):
            match chance.randrange(6):
                case 0 if lines:
                    place = chance.randrange(len(lines))
                    del lines[place : place + chance.randrange(4)]
                case 1 if lines:
                    lines = list(chance.choice(before))
                case 2 if lines:
                    place = chance.randrange(len(lines))
                    lines = lines[place:] + lines[:place]
                case _:
                    blocks = harmless if chance.random() < 0.6 else BLOCKS
                    place = chance.randrange(len(lines) + 1)
                    lines[place : place + chance.randrange(2)] = chance.choices(blocks, k=chance.randrange(1, 4))
            before.append(list(lines))
            encoding = "latin-1" if chance.random() < 0.05 else "utf-8"
            yield path, "\n".join([*lines, ""][: len(lines) + chance.randrange(2)]).encode(encoding)


def _stored(repository: Any, contents: list[bytes]) -> list[str]:
    """Store blobs, and return their ids."""
    for number, content in enumerate(contents):
        (repository.root / f"blob-{number}").write_bytes(content)
    names = (f"blob-{number}" for number in range(len(contents)))
    return str(repository.git("hash-object", "-w", "--no-filters", *names)).split()


LINES = st.lists(st.sampled_from(["a", "b", "name", "value", "", "long" * 40]), max_size=60)


@given(st.lists(LINES, min_size=1, max_size=8))
def test_what_a_line_is_told_by_lies_among_the_lines_around_it(versions: list[list[str]]) -> None:
    """A model: a value counts if there is a name within five lines of it, above or below."""
    contents = ["\n".join(lines).encode() for lines in versions]
    assert look_at_versions(contents, _values, lambda _, count: count == 0) == [_values(one) for one in contents]


def _values(content: bytes) -> int:
    lines = content.split(b"\n")
    return sum(line == b"value" and b"name" in lines[max(at - 5, 0) : at + 6] for at, line in enumerate(lines))


def test_a_command_that_begins_far_above_its_password(make_repository: Callable[..., Any]) -> None:
    repository = make_repository()
    rest = "".join(f"  --option-{number}=1 \\\n" for number in range(11)) + f"  -p{PASSWORD}\n"
    filler = "x = 1\n" * 40
    versions = [filler + head + rest + filler for head in ("echo \\\n", "mysql \\\n", "echo -n \\\n")]
    ids = _stored(repository, [version.encode() for version in versions])
    batch = Batch(tuple(AddedFile(path="a.sh", blob_id=one, commit="") for one in ids))
    found = [one.examined for one in scan_batch(batch, str(repository.root), OPTIONS)]
    assert found == [examine_content(version.encode(), "a.sh", OPTIONS) for version in versions]
    assert [bool(one and one.secrets) for one in found] == [False, True, False]


def test_only_the_lines_around_a_change_are_looked_at() -> None:
    before = [b"%d" % number for number in range(10_000)]
    after = [*before[:5000], b"new", *before[5001:]]
    lines = changed_lines(b"\n".join(before), b"\n".join(after)).split(b"\n")
    assert b"new" in lines
    assert len(lines) < 70
