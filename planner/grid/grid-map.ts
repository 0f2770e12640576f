/** A 4-connected grid as flat arrays, and the reader of MovingAI `.map` files (Sturtevant 2012). */

/** Direction of a move as an offset into `neighbours`: east, south, west, north; y grows downwards, as in the file. */
export const DIRECTIONS = 4;

export interface GridMap {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** [vertex] cell, y * width + x. */
  readonly cellOf: Int32Array;
  /** [cell] vertex, or -1 where the cell is blocked. */
  readonly vertexOf: Int32Array;
  readonly vertexCount: number;
  /** [4 * vertex + direction] vertex, or -1 where there is none. Directions: 0 east, 1 south, 2 west, 3 north. */
  readonly neighbours: Int32Array;
}

/** A file that cannot be read as what it should be; the message names file and line. */
export class GridFileError extends Error {
  /** Exit code of a command that meets it. */
  readonly exitCode = 2;

  constructor(file: string, line: number, what: string) {
    super(`${file}:${line}: ${what}`);
    this.name = "GridFileError";
  }
}

/** Vertices are numbered tile by tile, so that the table entries around an agent share cache lines (32 of 2 bytes). */
const TILE_WIDTH = 8;
const TILE_HEIGHT = 4;

/** Distance tables hold vertices as 32-bit numbers and cells must index an Int32Array. */
const CELLS_MAX = 1 << 26;

/**
 * The map of a rectangle of cells.
 * @param isFree whether a cell (x from the left, y from the top) can be stood on
 */
export function gridOf(
  name: string,
  width: number,
  height: number,
  isFree: (x: number, y: number) => boolean,
): GridMap {
  const vertexOf = new Int32Array(width * height).fill(-1);
  const cells = new Int32Array(width * height);
  let vertexCount = 0;
  for (let top = 0; top < height; top += TILE_HEIGHT) {
    for (let left = 0; left < width; left += TILE_WIDTH) {
      for (let y = top; y < Math.min(top + TILE_HEIGHT, height); y++) {
        for (let x = left; x < Math.min(left + TILE_WIDTH, width); x++) {
          if (!isFree(x, y)) continue;
          vertexOf[y * width + x] = vertexCount;
          cells[vertexCount++] = y * width + x;
        }
      }
    }
  }
  const cellOf = cells.slice(0, vertexCount);
  const neighbours = new Int32Array(DIRECTIONS * vertexCount).fill(-1);
  for (let vertex = 0; vertex < vertexCount; vertex++) {
    const cell = cellOf[vertex]!;
    const x = cell % width;
    if (x + 1 < width) neighbours[DIRECTIONS * vertex] = vertexOf[cell + 1]!;
    if (cell + width < vertexOf.length) neighbours[DIRECTIONS * vertex + 1] = vertexOf[cell + width]!;
    if (x > 0) neighbours[DIRECTIONS * vertex + 2] = vertexOf[cell - 1]!;
    if (cell >= width) neighbours[DIRECTIONS * vertex + 3] = vertexOf[cell - width]!;
  }
  return { name, width, height, cellOf, vertexOf, vertexCount, neighbours };
}

function headerNumber(name: string, lines: readonly string[], index: number, key: string): number {
  const words = (lines[index] ?? "").trim().split(/\s+/);
  const value = Number(words[1]);
  if (words.length !== 2 || words[0] !== key || !Number.isInteger(value) || value < 1) {
    throw new GridFileError(name, index + 1, `found "${lines[index] ?? ""}", expected "${key} <integer above 0>"`);
  }
  return value;
}

const FREE = new Set([".", "G", "S"]);
const BLOCKED = new Set(["@", "O", "T", "W"]);

/**
 * Reads a MovingAI map: `type octile`, `height H`, `width W`, `map`, then H rows of W characters.
 * `.`, `G` and `S` can be stood on; `@`, `O`, `T` and `W` cannot.
 * @param name the file's name, for messages
 * @throws {GridFileError} with the line, also where the rows are no rectangle of the given size
 */
export function parseMap(text: string, name: string): GridMap {
  const lines = text.split(/\r?\n/);
  while (lines.length > 0 && lines[lines.length - 1]!.trim() === "") lines.pop();
  if (!/^type\s+octile\s*$/.test(lines[0] ?? "")) {
    throw new GridFileError(name, 1, `found "${lines[0] ?? ""}", expected "type octile"`);
  }
  const height = headerNumber(name, lines, 1, "height");
  const width = headerNumber(name, lines, 2, "width");
  if (width * height > CELLS_MAX) {
    throw new GridFileError(name, 2, `${width} x ${height} cells, at most ${CELLS_MAX} are supported`);
  }
  if ((lines[3] ?? "").trim() !== "map") {
    throw new GridFileError(name, 4, `found "${lines[3] ?? ""}", expected "map"`);
  }
  const rows = lines.slice(4);
  for (const [y, row] of rows.entries()) {
    if (y >= height) throw new GridFileError(name, y + 5, `a row more than the ${height} that the header names`);
    if (row.length !== width) {
      throw new GridFileError(name, y + 5, `the map is not rectangular: ${row.length} characters, expected ${width}`);
    }
    for (const [x, character] of [...row].entries()) {
      if (!FREE.has(character) && !BLOCKED.has(character)) {
        throw new GridFileError(name, y + 5, `found "${character}" in column ${x + 1}, expected one of . G S @ O T W`);
      }
    }
  }
  if (rows.length < height) {
    throw new GridFileError(name, lines.length, `the map ends after ${rows.length} rows, the header names ${height}`);
  }
  return gridOf(name, width, height, (x, y) => FREE.has(rows[y]![x]!));
}
