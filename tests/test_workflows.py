"""The workflows do what a person can do by hand, and no more.

`make lint-workflows` has actionlint and zizmor look at them.
"""

import re

import pytest
import yaml
from course import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = {name for line in re.findall(r"^([\w -]+):", MAKEFILE, re.MULTILINE) for name in line.split()}  # fmt: skip


@pytest.fixture(params=WORKFLOWS, ids=lambda path: path.stem)
def workflow(request):
    return request.param.read_text(encoding="utf-8")


def unpinned(text):
    """The actions that are not named by the hash of a commit with the version beside it."""
    return re.findall(r"uses: (?![\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$)(.*)", text, re.MULTILINE)


def test_every_action_is_pinned_by_its_hash_with_the_version_beside_it(workflow):
    assert unpinned(workflow) == []


def test_an_action_that_is_not_pinned_is_found():
    assert unpinned("- uses: actions/checkout@v7") == ["actions/checkout@v7"]
    assert unpinned(f"- uses: actions/checkout@{'a' * 40}") != []


def unhashed(text):
    """The lines that have pip install whatever a file names, and those that have npm choose versions."""
    listed = re.findall(r"^.*pip.*install.*[ \"]-r\b.*$", text, re.MULTILINE)
    chosen = re.findall(r"^.*npm install (?!.*--package-lock-only).*$", text, re.MULTILINE)
    return [line.strip() for line in listed if "--require-hashes" not in line] + [line.strip() for line in chosen]


@pytest.mark.parametrize("path", ["Makefile", "tools/elsewhere.py", "tools/web_assets.py", "tools/live_assets.py"])
def test_every_environment_is_installed_with_hashes(path):
    assert unhashed((ROOT / path).read_text(encoding="utf-8")) == []


def test_an_environment_without_hashes_is_found():
    assert len(unhashed("\tpython -m pip install --quiet -r hub/requirements.txt\n\tnpm install --prefix hub")) == 2
    assert unhashed("\tpip install --require-hashes -r all.lock\n\tnpm ci") == []


def test_a_job_may_read_and_writes_only_where_it_publishes(workflow):
    content = yaml.safe_load(workflow)
    assert content["permissions"] == {}
    writing = {
        name: sorted(what for what, may in job["permissions"].items() if may == "write")
        for name, job in content["jobs"].items()
        if "write" in job.get("permissions", {}).values()
    }
    if content["name"] == "publish":
        assert writing == {"notebooks": ["contents"], "site": ["id-token", "pages"]}
    else:
        assert writing == {}


def test_what_a_workflow_makes_the_makefile_can(workflow):
    matrix = re.search(r"what: \[(.*)\]", workflow)
    goals = re.findall(r"run: make ([\w-]+)", workflow) + (matrix[1].split(", ") if matrix else [])
    assert {goal.split()[0] for goal in goals} <= TARGETS
    assert {"book", "test-colab"} <= TARGETS


def test_no_workflow_names_the_host_that_it_runs_on(workflow):
    """A fork may live on a GitHub of its own: GITHUB_SERVER_URL says which."""
    assert "github.com" not in workflow


def told(workflow):
    """The names of what the step that builds the site is told by its environment."""
    steps = [step for job in yaml.safe_load(workflow)["jobs"].values() for step in job["steps"]]
    builds = [step for step in steps if step.get("run") in ("make book", "make offline print")]
    return {name for step in builds for name in step.get("env", {})}


def test_the_published_site_is_told_where_it_lives_by_all_that_the_build_asks_for():
    address = re.search(r"^ADDRESS := .*", MAKEFILE, re.MULTILINE)[0]
    asked = set(re.findall(r"COURSE_\w+", address)) - {"COURSE_REPO_URL"}  # every workflow has GITHUB_REPOSITORY
    publish = (ROOT / ".github" / "workflows" / "publish.yml").read_text(encoding="utf-8")
    assert told(publish) == asked != set()
