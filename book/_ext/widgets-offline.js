/* On pages with widgets, after require.js and before embed-amd.js: where the widgets' modules are. */
(() => {
  const base = document.currentScript.src.replace(/[^/]*$/, "");
  const manager = `${base}embed-amd`; // holds these modules; the path is for the fonts it asks for beside itself
  requirejs.config({
    baseUrl: base,
    paths: {
      anywidget: `${base}anywidget`,
      "@jupyter-widgets/base": manager,
      "@jupyter-widgets/controls": manager,
      "@jupyter-widgets/output": manager,
      "@jupyter-widgets/html-manager": manager,
      "@jupyter-widgets/html-manager/dist/libembed-amd": manager,
    },
  });
  /* ipywidgets asks MathJax 2's queue to typeset labels; Sphinx brings MathJax 3 (ipywidgets issue 3829). */
  const hub = {
    Queue([, , element]) {
      window.MathJax.typesetPromise?.([element]);
    },
  };
  window.MathJax = window.MathJax || {};
  const mathjax = window.MathJax;
  mathjax.Hub = hub;
  if (!mathjax.version) {
    mathjax.startup = Object.assign({}, mathjax.startup, {
      ready() {
        window.MathJax.startup.defaultReady();
        window.MathJax.Hub = hub;
      },
    });
  }
})();
