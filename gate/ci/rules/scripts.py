"""Rules on the scripts of jobs, whichever system runs them."""

import re
from collections.abc import Iterator

from gate.ci.definitions import lines_with
from gate.ci.model import JobScript
from gate.ci.rule import rule
from gate.core.lazy_regex import lazy_regex
from gate.model import Severity
from gate.rules import Hit, RuleScope

JOBS = RuleScope(JobScript)
_PIPED = lazy_regex(
    r"\b(?:curl|wget)\b[^\n|;&]{0,400}\|[ \t]*(?:sudo[ \t]+(?:-\S+[ \t]+)*)?(?:/(?:usr/)?bin/)?"
    r"(?:(?:ba|da|z|k|a)?sh|python3?|perl|node|ruby)\b"
)
_SUBSTITUTED = lazy_regex(r"\b(?:ba|z)?sh\b[^\n|;&]{0,80}(?:<\(|\$\()[ \t]*(?:curl|wget)\b[^\n)]{0,300}\)")
_TLS = lazy_regex(
    r"\bcurl\b[^\n|;&]{0,200}[ \t](?:-[a-zA-Z]{0,8}k[a-zA-Z]{0,8}|--insecure)(?=[ \t]|\Z)|\bwget\b[^\n|;&]{0,200}"
    r"--no-check-certificate\b|\bstrict-ssl[ =]+false\b|\bNODE_TLS_REJECT_UNAUTHORIZED[\"']?[= :]+[\"']?0\b"
    r"|\bhttp\.sslverify[ =]+[\"']?false\b|\bGIT_SSL_NO_VERIFY[= ]+[\"']?(?:1|true)\b|--insecure-skip-tls-verify\b"
    r"|\bPYTHONHTTPSVERIFY=0\b|--trusted-host[ =]\S+|--(?:dest-|src-)?tls-verify=false\b",
    re.IGNORECASE,
)
_HOST_KEYS = lazy_regex(r"\bStrictHostKeyChecking[ =]+[\"']?(?:no|off)\b", re.IGNORECASE)
_WORD = r"(?:PASSWORDS?|PASSWD|SECRETS?|TOKENS?|API_?KEYS?|PRIVATE_?KEYS?|ACCESS_?KEYS?|CREDENTIALS?)"
_SECRET = rf"\$\{{?(?:env:)?(?:[A-Za-z0-9]+_)*{_WORD}(?:_[A-Z0-9]+)?\}}?(?![A-Za-z0-9_])"
_PRINTED = lazy_regex(rf"\b(?:echo|printf|Write-Host|Write-Output)\b(?![^\n]*[|>])[^\n;&]{{0,160}}?{_SECRET}")
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
_OTHERS_TEXT = (
    r"(?:CHANGE_(?:TITLE|BRANCH|AUTHOR(?:_DISPLAY_NAME|_EMAIL)?)|ghprb(?:PullTitle|PullLongDescription|CommentBody|"
    r"SourceBranch)|BUILDKITE_(?:MESSAGE|BRANCH|BUILD_AUTHOR|PULL_REQUEST_TITLE)|DRONE_(?:COMMIT_MESSAGE|SOURCE_BRANCH|"
    r"PULL_REQUEST_TITLE|COMMIT_AUTHOR(?:_NAME)?|BRANCH)|BITBUCKET_(?:BRANCH|TAG|PR_[A-Z_]+)|CIRCLE_(?:BRANCH|TAG)|"
    r"CI_(?:COMMIT_MESSAGE|COMMIT_SOURCE_BRANCH|COMMIT_PULL_REQUEST_TITLE|COMMIT_AUTHOR)|"
    r"(?:BUILD_SOURCEVERSIONMESSAGE|BUILD_SOURCEBRANCH(?:NAME)?|SYSTEM_PULLREQUEST_SOURCEBRANCH))"
)
_READ_AGAIN = lazy_regex(
    rf"\b(?:eval[ \t]|(?:ba|z)?sh[ \t]+(?:-[a-z]+[ \t]+)*-[a-z]*c[ \t]+\"|ssh[ \t][^\n]{{0,160}}?\")"
    rf"[^\n]{{0,200}}?\$\{{?{_OTHERS_TEXT}\}}?(?![A-Za-z0-9_])"
)


@rule(
    "GC001",
    Severity.MEDIUM,
    "Downloaded script is run unseen",
    looks_at=JOBS,
    why="Anyone who controls the server, or the account behind it, runs a program with the job's token and secrets.",
    mend="Download to a file, check its digest, then run it; or pin the tool as a package or image.",
    references=("CWE-494",),
    bad="curl -sSL https://tools.example/install | sh",
    good="curl -sSLo install https://tools.example/install && sha256sum --check install.sha256 && sh install",
)
def downloaded_script_is_run(job: JobScript) -> Iterator[Hit]:
    for line, found in lines_with(job, lambda line: _found(_PIPED, line) or _found(_SUBSTITUTED, line)):
        yield _hit(job, line, f"Job {job.name} runs what it downloads: {found}", found)


@rule(
    "GC002",
    Severity.MEDIUM,
    "Certificate check is switched off",
    looks_at=JOBS,
    why="Anyone on the way to the server can replace what the job downloads, and read what it sends.",
    mend="Remove the option. For a server with its own authority, add that authority's certificate.",
    references=("CWE-295",),
    bad="curl -k https://packages.example/tool.tgz -o tool.tgz",
    good="curl --cacert ca.pem https://packages.example/tool.tgz -o tool.tgz",
)
def certificate_check_is_off(job: JobScript) -> Iterator[Hit]:
    for line, found in lines_with(job, lambda line: _found(_TLS, line)):
        yield _hit(job, line, f"Job {job.name} does not check the server's certificate: {found}", found)


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
    for line, found in lines_with(job, lambda line: _found(_ENVIRONMENT, line)):
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
    for line, found in lines_with(job, lambda line: _found(_PRINTED, line)):
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
    for line, found in lines_with(job, lambda line: _found(_ENCODED, line)):
        yield _hit(job, line, f"Job {job.name} prints an encoded secret: {found}", found)


@rule(
    "GC006",
    Severity.MEDIUM,
    "Text of others is read by a shell a second time",
    looks_at=JOBS,
    why="Branch names, titles and messages may hold `$(command)`. The inner shell, here or on the other host, runs it.",
    mend='Pass the text as an argument: `sh -c \'build "$1"\' - "$BRANCH"`; for ssh, check it by a pattern first.',
    references=("CWE-78",),
    bad='ssh deploy@shop.example "git checkout $BITBUCKET_BRANCH"',
    good='git checkout "$BITBUCKET_BRANCH"',
)
def text_is_read_again(job: JobScript) -> Iterator[Hit]:
    for line, found in lines_with(job, lambda line: _found(_READ_AGAIN, line)):
        yield _hit(job, line, f"Job {job.name} gives text of others to a second shell: {found}", found)


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
    for line, found in lines_with(job, lambda line: _found(_PRIVILEGED, line) or _found(_SOCKET, line)):
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
    for line, found in lines_with(job, lambda line: _found(_HOST_KEYS, line)):
        yield _hit(job, line, f"Job {job.name} does not check the host's key: {found}", found)


def _found(pattern: re.Pattern[str], line: str) -> str:
    found = pattern.search(line)
    return found[0].strip()[:200] if found else ""


def _hit(job: JobScript, line: int, message: str, found: str) -> Hit:
    return Hit(message=message, path=job.path, line=line, evidence=(job.name, found))
