import { recordedColumns } from "../recorded-orders.ts";
import { type JsonSchema, jsonSchemas } from "./json-schemas.ts";

/** The text of docs/files.md: every key of every file that people write, from the schemas' own descriptions. */
export function fileDocs(): string {
  const schemas = jsonSchemas();
  const out: string[] = [
    "# Files that people write",
    "",
    "Made from the schemas in `config` by `node config/schema/generate.ts`: change those, not this page. Units are SI and",
    "stand at the end of a key's name; GeoJSON coordinates are WGS84 degrees. Unknown keys are errors. `$schema` at the top",
    "of a file lets an editor complete and check it.",
    "",
  ];
  section(out, "Site: `config/sites/<id>/site.geojson`", schemas["site.schema.json"]!);
  section(out, "Vehicle type: `config/vehicles/<type>.json`", schemas["vehicle-type.schema.json"]!);
  section(out, "Scenario: `config/scenarios/<id>.json`", schemas["scenario.schema.json"]!);
  const distribution = (schemas["scenario.schema.json"]!.$defs as Record<string, JsonSchema>).distribution!;
  out.push("## Service times", "", String(distribution.description), "");
  table(out, "", distribution, schemas["scenario.schema.json"]!);
  out.push(
    "## Recorded orders (CSV)",
    "",
    "A header line with these columns in any order, then one order a line; commas, no quotes.",
    "",
    "| column | meaning |",
    "| --- | --- |",
  );
  for (const [column, meaning] of Object.entries(recordedColumns)) out.push(`| \`${column}\` | ${cell(meaning)} |`);
  out.push("");
  return `${out.join("\n").trimEnd()}\n`;
}

function section(out: string[], title: string, schema: JsonSchema): void {
  out.push(`## ${title}`, "", String(schema.description), "");
  table(out, "", schema, schema);
}

/** One table a shape: a union's options get one each, named by what tells them apart. */
function table(out: string[], title: string, schema: JsonSchema, root: JsonSchema): void {
  const options = optionsOf(schema);
  if (options !== null) {
    for (const option of options) {
      const shape = resolve(option, root);
      table(out, `${title}${title === "" ? "" : ": "}${nameOf(shape)}`, shape, root);
    }
    return;
  }
  if (title !== "") out.push(`### ${title}`, "");
  if (title !== "" && typeof schema.description === "string") out.push(schema.description, "");
  out.push("| key | type | default | meaning |", "| --- | --- | --- | --- |");
  const later: { title: string; schema: JsonSchema }[] = [];
  rows(out, "", schema, root, later);
  out.push("");
  for (const next of later) table(out, next.title, next.schema, root);
}

function rows(
  out: string[],
  prefix: string,
  schema: JsonSchema,
  root: JsonSchema,
  later: { title: string; schema: JsonSchema }[],
): void {
  const required = (schema.required ?? []) as string[];
  for (const [key, raw] of Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>)) {
    const path = `${prefix}${key}`;
    const isList = resolve(raw, root).type === "array" && !("prefixItems" in raw);
    const value = resolve(raw, root);
    const item = isList ? resolve((value.items ?? {}) as JsonSchema, root) : value;
    const fallback =
      raw.default === undefined ? (required.includes(key) ? "required" : "") : `\`${JSON.stringify(raw.default)}\``;
    const text = [raw.description ?? value.description, isList ? undefined : rangeOf(value)].filter(
      (part) => part !== undefined,
    );
    out.push(`| \`${path}\` | ${cell(typeOf(raw, root))} | ${fallback} | ${cell(text.join(" "))} |`);
    if (isReference(raw) || (isList && isReference((value.items ?? {}) as JsonSchema))) continue;
    if (optionsOf(item) !== null && optionsOf(item)!.every((option) => resolve(option, root).type === "object"))
      later.push({ title: `\`${path}\``, schema: item });
    else if (item.type === "object" && item.properties !== undefined)
      rows(out, `${path}${isList ? "[]" : ""}.`, item, root, later);
  }
}

function typeOf(raw: JsonSchema, root: JsonSchema): string {
  if (isReference(raw)) return "service time";
  const schema = resolve(raw, root);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => JSON.stringify(value)).join(" or ");
  const options = optionsOf(schema);
  if (options !== null) {
    if (options.every((option) => resolve(option, root).type === "object")) return "object, see below";
    return options.map((option) => typeOf(option, root)).join(" or ");
  }
  if (Array.isArray(schema.prefixItems))
    return `[${schema.prefixItems.map((item) => typeOf(item as JsonSchema, root)).join(", ")}]`;
  if (schema.type === "array") return `list of ${typeOf((schema.items ?? {}) as JsonSchema, root)}`;
  if (schema.type === "object" && schema.properties === undefined)
    return `object of ${typeOf((schema.additionalProperties ?? {}) as JsonSchema, root)}`;
  return Array.isArray(schema.type) ? schema.type.join(" or ") : String(schema.type ?? "any");
}

function rangeOf(schema: JsonSchema): string | undefined {
  const parts: string[] = [];
  if (schema.minimum !== undefined && schema.minimum !== Number.MIN_SAFE_INTEGER)
    parts.push(`at least ${decimal(schema.minimum)}`);
  if (schema.exclusiveMinimum !== undefined) parts.push(`more than ${schema.exclusiveMinimum}`);
  if (schema.maximum !== undefined && schema.maximum !== Number.MAX_SAFE_INTEGER)
    parts.push(`at most ${decimal(schema.maximum)}`);
  return parts.length === 0 ? undefined : `(${parts.join(", ")})`;
}

function decimal(value: unknown): string {
  return String(Math.round(Number(value) * 1e4) / 1e4);
}

function optionsOf(schema: JsonSchema): JsonSchema[] | null {
  const options = schema.oneOf ?? schema.anyOf;
  return Array.isArray(options) ? (options as JsonSchema[]) : null;
}

function isReference(schema: JsonSchema): boolean {
  return schema.$ref === "#/$defs/distribution";
}

function resolve(schema: JsonSchema, root: JsonSchema): JsonSchema {
  if (typeof schema.$ref !== "string") return schema;
  const name = schema.$ref.replace("#/$defs/", "");
  const target = (root.$defs as Record<string, JsonSchema>)[name];
  if (target === undefined) throw new Error(`no definition ${schema.$ref}`);
  return target;
}

/** What tells an option of a union from the others: the constant of its `kind` or `type`, on its own level or one below. */
function nameOf(schema: JsonSchema): string {
  const properties = (schema.properties ?? {}) as Record<string, JsonSchema>;
  const inner = (properties.properties?.properties ?? {}) as Record<string, JsonSchema>;
  const constant = inner.kind?.const ?? properties.kind?.const ?? properties.type?.const;
  return constant === undefined ? "one form" : `\`${String(constant)}\``;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
