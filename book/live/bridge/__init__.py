"""The Python side of live pages: runs a demo's files as ``python app.py`` would, and serves it.

`worker.js` loads this package in Pyodide and calls the functions of `bridge.calls`. It also runs
in an ordinary Python, where the tests are.
"""
