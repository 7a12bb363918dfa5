"""Programs and libraries of which is known what they start of their own, by their manuals and sources.

Else a program may start whatever its strings name, and in most of them nearly each word is one of a message, a key or a
table. What these are given, and what their settings say, is followed as for any other.
"""

import re

_BIN = r"(?:usr/)?s?bin/"
_LIB = r"(?:usr/)?lib(?:64)?/(?:[\w-]+-linux-gnu\w*/)?"
_GCC = r"usr/lib(?:exec)?/gcc/[\w-]+/[\d.]+/"
_TARGET = r"(?:[\w-]+-)?"
"""In front of the name of a compiler for a machine: `x86_64-linux-gnu-`."""
_VERSION = r"(?:-[\d.]+)?"

_SHELLS = r"r?bash|d?ash|[ml]?ksh|zsh|t?csh|fish|sh"
_DELEGATES = (
    r"sh|rm|mv|ln|cp|cat|echo|basename|dirname|cut|autotrace|blender|bpg\w+|curl|wget|cjxl|djxl|cwebp|dwebp|dcraw|ufraw-batch|dot|dvips"
    r"|ffmpeg|fig2dev|gimp|gnuplot|gs|hp2xx|html2ps|ilbmtoppm|ppmtoilbm|inkscape|Jxr\w+|lepton|lpr?|mrsidgeodecode|pcl6|gxps"
    r"|potrace|pstoedit|rsvg-convert|scanimage|soffice|uniconvertor|vi|xclip|xdg-open|xterm|zip|unzip|gzip|uncompress|txt2html"
    r"|nroff|man|animate|compare|composite|conjure|convert|display|identify|import|magick|mogrify|montage|stream"
)
_OWN_STARTS = {
    _BIN + r"(?:runuser|script|su|watch)": _SHELLS,
    _BIN + r"xargs": "echo",
    # dnsmasq(8): --dhcp-script and --conf-script alone
    _BIN + r"dnsmasq": _SHELLS,
    # dbus-launch(1), "Automatic Launching"
    _LIB + r"libdbus-1\.so.*": "dbus-launch",
    # aria2c(1), "Event Hook": --on-download-complete and its like
    _LIB + r"libaria2\.so.*": "",
    # rsyslog.conf(5): what actions name
    _BIN + r"rsyslogd|" + _LIB + r"rsyslog/\w+\.so": "",
    # xinetd.conf(5): `server`
    _BIN + r"xinetd": "",
    # rsync(1): --rsh
    _BIN + r"rsync": r"ssh|rsh|remsh|rsync|" + _SHELLS,
    # popt(3): aliases in `/etc/popt` and `~/.popt`
    _LIB + r"libpopt\.so.*": "",
    # os.execute, io.popen and exec of scripts
    _LIB + r"lib(?:luajit-|lua|tcl)[\d.]+\.so.*": "",
    # pipe_read_line of PostgreSQL's exec.c, for the caller's own folder
    _LIB + r"libpq\.so.*": "",
    # the manual pages of Linux-PAM
    _LIB + r"security/pam_\w+\.so": (
        r"unix_chkpwd|unix_update|mkhomedir_helper|pwhistory_helper|pam_namespace_helper|xauth|run-parts|env|" + _SHELLS
    ),
    # semanage.conf(5)
    _LIB + r"libsemanage\.so.*": "load_policy|setfiles|sefcontext_compile|genhomedircon",
    # nscd.c, sssd.c and `tallylog_reset` of shadow; passwd(1), expiry(1)
    _BIN + r"(?:user|group)(?:add|mod|del)|" + _BIN + r"(?:ch(?:g?passwd|age|fn|sh)|g?passwd|newusers|expiry)": (
        r"nscd|sss_cache|pam_tally2?|faillog|chfn|chsh|passwd"
    ),
    # ssh(1), ssh_config(5), sftp(1): `lls`
    _BIN + r"(?:ssh(?:-\w+)?|scp|sftp)|usr/lib/openssh/[\w-]+": r"ssh(?:-\w+)*|scp|sftp|x(?:11-ssh-askpass|auth)|ls|"
    + _SHELLS,
    # pkcs11.conf(5), `remote`
    _LIB + r"libp11-kit\.so.*": "",
    # `compr` in compress.c of file(1): what unpacks
    _LIB + r"libmagic\.so.*": r"gzip|uncompress|bzip2|lzip|xz|unxz|lzma|lrzip|lz4|zstd",
    # topology/dm.c and lvm.c
    _LIB + r"libblkid\.so.*": r"dmsetup|lv\w+",
    # mount(8), "External helpers": these are followed by their names in folders
    _LIB + r"libmount\.so.*": r"u?mount(?:\..+)?",
    # delegates.xml, which it holds as well
    _LIB + r"libMagick(?:Core|\+\+|Wand)-.*\.so.*": _DELEGATES,
    # "Spec Files" and -wrapper of gcc(1); collect2's and lto-wrapper's programs ("Collect2" in GCC's internals)
    _BIN + _TARGET + r"(?:gcc|g\+\+|cpp|c\+\+)" + _VERSION: _TARGET
    + r"(?:as|ld(?:\.\w+)?|objcopy|gcc|g\+\+|make)"
    + _VERSION,
    _GCC + r"(?:collect2|lto-wrapper|liblto_plugin\.so)": (
        _TARGET
        + r"(?:as|g?ld(?:\.\w+)?|(?:real|collect)-ld|g?nm|g?strip|ldd|c\+\+filt|objcopy|gcc|g\+\+|make)"
        + _VERSION
    ),
    # a debugger's function to draw a graph
    _GCC + r"(?:cc1(?:plus)?|lto1)": "dot",
    # ld(1), --error-handling-script
    _BIN + _TARGET + r"ld\.bfd": "",
    # "The archive" in gprofng-archive(1)
    _LIB + r"gprofng/libgp-collector\.so": r"(?:gprofng|gp)-\w+",
}
"""By a program's or library's path: the names of what it starts without being given its name."""
_KNOWN = [(re.compile(path), re.compile(rf"(?:{names})".encode())) for path, names in _OWN_STARTS.items()]


def own_starts(path: str) -> "re.Pattern[bytes] | None":
    """Return which names a file that a package brought starts by itself, as a whole; None if that is not known."""
    return next((names for file, names in _KNOWN if file.fullmatch(path)), None)
