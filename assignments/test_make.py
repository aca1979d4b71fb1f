"""An assignment that is made keeps its secrets and its promises."""

import subprocess
import zipfile

import jupytext
import make
import nbformat
import pytest
import yaml
from classroom import HERE, make_autograder, notebook

MASTER = HERE / "fixtures" / "twice.md"  # its hidden test has the seed 271


@pytest.mark.parametrize("leak", ["the whole master", "the seed of a hidden test"])
def test_a_student_version_that_leaks_is_caught(tmp_path, leak):
    master = jupytext.read(MASTER)
    student = tmp_path / "student.ipynb"
    nbformat.write(master, student)
    if leak != "the whole master":
        student.write_text(notebook(["rng = np.random.default_rng(271)"]), encoding="utf-8")
    make_autograder(tmp_path / "autograder.zip")
    with pytest.raises(SystemExit, match="leaks into the student version"):
        make.check_leaks(master, student, student, tmp_path / "autograder.zip")


@pytest.mark.parametrize(
    ("environ", "url"),
    [
        ({"COURSE_REPO_URL": "https://gitlab.com/a/b.git"}, "https://gitlab.com/a/b"),
        (
            {
                "GITHUB_REPOSITORY": "someone/fork",
                "GITHUB_SERVER_URL": "https://github.example.edu",
            },
            "https://github.example.edu/someone/fork",
        ),
        ({}, None),
    ],
    ids=["GitLab", "GitHub Enterprise", "no address"],
)
def test_an_autograder_requires_the_course_of_this_very_commit(tmp_path, monkeypatch, environ, url):
    for name in ("COURSE_REPO_URL", "GITHUB_REPOSITORY", "GITHUB_SERVER_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    make.main(MASTER, tmp_path)
    with zipfile.ZipFile(tmp_path / "instructor" / "twice" / "autograder.zip") as archive:
        conda = yaml.safe_load(archive.read("environment.yml"))
    (required,) = [part["pip"] for part in conda["dependencies"] if isinstance(part, dict)]
    head = ["git", "-C", HERE, "rev-parse", "HEAD"]
    commit = subprocess.run(head, check=True, capture_output=True, text=True).stdout.strip()
    course = [f"softmaxlab @ git+{url}@{commit}"] if url else []
    assert [line for line in required if "softmaxlab" in line] == course
