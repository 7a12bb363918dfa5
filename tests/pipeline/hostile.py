"""A worker that was taken over: functions that a pool runs in place of a parser, each of which tries to do harm."""

import ctypes
import mmap
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from gate.core import broker
from gate.core.errors import GateError
from gate.model import StageError, Tree
from gate.pipeline import workers
from gate.pipeline.brokered_cache import File, KeptAnswers, Keys
from gate.pipeline.rpc import Answer, Call
from gate.pipeline.workers import FanOut, ProgressNote, Result, Run

LIBC = ctypes.CDLL(None, use_errno=True)
NONE = ctypes.c_void_p(0)
GIB = 1 << 30


class Try(msgspec.Struct, frozen=True):
    """What is tried, on whose machine."""

    what: str
    target: Tree
    home: str
    outside: str
    cache: str
    parent: int


def attempt(one: Try) -> str:
    """Try it, and say `done` or why not."""
    try:
        ATTEMPTS[one.what](one)
    except MemoryError:
        return "refused: no memory"
    except OSError as error:
        return f"refused: {error.strerror}"
    except (GateError, ValueError, subprocess.SubprocessError) as error:
        return f"refused: {error}"
    return "done"


def call(number: int, *arguments: object) -> Callable[[Try], None]:
    """Make a system call by its number on x86-64."""

    def make(_: Try) -> None:
        if LIBC.syscall(ctypes.c_long(number), *arguments) == -1:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

    return make


def libc(name: str, *arguments: object) -> Callable[[Try], None]:
    """Call a function of the C library that says -1 when it fails."""

    def make(_: Try) -> None:
        if getattr(LIBC, name)(*arguments) == -1:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

    return make


def opens(family: int, kind: int = socket.SOCK_STREAM) -> Callable[[Try], None]:
    return lambda _: socket.socket(family, kind).close()


def reads(path: str) -> Callable[[Try], None]:
    """Read a file; `{home}` and the like stand for places."""

    def read(one: Try) -> None:
        place = path.format(root=one.target.root, home=one.home, outside=one.outside, parent=one.parent)
        assert Path(place).read_bytes() is not None

    return read


def lists(path: str) -> Callable[[Try], None]:
    return lambda one: print(os.listdir(path.format(home=one.home, outside=one.outside)))


def writes(path: str) -> Callable[[Try], None]:
    def write(one: Try) -> None:
        place = path.format(root=one.target.root, home=one.home, outside=one.outside, cache=one.cache)
        Path(place).write_text("#!/bin/sh\ntouch /tmp/owned\n")

    return write


def maps(flags: int, size: int = 2 * GIB) -> Callable[[Try], None]:
    def take(_: Try) -> None:
        memory = mmap.mmap(-1, size, flags=flags)
        memory[0] = memory[size - 1] = 1

    return take


def in_target(change: Callable[[str], object]) -> Callable[[Try], None]:
    """Change `app.py` of the target."""
    return lambda one: print(change(os.path.join(one.target.root, "app.py")))


def to_parent(change: Callable[[int], object]) -> Callable[[Try], None]:
    return lambda one: print(change(one.parent))


def by_address(_: Try) -> None:
    """Send over the inherited line to somebody else."""
    assert workers.link is not None
    line = socket.socket(fileno=os.dup(workers.link._line._connection.fileno()))
    line.sendto(b"token", "\0elsewhere")


def many_private(_: Try) -> None:
    kept = []
    while True:
        kept.append(bytearray(64 << 20))


def asks(call: str, argument: object) -> Callable[[Try], None]:
    return lambda one: print(broker.ask(call, argument(one) if callable(argument) else argument, msgspec.Raw))


def git(command: str, *arguments: str, folder: str = "{root}") -> Callable[[Try], None]:
    """Have git started, and fail unless it says something."""

    def run(one: Try) -> None:
        from gate.git.process import Order
        from gate.git.running import run as run_git

        words = tuple(word.format(outside=one.outside, root=one.target.root) for word in arguments)
        if not run_git(Order(folder.format(root=one.target.root, outside=one.outside), command, words)):
            raise OSError(0, "git says nothing")

    return run


def password(one: Try) -> None:
    from gate.git import Repository

    if "s3cret" not in str(Repository(one.target.root).remotes):
        raise OSError(0, "it is not shown")


NETWORK: dict[str, Callable[[Try], None]] = {
    "socket: internet": opens(socket.AF_INET),
    "socket: internet, datagrams": opens(socket.AF_INET, socket.SOCK_DGRAM),
    "socket: internet 6": opens(socket.AF_INET6),
    "socket: raw": opens(socket.AF_INET, socket.SOCK_RAW),
    "socket: unix": opens(socket.AF_UNIX),
    "socket: unix, datagrams": opens(socket.AF_UNIX, socket.SOCK_DGRAM),
    "socket: netlink": opens(16, socket.SOCK_RAW),
    "socket: packets": opens(17, socket.SOCK_RAW),
    "socket: virtual machines": opens(40),
    "socket: kernel's crypto": opens(38, socket.SOCK_SEQPACKET),
    "socket: a pair": lambda _: print(socket.socketpair()),
    "socket: by another address": by_address,
    "io_uring_setup": call(425, 8, ctypes.create_string_buffer(120)),
    "connect": call(42, 0, NONE, 0),
    "bind": call(49, 0, NONE, 0),
    "listen": call(50, 0, 1),
    "accept4": call(288, 0, NONE, NONE, 0),
    "sendmmsg": call(307, 0, NONE, 0, 0),
}
PROGRAMS: dict[str, Callable[[Try], None]] = {
    "fork": lambda _: os._exit(0) if os.fork() == 0 else None,
    "vfork": call(58),
    "clone without a thread": call(56, signal.SIGCHLD, NONE, NONE, NONE, NONE),
    "clone of a user namespace": call(56, 0x10000000 | signal.SIGCHLD, NONE, NONE, NONE, NONE),
    "clone3": call(435, ctypes.create_string_buffer(88), 88),
    "a program": lambda _: print(subprocess.run(["true"])),
    "posix_spawn": lambda _: print(os.posix_spawn("/bin/true", ["true"], {})),
    "execve": lambda _: os.execv("/bin/true", ["true"]),
    "execveat": call(322, -100, b"/bin/true", NONE, NONE, 0),
    "a program of the target": lambda one: os.execv(os.path.join(one.target.root, "run.sh"), ["run"]),
    "memfd_create": lambda _: print(os.memfd_create("x")),
    "unshare": call(272, 0x10000000),
    "setns": call(308, 0, 0),
}
PROCESSES: dict[str, Callable[[Try], None]] = {
    "kill the parent": to_parent(lambda parent: os.kill(parent, 0)),
    "kill all": lambda _: os.kill(-1, 0),
    "kill the group": lambda _: os.killpg(0, 0),
    "tgkill of the parent": lambda one: call(234, one.parent, one.parent, 0)(one),
    "tkill of the parent": lambda one: call(200, one.parent, 0)(one),
    "signal by queue": lambda one: call(129, one.parent, 0, ctypes.create_string_buffer(128))(one),
    "ptrace": lambda one: call(101, 16, one.parent, NONE, NONE)(one),
    "process_vm_readv": lambda one: call(310, one.parent, NONE, 0, NONE, 0, 0)(one),
    "process_vm_writev": lambda one: call(311, one.parent, NONE, 0, NONE, 0, 0)(one),
    "pidfd_open": to_parent(lambda parent: os.pidfd_open(parent)),
    "pidfd_getfd": call(438, 0, 0, 0),
    "kcmp": lambda one: call(312, one.parent, one.parent, 0, 0, 0)(one),
    "limits of the parent": lambda one: call(302, one.parent, 7, NONE, ctypes.create_string_buffer(16))(one),
    "priority": lambda _: os.setpriority(os.PRIO_PGRP, 0, 5),
    "life beyond the parent": call(157, 1, 0, 0, 0, 0),
    "another session": lambda _: os.setsid(),
    "another group": lambda _: os.setpgid(0, 0),
    "signals by a file": lambda one: print(__import__("fcntl").fcntl(0, 8, one.parent)),
    "a terminal that is typed into": call(16, 0, 0x5412, b"x"),
}
READING: dict[str, Callable[[Try], None]] = {
    "/etc/shadow": reads("/etc/shadow"),
    "/etc/passwd": reads("/etc/passwd"),
    "the registry's login": reads("{home}/.docker/config.json"),
    "the shell's start file": reads("{home}/.bashrc"),
    "a neighbour's file": reads("{outside}/private.txt"),
    "a file behind a link of the target": reads("{root}/link"),
    "a file behind a folder's link": reads("{root}/folder/private.txt"),
    "a file above the target": reads("{root}/../outside/private.txt"),
    "the token in git's configuration": reads("{root}/.git/config"),
    "its own environment": reads("/proc/self/environ"),
    "its own memory": reads("/proc/self/maps"),
    "the parent's environment": reads("/proc/{parent}/environ"),
    "the parent's memory": reads("/proc/{parent}/mem"),
    "the parent's command": reads("/proc/{parent}/cmdline"),
    "the names at home": lists("{home}"),
    "the names of processes": lists("/proc"),
    "the names at the root": lists("/"),
    "open_by_handle_at": call(304, 0, ctypes.create_string_buffer(128), 0),
    "a mounted folder": call(428, -100, b"/", 1),
    "openat2": call(437, -100, b"/etc/passwd", ctypes.create_string_buffer(24), 24),
}
WRITING: dict[str, Callable[[Try], None]] = {
    "a hook of git": writes("{root}/.git/hooks/post-commit"),
    "the configuration of git": writes("{root}/.git/config"),
    "the shell's start file": writes("{home}/.bashrc"),
    "a source": writes("{root}/app.py"),
    "a new source": writes("{root}/conftest.py"),
    "a report": writes("{outside}/report.json"),
    "the cache": writes("{cache}/answers-2.sqlite"),
    "compiled patterns": writes("{cache}/secrets/x.hyperscan"),
    "an index of advisories": writes("{cache}/advisories/npm.sqlite"),
    "the gate itself": lambda _: Path(workers.__file__).open("ab").close(),
    "a package": lambda _: Path(msgspec.__file__).open("ab").close(),
    "the folder for temporary files": lambda _: Path("/tmp/gate-was-here").write_text(""),
    "a file without a name": lambda one: print(os.open(one.target.root, os.O_TMPFILE | os.O_RDWR)),
    "shared memory": lambda _: Path("/dev/shm/gate-was-here").write_text(""),
    "unlink": in_target(os.unlink),
    "rename": in_target(lambda path: os.rename(path, path + ".old")),
    "truncate": in_target(lambda path: os.truncate(path, 0)),
    "chmod": in_target(lambda path: os.chmod(path, 0o4755)),
    "chown": in_target(lambda path: os.chown(path, 0, 0)),
    "times": in_target(os.utime),
    "a link": in_target(lambda path: os.symlink("/etc/shadow", path + ".link")),
    "a hard link": in_target(lambda path: os.link(path, path + ".link")),
    "a folder": in_target(lambda path: os.mkdir(path + ".d")),
    "a pipe": in_target(lambda path: os.mkfifo(path + ".p")),
    "a device": in_target(lambda path: os.mknod(path + ".d", 0o20666, 259)),
    "an attribute": in_target(lambda path: os.setxattr(path, "user.x", b"1")),
}
MEMORY: dict[str, Callable[[Try], None]] = {
    "shared and anonymous": maps(mmap.MAP_SHARED | mmap.MAP_ANONYMOUS),
    "private": maps(mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS),
    "private, not reserved": maps(mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000),
    "a stack that grows": maps(mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x100),
    "huge pages": maps(mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x40000),
    "piece by piece": many_private,
    "System V's shared memory": call(29, 0, ctypes.c_size_t(GIB), 0o1600),
    "a higher limit": lambda _: __import__("resource").setrlimit(2, (1 << 40, 1 << 40)),
}
POWERS: dict[str, Callable[[Try], None]] = {
    "setuid": libc("setuid", 0),
    "setresgid": libc("setresgid", 0, 0, 0),
    "setgroups": libc("setgroups", 0, NONE),
    "chroot": libc("chroot", b"/"),
    "mount": libc("mount", b"none", b"/mnt", b"tmpfs", 0, NONE),
    "umount": call(166, b"/mnt", 0),
    "pivot_root": call(155, b"/", b"/"),
    "capset": call(126, ctypes.create_string_buffer(8), NONE),
    "bpf": call(321, 0, NONE, 0),
    "keyctl": call(250, 0, 0, 0, 0, 0),
    "add_key": call(248, b"user", b"x", b"x", 1, -3),
    "userfaultfd": call(323, 0),
    "perf_event_open": call(298, NONE, 0, -1, -1, 0),
    "init_module": call(175, NONE, 0, b""),
    "finit_module": call(313, 0, b"", 0),
    "kexec_load": call(246, 0, 0, NONE, 0),
    "reboot": call(169, 0, 0, 0, NONE),
    "swapon": call(167, b"/x", 0),
    "sethostname": call(170, b"x", 1),
    "settimeofday": call(164, NONE, NONE),
    "syslog": call(103, 10, NONE, 0),
    "personality": call(135, 0x0040000),
    "seccomp": call(317, 1, 0, NONE),
    "landlock": call(444, NONE, 0, 1),
    "modify_ldt": call(154, 0, NONE, 0),
    "iopl": call(172, 3),
}
CALLS: dict[str, Callable[[Try], None]] = {
    "an call that is none": asks("os.system", "touch /tmp/owned"),
    "another type": asks("git", {"arguments": 5}),
    "git elsewhere": git("files", folder="{outside}"),
    "git above": git("files", folder="{root}/.."),
    "git through a link": git("files", folder="{root}/folder"),
    "git of no command": git("push", "{outside}", "HEAD:x"),
    "git's configuration": git("config", "--get-regexp", "."),
    "git with an option": git("merge base", "--output={root}/app.py", "HEAD"),
    "git with an option at the end": git("independent", "--exec=touch /tmp/owned"),
    "git with another option": git("line", "1", "1", "--contents=/etc/shadow", "app.py"),
    "git of two words": git("commits with borders", "HEAD --output=x"),
    "an address with a password": password,
    "a program of the settings that nobody allowed": asks("tools.run", ("x", None, 1.0)),
    "another folder of the cache": asks("cache.known", lambda one: Keys(one.outside, (b"k" * 16,))),
    "a file beside the cache": asks("cache.write", lambda one: File(one.cache, "../escaped", b"x")),
    "answers beside the cache": asks("cache.keep", lambda one: KeptAnswers(one.outside, {b"k" * 16: b"x"})),
    "the name of others' code": asks("cache.code", lambda one: (os.path.join(one.outside, "private.txt"),)),
    "advisories of its own": asks(
        "advisories.index",
        lambda one: {
            "base": "npm",
            "source": {"path": one.target.root + "/all.zip", "shown": "npm/all.zip", "cache_folder": one.cache},
        },
    ),
}
GROUPS = {
    "network": NETWORK,
    "programs": PROGRAMS,
    "processes": PROCESSES,
    "reading": READING,
    "writing": WRITING,
    "memory": MEMORY,
    "powers": POWERS,
    "calls": CALLS,
}
ATTEMPTS = {f"{group}: {name}": act for group, acts in GROUPS.items() for name, act in acts.items()}


def environment(one: Try) -> dict[str, str]:
    """Return all that the worker knows of its environment."""
    getenv = LIBC.getenv
    getenv.restype = ctypes.c_char_p
    return {
        "os.environ": repr(dict(os.environ)),
        "getenv": repr(getenv(b"CI_JOB_TOKEN")),
        "secret names": repr([name for name in os.environb if b"TOKEN" in name]),
    }


def capabilities(_: Try) -> str:
    """Return what the kernel says of this process' rights, in hexadecimal digits."""
    header, sets = ctypes.create_string_buffer(b"\x22\x05\x08\x20\0\0\0\0", 8), ctypes.create_string_buffer(24)
    number = 125 if os.uname().machine == "x86_64" else 90
    done = LIBC.syscall(number, header, sets)
    return sets.raw.hex() if done == 0 else "not told"


def wait_there(one: Try) -> int:
    """Stay for a while, so that somebody can look."""
    Path(f"/proc/{os.getpid()}")  # its number is what it answers with
    assert workers.link is not None
    workers.link.say(str(os.getpid()))
    time.sleep(1.5)
    return os.getpid()


def die_of(how: str) -> str:
    """Do what the filter ends a process for."""
    code = {"32 bits": b"\xb8\x14\x00\x00\x00\xcd\x80\xc3", "x32": b"\xb8\x27\x00\x00\x40\x0f\x05\xc3"}[how]
    memory = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=7)
    memory.write(code)
    place = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    return str(ctypes.CFUNCTYPE(ctypes.c_int)(place)())


def lie(how: str) -> str:
    """Say to the pool what it did not ask for."""
    assert workers.link is not None
    line = workers.link._line
    send = line._connection.sendall
    match how:
        case "two answers":
            line.send(Result((Answer(b"\xa1x"), Answer(b"\xa1y"))))
        case "another type":
            line.send(Result((Answer(msgspec.msgpack.encode({"status": "pass"})),)))
            time.sleep(0.2)
        case "no message":
            send((5).to_bytes(4, "little") + b"nope!")
        case "a giant":
            send((1 << 31).to_bytes(4, "little"))
        case "half a message":
            send((100).to_bytes(4, "little") + b"x")
            time.sleep(60)
        case "another kind":
            line.send(Run(Call("os:system", (msgspec.msgpack.encode("touch /tmp/owned"),), ())))
        case "a call of anything":
            line.send(FanOut(Call("subprocess:run", (msgspec.msgpack.encode("true"),), ())))
            line.receive(Result)
        case "no items":
            line.send(FanOut(Call("tests.pipeline.hostile:lie", (), ())))
        case "without an end":
            while True:
                line.send(ProgressNote("x" * 10_000))
        case "help that is not taken":
            item = msgspec.msgpack.encode("x" * (1 << 20))
            line.send(FanOut(Call("tests.pipeline.hostile:back", (item,) * 30, ())))
            time.sleep(60)
        case "help while it waits":
            item = msgspec.msgpack.encode("x")
            message = msgspec.msgpack.encode(FanOut(Call("tests.pipeline.hostile:back", (item,), ())))
            send((len(message).to_bytes(4, "little") + message) * 2)  # at once: the first might be answered between two
        case "nothing any more":
            line.close()
            time.sleep(60)
        case "a thread that goes on":
            threading.Thread(target=time.sleep, args=(600,), daemon=False).start()
            return "answered"
        case "an exit":
            sys.stdout.flush()
            os._exit(0)
    return "unread"


def back(item: str) -> str:
    return item


def result_of_another(_: str) -> StageError:
    return StageError(title="forged")
