"""Programs and libraries of which is known what they start of their own, by their manuals.

Else a program may start whatever its strings name, and in most of them nearly each word is one of a message, a key or a
table. What these are given, and what their settings say, is followed as for any other.
"""

import re

from gate.reachability.runtimes.named.known_starts import KnownStarts

_BIN = r"(?:usr/)?s?bin/"
_LIB = r"(?:usr/)?lib(?:64)?/(?:[\w-]+-linux-gnu\w*/)?"
_GCC = r"usr/lib(?:exec)?/gcc/[\w-]+/[\d.]+/"
_TARGET = r"(?:[\w-]+-)?"
"""In front of the name of a compiler for a machine: `x86_64-linux-gnu-`."""
_VERSION = r"(?:-[\d.]+)?"
_SHELLS = r"r?bash|d?ash|[ml]?ksh|zsh|t?csh|fish|sh"
_UNPACKERS = r"g(?:un)?zip|zcat|(?:un)?compress|l?bzip2|bunzip2|lzip|lz4|lzma|lzop|lrzip|(?:un)?xz|pixz|zstd"
_OF_GIT = "git|scalar|git-(?:daemon|http-(?:backend|fetch|push)|imap-send|remote-http|sh-i18n--envsubst|shell)"
_OF_GNUPG = rf"gpg[\w-]*|dirmngr[\w-]*|keyboxd|scdaemon|tpm2daemon|pinentry[\w-]*|sendmail|{_SHELLS}"
_TOOLS = (
    rf"{_TARGET}(?:as|ar|g?ld(?:\.\w+)?|(?:real|collect)-ld|g?nm|g?strip|ranlib|ldd|c\+\+filt|objcopy|cpp|make"
    rf"|[gc]?cc|[gc]\+\+){_VERSION}"
)
_OWN_STARTS = {
    _BIN + r"(?:runuser|script|su|watch)": _SHELLS,
    _BIN + r"xargs": "echo",
    # dnsmasq(8): --dhcp-script and --conf-script alone
    _BIN + r"dnsmasq": _SHELLS,
    # aria2c(1), "Event Hook": --on-download-complete and its like
    _LIB + r"libaria2\.so.*": "",
    # dbus-launch(1), "Automatic Launching"; what has an address that is a command (`unixexec:`) starts that itself
    _LIB + r"libdbus-1\.so.*": "dbus-launch",
    # pkcs11.conf(5), `remote`
    _LIB + r"libp11-kit\.so.*": "",
    # git(1), "Environment Variables" and "Git Commands"; git-help(1), git-maintenance(1), git-shell(1), `gpg.program`
    # and `core.sshCommand` of git-config(1), with the names of ssh.variant
    rf"{_BIN}(?:git(?:-shell|-receive-pack|-upload-\w+)?|scalar)|usr/lib/git-core/(?:{_OF_GIT})": (
        r"git(?:k|web|-[\w-]+)?|scalar|cvs|ssh(?:-keygen)?|(?:tortoise)?plink|putty|gpg2?|gpgsm|sensible-(?:editor|pager)"
        rf"|editor|pager|less|vim?|man|info|emacsclient|konqueror|kfmclient|crontab|systemctl|{_SHELLS}"
    ),
    # "Invoking GnuPG" and "Helper Tools" of its manual; --photo-viewer of gpg(1)
    _BIN + "gpg2?": rf"{_OF_GNUPG}|display|xloadimage|xdg-open",
    rf"{_BIN}(?:gpg[\w-]+|dirmngr[\w-]*|kbxutil)|usr/lib(?:exec)?/gnupg2?/[\w-]+": _OF_GNUPG,
    # sq(1) and Sequoia's `ipc` and `keystore`
    _BIN + r"sq": r"gpg[\w-]*|keyboxd|scdaemon|dirmngr|sequoia-[\w-]+|sq[\w-]*|less|pager|editor|vim?",
    # ssh(1), ssh_config(5); sftp(1), `!ls`; scp(1), which copies here by cp(1)
    rf"{_BIN}(?:ssh(?:-(?:add|agent|argv0|keygen|keyscan))?|scp|sftp)|usr/lib/openssh/ssh-[\w-]+": (
        rf"ssh(?:-[\w-]+)?|scp|sftp(?:-server)?|x(?:11-ssh-askpass|auth)|ls|cp|{_SHELLS}"
    ),
    # "Compressed Archives", --rmt-command and --rsh-command of tar's manual
    _BIN + "tar": rf"{_UNPACKERS}|rmt(?:-tar)?|[rs]sh|{_SHELLS}",
    # "Catalogue of Built-In Rules" of make's manual
    _BIN + "make": (
        rf"{_TOOLS}|f77|fc|m2c|pc|lint|lex|flex|yacc|bison|tangle|weave|c(?:tangle|weave)|tex|makeinfo|texi2dvi"
        rf"|co|get|rm|cat|cp|chmod|test|touch|{_SHELLS}"
    ),
    # m4's `syscmd`; patch(1), --get; `iprog` of terminfo(5)
    _BIN + "m4": _SHELLS,
    _BIN + "patch": rf"ed|co|rcsdiff|get|cleartool|p4|{_SHELLS}",
    _BIN + "(?:tset|reset)": "",
    # fsck(8)
    _BIN + "fsck": r"fsck(?:\..+)?",
    # "Programs called by dpkg" of dpkg(1), dpkg-deb(1), update-alternatives(1), start-stop-daemon(8)
    rf"{_BIN}(?:dpkg[\w-]*|update-alternatives)": (
        rf"dpkg[\w-]*|debsig-verify|tar|{_UNPACKERS}|rm|mv|cat|diff|ldconfig|start-stop-daemon|(?:sensible-)?pager|less"
        rf"|{_SHELLS}"
    ),
    _BIN + "start-stop-daemon": "",
    # nscd.c, sssd.c and `tallylog_reset` of shadow; passwd(1), expiry(1)
    rf"{_BIN}(?:(?:user|group)(?:add|mod|del)|ch(?:g?passwd|age|fn|sh)|g?passwd|newusers|expiry)": (
        r"nscd|sss_cache|pam_tally2?|faillog|chfn|chsh|passwd"
    ),
    # the manual pages of Linux-PAM's modules
    _LIB + r"security/pam_(?:exec|filter|mkhomedir|motd|namespace|pwhistory|unix|xauth)\.so": (
        rf"unix_chkpwd|unix_update|(?:mkhomedir|pwhistory|pam_namespace)_helper|xauth|run-parts|env|rm|{_SHELLS}"
    ),
    # "Spec Files" and -wrapper of gcc(1), "Collect2" of GCC's internals, ld(1); cc1's debugging functions draw graphs
    rf"{_BIN}{_TARGET}(?:gcc(?:-ar|-nm|-ranlib)?|g\+\+|cpp|c\+\+){_VERSION}": _TOOLS,
    rf"{_GCC}(?:collect2|lto-wrapper|liblto_plugin\.so)": _TOOLS,
    rf"{_GCC}(?:cc1(?:plus)?|lto1)": "dot",
    _BIN + _TARGET + r"ld\.bfd": "",
    # the manual pages of gprofng; what it collects is given
    _BIN + "gprofng": r"(?:gprofng|gp)-[\w-]+",
    rf"{_BIN}gprofng-collect-app|{_LIB}(?:gprofng/)?libgp-\w+\.so": "(?:gprofng|gp)-archive",
    rf"{_BIN}gprofng-(?:archive|display-(?:src|text))|{_LIB}libgprofng\.so.*": (
        rf"rm|mkdir|rmdir|ps|lp|pstack|true|{_SHELLS}"
    ),
    # delegates.xml, which is also inside of the library
    _LIB + r"libMagick(?:Core|\+\+|Wand)-.*\.so.*": (
        r"sh|rm|mv|ln|cp|cat|echo|basename|dirname|cut|autotrace|blender|bpg\w+|curl|wget|cjxl|djxl|cwebp|dwebp|dcraw"
        r"|ufraw-batch|dot|dvips|ffmpeg|fig2dev|gimp|gnuplot|gs|hp2xx|html2ps|ilbmtoppm|ppmtoilbm|inkscape|Jxr\w+|lepton|lpr?"
        r"|mrsidgeodecode|pcl6|gxps|potrace|pstoedit|rsvg-convert|scanimage|soffice|uniconvertor|vi|xclip|xdg-open|xterm|zip"
        r"|unzip|gzip|uncompress|txt2html|nroff|man|animate|compare|composite|conjure|convert|display|identify|import|magick"
        r"|mogrify|montage|stream"
    ),
    # `compr` in compress.c of file(1): what unpacks
    _LIB + r"libmagic\.so.*": _UNPACKERS,
    # topology/dm.c and lvm.c of util-linux; mount(8), "External helpers": these are followed by their names in folders
    _LIB + r"libblkid\.so.*": r"dmsetup|lv\w+",
    _LIB + r"libmount\.so.*": r"u?mount(?:\..+)?",
    # editline(7), `vi_histedit`
    _LIB + r"libedit\.so.*": "vi|editor",
    # "Runtime Configuration Area" of Subversion's book: [helpers] and [tunnels]
    rf"{_BIN}svn\w*|{_LIB}libsvn_\w+-1\.so.*": rf"svn\w*|ssh|diff3?|editor|vim?|{_SHELLS}",
    # hg(1), "chg"
    _BIN + "chg": rf"hg|chg|{_SHELLS}",
    # terminfo(5), proc_open(3), audit_syscall_to_name(3): names of capabilities, values and calls of the kernel
    _LIB + r"lib(?:tinfo|ncursesw?|proc2|audit)\.so.*": "",
    # limits.conf(5): `nice`, `chroot` and `nproc` are limits
    _LIB + r"security/pam_limits\.so": "",
    # dmesg(1), --human
    _BIN + "dmesg": rf"less|more|(?:sensible-)?pager|{_SHELLS}",
    # what callers hand on
    _LIB + r"lib(?:apr-1|assuan|gpg-error|selinux)\.so.*": _SHELLS,
    _LIB + r"libglib-2\.0\.so.*": rf"gdb|{_SHELLS}",
    # GAppInfo and GDBusConnection of GIO's manual
    _LIB + r"libgio-2\.0\.so.*": (
        rf"gio-launch-desktop|dbus-(?:launch|monitor)|update-(?:mime|desktop)-database|[\w-]*term[\w-]*|kgx|tilix|konsole"
        rf"|rxvt|{_SHELLS}"
    ),
    rf"{_LIB}glib-2.0/gio-launch-desktop|{_BIN}gio": "",
}
"""By a program's or library's path: the names of what it starts without being given its name."""
_KNOWN = KnownStarts(_OWN_STARTS)


def own_starts(path: str) -> "re.Pattern[bytes] | None":
    """Return which names a file that a package brought starts by itself, as a whole; None if that is not known."""
    return _KNOWN.of(path)
