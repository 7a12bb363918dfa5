"""`badge`: the verdict as a small SVG picture, for a README."""

from typing import TextIO

from gate.model import Report, VerdictStatus

_COLOURS = {VerdictStatus.PASS: "#2e7d32", VerdictStatus.FAIL: "#c62828", VerdictStatus.INCOMPLETE: "#8a6d00"}
_WORDS = {VerdictStatus.PASS: "pass", VerdictStatus.FAIL: "fail", VerdictStatus.INCOMPLETE: "incomplete"}
_LABEL = "security gate"
_PER_CHARACTER = 6.6
"""Pixels of a character of the font, on average."""


def write(report: Report, stream: TextIO) -> None:
    """Write the picture: 20 pixels high, as wide as its words."""
    word = _WORDS[report.verdict.status]
    left, right = (round(len(text) * _PER_CHARACTER) + 14 for text in (_LABEL, word))
    stream.write(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img"'
        f' aria-label="{_LABEL}: {word}"><title>{_LABEL}: {word}</title>'
        f'<rect width="{left}" height="20" fill="#444"/>'
        f'<rect x="{left}" width="{right}" height="20" fill="{_COLOURS[report.verdict.status]}"/>'
        '<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
        f'<text x="{left / 2:g}" y="14">{_LABEL}</text><text x="{left + right / 2:g}" y="14">{word}</text></g></svg>\n'
    )
