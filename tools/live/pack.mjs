// node pack.mjs CORE WHEELS OUT LIVE SRC: has pack.py pack the wheels of a folder, in the Python that will run them.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [core, wheels, out, live, src] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${core}/pyodide.mjs`));
const python = await loadPyodide({ indexURL: `${core}/`, env: { MPLBACKEND: "AGG" } });
for (const [place, folder] of Object.entries({ "/core": core, "/wheels": wheels, "/out": out, "/live": live, "/src": src })) {
  python.FS.mkdirTree(place);
  python.mountNodeFS(place, folder);
}
try {
  python.runPython(readFileSync(new URL("pack.py", import.meta.url), "utf-8"));
} catch ({ message }) {
  console.error(message); // node itself would print a megabyte of source first
  process.exit(1);
}
