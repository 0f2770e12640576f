import * as z from "zod";
import type { Commodity, TransportOrder } from "../engine/index.ts";
import type { Side } from "../planner/index.ts";
import { FileError, parseFile, readText } from "./file-error.ts";

/** Columns of a CSV of recorded orders, in any order; all must be there. */
export const recordedColumns: Readonly<Record<string, string>> = {
  id: "Order id, unique.",
  container: "Container id, unique.",
  from: "Station (crane) where it waits.",
  to: "Station (crane) where it goes.",
  via: 'Stations to pass, in order, as "side-role" with spaces between: "vn-gate cn-gate cn-scanner". May be empty.',
  releaseS: "May be picked up from, seconds of run time.",
  dueS: "Should be delivered by, seconds of run time.",
  priority: "0 (most urgent) .. 9.",
  commodity: "fresh-produce, frozen-seafood, electronics or general.",
  massKg: "Gross mass, kg.",
  lengthFt: "20, 40 or 45.",
  laden: "true or false.",
  reefer: "true or false.",
};

const number = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/)
  .transform(Number);
const flag = z.enum(["true", "false"]).transform((text) => text === "true");
const rowSchema = z.strictObject({
  id: z.string().min(1),
  container: z.string().min(1),
  from: z.string().min(1),
  to: z.string().min(1),
  via: z.string().regex(/^((vn|cn)-(gate|scanner|disinfection)( (vn|cn)-(gate|scanner|disinfection))*)?$/),
  releaseS: number.pipe(z.number().min(0)),
  dueS: number.pipe(z.number().min(0)),
  priority: number.pipe(z.int().min(0).max(9)),
  commodity: z.enum(["fresh-produce", "frozen-seafood", "electronics", "general"]),
  massKg: number.pipe(z.number().positive()),
  lengthFt: z.enum(["20", "40", "45"]).transform((text) => Number(text) as 20 | 40 | 45),
  laden: flag,
  reefer: flag,
});

/**
 * Reads recorded orders: a header line, then one order a line; fields without quotes, separated by commas.
 * @returns the orders by release time, then id
 * @throws FileError
 */
export function readRecordedOrders(file: string): TransportOrder[] {
  const lines = readText(file).split(/\r?\n/);
  const header = (lines[0] ?? "").split(",");
  for (const column of Object.keys(recordedColumns))
    if (!header.includes(column))
      throw new FileError(
        file,
        "line 1",
        `no column ${column}`,
        `the columns ${Object.keys(recordedColumns).join(",")}`,
      );
  const ids = new Set<string>();
  const orders: TransportOrder[] = [];
  lines.forEach((text, i) => {
    if (i === 0 || text === "") return;
    const place = `line ${i + 1}`;
    const fields = text.split(",");
    if (fields.length !== header.length)
      throw new FileError(file, place, `${fields.length} fields`, `${header.length}, as in line 1`);
    const raw = Object.fromEntries(header.map((column, k) => [column, fields[k]]));
    const row = parseFile(file, raw, rowSchema, (path) => `${place}, column ${path.join(".")}`);
    for (const id of [`order ${row.id}`, `container ${row.container}`]) {
      if (ids.has(id)) throw new FileError(file, place, `${id} again`, "each order and each container once");
      ids.add(id);
    }
    if (row.dueS <= row.releaseS)
      throw new FileError(file, `${place}, column dueS`, `${row.dueS}`, `more than releaseS = ${row.releaseS}`);
    orders.push({
      id: row.id,
      container: {
        id: row.container,
        lengthFt: row.lengthFt,
        laden: row.laden,
        reefer: row.reefer,
        commodity: row.commodity satisfies Commodity,
        massKg: row.massKg,
      },
      from: row.from,
      to: row.to,
      via: row.via === "" ? [] : row.via.split(" ").map(stop),
      releaseMs: Math.round(row.releaseS * 1000),
      dueMs: Math.round(row.dueS * 1000),
      priority: row.priority,
    });
  });
  return orders.sort((a, b) => a.releaseMs - b.releaseMs || (a.id < b.id ? -1 : 1));
}

function stop(text: string): TransportOrder["via"][number] {
  const [side, role] = text.split("-") as [Side, "gate" | "scanner" | "disinfection"];
  return { side, role };
}
