"""Rows of a table of secret kinds, as other packages write them: the documented name of `gate.secrets.kinds.token`."""

from gate.secrets.kinds.token import Token, assigned, by_name, token

__all__ = ["Token", "assigned", "by_name", "token"]
