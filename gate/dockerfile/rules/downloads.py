"""What a build fetches and runs unseen, and what it fetches without TLS."""

from collections.abc import Iterator

from gate.core.word_lists import word_lists
from gate.dockerfile.addresses import plain_host
from gate.dockerfile.edits import Changes, replace_in_word, replace_part
from gate.dockerfile.flow import FETCHERS, Flow, fetches_and_runs, powershell_fetches_and_runs
from gate.dockerfile.hits import Hit
from gate.dockerfile.rule import has_flags, instructions, rule
from gate.dockerfile.shell import ShellWord
from gate.dockerfile.step import Command, Step
from gate.dockerfile.text import Word
from gate.dockerfile.trusted_ways import (
    protection_of_fetch,
    protection_of_script,
    severity_of_fetch,
    severity_of_script,
)
from gate.dockerfile.unseen import (
    context_scripts,
    decoded_and_run,
    fetched_and_run,
    secret_that_is_run,
    written_scripts,
)
from gate.dockerfile.unveiled import unveiled
from gate.model import Severity


def _run_unseen(step: Step) -> Iterator[Hit]:
    """Yield what is fetched and run at its place, or, where that is disguised, at the step."""
    plain = list(_plainly_run_unseen(step))
    yield from plain
    disguised = None if plain else fetched_and_run(step)
    if disguised:
        yield step.hit(f"what {disguised} fetches is run without verification, by way of variables or quotes")


def _plainly_run_unseen(step: Step) -> Iterator[Hit]:
    fetches = any(command.program in FETCHERS for command in step.commands)
    flow = Flow(step.commands) if fetches else None
    for command in step.commands:
        if flow is not None and command.program in FETCHERS and flow.ends_in_interpreter(command):
            message = f"what {command.program} fetches is run without verification"
            yield command.hit(message, severity=severity_of_fetch(command), low_worth=protection_of_fetch(command))
        elif fetches_and_runs(command):
            message = f"the code that {command.program} runs fetches more code and runs it"
            yield command.hit(message, low_worth=protection_of_fetch(command))


@rule(
    "GD002",
    Severity.HIGH,
    "Downloaded script is run without verification",
    looks_at=instructions("ADD", "COPY", "ENV", "RUN", "SHELL"),
    why="Anyone who controls the server runs code in your build, and may serve your build a different script than you "
    "see. Medium over https from a vendor's own installer, whose programs the build runs anyway, and from a named "
    "commit or release; otherwise high: a branch, an unknown server, a connection without TLS.",
    mend="Download to a file, compare its SHA-256 digest with one in the Dockerfile, then run it; or use a package.",
    references=("CWE-494", "CWE-829"),
    bad="RUN curl -fsSL https://packages.example/install | sh",
    good=(
        "ADD --checksum=sha256:0000000000000000000000000000000000000000000000000000000000000000 "
        "https://packages.example/install /tmp/install\nRUN sh /tmp/install"
    ),
)
def download_piped_to_interpreter(step: Step) -> Iterator[Hit]:
    yield from _run_unseen(step)
    for path in written_scripts(step):
        yield step.hit(f"{path} fetches code and runs it without verification", evidence=f"{path} is written")
    for command, source, text in context_scripts(step) if step.name == "RUN" else ():
        message, evidence = f"{source} fetches code and runs it without verification", f"{source} is run"
        low_worth = protection_of_script(text)
        yield command.hit(message, evidence=evidence, severity=severity_of_script(text), low_worth=low_worth)
    is_foreign = step.name == "RUN" and not step.instruction.is_exec and not step.runs_in_posix_shell
    if is_foreign and powershell_fetches_and_runs(step.instruction.normalised):
        yield step.hit("what PowerShell fetches is run without verification")


@rule(
    "GD034",
    Severity.HIGH,
    "Container that runs a downloaded script",
    looks_at=instructions("CMD", "ENTRYPOINT", "HEALTHCHECK"),
    why="Anyone who controls the server runs code in every container, long after the image was built and scanned.",
    mend="Put the script into the image during the build, and check its digest.",
    references=("CWE-494", "CWE-829"),
    bad="CMD curl -fsSL https://packages.example/start | sh",
    good='CMD ["/usr/local/bin/start"]',
)
def download_run_in_container(step: Step) -> Iterator[Hit]:
    yield from _run_unseen(step)


@rule(
    "GD109",
    Severity.HIGH,
    "Encoded command is run",
    looks_at=instructions("RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK", "SHELL"),
    why="The encoding hides the command from readers and from scanners.",
    mend="Write the command in plain text, or COPY the script into the image and run that.",
    references=("CWE-506", "https://attack.mitre.org/techniques/T1027/"),
    bad="RUN echo bHMgLwo= | base64 -d | sh",
    good="RUN echo bHMgLwo= | base64 -d > /etc/motd",
)
def encoded_command(step: Step) -> Iterator[Hit]:
    decoder = decoded_and_run(step)
    if decoder:
        yield step.hit(f"what {decoder} decodes is run")


@rule(
    "GD110",
    Severity.MEDIUM,
    "Build secret is run as code",
    looks_at=instructions("RUN", where=has_flags),
    why=(
        "The content of a mounted secret is not in the repository: anyone who can write it decides what the build does."
    ),
    mend="COPY the script into the image, and pass it the secret as a file or variable.",
    references=("CWE-829",),
    bad="RUN --mount=type=secret,id=setup sh /run/secrets/setup",
    good="RUN --mount=type=secret,id=token TOKEN=$(cat /run/secrets/token) sh setup.sh",
)
def secret_run(step: Step) -> Iterator[Hit]:
    place = secret_that_is_run(step)
    if place:
        yield step.hit(f"{place} is run, and was never checked")


_CLIENTS = FETCHERS.union(word_lists(__file__)["package_clients"])
_INDEX_VARIABLES = frozenset(
    {
        *("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_INDEX"),
        *("UV_DEFAULT_INDEX", "NPM_CONFIG_REGISTRY", "YARN_REGISTRY", "YARN_NPM_REGISTRY_SERVER", "GOPROXY", "CRAN"),
        *("BUNDLE_MIRROR__ALL", "CONDA_CHANNELS", "HF_ENDPOINT", "RUSTUP_DIST_SERVER", "COMPOSER_REPO_PACKAGIST"),
    }
)
"""Variables that say where packages come from."""
_SPEAK_TLS = frozenset(
    {
        *("archive.apache.org", "bitbucket.org", "cdn.kernel.org", "codeload.github.com", "curl.se", "dl.google.com"),
        *("dl.k8s.io", "dlcdn.apache.org", "downloads.apache.org", "ftp.gnu.org", "github.com", "gitlab.com"),
        *("nodejs.org", "raw.githubusercontent.com", "releases.hashicorp.com", "storage.googleapis.com"),
        *("www.apache.org", "www.kernel.org", "www.openssl.org", "www.python.org"),
    }
)
"""Well-known hosts that serve the same files with TLS as without."""


@rule(
    "GD006",
    Severity.MEDIUM,
    "Download without TLS",
    looks_at=instructions("ADD", "ARG", "ENV", "RUN"),
    why="Anyone on the network path can read and change what is fetched.",
    mend="Use https, and compare a digest.",
    references=("CWE-319", "CWE-494"),
    bad="RUN wget http://packages.example/a.tgz",
    good="RUN wget https://packages.example/a.tgz",
    fix_on_request=True,
)
def plain_download(step: Step) -> Iterator[Hit]:
    if step.name == "ADD":
        yield from _plain_sources(step)
    for name, value, word in step.assignments():
        host = plain_host(value or "") if name.upper() in _INDEX_VARIABLES else None
        if host:
            yield step.hit(f"packages from {host} can be altered in transit", word)
    is_reported = False
    for command in step.commands:
        found = _first_plain(command) if command.program in _CLIENTS else None
        if found:
            is_reported = True
            changes = replace_in_word(command, found[0], "http://", "https://") if found[1] in _SPEAK_TLS else ()
            yield command.hit(f"what {found[1]} sends can be altered in transit", found[0], changes=changes)

    disguised = None if is_reported or step.name != "RUN" else _disguised_host(step)
    if disguised:
        yield step.hit(f"what {disguised} sends can be altered in transit")


def _disguised_host(step: Step) -> str | None:
    """Return the host of an address without TLS that a command is given by way of variables."""
    if not any(command.program in _CLIENTS and _has_variable(command) for command in step.commands):
        return None
    clients = (command for command in unveiled(step).commands if command.program in _CLIENTS)
    return next((found[1] for found in map(_first_plain, clients) if found), None)


def _has_variable(command: Command) -> bool:
    return any("$" in word for word in command.arguments)


def _plain_sources(step: Step) -> Iterator[Hit]:
    for word, source in zip(step.instruction.arguments, step.values[:-1], strict=False):
        host = plain_host(source or word.text)
        if host:
            yield step.hit(f"what {host} sends can be altered in transit", word, changes=_with_tls(step, word, host))


def _with_tls(step: Step, word: Word, host: str) -> Changes:
    can_be = host in _SPEAK_TLS and word.text.startswith("http://") and not step.instruction.is_exec
    return replace_part(step, word, word.text.replace("http://", "https://", 1)) if can_be else ()


def _first_plain(command: Command) -> tuple[ShellWord, str] | None:
    for word in command.words[1:]:
        host = plain_host(word.text)
        if host:
            return word, host
    return None
