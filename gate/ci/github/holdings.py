"""What a job holds while it runs: its token's rights, secrets, an environment, a machine; and what that can do."""

from collections.abc import Iterable, Iterator

import msgspec

from gate.ci.github.expressions import ExpressionReference, inner_texts, parse_expression, values_of
from gate.ci.github.model import Permissions
from gate.ci.github.runs import JobRun, Ran
from gate.core.lazy_regex import lazy_regex
from gate.core.values import Value

MAX_NAMED = 4
"""Secrets that a message names."""
_SCOPES = {
    "everything": "change everything in the repository",
    "contents": "push to the repository and publish releases",
    "packages": "publish packages",
    "id-token": "take on the job's identity at clouds and registries",
    "actions": "start and cancel workflows, and fill caches",
    "deployments": "deploy",
    "pages": "publish the site",
    "attestations": "sign provenance",
    "security-events": "dismiss alerts",
    "checks": "report checks as passed",
    "statuses": "report checks as passed",
    "pull-requests": "approve and comment on pull requests",
    "issues": "write in issues",
    "discussions": "write in discussions",
}
STRONG = frozenset(
    {"everything", "contents", "packages", "id-token", "actions", "deployments", "pages", "attestations"}
)
"""Scopes whose write level is enough to publish, push or deploy."""
_SECRET = lazy_regex(r"secrets\.(?P<name>[\w-]+)")
_ALL = lazy_regex(r"(?i)tojson\(\s*secrets\s*\)")
_OWN = frozenset({"github_token", "actions_step_debug", "actions_runner_debug"})


class Holdings(msgspec.Struct, frozen=True):
    """What a job holds."""

    scopes: tuple[str, ...] = ()
    """What its token may write to."""
    is_stated: bool = True
    """False: the repository's setting decides what the token may."""
    secrets: tuple[str, ...] = ()
    environment: str = ""
    is_self_hosted: bool = False

    @property
    def is_strong(self) -> bool:
        """True if it can publish, push or deploy, for certain or by a secret."""
        return bool(self.secrets) or not STRONG.isdisjoint(self.scopes)

    def words(self) -> str:
        """Say what it holds."""
        held = []
        if self.scopes:
            held.append("a token that writes " + ", ".join(self.scopes))
        elif not self.is_stated:
            held.append("a token whose rights the repository's setting decides")
        if self.secrets:
            more = len(self.secrets) - MAX_NAMED
            held.append("secrets " + ", ".join(self.secrets[:MAX_NAMED]) + (f" and {more} more" if more > 0 else ""))
        if self.environment:
            held.append(f"the environment {self.environment}")
        if self.is_self_hosted:
            held.append("a machine of the project's own")
        return "; ".join(held) or "a token that only reads"

    def deeds(self) -> str:
        """Say what that can do."""
        able = [_SCOPES[scope] for scope in self.scopes if scope in _SCOPES]
        if self.secrets:
            able.append("use the secrets elsewhere")
        return ", ".join(dict.fromkeys(able)) or "fill the caches of the default branch"


def holdings_of(run: JobRun, steps: Iterable[Ran]) -> Holdings:
    """Return what a run holds."""
    job = run.job
    values: list[Value] = [*run.workflow.env.values(), *job.env.values()]
    for ran in steps:
        values += _values(ran)
    names = dict.fromkeys(name for value in values for name in secrets_in(value))
    if run.inherits_secrets:
        names["all that the caller has"] = None
    environment = job.environment if "${{" not in job.environment else "that an expression names"
    return Holdings(_scopes(run.permissions), run.permissions.is_stated, tuple(names), environment, job.is_self_hosted)


def _scopes(permissions: Permissions) -> tuple[str, ...]:
    return permissions.writes()


def _values(ran: Ran) -> Iterator[Value]:
    step = ran.step
    yield from step.env.values()
    yield from step.inputs.values()
    if step.run is not None:
        yield step.run


def secrets_in(value: Value) -> Iterator[str]:
    """Yield the secrets that a value's expressions hand over; a comparison hands over none."""
    text = value.data
    if not isinstance(text, str) or "${{" not in text:  # most values, and each is asked often
        return
    for _, inner in inner_texts(text):
        if _ALL.search(inner):
            yield "all of the repository"
        for one in values_of(parse_expression(inner)):
            found = _SECRET.fullmatch(one.path) if isinstance(one, ExpressionReference) else None
            if found and found["name"] not in _OWN:
                yield found["name"].upper()
