/**
 * Our message definitions against the official schemas: equal verdicts on messages that are generated from the official
 * schemas and then broken in one or two places. The three places where the document allows more than its schemas are
 * tested apart and kept out of the generation.
 */
import { existsSync, readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isDateTime } from "./fields.ts";
import { MESSAGES, type MessageTopic, messageJsonSchema, parseMessage } from "./messages.ts";

const schemaFolder = new URL("../../../shared/vda5050/2.1.0/", import.meta.url);
const haveSchemas = existsSync(schemaFolder);
const topics = Object.keys(MESSAGES) as MessageTopic[];
const seed = Number(process.env.KALONG_TEST_SEED ?? Date.now() % 2 ** 31);

interface JsonSchema {
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  enum?: string[];
  format?: string;
  minimum?: number;
  maximum?: number;
  $ref?: string;
  definitions?: Record<string, JsonSchema>;
}

function officialSchema(topic: MessageTopic): JsonSchema {
  return JSON.parse(readFileSync(new URL(`${topic}.schema`, schemaFolder), "utf8")) as JsonSchema;
}

function newAjv(): Ajv2020 {
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  return ajv;
}

const scalars: Record<string, fc.Arbitrary<unknown>> = {
  boolean: fc.boolean(),
  string: fc.string({ maxLength: 6 }),
};

/** Values that the schema should accept. A key that no value can satisfy (see the header) is left out. */
function valuesOf(schema: JsonSchema, root: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) return valuesOf(root.definitions![schema.$ref.split("/").at(-1)!]!, root);
  if (Array.isArray(schema.type)) return fc.oneof(...schema.type.map((type) => valuesOf({ type }, root)));
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.format === "date-time") {
    return fc
      .date({ min: new Date("2000-01-01T00:00:00Z"), max: new Date("2100-01-01T00:00:00Z"), noInvalidDate: true })
      .map((date) => date.toISOString());
  }
  if (schema.type === "number" || schema.type === "integer") {
    const range = { min: schema.minimum ?? -1000, max: schema.maximum ?? 1000 };
    const edges = [schema.minimum, schema.maximum].filter((value) => value !== undefined);
    const inside =
      schema.type === "integer" ? fc.integer(range) : fc.double({ ...range, noNaN: true, noDefaultInfinity: true });
    return edges.length === 0 ? inside : fc.oneof(inside, fc.constantFrom(...edges));
  }
  if (schema.type === "array") return fc.array(valuesOf(schema.items ?? {}, root), { maxLength: 3 });
  if (schema.type === "object" || schema.properties !== undefined) {
    const fields: Record<string, fc.Arbitrary<unknown>> = {};
    for (const [key, property] of Object.entries(schema.properties ?? {})) {
      if (!(property.type === "array" && property.enum !== undefined)) fields[key] = valuesOf(property, root);
    }
    return fc.record(fields, { requiredKeys: schema.required ?? [] });
  }
  return scalars[schema.type ?? "string"]!;
}

const wrongValues = [
  null,
  true,
  "",
  "NONE",
  "none",
  "2026-02-30T10:00:00Z",
  "2026-02-28",
  -1,
  0,
  0.5,
  4,
  1e21,
  [],
  {},
  [{}],
  [0],
  [""],
];

/** Breaks (or merely changes) a message: a key gone, a value replaced, a number moved, a key added. */
function mutate(message: unknown, pick: (max: number) => number): unknown {
  const copy = structuredClone(message);
  const places: { holder: Record<string, unknown> | unknown[]; key: string | number }[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const key of Object.keys(value)) {
      places.push({ holder: value as Record<string, unknown>, key });
      visit((value as Record<string, unknown>)[key]);
    }
  };
  visit(copy);
  if (places.length === 0) return null;
  const { holder, key } = places[pick(places.length)]!;
  const target = holder as Record<string | number, unknown>;
  const value = target[key];
  const kind = pick(4);
  if (kind === 0 && Array.isArray(holder)) holder.splice(key as number, 1);
  else if (kind === 0) delete target[key];
  else if (kind === 1 && typeof value === "number") target[key] = value + (pick(2) === 0 ? 0.5 : -2000);
  else if (kind === 2 && typeof value === "string") target[key] = value.slice(1);
  else if (kind === 3 && pick(4) === 0) target.extra = wrongValues[pick(wrongValues.length)];
  else target[key] = wrongValues[pick(wrongValues.length)];
  return copy;
}

/** True where the message uses what the document allows and its schema forbids. */
function usesDocumentOverSchema(message: unknown): boolean {
  return /"blockingTypes":|"envelopes3d":[^\]]*"description":/.test(JSON.stringify(message));
}

describe.skipIf(!haveSchemas)("equal verdicts with the official schemas (skipped: ../shared/vda5050 is absent)", () => {
  test.each(topics)("%s", (topic) => {
    const root = officialSchema(topic);
    const official: ValidateFunction = newAjv().compile(root);
    const generated: ValidateFunction = newAjv().compile(messageJsonSchema(topic));
    let accepted = 0;
    let refused = 0;
    const property = fc.property(
      valuesOf(root, root),
      fc.infiniteStream(fc.nat(2 ** 20)),
      fc.nat(2),
      (message, stream, breaks) => {
        const pick = (max: number): number => stream.next().value % max;
        let candidate = message;
        for (let i = 0; i < breaks; i++) candidate = mutate(candidate, pick);
        if (usesDocumentOverSchema(candidate)) return;
        const wanted = official(candidate);
        if (wanted) accepted++;
        else refused++;
        const ours = parseMessage(topic, candidate);
        expect(ours.ok, `${ours.ok ? "accepted" : ours.reason}; official: ${JSON.stringify(official.errors)}`).toBe(
          wanted,
        );
        expect(generated(candidate), "generated JSON Schema").toBe(wanted);
      },
    );
    fc.assert(property, { seed, numRuns: 1500, endOnFailure: false });
    console.info(`${topic}: ${accepted} accepted, ${refused} refused by both; seed ${seed}`);
    expect(accepted).toBeGreaterThan(300);
    expect(refused).toBeGreaterThan(200);
  });
});

test("the document rules over its schemas: a paused action, blocking types of an action, words for a 3D envelope", () => {
  const topicsWithSchema = { state: messageJsonSchema("state"), factsheet: messageJsonSchema("factsheet") };
  const text = JSON.stringify(topicsWithSchema);
  expect(text).toContain('"PAUSED"');
  const action = MESSAGES.factsheet.shape.protocolFeatures.shape.agvActions.element;
  const parsed = action.safeParse({ actionType: "pick", actionScopes: ["NODE"], blockingTypes: ["HARD", "SOFT"] });
  expect(parsed.success).toBe(true);
  const envelope = MESSAGES.factsheet.shape.agvGeometry.shape.envelopes3d.unwrap().element;
  expect(envelope.safeParse({ set: "a", format: "DXF", description: "with container" }).success).toBe(true);
});

test("dates and times", () => {
  const valid = [
    "2026-11-22T20:01:02Z",
    "2024-02-29T00:00:00.5+07:00",
    "2016-12-31T23:59:60Z",
    "2017-01-01T06:59:60+07:00",
  ];
  const wrong = [
    "2026-02-29T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-01-01T24:00:00Z",
    "2026-01-01T00:00:00",
    "2026-01-01T12:00:60Z",
    "x",
    "",
  ];
  expect(valid.filter(isDateTime)).toEqual(valid);
  expect(wrong.filter(isDateTime)).toEqual([]);
});

test("a refusal says where and what, and at most five reasons", () => {
  const parsed = parseMessage("order", { headerId: "1", nodes: [{ nodeId: 7 }] });
  expect(parsed.ok).toBe(false);
  if (parsed.ok) return;
  expect(parsed.reason).toContain("headerId: ");
  expect(parsed.reason.split("; ")).toHaveLength(5);
});
