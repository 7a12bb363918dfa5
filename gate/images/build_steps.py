"""The build steps of an image's layers, as in a Dockerfile and with every secret masked."""

import re

from gate.core.errors import GateError
from gate.core.text import clipped
from gate.images.config import ImageConfig

_LONGEST_READ = 10_000
"""Characters of a step that are searched for secrets; a here-document can make it far longer."""
_LONGEST = 300
"""Characters that are shown."""
_WRITTEN_BY_BUILDERS = re.compile(
    r"""(?x)
    (?:/bin/sh\ -c\ \#\(nop\)\s*                            # the classic builder's: everything but RUN
    | (?P<run>(?:RUN\s+)?(?P<arguments>\|\d+\s.*?\s)?/bin/sh\ -c\s+) # both builders'; build arguments before the shell
    )?
    (?P<step>.*?)
    (?:\s*\#\ buildkit)?
    """,
    re.DOTALL,
)


def steps_of_layers(config: ImageConfig, cache_folder: str | None = None) -> tuple[str | None, ...]:
    """Return for each layer the step that made it (`RUN apt-get update`); None if the image does not state it.

    `cache_folder` holds the compiled pre-filter for secrets.
    """
    made = [step.created_by or "" for step in config.history or [] if not step.empty_layer]
    if len(made) != len(config.rootfs.diff_ids) or not any(made):
        return (None,) * len(config.rootfs.diff_ids)
    return _without_secrets([" ".join(_as_written(step).split())[:_LONGEST_READ] for step in made], cache_folder)


def _as_written(step: str) -> str:
    found = _WRITTEN_BY_BUILDERS.fullmatch(step)
    assert found is not None  # the group `step` matches any text
    return f"RUN {found['arguments'] or ''}{found['step']}" if found["run"] else found["step"]


def _without_secrets(steps: list[str], cache_folder: str | None) -> tuple[str | None, ...]:
    from gate.secrets.results.masking import masked_lines

    content = "\n".join(steps).encode("utf-8", "backslashreplace")
    try:
        shown = masked_lines(content, "Dockerfile", range(1, len(steps) + 1), cache_folder)
    except GateError:  # it takes too long; unmasked steps are not shown
        return (None,) * len(steps)
    return tuple(clipped(shown[number], _LONGEST) if shown.get(number) else None for number in range(1, len(steps) + 1))
