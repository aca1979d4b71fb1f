"""The tables of a graded class: what the gradebooks of Canvas and Moodle import, and the answers in words."""

import csv
import re
import sys
from pathlib import Path


def who(file):
    """Name and number of the student in a file name as Canvas or Moodle gives it: "name_LATE_123_456_x",
    "Name_123_assignsubmission_...".
    """
    canvas = re.match(r"([^_/]+)_(?:LATE_)?(\d+)_\d+_", Path(file).name)
    moodle = re.match(r"([^/]+?)_(\d+)_assignsubmission", file)
    found = canvas or moodle
    return found.groups() if found else (Path(file).stem, "")


def write_table(path, records, possible, title, layout):
    """The CSV: everything, or the columns that a gradebook wants."""
    rows = []
    for record in records:
        (name, number), total = who(record["file"]), f"{record['total']:g}"
        if layout == "canvas":
            rows.append({"Student": name, "ID": number, "SIS User ID": "", "SIS Login ID": "", "Section": ""})
            rows[-1][title] = total
        elif layout == "moodle":
            row = {"Identifier": f"Participant {number}", "Full name": name, "Grade": total}
            row |= {"Maximum Grade": f"{possible:g}", "Last modified (grade)": ""}
            rows.append(row | {"Feedback comments": record["note"]})
        else:
            row = {"file": record["file"], "student": name, "total": total, "possible": f"{possible:g}"}
            row |= {q: f"{p:g}" for q, p in sorted(record["points"].items())}
            rows.append(row | {"note": record["note"], "seconds": record.get("seconds", "")})
    if layout == "canvas":
        most = dict.fromkeys(rows[0], "") | {"Student": "    Points Possible", title: f"{possible:g}"}
        rows.insert(0, most)
    write_csv(path, rows)


def write_csv(path, rows):
    """All at once, so that a run that is killed leaves the old file."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    new = path.with_name(path.name + ".new")
    with open(new, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows({name: tame(value) for name, value in row.items()} for row in rows)
    new.replace(path)


def plain(value):
    """Text that can be written and printed, whatever a file or a hand-in calls itself."""
    return str(value).encode(errors="backslashreplace").decode()


def tame(value):
    """The same, and what a spreadsheet would take for a formula is preceded by an apostrophe."""
    text = plain(value)
    number = re.fullmatch(r"[-+]?[\d.]+(e[-+]?\d+)?", text)
    formula = text.startswith(("\t", "\r")) or text.lstrip().startswith(tuple("=+-@"))
    return "'" + text if formula and not number else text


def words_path(out):
    return out.with_name(f"{out.stem}-words.csv")


def read_marks(out):
    """Points given by hand for the answers in words, by (file, question)."""
    path, marks = words_path(out), {}
    if not path.exists():
        return marks
    with open(path, newline="", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            try:
                if row["points"]:
                    marks[row["file"], row["question"]] = float(row["points"])
            except (KeyError, ValueError) as error:
                sys.exit(
                    f"{path}: expected columns file, question and points, points empty or a number; "
                    f"came {error}. Mend that row, or delete the file."
                )
    return marks


def write_words(out, records, words, marks):
    """The answers in words, with room for the points; what was given stays."""
    rows = []
    for record in records:
        answers = dict(zip(words, record["words"]))
        for question, most in words.items():
            mark = marks.get((tame(record["file"]), question))
            row = {"file": record["file"], "question": question, "points": "" if mark is None else f"{mark:g}"}
            rows.append(row | {"of": f"{most:g}", "answer": answers.get(question, "")})
    if rows:
        write_csv(words_path(out), rows)
