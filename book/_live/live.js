// Runs the code of a page in the page: the bar at its foot, the order of running, what is kept.
import { tag } from "../../src/softmaxlab/widgets/drawn.js";
import { keep, kept } from "../_site/kept.js";
import { Cell, Exercise, Hidden } from "./cell.js";
import style from "./live.css";
import { Ended, Python } from "./python.js";

const SLOW = 10; // seconds from which on a cell says how long it will take

const megabytes = (bytes) => (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
const about = (seconds) =>
  `about ${seconds < 90 ? `${Math.round(seconds / 5) * 5} s` : `${Math.round(seconds / 60)} min`}`;

class Page {
  constructor(button, name, data) {
    Object.assign(this, { button, name, data, running: null, stopCount: 0 });
    const here = (address) => new URL(address, new URL(button.dataset.live, location.href)).href;
    tag("style", "", document.head, style);
    const places = { worker: here(data.worker), parts: here(data.parts), course: here(data.course) };
    places.mnist = data.mnist && new URL(button.dataset.mnist, location.href).href;
    this.python = new Python({
      places,
      sizes: data.sizes,
      said: (come, all) => {
        if (this.starting) this.say(`Fetching Python: ${megabytes(come)} of ${megabytes(all)} MB`);
      },
    });
    this.editors = here(data.editor);
    this.#bar();
    const changes = { ...kept().pages[name]?.code };
    this.cells = data.cells.map((cell) =>
      cell.hidden ? new Hidden(this, cell) : new Cell(this, cell, changes[cell.key]),
    );
    this.exercises = data.exercises.map((one) => new Exercise(this, one, changes[one.key]));
  }

  // ---- the bar at the foot of the window

  #bar() {
    this.bar = tag("section", "live-bar course-run-strip d-print-none", document.body);
    this.bar.setAttribute("aria-label", "Python in this page");
    this.status = tag("p", "live-status", this.bar);
    this.status.setAttribute("role", "status");
    const button = (text, act) => {
      const one = tag("button", "live-button", this.bar, text);
      one.type = "button";
      one.addEventListener("click", act);
      return one;
    };
    this.stops = button("Stop", () => this.stop());
    this.stops.hidden = true;
    this.runsAll = button("Run all", () => this.runAll());
    const close = button("Hide", () => {
      this.bar.hidden = true;
      this.button.focus();
    });
    close.className += " live-quiet";
    document.body.classList.add("live-on");
  }

  say(words) {
    if (this.status.textContent !== words) this.status.textContent = words;
  }

  // The state of the buttons: nothing runs, Python starts, a cell runs
  show() {
    const busy = Boolean(this.starting || this.running);
    this.stops.hidden = !busy;
    this.stops.textContent = this.starting ? "Cancel" : "Stop";
    this.runsAll.hidden = busy;
    document.body.classList.toggle("live-busy", busy);
  }

  // ---- Python

  async start() {
    if (this.python.ready && !this.starting) return;
    this.bar.hidden = false;
    this.starting = true;
    this.say("Starting Python …");
    this.show();
    try {
      await this.python.begin();
      this.say("Python is ready. Change any code and run it.");
    } catch (error) {
      if (!this.stopped) this.say(`Python did not start: ${error.message}. What you have written is here.`);
      throw error;
    } finally {
      this.starting = false;
      this.show();
    }
  }

  // Nothing of what has run is left
  forget() {
    for (const one of this.cells) one.forget();
  }

  stop() {
    this.stopped = true;
    this.stopCount += 1;
    const starting = this.starting;
    this.python.end("stopped");
    this.forget();
    this.say(
      starting
        ? "Cancelled. Run this page starts anew."
        : "Stopped. Python has started anew and has forgotten its names: Run runs the cells above again.",
    );
    if (!starting) this.python.begin(); // it will be there when it is needed
  }

  // After the one that is running, if any: `act()`, in which Python may be asked. Says how it ended, if it did.
  async alone(act) {
    const stops = this.stopCount;
    while (this.running) await this.running.catch(() => {});
    if (stops !== this.stopCount) return; // Stop stops what waits, too
    this.stopped = false;
    this.bar.hidden = false;
    const turn = this.#turn(act);
    this.running = turn;
    this.show();
    try {
      await turn;
    } finally {
      this.running = null;
      this.show();
    }
  }

  async #turn(act) {
    try {
      if (this.python.ready && !this.starting && !(await this.python.answers())) {
        this.python.end("it was ended");
        this.forget();
        this.note = "Python had ended, as it may when a computer sleeps, and has started anew. ";
      }
      await this.start();
      await act();
    } catch (error) {
      if (!(error instanceof Ended)) throw error;
      if (this.stopped) return;
      this.python.end(error.message);
      this.forget();
      this.say(`Python has ended: ${reason(error.message)}. What you have written is here; Run starts it again.`);
    }
  }

  // ---- running

  // The cells of `due` that have not run, in order. -> whether all of them went well
  async #before(due) {
    let at = 0;
    for (const cell of due) {
      at += 1;
      const wait = cell.seconds >= SLOW ? `, which takes ${about(cell.seconds)}` : "";
      this.say(`${this.note ?? ""}Running the cells above: ${at} of ${due.length}${wait} …`);
      if (!(await cell.execute())) {
        this.say("A cell above failed, so this one did not run.");
        cell.reveal();
        return false;
      }
    }
    return true;
  }

  run(key, onward = false) {
    const cell = this.cells.find((one) => one.key === key);
    return this.alone(async () => {
      const due = this.cells.slice(0, this.cells.indexOf(cell)).filter((one) => !one.done);
      if (!(await this.#before(due))) return;
      await this.#one(cell);
      if (onward)
        this.cells
          .slice(this.cells.indexOf(cell) + 1)
          .find((one) => one.runs)
          ?.focus();
    });
  }

  async #one(cell) {
    const wait = cell.seconds >= SLOW ? ` It takes ${about(cell.seconds)}.` : "";
    this.say(`${this.note ?? ""}Running …${wait}`);
    this.note = null;
    const well = await cell.execute();
    this.say(well ? "Done. Python is ready." : "This cell stopped with an error, which stands below it.");
    return well;
  }

  above(key) {
    const at = this.cells.findIndex((one) => one.key === key);
    return this.alone(async () => {
      const due = this.cells.slice(0, at).filter((one) => !one.done);
      if (await this.#before(due)) this.say("The cells above have run.");
    });
  }

  runAll() {
    return this.alone(async () => {
      if (await this.#before(this.cells.filter((one) => !one.done))) this.say("All cells have run.");
    });
  }

  // What an exercise needs has run, then `act()`. Cells that it does not need may run later.
  exercise(one, act) {
    return this.alone(async () => {
      const left = this.cells.filter((cell) => !cell.done);
      const sources = left.map((cell) => cell.source);
      const due = (await this.python.ask("plan", [sources, [one.text, one.answer]])).map((at) => left[at]);
      if (!(await this.#before(due))) return;
      this.say(one.seconds >= SLOW ? `Running, which takes ${about(one.seconds)} …` : "Running …");
      await act();
      this.say("Done. Python is ready.");
    });
  }

  // ---- what is kept on this device

  keep(key, text) {
    const code = { ...kept().pages[this.name]?.code };
    if (text === null) delete code[key];
    else code[key] = text;
    keep(this.name, { code });
    this.unkept = text !== null && kept().pages[this.name]?.code?.[key] !== text;
  }

  // Start Python, and open the editor of an exercise
  write(id) {
    const going = this.pressed();
    this.exercises.find((one) => one.box.id === id).edit();
    return going;
  }

  pressed() {
    if (this.running || this.starting) {
      this.bar.hidden = false;
      return undefined;
    }
    return this.alone(async () => {});
  }
}

function reason(words) {
  if (/memory|allocation|RangeError/i.test(words)) return "the browser has no more memory for it";
  return words;
}

let page = null;

export async function begin(button, name) {
  if (page) return page;
  const response = await fetch(new URL(button.dataset.cells, location.href));
  if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
  page = new Page(button, name, await response.json());
  addEventListener("beforeunload", (event) => {
    if (page.unkept) event.preventDefault(); // where storage is blocked: leaving would lose it
  });
  globalThis.coursePage = page; // for the tests and the benchmarks
  return page;
}
