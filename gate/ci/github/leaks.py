"""Steps that send a job's secrets to another host by the names of the secrets, or all of them at once.

So did the workflows that the worms and thieves of 2025 pushed with stolen tokens (GhostAction, Shai-Hulud). A login
that sends one secret in a field of its own, such as `client_secret`, is none.
"""

from collections.abc import Iterator

import msgspec

from gate.ci.github.model import GithubJob, GithubRepository, GithubStep
from gate.core.lazy_regex import lazy_regex

_SENDS = lazy_regex(
    r"\b(?:curl|wget|Invoke-WebRequest|Invoke-RestMethod|iwr|irm|nc|ncat)\b(?:[^\n]|\\\n)*|fetch\([^\n]*|https?\.request\([^\n]*"
)
_ALL = lazy_regex(r"(?i)\$\{\{\s*tojson\(\s*secrets\s*\)\s*\}\}")
_BY_NAME = lazy_regex(r"\b(?P<name>[A-Z][A-Z0-9_]{2,80})[\"']?\s*[=:]\s*[\"']?\$\{\{\s*secrets\.(?P=name)\s*\}\}")
_VARIABLE = lazy_regex(r"\$\{?(?:env:)?(?P<name>\w{1,80})|process\.env\.(?P<node>\w{1,80})")


class SecretLeak(msgspec.Struct, frozen=True):
    """One step that sends secrets away."""

    job: GithubJob
    step: GithubStep
    what: str
    offset: int
    """Where the command begins in the step's script."""


def secret_leaks(repository: GithubRepository) -> Iterator[SecretLeak]:
    """Yield the steps of all workflows that send all secrets, or some by their names."""
    for workflow in repository.workflows:
        for job in workflow.jobs.values():
            for step in job.steps:
                layers = (*workflow.env.items(), *job.env.items(), *step.env.items())
                holders = {name for name, value in layers if _ALL.search(value.text())}
                yield from _of_step(job, step, holders)


def _of_step(job: GithubJob, step: GithubStep, holders: set[str]) -> Iterator[SecretLeak]:
    script = step.script.text() if step.script is not None else ""
    for sending in _SENDS.finditer(script):
        named = sorted({found["name"] for found in _BY_NAME.finditer(sending[0])})
        used = {found["name"] or found["node"] for found in _VARIABLE.finditer(sending[0])}
        if _ALL.search(sending[0]) or holders & used:
            yield SecretLeak(job, step, "all secrets of the repository", sending.start())
            return
        if named:
            yield SecretLeak(job, step, ", ".join(named[:4]), sending.start())
            return
