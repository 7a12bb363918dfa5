"""How sure a candidate is that stands: what speaks for it, and what makes it doubtful."""

import re
from collections.abc import Iterator

from gate.core.lazy_regex import lazy_regex
from gate.core.path_patterns import is_documentation_path, is_test_path
from gate.model import Confidence
from gate.secrets.kinds.traits import Checks
from gate.secrets.triage.candidate_in_line import CandidateInLine, TriageVerdict
from gate.secrets.triage.doubts import doubts
from gate.secrets.triage.evidence import looks_generated, names_a_secret, randomness
from gate.secrets.triage.lookalikes import lookalike
from gate.secrets.triage.wordlikeness import is_scrambled, reads_as_words

_PROGRAM = lazy_regex(r"\.(?:py|[cm]?[jt]sx?|java|go|rb|php|cs|kt|scala|rs|swift|dart|exs?|cc|cpp|c|m)\Z")
_DIGITS = 6
_TELLING = 8
_VARIED = 0.75
_HASHES = (
    "$1$",
    "$5$",
    "$6$",
    "$y$",
    "$apr1$",
    "pbkdf2",
    "bcrypt",
    "argon2",
    "sha1$",
    "md5$",
    "$2",
    "$argon2",
    "scrypt",
)
_EXAMPLE_FILE = lazy_regex(r"[._-](?:examples?|samples?|template)(?:\.[A-Za-z0-9]{1,10})*\Z", re.IGNORECASE)


def evidence(candidate: CandidateInLine) -> Iterator[TriageVerdict]:
    """Yield how sure a candidate is for each reason that applies; the least sure counts."""
    if candidate.checksum_fits:
        yield TriageVerdict(Confidence.HIGH, "its checksum fits")
        return
    base = candidate.base
    if candidate.checksum_fits is False:
        yield TriageVerdict(Confidence.MEDIUM, "its checksum does not fit")
    if base is Confidence.HIGH:
        yield TriageVerdict(base, "a format of its own")
    elif candidate.kind.checks is Checks.RANDOM:
        yield TriageVerdict(Confidence.MEDIUM, "random, and named as a secret")
    elif looks_generated(candidate.value) and names_a_secret(candidate.naming.nearest):
        yield TriageVerdict(max(base, Confidence.HIGH), "random, and named as a secret")
    else:
        yield TriageVerdict(base, "named as a secret")
    yield from (TriageVerdict(Confidence.LOW, reason) for reason in doubts(candidate, base))
    if is_test_path(candidate.path) or is_documentation_path(candidate.path):
        sure = Confidence.MEDIUM if _is_no_example(candidate, base) else Confidence.LOW
        yield TriageVerdict(sure, "in a test, an example or documentation")


def _is_no_example(candidate: CandidateInLine, base: Confidence) -> bool:
    """True for what is hardly made up for an example: a format of its own, or a value that looks generated."""
    is_mixed = _is_generated(candidate.value) or is_scrambled(candidate.value) or _is_pin(candidate)
    is_no_sample = is_mixed and not candidate.value.startswith(_HASHES) and not _EXAMPLE_FILE.search(candidate.path)
    is_likely = base is Confidence.HIGH or is_no_sample
    return is_likely and not candidate.kind.is_hash and not _is_id_of_a_test(candidate)


def _is_id_of_a_test(candidate: CandidateInLine) -> bool:
    """True for a UUID in a test's program, where most were made up for it, whatever they are called."""
    is_program = is_test_path(candidate.path) and _PROGRAM.search(candidate.path) is not None
    return is_program and lookalike(candidate.value) == "a UUID"


def _is_generated(value: str) -> bool:
    """True for a value that is not made up for an example: no words, not short, not a few characters repeated."""
    is_plain = value.isascii() and len(value) >= _TELLING
    return is_plain and randomness(value.replace("-", "")) >= _VARIED and not reads_as_words(value)


def _is_pin(candidate: CandidateInLine) -> bool:
    """True for a password of six digits or more, several of them different; a sequence is a placeholder."""
    return candidate.value.isdigit() and len(candidate.value) >= _DIGITS and len(set(candidate.value)) * 2 > _DIGITS
