"""Whether a test of a shell holds, as far as its words are known (test(1))."""

from gate.reachability.runtimes.graph import UNKNOWN

_TESTS = frozenset({"[", "[[", "test"})


def is_test(words: tuple[str, ...]) -> bool:
    """True for a command that does nothing but test."""
    return bool(words) and words[0] in _TESTS


def is_false(words: tuple[str, ...]) -> bool:
    """True if the test is known not to hold; False also where only a run would tell."""
    operands = words[1:-1] if words[0] != "test" else words[1:]
    if any(UNKNOWN in word for word in operands):
        return False
    match operands:
        case (left, "=" | "==", right):
            return left != right and "*" not in right
        case (left, "!=", right):
            return left == right
        case ("-n", text):
            return not text
        case ("-z", text):
            return bool(text)
        case _:
            return False
