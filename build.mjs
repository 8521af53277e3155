/**
 * Builds the browser's files into static/dist: scripts, styles, fonts, icons, and a manifest from plain to hashed names.
 *
 * 1. Every script that lies directly in static/js is a page's entry; what several share becomes a chunk.
 * 2. main.css collects the style of every component: `@import "components/*.css"` stands for one import per file.
 * 3. `import address from "some/file.js?file"` makes one file of that script and all that it imports, minified, and gives
 *    its address beside the script.
 * 4. The icons named in static/icons.txt become one sprite.
 * 5. The service worker is one script by itself, served at /sw.js.
 * 6. Files of an older build are removed last, so that a running server never misses one.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const STATIC = path.join(path.dirname(fileURLToPath(import.meta.url)), "static");
const DIST = path.join(STATIC, "dist");
const TARGET = ["chrome123", "firefox128", "safari17.5"];
const { resolve: locate } = createRequire(import.meta.url);

async function build() {
  await mkdir(DIST, { recursive: true });
  const { metafile } = await esbuild.build(await options());
  const manifest = {
    ...namesOf(metafile),
    "sw.js": await put("sw.js", await oneScript(path.join(STATIC, "js", "worker", "packs.js"))),
    "icons.svg": await put("icons.svg", await sprite()),
    "favicon.svg": await put("favicon.svg", await readFile(path.join(STATIC, "favicon.svg"))),
  };
  await writeFile(path.join(DIST, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
  await removeOthers(metafile, manifest);
}

async function options() {
  const scripts = (await readdir(path.join(STATIC, "js"))).filter((name) => name.endsWith(".js"));
  return {
    entryPoints: [...scripts.map((name) => path.join(STATIC, "js", name)), path.join(STATIC, "css", "main.css")],
    outdir: DIST,
    entryNames: "[name]-[hash]",
    chunkNames: "chunk-[hash]",
    assetNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    target: TARGET,
    minify: true,
    metafile: true,
    legalComments: "none",
    logLevel: "warning",
    loader: { ".woff2": "file" },
    plugins: [everyComponent, fileAddress],
  };
}

const everyComponent = {
  name: "every-component",
  setup(build) {
    build.onResolve({ filter: /\*\.css$/ }, ({ path: pattern, resolveDir }) => ({
      path: path.join(resolveDir, path.dirname(pattern)),
      namespace: "every-component",
    }));
    build.onLoad({ filter: /.*/, namespace: "every-component" }, async ({ path: folder }) => {
      const names = (await readdir(folder)).filter((name) => name.endsWith(".css")).sort();
      return {
        contents: names.map((name) => `@import "./${name}";`).join("\n"),
        loader: "css",
        resolveDir: folder,
      };
    });
  },
};

const fileAddress = {
  name: "file-address",
  setup(build) {
    build.onResolve({ filter: /\?file$/ }, ({ path: wanted, resolveDir }) => ({
      path: locate(wanted.replace(/\?file$/, ""), { paths: [resolveDir] }),
      namespace: "file-address",
    }));
    build.onLoad({ filter: /.*/, namespace: "file-address" }, async ({ path: file }) => ({
      contents: await oneScript(file),
      loader: "file",
    }));
  },
};

/** A script with all that it imports, for places that take one file. */
async function oneScript(file) {
  const { outputFiles } = await esbuild.build({
    entryPoints: [file],
    bundle: true,
    write: false,
    format: "iife",
    target: TARGET,
    minify: true,
    legalComments: "none",
  });
  return outputFiles[0].contents;
}

/** Plain name to built name: the entries, and the font that every page preloads. */
function namesOf({ outputs }) {
  const names = {};
  for (const [output, { entryPoint, inputs }] of Object.entries(outputs)) {
    const built = path.basename(output);
    if (entryPoint && path.dirname(path.resolve(entryPoint)).startsWith(STATIC)) names[path.basename(entryPoint)] = built;
    if (Object.keys(inputs).some((input) => input.endsWith("inter-latin-wght-normal.woff2"))) names["inter.woff2"] = built;
  }
  return names;
}

/** One file with a symbol per icon; a page draws it with `<use href="…/icons.svg#name">`. */
async function sprite() {
  const list = await readFile(path.join(STATIC, "icons.txt"), "utf8");
  const names = list.split("\n").map((line) => line.replace(/#.*/, "").trim()).filter(Boolean);
  const symbols = await Promise.all([...new Set(names)].sort().map(symbol));
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}

async function symbol(name) {
  const source = await readFile(locate(`lucide-static/icons/${name}.svg`), "utf8");
  const shapes = source.slice(source.indexOf(">", source.indexOf("<svg")) + 1, source.lastIndexOf("</svg>"));
  return `<symbol id="${name}" viewBox="0 0 24 24">${shapes.replace(/\s*\n\s*/g, "").replaceAll(" />", "/>")}</symbol>`;
}

async function put(name, contents) {
  const hash = createHash("sha256").update(contents).digest("hex").slice(0, 8).toUpperCase();
  const { name: stem, ext } = path.parse(name);
  await writeFile(path.join(DIST, `${stem}-${hash}${ext}`), contents);
  return `${stem}-${hash}${ext}`;
}

async function removeOthers({ outputs }, manifest) {
  const kept = new Set(["manifest.json", ...Object.values(manifest), ...Object.keys(outputs).map((name) => path.basename(name))]);
  const others = (await readdir(DIST)).filter((name) => !kept.has(name));
  await Promise.all(others.map((name) => rm(path.join(DIST, name), { recursive: true })));
}

await build();
