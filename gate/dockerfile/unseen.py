"""Whether a step runs what it fetches or decodes, disguises undone (see `gate.dockerfile.unveiled`)."""

import posixpath
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from gate.core.lazy_regex import lazy_regex
from gate.dockerfile.addresses import is_local
from gate.dockerfile.commands import SHELLS
from gate.dockerfile.downloaded import files_run, runs_file
from gate.dockerfile.flow import FETCHERS, INTERPRETER, Flow, code_fetches, code_fetches_and_runs, runs_code
from gate.dockerfile.other_names import other_names
from gate.dockerfile.step import Command, Step
from gate.dockerfile.text import holds_any
from gate.dockerfile.unveiled import (
    RUN_BY_SHELLS,
    Unveiled,
    functions_in,
    has_variable_command,
    inline_scripts,
    is_disguised,
    of_shebang,
    unveiled,
    words_of,
)
from gate.dockerfile.written import target_of, written

_CONNECTORS = frozenset({"nc", "ncat", "netcat", "socat", "telnet"})
_FETCHER_WORD = re.compile(r"(?:^|[\s;&|/({])(?:curl|wget|wget2|aria2c|lynx)\s")
_MAY_FETCH = lazy_regex(
    r"curl|wget|aria2c|lynx|/dev/tcp|gsutil|\b(?:nc|ncat|netcat|socat|telnet|ssh|aws|axel|fetch|https?|xh)\b|"
    r"urlopen|urlretrieve|requests|httpx|open-uri|URI|Net::|LWP|file_get_contents|\$[({A-Za-z']"
)
_FETCHING_SIGNS = (
    *("curl", "wget", "aria2c", "axel", "lynx", "/dev/tcp", "gsutil", "nc", "netcat", "socat", "telnet", "ssh", "aws"),
    *("fetch", "http", "xh", "urlopen", "urlretrieve", "requests", "URI", "LWP", "Net::", "file_get_contents", "$'"),
)
"""One of them is in each step that fetches something under its own name."""
_RUNNER_WORD = re.compile(r"(?:^|[\s;&|/({])(?:sh|bash|dash|ash|ksh|zsh)\s*(?:-\s*)?;?\s*$")
_SOCKET = "/dev/tcp/"
_SCRIPT_NAME = re.compile(
    r".*\.(?:sh|bash|ash|ksh|zsh|py|pl|rb|php|js)|(?:.*/)?\.(?:bashrc|bash_profile|bash_login|profile|zshrc|zshenv|zprofile)|"
    r"/etc/(?:profile|bash\.bashrc|zshenv)"
)
"""Scripts, and files that shells run when they start."""


def fetched_and_run(step: Step) -> str | None:
    """Return in words what a step fetches and runs, or None."""
    if step.name == "ENV" and not is_disguised(step):
        return None
    text = step.instruction.normalised if step.instruction.heredocs else step.instruction.text
    may_fetch = (
        holds_any(text, _FETCHING_SIGNS) or has_variable_command(words_of(step)) or holds_any(text, other_names(step))
    )
    return _in_view(unveiled(step), functions_in(step)) if may_fetch and is_disguised(step) else None


def script_fetches_and_runs(text: str, step: Step) -> bool:
    """True if a script that a step writes, or takes from the context, runs what it fetches."""
    if not _MAY_FETCH.search(text):
        return False
    return _in_view(of_shebang(text, step), {}) is not None


_HANDED_ON = ("|", "(", "`")
"""By one of them the output of one command comes to another."""
_RUNNING_CODE = ("exec", "eval", "system", "subprocess", "iex", "expression")
"""One of them is in all code that runs what it fetches."""


def _may_run_fetched(view: Unveiled) -> bool:
    text = view.bare
    return view.has_other_names or holds_any(text, (*_HANDED_ON, _SOCKET, *_RUNNING_CODE))


def _in_view(view: Unveiled, functions: dict[str, str]) -> str | None:
    if not _may_run_fetched(view):
        return None
    named = {name for name, body in functions.items() if _FETCHER_WORD.search(body)}
    runners = {name for name, body in functions.items() if _RUNNER_WORD.search(body)}
    has_socket = any(_opens_socket(command) for command in view.commands)
    fetchers = [one for one in view.commands if one.program in named or _prints_fetched(one, has_socket)]
    flow = Flow(view.commands) if fetchers else None
    for command in fetchers:
        if flow is not None and (flow.ends_in_interpreter(command) or _feeds(command, view.commands, runners)):
            return command.program
    if any(command.program in SHELLS and _opens_socket(command) for command in view.commands):
        return "a shell on a connection of its own"
    return "code" if any(map(code_fetches_and_runs, view.code)) else None


def _prints_fetched(command: Command, has_socket: bool) -> bool:
    """True if what a command prints comes from another machine, as far as its words tell."""
    arguments = command.arguments
    if command.program in FETCHERS | _CONNECTORS:
        return not (addresses := [word for word in arguments if "://" in word]) or not all(map(is_local, addresses))
    match command.program:
        case "aws":
            return arguments[:2] == ("s3", "cp") and arguments[-1:] == ("-",)
        case "gsutil" | "ssh":
            return command.program == "ssh" or arguments[:1] == ("cat",)
        case "cat":
            return has_socket
    if INTERPRETER.fullmatch(command.program):
        return code_fetches(" ".join(arguments))
    scripts = list(inline_scripts(command.syntax))
    return any(_FETCHER_WORD.search(script) and ">" not in script for script in scripts)


def _opens_socket(command: Command) -> bool:
    targets = (redirect.target.text for redirect in command.syntax.redirects)
    hosts = (target.removeprefix(_SOCKET).partition("/")[0] for target in targets if target.startswith(_SOCKET))
    return any(not is_local(f"tcp://{host}") for host in hosts)


def _feeds(command: Command, commands: Iterable[Command], names: set[str]) -> bool:
    """True if the output goes to a function that runs it."""
    spot = command.syntax.spot
    return any(
        other.program in names and other.syntax.spot.pipeline == spot.pipeline and other.syntax.spot.place > spot.place
        for other in commands
    )


# What is decoded and run

_ESCAPES = lazy_regex(r"(?:\\x[0-9a-fA-F]{2}|\\0?[0-7]{3}|\\u[0-9a-fA-F]{4}).*?" * 3, re.DOTALL)
_ROTATED = lazy_regex(r"[b-zB-Z]-[a-zA-Z]a-[a-zA-Z]", re.IGNORECASE)
_RUNS = r"(?:\bexec|\beval|\bcompile|\bsystem|\bpopen|\bloads|\binstance_eval|\biex|Invoke-Expression)\b"
_DECODES = (
    r"(?:b64decode|b32decode|base64_decode|decode_base64|unhexlify|bytes\.fromhex|zlib\.decompress|codecs\.decode|"
    r"\bunpack\b|\bpack\s{0,3}\(?[\"']H|marshal\.loads|Buffer\.from|\batob\b|gzinflate|str_rot13|FromBase64String)"
)
_DECODED_AND_RUN = lazy_regex(rf"{_RUNS}.{{0,500}}?{_DECODES}|{_DECODES}.{{0,500}}?{_RUNS}", re.DOTALL)
_ENCODED_COMMAND = re.compile(r"-e(?:c|nc|ncodedcommand)?", re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9+/]{8,}={0,2}")


_MAY_DECODE = (
    *(
        "base64",
        "base32",
        "basenc",
        "openssl",
        "xxd",
        "uudecode",
        "rev",
        "\\x",
        "\\u",
        "\\0",
        "\\1",
        "tr ",
        "hex",
        "zlib",
    ),
    *("codecs", "unpack", "marshal", "atob", "gzinflate", "rot13", "pwsh", "powershell"),
)
"""One of them is in each step that decodes something."""
_PACK = re.compile(r"pack\s{0,3}\(?[\"'\\$]{0,4}h")
"""The same, of Perl, PHP and Ruby; the word alone is in each name of a package."""
_DECODING_CODE = ("b64", "b32", "buffer")


def decoded_and_run(step: Step) -> str | None:
    """Return the program that decodes what a step runs, or None."""
    text = step.instruction.text
    if not _names_decoder(text.lower()) and not ("<<" in text or is_disguised(step)):
        return None
    view = unveiled(step)
    if not _may_decode(view):
        return None
    decoders = [command for command in view.commands if _decodes(command)]
    flow = Flow(view.commands) if decoders else None
    for command in decoders:
        if flow is not None and flow.ends_in_interpreter(command):
            return command.program
        path = target_of(command, {})
        if path and any(runs_file(other, posixpath.basename(path)) for other in view.commands if other.words):
            return command.program
    for command in view.commands:
        if command.program in ("pwsh", "powershell") and _is_encoded(command.arguments):
            return command.program
    return "code" if any(_DECODED_AND_RUN.search(code) for code in view.code) else None


def _names_decoder(text: str) -> bool:
    """True if a text in small letters names something that decodes."""
    return holds_any(text, _MAY_DECODE) or ("pack" in text and _PACK.search(text) is not None)


def _may_decode(view: Unveiled) -> bool:
    text = view.bare
    return (
        view.has_other_names
        or _names_decoder(text)
        or holds_any(text, _DECODING_CODE)
        or ("\\" in view.text and ("echo" in text or "printf" in text))
        or _ROTATED.search(text) is not None
    )


def _is_encoded(words: tuple[str, ...]) -> bool:
    return any(_ENCODED_COMMAND.fullmatch(one) and _BASE64.fullmatch(value) for one, value in pairwise(words))


def _decodes(command: Command) -> bool:
    arguments = command.arguments
    match command.program:
        case "base64" | "gbase64" | "base32" | "basenc":
            return any(word in ("-d", "-D", "-di", "--decode") for word in arguments)
        case "openssl":
            return arguments[:1] in (("base64",), ("enc",)) and "-d" in arguments
        case "xxd":
            return any(word.startswith("-") and "r" in word for word in arguments)
        case "printf" | "echo":
            return any(_ESCAPES.search(word) for word in arguments)
        case "tr":
            return any(_ROTATED.search(word) for word in arguments)
    return command.program in ("rev", "uudecode")


# Secrets that are run


def secret_that_is_run(step: Step) -> str | None:
    """Return the place of a mounted secret that a RUN runs; one that it takes variables from (`. FILE`) is none."""
    mounted = {target for flag in step.instruction.flags for target in _secret_places(flag.options)}
    if not mounted:
        return None
    commands = unveiled(step).commands
    flow = Flow(commands)
    for command in commands:
        words = [word.text for word in command.words]
        run = words[1:] if runs_code(command) else words[:1]
        read = words[1:] if command.program == "cat" and flow.ends_in_interpreter(command) else []
        found = next((word for word in (*run, *read) if word in mounted), None)
        if found:
            return found
    return None


def _secret_places(options: dict[str, str]) -> Iterator[str]:
    if options.get("type") == "secret":
        given = options.get("target") or options.get("dst") or options.get("destination")
        yield given or f"/run/secrets/{options.get('id', '')}"


# Scripts that a Dockerfile writes


def written_scripts(step: Step) -> Iterator[str]:
    """Yield the path of each script that a step writes into the image, and that runs what it fetches."""
    for text in written(step):
        path = text.path or ""
        is_script = text.content.lstrip("\n").startswith("#!") or bool(_SCRIPT_NAME.fullmatch(path))
        is_run = path and (is_script or posixpath.basename(path) in _run_from(step))
        if is_run and script_fetches_and_runs(text.content.lstrip("\n"), step):
            yield path


@lru_cache(maxsize=1)
def _run_from(step: Step) -> frozenset[str]:
    """Return the names of the files that a step and those behind it in its stage run, or that its shells start with."""
    steps = (one for one in step.stage.steps[step.place :] if one.name in ("RUN", "CMD", "ENTRYPOINT"))
    run = {name for one in steps for command in one.commands if command.words for name in files_run(command)}
    set_ = (found for one in step.stage.steps_of("ENV") for found in one.assignments())
    run.update(posixpath.basename(value) for name, value, _ in set_ if value and name in RUN_BY_SHELLS)
    return frozenset(run)


# Scripts of the context


def context_scripts(step: Step) -> Iterator[tuple[Command, str, str]]:
    """Yield the commands that run a script of the context which runs what it fetches, with its path and its text."""
    run = [(command, path) for command in step.commands if (path := _script_of(command))]
    if not run or not step.build.context.is_known:
        return
    places = list(_places_of_context(step))
    for command, path in run:
        for source in dict.fromkeys(_sources(path, places)):
            text = step.build.context.script(source)
            if text is not None:
                if script_fetches_and_runs(text, step):
                    yield command, source, text
                break


_MAX_PLACES = 50
_WILDCARD = re.compile(r"[*?\[]")


def _places_of_context(step: Step) -> Iterator[tuple[str, str]]:
    """Yield source and target of what a RUN has of the context: its bind mounts, and what was copied before."""
    for flag in step.instruction.flags:
        options = flag.options
        if options and options.get("type", "bind") == "bind" and "from" not in options:
            target = options.get("target") or options.get("dst") or options.get("destination")
            if target:
                yield options.get("source") or options.get("src") or ".", target
    copies = [one for one in step.stage.steps[: step.place] if one.name in ("ADD", "COPY") and not one.is_on_build]
    for one in copies[-_MAX_PLACES:]:
        target = one.values[-1] if one.values else None
        if target and not one.instruction.flag("from"):
            yield from ((source, target) for _, source in one.sources)


def _script_of(command: Command) -> str | None:
    """Return the path of the script that a command runs."""
    if not command.words:
        return None
    if command.program in SHELLS or command.program in (".", "source"):
        found = next((word for word in command.arguments if not word.startswith(("-", "+"))), None)
        return found if found and "c" not in "".join(word for word in command.arguments if word[:1] == "-") else None
    first = command.words[0].text
    return first if "/" in first and _SCRIPT_NAME.fullmatch(first) else None


def _sources(path: str, places: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield where in the context a script may come from."""
    name = posixpath.basename(path)
    for source, target in places:
        if _WILDCARD.search(posixpath.basename(source)):
            source = posixpath.dirname(source)
        if posixpath.basename(source) == name or (posixpath.basename(target) == name):
            yield source
        elif target.rstrip("/") and path.startswith(target.rstrip("/") + "/"):
            yield posixpath.join(source, path[len(target.rstrip("/")) + 1 :])
        yield posixpath.normpath(posixpath.join(source, path.removeprefix("./").lstrip("/")))
