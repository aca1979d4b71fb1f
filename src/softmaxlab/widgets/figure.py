"""The base of every figure with sliders: frames from NumPy, one of them shown."""

import math
import re

import numpy as np
import traitlets

from softmaxlab.checks import refuse, shown
from softmaxlab.widgets.drawn import Drawn

MOST_BYTES = 2_000_000
PLACE = re.compile(r"\{(?::\.\df)?\}")  # of a number in the name of a readout


class Figure(Drawn):
    """A picture of one frame of many. Its script calls `figure(build)`, as `figure.js` says.

    `readouts`: further numbers to show, `{name: function of one frame, or a number for each frame}`. A name may have
    the place of its number in it, as in "{} of 400 right" or "{:.1f} % right".
    `play`: the name of the slider that a button walks, the last unless given. `again`: the name of one whose positions
    have no order, for which the site has a button that goes on to the next.
    """

    # float32, or signed bytes, in C order: an axis for each slider, then those of one frame
    frames = traitlets.Bytes().tag(sync=True)
    shape = traitlets.List(traitlets.Int()).tag(sync=True)
    # 0 for float32; what one step of a byte is worth in a figure that can do with 255 steps
    byte_unit = traitlets.Float(0).tag(sync=True)
    # The sliders: their names and values, and the index at which each stands. `jslink` joins one number to one number,
    # so each slider has a trait of its own.
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    grids = traitlets.List(traitlets.List(traitlets.Float())).tag(sync=True)
    index0 = traitlets.Int(0).tag(sync=True)
    index1 = traitlets.Int(0).tag(sync=True)
    index2 = traitlets.Int(0).tag(sync=True)
    # float32, a row for each readout, a number for each frame
    readout_names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    readout_values = traitlets.Bytes().tag(sync=True)
    # One slider more, in figures that name it, points into the frame shown and needs no frames of its own.
    pointer = ""
    pointer_index = traitlets.Int(0).tag(sync=True)
    pointer_name = traitlets.Unicode().tag(sync=True)
    pointer_places = traitlets.Int(0).tag(sync=True)
    # The slider that a button walks, the last if this is empty; and one that has a button in its place, if any
    play = traitlets.Unicode().tag(sync=True)
    again = traitlets.Unicode().tag(sync=True)

    def __init__(self, *, readouts=None, **traits):
        self.readouts = readouts or {}
        for name in self.readouts:
            if len(PLACE.findall(name)) > 1 or set("{}") & set(PLACE.sub("", name)):
                refuse("readouts", "a name with one place for its number, {} or {:.1f}, or none", shown(name))
        super().__init__(readout_names=list(self.readouts), **traits)

    def pointer_count(self, shape):
        """How many places the pointer has in a frame of `shape`: one for each number, unless a subclass says
        otherwise.
        """
        return math.prod(shape)

    def show(self, frames, grids):
        """Take `frames`, a float32 array with an axis for each of `grids` (name: values), then those of one frame."""
        if self.frames:
            refuse("view", "a new figure", "one that is in use")
        each = frames.reshape(-1, *frames.shape[len(grids) :])
        count = self.pointer_count(each[0].shape)
        if not 0 <= self.pointer_index < count:
            refuse(self.pointer, f"0 to {count - 1}", shown(self.pointer_index))
        if self.pointer:
            self.pointer_name, self.pointer_places = self.pointer, count
        for name in ("play", "again"):
            said = getattr(self, name)
            if said and said not in grids:
                refuse(name, f"the name of a slider, {', '.join(grids)}", shown(said))
            setattr(self, name, said.replace("_", " "))
        values = [_readout(*readout, each) for readout in self.readouts.items()]
        self.shape = list(frames.shape)
        self.names = [name.replace("_", " ") for name in grids]
        # of words only the places count
        numbers = [grid if grid.dtype.kind in "iuf" else range(len(grid)) for grid in grids.values()]
        self.grids = [[float(value) for value in grid] for grid in numbers]
        if self.byte_unit:
            frames = np.clip(np.round(frames / self.byte_unit), -127, 127).astype("i1")
        self.frames = frames.tobytes()
        self.readout_values = np.array(values, "<f4").tobytes()

    @property
    def array(self):
        """All frames, with an axis for each slider first."""
        if self.byte_unit:
            return np.frombuffer(self.frames, "i1").reshape(self.shape) * self.byte_unit
        return np.frombuffer(self.frames, "<f4").reshape(self.shape)

    @property
    def position(self):
        """Where the sliders stand: one index for each."""
        return (self.index0, self.index1, self.index2)[: len(self.grids)]


def _readout(name, measure, frames):
    """A number for each of `frames`: `measure` of it, or those that `measure` holds."""
    values = [measure(frame) for frame in frames] if callable(measure) else measure
    try:
        values = np.asarray(values, "<f4").ravel()
    except (TypeError, ValueError):
        refuse("readouts", f"numbers for {name!r}", shown(values))
    if len(values) != len(frames):
        refuse("readouts", f"{len(frames)} numbers for {name!r}", f"{len(values)}")
    return values
