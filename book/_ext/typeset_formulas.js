// Formulas in JSON, [[tex, whether on a line of its own], ...], become [{html} or {error}, ...]; html has MathML in it.
const { readFileSync } = require("node:fs");
const katex = require("katex");

function typeset([tex, displayMode]) {
  try {
    return { html: katex.renderToString(tex, { displayMode, strict: "error" }) };
  } catch (error) {
    return { error: error.message };
  }
}

const formulas = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(formulas.map(typeset)));
