// Python for one page, in a worker: Pyodide from the site itself, and live.py, which runs the cells.
//
// Comes: { begin: { parts, course, mnist, sizes } }, then { id, ask, args }: the name of a function of live.py and what it
// takes. Goes: { coming: [file, bytes, packed] } as files arrive, { ready }, { message } of a cell, { id, answer } of a
// function, and { failed } if Python is no more.
const SITE = "/lib/python3.14/site-packages";
const HOME = "/home/pyodide/book";
const post = (message) => self.postMessage(message);

// Every file says how much of it has come, also those that Pyodide asks for itself
const ask = self.fetch.bind(self);
self.fetch = async (address, options) => {
  const response = await ask(address, options);
  const file = new URL(response.url || address, self.location).pathname.split("/").pop();
  if (response.ok && response.body) count(file, response.clone());
  return response;
};

async function count(file, response) {
  const packed = response.headers.has("content-encoding");
  const reader = response.body.getReader();
  try {
    for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
      post({ coming: [file, value.length, packed] });
    }
  } catch {
    // whoever asked for it is told
  }
}

async function bytes(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} could not be fetched (${response.status})`);
  return new Uint8Array(await response.arrayBuffer());
}

async function begin({ parts, course, mnist }) {
  const files = [`${parts}numpy.zip`, course].map(bytes);
  const plots = bytes(`${parts}plots.zip`);
  plots.catch(() => {}); // whoever waits for it is told
  const { loadPyodide } = await import(`${parts}pyodide.mjs`);
  const python = await loadPyodide({
    indexURL: parts,
    stdLibURL: `${parts}stdlib.zip`,
    env: { HOME, MPLBACKEND: "AGG", PYTHONDONTWRITEBYTECODE: "1" },
  });
  for (const file of files) python.unpackArchive(await file, "zip", { extractDir: SITE });
  // The digits, if the page reads any, set out when NumPy is there; both have to be there for more than NumPy.
  const digits = mnist ? bytes(mnist) : null;
  digits?.catch(() => {});
  rest = async () => {
    rest = null;
    python.unpackArchive(await plots, "zip", { extractDir: SITE });
    if (digits) python.FS.writeFile(`${SITE}/softmaxlab/mnist.xz`, await digits);
    python.pyimport("importlib").invalidate_caches();
  };
  python.FS.mkdirTree(HOME);
  python.FS.chdir(HOME);
  const live = python.pyimport("live");
  live.send = (message) => post({ message });
  live.begin();
  return live;
}

let live = null;
let rest = null; // unpacks what draws, and the digits, once there is code that asks for more than NumPy
self.onmessage = async ({ data }) => {
  try {
    if (data.begin) {
      live = begin(data.begin);
      await live;
      return post({ ready: true });
    }
    if (data.ask === "ping") return post({ id: data.id, answer: "here" });
    const python = await live;
    if (rest && (data.ask !== "run" || python.wants(data.args[0]))) await rest();
    const answer = python[data.ask](...data.args);
    post({ id: data.id, answer: answer?.toJs ? answer.toJs() : answer });
  } catch (error) {
    post({
      failed: String(error.message || error)
        .trim()
        .split("\n")
        .at(-1),
    });
  }
};
