import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { resolveFile, scenarioIds, siteIds, vehicleTypeIds } from "../built-in.ts";
import { readJson } from "../file-error.ts";
import { fileDocs } from "./file-docs.ts";
import { jsonSchemas, schemaText } from "./json-schemas.ts";

const AGAIN = "run: node config/schema/generate.ts";
const textOf = (path: string) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), "utf8");
const schemas = jsonSchemas();

test.each(Object.entries(schemas))("%s is what the code checks by", (name, schema) => {
  expect(textOf(name), AGAIN).toBe(schemaText(schema));
});

test("docs/files.md tells every key", () => {
  expect(textOf("../../docs/files.md"), AGAIN).toBe(fileDocs());
  for (const key of [
    "properties.speedLimit",
    "frame.lat0",
    "battery.reserveSoc",
    "directions[].mix[].massKg",
    "events",
    "releaseS",
  ])
    expect(fileDocs()).toContain(`\`${key}\``);
});

describe("built-in files stand before another validator of JSON Schema, as editors use", () => {
  const ajv = new Ajv2020({ strict: false, allErrors: false });
  const validators = Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, ajv.compile(schema)]));
  const files = [
    ...siteIds().map((id) => [id, resolveFile("site", id), "site.schema.json"] as const),
    ...vehicleTypeIds().map((id) => [id, resolveFile("vehicle type", id), "vehicle-type.schema.json"] as const),
    ...scenarioIds().map((id) => [id, resolveFile("scenario", id), "scenario.schema.json"] as const),
  ];
  test.each(files)("%s", (_id, file, schema) => {
    const content = readJson(file) as { $schema: string };
    const validate = validators[schema]!;
    expect(validate(content), JSON.stringify(validate.errors)).toBe(true);
    expect(content.$schema.endsWith(`/schema/${schema}`)).toBe(true);
    expect(validate({ ...content, unknownKey: 1 })).toBe(false);
  });
});
