"""What is graded stays graded, once; tables are what gradebooks import, and hold no formula."""

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time

import grade
import pytest
from classroom import CHEAT, FULL, GOOD, TESTS, USERS, class_of, make_autograder, notebook, rows


@pytest.fixture
def them():
    with class_of() as them:
        yield them


def test_hand_ins_get_the_list_of_fonts_wherever_the_grader_keeps_its_own(tmp_path, monkeypatch):
    for name in ("MPLCONFIGDIR", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "own"))
    (tmp_path / "shared").mkdir()
    grade.share(tmp_path / "shared")
    assert list((tmp_path / "shared" / "home").rglob("fontlist-*.json"))


def test_a_second_run_grades_only_what_is_new_or_changed(them):
    them.add(a=GOOD, b=GOOD).grade()
    before = them.record.read_text()
    _, table = them.add(b=[CHEAT], c=GOOD).grade()
    added = them.record.read_text().removeprefix(before).splitlines()
    assert sorted(json.loads(line)["file"] for line in added) == ["b.ipynb", "c.ipynb"]
    assert [row["total"] for row in table] == ["7", "0", "7"]


@pytest.mark.parametrize(
    ("before", "after", "totals"),
    [("42.5", "0.0", ["5", "2"]), ("points=2", "points=1", ["6", "0"])],
    ids=["another answer", "other points"],
)
def test_a_changed_autograder_grades_everybody_anew(them, before, after, totals):
    _, table = them.add(a=GOOD, b=[CHEAT]).grade()
    assert [row["total"] for row in table] == ["7", "0"]
    make_autograder(them.autograder, TESTS | {"q2": TESTS["q2"].replace(before, after)})
    _, table = them.grade()
    assert [row["total"] for row in table] == totals


@pytest.mark.parametrize("user", USERS)
def test_killed_half_way_and_started_again_each_is_graded_once(user):
    with class_of(user) as them:
        them.add(**{f"s{i}": [*GOOD, "import time; time.sleep(1)"] for i in range(8)})
        first = them.start("--workers", "2")
        while not them.record.exists() or them.record.read_text().count("\n") < 3:
            assert first.poll() is None
            time.sleep(0.05)
        first.send_signal(signal.SIGKILL)
        first.communicate()
        deadline = time.monotonic() + 20
        while them.left_running() and time.monotonic() < deadline:
            time.sleep(0.1)
        assert them.left_running() == []
        with open(them.record, "a") as file:
            file.write('{"file": "s7.ipynb", "points')  # what a kill within a write leaves
        _, table = them.grade()
        files = []
        for line in them.record.read_text().splitlines():
            try:
                files.append(json.loads(line)["file"])
            except json.JSONDecodeError:
                pass
        assert sorted(files) == [f"s{i}.ipynb" for i in range(8)]
        assert [row["total"] for row in table] == ["7"] * 8


def test_stopped_by_its_user_it_says_how_to_go_on(them):
    them.add(**{f"s{i}": [*GOOD, "import time; time.sleep(1)"] for i in range(4)})
    first = them.start("--workers", "1", start_new_session=True)
    while not them.record.exists() or them.record.read_text().count("\n") < 1:
        assert first.poll() is None
        time.sleep(0.05)
    os.killpg(first.pid, signal.SIGINT)  # as a terminal does
    _, said = first.communicate()
    assert first.returncode == 1 and "the same command goes on from there" in said and "Traceback" not in said
    assert them.left_running() == []


def test_tests_that_do_not_end_cost_one_hand_in_and_nobody_else(them):
    endless = TESTS["q2"].replace("assert", "while answer == 42.5: pass\n    assert")
    make_autograder(them.autograder, TESTS | {"q2": endless})
    records, _ = them.add(a=GOOD, b=[*GOOD, "answer = 40"]).grade("--seconds", "5")
    assert "the process of its tests ended" in records["a.ipynb"]["note"]
    assert records["b.ipynb"]["points"] == FULL | {"q2": 0}


def test_whatever_a_hand_in_is_called_it_has_a_row(them, tmp_path):
    names = ["n" * 240, 'émoji 🎈, "quoted"\nin two lines', "=1+1", "-2"]
    handins = them.add(**dict.fromkeys(names, GOOD)).handins
    (handins / "folder.ipynb").mkdir()
    (handins / "folder.ipynb" / "in it.IPYNB").write_text(notebook(GOOD), encoding="utf-8-sig")
    (handins / ".ipynb_checkpoints").mkdir()
    (handins / ".ipynb_checkpoints" / "-2-checkpoint.ipynb").write_text(notebook(GOOD))
    shutil.copy(handins / "-2.ipynb", handins / os.fsdecode(b"not \xff utf-8.ipynb"))
    (handins / "unread.ipynb").write_text(notebook(GOOD))
    (handins / "unread.ipynb").chmod(0)
    (handins / "solution.ipynb").symlink_to(handins / "-2.ipynb")
    (handins / "nowhere.ipynb").symlink_to(tmp_path / "nowhere")
    (handins / "around").symlink_to(handins)
    handins.chmod(0o500)
    try:
        records, table = them.grade()
    finally:
        handins.chmod(0o700)
    found = {row["file"]: row["total"] for row in table}
    assert len(table) == len(found) == 10
    for link in ("solution.ipynb", "nowhere.ipynb", "around"):
        assert found.pop(link) == "0" and "a link to another file" in records[link]["note"]
    if os.getuid():
        assert found.pop("unread.ipynb") == "0" and "cannot be read" in records["unread.ipynb"]["note"]
    assert set(found.values()) == {"7"}
    assert {"'=1+1.ipynb", "'-2.ipynb", "not \\udcff utf-8.ipynb"} < set(found)


def formulas(path):
    """The cells of a table that a spreadsheet would take for a formula: a sign first, and no number."""
    cells = [cell for row in rows(path) for cell in row.values()]
    signs = [cell for cell in cells if cell[:1] in ("\t", "\r") or cell.strip()[:1] in tuple("=+-@")]
    return [cell for cell in signs if not cell.lstrip("+-").replace(".", "", 1).isdigit()]


FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "\tone", " =1"]


def test_no_name_and_no_answer_becomes_a_formula(them):
    for formula in FORMULAS:
        answer = json.dumps(formula)[1:-1]
        text = notebook(GOOD).replace("Because.", answer)
        them.add(**{f"{formula}_12_34_x": text.encode()})
    for options in ([], ["--for", "canvas"], ["--for", "moodle"]):
        _, table = them.grade(*options)
        assert len(table) == len(FORMULAS) + ("canvas" in options)
        assert formulas(them.out) == formulas(them.folder / "grades-words.csv") == []
        answers = [row["answer"] for row in rows(them.folder / "grades-words.csv")]
        assert sorted(answers) == sorted(f"'{formula}" for formula in FORMULAS)


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_is_found_and_a_number_is_none(tmp_path, formula):
    with open(tmp_path / "table.csv", "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["answer", "points"], [formula, "-1.5"], ["one", ""]])
    assert formulas(tmp_path / "table.csv") == [formula]


def test_points_below_zero_stay_numbers(them):
    them.add(**{"=a": GOOD}).grade()
    words = them.folder / "grades-words.csv"
    words.write_text(words.read_text().replace("a.ipynb,q4,,", "a.ipynb,q4,-1,"))
    for _ in range(2):
        _, table = them.grade()
        assert table[0]["total"] == "6" and rows(words)[0]["points"] == "-1"


def test_two_rows_of_one_student_are_named(them):
    them.add(doe_12_34_a=GOOD, doe_12_35_b=GOOD, roe_13_36_a=GOOD)
    run = them.run("--for", "canvas")
    assert "doe (12) has 2 rows: doe_12_34_a.ipynb, doe_12_35_b.ipynb" in run.stdout
    assert "roe" not in run.stdout


def test_two_runs_do_not_write_the_same_file(them):
    them.add(slow=["import time; time.sleep(4)"])
    first = them.start(stdout=subprocess.PIPE)
    assert first.stdout.readline() == "1 hand-ins, 1 to grade\n"
    second = them.run()
    assert second.returncode == 1 and "another run is writing it" in second.stderr
    first.communicate()
    assert first.returncode == 0


def test_points_given_by_hand_are_added_and_kept(them):
    them.add(a=GOOD, b=GOOD).grade()
    words = them.folder / "grades-words.csv"
    (first, _second) = rows(words)
    assert (first["question"], first["of"], first["answer"]) == ("q4", "3", "Because.")
    words.write_text(words.read_text().replace("a.ipynb,q4,,", "a.ipynb,q4,2.5,"))
    _, table = them.grade()
    assert [row["total"] for row in table] == ["9.5", "7"]
    assert [row["points"] for row in rows(words)] == ["2.5", ""]
    words.write_text(words.read_text().replace("2.5", "good"))
    run = them.run()
    assert run.returncode == 1 and "points empty or a number" in run.stderr


def test_canvas_and_moodle_find_the_columns_they_import(them):
    them.add(doejane_LATE_1234_98765_x=GOOD)
    moodle = them.handins / "Jané Doe_5678_assignsubmission_file"
    moodle.mkdir()
    shutil.copy(them.handins / "doejane_LATE_1234_98765_x.ipynb", moodle / "x.ipynb")
    _, table = them.grade("--for", "canvas", "--title", "Softmax")
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Softmax"]
    assert list(table[0]) == head
    assert (table[0]["Student"].strip(), table[0]["Softmax"]) == ("Points Possible", "10")
    assert table[2] == dict.fromkeys(head, "") | {"Student": "doejane", "ID": "1234", "Softmax": "7"}
    _, table = them.grade("--for", "moodle")
    assert table[0]["Identifier"] == "Participant 5678"
    assert (table[0]["Full name"], table[0]["Grade"]) == ("Jané Doe", "7")
    assert {"Last modified (grade)", "Maximum Grade", "Feedback comments"} < set(table[0])


@pytest.mark.parametrize(
    "change, words",
    [
        ({1: "none.zip"}, "none.zip"),
        ({2: "nowhere"}, "nowhere"),
        ({2: "empty"}, "empty"),
        ({5: "--workers", 6: "0"}, "--workers"),
    ],
)
def test_a_wrong_call_says_what_was_expected(them, change, words):
    them.add(a=GOOD)
    (them.folder / "empty").mkdir()
    call = [*them.command(), "", ""][1:]
    for place, text in change.items():
        call[place] = str(them.folder / text) if place < 3 else text
    run = subprocess.run([sys.executable, *filter(None, call)], capture_output=True, text=True)
    assert run.returncode and words in run.stderr, run.stderr
