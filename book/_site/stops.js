// What moves in its own box is a stop for the Tab key, as soon as the box has a size: a phone does not lay out what is far.
export function watchStops() {
  const watcher = new ResizeObserver((entries) => {
    for (const { target } of entries) target.tabIndex = target.scrollWidth > target.clientWidth ? 0 : -1;
  });
  for (const box of document.querySelectorAll("pre, .pst-scrollable-table-container, .katex-display"))
    watcher.observe(box);
}
