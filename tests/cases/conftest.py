"""What was done, and what must come: the cases of `tests/cases/**/*.yaml` run the gate as a process of its own.

The form is told in README.md beside this file.
"""

import importlib.util
import os
import random
import re
import runpy
import shlex
import subprocess
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from copy import copy
from functools import cache
from hashlib import sha256
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase
from typing import Annotated, Any

import msgspec
import pytest
import yaml

from tests.conftest import cache_home
from tests.starting import GATE, Starter, is_sample

HERE = Path(__file__).parent
DISGUISES: dict[str, Callable[[str], str]] = runpy.run_path(str(HERE / "disguises.py"))["DISGUISES"]
_SECRETS = {
    "token": "ghp_" + "hGAkWvj7FAc9QeWJKY40uvSwMFLZDe1f8rES",
    "aws": "AKIA" + "Q3EGRIJ5XK7TBWLM",
    "password": "vK7#qT2m" + "Zx9!wRb4",
}
_PREFIX = 4
"""Characters of a secret that say what it is."""


def secrets_of(number: int) -> dict[str, str]:
    """Return credentials by the word that stands for them in a case: `{token}`. They open nothing.

    Each number has its own, as the same one in two files is one finding. Those of 0 are of use to most.
    """
    chance = random.Random(number)
    own = _SECRETS if not number else {word: _varied(value, chance) for word, value in _SECRETS.items()}
    key = b64encode(random.Random(number + 7).randbytes(480)).decode()
    return {
        **own,
        "line": f"GITHUB_TOKEN={own['token']}\n",
        "secretline": f"DB_PASSWORD={own['password']}\n",
        "key": f"-----BEGIN {'PRIVATE KEY'}-----\n{key}\n-----END {'PRIVATE KEY'}-----\n",
    }


def _varied(secret: str, chance: random.Random) -> str:
    """Return a secret of the same shape: each letter and digit becomes another of its kind."""
    kinds = (ascii_lowercase, ascii_uppercase, "234567")
    kind_of = {letter: kind for kind in kinds for letter in kind}
    varied = [chance.choice(kind_of.get(letter, letter)) for letter in secret[_PREFIX:]]
    return secret[:_PREFIX] + "".join(varied)


_DISGUISED = re.compile(rf"\{{({'|'.join(secrets_of(0))})\.(\w+)\}}")
"""`{token.base64}`: see `disguises.py`."""


class Content(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is more than a text: bytes, a repetition, a mode, or a symbolic link."""

    text: str = ""
    hex: str = ""
    """Bytes, after those of `text`."""
    encoding: str = "utf-8"
    """Of the text."""
    before: int = 0
    """Spaces, in lines of 99, before all of it."""
    repeat: int = 1
    """How many times all of it stands there."""
    start: str = ""
    end: str = ""
    """What stands once before and behind what is repeated."""
    mode: str = "644"
    link: str | None = None
    """Where a symbolic link leads to; then there is nothing else."""


File = str | Content | None
Files = dict[str, File]


class Edit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What somebody does to a JSON file between two commands; paths are `verdict/status`, `findings/0`."""

    edit: str
    """The file, in `outside` unless the path says otherwise."""
    to: str | None = None
    """Where the outcome goes; else into the same file."""
    put: dict[str, Any] = {}
    drop: tuple[str, ...] = ()
    text: dict[str, str] = {}
    """Texts, and what takes their place; after all else."""
    seal: bool = True
    """State the digest that a report with this content has; a report that nothing is done to stays byte for byte."""


class Must(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What must come."""

    exit: int | tuple[int, ...]
    verdict: str | None = None
    blocks: tuple[str, ...] = ()
    """Rules of which a finding blocks."""
    finds: tuple[str, ...] = ()
    """Rules of which there is a finding."""
    finds_not: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    """Texts in standard output, standard error or the JSON report."""
    says_not: tuple[str, ...] = ()
    untouched: tuple[str, ...] = ()
    """Files that are as they were; `repository/…` and `outside/…`."""
    asked: tuple[str, ...] = ()
    """Texts in what servers got (`givens/servers.py`)."""
    asked_not: tuple[str, ...] = ()
    present: tuple[str, ...] = ()
    """Files that there have to be afterwards."""
    absent: tuple[str, ...] = ()
    """Files that there may not be afterwards."""
    seconds: float = 90
    """Time that the last command may take."""


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One case; see README.md."""

    name: Annotated[str, msgspec.Meta(min_length=10)]
    base: Files | None = None
    head: Files | None = None
    work: Files = {}
    outside: Files = {}
    policy: str | None = None
    given: dict[str, Any] = {}
    plain: bool = False
    """`gate run` writes no report but those that the case asks for."""
    folder: str = "."
    environment: dict[str, str] = {}
    input: str = ""
    """Standard input of the commands."""
    run: str | tuple[str | Edit, ...] | None = None
    must: Must


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that asks for `case` every case of the YAML files."""
    if "case" in metafunc.fixturenames:
        found = [pytest.param(case, id=f"{place}:{case.name}") for place, case in all_cases()]
        metafunc.parametrize("case", found)


@cache
def all_cases() -> list[tuple[str, Case]]:
    """Return every case with the file that it stands in."""
    found = []
    for file in sorted(HERE.rglob("*.yaml")):
        place = str(file.relative_to(HERE).with_suffix(""))
        for document in yaml.load(file.read_text(), getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            found.append((place, msgspec.convert(document, Case)))
    return found


@pytest.fixture
def cases() -> list[tuple[str, Case]]:
    """All cases, each with the file that it stands in."""
    return all_cases()


@pytest.fixture(scope="session")
def starter(compiled_patterns: Path) -> Iterator[Starter]:
    """Return the process that forks commands, in an environment that holds nothing of this machine's."""
    with Starter(_environment(), compiled_patterns) as started:
        yield started


class Scene:
    """The folders of one case, and the words that stand for them and for secrets."""

    def __init__(self, place: Path, environment: dict[str, str], starter: Starter) -> None:
        self.place = place
        self._starter = starter
        self.is_a_program = False
        """Commands are started as programs of their own in any case."""
        self.later: Callable[[], None] = lambda: None
        """What the step `{edit: later}` does."""
        self.repository = place / "repository"
        self.outside = place / "outside"
        self.repository.mkdir()
        self.outside.mkdir()
        self.environment = environment
        self.is_plain = False
        self.words = {**secrets_of(0), "repository": str(self.repository), "outside": str(self.outside)}

    def with_secrets(self, number: int) -> "Scene":
        """Return the same folders, with other secrets: see `secrets_of`."""
        other = copy(self)
        other.words = self.words | secrets_of(number)
        return other

    def filled(self, text: str) -> str:
        """Put in what words in braces stand for; other braces stay."""
        text = _DISGUISED.sub(lambda found: DISGUISES[found[2]](self.words[found[1]]), text)
        for word, meaning in self.words.items():
            text = text.replace("{" + word + "}", meaning)
        return text

    def write(self, folder: Path, files: Files) -> None:
        for name, file in files.items():
            self._write(folder / self.filled(name), file)

    def _write(self, path: Path, file: File) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        match file:
            case None:
                path.unlink()
                with suppress(OSError):
                    os.removedirs(path.parent)  # as git does
            case str():
                path.write_text(self.filled(file))
            case Content(link=str(target)):
                path.unlink(missing_ok=True)
                path.symlink_to(self.filled(target))
            case Content():
                content = self.filled(file.text).encode(file.encoding) + bytes.fromhex(file.hex)
                padding = (b" " * 99 + b"\n") * (file.before // 100)
                start, end = self.filled(file.start).encode(), self.filled(file.end).encode()
                path.write_bytes(padding + start + content * file.repeat + end)
                path.chmod(int(file.mode, 8))

    def git(self, *words: str) -> str:
        """Run git in the repository and return what it prints."""
        identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false")
        identity += ("-c", "maintenance.auto=false")  # a process of its own after each commit
        done = subprocess.run(
            ["git", *identity, *words], cwd=self.repository, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def commit(self, files: Files, message: str = "a change") -> None:
        self.write(self.repository, files)
        self.git("add", "-A", "-f")
        self.git("commit", "-q", "--allow-empty", "-m", message)

    def gate(
        self, words: list[str], folder: str, timeout: float, stdin: str = ""
    ) -> "subprocess.CompletedProcess[str]":
        """Run `gate WORD …`, and write the report of `gate run` to `outside/report.json`.

        Where nothing that Python reads at its start is the case's own, the command is forked from a process that has
        imported it (`tests/starter.py`). Of those one in 32 is nonetheless started as a program.
        """
        if words[0] == "run" and not self.is_plain:
            words = [*words, "--report", f"json={self.outside}/report.json"]
        place = self.repository / folder
        if not self.is_a_program and self._starter.can_run(self.environment):
            return self._starter.run([GATE, *words], place, self.environment, self.filled(stdin), timeout)
        return subprocess.run(
            [GATE, *words],
            cwd=place,
            env=self.environment,
            input=self.filled(stdin),
            capture_output=True,
            text=True,
            errors="backslashreplace",
            timeout=timeout,
        )


def _environment() -> dict[str, str]:
    """Return an environment that holds nothing of this machine's, or of the CI's."""
    kept = {
        name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR", "XDG_STATE_HOME") if name in os.environ
    }
    return {**kept, "GATE_OFFLINE": "true", "COLUMNS": "200"}


@pytest.fixture
def scene(tmp_path: Path, own_cache: Path, starter: Starter) -> Scene:
    """The folders of a case."""
    return Scene(tmp_path, _environment() | {"XDG_CACHE_HOME": str(own_cache)}, starter)


def prepare(scene: Scene, case: Case) -> None:
    """Write the files and commit what is to be committed: `base` on main, `head` on the branch `change`."""
    scene.write(scene.outside, case.outside)
    if case.policy is not None:
        scene.write(scene.outside, {"policy.yaml": case.policy})
    if case.base is not None:
        scene.git("init", "-q", "-b", "main")
        scene.commit(case.base)
    if case.head is not None:
        scene.git("checkout", "-q", "-b", "change")
        scene.commit(case.head)
    scene.write(scene.repository, case.work)


_SHARED_COMMANDS = ("run . --stage secrets", "run . --stage dockerfile")


def has_shared_run(case: Case) -> bool:
    """True for files that this command alone is run on: one run does for all such cases, in a folder each.

    Only findings are asked of it. What stands at the root of a repository has a meaning there; so do files whose
    names begin with a dot. As with all cases, one in 32 is judged by itself (`tests/starting.py`).
    """
    must = case.must
    findings = Must(
        exit=must.exit, finds=must.finds, finds_not=must.finds_not, blocks=must.blocks, says_not=must.says_not
    )
    return (
        case == Case(name=case.name, work=case.work, run=case.run, must=findings)
        and case.run in _SHARED_COMMANDS
        and {0, 1}.issuperset(statuses(must))
        and all(text.startswith("{") for text in must.says_not)
        and any(name != "gate.yaml" for name in case.work)
        and not any(name.startswith(".") for name in case.work)
        and not is_sample(case.name)
    )


def statuses(must: Must) -> tuple[int, ...]:
    return (must.exit,) if isinstance(must.exit, int) else must.exit


class SharedRuns:
    """Runs of a command on a folder in which many cases have a folder each, all under the same `gate.yaml`."""

    def __init__(self, make_scene: Callable[[], "Scene"]) -> None:
        self._make_scene = make_scene
        self._outcomes: dict[tuple[object, File], dict[int, Outcome]] = {}

    def outcome(self, case: Case) -> "Outcome":
        command, settings = case.run, case.work.get("gate.yaml")
        if (command, settings) not in self._outcomes:
            shared = [one for _, one in all_cases() if has_shared_run(one)]
            alike = [one for one in shared if (one.run, one.work.get("gate.yaml")) == (command, settings)]
            self._outcomes[command, settings] = self._run(alike, str(command), settings)
        return self._outcomes[command, settings][id(case)]

    def _run(self, cases: list[Case], command: str, settings: File) -> "dict[int, Outcome]":
        scene = self._make_scene()
        scene.write(scene.repository, {} if settings is None else {"gate.yaml": settings})
        scenes = [scene.with_secrets(number) for number in range(len(cases))]
        for number, case in enumerate(cases):
            files = {name: file for name, file in case.work.items() if name != "gate.yaml"}
            scenes[number].write(scene.repository / f"{number:03}", files)
        done = scene.gate(shlex.split(command), ".", 90)
        assert done.returncode in (0, 1), done.stdout + done.stderr
        return {
            id(case): Outcome(scenes[number], case, done, {}).below(f"{number:03}") for number, case in enumerate(cases)
        }


def commands(case: Case) -> list[list[str] | Edit]:
    """Return the commands of a case, each without the word `gate`, and the edits between them."""
    standard = "run . --since main" if case.head is not None else "run ."
    steps = [standard] if case.run is None else [case.run] if isinstance(case.run, str) else list(case.run)
    above = ["--policy", "{outside}/policy.yaml"] if case.policy is not None else []
    return [step if isinstance(step, Edit) else _command(step, above) for step in steps]


def _command(text: str, above: list[str]) -> list[str]:
    words = shlex.split(text)
    return [*words, *(above if words[0] == "run" else [])]


def edit_file(scene: Scene, edit: Edit) -> None:
    """Do to a file what an edit says."""
    if edit.edit == "later":
        scene.later()
        return
    place = scene.outside / scene.filled(edit.edit)
    content = place.read_bytes()
    if edit.put or edit.drop or edit.text:
        content = edited(content, edit, scene.filled)
    (scene.outside / scene.filled(edit.to or edit.edit)).write_bytes(content)


_TIMES = re.compile(r'"(duration_s|started_at|finished_at)":("[^"]*"|[^,}]*)')
"""What a report's digest leaves out."""


def edited(content: bytes, edit: Edit, filled: Callable[[str], str]) -> bytes:
    """Return what an edit makes of a JSON file."""
    document = msgspec.json.decode(content)
    for path in edit.drop:
        holder, key = _at(document, path)
        del holder[key]
    for path, value in edit.put.items():
        holder, key = _at(document, path)
        holder[key] = filled(value) if isinstance(value, str) else value
    stated = document.pop("sha256", None)
    text = msgspec.json.encode(document).decode()
    for before, after in edit.text.items():
        assert filled(before) in text, f"{before} is not there"
        text = text.replace(filled(before), filled(after))
    digest = sha256(_TIMES.sub(r'"\1":null', text[:-1]).encode()).hexdigest() if edit.seal else stated
    return f'{text[:-1]},"sha256":"{digest}"}}'.encode() if stated else text.encode()


def _at(document: Any, path: str) -> tuple[Any, Any]:
    *above, last = path.split("/")
    for key in above:
        document = document[int(key) if isinstance(document, list) else key]
    return document, int(last) if isinstance(document, list) else last


def given(name: str) -> Any:
    """Return the module `givens/NAME.py`, whose `given` is a context manager.

    It is entered once the files are there, or with `BEFORE_FILES` before that, so that files can hold its words.
    """
    spec = importlib.util.spec_from_file_location(f"given_{name}", HERE / "givens" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def shared_runs(tmp_path_factory: pytest.TempPathFactory, compiled_patterns: Path, starter: Starter) -> SharedRuns:
    """Return the runs that are for many cases at a time."""

    def make_scene() -> Scene:
        place = tmp_path_factory.mktemp("shared")
        cache = cache_home(place / "cache-home", compiled_patterns)
        return Scene(place, _environment() | {"XDG_CACHE_HOME": str(cache)}, starter)

    return SharedRuns(make_scene)


@pytest.fixture
def play(scene: Scene, shared_runs: SharedRuns) -> Iterator[Callable[[Case], "Outcome"]]:
    """Return a function that does what a case says and returns what came."""
    with ExitStack() as stack:

        def enter(case: Case, modules: dict[str, Any]) -> None:
            for name, module in modules.items():
                scene.words |= stack.enter_context(module.given(scene, case.given[name])) or {}

        def run(case: Case) -> Outcome:
            if has_shared_run(case):
                return shared_runs.outcome(case)
            scene.is_plain = case.plain
            scene.is_a_program = is_sample(case.name)
            modules = {name: given(name) for name in case.given}
            enter(case, {name: one for name, one in modules.items() if getattr(one, "BEFORE_FILES", False)})
            prepare(scene, case)
            enter(case, {name: one for name, one in modules.items() if not getattr(one, "BEFORE_FILES", False)})
            scene.environment |= {name: scene.filled(value) for name, value in case.environment.items()}
            before = {path: (scene.place / path).read_bytes() for path in case.must.untouched}
            for step in commands(case):
                if isinstance(step, Edit):
                    edit_file(scene, step)
                else:
                    words = [scene.filled(word) for word in step]
                    done = scene.gate(words, case.folder, case.must.seconds, case.input)
            return Outcome(scene, case, done, before)

        yield run


class Outcome:
    """What came of a case."""

    def __init__(
        self, scene: Scene, case: Case, done: "subprocess.CompletedProcess[str]", before: dict[str, bytes]
    ) -> None:
        self._scene, self._must, self._before = scene, case.must, before
        self.status = done.returncode
        report = scene.outside / "report.json"
        self.report = msgspec.json.decode(report.read_bytes()) if report.exists() else {}
        asked = scene.outside / "asked.log"
        self.asked = asked.read_text() if asked.exists() else ""
        self.text = done.stdout + done.stderr + (report.read_text() if report.exists() else "")

    def below(self, folder: str) -> "Outcome":
        """Return what of it is about a folder, as if that had been judged alone."""
        own = copy(self)
        findings = [one for one in self.report["findings"] if one["location"]["path"].startswith(f"{folder}/")]
        own.report = {"findings": findings}
        own.status = int(any(one["blocking"] for one in findings))
        return own

    def check(self) -> None:
        """Fail with what differs from what must come."""
        must = self._must
        assert self.status in statuses(must), self.text
        if must.verdict is not None:
            assert self.report["verdict"]["status"] == must.verdict
        findings = self.report.get("findings", [])
        found = {one["rule"] for one in findings}
        blocking = {one["rule"] for one in findings if one["blocking"]}
        assert set(must.blocks) <= blocking, self.text
        assert set(must.finds) <= found, self.text
        assert not set(must.finds_not) & found
        for text in map(self._scene.filled, must.says):
            assert text in self.text
        for text in map(self._scene.filled, must.says_not):
            assert text not in self.text
        for text in map(self._scene.filled, must.asked):
            assert text in self.asked, self.asked + self.text
        for text in map(self._scene.filled, must.asked_not):
            assert text not in self.asked, self.asked
        for path, content in self._before.items():
            assert (self._scene.place / path).read_bytes() == content, f"{path} was changed"
        for path in must.present:
            assert (self._scene.place / path).is_file(), f"{path} is not there: {self.text}"
        for path in must.absent:
            assert not os.path.lexists(self._scene.place / path), f"{path} was made"
