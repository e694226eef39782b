"""What this build and this machine have to compute on."""

import glob
import os
import sys

BACKEND = os.environ["RANVIER_GPU_BACKEND"] == "ON"  # code for GPUs in the build
PRESENT = bool(glob.glob("/dev/nvidia[0-9]*"))
SKIPPED = 77  # an exit code, which CMakeLists.txt tells ctest


def skip_without_gpu():
    """Ends the script with the reason, so that ctest reports it as skipped, where nothing of it could run."""
    reasons = [] if BACKEND else ["this build has no code for GPUs (RANVIER_USE_CUDA)"]
    reasons += [] if PRESENT else ["this machine has no GPU (/dev/nvidia0)"]
    if reasons:
        print("skipped:", "; ".join(reasons))
        sys.exit(SKIPPED)
