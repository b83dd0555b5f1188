// Our wheel inside Pyodide, which xlwings Lite runs on. Prints what the program's last expression gives.
//   node pyodide_check.mjs PYODIDE_FOLDER PROGRAM.py WHEEL...                      the wheels unpacked, offline
//   node pyodide_check.mjs PYODIDE_FOLDER PROGRAM.py --index SHELF NAME WHEEL...   NAME installed by micropip, as Lite
//     does, from an index that serves the wheels of SHELF and nothing else; the WHEELs are micropip and what it needs
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [folder, program, ...rest] = process.argv.slice(2);
const [shelf, name] = rest[0] === "--index" ? rest.splice(0, 3).slice(1) : [];
const { loadPyodide } = await import(pathToFileURL(path.join(folder, "pyodide.mjs")).href);
const python = await loadPyodide({
  indexURL: folder + path.sep,
  env: { HOME: "/home/pyodide", XLWINGS_LICENSE_KEY: "noncommercial", XLWINGS_ON_SERVER: "true" },
});
for (const wheel of rest) {
  const bytes = fs.readFileSync(wheel);
  python.unpackArchive(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength), "wheel");
}
if (shelf) {
  const server = http.createServer((request, response) => serve(decodeURIComponent(request.url), response));
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const url = `http://127.0.0.1:${server.address().port}/simple`;
  const install = `import micropip\nmicropip.set_index_urls(["${url}"])\nawait micropip.install("${name}")`;
  await python.runPythonAsync(install);
  server.close();
}
console.log(await python.runPythonAsync(fs.readFileSync(program, "utf8")));

function serve(address, response) {
  const [kind, asked] = address.split("/").filter(Boolean);
  if (kind === "files") {
    response.end(fs.readFileSync(path.join(shelf, asked)));
    return;
  }
  const own = fs.readdirSync(shelf).filter((file) => file.split("-")[0].replaceAll("_", "-").toLowerCase() === asked);
  response.writeHead(own.length ? 200 : 404, { "content-type": "text/html" });
  const links = own.map((file) => `<a href="/files/${file}">${file}</a>`).join("");
  response.end(`<!DOCTYPE html><html><body>${links}</body></html>`);
}
