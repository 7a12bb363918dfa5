"""What `gate doctor` says of the project: its settings, policy, hook and CI, and what its stages would find here."""

import os
from collections.abc import Iterator
from pathlib import Path

from gate.app.onboarding.files import callers
from gate.app.onboarding.look import RepositoryOverview, look
from gate.cli.checks import Check
from gate.cli.ci_systems import running_ci
from gate.core.errors import GateError
from gate.core.text import counted, visible, without_credentials
from gate.declarations.ci import CI
from gate.declarations.dependencies import DEPENDENCIES
from gate.declarations.dockerfile import DOCKERFILE
from gate.declarations.kubernetes import KUBERNETES
from gate.declarations.workspace import WORKSPACE
from gate.settings import Settings
from gate.settings.sources import find_file


def overview(root: str) -> RepositoryOverview | None:
    """Return what there is to look at in a folder; None if it cannot be read."""
    try:
        return look(root)
    except GateError:
        return None


def of_project(settings: Settings, root: str, seen: RepositoryOverview | None) -> Iterator[Check]:
    """Yield the checks; nothing is asked over the network."""
    yield Check(about="project", name="folder", is_well=seen is not None, text=visible(root), is_needed=True)
    yield _settings(root)
    yield _policy(settings)
    yield _hook(root)
    yield _ci(seen)


def _settings(root: str) -> Check:
    found = find_file(root)
    text = visible(found.path) if found else "none: the defaults apply (gate init proposes a file)"
    return Check(about="project", name="settings", is_well=True, text=text)


def _policy(settings: Settings) -> Check:
    above = [os.environ.get("GATE_POLICY"), settings.policy.extends]
    named = [visible(without_credentials(one)) for one in above if one]
    own = settings.policy.rules
    parts = [*named, *([f"{counted(len(own), 'rule')} of the project"] if own else []), "the built-in policy"]
    return Check(about="project", name="policy", is_well=True, text=", over ".join(parts))


def _hook(root: str) -> Check:
    from gate.app.hooks.install import find_hook

    try:
        hook = find_hook(Path(root))
    except GateError as error:
        return Check(about="project", name="hook", is_well=None, text=visible(error.message))
    text = visible(str(hook.path)) if hook.is_ours else "pushes are not judged: gate hook install"
    return Check(about="project", name="hook", is_well=hook.is_ours, text=text)


def _ci(seen: RepositoryOverview | None) -> Check:
    running = running_ci()
    calling = list(callers(seen)) if seen else []
    parts = [f"this is a job of {running}"] if running else []
    parts.append(f"called in {visible(calling[0])}" if calling else "no workflow or pipeline runs the gate: gate init")
    return Check(about="project", name="ci", is_well=bool(calling), text="; ".join(parts))


def nothing_to_look_at(stage: str, seen: RepositoryOverview | None) -> str:
    """Return why a stage that runs would be skipped here; empty if it would find something, or that is unknown."""
    if seen is None:
        return ""
    wanted = {
        DOCKERFILE.name: (seen.dockerfiles, "Dockerfile"),
        DEPENDENCIES.name: (seen.lockfiles, "lockfile or manifest"),
        KUBERNETES.name: (seen.manifests, "Kubernetes manifest or Compose file"),
        CI.name: (seen.pipelines, "definition of a pipeline"),
        WORKSPACE.name: (seen.workspace_files, "file that starts something or speaks to an agent"),
    }
    found, name = wanted.get(stage, ((), ""))
    return f"would be skipped: there is no {name} here" if name and not found else ""
