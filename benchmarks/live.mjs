// node live.mjs SITE CHAPTER: runs the cells of a chapter, and then the answers of its exercises, in the Python of the
// built SITE, and prints one JSON text a line for each: { source, result, seconds }, of a cell also its key and the text
// that it shows. The seconds are the processor's, so a busy machine makes them no longer, and they are what a browser
// takes that has a core to itself. The last line has Python's megabytes when the cells have run, and the answers.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [site, chapter] = process.argv.slice(2);
const still = join(site, "_static");
const parts = join(still, readdirSync(still).find((name) => name.startsWith("python-")), "/");
const file = (...path) => new Uint8Array(readFileSync(join(...path)));
const processor = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
const tell = (what) => console.log(JSON.stringify(what));

const data = JSON.parse(readFileSync(join(still, "live", `${chapter}.json`)));
const { loadPyodide } = await import(pathToFileURL(join(parts, "pyodide.mjs")));
const python = await loadPyodide({
  indexURL: parts,
  stdLibURL: join(parts, "stdlib.zip"),
  env: { HOME: "/home/pyodide/book", MPLBACKEND: "AGG" },
});
const packages = { extractDir: "/lib/python3.14/site-packages" };
python.unpackArchive(file(parts, "numpy.zip"), "zip", packages);
python.unpackArchive(file(still, "live", "course.zip"), "zip", packages);
const started = processor();
python.runPython("import numpy as np\nnp.arange(4).sum()");
const numpy = processor();
python.unpackArchive(file(parts, "plots.zip"), "zip", packages);
if (data.mnist) python.FS.writeFile(`${packages.extractDir}/softmaxlab/mnist.xz`, file(still, "live", "mnist.xz"));
python.FS.mkdirTree("/home/pyodide/book");
python.FS.chdir("/home/pyodide/book");
const live = python.pyimport("live");
let shown = "";
live.send = (message) => {
  const { text, shown: value } = JSON.parse(message);
  shown += text ?? value?.["text/plain"] ?? "";
};
live.begin();
tell({ start: started, numpy, ready: processor() });

for (const { source, key } of data.cells) {
  const began = processor();
  shown = "";
  const result = live.run(source, "cell 1", !key);
  tell({ source, result, seconds: processor() - began, key, shown });
}
const megabytes = () => python._module.HEAP8.length / 1e6;
const read = megabytes();
for (const { answer, asked } of data.exercises) {
  const began = processor();
  const { result } = JSON.parse(live.check(answer, answer, asked, "exercise 1"));
  tell({ source: answer, result, seconds: processor() - began });
}
tell({ read, answered: megabytes() });
