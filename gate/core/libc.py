"""The C library, for the few calls that Python does not have."""

import ctypes

LIBC = ctypes.CDLL(None, use_errno=True)
