// Python, in a worker that this page has started and can end.

export class Ended extends Error {}

// `said(words)`: where the page says how far things are. `places`: the addresses of the worker and of what it fetches;
// `sizes`: of each file, how many bytes it has, and how many travel where the server packs them.
export class Python {
  constructor({ places, sizes, said }) {
    Object.assign(this, { places, sizes, said, waiting: new Map(), number: 0, worker: null, ready: null, hear: null });
  }

  // A promise that Python is there; starts it if it is not
  begin() {
    this.ready ??= new Promise((resolve, reject) => {
      this.coming = new Map();
      this.worker = new Worker(this.places.worker, { type: "module" });
      this.stopStarting = reject;
      this.worker.onmessage = ({ data }) => {
        if (data.coming) this.#count(...data.coming);
        else if (data.ready) resolve();
        else if (data.message) this.hear?.(JSON.parse(data.message));
        else if (data.failed) this.end(data.failed);
        else this.#answered(data);
      };
      this.worker.onerror = (event) => {
        event.preventDefault();
        this.end(event.message || "a file was not found");
      };
      this.worker.postMessage({ begin: this.places });
    });
    this.ready.catch(() => {});
    return this.ready;
  }

  #answered({ id, answer }) {
    this.waiting.get(id)?.resolve(answer);
    this.waiting.delete(id);
  }

  #count(file, bytes, packed) {
    const [whole, small] = this.sizes[file] ?? [0, 0];
    if (!whole) return;
    const had = this.coming.get(file)?.share ?? 0;
    this.coming.set(file, { share: Math.min(1, had + bytes / whole), bytes: packed ? small : whole });
    let come = 0;
    let all = 0;
    for (const [name, [, small]] of Object.entries(this.sizes)) {
      const { share, bytes } = this.coming.get(name) ?? { share: 0, bytes: small };
      come += share * bytes;
      all += bytes;
    }
    this.said(come, all);
  }

  // Ask a function of live.py; `hear(message)` takes what it shows meanwhile. -> what it returns
  async ask(name, args, hear = null) {
    await this.begin();
    this.hear = hear;
    try {
      return await this.#post(name, args);
    } finally {
      this.hear = null;
    }
  }

  #post(ask, args = []) {
    return new Promise((resolve, reject) => {
      const id = ++this.number;
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, ask, args });
    });
  }

  // Whether a worker that has nothing to do still answers: a browser may end one, and says nothing
  async answers(within = 3000) {
    if (!this.worker) return true;
    let clock;
    const late = new Promise((resolve) => {
      clock = setTimeout(() => resolve(false), within);
    });
    const here = this.ready.then(() => this.#post("ping")).then(() => true);
    const found = await Promise.race([here.catch(() => false), late]);
    clearTimeout(clock);
    return found;
  }

  // End it; all that waits for an answer gets `Ended` with the reason
  end(why) {
    this.worker?.terminate();
    this.worker = null;
    this.ready = null;
    this.stopStarting?.(new Ended(why));
    for (const { reject } of this.waiting.values()) reject(new Ended(why));
    this.waiting.clear();
  }
}
