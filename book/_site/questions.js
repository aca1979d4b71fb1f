// What is asked on a page, and what the device remembers of the answers. Choices are buttons: what is behind the chosen
// one opens below them. A prediction without choices has a field, or a picture to point at, and what answers it opens with
// the guess. An exercise can be marked as done.
import { tag } from "../../src/softmaxlab/widgets/drawn.js";
import { keep, kept } from "./kept.js";
import { pointed } from "./point.js";

const remembered = (page) => (page && kept().pages[page]) || {};

function isRight(details) {
  const words = details.querySelector("p:not(.course-said)")?.textContent ?? "";
  return /^\s*Yes\b/.test(words);
}

function score(section) {
  const line = section?.querySelector(":scope > .course-score");
  if (!line) return;
  const right = section.querySelectorAll(".course-choices .course-right").length;
  const words = `${right} of ${section.querySelectorAll(".course-choices").length} right`;
  if (line.textContent !== words) line.textContent = words;
}

function ask(question, page) {
  const buttons = [...question.querySelectorAll(".course-choices button")];
  const choices = [...question.querySelectorAll(":scope > details")];
  const feedback = question.querySelector(".course-feedback");
  const choose = (chosen) => {
    buttons.forEach((button, n) => {
      button.setAttribute("aria-pressed", n === chosen);
      button.classList.remove("course-right", "course-wrong");
      button.querySelector(".course-verdict")?.remove();
    });
    const right = isRight(choices[chosen]);
    const verdict = right ? "course-right" : "course-wrong";
    buttons[chosen].classList.add(verdict);
    tag("span", "course-verdict", buttons[chosen], right ? "right" : "not this one");
    const answer = choices[chosen].cloneNode(true);
    answer.querySelector("summary").remove();
    feedback.replaceChildren(...answer.childNodes);
    feedback.className = `course-feedback ${verdict}`;
    score(question.parentElement);
  };
  buttons.forEach((button, n) => {
    button.addEventListener("click", () => {
      choose(n);
      if (page) keep(page, { answers: { ...remembered(page).answers, [question.id]: n } });
    });
  });
  const before = remembered(page).answers?.[question.id];
  if (Number.isInteger(before) && before < buttons.length) choose(before);
}

// A guess in words: what is `said`, its `words` beside the truth, and what becomes of the field when it is `settle`d
function typed(form) {
  const field = form.querySelector("input");
  return {
    said: () => field.value.trim(),
    words: (said) => said,
    missing: () => field.focus(),
    settle(said) {
      field.readOnly = true;
      field.required = false;
      field.value = said;
      field.placeholder = "no guess";
    },
  };
}

function predict(box, page) {
  const form = box.querySelector(".course-guess");
  const parts = [...document.querySelectorAll(`.course-answer.course-of-${box.id}`)];
  if (!parts.length) return form.remove(); // a book whose cells are not run
  const field = box.classList.contains("course-points") ? pointed(box, form) : typed(form);
  const [show, quiet] = form.querySelectorAll("button");
  const isOpen = () => parts[0].classList.contains("course-open");
  const open = (said) => {
    for (const part of parts) {
      part.classList.add("course-open");
      part.removeAttribute("hidden");
    }
    box.classList.add("course-shown");
    field.settle(said);
    show.textContent = "Go to what happened";
    const words = field.words(said);
    const line = document.querySelector(`.course-said.course-of-${box.id}`);
    line.hidden = !words;
    if (!words) return;
    line.textContent = "You said: ";
    tag("b", "", line, words);
  };
  const commit = (said) => {
    open(said);
    form.querySelector(".course-told").textContent = "What happened is open below.";
    if (page) keep(page, { guesses: { ...remembered(page).guesses, [box.id]: said } });
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!isOpen()) return field.said() ? commit(field.said()) : field.missing();
    parts[0].tabIndex = -1;
    parts[0].focus({ preventScroll: true });
    parts[0].scrollIntoView();
  });
  quiet.addEventListener("click", () => {
    commit("");
    show.focus();
  });
  const before = remembered(page).guesses?.[box.id];
  if (typeof before === "string") return open(before);
  for (const part of parts) {
    // whoever searches the page finds what is closed
    part.setAttribute("hidden", "until-found");
    part.addEventListener("beforematch", () => open(""));
  }
}

// A link into a part that is closed opens it, in browsers too that do not do it themselves
function reach() {
  const target = document.querySelector(":target");
  const part = target?.closest(".course-answer:not(.course-open)");
  if (!part) return;
  part.dispatchEvent(new Event("beforematch"));
  target.scrollIntoView();
}

function tick(box, page) {
  const id = box.closest(".course-question").id;
  const done = () => remembered(page).done ?? [];
  box.checked = done().includes(id);
  box.addEventListener("change", () => {
    const others = done().filter((one) => one !== id);
    keep(page, { done: box.checked ? [...others, id] : others });
  });
}

export function bringToLife(page) {
  for (const question of document.querySelectorAll(".course-has-choices")) ask(question, page);
  for (const box of document.querySelectorAll(".course-asks")) predict(box, page);
  addEventListener("load", reach);
  addEventListener("hashchange", reach);
  if (page) for (const box of document.querySelectorAll(".course-done input")) tick(box, page);
}
