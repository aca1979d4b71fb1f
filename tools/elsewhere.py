"""Run every published notebook where others will: `python tools/elsewhere.py binder` or `colab`. `make` has a target
for each.

The notebooks are published to a branch on this machine, from the commit that is checked out, and run with a kernel
whose environment has what that host has and nothing else. What was there before must be there after, in the same
version.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
REQUIREMENTS = {"binder": ".binder/requirements.txt", "colab": "tools/requirements-colab.lock"}
PYTEST = ("pytest", "pluggy", "iniconfig", "packaging", "pygments")
CLEAN = {
    name: value
    for name, value in os.environ.items()
    if name not in ("PYTHONPATH", "TF_CPP_MIN_LOG_LEVEL", "TF_ENABLE_ONEDNN_OPTS")
}


def run(*command, env=CLEAN, cwd=ROOT, **options):
    return subprocess.run(command, check=True, env=env, cwd=cwd, text=True, **options)


def published(folder):
    """The branch `notebooks` of this very commit, checked out in `folder`."""
    asked = run("git", "rev-parse", "--is-shallow-repository", stdout=subprocess.PIPE)
    if asked.stdout.strip() == "true":  # pip would have git fetch what is not there, without end
        sys.exit("This clone lacks its history, and pip cannot install from it: git fetch --unshallow")
    origin = folder / "origin.git"
    run("git", "init", "--quiet", "--bare", origin)
    here = {"COURSE_REPO_URL": ROOT.as_uri()}
    run(sys.executable, "tools/publish.py", origin, env=CLEAN | here)
    run("git", "clone", "--quiet", "--branch", "notebooks", origin, folder / "branch")
    return folder / "branch"


def environment(host, base):
    """The Python of an environment with the packages of `host`, made with the Python `base`."""
    folder = ROOT / f".venv-{host}"
    python = folder / "bin" / "python"
    requirements, stamp = ROOT / REQUIREMENTS[host], folder / ".ready"
    if not stamp.exists() or stamp.stat().st_mtime < requirements.stat().st_mtime:
        run(base, "-m", "venv", "--clear", folder)
        run(python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", requirements)
        stamp.touch()
    run(python, "-m", "pip", "uninstall", "--quiet", "--yes", "softmaxlab")
    return python


def packages(python):
    """What is installed for `python`, without the course."""
    command = (python, "-m", "pip", "freeze", "--all")
    lines = run(*command, stdout=subprocess.PIPE).stdout.splitlines()
    return {line for line in lines if not line.startswith("softmaxlab ")}


def execute(notebooks, python, folder):
    """Run `notebooks` with a kernel of `python`; nbval says what fails."""
    kernel = folder / "jupyter" / "kernels" / "elsewhere"
    kernel.mkdir(parents=True, exist_ok=True)
    argv = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    about = {"argv": argv, "display_name": "elsewhere", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(about))
    pytest = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    nbval = ("--nbval-lax", "--nbval-kernel-name=elsewhere", "--nbval-cell-timeout=300")
    path = {"JUPYTER_PATH": str(folder / "jupyter")}
    run(*pytest, *nbval, *notebooks, env=CLEAN | path, cwd=folder)


def binder(branch, python, folder):
    """The notebooks as they lie on the branch, after its postBuild."""
    path = {"PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}"}
    run("bash", ".binder/postBuild", env=CLEAN | path, cwd=branch)
    execute(sorted(branch.rglob("*.ipynb")), python, folder)


def colab(branch, python, folder):
    """Each notebook alone in an empty folder, and each has to fetch the course. Then the tests of the widgets there."""
    for notebook in sorted(branch.rglob("*.ipynb")):
        run(python, "-m", "pip", "uninstall", "--quiet", "--yes", "softmaxlab")
        alone = folder / notebook.stem
        alone.mkdir()
        execute([shutil.copy(notebook, alone)], python, folder)
    aside = folder / "aside"  # so that pytest is not among the packages
    run(python, "-m", "pip", "install", "--quiet", "--target", aside, "--no-deps", *PYTEST)
    pytest = (
        python,
        "-m",
        "pytest",
        "-q",
        "--noconftest",
        "-p",
        "no:cacheprovider",
        "-c",
        os.devnull,
    )
    run(
        *pytest,
        ROOT / "tests" / "test_widgets.py",
        env=CLEAN | {"PYTHONPATH": str(aside)},
        cwd=folder,
    )


def main(host, base="python3.12"):
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        branch = published(folder)
        python = environment(host, base)
        before = packages(python)
        {"binder": binder, "colab": colab}[host](branch, python, folder)
        if changed := before ^ packages(python):
            sys.exit(f"{host} had other packages before: {sorted(changed)}")
    print(f"{host}: every notebook ran; none of the {len(before)} packages there was replaced")


if __name__ == "__main__":
    main(*sys.argv[1:])
