"""Files that libraries open for their callers: the C library's data files, name services, OpenSSL's settings.

No program that needs them names them, so they are listed here by function and by library. Sources: nsswitch.conf(5),
locale(7), tzset(3), gai.conf(5), host.conf(5), config(5ssl).
"""

from gate.core.word_lists import word_lists

_NAMES = ("etc/nsswitch.conf", "etc/host.conf", "etc/hosts", "etc/resolv.conf")
_ACCOUNTS = ("etc/nsswitch.conf", "etc/passwd", "etc/group")
_TIME = ("etc/localtime",)
_LOCALE = ("usr/lib/locale/locale-archive", "usr/lib/locale/C.utf8/LC_CTYPE", "usr/share/locale/locale.alias")

FILES_OF_FUNCTIONS: dict[str, tuple[str, ...]] = {
    "getaddrinfo": _NAMES,
    "gethostbyname": _NAMES,
    "gethostbyname_r": _NAMES,
    "getpwnam": _ACCOUNTS,
    "getpwnam_r": _ACCOUNTS,
    "getpwuid": _ACCOUNTS,
    "getpwuid_r": _ACCOUNTS,
    "getgrnam": _ACCOUNTS,
    "getgrnam_r": _ACCOUNTS,
    "initgroups": _ACCOUNTS,
    "localtime": _TIME,
    "localtime_r": _TIME,
    "tzset": _TIME,
    "setlocale": _LOCALE,
    "newlocale": _LOCALE,
    **dict.fromkeys(word_lists(__file__)["name_services"], ()),
}
"""Functions of the C library, and the files that they read where they are there."""

FILES_OF_LIBRARIES: dict[str, tuple[str, ...]] = {
    "ld-linux": ("etc/ld.so.cache", "etc/ld.so.preload"),
    "libcrypto.so": ("usr/lib/ssl/openssl.cnf", "etc/ssl/openssl.cnf", "etc/pki/tls/openssl.cnf"),
    "libkrb5.so": ("etc/krb5.conf",),
    "libfontconfig.so": ("etc/fonts/fonts.conf",),
    "libldap": ("etc/ldap/ldap.conf", "etc/openldap/ldap.conf"),
    "libodbc": ("etc/odbcinst.ini", "etc/odbc.ini"),
}
"""How the names of libraries begin, and the files that each reads as it is initialised."""
