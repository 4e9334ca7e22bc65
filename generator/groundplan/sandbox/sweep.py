"""Outlives groundplan for a moment: ends the programs and removes the folders that a killed one left behind.

Run as a plain file (`python -I -S sweep.py`), in a session of its own. Each line of standard input puts one on the list
or takes it off: `+folder NAME`, `-process PID`; names are in hexadecimal. When the input ends, what is listed goes.
"""

import os
import signal
import sys


def main() -> None:
    """Reads until the input ends."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    folders: dict[str, None] = {}
    processes: dict[int, int] = {}
    for line in sys.stdin:
        action = line[0]
        kind, name = line[1:].split()
        if kind == "folder":
            _note(folders, os.fsdecode(bytes.fromhex(name)), action)
        elif action == "+":
            _watch(processes, int(name))
        elif int(name) in processes:
            os.close(processes.pop(int(name)))
    for process, descriptor in processes.items():
        _end(process, descriptor)
    for folder in folders:
        _remove(folder)


def _note(folders: dict[str, None], name: str, action: str) -> None:
    if action == "+":
        folders[name] = None
    else:
        folders.pop(name, None)


def _watch(processes: dict[int, int], process: int) -> None:
    try:
        processes[process] = os.pidfd_open(process)
    except OSError:
        return


def _end(process: int, descriptor: int) -> None:
    """Kills the process, whose number nobody else can have got, and its group, if it led one."""
    try:
        leads = os.getpgid(process) == process
        signal.pidfd_send_signal(descriptor, signal.SIGKILL)
    except OSError:
        leads = True  # it is gone, and its group may not be
    if leads:
        try:
            os.killpg(process, signal.SIGKILL)
        except OSError:
            return


def _remove(folder: str) -> None:
    import shutil

    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
