"""Results of stages that are kept from run to run, as reports show them; none with an error.

What a result rests on, and when it is believed: `gate.pipeline.known_answers`.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from gate.core.errors import GateError
from gate.declarations import DECLARED
from gate.declarations.secrets import SECRETS
from gate.model import DockerHost, Image, Location, StageResult
from gate.pipeline.jobs import World, check_is_own
from gate.pipeline.known_answers import AskedOfTarget, FreshAnswer, KnownAnswers, is_vouched, settings_allow
from gate.pipeline.masking import without_quoted_secrets
from gate.pipeline.plan import Job

if TYPE_CHECKING:
    from gate.pipeline.workers import ConsultedSoFar

_RESULT = msgspec.msgpack.Decoder(StageResult)


class KnownResults:
    """The results that are kept, for the jobs of one run."""

    def __init__(self, answers: KnownAnswers) -> None:
        self._answers, self._world = answers, answers.world

    def found(self, jobs: Sequence[Job]) -> dict[Job, StageResult]:
        """Return the results of those jobs for which one is kept that still holds."""
        asked = {job: question for job in jobs if (question := _question(job, self._world)) is not None}
        known = self._answers.found(asked.values())
        found = {job: _decoded(known[question], job) for job, question in asked.items() if question in known}
        return {job: result for job, result in found.items() if result is not None}

    def keep(self, done: "Sequence[tuple[Job, StageResult, ConsultedSoFar]]") -> None:
        """Keep those results that can be kept, each with what it rests on."""
        answers: dict[AskedOfTarget, FreshAnswer] = {}
        for job, result, consulted in done:
            question = _question(job, self._world)
            if question is None or result.errors or not self._answers.may_keep(question):
                continue
            shown = self._without_secrets(result)
            if shown is not None:
                names_secrets = any(one.secret for one in (*result.findings, *result.silenced))
                content = msgspec.msgpack.encode(shown)
                answers[question] = FreshAnswer(content=content, is_secret=names_secrets, consulted=consulted)
        self._answers.keep(answers)

    def _without_secrets(self, result: StageResult) -> StageResult | None:
        """Return the result as reports show it; None if a secret stands in a path, by which findings are compared."""
        folder = Path(self._world.cache_folder)
        (shown,) = without_quoted_secrets([result], self._world.settings.of(SECRETS).plugins, folder)
        return shown if _paths_of(shown) == _paths_of(result) and shown.facts == result.facts else None


def _question(job: Job, world: World) -> AskedOfTarget | None:
    """Return what a job asks; None if nothing vouches for all that it is given."""
    target = job.target
    if isinstance(target, DockerHost) or job.stage not in DECLARED or not settings_allow(world.settings):
        return None
    root = "" if isinstance(target, Image) else target.root
    trees = (*((job.said,) if job.said else ()), *job.compared, *world.trust.bases_of(target.name))
    if not all(is_vouched(one, root) for one in (target, *trees)):
        return None
    return AskedOfTarget(target=target, text=b"stage " + msgspec.msgpack.encode(job))


def _decoded(content: bytes, job: Job) -> StageResult | None:
    try:
        result = msgspec.structs.replace(_RESULT.decode(content), duration_s=0.0)
        check_is_own(result, job)
    except (msgspec.MsgspecError, GateError):
        return None
    return result


def _paths_of(result: StageResult) -> list[tuple[Location, ...]]:
    return [(one.location, *one.places) for one in (*result.findings, *result.silenced)]
