"""What a build fetches and runs unseen, and what it fetches without TLS."""

from collections.abc import Iterator

from gate.dockerfile.addresses import plain_host
from gate.dockerfile.edits import Changes, replace_in_word, replace_part
from gate.dockerfile.flow import FETCHERS, Flow, fetches_and_runs, powershell_fetches_and_runs
from gate.dockerfile.hits import Hit
from gate.dockerfile.rule import instructions, rule
from gate.dockerfile.shell import ShellWord
from gate.dockerfile.step import Command, Step
from gate.dockerfile.text import Word
from gate.model import Severity


def _run_unseen(step: Step) -> Iterator[Hit]:
    fetches = any(command.program in FETCHERS for command in step.commands)
    flow = Flow(step.commands if fetches else ())
    for command in step.commands:
        if command.program in FETCHERS and flow.ends_in_interpreter(command):
            yield command.hit(f"what {command.program} fetches is run without a look at it")
        elif fetches_and_runs(command):
            yield command.hit(f"the code that {command.program} is given fetches code and runs it")


@rule(
    "GD002",
    Severity.HIGH,
    "Downloaded script is run unseen",
    looks_at=instructions("RUN"),
    why="Whoever controls the server runs code in your build, and may serve your build another script than you.",
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
    is_foreign = not step.instruction.is_exec and not step.runs_in_posix_shell
    if is_foreign and powershell_fetches_and_runs(step.instruction.normalised):
        yield step.hit("what PowerShell fetches is run without a look at it")


@rule(
    "GD034",
    Severity.HIGH,
    "Container that runs a downloaded script",
    looks_at=instructions("CMD", "ENTRYPOINT", "HEALTHCHECK"),
    why="Whoever controls the server runs code in every container, long after the image was built and scanned.",
    mend="Put the script into the image when it is built, with its digest compared.",
    references=("CWE-494", "CWE-829"),
    bad="CMD curl -fsSL https://packages.example/start | sh",
    good='CMD ["/usr/local/bin/start"]',
)
def download_run_in_container(step: Step) -> Iterator[Hit]:
    yield from _run_unseen(step)


_CLIENTS = FETCHERS | {
    *("apk", "bower", "bundle", "cargo", "composer", "conda", "dnf", "gem", "git", "go", "hg", "mamba", "microdnf"),
    *("npm", "npx", "nuget", "pip", "pip3", "pipenv", "pipx", "pnpm", "poetry", "rpm", "svn", "tdnf", "uv", "yarn"),
    *("yum", "yum-config-manager", "zypper", "R", "Rscript", "helm", "dotnet", "curlftpfs"),
}
_INDEX_VARIABLES = frozenset(
    {
        *("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_INDEX"),
        *("UV_DEFAULT_INDEX", "NPM_CONFIG_REGISTRY", "YARN_REGISTRY", "YARN_NPM_REGISTRY_SERVER", "GOPROXY", "CRAN"),
        *("BUNDLE_MIRROR__ALL", "CONDA_CHANNELS", "HF_ENDPOINT", "RUSTUP_DIST_SERVER", "COMPOSER_REPO_PACKAGIST"),
    }
)
"""Variables that say where packages come from."""


@rule(
    "GD006",
    Severity.MEDIUM,
    "Download without TLS",
    looks_at=instructions("ADD", "ARG", "ENV", "RUN"),
    why="Anybody on the way can read and change what is fetched.",
    mend="Use https, and compare a digest.",
    references=("CWE-319", "CWE-494"),
    bad="RUN wget http://packages.example/a.tgz",
    good="RUN wget https://packages.example/a.tgz",
)
def plain_download(step: Step) -> Iterator[Hit]:
    if step.name == "ADD":
        yield from _plain_sources(step)
    for name, value, word in step.assignments():
        host = plain_host(value or "") if name.upper() in _INDEX_VARIABLES else None
        if host:
            yield step.hit(f"packages that {host} sends can be changed on the way", word)
    for command in step.commands:
        found = _first_plain(command) if command.program in _CLIENTS else None
        if found:
            changes = replace_in_word(command, found[0], "http://", "https://") if found[1] in _SPEAK_TLS else ()
            yield command.hit(f"what {found[1]} sends can be changed on the way", found[0], changes=changes)


def _plain_sources(step: Step) -> Iterator[Hit]:
    for word, source in zip(step.instruction.arguments, step.values[:-1], strict=False):
        host = plain_host(source or word.text)
        if host:
            yield step.hit(f"what {host} sends can be changed on the way", word, changes=_with_tls(step, word, host))


_SPEAK_TLS = frozenset(
    {
        *("archive.apache.org", "bitbucket.org", "cdn.kernel.org", "codeload.github.com", "curl.se", "dl.google.com"),
        *("dl.k8s.io", "dlcdn.apache.org", "downloads.apache.org", "ftp.gnu.org", "github.com", "gitlab.com"),
        *("nodejs.org", "raw.githubusercontent.com", "releases.hashicorp.com", "storage.googleapis.com"),
        *("www.apache.org", "www.kernel.org", "www.openssl.org", "www.python.org"),
    }
)
"""Well-known hosts that give with TLS whatever they give without."""


def _with_tls(step: Step, word: Word, host: str) -> Changes:
    can_be = host in _SPEAK_TLS and word.text.startswith("http://") and not step.instruction.is_exec
    return replace_part(step, word, word.text.replace("http://", "https://", 1)) if can_be else ()


def _first_plain(command: Command) -> tuple[ShellWord, str] | None:
    for word in command.words[1:]:
        host = plain_host(word.text)
        if host:
            return word, host
    return None
