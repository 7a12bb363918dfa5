"""A kind of secret that only this organisation has: the keys of its register of owners."""

from gate.secrets.plugins.token import token

TOKENS = (
    token(
        "OWNERS-REGISTER",
        "Key of the register of owners",
        r"own_(?:live|test)_[0-9a-z]{24}",
        "change who owns which code",
        "Revoke it in the register under Keys, and create a new one",
    ),
)
