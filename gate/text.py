"""What plug-ins need to show text from outside: the documented name of `gate.core.text`."""

from gate.core.text import counted, one_line, visible, visible_lines, without_credentials

__all__ = ["counted", "one_line", "visible", "visible_lines", "without_credentials"]
