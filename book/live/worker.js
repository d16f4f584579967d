// The page's one Python, in a thread of its own: Pyodide, the Flask stack, the bridge.
import { loadPyodide } from "pyodide";
import { info } from "pyodide/pyodide-lock.json";
import { startingFrom } from "./borrowed.js";
import { CHANNEL } from "./channel.js";
import { hashPbkdf2, hashScrypt } from "./missing_hashes.js";
import bridgeBorrowed from "./bridge/borrowed.py";
import bridgeCalls from "./bridge/calls.py";
import bridgeErrors from "./bridge/errors.py";
import bridgeHashes from "./bridge/hashes.py";
import bridgeInit from "./bridge/__init__.py";
import bridgeProject from "./bridge/project.py";
import bridgeSocketIo from "./bridge/socket_io.py";
import bridgeTasks from "./bridge/tasks.py";
import bridgeVisitor from "./bridge/visitor.py";

const BRIDGE = {
  "__init__.py": bridgeInit,
  "borrowed.py": bridgeBorrowed,
  "calls.py": bridgeCalls,
  "errors.py": bridgeErrors,
  "hashes.py": bridgeHashes,
  "project.py": bridgeProject,
  "socket_io.py": bridgeSocketIo,
  "tasks.py": bridgeTasks,
  "visitor.py": bridgeVisitor,
};
const HOME = "/home/etudiant";
const PYTHON = new URL(`../${PYTHON_FOLDER}/`, import.meta.url).href;
const NO_PACKAGES = { info, packages: {} }; // nothing is ever asked of Pyodide's own repository

// A snapshot was made once for all: chance starts here, and files have come since.
const AWAKE = "import importlib, random; importlib.invalidate_caches(); random.seed()";

const channel = new BroadcastChannel(CHANNEL);
const ourFetch = self.fetch.bind(self);
const getArchive = async (name) => (await ourFetch(PYTHON + name)).arrayBuffer();

let speaking = ""; // the instance whose output this is
let socketArchive; // fetched by the first demo that imports Socket.IO
const tell = (stream) => (text) => postMessage({ kind: "log", instance: speaking, stream, text });

const ready = start();
ready.then(
  () => postMessage({ kind: "ready" }),
  (error) => postMessage({ kind: "broken", text: String(error) }),
);

async function start() {
  const archive = getArchive("flask.zip");
  const python = await load();
  unpack(python, await archive);
  python.runPython(AWAKE);
  const folder = "/lib/live/bridge";
  python.FS.mkdirTree(folder);
  python.FS.mkdirTree(HOME);
  for (const [name, text] of Object.entries(BRIDGE)) python.FS.writeFile(`${folder}/${name}`, text);
  python.runPython("import sys; sys.path.append('/lib/live')");
  const calls = python.pyimport("bridge.calls");
  calls.prepare(HOME, toBytes(python, hashScrypt), toBytes(python, hashPbkdf2), push);
  cutNetwork();
  return { python, calls };
}

/** Load Python as the build left it, Flask imported; or from nothing, where that does not work. */
async function load() {
  const engine = import(`${PYTHON}pyodide.asm.js`);
  const loadFrom = (snapshot) =>
    loadPyodide({
      indexURL: PYTHON,
      ...startingFrom(engine, snapshot),
      lockFileContents: NO_PACKAGES,
      stdout: tell("out"),
      stderr: tell("err"),
    });
  try {
    return await loadFrom(await getSnapshot());
  } catch (error) {
    console.info("Python starts from nothing:", error);
    return loadFrom();
  }
}

async function getSnapshot() {
  if (navigator.connection?.saveData) throw new Error("this reader counts bytes");
  const { ok, status, body } = await ourFetch(`${PYTHON}flask.snapshot`);
  if (!ok) throw new Error(`no snapshot: ${status}`);
  return new Response(body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}

/** A student's program has no business elsewhere: what calls other sites is taken from it. */
function cutNetwork() {
  for (const name of ["fetch", "XMLHttpRequest", "WebSocket", "EventSource", "WebTransport"]) {
    delete self[name];
    Object.defineProperty(self, name, { value: undefined });
  }
}

function unpack(python, archive) {
  const version = python.runPython("import sys; '.'.join(map(str, sys.version_info[:2]))");
  python.unpackArchive(archive, "zip", { extractDir: `/lib/python${version}/site-packages` });
}

/** Have a function of byte arrays give Python real bytes. */
function toBytes(python, compute) {
  const bytes = python.globals.get("bytes");
  return (...values) => bytes(compute(...values));
}

function push(socket, packet) {
  postMessage({ kind: "socket", socket, packet: packet?.toJs ? packet.toJs() : packet });
}

/** Call the bridge and return plain values. */
function call(engine, name, ...values) {
  const given = values.map((value) => engine.python.toPy(value));
  const result = engine.calls[name](...given);
  for (const value of given) value?.destroy?.();
  if (!result?.toJs) return result;
  const plain = result.toJs({ dict_converter: Object.fromEntries, create_pyproxies: false });
  result.destroy();
  return plain;
}

function answer(engine, request) {
  const { instance, visitor, origin, method, target, headers, body } = request;
  speaking = instance;
  const content = new Uint8Array(body ?? 0);
  const result = call(engine, "request", instance, visitor, origin, method, target, headers, content) ?? null;
  if (result) {
    postMessage({ kind: "exchange", instance, visitor, method, target, requestBody: content, ...result });
  }
  return result && { ...result, origin };
}

const ORDERS = {
  async run(engine, { instance, name, files }) {
    const texts = Object.values(files).filter((content) => typeof content === "string");
    if (!socketArchive && texts.some((text) => text.includes("flask_socketio"))) {
      socketArchive = getArchive("socketio.zip").then((archive) => unpack(engine.python, archive));
    }
    await socketArchive;
    speaking = instance;
    return call(engine, "run", instance, name, files);
  },
  request: answer,
  stop: (engine, { instance }) => call(engine, "stop", instance),
  erase: (engine, { instance }) => call(engine, "erase", instance),
  check(engine, { instance, source }) {
    speaking = instance;
    return call(engine, "check", instance, source);
  },
  openSocket(engine, { instance, visitor, socket, target }) {
    speaking = instance;
    return call(engine, "socket_open", instance, visitor, socket, target);
  },
  receive(engine, { instance, socket, packet }) {
    speaking = instance;
    return call(engine, "socket_receive", socket, packet);
  },
  closeSocket: (engine, { socket }) => call(engine, "socket_close", socket),
};

const known = new Set(); // the instances of this page
let turn = Promise.resolve(); // orders are carried out one by one, in their order

self.onmessage = ({ data: { id, order, ...values } }) => {
  known.add(values.instance);
  turn = turn.then(async () => {
    try {
      const result = await ORDERS[order](await ready, values);
      postMessage({ kind: "done", id, result });
    } catch (error) {
      postMessage({ kind: "done", id, error: String(error) });
    }
  });
};

channel.onmessage = async ({ data }) => {
  if (data.kind !== "request" || !known.has(data.instance)) return;
  const engine = await ready;
  channel.postMessage({ kind: "answer", id: data.id, answer: answer(engine, data) });
};
