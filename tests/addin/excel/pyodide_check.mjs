// The built wheel inside Pyodide, which xlwings Lite runs on: node pyodide_check.mjs PYODIDE_FOLDER PROGRAM.py WHEEL...
// Offline. Prints what the program's last expression gives.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [folder, program, ...wheels] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(path.join(folder, "pyodide.mjs")).href);
const python = await loadPyodide({
  indexURL: folder + path.sep,
  env: { HOME: "/home/pyodide", XLWINGS_LICENSE_KEY: "noncommercial", XLWINGS_ON_SERVER: "true" },
});
for (const wheel of wheels) {
  const bytes = fs.readFileSync(wheel);
  python.unpackArchive(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength), "wheel");
}
console.log(await python.runPythonAsync(fs.readFileSync(program, "utf8")));
