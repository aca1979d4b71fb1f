"""`Descent`: a way downhill, step by step, on the contours of a loss with two parameters, and the loss at each step."""

import itertools

import matplotlib.figure
import numpy as np
import traitlets

from softmaxlab.checks import refuse, shown
from softmaxlab.plots import COLOURS
from softmaxlab.widgets.figure import Figure

SIDE, LEVELS = 49, 11  # points along each axis of the contours, and how many lines
RISE = 1e-6  # a loss that grows by less, in nats, has not risen
NUDGE = 1e-3  # how far apart the losses are from which slopes and curvatures are taken


class Descent(Figure):
    """A frame is a path, (steps + 1, 2); `loss`, a function of a point (2,), gives the contours and each point's
    height.

    The map goes from `x[0]` to `x[1]` and from `y[0]` to `y[1]`. A slider of its own starts at the point `step` of the
    path. `log`: the chart shows how far the loss is above the lowest one, on a logarithmic axis.

    `bound`: the first slider is a learning rate, and two rates are marked on it: 2 over the largest curvature at the
    bottom, and at the start; above the first no walk can stay at the bottom. A slider named `momentum` multiplies both
    by 1 + momentum. `directions`: the two directions at the bottom that do not mix, as arrows, and the factor by which
    a step multiplies what is left of the way along each.

    `beside`: a second walker, `{its name: {a slider: the value at which it stays}}`. `around`: the name of a slider
    whose other paths are drawn as thin lines. `again`, `readouts`: see `Figure`.
    """

    pointer = "step"
    x = traitlets.List(traitlets.Float()).tag(sync=True)
    y = traitlets.List(traitlets.Float()).tag(sync=True)
    xlabel = traitlets.Unicode().tag(sync=True)
    ylabel = traitlets.Unicode().tag(sync=True)
    log = traitlets.Bool().tag(sync=True)
    # Lines, each x, y, x, y, …
    contours = traitlets.List().tag(sync=True)
    # The lowest loss there is, and the least and most of what the chart shows
    lowest = traitlets.Float().tag(sync=True)
    heights = traitlets.List(traitlets.Float()).tag(sync=True)
    # In how many steps the loss rises, for each frame
    rises = traitlets.List(traitlets.Int()).tag(sync=True)
    # For each combination of the sliders but the first: the bounds at the start and at the bottom; none without `bound`
    bounds = traitlets.List(traitlets.List(traitlets.Float())).tag(sync=True)
    momentum_axis = traitlets.Int(-1).tag(sync=True)  # which slider is the momentum, -1 if none
    bottom = traitlets.List(traitlets.Float()).tag(sync=True)
    # Half the axes of a ring around the bottom, the longer first, of length 1; for each frame the factor of a step
    # along each, and 1 if the walk swings there with momentum
    directions = traitlets.List(traitlets.List(traitlets.Float())).tag(sync=True)
    factors = traitlets.List(traitlets.List(traitlets.Float())).tag(sync=True)
    # The second walker: its name, the slider that it holds, and at which index
    beside = traitlets.List().tag(sync=True)
    around = traitlets.Int(-1).tag(sync=True)

    def __init__(
        self,
        loss,
        *,
        x,
        y,
        xlabel="weight",
        ylabel="bias",
        log=False,
        bound=False,
        directions=False,
        beside=None,
        around="",
        again="",
        step=0,
        readouts=None,
    ):
        for name, ends in (("x", x), ("y", y)):
            if len(ends) != 2 or not ends[0] < ends[1]:
                refuse(name, "least and most", shown(ends))
        if beside is not None and (len(beside) != 1 or len(next(iter(beside.values()))) != 1):
            refuse("beside", "one walker that holds one slider, {name: {slider: value}}", shown(beside))
        self.loss = loss
        self._wanted = {"bound": bound, "directions": directions, "beside": beside, "around": around}
        super().__init__(
            x=[float(end) for end in x],
            y=[float(end) for end in y],
            xlabel=xlabel,
            ylabel=ylabel,
            log=log,
            pointer_index=step,
            again=again,
            readouts=readouts,
        )

    def pointer_count(self, shape):
        return shape[0]

    def show(self, frames, grids):
        shape = frames.shape[len(grids) :]
        if len(shape) != 2 or shape[0] < 2 or shape[1] != 2:
            refuse("function", "a path (steps + 1, 2)", f"shape {shape}")
        across, up = np.linspace(*self.x, SIDE), np.linspace(*self.y, SIDE)
        ground = np.array([[self.loss(np.array([x, y])) for x in across] for y in up])
        points = frames.reshape(-1, 2).astype(float)
        known = np.isfinite(points).all(axis=1)
        losses = np.full(len(points), np.nan)
        losses[known] = [self.loss(point) for point in points[known]]
        losses = losses.reshape(frames.shape[:-1])
        row, column = np.unravel_index(ground.argmin(), ground.shape)
        bottom = _bottom(self.loss, np.array([across[column], up[row]]))
        self.bottom = [float(number) for number in bottom]
        self.lowest = float(min(self.loss(bottom), ground.min(), np.nanmin(losses)))
        self.heights = self._range(losses)
        with np.errstate(invalid="ignore"):
            self.rises = (np.diff(losses) > RISE).sum(axis=-1).ravel().tolist()
        self._mark(frames, {name: np.asarray(values).tolist() for name, values in grids.items()})
        # The steps between the lines grow, so that a round bowl has rings at equal distances.
        levels = ground.min() + np.ptp(ground) * (np.arange(1, LEVELS + 1) / (LEVELS + 1)) ** 2
        drawn = matplotlib.figure.Figure().subplots().contour(across, up, ground, levels)
        self.contours = [np.round(line, 3).ravel().tolist() for lines in drawn.allsegs for line in lines]
        frames = np.concatenate([frames, losses[..., None]], axis=-1)
        with np.errstate(over="ignore"):
            super().show(frames.astype("<f4"), grids)

    def _range(self, losses):
        """The least and most that the chart shows: all losses, but for those that run away."""
        above = losses - self.lowest
        begun = above[..., 0][np.isfinite(above[..., 0])].max() + 1e-9
        most = max(begun, np.where(np.isfinite(above), above, 0).max())
        if self.log:
            foot, top = np.round(np.log10(begun)) - 4, np.ceil(np.log10(min(most, 100 * begun)))
            return [float(10.0**foot), float(10.0**top)]
        return [self.lowest, float(self.lowest + min(1.05 * most, 1.25 * begun))]

    def _mark(self, frames, grids):
        """Bounds, directions and what is drawn beside the path, from what was asked for."""
        wanted, names = self._wanted, list(grids)
        if wanted["beside"]:
            ((label, held),) = wanted["beside"].items()
            ((slider, value),) = held.items()
            if slider not in grids or value not in grids[slider]:
                refuse("beside", f"a slider, {', '.join(names)}, and one of its values", shown(held))
            self.beside = [label, names.index(slider), grids[slider].index(value)]
        if wanted["around"]:
            if wanted["around"] not in names:
                refuse("around", f"a slider, {', '.join(names)}", shown(wanted["around"]))
            self.around = names.index(wanted["around"])
        if not (wanted["bound"] or wanted["directions"]):
            return
        rates = grids[names[0]]
        if names[0] == "momentum" or not (np.diff(rates) > 0).all():
            refuse(names[0], "learning rates in rising order", shown(rates))
        self.momentum_axis = names.index("momentum") if "momentum" in names else -1
        curvatures, directions = np.linalg.eigh(_bends(self.loss, np.array(self.bottom)))
        if not curvatures[0] > 0:
            refuse("loss", "one that bends upwards in every direction at its bottom", f"curvatures {curvatures}")
        settings = [dict(zip(names[1:], values)) for values in itertools.product(*list(grids.values())[1:])]
        momenta = [setting.get("momentum", 0.0) for setting in settings]
        if wanted["bound"]:
            starts = frames[0].reshape(len(settings), -1, 2)[:, 0].astype(float)
            steepest = [np.linalg.eigvalsh(_bends(self.loss, start))[-1] for start in starts]
            pairs = [(steep, curvatures[-1]) for steep in steepest]
            self.bounds = [[float((1 + m) * 2 / steep) for steep in pair] for m, pair in zip(momenta, pairs)]
        if wanted["directions"]:
            self.directions = (directions * np.sqrt(curvatures[0] / curvatures)).T.tolist()
            self.factors = [
                [number for curvature in curvatures for number in _factor(rate * curvature, momentum)]
                for rate in rates
                for momentum in momenta
            ]

    def plot(self, figure):
        path, others = self.array[self.position], []
        if self.around >= 0:
            others = [self._path(self.around, index) for index in range(len(self.grids[self.around]))]
        if self.beside:
            others = [self._path(*self.beside[1:])]
        ground, losses = figure.subplots(1, 2)
        for line in self.contours:
            ground.plot(line[::2], line[1::2], "-", color=COLOURS["line"], linewidth=1)
        for direction in self.directions:
            ends = np.array(self.bottom) + 0.15 * (self.x[1] - self.x[0]) * np.outer([-1, 1], direction)
            ground.plot(*ends.T, "-", color=COLOURS["faint"], linewidth=1)
        for way, style in [*((other, {"color": "C1", "linewidth": 0.8}) for other in others), (path, {"color": "C0"})]:
            heights = way[:, 2] - self.lowest if self.log else way[:, 2]
            ground.plot(way[:, 0], way[:, 1], "-", **style)
            losses.plot(np.clip(heights, *self.heights), "-", **style)
        at = self.pointer_index
        ground.plot(*path[at, :2], "o", color="C1")
        ground.set(xlabel=self.xlabel, ylabel=self.ylabel, xlim=self.x, ylim=self.y, aspect="equal")
        losses.plot(at, np.clip(path[at, 2] - self.lowest * self.log, *self.heights), "o", color="C1")
        losses.set(xlabel="step", ylabel="above the lowest loss" if self.log else "loss", ylim=self.heights)
        losses.set_yscale("log" if self.log else "linear")

    def _path(self, axis, index):
        """The path where one slider stands elsewhere."""
        return self.array[tuple(index if axis == n else at for n, at in enumerate(self.position))]


def _slopes(loss, point):
    """The two slopes of `loss` at `point`, by central differences."""
    return np.array([loss(point + step) - loss(point - step) for step in NUDGE * np.eye(2)]) / (2 * NUDGE)


def _bends(loss, point):
    """The 2 × 2 second slopes of `loss` at `point`, by central differences."""
    bends = np.zeros((2, 2))
    for (i, a), (j, b) in itertools.product(enumerate(NUDGE * np.eye(2)), repeat=2):
        rise = loss(point + a + b) - loss(point + a - b) - loss(point - a + b) + loss(point - a - b)
        bends[i, j] = rise / (4 * NUDGE**2)
    return bends


def _bottom(loss, point, most=100):
    """The lowest place near `point`, by Newton's method, each step halved until it leads down."""
    for _ in range(most):
        curvatures, directions = np.linalg.eigh(_bends(loss, point))
        along = directions.T @ _slopes(loss, point) / np.maximum(np.abs(curvatures), 1e-6)
        step = -directions @ along
        while np.abs(step).max() > 1e-7 and not loss(point + step) < loss(point):
            step /= 2
        if np.abs(step).max() <= 1e-7:
            break
        point = point + step
    return point


def _factor(pull, momentum):
    """By how much a step multiplies the distance to the bottom in the end, and 1 if it swings there with momentum.

    With d the distance, d' = d + v', v' = momentum · v − pull · d, so d goes with the powers of the roots of
    r² − (1 + momentum − pull) r + momentum.
    """
    roots = np.roots([1, -(1 + momentum - pull), momentum])
    if np.iscomplex(roots).any():
        return float(np.sqrt(momentum)), 1.0
    return float(roots[np.abs(roots).argmax()].real), 0.0
