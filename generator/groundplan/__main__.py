"""`groundplan`, and `python -m groundplan`."""

import signal


def main() -> None:
    """Runs the command line; Ctrl-C while that is being imported ends the process, without a traceback."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:  # not where the caller ignores it
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from groundplan.cli import main as command_line

    signal.signal(signal.SIGINT, before)
    command_line(prog_name="groundplan")


if __name__ == "__main__":
    main()
