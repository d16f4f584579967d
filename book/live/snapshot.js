// node snapshot.js ARCHIVE FILE: write Python's memory once Flask is imported, compressed.
//
// A page that starts from there neither starts Python nor imports Flask: it has nothing to wait for
// but its files. What depends on the moment or on the machine is set anew by `worker.js`.
import { readFile, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { loadPyodide } from "pyodide";
import lock from "pyodide/pyodide-lock.json" with { type: "json" };
import { memoryOf, WRITABLE } from "./borrowed.js";

const IMPORTED = "import flask, werkzeug.debug, werkzeug.serving";

const [archive, file] = process.argv.slice(2);
const python = await loadPyodide({ ...WRITABLE, lockFileContents: { info: lock.info, packages: {} } });
const version = python.runPython("import sys; '.'.join(map(str, sys.version_info[:2]))");
python.unpackArchive(new Uint8Array(await readFile(archive)), "zip", {
  extractDir: `/lib/python${version}/site-packages`,
});
python.runPython(IMPORTED);
await writeFile(file, gzipSync(memoryOf(python), { level: 9 }));
