"""`python -m tests.unprivileged WORDS`: runs Python without root's right to write what is read-only."""

import ctypes
import os
import sys

PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1  # linux/prctl.h, linux/capability.h

if __name__ == "__main__":
    if os.geteuid() == 0:
        assert ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0) == 0
    os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
