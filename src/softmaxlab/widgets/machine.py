"""`Machine`: from ink to probabilities in four steps, and for any class the picture of ink × weight that makes its
score.
"""

import numpy as np
import traitlets

from softmaxlab import plots
from softmaxlab.checks import refuse, shown
from softmaxlab.scratch import score, softmax
from softmaxlab.widgets.digit_pad import DigitPad, checked_arrays


class Machine(DigitPad):
    """A pad to draw on: what one linear model sees, its ten scores, ten probabilities, and why.

    `model`: [weights (784, 10), bias (10,)], which travels as float16. `samples` (m, 784), at most 20: images to
    choose, 0 to 1; it opens on the first. `note` says what they are. Without `probabilities` it ends with the
    scores. `links`: the addresses of what is about the pixels, the scores and the probabilities.
    """

    probabilities = traitlets.Bool().tag(sync=True)
    links = traitlets.List(traitlets.Unicode()).tag(sync=True)
    note = traitlets.Unicode().tag(sync=True)

    def __init__(self, model, samples, *, probabilities=True, links=("", "", ""), note="Test pictures:"):
        if len(checked_arrays("model", model)) != 2:
            refuse("model", "[weights (784, 10), bias (10,)]", f"{len(model)} arrays")
        if not isinstance(links, (list, tuple)) or [type(link) for link in links] != [str] * 3:
            refuse("links", "three addresses", shown(links))
        super().__init__({"model": model}, samples)
        self.probabilities, self.links, self.note = probabilities, list(links), note

    def plot(self, figure):
        """The first sample, ink × weight of its favourite, and the scores or probabilities."""
        weights, bias = self.models["model"]
        image = self.samples[:1]
        scores = score(image, weights, bias)[0]
        digit, why, bars = figure.subplots(1, 3, width_ratios=(1, 1, 1.6))
        plots.digit(digit, image)
        evidence = image[0] * weights[:, scores.argmax()]
        plots.weight_image(why, evidence, limit=np.abs(image[0][:, None] * weights).max())
        why.set_title(f"why {scores.argmax()}?")
        values = softmax(scores) if self.probabilities else scores
        bars.barh(range(10), values, color="C0")
        bars.set_yticks(range(10))
        bars.set(xlabel="probability" if self.probabilities else "score")
        bars.invert_yaxis()

    def __repr__(self):
        return "<Machine>"
