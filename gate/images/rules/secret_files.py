"""The rule on secrets in the files of all layers."""

from collections import defaultdict
from collections.abc import Iterator

from gate.images.contents.observations import SecretInFile
from gate.images.rules.base import Hit, Subject, rule
from gate.images.rules.credentials import assignments, credentials
from gate.model import Secret, Severity, Worth
from gate.rules.hits import Weighed

_SHOWN = 120
"""Characters of a step that a message shows."""
_MAX_PLACES = 100


@rule(
    "GI027",
    Severity.HIGH,
    "Secret in a file of a layer",
    why="Anyone who can pull the image can read all of its layers, including what a later layer deletes or replaces.",
    mend="Revoke it. Use RUN --mount=type=secret for what a build needs; build again, since no later step removes it.",
    references=("CWE-798", "CWE-538", "CIS-DI-0010", "CIS Docker 4.10"),
    bad='{"layers": ["sha256:0a"], "secrets": [{"path": "app/.env", "layer": "sha256:0a", "secret": {"type": "GitHub'
    ' Token", "spots": [{"line": 3}], "hash": "5f", "listed_as": "5f", "redacted": "ghp_…", "confidence": "high"}}]}',
    good='{"layers": ["sha256:0a"], "secrets": []}',
)
def secret_in_file(image: Subject) -> Iterator[Hit]:
    groups: dict[tuple[str, str], list[SecretInFile]] = defaultdict(list)
    for found in image.secrets:
        groups[found.secret.type, found.secret.hash].append(found)
    for places in groups.values():
        yield _hit(image, places)


def _hit(image: Subject, places: list[SecretInFile]) -> Hit:
    # Where it is worth most and a container sees it; the other places are listed with it.
    weighed = {found.path: _worth(found) for found in places}
    order = {found.path: -weighed[found.path][0].rank for found in places}
    first, *others = sorted(
        places, key=lambda found: (order[found.path], found.hidden_by is not None, found.path, found.layer)
    )
    secret = first.secret
    worth, worth_evidence = weighed[first.path]
    inner = f"!/{secret.inner}" if secret.inner else ""
    more = f"; {len(others):,} more places" if others else ""
    return Hit(
        message=f"{secret.type} ({secret.redacted}) in {first.path}{inner}: {_story(image, first)}{more}",
        evidence=(secret.hash,),
        path=first.path,
        line=secret.line,
        layer=first.layer,
        places=tuple(dict.fromkeys((found.path, found.layer) for found in others[:_MAX_PLACES])),
        secret=Secret(type=secret.type, hash=secret.hash, redacted=secret.redacted),
        confidence=secret.confidence,
        worth=worth,
        worth_evidence=worth_evidence,
    )


def _worth(found: SecretInFile) -> Weighed:
    from gate.secrets.results.worth import worth_at

    if found.published:
        return Worth.LOW, (f"it is public: a part of the published package {found.published}",)
    inner = f"!/{found.secret.inner}" if found.secret.inner else ""
    secret = found.secret
    return worth_at(secret.type, f"{found.path}{inner}", secret.confidence, secret.against, knows_packages=True)


def _story(image: Subject, found: SecretInFile) -> str:
    brought = f"{_layer(image, found.layer)} brought it"
    if found.hidden_by is None:
        return brought
    if found.hidden_by == found.layer:
        return f"{brought} and another file of that path after it, and the first can still be read"
    return f"{brought}, {_layer(image, found.hidden_by)} deletes or replaces the file, and it can still be read"


def _layer(image: Subject, diff_id: str) -> str:
    """Return `layer 2 of 3 (COPY . /app)`: the step as far as the history knows it and it holds no secret itself."""
    if diff_id not in image.layers:
        return "a layer"
    index = image.layers.index(diff_id)
    steps = [step.created_by for step in image.history if not step.empty_layer]
    text = steps[index] if len(steps) == len(image.layers) else None
    shown = f" ({_shown(text)})" if text else ""
    return f"layer {index + 1} of {len(image.layers)}{shown}"


def _shown(text: str) -> str:
    if credentials(assignments([text]), [text]):
        return "a step that holds a secret itself"
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[:_SHOWN] + "…"
