import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { EventCode } from "../../../engine/index.ts";
import { type LinkReport, vehicleActivitySchema } from "../../../fleet-gateway/index.ts";
import en from "./en.json" with { type: "json" };
import vi from "./vi.json" with { type: "json" };

const app = dirname(dirname(fileURLToPath(import.meta.url)));
const sources = readdirSync(app, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
  .map((file) => ({ file, text: readFileSync(join(app, file), "utf8") }));

/** Every code that the engine puts out, and that the link to the vehicles reports: the compiler misses none. */
const engineEvents: Readonly<Record<EventCode, true>> = {
  refused: true,
  "vehicle-broken": true,
  "vehicle-repaired": true,
  "vehicle-silent": true,
  "vehicle-heard": true,
  "vehicle-manual": true,
  "vehicle-automatic": true,
  "vehicle-paused": true,
  "vehicle-resumed": true,
  "lane-closed": true,
  "lane-opened": true,
  "station-out": true,
  "station-in": true,
  "shield-stop": true,
  "shield-release": true,
  deadlock: true,
  "charge-planned": true,
  "action-failed": true,
  retargeted: true,
  prioritised: true,
};
const linkReports: Readonly<Record<LinkReport["code"], true>> = {
  oversized: true,
  malformed: true,
  "schema-violation": true,
  "identity-mismatch": true,
  "version-mismatch": true,
  "order-invalid": true,
  "order-id-reused": true,
  "order-ended": true,
  "order-queue-full": true,
  "order-too-large": true,
  "order-rejected": true,
  "order-lost": true,
  "order-unknown": true,
  "order-cancelled": true,
  "cancel-failed": true,
  "instant-action-unconfirmed": true,
  "vehicle-manual": true,
  "vehicle-automatic": true,
  "vehicle-restarted": true,
  "safety-stop": true,
  "safety-stop-over": true,
  "base-requested": true,
  "base-late": true,
  "off-path": true,
  unlocated: true,
  "stale-message": true,
  "factsheet-changed": true,
  "state-stale": true,
  "state-resumed": true,
  "reachable-unconfirmed": true,
  "online-assumed": true,
  "unknown-topic": true,
  "unknown-vehicle": true,
  "retained-message": true,
  "foreign-order": true,
  "invalid-outbound": true,
  "broker-connected": true,
  "broker-lost": true,
  "broker-error": true,
};

/** Families whose keys are put together from a code (`texts.ofCode`), and the codes that there are. */
const families: Readonly<Record<string, readonly string[]>> = {
  state: vehicleActivitySchema.options,
  wait: ["vehicle", "lane", "station", "crane", "fault", "pause", "charge", "other"],
  role: ["gate", "scanner", "disinfection", "inspection", "crane", "charger", "swap", "parking"],
  commodity: ["fresh-produce", "frozen-seafood", "electronics", "general", "unknown"],
  event: [
    ...Object.keys(engineEvents),
    ...["speed-limited", "speed-limit-lifted", "clock-skipped"],
    ...["vehicle-online", "vehicle-offline", "vehicle-connectionbroken", "vehicle-not-admitted"],
    // Counted, never an event.
    ...Object.keys(linkReports)
      .filter((code) => code !== "base-requested")
      .map((code) => `link-${code}`),
    "everyVehicle",
  ],
  orderWait: [
    ...["no-vehicle-free", "no-charge", "station-out", "lane-closed", "no-route"],
    ...["not-released-yet", "assigned-elsewhere"],
  ],
};

function literalKeys(): Set<string> {
  const keys = new Set<string>();
  const known = new Set(Object.keys(en).map((key) => key.split(".")[0]!));
  for (const { text } of sources) {
    for (const [, key] of text.matchAll(/"([a-zA-Z]+\.[a-zA-Z-]+)"/g))
      if (known.has(key!.split(".")[0]!)) keys.add(key!);
  }
  return keys;
}

function familyKeys(): string[] {
  return Object.entries(families).flatMap(([family, codes]) => codes.map((code) => `${family}.${code}`));
}

test("every key that the page uses is in the catalogues", () => {
  const missing = [...literalKeys(), ...familyKeys()].filter((key) => !(key in en) || !(key in vi));
  expect(missing).toEqual([]);
});

test("every key of the catalogues is used", () => {
  const used = new Set([...literalKeys(), ...familyKeys()]);
  expect(Object.keys(en).filter((key) => !used.has(key))).toEqual([]);
  expect(Object.keys(vi).filter((key) => !(key in en))).toEqual([]);
});

test("families are those that the page asks for", () => {
  const asked = new Set(
    sources.flatMap(({ text }) => [...text.matchAll(/\bofCode\(\s*"(\w+)"/g)].map(([, family]) => family!)),
  );
  expect([...asked].sort()).toEqual(Object.keys(families).sort());
});

test("a text has the same parameters in every language, and none is empty", () => {
  const parameters = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).sort();
  for (const [key, text] of Object.entries(en)) {
    const other = (vi as Readonly<Record<string, string>>)[key] ?? "";
    expect(parameters(other), key).toEqual(parameters(text));
    expect(other.trim(), key).not.toBe("");
  }
});

test("the markup holds no words of its own", () => {
  for (const { file, text } of sources) {
    if (!/panels|page\.ts/.test(file)) continue;
    // Words between quotes that would be shown: the last arguments of element() that begin with a capital letter.
    const shown = [...text.matchAll(/element\([^)]*?,\s*"([A-Z][a-z]+(?: [a-z]+)*)"\s*[,)]/g)].map(
      ([, words]) => words!,
    );
    expect(
      shown.filter((words) => words !== "Kalong"),
      file,
    ).toEqual([]);
  }
});
