"""Somebody's fork of the course: where it says that it lives, and the site that it builds."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from course import ROOT

REPOSITORY = "https://github.com/someone/their-fork"
HUB = "https://hub.example.edu"
ADDRESS = "https://course.example.edu/softmax"
PLACES = ("GITHUB_REPOSITORY", "GITHUB_SERVER_URL", "COURSE_REPO_URL", "COURSE_HUB_URL", "COURSE_SITE_URL")
NOWHERE = {name: value for name, value in os.environ.items() if name not in PLACES}
LEFT = shutil.ignore_patterns("_build", ".cache", ".git", ".venv*", "__pycache__", "*.egg-info", "dist")


def build(folder):
    """All pages, in `folder`, by a build that knows where it lives, with what the notebooks gave when they last ran.
    -> the folder of the site
    """
    shutil.copytree(ROOT, folder, ignore=LEFT)
    (folder / ".cache").symlink_to(ROOT / ".cache")
    shutil.copytree(ROOT / "_build" / ".jupyter_cache", folder / "_build" / ".jupyter_cache")
    places = {"COURSE_REPO_URL": REPOSITORY, "COURSE_HUB_URL": HUB, "COURSE_SITE_URL": f"{ADDRESS}/"}
    command = [Path(sys.executable).with_name("jupyter-book"), "build", "--quiet", "-W", "-n", "."]
    environ = NOWHERE | places | {"PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(command, cwd=folder, env=environ, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / "_build" / "html"
