"""Tells words from random letters, by how often letters follow one another in English and in programs."""

import re
from itertools import pairwise

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_STEPS = 2.5
_ZERO = 5.0
_WORDS = -0.2
"""Mean score, in bits over chance, from which letters are words: 19 of 20 words of six letters or more, and one of 20
random strings of that length, are above it."""
_SHARE = 0.5
"""Of a value's characters: with as many in words it is made of words."""
_FOLLOWS = """
onqonnmlohgnollpforomjkedea inpocglcmairnqamcrpskjeikdm qiliqhebqkgsiiqgeppiobbemep
rekjqgcpnaooiesgankqmeaaiap oghmtjfbreclfhnfelmilcdchav mgoqkljdhacnmqglgrqocjgmfas
odhiqqfbtbfnjjqibmlmnbfbjbs meidsejopaalinmeapmimdddaev sfbitbgbqbfkgfrebmjokeeelbs
mkpnmmnaaadnnupldlpqblaialj slmlqiiimiiilirmiinlrinilip mjjltglgpeekelkkgipkkekejeu
qgglsffbrbfpdhqjaemlmhabnbs slfhtacaragkmeprcenhmcacgaq oeoqplrgndihejngcfprkkaafas
jkongjkbkdjootmnbsnnokmhcbn rdihsfbmnagqgeqnarmoldfdkaq hhhhhnhhhhhqlkhhhlmhwnhhhho
qglltgjbqaijmkpiclonkgdalas lenfrfdnpagkihmngdornefbjau pejfsgensabkgeohapnllbedmcs
nonjnilanaaqpsjoarpqccahccj sjdhvhhfrdddhhoddfhjddddidq reekrggpregjeqogeqnkgeieger
mipjpiekqeejllmrejhqihejiet jghglfhfkfflmnkrchomcgfchiw phhhvhjjqhhjlhohhjjhhhhhjjp
""".split()  # noqa: SIM905  (27 literals are no easier to read)
"""For a word's start and each letter: how much more often than by chance each letter, or the word's end, follows;
`a` to `z` are -5.0 to 5.0 bits. Counted over the 9,000 most common words in the documentation and the sources of
Python packages; a letter's number is the logarithm alone, no text is kept."""
_SCORES = {
    (before, after): (ord(code) - ord("a")) / _STEPS - _ZERO
    for before, row in zip("^" + _LETTERS, _FOLLOWS, strict=True)
    for after, code in zip(_LETTERS + "$", row, strict=True)
}
_PLAIN = str.maketrans("@013457$", "aoieasts")
_RUN = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_SIGN_IN_WORD = re.compile(r"(?<=[A-Za-z])[@013457$](?=[a-z])")


def reads_as_words(value: str) -> bool:
    """True if most of `value` is words, run together or not: `swordfish`, `client-key`, `V1SecretProjection`.

    Signs that stand for letters count as these: `s3cr3t`, `p@ssword`. Linear in the length of `value`.
    """
    plain = _SIGN_IN_WORD.sub(lambda sign: sign.group().translate(_PLAIN), value)
    runs = [run for run in _RUN.findall(plain) if len(run) >= _SHORTEST]
    worded = sum(len(run) for run in runs if likeness(run) >= _WORDS)
    return worded >= _SHARE * max(len(value), 1)


_SHORTEST = 3


def likeness(letters: str) -> float:
    """Return how much more like a word than like chance a run of ASCII letters is, in bits a letter pair."""
    lowered = letters.lower()
    pairs = list(pairwise(lowered))
    return sum(_SCORES[pair] for pair in pairs) / max(len(pairs), 1)
