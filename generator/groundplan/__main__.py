"""`groundplan`, and `python -m groundplan`."""

import atexit
import os
import signal
import threading


def main() -> None:
    """Runs the command line; Ctrl-C while that is being imported ends the process, without a traceback."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:  # not where the caller ignores it
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from groundplan.cli import main as command_line

    signal.signal(signal.SIGINT, before)
    try:
        command_line(prog_name="groundplan")
    except SystemExit as ended:
        if isinstance(ended.code, int):
            _leave(ended.code)
        raise


def _leave(code: int) -> None:
    """Ends the process when its threads and what is to be done at its end are through; all output is written by then.

    Python itself would then take apart every module, which takes as long as a tenth of a plan's own work.
    https://docs.python.org/3/library/os.html#os._exit
    """
    threading._shutdown()  # type: ignore[attr-defined] # as Python does, and pools of threads ask for
    atexit._run_exitfuncs()
    os._exit(code)


if __name__ == "__main__":
    main()
