// What this device remembers of its reader, in one entry of its storage, and sends nowhere.
//
// { last: "softmax", pages: { softmax: { title, share, heading: { id, text }, answers: { "question-1": 0 },
//   guesses: { "prediction-2": "0.5", "prediction-3": "62,40" }, done: ["exercise-1"], questions: 6, exercises: 7,
//   code: { "code-1a2b3c4d": "what a reader made of that cell" } } } }
// A guess of no letters: the reader looked without one. What was answered is open before the first paint, which
// `book/_templates/layout.html` sees to.
// Where storage is blocked nothing is remembered, and nothing is said.
const KEY = "from-pixels-to-probabilities";

export function kept() {
  try {
    const all = JSON.parse(localStorage.getItem(KEY));
    return { last: null, ...all, pages: { ...all?.pages } };
  } catch {
    return { last: null, pages: {} };
  }
}

export function keep(page, changes) {
  const all = kept();
  all.last = page;
  all.pages[page] = { ...all.pages[page], ...changes };
  try {
    localStorage.setItem(KEY, JSON.stringify(all));
  } catch {
    // blocked, or full
  }
}

export function forget() {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // blocked: there is nothing to forget
  }
}
