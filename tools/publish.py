"""Publish the notebooks as the branch `notebooks`, on which each runs by itself: on Binder, on Colab, on a hub.

    COURSE_REPO_URL=https://github.com/OWNER/NAME python tools/publish.py [REMOTE]

The first cell of each installs softmaxlab from the commit that is checked out, if it is missing. The branch at REMOTE
(`origin` if not said) gets one commit more, or none if nothing is new. It is never pushed by force: that would break
the next pull of everybody who has the branch. It needs git and Python alone.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from course import ROOT, address, chapters, package

NOTEBOOKS = "notebooks"  # the branch

INSTALL = """\
# The code of the course, where it is missing, as on Colab. What is there already stays as it is.
import importlib.util
import subprocess
import sys

if importlib.util.find_spec("softmaxlab") is None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, "{package}"], check=True)"""

# The version that grades them
OTTER = """

if importlib.util.find_spec("otter") is None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, "otter-grader{version}"], check=True)"""

POST_BUILD = """\
#!/bin/bash
python -m pip install --quiet --no-deps --no-build-isolation "{package}"
"""

README = """\
The notebooks of [From Pixels to Probabilities]({url}), ready to run. Made from commit {commit};
to change something, change it [there]({url}): what is written here is written over.
Code: BSD 3-Clause. Text and figures: CC BY 4.0. [LICENSE](LICENSE) has the details.
"""


def git(*arguments, **options):
    command = ["git", "-C", ROOT, *arguments]
    run = subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE, **options)
    return run.stdout.strip()


def notebooks():
    """`{path on the branch: file}` of the chapters, in the order of the book, and of the students' assignments, once
    built.
    """
    found = {f"book/{chapter.path.name}": chapter.path for chapter in chapters()}
    built = ROOT / "dist" / "student"
    return found | {
        f"assignments/{file.relative_to(built).as_posix()}": file for file in sorted(built.rglob("*.ipynb"))
    }


def first_cell(path, package):
    """What installs `package` if the course is missing, and in an assignment otter-grader, with which it checks
    itself.
    """
    source = INSTALL.format(package=package)
    if path.startswith("assignments/"):
        required = (ROOT / "assignments" / "requirements.txt").read_text(encoding="utf-8")
        version = re.search(r"^otter-grader\S*?(==\S+)", required, re.MULTILINE)[1]
        source += OTTER.format(version=version)
    return source


def with_cell(notebook, source):
    """The text of `notebook`, a file, with `source` as its first cell."""
    content = json.loads(notebook.read_text(encoding="utf-8"))
    cell = {
        "cell_type": "code",
        "execution_count": None,
        "id": "install",
        "metadata": {},
        "outputs": [],
        "source": source.splitlines(keepends=True),
    }
    content["cells"].insert(0, cell)
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def write(folder):
    """Write into `folder` all that is on the branch."""
    install = package()
    for path, file in notebooks().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        source = first_cell(path, install)
        (folder / path).write_text(with_cell(file, source), encoding="utf-8")
    shutil.copytree(ROOT / ".binder", folder / ".binder")
    (folder / ".binder" / "postBuild").write_text(POST_BUILD.format(package=install))
    readme = README.format(url=address(), commit=install.rpartition("@")[2])
    (folder / "README.md").write_text(readme)
    shutil.copy(ROOT / "LICENSE", folder)


def add_commit(folder, remote, commit):
    """Add `folder` as a commit to the branch at `remote`. `True` if there was something new."""
    parents = []
    if git("ls-remote", remote, f"refs/heads/{NOTEBOOKS}"):
        git("fetch", "--quiet", remote, f"refs/heads/{NOTEBOOKS}")
        parents = [git("rev-parse", "FETCH_HEAD")]
    index = {"GIT_INDEX_FILE": str(folder.with_name("index"))}
    git("--work-tree", folder, "add", "--all", "--force", ".", env=os.environ | index, cwd=folder)
    tree = git("write-tree", env=os.environ | index)
    if parents and git("rev-parse", f"{parents[0]}^{{tree}}") == tree:
        return False
    name, email = git("log", "-1", "--format=%an%n%ae", commit).split("\n")
    who = {f"GIT_{role}_NAME": name for role in ("AUTHOR", "COMMITTER")}
    who |= {f"GIT_{role}_EMAIL": email for role in ("AUTHOR", "COMMITTER")}
    after = [part for parent in parents for part in ("-p", parent)]
    message = f"Notebooks of {commit}"
    new = git("commit-tree", tree, *after, "-m", message, env=os.environ | who)
    git("push", "--quiet", remote, f"{new}:refs/heads/{NOTEBOOKS}")
    return True


def main(remote="origin"):
    if address() is None:
        sys.exit("Say where the course lives: set COURSE_REPO_URL, or GITHUB_REPOSITORY.")
    changed = git("status", "--porcelain", "--untracked-files=no")
    if changed:
        sys.exit(f"Commit first, the notebooks install the course from a commit. Changed:\n{changed}")
    commit = git("rev-parse", "HEAD")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "branch"
        folder.mkdir()
        write(folder)
        added = add_commit(folder, remote, commit)
    print(f"{NOTEBOOKS}: {'one commit more' if added else 'nothing new'}, from {commit}")


if __name__ == "__main__":
    main(*sys.argv[1:])
