"""Why a candidate is no secret: the checks that each kind goes through, in their order."""

from gate.model import Confidence
from gate.secrets.kinds.traits import Checks
from gate.secrets.triage.candidate_in_line import CandidateInLine, Check
from gate.secrets.triage.false_positives.place import (
    has_no_evidence,
    is_a_name,
    is_among_ciphers,
    is_embedded,
    is_in_blob,
    is_in_digest,
    is_in_lock_file,
    is_in_pdf,
    is_named_otherwise,
    is_of_an_expansion,
    is_of_urn,
    is_public_in_bytes,
    is_read,
    is_statement,
    names_a_type,
    refers_to_a_secret,
)
from gate.secrets.triage.false_positives.private_keys import has_no_body, is_header_alone
from gate.secrets.triage.false_positives.value import (
    has_another_meaning,
    has_wrong_checksum,
    is_account,
    is_bare_word,
    is_blob,
    is_claim,
    is_compound,
    is_counted,
    is_encrypted,
    is_grammar,
    is_group,
    is_left_open,
    is_made_up,
    is_no_bot,
    is_pieced,
    is_printed_token,
    is_prose,
    is_public_nkey,
    is_reverse_domain,
    is_route,
    is_too_short,
    is_worded,
    stands_for_another,
)
from gate.secrets.triage.translations import is_translated

_FORMAT: tuple[Check, ...] = (is_in_blob, is_grammar, is_encrypted, is_made_up, is_counted)
_NAME: tuple[Check, ...] = (
    is_too_short,
    is_grammar,
    stands_for_another,
    is_encrypted,
    is_in_blob,
    is_in_digest,
    is_in_lock_file,
    is_in_pdf,
    is_public_nkey,
    is_of_an_expansion,
    is_of_urn,
    is_read,
    is_a_name,
    refers_to_a_secret,
    has_another_meaning,
    is_reverse_domain,
    is_route,
    is_pieced,
    is_prose,
    is_translated,
    is_among_ciphers,
    is_named_otherwise,
    names_a_type,
)
_RANDOM: tuple[Check, ...] = (is_blob, is_embedded, is_compound, *_NAME, has_no_evidence)
_PLACE: tuple[Check, ...] = (*(one for one in _NAME if one not in (is_named_otherwise, is_read)), is_statement)
"""For kinds that know a value by its place or its form: no name need fit, and `$6$…` is no variable of a program."""
_CHECKS_OF: dict[Checks, tuple[Check, ...]] = {
    Checks.FORMAT: _FORMAT,
    Checks.FORMAT_OF_LETTERS: (*_FORMAT, is_worded),
    Checks.PLACE: _PLACE,
    Checks.RANDOM: _RANDOM,
    Checks.ADDRESS: (stands_for_another,),
    Checks.BOT_TOKEN: (*_FORMAT, is_worded, is_no_bot),
    Checks.ACCOUNT_KEY: (*_FORMAT, is_account),
    Checks.WEB_TOKEN: (is_made_up, is_printed_token, is_claim),
    Checks.KEY_BLOCK: (is_header_alone, has_no_body),
    Checks.BYTES: (is_public_in_bytes,),
    Checks.SESSION_SECRET: (
        is_too_short,
        is_of_an_expansion,
        stands_for_another,
        is_read,
        is_a_name,
        has_another_meaning,
    ),
    Checks.LOGIN_PAIR: (*_PLACE, is_group),
    Checks.SQL: (*_NAME, is_bare_word),
    Checks.CREDENTIAL_FILE: (is_left_open, is_of_an_expansion),
    Checks.NONE: (),
}


def checks_of(candidate: CandidateInLine) -> tuple[Check, ...]:
    """Return what would drop a candidate of this kind; the first reason counts."""
    by_confidence = _FORMAT if candidate.base is Confidence.HIGH else _NAME
    return (*_CHECKS_OF.get(candidate.kind.checks, by_confidence), has_wrong_checksum)
