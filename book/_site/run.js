// The button that runs a page, and one at each cell and in each exercise. What they need is fetched when one of them is pressed.
import { tag } from "../../src/softmaxlab/widgets/drawn.js";
import { kept } from "./kept.js";

const FROM_A_FILE = "Browsers start no Python from a file. Open a terminal in the uppermost folder of this copy, type ";

// Words at the foot of the window, for who cannot start Python
function sorry(...words) {
  document.querySelector(".course-run-sorry")?.remove();
  const strip = tag("p", "course-run-sorry course-run-strip", document.body);
  strip.setAttribute("role", "status");
  strip.append(...words);
}

function code(text) {
  const element = document.createElement("code");
  element.textContent = text;
  return element;
}

export function offerToRun(page) {
  const main = document.getElementById("course-run");
  if (!main) return;
  let opened = null;
  const open = () => {
    if (location.protocol === "file:") {
      sorry(FROM_A_FILE, code("python -m http.server"), ", and go to http://localhost:8000");
      return null;
    }
    document.querySelector(".course-run-sorry")?.remove();
    opened ??= import(new URL(main.dataset.live, location.href).href)
      .then(({ begin }) => begin(main, page))
      .catch(() => {
        opened = null;
        sorry("What it takes to run this page could not be fetched. Is there a connection? Then try again.");
      });
    return opened;
  };
  main.addEventListener("click", async () => (await open())?.pressed());
  const changed = kept().pages[page]?.code ?? {};
  for (const input of document.querySelectorAll(".cell_input[id^=code-]")) {
    if (input.id in changed) input.classList.add("course-changed");
    const run = tag("button", "course-run-cell", input, "Run");
    run.type = "button";
    run.addEventListener("click", async () => (await open())?.run(input.id));
  }
  for (const button of document.querySelectorAll(".course-type button")) {
    button.title = main.title;
    const exercise = button.closest(".course-exercise").id;
    button.addEventListener("click", async () => (await open())?.write(exercise));
  }
}
