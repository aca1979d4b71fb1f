"""One palette, told apart by everybody, the same in plots, widgets and pages."""

import itertools
import re
from pathlib import Path

import matplotlib
import matplotlib.colors
import numpy as np
import pytest
from course import ROOT

import softmaxlab
from softmaxlab import plots

PACKAGE = Path(softmaxlab.__file__).parent
LIGHT, DARK = re.findall(r"\{(.*?)\}", (PACKAGE / "palette.css").read_text(encoding="utf-8"), re.DOTALL)

# How colours are seen by those who lack one kind of cone: Machado, Oliveira and Fernandes 2009, severity 1.
SIGHT = {
    "full": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}  # fmt: skip


def palette(block):
    return dict(re.findall(r"--course-([\w-]+): (#\w{6});", block))


def classes(block):
    return [color for name, color in palette(block).items() if "class" in name]


def linear(color):
    srgb = np.array(matplotlib.colors.to_rgb(color))
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    light, dark = sorted(
        (linear(c) @ [0.2126, 0.7152, 0.0722] for c in (one, other)),
        reverse=True,
    )
    return (light + 0.05) / (dark + 0.05)


def lab(rgb):
    to_xyz = np.array(
        [
            [0.4124, 0.3576, 0.1805],
            [0.2126, 0.7152, 0.0722],
            [0.0193, 0.1192, 0.9505],
        ]
    )
    xyz = to_xyz @ np.clip(rgb, 0, 1) / [0.9505, 1, 1.089]
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("block", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("sight", SIGHT)
def test_class_colours_differ_for_every_kind_of_sight(block, sight):
    seen = [lab(np.array(SIGHT[sight]) @ linear(color)) for color in classes(block)]
    apart = [np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2)]
    assert min(apart) > 20  # CIELAB; 2.3 is just noticeable


@pytest.mark.parametrize("block", [LIGHT, DARK], ids=["light", "dark"])
def test_marks_and_words_stand_out_from_the_paper(block):
    colors = palette(block)
    assert all(contrast(color, colors["paper"]) >= 3 for color in classes(block))
    assert contrast(colors["faint"], colors["paper"]) >= 4.5
    assert contrast(colors["link"], colors["paper"]) >= 4.5
    assert contrast(colors["ink"], colors["paper"]) >= 12


def test_light_and_dark_define_the_same_names():
    assert list(palette(LIGHT)) == list(palette(DARK))


def test_plots_have_the_colours_of_the_widgets():
    light = palette(LIGHT)
    with matplotlib.rc_context():
        plots.use_style()
        found = dict(matplotlib.rcParams)
    assert found["axes.prop_cycle"].by_key()["color"] == classes(LIGHT)
    names = ["text.color", "axes.labelcolor", "xtick.color", "ytick.color"]
    assert {found[name] for name in names} == {light["ink"]}
    assert (found["axes.edgecolor"], found["grid.color"]) == (light["faint"], light["line"])


PICTURES = sorted(path for folder in ("book/_static", "benchmarks") for path in (ROOT / folder).glob("*.svg"))


def strange(picture):
    """The colours of an SVG that are not in the palette for light paper, nor white."""
    found = {colour.lower() for colour in re.findall(r"#[0-9a-fA-F]{6}\b", picture)}
    return found - set(palette(LIGHT).values()) - {"#ffffff"}


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_the_pictures_in_the_repository_have_the_colours_of_the_palette(path):
    """After a change: `python tools/ladder.py --draw` and `python benchmarks/page.py`; the mark is drawn by hand."""
    assert strange(path.read_text(encoding="utf-8")) == set()


def test_a_picture_in_another_blue_is_found():
    assert strange('<path style="fill: #0F4C9C; stroke: #1f77b4"/>') == {"#1f77b4"}


def test_the_typeface_of_the_plots_travels_with_the_package():
    with matplotlib.rc_context():
        plots.use_style()
        family = matplotlib.rcParams["font.family"][0]
        found = matplotlib.font_manager.findfont(family, fallback_to_default=False)
    assert Path(found).parent == PACKAGE / "fonts"
