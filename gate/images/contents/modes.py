"""Files and folders with remarkable modes: setuid and setgid programs, and what every user may write to."""

import msgspec

from gate.trees import Entry, EntryKind

_SET_ID = 0o6000
_STICKY = 0o1000
_WRITABLE_BY_ALL = 0o002
MAX_NAMED = 1_000
"""Paths of each kind that are listed."""


class Modes(msgspec.Struct):
    """Paths by what is remarkable in their modes."""

    privileged: list[str] = []
    """Files with setuid or setgid."""
    writable_files: list[str] = []
    writable_folders: list[str] = []
    """Folders that every user may write to and that have no sticky bit, so that users can replace others' files."""

    def note(self, entry: Entry) -> None:
        """Look at one file or folder."""
        if entry.kind is EntryKind.FILE:
            self._note(self.privileged, entry, is_so=bool(entry.mode & _SET_ID))
            self._note(self.writable_files, entry, is_so=bool(entry.mode & _WRITABLE_BY_ALL))
        elif entry.kind is EntryKind.FOLDER:
            is_open = entry.mode & (_WRITABLE_BY_ALL | _STICKY) == _WRITABLE_BY_ALL
            self._note(self.writable_folders, entry, is_so=is_open)

    def _note(self, paths: list[str], entry: Entry, *, is_so: bool) -> None:
        if is_so and len(paths) < MAX_NAMED:
            paths.append(entry.path)
