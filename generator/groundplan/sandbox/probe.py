"""Runs behind the walls once, to see that they stand and that the interpreter works there: prints `confined`."""

import ctypes
import os
import sys

ctypes.CDLL(None)
os.write(1, b"confined\n" if len(sys.argv) == 1 else b"")
