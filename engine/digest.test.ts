import { describe, expect, test } from "vitest";
import { AssertionFailed } from "./assert.ts";
import { DecisionDigest } from "./digest.ts";
import type { EngineOutput } from "./messages.ts";

const digest = (...ticks: readonly (readonly EngineOutput[])[]): string => {
  const d = new DecisionDigest();
  ticks.forEach((outputs, tick) => {
    d.addTick(tick, outputs);
  });
  return d.hex;
};

const OUTPUTS: readonly EngineOutput[] = [
  {
    kind: "order",
    message: {
      vehicle: "V1",
      orderId: "o",
      orderUpdateId: 1,
      nodes: [
        {
          nodeId: "n",
          sequenceId: 0,
          released: true,
          lane: "L",
          s: 1.5,
          x: 2,
          y: 3,
          theta: 0.5,
          actions: [{ actionId: "a", actionType: "pick", blockingType: "HARD", parameters: { container: "C", n: 1 } }],
        },
      ],
      edges: [{ edgeId: "e", sequenceId: 1, released: false, lane: "L", fromM: 0, toM: 5, maxSpeedMps: 3 }],
    },
  },
  { kind: "instant-action", message: { vehicle: "V1", actionId: "p", actionType: "startPause", parameters: { n: 4 } } },
  {
    kind: "reservation",
    message: { vehicle: "V1", resource: "L", kind: "lane", side: "", fromM: 1, toM: 9, event: "granted", seq: 3 },
  },
  {
    kind: "plan",
    message: { vehicle: "V1", planId: 7, nodes: ["a", "b"], times: [1, 2], restsAt: "p", reason: "rest" },
  },
  {
    kind: "order-event",
    message: { order: "o", event: "assigned", vehicle: "V1", container: "C", place: "p", reason: "first-assignment" },
  },
];

/** Every copy of `value` in which one number, string or boolean is another, or one field or list item is missing. */
function* mutants(value: unknown): Generator<unknown> {
  if (typeof value === "number") yield value + 1;
  else if (typeof value === "string") yield `${value}x`;
  else if (typeof value === "boolean") yield !value;
  else if (value === null) yield "x";
  else if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      yield value.toSpliced(i, 1);
      for (const mutant of mutants(value[i])) yield value.with(i, mutant);
    }
  } else if (typeof value === "object") {
    for (const [key, field] of Object.entries(value))
      for (const mutant of mutants(field)) yield { ...value, [key]: mutant };
  }
}

describe("digest", () => {
  test("is the same for the same decisions, whatever the order of a record's keys", () => {
    expect(digest(OUTPUTS)).toBe(digest(structuredClone(OUTPUTS)));
    const action = (parameters: Record<string, string | number>): EngineOutput => ({
      kind: "instant-action",
      message: { vehicle: "V", actionId: "a", actionType: "stopCharging", parameters },
    });
    expect(digest([action({ a: 1, b: "2" })])).toBe(digest([action({ b: "2", a: 1 })]));
    expect(digest([action({ a: 1 })])).not.toBe(digest([action({ a: "1" })]));
  });

  test("changes with every field of every decision", () => {
    const seen = new Map<string, string>([[digest(OUTPUTS), "the original"]]);
    let count = 0;
    OUTPUTS.forEach((output, i) => {
      for (const message of mutants(output.message)) {
        const hex = digest(OUTPUTS.with(i, { ...output, message } as EngineOutput));
        expect(seen.get(hex), JSON.stringify(message)).toBeUndefined();
        seen.set(hex, JSON.stringify(message));
        count++;
      }
    });
    expect(count).toBeGreaterThan(40);
  });

  test("changes with the order of decisions, with the tick they fall in, and with the number of ticks", () => {
    const [a, b] = [OUTPUTS[2]!, OUTPUTS[3]!];
    const all = [[[a, b]], [[b, a]], [[a], [b]], [[], [a, b]], [[a, b], []], [[]], [[], []]];
    expect(new Set(all.map((ticks) => digest(...ticks))).size).toBe(all.length);
  });

  test("leaves out what is only said, and tells 0 from nothing but not from -0", () => {
    const event: EngineOutput = { kind: "event", message: { code: "refused", vehicle: null, data: {} } };
    expect(digest([event, OUTPUTS[3]!])).toBe(digest([OUTPUTS[3]!]));
    const at = (fromM: number): EngineOutput => ({
      kind: "reservation",
      message: { vehicle: "V", resource: "L", kind: "lane", side: "", fromM, toM: 1, event: "granted", seq: 0 },
    });
    expect(digest([at(-0)])).toBe(digest([at(0)]));
    expect(digest([at(Number.POSITIVE_INFINITY)])).not.toBe(digest([at(Number.NEGATIVE_INFINITY)]));
    expect(() => digest([at(Number.NaN)])).toThrow(AssertionFailed);
  });

  test("goes on from a snapshot", () => {
    const whole = new DecisionDigest();
    whole.addTick(1, OUTPUTS);
    const resumed = new DecisionDigest();
    resumed.resume(whole.lanes);
    whole.addTick(2, OUTPUTS);
    resumed.addTick(2, OUTPUTS);
    expect(resumed.hex).toBe(whole.hex);
    expect(whole.hex).toMatch(/^[0-9a-f]{16}$/);
  });

  test("spreads: 20,000 single-number ticks give 20,000 digests, each bit set in about half", () => {
    const digests = new Set<string>();
    const set = new Array<number>(64).fill(0);
    for (let n = 0; n < 20_000; n++) {
      const d = new DecisionDigest();
      d.addTick(n, []);
      digests.add(d.hex);
      const [a, b] = d.lanes;
      for (let bit = 0; bit < 64; bit++) set[bit]! += ((bit < 32 ? a : b) >>> (bit & 31)) & 1;
    }
    expect(digests.size).toBe(20_000);
    for (const count of set) expect(Math.abs(count - 10_000)).toBeLessThan(500); // seven standard deviations
  });

  test("is a fixed function: this value must not change, or old recordings stop comparing", () => {
    expect(digest(OUTPUTS, [], OUTPUTS)).toMatchInlineSnapshot(`"de43be42261c2e33"`);
  });
});
