"""How sure a candidate is that stands: what speaks for it, and what makes it doubtful."""

import re
from collections.abc import Iterator

from gate.core.lazy_regex import lazy_regex
from gate.core.path_patterns import is_documentation_path, is_test_path
from gate.model import Confidence
from gate.secrets.kinds.traits import Checks
from gate.secrets.triage.candidate_in_line import BEFORE, HEADER_ALONE, CandidateInLine, TriageVerdict
from gate.secrets.triage.evidence import looks_generated, names_a_secret, randomness
from gate.secrets.triage.false_positives.value import ESCAPED_LETTER
from gate.secrets.triage.lookalikes import lookalike
from gate.secrets.triage.placeholders import is_default_password
from gate.secrets.triage.wordlikeness import is_scrambled, reads_as_words

_PROGRAM = lazy_regex(r"\.(?:py|[cm]?[jt]sx?|java|go|rb|php|cs|kt|scala|rs|swift|dart|exs?|cc|cpp|c|m)\Z")
_LOGIN_PAIR = lazy_regex(r"(?<![\w.-])([\w.-]{3,60}):([\w.-]{3,60})(?![\w:-])")
_USERS_NAME = lazy_regex(
    r"(?<!mdp_)(?i:user(?:_?(?:name|id))?|login|name)[\"']?[ ]?[:=]{1,2}>?[ ]?u?[\"']([^\"'\n]{3,60})[\"']"
)
_NO_HOST = lazy_regex(r"@(?:(?:my|your|some)[-_][a-z]+|host(?:name)?)(?![\w-])", re.IGNORECASE)
_FAKE = lazy_regex(r"fake|dummy|bogus", re.IGNORECASE)
_PARTS = lazy_regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_CONSTANT = lazy_regex(r"[A-Z]++(?:_[A-Z]++)+(?:_[0-9]{1,4})?")
_JOINED = lazy_regex(r"[a-z]++(?:_[a-z]++)+|(?:[a-z]++|[A-Z][a-z]++)(?:[A-Z][a-z]++)+")
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
_DIGIT = lazy_regex(r"[0-9]")
_EXAMPLE_FILE = lazy_regex(r"[._-](?:examples?|samples?|template)(?:\.[A-Za-z0-9]{1,10})*\Z", re.IGNORECASE)
_TRANSLATION = lazy_regex(
    r"(?:^|/)(?:_?locales?|locali[sz]ations?|i18n|l10n|translations?|lang(?:uage)?s?)/"
    r"|(?:^|/)(?:strings|messages)[^/]*\.[a-z]+\Z",
    re.IGNORECASE,
)
_HEADER_CLOSED = lazy_regex(r"(?:-{4,5})?(?:\\[rn]){0,2}[\"'`)]")


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
    yield from _doubts(candidate, base)


def _doubts(candidate: CandidateInLine, base: Confidence) -> Iterator[TriageVerdict]:
    if (
        _TRANSLATION.search(candidate.path)
        and base is not Confidence.HIGH
        and not _DIGIT.search(ESCAPED_LETTER.sub("é", candidate.value))
    ):
        yield TriageVerdict(Confidence.LOW, "a text in a translation")
    if is_default_password(candidate.value) or _is_its_users_name(candidate):
        yield TriageVerdict(Confidence.LOW, "a password that everybody knows")
    is_joined = _CONSTANT.fullmatch(candidate.value) or (
        _JOINED.fullmatch(candidate.value) and not is_scrambled(candidate.value)
    )
    if is_joined and base is not Confidence.HIGH:
        yield TriageVerdict(Confidence.LOW, "words joined as a program joins them")
    if _NO_HOST.match(candidate.after):
        yield TriageVerdict(Confidence.LOW, "a login to no machine")
    if _FAKE.search(candidate.naming.nearest):
        yield TriageVerdict(Confidence.LOW, "named as made up")
    if _repeats_its_name(candidate):
        yield TriageVerdict(Confidence.LOW, "its name with a number")
    if candidate.kind.is_private_key and _HEADER_CLOSED.match(candidate.after):
        yield TriageVerdict(Confidence.LOW, HEADER_ALONE)
    if is_test_path(candidate.path) or is_documentation_path(candidate.path):
        is_mixed = _is_generated(candidate.value) or is_scrambled(candidate.value) or _is_pin(candidate)
        is_no_example = is_mixed and not candidate.value.startswith(_HASHES)
        is_likely = base is Confidence.HIGH or (is_no_example and not _EXAMPLE_FILE.search(candidate.path))
        is_likely = is_likely and not candidate.kind.is_hash and not _is_id_of_a_test(candidate)
        yield TriageVerdict(
            Confidence.MEDIUM if is_likely else Confidence.LOW, "in a test, an example or documentation"
        )


def _is_id_of_a_test(candidate: CandidateInLine) -> bool:
    """True for a UUID in a test's program, where most were made up for it, whatever they are called."""
    is_program = is_test_path(candidate.path) and _PROGRAM.search(candidate.path) is not None
    return is_program and lookalike(candidate.value) == "a UUID"


def _is_its_users_name(candidate: CandidateInLine) -> bool:
    """True for `mysql://USER:USER@…` and `login='USER', password='USER'`: what a service is tried out with."""
    line = candidate.before + candidate.value[:BEFORE] + candidate.after
    is_pair = any(match[1] == match[2] == candidate.value for match in _LOGIN_PAIR.finditer(line))
    return is_pair or any(match[1] == candidate.value for match in _USERS_NAME.finditer(line))


def _repeats_its_name(candidate: CandidateInLine) -> bool:
    """True for `"ExportToken": "export-token-cu4lg26o"`: what a program tells things apart by."""
    folded = "_".join(_PARTS.findall(candidate.naming.nearest)).lower()
    return "_" in folded and candidate.value.replace("-", "_").lower().startswith(folded + "_")


def _is_generated(value: str) -> bool:
    """True for a value that is not made up for an example: no words, not short, not a few characters repeated."""
    is_plain = value.isascii() and len(value) >= _TELLING
    return is_plain and randomness(value.replace("-", "")) >= _VARIED and not reads_as_words(value)


def _is_pin(candidate: CandidateInLine) -> bool:
    """True for a password of six digits or more, several of them different; a sequence is a placeholder."""
    return candidate.value.isdigit() and len(candidate.value) >= _DIGITS and len(set(candidate.value)) * 2 > _DIGITS
