"""Where packages and sources come from, and whether they stay what they were."""

import re
from collections.abc import Iterator

from gate.core.image_references import is_trusted
from gate.dockerfile.addresses import host_of
from gate.dockerfile.hits import Hit
from gate.dockerfile.rule import instructions, programs, rule, run_programs, runs
from gate.dockerfile.shell import ShellWord
from gate.dockerfile.step import Command, Step
from gate.dockerfile.written import exports, written
from gate.model import Severity

_SECOND_INDEX_VARIABLES = frozenset({"PIP_EXTRA_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_INDEX", "PIPENV_EXTRA_INDEX_URL"})
_SECOND_INDEX_OPTION = re.compile(r"(?:--extra-index-url(?:=|$)|(?:global|install)\.extra-index-url$)")
_SECOND_INDEX_LINE = re.compile(r"^[ \t]*(?:--)?extra-index-url\b", re.MULTILINE)
_CONFUSION = "anyone who registers your package's name there supplies the package"


@rule(
    "GD030",
    Severity.MEDIUM,
    "Two package indexes at once",
    looks_at=instructions("ARG", "COPY", "ENV", "RUN"),
    why="pip takes the highest version from any of them: anyone who registers your private package's name on the "
    "public index, with a higher version, runs code in your build (dependency confusion).",
    mend="Use one index that proxies public packages (--index-url), or pin every package with --require-hashes.",
    references=("CWE-427", "CWE-829"),
    bad="RUN pip install --no-cache-dir --extra-index-url https://packages.example/simple app==1.0",
    good="RUN pip install --no-cache-dir --index-url https://packages.example/simple app==1.0",
)
def second_package_index(step: Step) -> Iterator[Hit]:
    for name, value, word in step.assignments():
        if name.upper() in _SECOND_INDEX_VARIABLES and value != "":
            yield step.hit(f"{name}: {_CONFUSION}", word, evidence=name)
    for command, name, value, at in exports(step):
        if name.upper() in _SECOND_INDEX_VARIABLES and value:
            yield command.hit(f"{name}: {_CONFUSION}", at, evidence=name)
    for command in step.commands if step.name == "RUN" else ():
        yield from _second_index_of(command)
    for text in written(step):
        if _SECOND_INDEX_LINE.search(text.content):
            yield text.hit(f"extra-index-url: {_CONFUSION}")


def _second_index_of(command: Command) -> Iterator[Hit]:
    if not _installs_python(command) or command.has_option("--require-hashes"):
        return
    option = next((word for word in command.words[1:] if _SECOND_INDEX_OPTION.match(word.text)), None)
    if option is not None:
        yield command.hit(f"{option.text.partition('=')[0]}: {_CONFUSION}", option)


def _installs_python(command: Command) -> bool:
    return command.program.startswith(("pip", "uv", "python", "poetry", "pdm"))


_REGISTRY_VARIABLES = frozenset(
    {"NPM_CONFIG_REGISTRY", "YARN_REGISTRY", "YARN_NPM_REGISTRY_SERVER", "PIP_INDEX_URL", "UV_INDEX_URL", "GOPROXY"}
)
_REGISTRY_PROGRAMS = ("npm", "pnpm", "yarn", "pip", "pip3", "uv", "bun")
_REGISTRY_OPTIONS = frozenset({"--registry", "registry", "--index-url", "-i", "global.index-url"})


@rule(
    "GD031",
    Severity.INFO,
    "Packages from a custom registry",
    looks_at=instructions("ARG", "ENV", "RUN"),
    why="Anyone who runs it decides what every package contains; a lockfile without digests does not notice.",
    mend="Use a registry that you trust and list its host in stages.dockerfile.trusted_registries.",
    references=("CWE-829",),
    bad="RUN npm ci --registry https://packages.example/npm",
    good="RUN npm ci",
)
def other_package_registry(step: Step) -> Iterator[Hit]:
    for name, value, word in step.assignments():
        host = host_of(value or "") if name.upper() in _REGISTRY_VARIABLES else None
        if host and not is_trusted(host, step.settings.trusted_registries):
            yield step.hit(f"packages come from {host}", word, evidence=f"{name} {host}")
    for command in step.commands:
        host = _registry_of(command) if command.program in _REGISTRY_PROGRAMS else None
        if host and not is_trusted(host, step.settings.trusted_registries):
            yield command.hit(f"packages come from {host}", evidence=f"{command.program} {host}")


def _registry_of(command: Command) -> str | None:
    """Return the host behind `--registry`, `config set registry` and the like."""
    words = command.arguments
    for place, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name in _REGISTRY_OPTIONS:
            following = "".join(words[place + 1 : place + 2])
            return host_of(value if equals else following)
    return None


_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?", re.IGNORECASE)
_LOOSE_REMOTE = re.compile(r"(?:https?|git|ssh)://|git@|[\w.-]+@[\w.-]+:", re.ASCII | re.IGNORECASE)
_CHECKS_OUT = frozenset({"checkout", "reset", "switch", "fetch", "rev-parse", "verify-commit", "verify-tag"})


@rule(
    "GD032",
    Severity.LOW,
    "git repository without a pinned commit",
    looks_at=instructions("RUN", where=runs("git")),
    why=(
        "A branch changes with every push and a tag can be moved: the same Dockerfile can build something else "
        "tomorrow."
    ),
    mend="Check out a commit by its full id in the same step: git checkout 40-digit-commit; or use ADD URL#commit.",
    references=("CWE-494", "CWE-1357"),
    bad="RUN git clone https://git.example/tool.git",
    good=(
        "RUN git clone https://git.example/tool.git && git -C tool checkout 0123456789012345678901234567890123456789"
    ),
)
def clone_without_commit(step: Step) -> Iterator[Hit]:
    clones = [command for command in step.commands if command.program == "git" and _clones_remote(command)]
    if not clones or any(_names_commit(command, step) for command in step.commands if command.program == "git"):
        return
    for command in clones:
        yield command.hit("no commit is pinned, so the content can change any day")


def _clones_remote(command: Command) -> bool:
    words = command.arguments
    return "clone" in words[:5] and any(_LOOSE_REMOTE.match(word) for word in words)


def _names_commit(command: Command, step: Step) -> bool:
    """True if a commit id is given, or a variable whose value is one, or is not known here."""
    words = command.arguments
    if not _CHECKS_OUT.intersection(words) and not any(word.startswith("--revision") for word in words):
        return False
    values = (step.expand(word) if "$" in word else word for word in words if _COMMIT.search(word) or "$" in word)
    return any(value is None or _COMMIT.search(value) for value in values)


_REMOTE_PACKAGE = re.compile(
    r"(?:[\w.@-]{0,100}@)?(?:git\+|git:|https?:|ssh:|github:|gitlab:|bitbucket:|git@)", re.ASCII
)
_WITH_DIGEST = re.compile(r"sha(?:256|384|512)[=:-]|[#@][0-9a-f]{40}", re.IGNORECASE)
_INSTALL_VERBS = frozenset({"install", "i", "add", "ci", "localinstall", "reinstall", "-i", "-U", "-Uvh", "-ivh"})
_PACKAGERS = (
    *("bun", "npm", "pnpm", "yarn", "pip", "pip3", "pipx", "uv", "python", "python3", "gem"),
    *("dnf", "microdnf", "rpm", "yum", "zypper"),
)
_VALUE_OPTIONS = (
    *("--registry", "--index-url", "-i", "--extra-index-url", "-f", "--find-links", "--trusted-host", "--proxy"),
    *("-c", "--constraint", "--repo", "--source", "-s", "--disturl", "--fetch-timeout", "--cache", "--prefix"),
)
_LOGIN_SERVERS = frozenset(
    {
        "openssh-server",
        "dropbear",
        "telnetd",
        "telnet-server",
        "inetutils-telnetd",
        "rsh-server",
        "xrdp",
        "tigervnc-server",
    }
)


@rule(
    "GD033",
    Severity.LOW,
    "Package from a git repository or a URL",
    looks_at=run_programs(*_PACKAGERS),
    why="No registry keeps this version unchanged: anyone who controls the repository or the server can replace it.",
    mend="Use a released package, or name the commit (…#40-digit-commit, …@40-digit-commit) or the digest.",
    references=("CWE-494", "CWE-829"),
    bad="RUN npm install git+https://git.example/team/tool.git#main",
    good="RUN npm install git+https://git.example/team/tool.git#0123456789012345678901234567890123456789",
)
def package_from_address(command: Command) -> Iterator[Hit]:
    if not _INSTALL_VERBS.intersection(command.arguments):
        return
    for word in _operands(command):
        if _REMOTE_PACKAGE.match(word.text) and not _WITH_DIGEST.search(word.text):
            yield command.hit("the package can change without a new version", word)
            return


def _operands(command: Command) -> tuple[ShellWord, ...]:
    options = _VALUE_OPTIONS if command.program != "rpm" else ()
    return command.operands(*options)


@rule(
    "GD060",
    Severity.LOW,
    "SSH server or other remote login installed",
    looks_at=programs("apk", "apt", "apt-get", "dnf", "microdnf", "yum", "zypper"),
    why="A login service in a container is one more way in, with its own credentials that no one rotates.",
    mend="Do not install it; use `docker exec` or `kubectl exec` instead.",
    references=("CWE-284", "CIS-DI-0003"),
    bad="RUN apt-get update && apt-get install -y openssh-server",
    good="RUN apt-get update && apt-get install -y openssh-client",
)
def remote_login_installed(command: Command) -> Iterator[Hit]:
    if not {"install", "add"}.intersection(command.arguments):
        return
    for word in command.operands():
        if word.text.partition("=")[0] in _LOGIN_SERVERS:
            yield command.hit(f"{word.text.partition('=')[0]} allows logins over the network", word)
