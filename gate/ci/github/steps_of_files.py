"""The steps of all workflows and actions of a repository, and where each stands."""

from collections.abc import Iterator

from gate.ci.github.model import GithubRepository, GithubStep


def all_steps(repository: GithubRepository) -> Iterator[GithubStep]:
    """Yield every step; one that an alias repeats comes as often as it does."""
    for workflow in repository.workflows:
        for job in workflow.jobs.values():
            yield from job.steps
    for action in repository.actions.values():
        yield from action.steps


def place_of(step: GithubStep) -> tuple[str, int]:
    """Return the file and the line in which a step begins."""
    return step.value.path, step.value.start[0]
