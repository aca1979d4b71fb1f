"""What the pages outside the chapters say in numbers is a fact that code knows."""

import json
import math
import re
import tomllib

import numpy as np
import pytest
from chapters import NUMBER, numbers
from conftest import SITE
from course import ROOT

from softmaxlab.data import load_mnist
from softmaxlab.results import load_ladder
from softmaxlab.scratch import train_softmax

MEASURED = json.loads((ROOT / "hub" / "results.json").read_text(encoding="utf-8"))


def pythons():
    """The first and the last Python that the package takes."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    first, last = re.fullmatch(r">=3\.(\d+),<3\.(\d+)", project["requires-python"]).groups()
    return [f"3.{first}", f"3.{int(last) - 1}"]


def each_python():
    first, last = (int(version.partition(".")[2]) for version in pythons())
    return [f"3.{minor}" for minor in range(first, last + 1)]


def copy_megabytes():
    """A round number that the copy to carry stays below."""
    (packed,) = SITE.glob("*.zip")
    size = packed.stat().st_size / 1e6
    return [next(most for most in ("20", "40", f"{size:.0f}") if size <= float(most))]


def live_megabytes():
    """What a reader's browser fetches for Python in the page, as servers pack it, and for the digits."""
    page = next((SITE / "_static" / "live").glob("*.json"))
    sizes = json.loads(page.read_text(encoding="utf-8"))["sizes"]
    digits = (page.parent / "mnist.xz").stat().st_size
    return [f"{sum(packed for _, packed in sizes.values()) / 1e6:.0f}", f"{digits / 1e6:.0f}"]


def hub(chapter, row, places=0):
    """The median and the most of a measured row, as the page writes them."""
    found = MEASURED[chapter][row]
    return [f"{value:,.{places}f}" for value in (found if isinstance(found, list) else [found])]


def shape_of_a_batch():
    images = np.zeros((64, load_mnist()[2].images.shape[1]))
    weights, bias = np.zeros((images.shape[1], 10)), np.zeros(10)
    scores = images @ weights + bias
    return [str(n) for array in (images, weights, bias, scores) for n in array.shape]


def learned_numbers():
    weights, bias = train_softmax(*load_mnist()[1], np.random.default_rng(0), steps=1)
    return weights.size + bias.size


def climbed(start, digits=1):
    """The accuracy of the one rung of the ladder whose name begins so, in per cent."""
    (rung,) = [rung for rung in load_ladder() if rung.name.startswith(start)]
    return [f"{100 * rung.accuracy:.{digits}f}"]


# (page, what it says, the numbers in it): a number may be there in one of these sentences, and nowhere else.
FACTS = [
    ("book/index.md", r"of (\S+) learned numbers", lambda: [f"{learned_numbers():,}"]),
    ("book/index.md", r"Between the (\S+) numbers", lambda: [str(load_mnist()[2].images.shape[1])]),
    ("book/index.md", r"the (\S+) test images of MNIST", lambda: [f"{len(load_mnist()[2].labels):,}"]),
    ("book/index.md", r"Python (\S+) to (\S+) and", pythons),
    ("book/index.md", r"guessing with (\S+) %", lambda: climbed("guess", 0)),
    ("book/index.md", r"softmax regression with (\S+) %", lambda: climbed("softmax, converged")),
    ("book/index.md", r"hidden layer with (\S+) %", lambda: climbed("with all 60,000")),
    ("README.md", r"All (\S+) digits", lambda: [f"{sum(len(part.labels) for part in load_mnist()):,}"]),
    ("README.md", r"Python (\S+), (\S+) or (\S+) \(with", each_python),
    ("README.md", r"about (\d+) MB once, and (\d+) MB more", live_megabytes),
    ("README.md", r"one file of less than (\d+) MB", copy_megabytes),
    ("book/notation.md", r"here (\d+) pixels", lambda: [str(load_mnist()[0].images.shape[1])]),
    ("book/notation.md", r"\\ln 2 = ([\d.]+)\$", lambda: [f"{math.log(2):.3f}"]),
    ("book/notation.md", r"# \((\d+), (\d+)\) @ \((\d+), (\d+)\) \+ \((\d+),\) -> \((\d+), (\d+)\)", shape_of_a_batch),
    ("book/glossary.md", r"(1) nat is ([\d.]+) bits", lambda: ["1", f"{1 / math.log(2):.3f}"]),
    ("book/teaching.md", r"needs Python (\S+) to (\S+) and", pythons),
    ("hub/README.md", r"STUDENTS=(\d+)`, all", lambda: hub("softmax", "students")),
    ("hub/README.md", r"cores and (\d+) GB with", lambda: hub("softmax", "memory, GB")),
    ("hub/README.md", r"own \| (\d+) s \| (\d+) s", lambda: hub("softmax", "a server of one's own, s")),
    ("hub/README.md", r"pulled \| (\d+) s \| (\d+) s", lambda: hub("softmax", "a ready kernel, s")),
    ("hub/README.md", r"\*Run all\* \| (\d+) s \| (\d+) s", lambda: hub("softmax", "the chapter, run all, s")),
    ("hub/README.md", r"last cell \| (\d+) s \| (\d+) s", lambda: hub("softmax", "done, s")),
    ("hub/README.md", r"once\) \| (\S+) MB \| (\S+) MB", lambda: hub("softmax", "a student, of their own, MB")),
    ("hub/README.md", r"count it \| (\S+) MB \| (\S+) MB", lambda: hub("softmax", "a student, resident, MB")),
    ("hub/README.md", r"all twenty \| \| (\S+) GB", lambda: hub("softmax", "all students, GB", 1)),
    ("hub/README.md", r"429 \| \| (\d+) times", lambda: hub("softmax", "told to come again, HTTP 429")),
    ("hub/README.md", r"\| (\d+) of 20 \|", lambda: hub("softmax", "finished")),
    ("hub/README.md", r"each (\S+) MB resident", lambda: hub("digits", "a student, resident, MB")[:1]),
    ("hub/README.md", r"and (\S+) MB where", lambda: hub("digits", "a student, of their own, MB")[:1]),
    ("hub/README.md", r"and (\S+) s for \*Run all", lambda: hub("digits", "the chapter, run all, s")[:1]),
]  # fmt: skip
# Numbers that no code of ours could contradict: versions of licences and of other people's programs, addresses,
# what a command is given, and the advice that follows from what was measured.
GIVEN = {
    "README.md": r"about 4 GB of disk|100 MB more from PyPI|localhost:8000|CC BY(-SA)? \d\.0",
    "hub/README.md": r"LTI 1\.3|127\.0\.0\.1:8000|STUDENTS=20|Python 3\.12|JupyterHub \d\.\d|HTTP 429|"
    r"^- memory: .*$|hub/load\.py 2",
}
PAGES = ["book/index.md", "README.md", "book/notation.md", "hub/README.md", "book/glossary.md"]


def text_of(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    text = re.sub(r"```\{image\}.*?:alt: (.*?)\n.*?```", r"\1", text, flags=re.DOTALL)
    text = re.sub(r"```.*?```", " ", text, flags=re.DOTALL)
    return re.sub(r"\]\([^)]*\)|^    .*$", "]", text, flags=re.MULTILINE)


@pytest.mark.parametrize(("page", "sentence", "values"), FACTS)
def test_a_number_on_a_page_is_what_code_says(page, sentence, values):
    found = re.findall(sentence, text_of(page))
    assert found, f"{page} no longer says: {sentence}"
    for said in found:
        assert list(said if isinstance(said, tuple) else (said,)) == values()


def loose(page, text):
    """The numbers of a page in no sentence that is held, and not among those that are given."""
    known = [sentence for where, sentence, _ in FACTS if where == page]
    known += [GIVEN[page]] if page in GIVEN else []
    for sentence in known:
        text = re.sub(sentence, " ", text, flags=re.MULTILINE)
    return list(numbers(text))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_no_other_number(page):
    assert loose(page, text_of(page)) == []


def test_a_new_number_and_a_wrong_one_are_found():
    assert loose("README.md", "It takes 42 seconds.") == ["42"]
    with pytest.raises(AssertionError):
        test_a_number_on_a_page_is_what_code_says("README.md", r"All (\S+) digits", lambda: ["60,000"])
    assert NUMBER.search("42 seconds")["unit"] == " seconds"
