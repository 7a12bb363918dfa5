"""Rules on the accounts in the image's passwd and shadow."""

from collections import defaultdict
from collections.abc import Callable, Iterator

from gate.images.contents.observations import Account
from gate.images.rules.base import Hit, Subject, rule
from gate.model import Severity

_PASSWD, _SHADOW = "etc/passwd", "etc/shadow"


@rule(
    "GI023",
    Severity.HIGH,
    "Account without a password",
    why="An empty password lets in anyone who knows the account's name: by su, by login or by SSH.",
    mend="Lock the account: RUN passwd -l NAME, or remove it.",
    references=("CWE-258", "DKL-LI-0001"),
    bad='{"accounts": [{"name": "admin", "uid": "1000", "shell": "/bin/sh", "is_open": true}]}',
    good='{"accounts": [{"name": "admin", "uid": "1000", "shell": "/bin/sh"}]}',
)
def has_open_account(image: Subject) -> Iterator[Hit]:
    for account in image.accounts:
        if account.is_open and account.can_log_in:
            message = f"The password of {account.name[:100]} is empty"
            yield Hit(message=message, evidence=(account.name,), path=_PASSWD, layer=account.layer)


@rule(
    "GI024",
    Severity.MEDIUM,
    "Password hash in the image",
    why="Anyone who can pull the image can try to crack it offline, and every container has the same password.",
    mend="Lock the account: RUN passwd -l NAME. Set passwords when a container starts.",
    references=("CWE-798", "CWE-522"),
    bad='{"accounts": [{"name": "root", "uid": "0", "has_password": true}]}',
    good='{"accounts": [{"name": "root", "uid": "0"}]}',
)
def has_password_hash(image: Subject) -> Iterator[Hit]:
    for account in image.accounts:
        if account.has_password:
            message = f"The hash of {account.name[:100]}'s password is in the image"
            yield Hit(message=message, evidence=(account.name,), path=_SHADOW, layer=account.layer)


@rule(
    "GI025",
    Severity.MEDIUM,
    "Accounts that share a number or a name",
    why="To the kernel, two accounts with the same id are one: a second account with id 0 is a hidden root.",
    mend="Give every account a unique id and a unique name.",
    references=("CWE-266", "DKL-LI-0002"),
    bad='{"accounts": [{"name": "root", "uid": "0"}, {"name": "toor", "uid": "0"}]}',
    good='{"accounts": [{"name": "root", "uid": "0"}, {"name": "app", "uid": "1000"}]}',
)
def has_shared_accounts(image: Subject) -> Iterator[Hit]:
    for uid, accounts in _shared(image, lambda account: account.uid):
        names = ", ".join(sorted({account.name[:100] for account in accounts})[:10])
        if len({account.name for account in accounts}) > 1:
            message = f"These accounts have the id {uid[:20]}: {names}"
            yield Hit(message=message, evidence=(uid,), path=_PASSWD, layer=_last(image, accounts))
    for name, accounts in _shared(image, lambda account: account.name):
        message = f"{len(accounts)} accounts have the name {name[:100]}"
        yield Hit(message=message, evidence=(name, "name"), path=_PASSWD, layer=_last(image, accounts))


def _shared(image: Subject, key: Callable[[Account], str]) -> Iterator[tuple[str, list[Account]]]:
    groups: dict[str, list[Account]] = defaultdict(list)
    for account in image.accounts:
        groups[key(account)].append(account)
    return ((name, accounts) for name, accounts in groups.items() if len(accounts) > 1)


def _last(image: Subject, accounts: list[Account]) -> str | None:
    """Return the last of the layers that brought these accounts."""
    layers = {account.layer for account in accounts}
    return next((layer for layer in reversed(image.layers) if layer in layers), None)
