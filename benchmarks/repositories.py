"""Git repositories made for measuring: the same bytes each time, written through `git fast-import`."""

import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

WORDS = (
    *("order", "invoice", "customer", "address", "total", "price", "amount", "tax", "rate", "status", "item", "basket"),
    *("payment", "refund", "shipping", "parcel", "country", "region", "language", "account", "profile", "session"),
    *("request", "response", "handler", "router", "service", "worker", "queue", "message", "event", "listener"),
    *("cache", "store", "index", "query", "filter", "result", "page", "limit", "offset", "cursor", "entry", "record"),
)
LEAK_EVERY = 500
"""Commits from one leaked credential to the next; the commit after it takes it away again."""


def make_repository(folder: Path, *, files: int, commits: int, lines: int = 120, changed: int = 2) -> None:
    """Make a repository whose first commit adds files and each of the `commits` others edits `changed` of them."""
    folder.mkdir(parents=True)
    subprocess.run(["git", "init", "-q", "-b", "main", "."], cwd=folder, check=True)
    importer = subprocess.Popen(["git", "fast-import", "--quiet"], cwd=folder, stdin=subprocess.PIPE)
    assert importer.stdin
    for part in _stream(random.Random(1), files, commits, lines, changed):
        importer.stdin.write(part)
    importer.stdin.close()
    if importer.wait():
        raise SystemExit("git fast-import failed")
    subprocess.run(["git", "reset", "-q", "--hard", "main"], cwd=folder, check=True)
    subprocess.run(["git", "repack", "-a", "-d", "-f", "-q"], cwd=folder, check=True)


def _stream(chance: random.Random, files: int, commits: int, length: int, changed: int) -> Iterator[bytes]:
    texts = {_path(number): [_line(chance) for _ in range(length)] for number in range(files)}
    paths = list(texts)
    yield _commit(0)
    for path, lines in texts.items():
        yield _file(path, lines)
    for number in range(1, commits + 1):
        yield _commit(number)
        for path in chance.sample(paths, changed):
            texts[path][chance.randrange(length)] = _line(chance)
            yield _file(path, texts[path])
        if number % LEAK_EVERY == 0:
            yield _file("conf/settings.env", [f"AWS_ACCESS_KEY_ID=AKIA{_token(chance)}"])
        elif number % LEAK_EVERY == 1:
            yield _file("conf/settings.env", ["AWS_ACCESS_KEY_ID=from-the-vault"])


def _path(number: int) -> str:
    return f"src/{WORDS[number % len(WORDS)]}/{WORDS[number // 7 % len(WORDS)]}/module_{number}.py"


def _line(chance: random.Random) -> str:
    first, second, third = chance.sample(WORDS, 3)
    return f"    {first}_{second} = self.{third}.{second}({first}, {chance.randrange(1000)})"


def _token(chance: random.Random) -> str:
    return "".join(chance.choices("ABCDEFGHJKLMNPQRSTUVWXYZ234567", k=16))


def _commit(number: int) -> bytes:
    message = f"Change {number}".encode()
    when = 1_600_000_000 + number * 3600
    return b"commit refs/heads/main\ncommitter Ada <ada@example.com> %d +0000\n%s" % (when, _sized(message))


def _file(path: str, lines: list[str]) -> bytes:
    return b"M 100644 inline %s\n%s" % (path.encode(), _sized("\n".join([*lines, ""]).encode()))


def _sized(content: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(content), content)
