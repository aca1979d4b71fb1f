// A cell of the page: its buttons, its editor, what it shows.
import { tag } from "../../src/softmaxlab/widgets/drawn.js";
import { groupCopies } from "../_site/stops.js";
import { show, within } from "./outputs.js";

let editing = null; // the module of the editor, once somebody has asked for it

// A cell that is not on the page, and that others need
export class Hidden {
  constructor(page, { source }) {
    Object.assign(this, { page, source, done: false, seconds: 0 });
  }
  async execute() {
    // its claims are the book's and not the reader's
    const began = performance.now();
    this.result = await this.page.python.ask("run", [this.source, "hidden", true]);
    this.took = (performance.now() - began) / 1000;
    this.done = true;
    return true;
  }
  forget() {
    this.done = false;
  }
  reveal() {}
}

let count = 0;

// What a cell of the page and that of an exercise have in common: buttons, an editor, a place for what it shows
class Editable {
  constructor(page, { key, source, seconds = 0 }, changed, label) {
    Object.assign(this, { page, key, published: source, seconds, label });
    this.text = changed ?? source;
    this.tools = document.createElement("div");
    this.tools.className = "live-tools d-print-none";
    this.runs = this.button("Run", () => this.run());
    this.edits = this.button("Edit", () => this.edit());
    this.resets = this.button("Reset", () => this.reset());
    this.note = tag("span", "live-note", this.tools);
    this.mark();
  }

  button(text, act) {
    const one = tag("button", "live-button", this.tools, text);
    one.type = "button";
    one.setAttribute("aria-label", `${text} ${this.label}`);
    one.addEventListener("click", act);
    return one;
  }

  get source() {
    return this.text;
  }

  get changed() {
    return this.text.trim() !== this.published.trim();
  }

  mark() {
    this.resets.hidden = !this.changed;
    this.tools.classList.toggle("live-changed", this.changed);
  }

  async edit(focus = true) {
    editing ??= import(this.page.editors);
    const { edit } = await editing;
    if (!this.editor) {
      const box = document.createElement("div");
      box.className = "live-editor";
      box.dataset.text = this.text; // for paper
      // a slash is the theme's key for the search
      box.addEventListener("keydown", (event) => event.stopPropagation());
      this.code.after(box);
      this.code.hidden = true;
      this.edits.hidden = true;
      groupCopies(); // the one of this code is gone
      this.editor = edit(box, {
        text: this.text,
        label: `Code of ${this.label}. Escape leaves it, Control and Enter run it`,
        run: (onward) => this.run(onward),
        leave: () => this.runs.focus(),
        changed: (text) => {
          this.text = text;
          box.dataset.text = text;
          this.done = false;
          this.page.keep(this.key, this.changed ? text : null);
          this.mark();
        },
      });
    }
    if (focus) this.editor.focus();
  }

  reset() {
    this.text = this.published;
    this.editor?.replace(this.published);
    this.page.keep(this.key, null);
    this.done = false;
    this.note.textContent = "";
    this.mark();
    this.runs.focus();
  }

  focus() {
    if (this.editor) this.editor.focus();
    else this.runs.focus();
  }

  reveal() {
    this.tools.closest("details:not([open])")?.setAttribute("open", "");
    this.tools.scrollIntoView({ block: "center" });
    this.runs.focus({ preventScroll: true });
  }

  forget() {
    this.done = false;
    this.note.textContent = "";
  }

  // Ask Python, with the seconds that it takes beside the buttons. -> what it answers
  async timed(name, args, box) {
    const began = performance.now();
    this.note.textContent = "running …";
    this.tools.classList.add("live-running");
    this.editor?.wrong(0);
    try {
      return await this.page.python.ask(name, args, (message) => show(message, box, this));
    } finally {
      this.tools.classList.remove("live-running");
      this.took = (performance.now() - began) / 1000;
      this.note.textContent = this.took < 0.1 ? "ran here" : `ran here, ${this.took.toFixed(1)} s`;
    }
  }
}

const FRAME = ".course-field, .course-truth";

export class Cell extends Editable {
  constructor(page, cell, changed) {
    count += 1;
    super(page, cell, changed, `code cell ${count}`);
    Object.assign(this, { done: false, name: `cell ${count}` });
    this.input = document.getElementById(cell.key);
    this.code = this.input.querySelector(":scope > div");
    this.input.querySelector(".course-run-cell")?.remove();
    this.above = this.button("Run all above", () => page.above(this.key));
    this.edits.after(this.above);
    this.input.append(this.tools);
    const shown = document.getElementById(cell.key.replace("code-", "output-"));
    this.output = shown ?? tag("div", "cell_output docutils container", this.input.parentElement);
    this.output.hidden = !shown;
    this.built = [...this.output.childNodes];
    this.frames = within(this.built, FRAME).map((frame) => ({
      frame,
      picture: frame.querySelector("img"),
      home: frame.parentNode,
      place: within(this.built, "img").indexOf(frame.querySelector("img")),
    }));
    if (this.changed) this.edit(false);
  }

  run(onward) {
    return this.page.run(this.key, onward);
  }

  async execute() {
    const box = document.createElement("div");
    this.result = await this.timed("run", [this.text, this.name, false], box);
    this.done = this.result !== "error";
    if (this.result === "elsewhere" && !this.changed) this.put([...this.built, ...box.childNodes]);
    else this.put([...box.childNodes]);
    this.#predicted();
    return this.done;
  }

  put(nodes) {
    this.#frame(nodes);
    this.output.replaceChildren(...nodes);
    this.output.hidden = !nodes.length;
  }

  // A picture that one points at, or that shows where one has, keeps its frame when it is drawn anew
  #frame(nodes) {
    const images = within(nodes, "img");
    for (const { frame, picture, place } of this.frames) {
      const image = images[place];
      if (!image || image === picture) continue;
      image.before(frame);
      frame.querySelector("img").replaceWith(image);
    }
  }

  // What the book shows stays behind a prediction; what comes of a reader's own code does not
  #predicted() {
    const part = this.output.closest(".course-answer:not(.course-open)");
    if (!part) return;
    const own = this.changed || this.result === "error";
    part.classList.toggle("live-own", own);
    if (own) return part.removeAttribute("hidden");
    const [name] = [...part.classList].flatMap((one) => one.match(/^course-of-(.+)/)?.[1] ?? []);
    this.note.append("; what it shows opens with ");
    tag("a", "", this.note, "your prediction").href = `#${name}`;
  }

  reset() {
    super.reset();
    for (const { frame, picture, home } of this.frames) {
      frame.querySelector("img").replaceWith(picture);
      home.prepend(frame);
    }
    this.output.closest(".live-own")?.classList.remove("live-own");
    this.put(this.built);
  }
}

// The cell of an exercise, between the question and the hint
export class Exercise extends Editable {
  constructor(page, one, changed) {
    super(page, { ...one, source: one.starter }, changed, `your cell for exercise ${one.number}`);
    Object.assign(this, { asked: one.asked, answer: one.answer, name: `exercise ${one.number}` });
    this.box = document.getElementById(one.id);
    const place = tag("div", "live-exercise", document.createDocumentFragment());
    this.code = tag("pre", "", place, this.text);
    place.append(this.tools);
    this.output = tag("div", "live-output", place);
    this.output.setAttribute("role", "group");
    this.output.setAttribute("aria-label", `What ${this.label} shows`);
    if (one.asked.length) {
      this.checks = this.button("Check", () => this.check());
      this.runs.before(this.checks);
    }
    this.box.querySelector(".course-type")?.remove();
    this.box.querySelector("details").before(place);
    this.edit(false);
  }

  run() {
    return this.page.exercise(this, () => this.#ask([]));
  }

  check() {
    return this.page.exercise(this, () => this.#ask(this.asked));
  }

  async #ask(asked) {
    const box = document.createElement("div");
    const answer = JSON.parse(await this.timed("check", [this.text, this.answer, asked, this.name], box));
    if (answer.error) show({ error: answer.error }, box, this);
    else if (answer.what) show({ elsewhere: answer.what }, box, this);
    else if (asked.length) this.#verdict(answer, box);
    this.output.replaceChildren(...box.childNodes);
  }

  #verdict({ result, names, failed }, box) {
    const verdict = document.createElement("div");
    verdict.className = `live-verdict live-${result}`;
    verdict.setAttribute("role", "status");
    const words = (text) => tag("p", "", verdict, text);
    if (result === "right") {
      words("✓ Right: all that the answer asks holds.");
      const done = this.box.querySelector(".course-done input:not(:checked)");
      done?.click();
    }
    if (result === "lacking") {
      words("Not yet. Your code has to bind ");
      names.forEach((name, n) => {
        if (n) verdict.lastChild.append(n === names.length - 1 ? " and " : ", ");
        tag("code", "", verdict.lastChild, name);
      });
      verdict.lastChild.append(".");
    }
    if (result === "wrong") {
      words(
        failed.length === 1 ? "✗ Not yet. One thing does not hold:" : `✗ Not yet. ${failed.length} things do not hold:`,
      );
      const list = tag("ul", "", verdict);
      for (const { says, asserts, made, reveals } of failed) {
        const item = tag("li", "", list);
        says.split("`").forEach((part, n) => {
          tag(n % 2 ? "code" : "span", "", item, part);
        });
        if (made) {
          tag("p", "", item, "The lines of the check that lead there:");
          tag("pre", "", item, made);
        }
        const more = tag("details", "", item);
        tag("summary", "", more, reveals ? "What was checked, which tells the answer" : "What was checked");
        tag("pre", "", more, asserts);
      }
      const hint = this.box.querySelector(":scope > details");
      if (hint && !hint.open) words("The hint below may help.");
    }
    box.prepend(verdict);
  }
}
