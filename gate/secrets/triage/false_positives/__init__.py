"""Why a hit is no secret: the checks that each kind goes through, in their order."""

from gate.model import Confidence
from gate.secrets.engine.hit import PRIVATE_KEY, Check, DetectorHit
from gate.secrets.kinds.code import UNNAMED
from gate.secrets.kinds.databases import TOKENS as DATABASES
from gate.secrets.kinds.logins import BYTES
from gate.secrets.kinds.logins import UNNAMED as UNNAMED_LOGINS
from gate.secrets.kinds.usage import PLACED
from gate.secrets.kinds.written import PLACED as WRITTEN
from gate.secrets.triage.false_positives.place import (
    has_no_evidence,
    is_a_name,
    is_among_ciphers,
    is_embedded,
    is_in_blob,
    is_named_otherwise,
    is_public_in_bytes,
    is_read,
    names_a_type,
)
from gate.secrets.triage.false_positives.private_keys import has_no_body, is_header_alone
from gate.secrets.triage.false_positives.value import (
    has_another_meaning,
    has_wrong_checksum,
    is_account,
    is_bare_word,
    is_blob,
    is_compound,
    is_counted,
    is_grammar,
    is_made_up,
    is_no_bot,
    is_pieced,
    is_printed_token,
    is_prose,
    is_too_short,
    is_worded,
    stands_for_another,
)


def checks_of(hit: DetectorHit) -> tuple[Check, ...]:
    """Return what would drop a hit of this kind; the first reason counts."""
    by_confidence = _STRUCTURED if hit.base is Confidence.HIGH else _NAMED
    return (*_SPECIAL.get(hit.type, by_confidence), has_wrong_checksum)


_STRUCTURED: tuple[Check, ...] = (is_in_blob, is_grammar, is_made_up, is_counted)
_NAMED: tuple[Check, ...] = (
    is_too_short,
    is_grammar,
    stands_for_another,
    is_in_blob,
    is_read,
    is_a_name,
    has_another_meaning,
    is_pieced,
    is_prose,
    is_among_ciphers,
    is_named_otherwise,
    names_a_type,
)
_RANDOM: tuple[Check, ...] = (is_blob, is_embedded, is_compound, *_NAMED, has_no_evidence)
_SHAPED: tuple[Check, ...] = tuple(one for one in _NAMED if one not in (is_named_otherwise, is_read))
"""For kinds that know a value by its place or its form: no name need fit, and `$6$…` is no variable of a program."""
_SPECIAL: dict[str, tuple[Check, ...]] = {
    "Base64 High Entropy String": _RANDOM,
    "Hex High Entropy String": _RANDOM,
    "Password in SQL (IDENTIFIED BY)": (*_NAMED, is_bare_word),
    "Public IP (ipv4)": (),
    PRIVATE_KEY: (is_header_alone, has_no_body),
    "Basic Auth Credentials": (stands_for_another,),
    "JSON Web Token": (is_made_up, is_printed_token),
    "Artifactory Credentials": (*_STRUCTURED, is_worded),
    "IBM Cloud IAM Key": (*_STRUCTURED, is_worded),
    "Telegram Bot Token": (*_STRUCTURED, is_worded, is_no_bot),
    "Twilio API Key": (*_STRUCTURED, is_account),
    "Vault token (before 1.10)": _STRUCTURED,
    "Password hash": _SHAPED,
    "Secret that signs sessions": (is_too_short, stands_for_another, is_read, is_a_name, has_another_meaning),
    "Password of a Tomcat user": _SHAPED,
    "Secret id of a Vault AppRole": _SHAPED,
    "Password in a router's configuration": _SHAPED,
    **dict.fromkeys((one.type for one in DATABASES if one.type.endswith("URL with password")), _SHAPED),
    **dict.fromkeys(BYTES, (is_public_in_bytes,)),
    **dict.fromkeys((*UNNAMED, *UNNAMED_LOGINS, *PLACED, *WRITTEN), _SHAPED),
}
