"""Places of an image's file system that decide what is run, and as whom: who writes there is root sooner or later."""

import posixpath

_FOLDERS = (
    *("/bin", "/boot", "/etc/apk", "/etc/apt", "/etc/cron.d", "/etc/cron.daily", "/etc/cron.hourly", "/etc/init.d"),
    *("/etc/ld.so.conf.d", "/etc/pam.d", "/etc/profile.d", "/etc/security", "/etc/ssh", "/etc/ssl", "/etc/sudoers.d"),
    *("/etc/systemd", "/lib", "/lib64", "/root", "/sbin", "/usr/bin", "/usr/lib", "/usr/lib64", "/usr/libexec"),
    *("/usr/local/bin", "/usr/local/lib", "/usr/local/sbin", "/usr/sbin", "/var/spool/cron"),
)
"""They, and all that is below."""
_FILES = frozenset(
    {
        *("/", "/etc", "/etc/crontab", "/etc/environment", "/etc/group", "/etc/gshadow", "/etc/ld.so.conf"),
        *("/etc/ld.so.preload", "/etc/passwd", "/etc/profile", "/etc/shadow", "/etc/shells", "/etc/sudoers"),
        *("/opt", "/srv", "/usr", "/usr/local", "/var"),
    }
)
"""They alone: who writes there replaces what lies in them, and below are also folders of applications' own."""


def is_system_place(path: str) -> bool:
    """True for `/usr/local/bin/run.sh`, `/etc/passwd`, `/srv` and `/etc/*`; not for `/srv/app` or `/etc/nginx`."""
    plain = posixpath.normpath(path.strip("\"'").rstrip("*") or ".")
    if plain in _FILES or plain == "//":
        return True
    return any(plain == folder or plain.startswith(f"{folder}/") for folder in _FOLDERS)
