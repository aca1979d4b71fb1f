// {css, own, words} in JSON becomes, in JSON, one stylesheet made small: css without the rules for names that are not
// among the words, and then own.
const { readFileSync } = require("node:fs");
const { PurgeCSS } = require("purgecss");
const { transformSync } = require("esbuild");

async function main() {
  const { css, own, words } = JSON.parse(readFileSync(0, "utf8"));
  const content = [{ raw: words.join(" "), extension: "html" }];
  const [purged] = await new PurgeCSS().purge({ content, css: [{ raw: css }], keyframes: true });
  const { code } = transformSync(`${purged.css}\n${own}`, { loader: "css", minify: true, logLevel: "error" });
  process.stdout.write(JSON.stringify(code));
}

main();
