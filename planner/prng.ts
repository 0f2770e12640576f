/** A stream of random numbers that is the same for the same seed on every machine. */
export interface Prng {
  /** Uniform over 0 … 2^32 - 1. */
  nextUint32(): number;
  /** Uniform over [0, 1), multiples of 2^-32. */
  nextFloat(): number;
}

/**
 * Generator from a seed. The stream is sfc32 (Doty-Humphrey, PractRand), its state filled by splitmix32 from the seed's
 * low and high 32 bits, so that near seeds give unlike streams.
 * @param seed an integer from 0 to 2^53 - 1
 * @throws RangeError for any other number
 */
export function prng(seed: number): Prng {
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new RangeError(`seed ${seed}: expected an integer from 0 to 2^53 - 1`);
  let mixing = (seed >>> 0) ^ Math.imul(Math.floor(seed / 2 ** 32), 0x9e3779b1);
  const splitmix32 = (): number => {
    mixing = (mixing + 0x9e3779b9) | 0;
    let z = mixing ^ (mixing >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return (z ^ (z >>> 15)) | 0;
  };
  return sfc32(splitmix32(), splitmix32(), splitmix32());
}

/**
 * A generator of its own for one purpose: it depends on the label and on how many numbers were drawn from `parent`
 * before, and takes one number from it. Draws from it do not shift the parent's other uses.
 */
export function fork(parent: Prng, label: string): Prng {
  // FNV-1a over the label's UTF-16 units.
  let hash = 0x811c9dc5;
  for (let i = 0; i < label.length; i++) hash = Math.imul(hash ^ label.charCodeAt(i), 0x01000193);
  return prng(((hash ^ parent.nextUint32()) >>> 0) + (hash >>> 12) * 2 ** 32);
}

function sfc32(a: number, b: number, c: number): Prng {
  let counter = 1;
  const nextUint32 = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 12; i++) nextUint32();
  return { nextUint32, nextFloat: () => nextUint32() / 2 ** 32 };
}
