import * as z from "zod";
import { scenarioFileSchema } from "../scenario.ts";
import { siteFileSchema } from "../site-file.ts";
import { vehicleTypeFileSchema } from "../vehicle-type-file.ts";

export type JsonSchema = Record<string, unknown>;

/** The JSON Schemas (2020-12) of the files that people write, by file name; made from the schemas that check them. */
export function jsonSchemas(): Record<string, JsonSchema> {
  return {
    "site.schema.json": z.toJSONSchema(siteFileSchema, { io: "input" }) as JsonSchema,
    "vehicle-type.schema.json": z.toJSONSchema(vehicleTypeFileSchema, { io: "input" }) as JsonSchema,
    "scenario.schema.json": z.toJSONSchema(scenarioFileSchema, { io: "input" }) as JsonSchema,
  };
}

/** Text of a schema file. */
export function schemaText(schema: JsonSchema): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}
