"""What stands between the sandbox and the program: limits, and behind `unshare` the private files; then the program.

Run as a plain file (`python -I -S launch.py OPTION… -- WORD…`), so it imports nothing of the package and starts in
15 ms. `sandbox.py` writes its options. `bwrap` has built its walls already when this runs; `unshare` of util-linux only
makes namespaces, and what is to be seen in them is put together here, the way bubblewrap does it.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys

TYPE_CHECKING = False  # `typing` takes longer to import than all else here
if TYPE_CHECKING:
    from socket import socket

_MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_BIND, _MS_REC = 2, 4, 8, 4096, 16384
_MNT_DETACH = 2
_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000
_MOUNT_ATTR_RDONLY, _MOUNT_ATTR_NOSUID = 1, 2
_SYS_MOUNT_SETATTR = 442
"""The same on every architecture; Linux 5.12."""
_SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41, "riscv64": 41, "ppc64le": 203, "s390x": 217}
_SYS_CAPSET = {"x86_64": 126, "aarch64": 91, "riscv64": 91, "ppc64le": 184, "s390x": 185}
_PR_SET_PDEATHSIG, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS = 1, 24, 38
_CAPABILITY_VERSION_3 = 0x20080522
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 1
_OLD = "/.groundplan-outside"
_DEVICES = ("null", "zero", "full", "random", "urandom")
_LOOPBACK = "127.0.0.1"
_RELAY_BYTES = 65536

libc = ctypes.CDLL(None, use_errno=True)


class Options:
    """The words before `--`, read."""

    def __init__(self, words: list[str]) -> None:
        self.limits: dict[str, int] = {}
        self.mounts: list[tuple[str, ...]] = []
        self.flags: set[str] = set()
        self.relay: tuple[int, str] | None = None
        rest = iter(words)
        for word in rest:
            name = word.removeprefix("--")
            if not name:
                break
            if name in ("cpu", "as", "data", "fsize"):
                self.limits[name] = int(next(rest))
            elif name in ("ro", "rw"):
                self.mounts.append((name, next(rest)))
            elif name == "link":
                self.mounts.append((name, next(rest), next(rest)))
            elif name == "relay":
                self.relay = (int(next(rest)), next(rest))
            else:
                self.flags.add(name)
        self.program = list(rest)


def main(words: list[str]) -> None:
    """Does what the options say and becomes the program."""
    options = Options(words)
    if "die-with-parent" in options.flags:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getpid() != os.getsid(0):
        os.setsid()
    if "no-input" in options.flags:
        os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
    if "loopback" in options.flags:
        raise_loopback()
    if "private-files" in options.flags:
        private_files(options.mounts)
    if "private-user" in options.flags:
        drop_capabilities()
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    limit(options.limits)
    start(options)


def limit(limits: dict[str, int]) -> None:
    """No core files, and at most so much of each; a lower limit of the caller's stays."""
    for name, wanted in {"core": 0, **limits}.items():
        kind = getattr(resource, f"RLIMIT_{name.upper()}")
        most = resource.getrlimit(kind)[1]
        value = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        resource.setrlimit(kind, (value, value))


def drop_capabilities() -> None:
    """None is left, and no program started later has one, whoever owns it."""
    for capability in range(64):
        libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
    number = _SYS_CAPSET.get(os.uname().machine)
    if number is None:
        raise OSError(f"capset on {os.uname().machine}")
    header, none = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0), (ctypes.c_uint32 * 6)()
    _must(libc.syscall(ctypes.c_long(number), header, none), "capset")


def raise_loopback() -> None:
    """The loopback interface of a new network namespace, which is down at first."""
    libc.socket.restype = ctypes.c_int
    descriptor = libc.socket(2, 2 | 0o2000000, 0)
    request = ctypes.create_string_buffer(b"lo".ljust(16, b"\0") + _IFF_UP.to_bytes(2, sys.byteorder), 40)
    _must(libc.ioctl(descriptor, _SIOCSIFFLAGS, request), "loopback")
    os.close(descriptor)


def private_files(mounts: list[tuple[str, ...]]) -> None:
    """A file system of its own that shows `mounts` and nothing else; where it cannot be had, OSError."""
    here = os.getcwd()  # noqa: PTH109 - no pathlib: start-up time
    _must(libc.mount(b"groundplan", b"/tmp", b"tmpfs", _MS_NOSUID | _MS_NODEV, b"mode=0755,size=4m"), "tmpfs")
    os.mkdir(f"/tmp{_OLD}")  # noqa: PTH102
    number = _SYS_PIVOT_ROOT.get(os.uname().machine)
    if number is None:
        raise OSError(f"pivot_root on {os.uname().machine}")
    _must(libc.syscall(number, b"/tmp", f"/tmp{_OLD}".encode()), "pivot_root")
    os.chdir("/")
    for kind, path, *target in mounts:
        if kind == "link":
            _folder(os.path.dirname(target[0]))  # noqa: PTH120
            os.symlink(path, target[0])  # noqa: PTH211
        else:
            _bind(path, read_only=kind == "ro")
    for name in _DEVICES:
        _bind(f"/dev/{name}", read_only=False)
    _folder("/proc")
    # Refused where /proc is covered in parts, as in most containers; then there is none, which hides as much.
    libc.mount(b"proc", b"/proc", b"proc", _MS_NOSUID | _MS_NODEV | _MS_NOEXEC, None)
    _must(libc.umount2(_OLD.encode(), _MNT_DETACH), "umount")
    os.rmdir(_OLD)  # noqa: PTH106
    _set_read_only("/", 0)
    os.chdir(here)


def _bind(path: str, read_only: bool) -> None:
    """Shows `path` of the outside at the same place."""
    outside = _OLD + path
    if os.path.isdir(outside):  # noqa: PTH112
        _folder(path)
    elif os.path.exists(outside):  # noqa: PTH110
        _folder(os.path.dirname(path))  # noqa: PTH120
        if not os.path.exists(path):  # noqa: PTH110
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    else:
        return
    _must(libc.mount(os.fsencode(outside), os.fsencode(path), None, _MS_BIND | _MS_REC, None), path)
    if read_only:
        _set_read_only(path, _AT_RECURSIVE)


def _set_read_only(path: str, flags: int) -> None:
    attributes = (ctypes.c_uint64 * 4)(_MOUNT_ATTR_RDONLY | _MOUNT_ATTR_NOSUID, 0, 0, 0)
    done = libc.syscall(
        ctypes.c_long(_SYS_MOUNT_SETATTR), _AT_FDCWD, os.fsencode(path), flags, attributes, ctypes.c_size_t(32)
    )
    _must(done, f"read-only {path}")


def _folder(path: str) -> None:
    os.makedirs(path, mode=0o755, exist_ok=True)  # noqa: PTH103


def _must(result: int, what: str) -> None:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), what)


def start(options: Options) -> None:
    """Becomes the program. One that is a plain Python file runs right here, which saves a second start of Python."""
    words = options.program
    in_process = words[:3] == [sys.executable, "-I", "-S"]
    if options.relay:
        _relay_beside(*options.relay, in_process)
    if not in_process:
        os.execv(words[0], words)
    sys.argv = words[3:]
    with open(words[3], "rb") as file:  # noqa: PTH123
        code = compile(file.read(), words[3], "exec")
    exec(code, {"__name__": "__main__", "__file__": words[3]})


def _relay_beside(port: int, socket_path: str, in_process: bool) -> None:
    """Connections to a port of this namespace's loopback reach a unix socket outside."""
    from socket import create_server

    listener = create_server((_LOOPBACK, port))
    if in_process:
        from threading import Thread

        Thread(target=_relay, args=(listener, socket_path), daemon=True).start()
    elif os.fork() == 0:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        _relay(listener, socket_path)
        os._exit(0)


def _relay(listener: socket, socket_path: str) -> None:
    from socket import AF_UNIX, socket
    from threading import Thread

    while True:
        inner, _ = listener.accept()
        outer = socket(AF_UNIX)
        try:
            outer.connect(socket_path)
        except OSError:
            inner.close()
            continue
        for one, other in ((inner, outer), (outer, inner)):
            Thread(target=_pump, args=(one, other), daemon=True).start()


def _pump(one: socket, other: socket) -> None:
    """Copies until the sender has ended, then tells the receiver."""
    try:
        while data := one.recv(_RELAY_BYTES):
            other.sendall(data)
        other.shutdown(1)
    except OSError:
        one.close()
        other.close()


if __name__ == "__main__":
    main(sys.argv[1:])
