"""Publishing, by hand and on this machine: the branch `notebooks`, and the links of a site that lead to it. That a site
with no address has none: test_order.py.
"""

import html
import os
import re
import shutil
import subprocess
import sys
import zipfile
from urllib.parse import parse_qs, unquote, urlsplit

import nbformat
import pytest
from axe import DARK, LIGHT, broken
from chapters import PATHS
from course import ROOT
from fork import HUB, NOWHERE
from fork import REPOSITORY as FORK

FIRST = PATHS[0].stem
BUILT = shutil.ignore_patterns("_build", ".cache", ".git", ".venv*", "__pycache__", "*.xz", "*.egg-info")  # fmt: skip


def run(*command, cwd, env=NOWHERE, check=True):
    done = subprocess.run(command, cwd=cwd, env=env, text=True, capture_output=True, check=False)
    assert done.returncode == 0 or not check, done.stderr
    return done


def git(folder, *arguments):
    who = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.edu")
    return run("git", *who, *arguments, cwd=folder).stdout.strip()


def make_fork(folder):
    """A clone of somebody's fork, `their-fork`, whose origin is beside it, `origin.git`."""
    clone, origin = folder / "their-fork", folder / "origin.git"
    shutil.copytree(ROOT, clone, ignore=BUILT)
    git(folder, "init", "--quiet", "--bare", "--initial-branch=main", str(origin))
    git(clone, "init", "--quiet", "--initial-branch=main")
    git(clone, "remote", "add", "origin", str(origin))
    git(clone, "add", "--all")
    git(clone, "commit", "--quiet", "-m", "All of it")
    git(clone, "push", "--quiet", "origin", "main")
    return clone


@pytest.fixture
def fork(tmp_path):
    return make_fork(tmp_path)


def publish(clone, check=True, **places):
    places = {"COURSE_REPO_URL": FORK} | places
    return run(
        sys.executable, "tools/publish.py", cwd=clone, env=NOWHERE | places, check=check
    )  # fmt: skip


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A fork that has published."""
    clone = make_fork(tmp_path_factory.mktemp("published"))
    publish(clone)
    git(clone, "fetch", "--quiet", "origin")
    return clone


def on_branch(clone, branch):
    """The paths of all files on a branch of the fork's origin."""
    listed = git(clone, "ls-tree", "-r", "--name-only", f"origin/{branch}")
    return set(listed.splitlines())


def read(clone, path):
    return git(clone, "show", f"origin/notebooks:{path}")


# The branch


def test_every_chapter_is_published_with_one_cell_more_and_nothing_else_changed(published):
    commit = git(published, "rev-parse", "HEAD")
    for path in PATHS:
        before = nbformat.read(path, as_version=4)
        after = nbformat.reads(read(published, f"book/{path.name}"), as_version=4)
        nbformat.validate(after)
        assert after.cells[1:] == before.cells
        assert f"git+{FORK}@{commit}" in after.cells[0].source
    assert f"git+{FORK}@{commit}" in read(published, ".binder/postBuild")
    assert "100755" in git(published, "ls-tree", "origin/notebooks", ".binder/postBuild")


def links(text):
    """The links of Markdown, and the files of the same folder among them."""
    found = re.findall(r"\]\(([^)\s]+)\)", text)
    return found, {urlsplit(link).path for link in found if not urlsplit(link).scheme}


def test_licence_and_readme_are_published_and_all_that_the_readme_links_to(published):
    there, readme = on_branch(published, "notebooks"), read(published, "README.md")
    assert {"README.md", "LICENSE"} <= there
    assert read(published, "LICENSE") == (ROOT / "LICENSE").read_text(encoding="utf-8").strip()
    found, files = links(readme)
    assert FORK in found
    assert files and files <= there


def test_assignments_are_published_once_they_are_made_and_bring_what_checks_them(fork):
    student = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import otter")])
    (fork / "dist" / "student").mkdir(parents=True, exist_ok=True)
    nbformat.write(student, fork / "dist" / "student" / "words.ipynb")
    publish(fork)
    git(fork, "fetch", "--quiet", "origin")
    after = nbformat.reads(read(fork, "assignments/words.ipynb"), as_version=4)
    assert after.cells[1:] == student.cells
    version = re.search(r"otter-grader.*(==[\d.]+)", (ROOT / "assignments/requirements.txt").read_text())
    assert f'"otter-grader{version[1]}"' in after.cells[0].source
    compile(after.cells[0].source, "first cell", "exec")
    chapter = nbformat.reads(read(fork, f"book/{FIRST}.ipynb"), as_version=4)
    assert "otter" not in chapter.cells[0].source


def test_the_first_cell_installs_nothing_where_the_course_is_there(published):
    first = nbformat.reads(read(published, f"book/{FIRST}.ipynb"), as_version=4).cells[0].source
    here = os.environ | {"PATH": "/nowhere"}
    assert run(sys.executable, "-c", first, cwd=ROOT, env=here).stdout == ""
    missing = first.replace('"softmaxlab"', '"not_there"').replace(FORK, "file:///nowhere")
    assert run(sys.executable, "-c", missing, cwd=ROOT, env=here, check=False).returncode != 0


def test_what_is_installed_is_all_that_is_in_the_source(fork):
    """An editable installation would not miss a file that is left out; Colab and Binder would."""
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation")
    run(*pip, "--wheel-dir", "built", ".", cwd=fork)
    (wheel,) = (fork / "built").glob("softmaxlab-*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    assert set(git(fork / "src", "ls-files").splitlines()) <= inside


def test_publishing_again_adds_one_commit_after_a_change_and_none_without(fork):
    publish(fork)
    first = git(fork, "ls-remote", "origin", "notebooks").split()[0]
    publish(fork)
    assert git(fork, "ls-remote", "origin", "notebooks").split()[0] == first

    git(fork, "rm", "--quiet", f"book/{FIRST}.ipynb")
    git(fork, "commit", "--quiet", "-m", "A chapter is gone")
    publish(fork)
    git(fork, "fetch", "--quiet", "origin")
    assert f"book/{FIRST}.ipynb" not in on_branch(fork, "notebooks")
    assert git(fork, "rev-list", "origin/notebooks").split()[1:] == [first]


def test_a_branch_that_moved_on_while_publishing_keeps_its_commit(fork):
    """Somebody else pushed in between: what is pushed to is a commit ahead of what is fetched."""
    publish(fork)
    moved, other = fork.with_name("moved.git"), fork.with_name("other")
    git(fork.parent, "clone", "--quiet", "--bare", "origin.git", str(moved))
    git(fork.parent, "clone", "--quiet", "--branch", "notebooks", str(moved), str(other))
    git(other, "commit", "--quiet", "--allow-empty", "-m", "Somebody else's")
    git(other, "push", "--quiet", "origin", "notebooks")
    theirs = git(other, "rev-parse", "HEAD")

    git(fork, "rm", "--quiet", f"book/{FIRST}.ipynb")
    git(fork, "commit", "--quiet", "-m", "A chapter is gone")
    git(fork, "remote", "set-url", "--push", "origin", str(moved))
    assert publish(fork, check=False).returncode != 0
    assert git(moved, "rev-parse", "notebooks") == theirs

    git(fork, "remote", "set-url", "origin", str(moved))
    publish(fork)
    assert git(moved, "rev-parse", "notebooks^") == theirs


def test_what_is_not_committed_or_has_no_address_is_not_published(fork):
    refused = publish(fork, check=False, COURSE_REPO_URL="")
    assert refused.returncode != 0 and "COURSE_REPO_URL" in refused.stderr
    (fork / "LICENSE").write_text("changed")
    refused = publish(fork, check=False)
    assert refused.returncode != 0 and "LICENSE" in refused.stderr
    assert git(fork, "ls-remote", "origin", "notebooks") == ""


# The links


def pages(site):
    """`{name: HTML}` of the pages of the book, each checked to be there."""
    found = {path.stem: path.read_text(encoding="utf-8") for path in site.glob("book/*.html")}
    assert {path.stem for path in PATHS} < set(found)
    return found


HOSTS = ("github.com", "mybinder.org", "colab.research.google.com", urlsplit(HUB).netloc)


def targets(page):
    """`[(kind, owner, repository, branch, path)]` of the links that run, edit or report; others of those hosts
    raise.
    """
    found = []
    for link in re.findall(r"<a\b[^>]*?\bhref=\"(.*?)\"", page):
        parts = urlsplit(html.unescape(link))
        if parts.netloc not in HOSTS:
            continue
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        way = unquote(parts.path).strip("/").split("/")
        match [parts.netloc, *way]:
            case ["github.com", owner, repository, "edit", branch, *path]:
                found.append(("edit", owner, repository, branch, "/".join(path)))
            case ["github.com", owner, repository, "issues", "new"]:
                assert (ROOT / ".github/ISSUE_TEMPLATE" / query["template"]).is_file()
                path = query["title"].removeprefix("A mistake in ")
                found.append(("report", owner, repository, "main", path))
            case ["mybinder.org", "v2", "gh", owner, repository, branch]:
                path = query["urlpath"].removeprefix("lab/tree/")
                found.append(("Binder", owner, repository, branch, path))
            case ["colab.research.google.com", "github", owner, repository, "blob", branch, *path]:
                found.append(("Colab", owner, repository, branch, "/".join(path)))
            case [_, "hub", "user-redirect", "git-pull"]:
                owner, repository = urlsplit(query["repo"]).path.strip("/").split("/")
                path = query["urlpath"].removeprefix(f"lab/tree/{repository}/")
                found.append(("hub", owner, repository, query["branch"], path))
            case ["github.com", _, _, "blob", commit, *_] if re.fullmatch("[0-9a-f]{40}", commit):
                pass  # a source that is cited as it stood
            case _:
                raise ValueError(f"a link of unknown form: {link}")
    return found


def test_in_a_fork_with_a_hub_every_link_leads_to_what_publishing_makes(published, forked_site):
    there = {branch: on_branch(published, branch) for branch in ("main", "notebooks")}
    for name, page in pages(forked_site).items():
        chapter = (ROOT / "book" / f"{name}.ipynb").exists()
        kinds = []
        for kind, owner, repository, branch, path in targets(page):
            assert (owner, repository) == ("someone", "their-fork")
            assert branch == ("main" if kind in ("edit", "report") else "notebooks")
            assert path == f"book/{name}.{'ipynb' if chapter else 'md'}"
            assert path in there[branch]
            kinds.append(kind)
        run_it = ["Binder", "Colab", "hub"] if chapter else []
        assert sorted(kinds) == sorted([*run_it, "edit", "report"])


def test_axe_finds_nothing_in_the_buttons(forked_site, visit):
    page = visit((forked_site / "book" / f"{FIRST}.html").as_uri()).page
    for menu in ("launch-buttons", "source-buttons"):
        page.locator(f".dropdown-{menu} button").click()
        page.locator(f".dropdown-{menu} .dropdown-menu.show a").first.wait_for()
        assert broken(page, ".article-header-buttons", (LIGHT, DARK)) == {}


def test_a_report_with_a_form_that_is_not_there_is_found():
    with pytest.raises(AssertionError):
        targets(f'<a href="{FORK}/issues/new?template=gone.md&amp;title=A+mistake">')


def test_a_link_to_another_repository_is_found():
    """The check of links can fail."""
    link = "https://mybinder.org/v2/gh/another/one/notebooks?urlpath=lab/tree/x.ipynb"
    assert targets(f'<a href="{link}">') == [("Binder", "another", "one", "notebooks", "x.ipynb")]
    with pytest.raises(ValueError, match="unknown form"):
        targets('<a href="https://colab.research.google.com/drive/3">')
