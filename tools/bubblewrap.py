"""Say whether hand-ins can be graded behind a wall here, or what it takes. `--install` installs it, as `make
bubblewrap` does.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "assignments"))
from wall import obstacle


def command():
    """The one command that installs bubblewrap on this system, or what to look for where there is none."""
    root = [] if os.geteuid() == 0 else ["sudo"]
    if shutil.which("apt-get"):
        return [*root, "sh", "-c", "apt-get update && apt-get install --yes bubblewrap libseccomp2"]
    return None


def main(install=False):
    missing = obstacle([])
    if missing and install and sys.platform == "linux" and command() and not shutil.which("bwrap"):
        subprocess.run(command(), check=True)
        missing = obstacle([])
    if missing:
        sys.exit(f"Hand-ins cannot be graded behind a wall here: {missing}")
    print("Hand-ins are graded behind", shutil.which("bwrap"))


if __name__ == "__main__":
    main("--install" in sys.argv[1:])
