// On the landing page, inside the page itself: the machine, and the way back to where one was.
import Machine from "../../src/softmaxlab/widgets/machine.js";
import { draw } from "./host.js";

const record = JSON.parse(document.getElementById("course-machine-record").textContent);
draw(record, document.getElementById("course-machine"), { Machine });
