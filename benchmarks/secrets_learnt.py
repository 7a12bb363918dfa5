"""Whether weights that are learnt would judge the candidates of the secrets stage better than its rules do.

Usage: python benchmarks/secrets_learnt.py FOLDER [FOLDER …] [--unseen FOLDER …]

Logistic regression over the value, the names before it, the line and the path, trained on the candidates of TRAINING
and on those of each FOLDER (packages taken to hold no credential), tried on HELD_OUT. What would be left of the
findings that block is printed for each FOLDER of `--unseen`. Weights that drop and weights that raise are tried
apart, at several thresholds. The order of training is drawn from a seed: the same folders give the same numbers.
"""

import argparse
import math
import os
import random
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import islice, pairwise
from pathlib import Path
from typing import NamedTuple

from gate.core.path_patterns import is_documentation_path, is_test_path
from gate.model import Confidence
from gate.secrets.engine.candidates import judged_value
from gate.secrets.engine.configuration import GATE
from gate.secrets.engine.gate_mode import all_parts, candidates_of
from gate.secrets.engine.scan import scanner
from gate.secrets.engine.text import decode
from gate.secrets.triage.evidence import looks_generated, names_a_secret, naming, randomness
from gate.secrets.triage.verdict import judge
from gate.secrets.triage.wordlikeness import is_scrambled, likeness, reads_as_words

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "secrets" / "labelled"))

from labelled_set import Labelled, blind, labelled

TRAINING = ("labelled", "blind.txt", "blind_second.txt", "leaky.txt")
HELD_OUT = ("blind_third.txt", "blind_fourth.txt")
DROPS = (0.02, 0.1, 0.5)
RAISES = (0.5, 0.8, 0.95)
_FOLDS = 5
_EPOCHS = 12
_RATE = 0.3
_DECAY = 1e-4
_MOST_PARTS = 50
_LARGEST = 1_000_000
"""Bytes of the largest file of a folder that is read."""

Features = dict[str, float]


class Candidate(NamedTuple):
    """A value that a detector found, with what the rules say of it and what the label says."""

    file: str
    path: str
    line: int
    type: str
    value: str
    written: str
    """The line."""
    confidence: Confidence | None
    """None: the rules drop it."""
    is_secret: bool

    @property
    def place(self) -> tuple[str, int]:
        return (self.path, self.line)

    @property
    def blocks(self) -> bool:
        return self.confidence not in (None, Confidence.LOW)


class Example(NamedTuple):
    features: Features
    is_secret: bool


def candidates(source: str, path: str, content: bytes, wanted: set[tuple[str, int]]) -> Iterator[Candidate]:
    """Yield what the detectors find in a file, before anything is told once."""
    text = decode(content)
    if text is None:
        return
    for part in islice(all_parts(text, path, scanner(GATE)), _MOST_PARTS):
        for claim in candidates_of(part, scanner(GATE).find):
            confidence = judge(claim.secret.type, judged_value(claim), claim.written, claim.path).confidence
            is_secret = (path, claim.line) in wanted
            yield Candidate(
                f"{source}:{path}",
                path,
                claim.line,
                claim.secret.type,
                claim.value,
                claim.written,
                confidence,
                is_secret,
            )


def of_set(name: str) -> tuple[list[Candidate], set[tuple[str, int]]]:
    """Return the candidates of a labelled set, and the places of its credentials."""
    cases: list[Labelled] = list(labelled() if name == "labelled" else blind(name))
    wanted = {(case.path, case.line) for case in cases if case.is_secret}
    texts = {case.path: case.text for case in cases}
    return [one for path, text in texts.items() for one in candidates(name, path, text.encode(), wanted)], wanted


def of_folder(root: Path) -> Iterator[Candidate]:
    """Yield the candidates of a folder in which nothing is taken to be a credential."""
    for folder, _, names in os.walk(root):
        for file in (Path(folder, name) for name in names):
            path = file.relative_to(root).as_posix()
            is_read = file.is_file() and file.stat().st_size <= _LARGEST and not scanner(GATE).passes_over(path)
            if is_read:
                yield from candidates(root.name, path, file.read_bytes(), set())


def features(one: Candidate) -> Features:
    """Describe a candidate: its kind, its value, what stands around it, where."""
    start = one.written.find(one.value[:60])
    before = one.written[max(start - 80, 0) : max(start, 0)]
    after = one.written[start + len(one.value) :][:1] if start >= 0 else ""
    return {
        "bias": 1.0,
        f"kind {one.type}": 1.0,
        **_of_value(one.value),
        **_of_pairs(one.value.lower()[:40]),
        **{f"word {word}": 1.0 for word in _words(before)[-5:]},
        f"before {before[-2:]}": 1.0,
        f"after {after}": 1.0,
        "named": float(names_a_secret(naming(before).nearest)),
        "test": float(is_test_path(one.path)),
        "documentation": float(is_documentation_path(one.path)),
        f"ending {one.path.rpartition('.')[2][-6:]}": 1.0,
    }


def _of_value(value: str) -> Features:
    classes = "".join(sorted({_class(letter) for letter in value}))
    runs = re.findall("[A-Za-z]{3,}", value[:100])
    return {
        f"length {min(len(value) // 4, 12)}": 1.0,
        f"classes {classes}": 1.0,
        "randomness": randomness(value[:200]),
        "generated": float(looks_generated(value)),
        "scrambled": float(is_scrambled(value[:200])),
        "worded": float(reads_as_words(value[:200])),
        "likeness": max((likeness(run) for run in runs), default=-2) / 3,
    }


def _class(letter: str) -> str:
    fitting = (sign for sign, fits in _CLASSES if fits(letter))
    return next(fitting, ".")


_CLASSES: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("a", str.islower),
    ("A", str.isupper),
    ("9", str.isdigit),
    (" ", str.isspace),
)


def _of_pairs(text: str) -> Features:
    pairs: Features = defaultdict(float)
    folded = re.sub("[0-9]", "9", text)
    for first, second in pairwise(folded):
        pairs[f"pair {first}{second}"] += 1 / max(len(folded), 8)
    return pairs


def _words(text: str) -> list[str]:
    return re.findall("[a-z]+", re.sub("(?<=[a-z])(?=[A-Z])", " ", text).lower())


def probability(weights: Features, described: Features) -> float:
    """Return how likely a candidate is a credential, from 0 to 1."""
    total = sum(weights.get(name, 0.0) * amount for name, amount in described.items())
    return 1 / (1 + math.exp(-max(min(total, 30.0), -30.0)))


def trained(examples: list[Example], epochs: int = _EPOCHS) -> Features:
    """Return the weights: AdaGrad, both classes of the same weight."""
    secrets = sum(one.is_secret for one in examples)
    weight_of = {True: len(examples) / 2 / max(secrets, 1), False: len(examples) / 2 / max(len(examples) - secrets, 1)}
    weights: Features = defaultdict(float)
    squares: Features = defaultdict(lambda: 1e-6)
    order, draw = list(examples), random.Random(1)
    for _ in range(epochs):
        draw.shuffle(order)
        for one in order:
            slope = (probability(weights, one.features) - one.is_secret) * weight_of[one.is_secret]
            for name, amount in one.features.items():
                step = slope * amount + _DECAY * weights[name]
                squares[name] += step * step
                weights[name] -= _RATE * step / math.sqrt(squares[name])
    return dict(weights)


def print_cross_validated(found: list[Candidate], examples: list[Example]) -> None:
    """Print how often the weights are right about files that they were not trained on."""
    files = sorted({one.file for one in found})
    random.Random(0).shuffle(files)
    fold = {file: number % _FOLDS for number, file in enumerate(files)}
    right = 0
    for held_out in range(_FOLDS):
        pairs = list(zip(found, examples, strict=True))
        weights = trained([one for candidate, one in pairs if fold[candidate.file] != held_out], epochs=6)
        tried = [one for candidate, one in pairs if fold[candidate.file] == held_out]
        right += sum((probability(weights, one.features) >= 0.5) == one.is_secret for one in tried)
    print(f"cross-validated by file: right about {right} of {len(found)} candidates")


def print_held_out(name: str, weights: Features) -> None:
    """Print precision, recall and F1 on a set: by the rules alone, and with the weights."""
    found, wanted = of_set(name)
    likely = [probability(weights, features(one)) for one in found]
    pairs = list(zip(found, likely, strict=True))
    _print_row(name, "without", {one.place for one in found if one.blocks}, wanted)
    for least in DROPS:
        named = {one.place for one, chance in pairs if one.blocks and chance >= least}
        _print_row(name, f"drops what is below {least}", named, wanted)
    for least in RAISES:
        named = {one.place for one, chance in pairs if one.blocks or chance >= least}
        _print_row(name, f"raises low and dropped ones from {least}", named, wanted)


def _print_row(name: str, how: str, named: set[tuple[str, int]], wanted: set[tuple[str, int]]) -> None:
    right = len(named & wanted)
    precision, recall = right / max(len(named), 1), right / max(len(wanted), 1)
    print(f"| {name} | {how} | {precision:.3f} / {recall:.3f} / {2 * right / (len(named) + len(wanted)):.3f} |")


def print_unseen(root: Path, weights: Features) -> None:
    """Print how many of the candidates that block in a folder would be left at each threshold."""
    chances = [probability(weights, features(one)) for one in of_folder(root) if one.blocks]
    left = ", ".join(f"{sum(chance >= least for chance in chances)} at {least}" for least in (*DROPS, 0.05))
    print(f"{root.name}: {len(chances)} block; left {left}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--unseen", type=Path, nargs="*", default=[])
    options = parser.parse_args()
    found = [one for name in TRAINING for one in of_set(name)[0]]
    found += [one for folder in options.folders for one in of_folder(folder)]
    examples = [Example(features(one), one.is_secret) for one in found]
    print_cross_validated(found, examples)
    weights = trained(examples)
    print(f"{len(weights):,} weights\n| set | weights | precision / recall / F1 |\n| --- | --- | --- |")
    for name in HELD_OUT:
        print_held_out(name, weights)
    for folder in options.unseen:
        print_unseen(folder, weights)


if __name__ == "__main__":
    main()
