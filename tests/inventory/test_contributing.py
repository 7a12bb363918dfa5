"""The contributor guide shows a whole reader, and shows it as it is."""

from pathlib import Path

from gate.inventory.lockfiles import LOCKFILES

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
SHOWN = ROOT / "gate" / "inventory" / "lockfiles" / "pub.py"


def test_the_reader_in_the_guide_is_the_one_that_runs() -> None:
    source = SHOWN.read_text(encoding="utf-8")
    assert f"```python\n{source.rstrip()}\n```" in GUIDE
    assert LOCKFILES["pub"] == ("pubspec.lock",)


def test_it_is_short_enough_for_a_first_time() -> None:
    assert len(SHOWN.read_text(encoding="utf-8").splitlines()) < 60
