"""Hand-ins of honest students with what notebooks have in them: each earns here what it earns in JupyterLab.

What it earns there is measured: a kernel of IPython runs the same cells and the same tests.
"""

import json
import zipfile

import nbformat
import pytest
from classroom import FULL, GOOD, NONE, TESTS, USERS, class_of, notebook
from nbclient import NotebookClient
from publish import first_cell

DOUBLE, ROOT = GOOD[2], GOOD[5]

# name: cells, and words of the note where there is one. All of them earn every point.
HONEST = {
    "good": (GOOD, ""),
    "as_published": ([first_cell("assignments/name.ipynb", "nowhere"), *GOOD], ""),
    "display": ([*GOOD, "display(double(2))\nfrom IPython.display import Markdown\ndisplay(Markdown('*x*'))"], ""),
    "shell_assignment": ([*GOOD[:4], "lines = !echo 42.5\nanswer = float(lines[0])", ROOT], ""),
    "shell_and_magics": (
        [*GOOD, "%%bash\necho $HOME", "%%javascript\nalert(1)", "%load_ext autoreload\n%autoreload 2", "%pwd", "!ls /"],
        "",
    ),
    "a_magic_that_is_not_there": ([*GOOD, "%nowhere\nanswer = 1"], "cell 8: UsageError"),
    "pip": ([*GOOD[:4], "%pip install nothing\n!pip install nothing\nanswer = 42.5", ROOT], ""),
    "timed_assignment": (
        [*GOOD[:4], "took = %timeit -o -n 1 -r 1 double(1)\nanswer = 42.5 if took.best > 0 else 0", ROOT],
        "",
    ),
    "timed_cells": (["%%time\nimport numpy as np", f"%%time\n{DOUBLE}", f"%%capture out\nanswer = 42.5\n{ROOT}"], ""),
    "await": (
        [*GOOD[:4], "import asyncio\nawait asyncio.sleep(0.01)\nanswer = await asyncio.sleep(0, 42.5)", ROOT],
        "",
    ),
    "a_task_of_another_cell": (
        [
            *GOOD[:4],
            "import asyncio\ntask = asyncio.create_task(asyncio.sleep(0.01, 42.5))",
            "answer = await task",
            ROOT,
        ],
        "",
    ),
    "writes_a_file_and_imports_it": (
        [*GOOD[:4], f"%%writefile exchange.py\n{DOUBLE}", "from exchange import double\nanswer = 42.5", ROOT],
        "",
    ),
    "the_last_output": ([*GOOD[:4], "40 + 2.5", "answer = _", "Out[5]; _5; In[5]", ROOT], ""),
    "its_own_source": (
        [*GOOD[:4], "import inspect\nassert '2 * x' in inspect.getsource(double)\nanswer = 42.5", ROOT],
        "",
    ),
    "help": ([*GOOD, "double?", "double??", "?np.sum", "help(double)"], ""),
    "figures": (
        [
            *GOOD,
            "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
            "figure, ax = plt.subplots()\nax.bar([1], [2]);",
            "assert len(plt.get_fignums()) == 0",  # a notebook closes what it has shown
        ],
        "",
    ),
    "widgets": (
        [
            *GOOD,
            "from ipywidgets import interact\ninteract(lambda x: x, x=3);\nfrom tqdm.auto import tqdm\nlist(tqdm([1]))",
        ],
        "",
    ),
    "fraction": ([*GOOD[:4], "from fractions import Fraction\nanswer = Fraction(85, 2)", ROOT], ""),
    "decimal": ([*GOOD[:4], "from decimal import Decimal\nanswer = Decimal('42.5')", ROOT], ""),
    "text": ([*GOOD[:4], "answer = '42.5'", ROOT], ""),
    "0_dimensional": ([*GOOD[:4], "answer = np.array(42.5)", ROOT], ""),
    "float32": ([*GOOD[:4], "answer = np.float32(42.5)", ROOT], ""),
    "array_of_objects": ([*GOOD[:2], "def double(x):\n    return 2 * np.asarray(x, dtype=object)", *GOOD[3:]], ""),
    "an_error_of_its_own_class": (
        [*GOOD[:5], "class Negative(ValueError):\n    pass", ROOT.replace("raise ValueError", "raise Negative")],
        "",
    ),
    "annotations": (
        ["from __future__ import annotations", *GOOD[1:2], "def double(x: Later):\n    return 2 * x", *GOOD[4:]],
        "",
    ),
    "only_when_run": ([GOOD[1], f"if __name__ == '__main__':\n    answer = 42.5\n    pass\n{DOUBLE}", ROOT], ""),
    "classes_and_pickles": (
        [
            *GOOD[:4],
            "import pickle\nfrom dataclasses import dataclass\n@dataclass\nclass Point:\n    x: float",
            "answer = pickle.loads(pickle.dumps(Point(42.5))).x",
            ROOT,
        ],
        "",
    ),
    "processes": (
        [
            *GOOD[:4],
            "from multiprocessing import Pool\nwith Pool(2) as pool:\n    answer = sum(pool.map(float, [40, 2.5]))",
            "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'print(1)'], check=True)",
            ROOT,
        ],
        "",
    ),
    "threads": (
        [
            *GOOD[:4],
            "from concurrent.futures import ThreadPoolExecutor",
            "with ThreadPoolExecutor(4) as pool:\n    answer = sum(pool.map(float, [40, 2.5]))",
            ROOT,
        ],
        "",
    ),
    "shared_memory": (
        [
            *GOOD[:4],
            "from multiprocessing.shared_memory import SharedMemory\nblock = SharedMemory(create=True, size=10**7)",
            "block.buf[0] = 42\nanswer = block.buf[0] + 0.5\nblock.close()\nblock.unlink()",
            ROOT,
        ],
        "",
    ),
    "files": (
        [
            *GOOD[:4],
            "from pathlib import Path\nnp.save('a.npy', [42.5])\nPath.home().joinpath('b').write_text('x')",
            "import tempfile\nwith tempfile.TemporaryFile() as file:\n    file.write(b'x')",
            "answer = np.load('a.npy')[0]",
            ROOT,
        ],
        "",
    ),
    "the_digits": (
        [
            *GOOD[:4],
            "from softmaxlab.data import load_mnist\ntrain, valid, test = load_mnist()",
            "train.images[0, 0] = 1\nassert train.images.shape == (55000, 784) and train.images.dtype == np.float32",
            "assert (len(valid.labels), len(test.images)) == (5000, 10000) and list(test.labels[:3]) == [7, 2, 1]",
            "answer = 42.5",
            ROOT,
        ],
        "",
    ),
    "an_answer_to_a_question_that_nobody_asks": (
        ["name = input('Your name? ')", *GOOD],
        "cell 1:",
    ),
    "an_error_in_a_cell": ([*GOOD, "1 / 0"], "cell 8: ZeroDivisionError"),
    "a_mistake_in_a_cell": ([*GOOD, "def double(x:"], "cell 8: SyntaxError"),
    "leaves_python": ([*GOOD, "import sys; sys.exit()"], "cell 8: SystemExit"),
    "prints_200_megabytes": ([*GOOD, "for _ in range(200):\n    print('x' * 10**6)"], ""),
    "an_error_that_cannot_be_written": (
        [*GOOD, r"raise ValueError('\udcff \ud800')"],
        "cell 8: ValueError: \udcff \ud800",
    ),
}

# Not in an environment without TensorFlow, so no kernel can say what they earn
WITHOUT = {
    "tensorflow_in_the_first_cell": (
        [
            "import numpy as np\nimport tensorflow as tf\ntf.random.set_seed(0)\nnp.random.seed(0)",
            GOOD[0],
            *GOOD[2:],
        ],
        "went on without tensorflow, not installed here",
    ),
    "tensorflow_with_others": (["import tensorflow as tf, numpy as np", *GOOD[2:]], "without tensorflow"),
    "keras": (["from tensorflow.keras import layers\nimport numpy as np", *GOOD[2:]], "without tensorflow"),
    "colab": (
        ["from google.colab import drive\ndrive.mount('/content/drive')\nimport numpy as np", *GOOD[2:]],
        "without google",
    ),
    "with_a_plan_of_its_own": (
        ["try:\n    import tensorflow as tf\nexcept ImportError:\n    tf = None\nassert tf is None", *GOOD],
        "",
    ),
    "in_a_function": (
        [*GOOD, "def compare(x):\n    import tensorflow as tf\n    return tf.abs(x)", "compare(1)"],
        "without",
    ),
}


def cells(*sources):
    return json.loads(notebook(sources))


def with_outputs(size):
    """A notebook with so many bytes of progress bars under its cells."""
    content = cells(*GOOD)
    line = "\r" + "█" * 60 + "\x1b[0m"
    output = {"output_type": "stream", "name": "stderr", "text": [line] * (size // len(json.dumps(line)))}
    content["cells"][2]["outputs"] = [output]
    text = json.dumps(content).encode()
    assert size < len(text) < 1.1 * size
    return text


def of_format_3():
    code = {"cell_type": "code", "language": "python", "metadata": {}, "outputs": [], "collapsed": False}
    output = {"output_type": "pyout", "prompt_number": 1, "text": ["1"], "metadata": {}}
    old = [code | {"input": source.splitlines(True), "prompt_number": 1, "outputs": [output]} for source in GOOD]
    old.insert(0, {"cell_type": "heading", "level": 1, "source": "Twice", "metadata": {}})
    old.insert(1, code | {"input": ""})
    del old[1]["outputs"]
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": old, "metadata": {}}]}
    return json.dumps(old).encode()


def without_a_source():
    content = cells("", *GOOD)
    del content["cells"][0]["source"], content["cells"][0]["metadata"], content["cells"][0]["outputs"]
    content["cells"][1]["source"] = "".join(content["cells"][1]["source"])
    return json.dumps(content).encode()


def without_a_version():
    content = cells(*GOOD)
    return json.dumps({"cells": content["cells"]}).encode()


FORMATS = {
    "format_3": of_format_3,
    "a_cell_without_source": without_a_source,
    "without_a_version": without_a_version,
    "a_byte_order_mark": lambda: notebook(GOOD).encode("utf-8-sig"),
    "35_megabytes_of_progress": lambda: with_outputs(35 * 10**6),
    "45_megabytes_of_progress": lambda: with_outputs(45 * 10**6),
}


@pytest.fixture(scope="module", params=USERS)
def graded(request):
    with class_of(request.param) as them:
        them.add(**{name: cells for name, (cells, _) in (HONEST | WITHOUT).items()})
        them.add(**{name: make() for name, make in FORMATS.items()})
        them.add(utf_16=notebook(GOOD).encode("utf-16"), utf_16_le=notebook(GOOD).encode("utf-16-le"))
        with zipfile.ZipFile(them.handins / "zipped.zip", "w") as archive:
            archive.writestr("some/folder/x.ipynb", notebook(GOOD))
            archive.writestr("some/folder/.ipynb_checkpoints/x-checkpoint.ipynb", notebook([]))
            archive.writestr("__MACOSX/._x.ipynb", "")
        return them.grade("--seconds", "120")[0]


@pytest.mark.parametrize("name", HONEST | WITHOUT)
def test_what_a_notebook_does_costs_nothing(graded, name):
    _, note = (HONEST | WITHOUT)[name]
    record = graded[f"{name}.ipynb"]
    assert record["points"] == FULL and note in record["note"] and bool(note) == bool(record["note"]), record


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_read(graded, name):
    record = graded[f"{name}.ipynb"]
    assert (record["points"], record["note"], record["words"]) == (FULL, "", ["Because."][: name != "format_3"])


def test_checkpoints_in_a_zip_are_none_of_the_hand_in(graded):
    assert (graded["zipped.zip"]["points"], graded["zipped.zip"]["note"]) == (FULL, "")


@pytest.mark.parametrize("name", ["utf_16", "utf_16_le"])
def test_utf_16_is_named_as_such(graded, name):
    record = graded[f"{name}.ipynb"]
    assert record["points"] == NONE and "UTF-16" in record["note"] and "expected UTF-8" in record["note"]


SCORE = """
import json as json_, otter as otter_
from otter.test_files.exception_test import ExceptionTestFile as File_
points_ = {}
for name_, text_ in TESTS.items():
    head_ = f"from otter.test_files import test_case\\nOK_FORMAT = False\\nname = '{name_}'\\n"
    points_[name_] = 0
    for case_ in File_.from_string(head_ + text_).test_cases:
        try: case_.body.call_func(globals())
        except Exception: continue
        points_[name_] += case_.points
print("points", json_.dumps(points_))
"""


@pytest.mark.parametrize("name", HONEST)
def test_a_kernel_of_jupyter_gives_as_much(name, tmp_path):
    content = [cell for cell in HONEST[name][0] if "prints" not in name or "range(200)" not in cell]
    content = [nbformat.v4.new_code_cell(source) for source in [*content, SCORE.replace("TESTS", repr(TESTS))]]
    client = NotebookClient(nbformat.v4.new_notebook(cells=content), allow_errors=True, timeout=120)
    client.execute(cwd=str(tmp_path))
    said = "".join(output.get("text", "") for output in content[-1].outputs)
    assert json.loads(said.partition("points ")[2]) == FULL, content[-1].outputs
