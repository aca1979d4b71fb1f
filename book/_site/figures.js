// Every figure of the package, by the name of its class.
import Bars from "../../src/softmaxlab/widgets/bars.js";
import Confusion from "../../src/softmaxlab/widgets/confusion.js";
import Curves from "../../src/softmaxlab/widgets/curves.js";
import Descent from "../../src/softmaxlab/widgets/descent.js";
import Diagonal from "../../src/softmaxlab/widgets/diagonal.js";
import DigitPad from "../../src/softmaxlab/widgets/digit_pad.js";
import Machine from "../../src/softmaxlab/widgets/machine.js";
import Pixels from "../../src/softmaxlab/widgets/pixels.js";
import Regions from "../../src/softmaxlab/widgets/regions.js";
import Simplex from "../../src/softmaxlab/widgets/simplex.js";
import Templates from "../../src/softmaxlab/widgets/templates.js";

export const figures = {
  Bars,
  Confusion,
  Curves,
  Descent,
  Diagonal,
  DigitPad,
  Machine,
  Pixels,
  Regions,
  Simplex,
  Templates,
};
