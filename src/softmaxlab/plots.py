"""The plots of the course: each draws on the `ax` it is given, labels it, and returns it."""

import re
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from cycler import cycler
from matplotlib import font_manager, rc_params_from_file
from matplotlib.colors import to_rgb
from matplotlib_inline.backend_inline import set_matplotlib_formats

HERE = Path(__file__).parent


def palette():
    """The colours of palette.css for light paper: `{name: "#rrggbb"}`."""
    css = (HERE / "palette.css").read_text(encoding="utf-8")
    light = css.partition("}")[0]
    return dict(re.findall(r"--course-([\w-]+): (#\w{6});", light))


COLOURS = palette()
CLASSES = [COLOURS[f"class-{number}"] for number in range(4)]

for font in (HERE / "fonts").glob("*.ttf"):
    font_manager.fontManager.addfont(font)


def style():
    """The course's typeface and colours, as settings of matplotlib."""
    ink, faint, line = COLOURS["ink"], COLOURS["faint"], COLOURS["line"]
    return rc_params_from_file(HERE / "course.mplstyle", use_default_template=False) | {
        "axes.prop_cycle": cycler(color=CLASSES) + cycler(linestyle=["-", "--", "-.", ":"]),
        "axes.edgecolor": faint,
        "axes.labelcolor": ink,
        "text.color": ink,
        "xtick.color": ink,
        "ytick.color": ink,
        "grid.color": line,
    }


def use_style():
    """Set the course's typeface and colours, and sharp pictures, for every plot that follows in a notebook."""
    plt.rcParams.update(style())
    set_matplotlib_formats("svg")


def bars(ax, values, labels, *, ylabel="probability", decimals=3, limits=(-np.inf, np.inf)):
    """One bar for each of `values` (k,), named by `labels`, with its value written on it. One that is infinite or goes
    on beyond `limits`, (least, most), ends there and is hatched.
    """
    places, values = range(len(values)), np.asarray(values, float) + 0.0
    colors = [f"C{i}" if len(values) <= 4 else "C0" for i in places]
    endless = np.isinf(values) | (values < limits[0]) | (values > limits[1])
    most = np.abs(np.where(endless | np.isnan(values), 0, values)).max() or 1
    heights = np.clip(np.nan_to_num(values, posinf=1.2 * most, neginf=-1.2 * most), *limits)
    drawn = ax.bar(places, heights, color=colors, width=0.7)
    for bar in np.array(drawn.patches)[endless]:
        bar.set(hatch="//", edgecolor="white")
    written = [f"{v:.{decimals}f}".replace("inf", "∞").replace("-", "−") for v in values]
    ax.bar_label(drawn, written, padding=2)
    ax.axhline(0, color=COLOURS["faint"], linewidth=0.8)
    ax.set_xticks(places, labels)
    ax.set_ylabel(ylabel)
    ax.margins(y=0.15)
    return ax


def curves(ax, x, values, labels, *, xlabel="", ylabel=""):
    """One curve for each column of `values` (n, k) over `x` (n,), named by `labels`."""
    for column, label in zip(np.transpose(values), labels):
        ax.plot(x, column, label=label)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.legend()
    return ax


CORNERS = np.sqrt(2) * np.array([[0.5, np.sqrt(0.75)], [0, 0], [1, 0]])  # of the triangle


def simplex(ax, probs, labels, *, ways=True):
    """`probs` (3,) as a point of a triangle, whose corners are √2 apart, as in probabilities. Each corner has a tinted
    region, in which it is the nearest, and with `ways` the point is tied to all three.
    """
    corners = CORNERS
    ax.fill(*corners.T, facecolor="none", edgecolor=COLOURS["faint"], linewidth=1)
    middle, sides = corners.mean(axis=0), (corners + np.roll(corners, 1, axis=0)) / 2
    borders = [sides[0], middle, sides[1], middle, sides[2]]  # where the nearest corner changes
    for i in range(3):
        region = [corners[i], sides[i], middle, sides[(i + 1) % 3]]
        ax.fill(*np.transpose(region), color=f"C{i}", alpha=0.24 if probs[i] == max(probs) else 0.08, linewidth=0)
    ax.plot(*np.transpose(borders), color=COLOURS["line"], linestyle="-", linewidth=0.8)
    point = probs @ corners  # (3,) @ (3, 2) -> (2,)
    for i, (corner, prob, label) in enumerate(zip(corners, probs, labels)):
        if ways:
            ax.plot(*np.transpose([corner, point]), color=f"C{i}", linestyle=["-", "--", "-."][i])
        ax.plot(*corner, "o", color=f"C{i}", markersize=9)
        side = {"xytext": (0, -11 if i else 11), "va": "top" if i else "bottom", "ha": "center"}
        ax.annotate(f"{label} {prob:.3f}", corner, textcoords="offset points", **side)
    ax.plot(*point, "o", color=COLOURS["ink"], markersize=8)
    ax.set_aspect("equal")
    ax.margins(0.2)
    ax.set_axis_off()
    return ax


def digit(ax, image):
    """One digit, `image` (784,): 0 is paper, 1 is ink."""
    ax.imshow(np.reshape(image, (28, 28)), cmap="gray_r", vmin=0, vmax=1)
    ax.set_axis_off()
    return ax


def weight_image(ax, weights, *, limit, cmap="RdBu"):
    """The weights of one class, (784,), as a picture: zero in the middle of the colours, `limit` at both ends."""
    ax.imshow(np.reshape(weights, (28, 28)), cmap=cmap, vmin=-limit, vmax=limit)
    ax.set_axis_off()
    return ax


def confusion(ax, counts):
    """How often the class of a row was read as that of a column, `counts` (k, k): all written, the mistakes
    coloured.
    """
    mistakes = counts * (1 - np.eye(len(counts), dtype=int))
    ax.imshow(mistakes, cmap="Blues", vmax=2 * mistakes.max())
    for (row, column), count in np.ndenumerate(counts):
        weight = "bold" if row == column else "normal"
        text = str(count) if count else ""
        ax.text(column, row, text, ha="center", va="center", weight=weight)
    ax.set_xticks(range(len(counts)))
    ax.set_yticks(range(len(counts)))
    ax.set(xlabel="read as", ylabel="digit")
    return ax


def two_classes(ax, points, classes, labels):
    """`points` (n, 2) of two classes: discs where `classes` (n,) is 0, squares where it is 1, named by `labels`."""
    for number, (marker, label) in enumerate(zip("os", labels)):
        mine = points[np.asarray(classes) == number]
        style = {"color": f"C{number}", "markeredgecolor": "white", "linestyle": "none"}
        ax.plot(*mine.T, marker, markersize=6, label=label, **style)
    ax.set_aspect("equal")
    return ax


def regions(ax, probs, limit):
    """`probs` (cells,) of the second of two classes, over the square from `-limit` to `limit`: paper where both are
    even.
    """
    side = int(len(probs) ** 0.5)
    colors = np.array([to_rgb(colour) for colour in CLASSES[:2]])[(probs > 0.5).astype(int)]  # (cells, 3)
    strength = 0.6 * np.abs(2 * probs - 1)[:, None]
    picture = 1 - strength + strength * colors
    square = (-limit, limit, -limit, limit)
    ax.imshow(picture.reshape(side, side, 3), origin="lower", extent=square)
    return ax


def ladder(ax, rungs):
    """The accuracy of each of `rungs` (see `results.load_ladder`), the first at the foot, with its chapter."""
    places = np.arange(len(rungs))
    shares = [100 * rung.accuracy for rung in rungs]
    for number, bar in enumerate(ax.barh(places, shares, color="C0", height=0.62)):
        bar.set_gid(f"rung-{number}")
    for place, share in zip(places, shares):
        inside = share > 50
        ax.annotate(
            f"{share:.1f} %",
            (share, place),
            xytext=(-5 if inside else 5, 0),
            textcoords="offset points",
            ha="right" if inside else "left",
            va="center",
            color="white" if inside else COLOURS["ink"],
        )
    ax.set_yticks(places, [f"{rung.name}  · {rung.chapter.replace('-', ' ')}" for rung in rungs])
    ax.tick_params(axis="y", length=0)
    above = {"xycoords": "axes fraction", "xytext": (-4, 2), "textcoords": "offset points"}
    ax.annotate("model · chapter", (0, 1), ha="right", color=COLOURS["faint"], **above)
    ax.set(xlim=(0, 100), xlabel="test accuracy, in %")
    ax.spines["left"].set_visible(False)
    return ax


def ladder_of_mistakes(ax, rungs):
    """The share of mistakes of each of `rungs`, in %, on a logarithmic scale, the first at the top."""
    places, mistakes = range(len(rungs)), [100 - 100 * rung.accuracy for rung in rungs]
    ax.hlines(places, 0.5, mistakes, color=COLOURS["line"], linewidth=1)
    ax.plot(mistakes, places, "o", color="C0")
    for place, share in zip(places, mistakes):
        text = f"{share:.{2 if share < 10 else 1}f}"
        ax.annotate(text, (share, place), xytext=(7, 0), textcoords="offset points", va="center")
    ax.set_yticks(places, [rung.name for rung in rungs])
    ax.tick_params(axis="y", length=0)
    ax.set(xscale="log", xlim=(0.7, 350), xlabel="test pictures misread, in %")
    ax.set_xticks([1, 10, 100], ["1", "10", "100"])
    ax.invert_yaxis()
    return ax


def wiring(ax, numbers, parameters, slopes=None):
    """A network with one hidden layer, and what is in it for one point.

    `numbers`: those of each layer, (d,), (h,) and (k,), in circles. `parameters` `[W1, b1, W2, b2]` stand on the lines
    and above the circles, and below each, in red, its slope, if there are `slopes`: four arrays of the same shapes.
    """
    columns = [
        [(2.2 * column, len(layer) / 2 - row) for row in range(len(layer))] for column, layer in enumerate(numbers)
    ]
    paper = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
    parameters, slopes = ([np.asarray(part) for part in arrays or ()] for arrays in (parameters, slopes))

    def write(x, y, which, place):
        """A parameter, and below it its slope."""
        name = "b = " if which % 2 else ""
        ax.text(x, y, name + _short(parameters[which][place]), ha="center", va="bottom", bbox=paper)
        if slopes:
            slope = _short(slopes[which][place])
            ax.text(x, y, slope, color=COLOURS["speaks-against"], ha="center", va="top", bbox=paper)

    for layer, (nodes, name) in enumerate(zip(columns, ["point", "hidden layer", "score"])):
        for i, (x, y) in enumerate(nodes):
            circle = {"markersize": 27, "markeredgewidth": 1.8, "markeredgecolor": "C0", "color": "white"}
            ax.plot(x, y, "o", **circle, zorder=3)
            ax.text(x, y, _short(numbers[layer][i]), color="C0", ha="center", va="center", weight="bold", zorder=4)
            if layer:
                write(x, y + 0.38, 2 * layer - 1, i)
            for j, (to_x, to_y) in enumerate(columns[layer + 1] if layer < 2 else []):
                ax.plot([x, to_x], [y, to_y], "-", color=COLOURS["track"], linewidth=1.5)
                share = 0.65 if y == to_y else 0.28 + 0.1 * layer  # clear of where lines cross
                write(x + share * (to_x - x), y + share * (to_y - y), 2 * layer, (i, j))
        ax.text(nodes[0][0], -0.42, name, color=COLOURS["faint"], ha="center", va="top")
    ax.set(xlim=(-0.4, 4.8), ylim=(-0.6, 1.6))
    ax.set_axis_off()
    return ax


def _short(number):
    """A number with as many decimals as it needs, up to two."""
    return f"{number:.2f}".rstrip("0").rstrip(".").replace("-", "−")
