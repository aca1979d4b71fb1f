// Where the Tab key stops.

const GONE = "[hidden]:not(.course-answer)"; // code that an editor stands in for

// Buttons that copy code are many. The first of a section, or of what opens in it, is a stop, from which the arrow keys
// lead to the others.
export function groupCopies() {
  const groups = new Map();
  for (const button of document.querySelectorAll(".copybtn")) {
    if (button.closest(GONE)) continue;
    const part = button.closest("details, .course-answer, section");
    groups.set(part, [...(groups.get(part) ?? []), button]);
  }
  for (const buttons of groups.values()) {
    buttons.forEach((button, number) => {
      button.tabIndex = number ? -1 : 0;
      button.setAttribute("aria-description", "Arrow keys lead to the other code here");
      button.onkeydown = (event) => {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        const next = step && buttons[number + step];
        if (!next) return;
        event.preventDefault();
        next.focus();
      };
    });
  }
}

// What moves in its own box is a stop for the Tab key, as soon as the box has a size: a phone does not lay out what is far.
export function watchStops() {
  const watcher = new ResizeObserver((entries) => {
    for (const { target } of entries) target.tabIndex = target.scrollWidth > target.clientWidth ? 0 : -1;
  });
  for (const box of document.querySelectorAll("pre, .pst-scrollable-table-container, .katex-display"))
    watcher.observe(box);
}
