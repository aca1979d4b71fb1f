"""The base of every figure: frames from NumPy, one of them shown, chosen by sliders."""

import math

import numpy as np
import traitlets

from softmaxlab.widgets.drawn import Drawn

MOST_BYTES = 2_000_000


class Figure(Drawn):
    """A picture of one frame of many. The script defines `build`, as the top of `figure.js` says; `figure.js` does the rest."""

    frames = traitlets.Bytes().tag(sync=True)  # float32, or signed bytes, C order, of this shape:
    shape = traitlets.List(traitlets.Int()).tag(
        sync=True
    )  # an axis for each slider, then those of one frame
    # 0 for float32; a figure that can do with 255 steps sets it in `show`, and its frames are bytes that count units
    unit = traitlets.Float(0).tag(sync=True)
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)  # of the sliders
    grids = traitlets.List(traitlets.List(traitlets.Float())).tag(sync=True)  # their values
    readouts = traitlets.List(traitlets.Unicode()).tag(
        sync=True
    )  # names of further numbers, one each for every frame
    readings = traitlets.Bytes().tag(sync=True)  # float32, (readouts, frames)
    # Where each slider stands. `jslink` joins one number to one number, so each slider has a trait of its own.
    at0 = traitlets.Int(0).tag(sync=True)
    at1 = traitlets.Int(0).tag(sync=True)
    at2 = traitlets.Int(0).tag(sync=True)
    # A figure may have one more slider, which points into the frame shown and needs no frames of its own:
    pointer = ""  # its name
    at = traitlets.Int(0, help="where it points").tag(sync=True)

    def __init__(self, *, also=None, **traits):
        """`also`: further numbers to show, as `{name: function of one frame, or a number for each frame}`."""
        if unknown := set(traits) - set(self.trait_names()):
            raise ValueError(f"{', '.join(sorted(unknown))}: not known to {type(self).__name__}.")
        self.also = also or {}
        super().__init__(readouts=list(self.also), **traits)

    def stops(self, one):
        """How many places of a frame of shape `one` the pointer may stand on: its numbers, unless a subclass says otherwise."""
        return math.prod(one)

    def show(self, frames, grids):
        """Take `frames`, a float32 array with an axis for each of `grids` (name: values), then those of one frame."""
        if self.frames:
            raise ValueError("view: expected a new figure, came one that is in use.")
        one_each = frames.reshape(-1, *frames.shape[len(grids) :])
        stops = self.stops(one_each[0].shape)
        if not 0 <= self.at < stops:
            raise ValueError(f"at: expected 0 to {stops - 1}, came {self.at}.")
        readings = np.array([_read(*numbers, one_each) for numbers in self.also.items()])
        self.shape = list(frames.shape)
        self.names = [name.replace("_", " ") for name in grids]
        self.grids = [[float(value) for value in grid] for grid in grids.values()]
        if self.unit:
            frames = np.clip(np.round(frames / self.unit), -127, 127).astype("i1")
        self.frames = frames.tobytes()
        self.readings = readings.astype("<f4").tobytes()

    @property
    def array(self):
        """All frames, with an axis for each slider first."""
        if self.unit:
            return np.frombuffer(self.frames, "i1").reshape(self.shape) * self.unit
        return np.frombuffer(self.frames, "<f4").reshape(self.shape)

    @property
    def position(self):
        """Where the sliders stand: one index for each."""
        return (self.at0, self.at1, self.at2)[: len(self.grids)]


def _read(name, measure, frames):
    """A number for each of `frames`: `measure` of it, or those that `measure` holds."""
    if callable(measure):
        return [measure(frame) for frame in frames]
    if np.size(measure) != len(frames):
        raise ValueError(
            f"also: expected {len(frames)} numbers for {name!r}, came {np.size(measure)}."
        )
    return np.ravel(measure)
