"""Where the course lives, and where links lead from there, on each kind of host: no network."""

import subprocess
import sys

import pytest
from course import ROOT, address, package

sys.path.insert(0, str(ROOT / "book" / "_ext"))

from course_links import launch_links, source_links

GITHUB = "https://github.com/someone/fork"
ENTERPRISE = "https://github.example.edu/someone/fork"
GITLAB = "https://gitlab.com/group/part/fork"
BARE = "https://git.example.edu/fork"
LIKE_GITHUB = "https://github.com.example.org/someone/fork"
PAGE = "book/name.ipynb"


# The address


@pytest.mark.parametrize(
    ("environ", "url"),
    [
        ({}, None),
        ({"COURSE_REPO_URL": " "}, None),
        ({"GITHUB_SERVER_URL": "https://github.example.edu"}, None),
        ({"GITHUB_REPOSITORY": "someone/fork"}, GITHUB),
        ({"GITHUB_REPOSITORY": "someone/fork", "GITHUB_SERVER_URL": ""}, GITHUB),
        (
            {
                "GITHUB_REPOSITORY": "someone/fork",
                "GITHUB_SERVER_URL": "https://github.example.edu",
            },
            ENTERPRISE,
        ),
        (
            {
                "GITHUB_REPOSITORY": "someone/fork",
                "GITHUB_SERVER_URL": "https://github.example.edu/",
            },
            ENTERPRISE,
        ),
        ({"COURSE_REPO_URL": GITHUB}, GITHUB),
        ({"COURSE_REPO_URL": f"{GITHUB}/"}, GITHUB),
        ({"COURSE_REPO_URL": f"{GITHUB}.git"}, GITHUB),
        ({"COURSE_REPO_URL": f" {GITHUB}.git/\n"}, GITHUB),
        ({"COURSE_REPO_URL": f"{GITLAB}.git"}, GITLAB),
        ({"COURSE_REPO_URL": GITLAB, "GITHUB_REPOSITORY": "another/one"}, GITLAB),
        ({"COURSE_REPO_URL": "", "GITHUB_REPOSITORY": "someone/fork"}, GITHUB),
        ({"COURSE_REPO_URL": f"{BARE}.git"}, BARE),
    ],
)
def test_the_address_is_what_the_environment_says_in_one_form(environ, url):
    assert address(environ) == url


@pytest.mark.parametrize("url", ["git@github.com:someone/fork.git", "ssh://git@github.com/someone/fork", "fork"])
def test_an_address_that_no_browser_can_follow_is_refused(url):
    with pytest.raises(ValueError, match="COURSE_REPO_URL: expected an address that begins with https://"):
        address({"COURSE_REPO_URL": url})


def test_the_package_is_that_of_the_commit_that_is_checked_out(tmp_path):
    def git(*arguments):
        who = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.edu")
        command = ["git", "-C", tmp_path, *who, *arguments]
        run = subprocess.run(command, check=True, text=True, capture_output=True)
        return run.stdout.strip()

    git("init", "--quiet")
    for message in ("one", "another"):
        git("commit", "--quiet", "--allow-empty", "-m", message)
        found = package({"COURSE_REPO_URL": f"{GITLAB}.git/"}, tmp_path)
        assert found == f"git+{GITLAB}@{git('rev-parse', 'HEAD')}"


def test_without_an_address_there_is_no_package():
    assert package({}) is None


# The links

LAB = "urlpath=lab%2Ftree%2Fbook%2Fname.ipynb"
BINDER = "https://mybinder.org/v2"
COLAB = "https://colab.research.google.com/github"
# As Binder wants the address of another host than GitHub
QUOTED = {
    ENTERPRISE: "https%3A%2F%2Fgithub.example.edu%2Fsomeone%2Ffork",
    GITLAB: "https%3A%2F%2Fgitlab.com%2Fgroup%2Fpart%2Ffork",
    BARE: "https%3A%2F%2Fgit.example.edu%2Ffork",
    LIKE_GITHUB: "https%3A%2F%2Fgithub.com.example.org%2Fsomeone%2Ffork",
}
REPORT = "issues/new?template=mistake.md&title=A+mistake+in+book%2Fname.ipynb"


@pytest.mark.parametrize("hub", [None, ""])
def test_binder_and_colab_run_what_is_on_github(hub):
    assert launch_links(GITHUB, hub, PAGE) == {
        "Binder": f"{BINDER}/gh/someone/fork/notebooks?{LAB}",
        "Colab": f"{COLAB}/someone/fork/blob/notebooks/{PAGE}",
    }


@pytest.mark.parametrize("hub", [None, ""])
@pytest.mark.parametrize(("url", "quoted"), QUOTED.items())
def test_binder_alone_runs_what_is_on_another_host(url, quoted, hub):
    assert launch_links(url, hub, PAGE) == {"Binder": f"{BINDER}/git/{quoted}/notebooks?{LAB}"}


@pytest.mark.parametrize("hub", ["https://hub.example.edu", "https://hub.example.edu/"])
@pytest.mark.parametrize(
    ("url", "quoted"),
    [
        (GITHUB, "https%3A%2F%2Fgithub.com%2Fsomeone%2Ffork"),
        (GITLAB, QUOTED[GITLAB]),
        (BARE, QUOTED[BARE]),
    ],
)
def test_a_hub_pulls_the_notebooks_from_any_host_into_a_folder_of_their_name(url, quoted, hub):
    assert launch_links(url, hub, PAGE)["JupyterHub"] == (
        f"https://hub.example.edu/hub/user-redirect/git-pull?repo={quoted}&branch=notebooks"
        "&urlpath=lab%2Ftree%2Ffork%2Fbook%2Fname.ipynb"
    )


@pytest.mark.parametrize(
    ("url", "links"),
    [
        (
            GITHUB,
            {
                "Edit this page": f"{GITHUB}/edit/main/{PAGE}",
                "Report a mistake": f"{GITHUB}/{REPORT}",
            },
        ),
        (ENTERPRISE, {"Source": ENTERPRISE}),
        (GITLAB, {"Source": GITLAB}),
        (BARE, {"Source": BARE}),
        (LIKE_GITHUB, {"Source": LIKE_GITHUB}),
    ],
)
def test_who_finds_a_mistake_is_led_to_its_source(url, links):
    assert source_links(url, PAGE) == links
