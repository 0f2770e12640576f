import { expect, test } from "vitest";
import { fork, prng } from "./prng.ts";

const take = (random: { nextUint32(): number }, count: number): number[] =>
  Array.from({ length: count }, () => random.nextUint32());

test("one seed gives one stream, near seeds give others", () => {
  expect(take(prng(7), 8)).toEqual(take(prng(7), 8));
  const firsts = Array.from({ length: 1000 }, (_, seed) => prng(seed).nextUint32());
  expect(new Set(firsts).size).toBe(1000);
  expect(prng(5).nextUint32()).not.toBe(prng(5 + 2 ** 32).nextUint32());
});

test("numbers are integers of 32 bits and fractions below 1, spread evenly", () => {
  const random = prng(1);
  const bins = new Array<number>(16).fill(0);
  for (let i = 0; i < 16_000; i++) {
    const value = random.nextFloat();
    expect(value >= 0 && value < 1).toBe(true);
    bins[Math.floor(value * 16)]!++;
  }
  // Chi-squared with 15 degrees of freedom: above 37.7 in one of a thousand true streams; this seed is fixed.
  const chi = bins.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  expect(chi).toBeLessThan(37.7);
  for (const value of take(random, 100)) expect(Number.isInteger(value) && value >= 0 && value < 2 ** 32).toBe(true);
});

test("a fork depends on its label and does not follow its parent", () => {
  const forked = (label: string): number[] => take(fork(prng(3), label), 4);
  expect(forked("demand")).toEqual(forked("demand"));
  expect(forked("demand")).not.toEqual(forked("faults"));
  const parent = prng(3);
  take(fork(parent, "demand"), 1000);
  const other = prng(3);
  fork(other, "faults");
  expect(take(parent, 4)).toEqual(take(other, 4));
});

test("a seed that is no integer is refused", () => {
  for (const seed of [-1, 0.5, Number.NaN, 2 ** 60])
    expect(() => prng(seed)).toThrow("expected an integer from 0 to 2^53 - 1");
});
