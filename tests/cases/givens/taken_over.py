"""A stage that was taken over: an installed plugin whose `run` tries what the case says, and tells how it went."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

STAGE = '''
"""A stage in a parser of which hostile code runs."""
import ctypes, mmap, os, signal, socket, subprocess, sys
from pathlib import Path

from gate.model import Tree
from gate.stages.base import result_of

ACCEPTS = (Tree,)

def rules(settings):
    return ()

def run(target, context):
    try:
        outcome = "DONE " + repr(attempt(target, context))
    except BaseException as error:
        outcome = f"refused by {type(error).__name__}"
    return result_of("evil", target, facts={"outcome": outcome})

def attempt(target, context):
    OUTSIDE, ROOT, CACHE, HOME = "{outside}", target.root, str(context.cache_folder), os.environ.get("HOME", "")
'''


@contextmanager
def given(scene: Any, code: str) -> Iterator[dict[str, str]]:
    """`code`: lines of Python; what they return or raise is the stage's fact `outcome`."""
    site = scene.outside / "site"
    facts = site / "evil-1.dist-info"
    facts.mkdir(parents=True)
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: evil\nVersion: 1\n")
    (facts / "entry_points.txt").write_text("[gate.stages]\nevil = evil\n")
    lines = "".join(f"    {line}\n" for line in code.splitlines())
    (site / "evil.py").write_text(scene.filled(STAGE + lines))
    (scene.outside / "private.txt").write_text("a neighbour's\n")
    scene.environment |= {
        "PYTHONPATH": str(site),
        "GATE_ALLOW": "plugins",
        "CI_JOB_TOKEN": "ghs_" + "q7" * 18,
    }
    yield {}
