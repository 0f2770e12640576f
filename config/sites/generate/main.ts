/** Writes config/sites/<id>/site.geojson of every variant: `node config/sites/generate/main.ts`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { geojsonText } from "./geojson.ts";
import { variants } from "./variants.ts";

for (const variant of variants) {
  const folder = fileURLToPath(new URL(`../${variant.id}/`, import.meta.url));
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}site.geojson`, geojsonText(variant));
  process.stderr.write(`wrote ${folder}site.geojson\n`);
}
