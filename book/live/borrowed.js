// What live pages borrow from inside Pyodide. Tried with the version that package.json pins;
// tests/book/test_borrowed.py tells when it no longer holds.

/** The version that all this was tried with. */
export const TRIED = "314.0.7";

/** Options of `loadPyodide` for a Python whose memory can be written. */
export const WRITABLE = { _makeSnapshot: true };

/** The memory of such a Python, as bytes. */
export const memoryOf = (python) => python.makeMemorySnapshot();

/** Options of `loadPyodide` for a Python that starts from a memory, or from nothing without one. */
export function startingFrom(engine, memory) {
  return {
    _loadSnapshot: memory,
    async createPyodideModule(settings) {
      const module = await (await engine).default(settings);
      if (memory) module._malloc(memory.byteLength); // makes room: Pyodide forgets to
      return module;
    },
  };
}
