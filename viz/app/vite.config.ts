import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const WASM_REQUIRE = 'const wasm_path=require("./wasm-zstd.wasm");return wasm_path';
const COMMONJS_TAIL = "if (typeof exports === 'object' && typeof module === 'object')";

/**
 * Makes the zstd package's loader an ES module that fetches its WebAssembly file as an asset: as published it asks a
 * CommonJS bundler's `require` for the address of the file.
 */
function zstdForBrowsers(): Plugin {
  return {
    name: "kalong-zstd-for-browsers",
    enforce: "pre",
    transform(code, id) {
      if (!id.endsWith("@foxglove/wasm-zstd/dist/wasm-zstd.js")) return null;
      const tail = code.indexOf(COMMONJS_TAIL);
      if (!code.includes(WASM_REQUIRE) || tail < 0) {
        throw new Error("@foxglove/wasm-zstd changed its loader: viz/app/vite.config.ts must follow");
      }
      const loader = code.slice(0, tail).replace(WASM_REQUIRE, "return wasmUrl");
      return { code: `import wasmUrl from "./wasm-zstd.wasm?url";\n${loader}\nexport default Module;`, map: null };
    },
  };
}

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "./",
  plugins: [zstdForBrowsers()],
  worker: { format: "es", plugins: () => [zstdForBrowsers()] },
  build: {
    outDir: fileURLToPath(new URL("../dist/dev", import.meta.url)),
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    sourcemap: false,
  },
  logLevel: "warn",
});
