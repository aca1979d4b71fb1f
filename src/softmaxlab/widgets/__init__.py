"""Figures that follow sliders, with a kernel or without: NumPy draws every frame beforehand, the browser shows one."""

from softmaxlab.widgets.bars import Bars
from softmaxlab.widgets.confusion import Confusion
from softmaxlab.widgets.curves import Curves
from softmaxlab.widgets.descent import Descent
from softmaxlab.widgets.diagonal import Diagonal
from softmaxlab.widgets.digit_pad import DigitPad
from softmaxlab.widgets.explore import explore
from softmaxlab.widgets.machine import Machine
from softmaxlab.widgets.pixels import Pixels
from softmaxlab.widgets.regions import Regions
from softmaxlab.widgets.simplex import Simplex
from softmaxlab.widgets.templates import Templates

__all__ = [
    "Bars",
    "Confusion",
    "Curves",
    "Descent",
    "Diagonal",
    "DigitPad",
    "Machine",
    "Pixels",
    "Regions",
    "Simplex",
    "Templates",
    "explore",
]
