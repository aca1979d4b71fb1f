// Choices as buttons: what is behind the chosen one opens below them, and the device remembers it. The same for exercises
// that the reader marks as done.
import { keep, kept } from "./kept.js";

function verdict(details) {
  const words = details.querySelector("summary").nextElementSibling?.textContent ?? "";
  return /^\s*Yes\b/.test(words) ? "course-right" : "course-wrong";
}

function ask(question, page) {
  const buttons = [...question.querySelectorAll(".course-choices button")];
  const choices = [...question.querySelectorAll(":scope > details")];
  const feedback = question.querySelector(".course-feedback");
  const mark = (chosen) => {
    buttons.forEach((button, n) => {
      button.setAttribute("aria-pressed", n === chosen);
      button.classList.remove("course-right", "course-wrong");
      if (n === chosen) button.classList.add(verdict(choices[n]));
    });
  };
  buttons.forEach((button, n) => {
    button.addEventListener("click", () => {
      mark(n);
      const answer = choices[n].cloneNode(true);
      answer.querySelector("summary").remove();
      feedback.replaceChildren(...answer.childNodes);
      feedback.className = `course-feedback ${verdict(choices[n])}`;
      if (page) keep(page, { answers: { ...kept().pages[page]?.answers, [question.id]: n } });
    });
  });
  const before = page && kept().pages[page]?.answers?.[question.id];
  if (Number.isInteger(before) && before < buttons.length) mark(before);
}

function tick(box, page) {
  const id = box.closest(".course-question").id;
  const done = () => kept().pages[page]?.done ?? [];
  box.checked = done().includes(id);
  box.addEventListener("change", () => {
    const others = done().filter((one) => one !== id);
    keep(page, { done: box.checked ? [...others, id] : others });
  });
}

export function bringToLife(page) {
  for (const question of document.querySelectorAll(".course-has-choices")) ask(question, page);
  if (page) for (const box of document.querySelectorAll(".course-done input")) tick(box, page);
}
