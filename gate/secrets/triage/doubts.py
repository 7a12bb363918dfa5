"""Which reasons leave a candidate at low confidence, so that it is reported and blocks nothing."""

from collections.abc import Callable, Iterator

from gate.model import Confidence
from gate.secrets.triage.candidate_in_line import HEADER_ALONE, CandidateInLine
from gate.secrets.triage.doubtful import (
    is_an_identifier,
    is_for_no_machine,
    is_header_in_string,
    is_joined,
    is_known_to_everybody,
    is_named_as_made_up,
    is_named_as_none,
    is_of_a_region,
    is_sample,
    is_sent_along,
    is_strong_hash,
    is_within_a_number,
    is_word_for_token,
    repeats_its_name,
)
from gate.secrets.triage.placeholders import asks_to_be_replaced
from gate.secrets.triage.translations import is_text_in_translation
from gate.secrets.triage.weak_values import is_default_key, is_for_a_trial, is_mail_address, is_weak

Doubt = Callable[[CandidateInLine], bool]

_ALWAYS: tuple[tuple[str, Doubt], ...] = (
    ("a login to no machine", is_for_no_machine),
    ("named as made up", is_named_as_made_up),
    ("its name with a number", repeats_its_name),
    ("a form that words have", lambda one: one.kind.is_doubtful is not None and one.kind.is_doubtful(one.value)),
    (HEADER_ALONE, is_header_in_string),
    ("a part of a longer number", is_within_a_number),
)
_OF_CREDENTIAL_FILES: tuple[tuple[str, Doubt], ...] = (
    ("it asks to be replaced", lambda one: asks_to_be_replaced(one.value)),
)
_OF_THE_KNOWN: tuple[tuple[str, Doubt], ...] = (("a password that everyone knows", is_known_to_everybody),)
"""Not in files whose very format is credentials."""
_OF_THE_NAMED: tuple[tuple[str, Doubt], ...] = (
    ("a text in a translation", is_text_in_translation),
    ("a country or a part of one", is_of_a_region),
    ("an IV, a nonce or a salt", is_sent_along),
    ("an identifier as much as a key", is_an_identifier),
    ("its name is of something that is no secret", is_named_as_none),
    ("a strong hash", is_strong_hash),
    ("a sample in a comment", is_sample),
)
"""Of kinds that do not know a value by its form."""
_OF_THE_WEAK: tuple[tuple[str, Doubt], ...] = (
    ("words joined as a program joins them", is_joined),
    ("one word, as no service issues tokens", is_word_for_token),
    ("a weak word", lambda one: is_weak(one.value) and not is_default_key(one.naming.nearest, one.value)),
    ("made up for a trial", lambda one: is_for_a_trial(one.value)),
    ("an address of mail", lambda one: is_mail_address(one.value)),
)
"""Of kinds that do not know a value by its form, and not in files whose very format is credentials."""


def doubts(candidate: CandidateInLine, base: Confidence) -> Iterator[str]:
    """Yield each reason for which a candidate of a kind of `base` confidence is doubtful."""
    tables = [_ALWAYS]
    if base is not Confidence.HIGH:
        tables.append(_OF_THE_NAMED)
    tables.append(_OF_CREDENTIAL_FILES if candidate.kind.is_of_credential_file else _OF_THE_KNOWN)
    if base is not Confidence.HIGH and not candidate.kind.is_of_credential_file:
        tables.append(_OF_THE_WEAK)
    for table in tables:
        yield from (reason for reason, is_so in table if is_so(candidate))
