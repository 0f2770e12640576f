/** Writes config/schema/*.schema.json and docs/files.md: `node config/schema/generate.ts`. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { fileDocs } from "./file-docs.ts";
import { jsonSchemas, schemaText } from "./json-schemas.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

for (const [name, schema] of Object.entries(jsonSchemas())) writeFileSync(here(name), schemaText(schema));
writeFileSync(here("../../docs/files.md"), fileDocs());
