"""Say in one sentence what keeps this Python from running the course, or nothing. `make` asks before it installs."""

import importlib.util
import platform
import sys

NEEDED = ("_lzma", "ensurepip", "ssl", "venv")
missing = [name for name in NEEDED if not importlib.util.find_spec(name)]
if not (3, 11) <= sys.version_info[:2] <= (3, 13):
    sys.exit(f"Python 3.11 to 3.13 is needed; came {platform.python_version()}. Try: make PYTHON=python3.12")
if missing:
    sys.exit(f"This Python lacks {missing}: install them (on Debian, python3-venv), or try: make PYTHON=...")
if (sys.platform, platform.machine()) == ("darwin", "x86_64"):
    sys.exit("TensorFlow is no longer made for Macs with Intel processors: use another machine.")
