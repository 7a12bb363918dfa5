"""How package names are compared: by the rules of each ecosystem, which lockfiles and advisories follow unequally."""

from gate.ecosystems import find


def canonical_name(ecosystem: str, name: str) -> str:
    """Return the one spelling that stands for all spellings of a package's name in `ecosystem`.

    Where an ecosystem has no rule, two names are one only if they are equal, case included.
    """
    known = find(ecosystem)
    return known.canonical_name(name) if known else name
