"""Lines of credential files that tell themselves: in scripts that write such a file, in copies under other names."""

# ruff: noqa: E501  (a pattern is read in one piece)

from gate.model import Confidence
from gate.secrets.kinds.token import token
from gate.secrets.kinds.traits import Checks
from gate.secrets.kinds.values import is_filled_in, is_password, is_random, is_strong

_VALUE = r"[^\s\"'\\$<>(){}|;&`,]{3,300}"
"""As a shell's `echo` writes it: no variable, no escape, no end of a string."""
_GAP = r"(?:[ \t]|\\[nt]){1,8}"
_MACHINE = "log in to that machine or service"
_CHANGE = "Change the password, and create the file from a variable where it is needed"
_HARD_CODED = "https://owasp.org/www-community/vulnerabilities/Use_of_hard-coded_password"
_GEM_SOURCES = (
    r"BUNDLE_[A-Z0-9_]{1,60}__[A-Z0-9_]{1,60}[\"']?[ ]{0,2}[:=][ ]{0,2}"
    r"|bundle[ ]{1,2}config[ ](?:set[ ]|--?[a-z]{1,12}[ ]){0,4}[0-9a-z_-]{1,60}\.[0-9a-z_.-]{2,80}[ ]{1,4}"
)

TOKENS = (
    token(
        "NETRC-WRITTEN",
        "Password in a line of .netrc",
        rf"machine{_GAP}[^\s\\]{{1,200}}{_GAP}login{_GAP}[^\s\\]{{1,200}}{_GAP}password[ \t]{{1,8}}[\"']?({_VALUE})",
        _MACHINE,
        _CHANGE,
        "https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html",
        edges=False,
        accepts=is_filled_in,
        confidence=Confidence.MEDIUM,
        checks=Checks.PLACE,
    ),
    token(
        "LINE-PASSWORD",
        "Password on a line below its user",
        rf"^[ \t]{{0,8}}(?:password|passwd|Pass|pass)[ \t]{{1,8}}[\"']?({_VALUE})[\"']?$",
        _MACHINE,
        "Change the password, and keep the file out of the repository",
        _HARD_CODED,
        edges=False,
        accepts=is_strong,
        confidence=Confidence.MEDIUM,
        beside=r"(?m)^[ \t]*(?i:machine|login|account|host|hostname|user|username|identity|imapaccount|smtp_server)[ \t]+\S+[ \t]*$",
        checks=Checks.PLACE,
    ),
    token(
        "PGPASS-WRITTEN",
        "Password in a line of .pgpass",
        rf"(?:^|[ \t\"'=])[0-9A-Za-z_.*-]{{1,255}}:(?:(?:5432|5433|6432):[0-9A-Za-z_*-]{{1,63}}|\*:\*):[0-9A-Za-z_.*-]{{1,63}}:({_VALUE})",
        "read and write the database",
        _CHANGE,
        "https://www.postgresql.org/docs/current/libpq-pgpass.html",
        edges=False,
        accepts=is_filled_in,
        confidence=Confidence.MEDIUM,
        checks=Checks.PLACE,
    ),
    token(
        "MAIL-RELAY-WRITTEN",
        "Password in a line for a mail relay",
        rf"\[[0-9A-Za-z_.-]{{3,200}}\]:[0-9]{{2,5}}[ \t]{{1,16}}[^\s:\"']{{1,100}}:({_VALUE})",
        "send mail as its owner",
        "Change the password at the relay, and create the file from a variable where it is needed",
        "https://www.postfix.org/SASL_README.html",
        edges=False,
        accepts=is_password,
        confidence=Confidence.MEDIUM,
        checks=Checks.PLACE,
    ),
    token(
        "FETCHMAIL-WRITTEN",
        "Password in a line of .fetchmailrc",
        rf"(?:poll|server|skip)[ \t][^\n]{{1,200}}?[ \t](?:user|username)[ \t]{{1,4}}[^\s]{{1,100}}[^\n]{{0,60}}?[ \t](?:pass|password)[ \t]{{1,4}}[\"']?({_VALUE})",
        "read mail as its owner",
        "Change the password, and keep the file out of the repository",
        "https://www.fetchmail.info/fetchmail-man.html",
        edges=False,
        accepts=is_password,
        confidence=Confidence.MEDIUM,
        checks=Checks.PLACE,
    ),
    token(
        "PGBOUNCER-WRITTEN",
        "Password in a line of PgBouncer's list of users",
        r"\"[^\n\"\\]{1,63}\\?\"[ \t]{1,8}\\?\"(md5[0-9a-f]{32}|SCRAM-SHA-256\$[0-9]{4,6}:[0-9A-Za-z+/=$:]{60,200})",
        "guess weak passwords from the hashes, or log in with them as PgBouncer does",
        "Change the password of the database user, and keep the file out of the repository",
        "https://www.pgbouncer.org/config.html",
        edges=False,
        accepts=is_random,
    ),
    token(
        "BUNDLE-SOURCE",
        "Password of a gem server",
        rf"(?:{_GEM_SOURCES})[\"']?[0-9A-Za-z_.%-]{{1,80}}:([0-9A-Za-z_.%~!*+-]{{6,200}})",
        "read, and often publish, the organisation's packages",
        "Change the password or token at the gem server, and pass it in a variable",
        "https://bundler.io/man/bundle-config.1.html",
        edges=False,
        accepts=is_filled_in,
        confidence=Confidence.MEDIUM,
        checks=Checks.PLACE,
    ),
    token(
        "JAAS-USER",
        "Password of a user in a JAAS file",
        r"^[ \t]{0,16}user_[0-9A-Za-z_.-]{1,40}[ ]?=[ ]?\"([^\s\"'$<>{}]{4,200})\"",
        _MACHINE,
        "Change the password, and keep the file out of the repository",
        "https://kafka.apache.org/documentation/#security_sasl_plain",
        edges=False,
        accepts=is_strong,
        confidence=Confidence.MEDIUM,
        beside=r"LoginModule|^[ \t]*(?:username|password)[ ]?=",
        checks=Checks.PLACE,
    ),
    token(
        "CRYPT-ACCOUNT",
        "Password hash (crypt) of an account",
        r"^[a-z_][0-9a-z_.-]{0,31}:([./0-9A-Za-z]{13}):[0-9]{1,6}:[0-9]{1,6}:[^\n:]{0,200}:/",
        "recover the password, because the hash is weak",
        "Change the password, and keep the file out of the repository",
        "https://man7.org/linux/man-pages/man5/passwd.5.html",
        edges=False,
        accepts=is_random,
        is_made_anywhere=True,
    ),
    token(
        "KEY-FILE",
        "Key in a file of its own",
        r"^((?:[0-9a-f]{32}|[0-9a-f]{48}|[0-9a-f]{64}|[0-9a-f]{128}|[0-9A-Za-z+/]{43}=|[0-9A-Za-z_-]{43}=|[0-9A-Za-z+/]{86}==))$",
        "decrypt or sign whatever it is used for",
        "Create a new key, use it instead of this one, and keep it out of the repository",
        "https://cheatsheetseries.owasp.org/cheatsheets/Key_Management_Cheat_Sheet.html",
        edges=False,
        accepts=is_random,
        confidence=Confidence.MEDIUM,
        files=r"(?:(?<!static)(?<!/ta)\.key|[._-]secret|(?:secret|master|encryption|signing|cookie|session|jwt|hmac)[._-]?key(?:\.(?:txt|bin|hex|b64))?|(?:^|/)secrets?\.txt)$",
    ),
)
