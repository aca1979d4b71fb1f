"""Make one assignment from its master, and hold it to what it promises.

    python assignments/make.py assignments/softmax.md

writes `dist/student/softmax.ipynb`, to hand out, and `dist/instructor/softmax/` with `autograder.zip` and
`solution.ipynb`, to keep. It fails unless the solution earns every point, the untouched student version runs without an
error and earns no hidden one, and nothing secret is in it.
"""

import ast
import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import jupytext
import nbformat
import yaml
from wall import obstacle

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
import course

ROOT = Path(__file__).parents[1]
# The same for every assignment: https://otter-grader.readthedocs.io/en/latest/otter_assign/notebook_format.html
CONFIG = {
    "init_cell": True,
    "check_all_cell": True,
    "export_cell": False,  # the notebook itself is handed in
    "show_question_points": True,
    "solutions_pdf": False,
    "tests": {"files": False, "ok_format": False},
    "generate": {"pdf": False, "show_stdout": False, "show_hidden": False},
}
MARKS = ("# SOLUTION", "BEGIN SOLUTION", "END SOLUTION", "hidden=True", "HIDDEN")


def main(master, dist=ROOT / "dist"):
    name = master.stem
    notebook = jupytext.read(master)
    config = {"name": name} | CONFIG
    package = course.package()
    if package:
        config["requirements"] = "requirements.txt"
    config = yaml.safe_dump(config)
    notebook.cells.insert(0, nbformat.v4.new_raw_cell(f"# ASSIGNMENT CONFIG\n{config}"))
    private = dist / "instructor" / name
    with tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder, f"{name}.ipynb"), Path(folder, "made")
        nbformat.write(notebook, source)
        if package:  # graders that build a machine of their own fetch it
            needed = f"numpy\nmatplotlib\nsoftmaxlab @ {package}\n"
            Path(folder, "requirements.txt").write_text(needed, encoding="utf-8")
        otter = [sys.executable, "-m", "otter", "assign", "--no-pdfs", str(source), str(made)]
        run = subprocess.run(otter, capture_output=True, text=True, cwd=folder)
        if run.returncode:
            sys.exit(f"{master}: otter assign failed:\n{run.stdout}{run.stderr}")
        (archive,) = made.glob("autograder/*.zip")
        with zipfile.ZipFile(archive, "a") as file:
            file.writestr("words.json", json.dumps(words(notebook)))
        student, solution = made / "student" / source.name, made / "autograder" / source.name
        check_leaks(notebook, student, solution, archive)
        points = check_points(student, solution, archive)
        check_total(notebook)
        private.mkdir(parents=True, exist_ok=True)
        (dist / "student").mkdir(exist_ok=True)
        shutil.copy(student, dist / "student")
        shutil.copy(solution, private / "solution.ipynb")
        shutil.copy(archive, private / "autograder.zip")
    print(f"{name}: {points}")


def parts(notebook):
    """(question, part, cell) for every cell of a master; part: "text", "solution", "public" or "hidden"."""
    question, part = None, "text"
    for cell in notebook.cells:
        begin = re.match(r"# (BEGIN|END) (\w+)(.*)", cell.source, re.DOTALL)
        if cell.cell_type == "raw" and begin:
            opens, what, rest = begin[1] == "BEGIN", begin[2], begin[3]
            if what == "QUESTION":
                question = yaml.safe_load(rest) if opens else None
            else:
                part = {"SOLUTION": "solution", "TESTS": "public"}[what] if opens else "text"
        else:
            hidden = part == "public" and re.search(r"^hidden: true", cell.source, re.MULTILINE)
            yield question, "hidden" if hidden else part, cell


def words(notebook):
    """Points of the questions answered in words, by name."""
    asked = [question for question, *_ in parts(notebook) if question]
    return {q["name"]: q["points"] for q in asked if q.get("manual")}


def secrets(notebook):
    """Lines of answers, of marking guides and of hidden tests, with the question each belongs to; seeds too."""
    found, public = set(), []
    for question, part, cell in parts(notebook):
        name, lines = question and question["name"], cell.source.splitlines()
        if part == "hidden":
            code = re.sub(r'^""" # BEGIN.*?# END TEST CONFIG\n', "", cell.source, flags=re.DOTALL)
            lines += ast.unparse(ast.parse(code)).splitlines()  # as otter writes it
            found |= {(name, line) for line in lines}
            found |= {(name, seed) for seed in re.findall(r"\b\d{3,}\b", code)}
        elif part == "solution" and cell.cell_type == "code":
            inside = False
            for line in lines:
                inside = (inside or "# BEGIN SOLUTION" in line) and "# END SOLUTION" not in line
                if inside or re.search(r"# SOLUTION$", line):
                    found.add((name, line.partition("# SOLUTION")[0]))
                else:
                    public.append(line)
        elif part == "solution":
            found |= {(name, line) for line in lines}
        else:
            public.append(cell.source)
    known = "\n".join(public)
    found = {(name, line.strip()) for name, line in found}
    return {
        (name, line) for name, line in found if line not in known and (len(line) > 10 or re.fullmatch(r"\d{3,}", line))
    }


def leaks(secret, text):
    """What of `secret` is in the text."""
    return {
        (name, line) for name, line in secret if (re.search(rf"\b{line}\b", text) if line.isdigit() else line in text)
    }


def strings(value):
    """Every text in a notebook, wherever it stands."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return "\n".join(map(strings, value))
    return str(value)


def check_leaks(notebook, student, solution, archive):
    """The student version holds no secret; the solution with its tests is caught for every question."""
    secret = secrets(notebook)
    handed_out = strings(json.loads(student.read_text(encoding="utf-8")))
    for name, line in leaks(secret, handed_out) | {("-", m) for m in MARKS if m in handed_out}:
        sys.exit(f"{student.name}: question {name} leaks into the student version: {line!r}")
    kept = [strings(json.loads(solution.read_text(encoding="utf-8")))]
    with zipfile.ZipFile(archive) as file:
        kept += [file.read(n).decode() for n in file.namelist() if n.startswith("tests/")]
    caught = {name for name, _ in leaks(secret, "\n".join(kept))}
    asked = {question["name"] for question, *_ in parts(notebook) if question}
    if asked - caught:
        sys.exit(f"{student.name}: the check for leaks is blind to {sorted(asked - caught)}")


def check_total(notebook):
    """The points that the text promises are those that the questions give."""
    asked = {q["name"]: q["points"] for q, *_ in parts(notebook) if q}
    text = "\n".join(cell.source for cell in notebook.cells)
    stated = re.findall(r"\*\*Points\*\*: (\d+)", text)
    if stated != [str(sum(asked.values()))]:
        sys.exit(f"expected **Points**: {sum(asked.values())} once; came {stated}")


def check_points(student, solution, archive):
    """The solution earns every point that is given by test, the untouched version no hidden one, without an error."""
    with tempfile.TemporaryDirectory() as folder:
        handins = Path(folder, "hand-ins")
        handins.mkdir()
        shutil.copy(student, handins / "blank.ipynb")
        shutil.copy(solution, handins / "solution.ipynb")
        wall = obstacle([]) is None
        command = [sys.executable, ROOT / "assignments/grade.py", archive, handins]
        command += [] if wall else ["--trusted"]  # its own solution
        run = subprocess.run([*command, "--out", Path(folder, "grades.csv")], capture_output=True, text=True)
        if run.returncode:
            sys.exit(f"{student.name}: grading failed:\n{run.stdout}{run.stderr}")
        lines = Path(folder, "grades.jsonl").read_text(encoding="utf-8").splitlines()
    rows = {row["file"]: row for row in map(json.loads, lines)}
    blank, full = rows["blank.ipynb"], rows["solution.ipynb"]
    for row in (blank, full):
        if row["note"] and not row["note"].startswith("no test passed"):
            sys.exit(f"{student.name}: {row['file']} ought to run without an error: {row['note']}")
    if full["failed"]:
        sys.exit(f"{student.name}: the solution fails {full['failed']}")
    if blank["hidden"]:
        sys.exit(f"{student.name}: untouched, it earns {blank['hidden']:g} hidden points")
    open_points = sum(full["points"].values()) - full["hidden"]
    return (
        f"{open_points:g} points by public tests, {full['hidden']:g} by hidden ones; untouched "
        f"{sum(blank['points'].values()):g}; solution graded in {full['seconds']:g} s"
        f"{'' if wall else ', without a wall'}"
    )


if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_file():
        sys.exit("expected one master, such as assignments/softmax.md; came " + repr(sys.argv[1:]))
    main(Path(sys.argv[1]))
