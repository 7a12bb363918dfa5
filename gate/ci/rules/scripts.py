"""Rules on the scripts of jobs, whichever system runs them."""

from collections.abc import Iterator

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
    for number, line in enumerate(job.script.splitlines()):
        if found := _PIPED.search(line):
            message = f"Job {job.name} runs what it downloads: {found[0].strip()[:200]}"
            yield Hit(message=message, path=job.path, line=job.line + number, evidence=(job.name, found[0]))
