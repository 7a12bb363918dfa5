"""The answers "in use" of one image that a command line names, for commands that show them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from gate.app.project import Project, open_project, target_of, targets_of
from gate.app.roots import current_root
from gate.cli.saying import say
from gate.core.errors import GateError, UsageError
from gate.declarations.image import IMAGE
from gate.model import Image, ImageUses, Package
from gate.settings.options import nested


class ImageAnswers(msgspec.Struct, frozen=True):
    """An image's packages, and whether each is in use."""

    target: Image
    packages: tuple[Package, ...]
    uses: ImageUses
    status: int
    """Exit status: 3 if something could not be read, which is said."""


def answers_of(word: str, *, observed: Sequence[str] = ()) -> ImageAnswers:
    """Return the answers for the image `word`; `observed` are profiles in place of those that the settings name.

    It is started in the ways that the project of the current folder names too. Raises UsageError for what is no image.
    """
    from gate.pipeline.packages import Asked, collect

    profiles = [str(Path(path).resolve()) for path in observed]
    flags = nested(("stages", IMAGE.name, "observed"), profiles) if profiles else {}
    project = open_project(current_root(), flags=flags)
    target = _image(word, project)
    bills = collect([target], Asked(settings=project.settings, now=datetime.now(UTC), in_use=True))
    for error in bills.errors:
        say(f"{error} (in {error.target})")
    uses = bills.uses.get(target.name)
    if uses is None:
        raise GateError("it cannot be read, so what it uses is unknown", path=word)
    return ImageAnswers(target, bills.inventories[0].packages, uses, GateError.exit_status if bills.errors else 0)


def _image(word: str, project: Project) -> Image:
    """Return the image with the ways in which the project starts it."""
    named = target_of(word)
    if not isinstance(named, Image):
        raise UsageError(
            "is a folder: what is in use is known of images", path=word, hint="Name one as archive:FILE.tar"
        )
    images = [one for one in targets_of([word], project) if isinstance(one, Image)]
    same = [one for one in images if (one.source, one.reference) == (named.source, named.reference)]
    return max(same, key=lambda one: len(one.starts), default=named)
