"""Words by which a text is a sentence, and no list of names: no program or module is called so."""

from gate.core.word_lists import word_lists

OF_SENTENCES = frozenset(word_lists(__file__)["sentence"])
