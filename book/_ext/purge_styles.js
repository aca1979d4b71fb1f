// {css, words} in JSON becomes, in JSON, the css without the rules for names that are not among the words.
const { readFileSync } = require("node:fs");
const { PurgeCSS } = require("purgecss");

async function main() {
  const { css, words } = JSON.parse(readFileSync(0, "utf8"));
  const content = [{ raw: words.join(" "), extension: "html" }];
  const [purged] = await new PurgeCSS().purge({ content, css: [{ raw: css }], keyframes: true });
  process.stdout.write(JSON.stringify(purged.css));
}

main();
