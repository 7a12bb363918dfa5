"""Check at deploy time that an image or commit was judged and passed: signature, digest, policy, age. Works offline."""

import argparse
import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from gate.app.project import target_of
from gate.attestation.check import Demand, objections
from gate.attestation.statement import read_statement
from gate.cli.attest import NAME
from gate.core.dsse import MAX_SIZE, unseal
from gate.core.durations import timedelta_of
from gate.core.errors import GateError, UnreadableError, UsageError, empty
from gate.core.signing import public_key
from gate.declarations.image import ImageSettings
from gate.git import Repository
from gate.images.limits import Budget, Limits
from gate.model import Image, Input, Target
from gate.pipeline.inputs import input_of_folder
from gate.policy.conditions import any_of
from gate.policy.layers import digest_of, read_policy
from gate.settings import Settings
from gate.settings.policy import Organisation
from gate.settings.sources import convert

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from gate.attestation.statement import InTotoStatement
    from gate.settings.policy import Organisation


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `gate verify`."""
    parser.add_argument("subject", metavar="TARGET", help="image or folder that is to be deployed")
    parser.add_argument(
        "--attestation",
        metavar="FILE",
        help=f"what `gate attest` wrote; default: {NAME}, for registry:IMAGE what is attached to it there",
    )
    parser.add_argument(
        "--key", metavar="FILE", help="public ed25519 key (PEM) of the attester; default: a policy's evidence.keys"
    )
    parser.add_argument(
        "--policy",
        action="append",
        default=[],
        metavar="FILE",
        help="policy that must have been a layer, and what it says of `evidence` (repeat)",
    )
    parser.add_argument("--max-age", metavar="DURATION", help="maximum age of the verdict, such as 7d")


def run(options: argparse.Namespace) -> int:
    """Return 0 if the attestation holds and 1 if it does not, with the reasons; 3 if that cannot be decided."""
    policies = _policies(options.policy)
    keys = _keys(options.key, policies)
    judged = _input(options.subject)
    demand = _demand(judged, [policy for _, policy in policies], options.max_age)
    statement, shown = _statement(options, demand, keys)
    found = [*objections(statement, demand), *_unjudged(options, statement, policies, keys)]
    for objection in found:
        print(f"{shown}: {objection}")
    if not found:
        print(f"{options.subject} passed on {statement.predicate.time_verified}{_but(statement)}")
    return 1 if found else 0


def _policies(paths: Iterable[str]) -> "list[tuple[str, Organisation]]":
    return [(path, read_policy(path, Organisation)) for path in paths]


def _keys(given: str | None, policies: "Sequence[tuple[str, Organisation]]") -> list[str]:
    """Return the keys, as paths or PEM, one of which has to have signed.

    With `--key` that one, if every policy that names keys names it. Raises UsageError if there is none.
    """
    if given == "":
        raise empty("--key")
    named: list[list[str]] = []
    for path, policy in policies:
        if policy.evidence.keys:
            named.append([_key(key, path) for key in policy.evidence.keys])
    of_policies = named[0] if named else []
    candidates = [given] if given else of_policies
    keys = []
    for key in candidates:
        if all(public_key(key) in map(public_key, some) for some in named):
            keys.append(key)
    if not candidates:
        raise UsageError(
            "no key is given, so no signature can be trusted", hint="Give --key, or a policy with `evidence: {keys: …}`"
        )
    if not keys:
        raise UsageError("no key is named by --key and all of the policies")
    return keys


def _key(key: str, policy: str) -> str:
    return key if key.startswith("-----BEGIN ") else os.path.join(os.path.dirname(policy), key)


def _demand(judged: Input, policies: "Sequence[Organisation]", max_age: str | None) -> "Demand":

    asked = [policy.evidence for policy in policies]
    trusts = [set(one.trust) for one in asked if one.trust is not None]
    return Demand(
        digests=judged.digests,
        folder=judged.folder,
        policies=tuple(map(digest_of, policies)),
        longest=_shortest([_duration(max_age), *(_span(one.max_age) for one in asked)]),
        advisories_longest=_shortest(_span(one.advisories_max_age) for one in asked),
        stages=tuple(dict.fromkeys(stage for policy in policies for stage in policy.required_stages)),
        shares=_shares(policies),
        targets=tuple(dict.fromkeys(_targets(policies))),
        is_isolated=any(policy.settings.get("isolation") == "required" for policy in policies),
        settings={key: value for policy in policies for key, value in _fixed(policy).items()},
        trust=tuple(sorted(set.intersection(*trusts))) if trusts else None,
        min_version=_newest(one.min_version for one in asked),
        may_compare=all(one.comparisons for one in asked),
        now=datetime.now(UTC),
    )


def _shares(policies: "Sequence[Organisation]") -> dict[str, int]:
    """Return by stage the largest share that any policy requires."""
    asked = [(stage, share) for policy in policies for stage, share in policy.required_share.items()]
    largest: dict[str, int] = {}
    for stage, share in asked:
        largest[stage] = max(share, largest.get(stage, share))
    return largest


def _targets(policies: "Sequence[Organisation]") -> Iterator[tuple[str, str]]:
    for policy in policies:
        for stage, names in policy.required_targets.items():
            yield from ((stage, name) for name in any_of(names))


def _fixed(policy: "Organisation") -> dict[str, str | None]:
    """Return the digests by which reports name the settings that a policy fixes; None for one that is as by default."""
    from gate.pipeline.evidence import chosen_in, keys_of

    settings = convert(policy.settings, Settings, "settings")
    apart = chosen_in(settings).apart
    return {key: apart.get(key) for key in keys_of(policy.settings)}


def _shortest(spans: "Iterable[timedelta | None]") -> "timedelta | None":
    return min((span for span in spans if span is not None), default=None)


def _newest(versions: Iterable[str | None]) -> str | None:
    from gate.advisories.versions import compare

    newest: str | None = None
    for version in versions:
        if version is not None and (newest is None or compare("PyPI", version, newest) > 0):
            newest = version
    return newest


def _statement(options: argparse.Namespace, demand: "Demand", keys: Sequence[str]) -> "tuple[InTotoStatement, str]":
    """Return the statement and what messages call it: of the file that is named, else of the image's registry."""
    image = target_of(options.subject)
    if options.attestation or not (isinstance(image, Image) and image.source == "registry"):
        shown = options.attestation or NAME
        return _first(lambda key: _in_file(shown, key), keys), shown
    from gate.attestation.published import newest
    from gate.cli.access import image_access

    return _first(lambda key: newest(image, demand.digests, key, image_access()), keys), image.name


def _in_file(path: str, key: str) -> "InTotoStatement":
    return read_statement(unseal(_read(path), key, path), path)


def _first(read: "Callable[[str], InTotoStatement]", keys: Sequence[str]) -> "InTotoStatement":
    """Return what `read` makes of the first key for which it does not fail. Raises what it raised for the last one."""
    for key in keys[:-1]:
        try:
            return read(key)
        except GateError:
            continue
    return read(keys[-1])


def _read(path: str) -> bytes:
    try:
        with Path(path).open("rb") as file:
            return file.read(MAX_SIZE + 1)
    except OSError as error:
        raise GateError(f"cannot be read ({error.strerror})", path=path, hint="gate attest makes it") from error


def _input(subject: str) -> Input:
    target: Target = target_of(subject)
    if isinstance(target, Image):
        return Input(target=subject, digests=_image_digests(target))
    found = input_of_folder(str(Path(subject).resolve()), subject)
    if not found.digests:
        raise GateError("has no commit that names its bytes", path=subject, hint="Commit the changes")
    return found


def _unjudged(
    options: argparse.Namespace,
    statement: "InTotoStatement",
    policies: "Sequence[tuple[str, Organisation]]",
    keys: Sequence[str],
) -> Iterator[str]:
    """Yield a reason if a folder holds files in no commit, which are not judged; ignored files do not count."""
    if isinstance(target_of(options.subject), Image):
        return

    root = Path(options.subject).resolve()
    repository = Repository.find(str(root))
    assert repository is not None  # it has a commit
    named = [path for path, _ in policies]
    ours = {Path(path).resolve() for path in (options.attestation or NAME, *keys, *named)}
    names = [os.fsdecode(name) for name in repository.list_untracked(str(root))]
    more = [name for name in names if (root / name).resolve() not in ours and not _is_report(root / name, statement)]
    if more:
        others = f" and {len(more) - 1:,} more" if len(more) > 1 else ""
        yield f"{more[0]}{others} in the folder is not in any commit, so it was never judged"


def _is_report(file: Path, statement: "InTotoStatement") -> bool:
    """True if the file is the report that was attested, by its digest."""
    if not file.is_file():
        return False
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest() == statement.predicate.gate.report
    except OSError as error:
        raise UnreadableError(f"cannot be read ({error.strerror})", path=str(file)) from error


def _but(statement: "InTotoStatement") -> str:
    """Return a sentence on what the verdict does not cover."""
    said = statement.predicate.gate
    ran = ", ".join(stage.name for stage in said.stages if stage.targets)
    words = [f"by {ran}"] if ran else []
    if said.left_out:
        words.append(f"not by {', '.join(said.left_out)}")
    if said.compared_with:
        words.append("as far as it came after what it was compared with")
    return f" ({'; '.join(words)})" if words else ""


def _image_digests(image: Image) -> dict[str, str]:
    """Return the digests of an image whose every byte was checked."""
    from gate.cli.access import image_access
    from gate.images.sources import open_image

    bounds = ImageSettings()
    with open_image(image, Budget(Limits(bounds.max_size, bounds.max_entries)), image_access()) as content:
        found = content.found
    names = {"imageId": found.id, "sha256": found.digest}
    return {kind: digest.partition(":")[2] for kind, digest in names.items() if digest}


def _duration(text: str | None) -> "timedelta | None":
    try:
        return _span(text)
    except ValueError as error:
        raise UsageError(f"--max-age: {error}") from error


def _span(text: str | None) -> "timedelta | None":
    return timedelta_of(text) if text else None
