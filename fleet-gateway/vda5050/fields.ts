/** Building blocks that the VDA 5050 message definitions share. Section numbers are those of VDA 5050 2.1.0. */
import { z } from "zod";

const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const DATE_TIME =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))$/;

/** Whether `text` is a date and time of RFC 3339 section 5.6 that exists, leap seconds at 23:59:60 UTC included. */
export function isDateTime(text: string): boolean {
  const match = DATE_TIME.exec(text);
  if (match === null) return false;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const leapYear = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const daysMax = month === 2 && leapYear ? 29 : (DAYS_OF_MONTH[month - 1] ?? 0);
  if (day < 1 || day > daysMax || hour > 23 || minute > 59) return false;
  if (second < 60) return true;
  const offsetMin = (match[7] === "-" ? -1 : 1) * (Number(match[8] ?? 0) * 60 + Number(match[9] ?? 0));
  const minuteOfDayUtc = (((hour * 60 + minute - offsetMin) % 1440) + 1440) % 1440;
  return second === 60 && minuteOfDayUtc === 1439;
}

/** A whole number of any size; the standard's integers are not bounded by its schemas. */
export const integer = z
  .number()
  .refine(Number.isInteger, { error: "expected a whole number" })
  .meta({ type: "integer" });

/** A whole number that is not negative. */
export const count = z
  .number()
  .min(0)
  .refine(Number.isInteger, { error: "expected a whole number" })
  .meta({ type: "integer" });

export const timestamp = z
  .string()
  .refine(isDateTime, { error: "expected a date and time as 2026-03-11T11:40:03.120Z" })
  .meta({ format: "date-time" })
  .describe("When the sender made this message, UTC.");

export const headerId = integer.describe("Counts the messages of one topic and one sender; 32 bit, then from 0 again.");
export const version = z.string().describe("Version of the protocol: major.minor.patch.");
export const manufacturer = z.string().describe("Who built the vehicle; a part of the topic.");
export const serialNumber = z.string().describe("Which vehicle of that manufacturer; a part of the topic.");

/** The protocol header (6.4) of every message. */
export const header = { headerId, timestamp, version, manufacturer, serialNumber };

/** Position of a vehicle on a map, metres and radians (6.10.6). */
export const agvPosition = z
  .object({
    x: z.number().describe("Metres."),
    y: z.number().describe("Metres."),
    theta: z.number().describe("Radians, counter-clockwise from +x."),
    mapId: z.string(),
    mapDescription: z.string().exactOptional(),
    positionInitialized: z.boolean().describe("False: the vehicle does not know where it is."),
    localizationScore: z.number().min(0).max(1).exactOptional().describe("0: position unknown, 1: known."),
    deviationRange: z.number().exactOptional().describe("Metres by which the position may be wrong."),
  })
  .describe("Where the vehicle's reference point is.");

/** Velocity in the vehicle's own frame. */
export const velocity = z
  .object({
    vx: z.number().exactOptional().describe("Forward, m/s."),
    vy: z.number().exactOptional().describe("To the left, m/s."),
    omega: z.number().exactOptional().describe("Counter-clockwise, rad/s."),
  })
  .describe("Velocity in vehicle coordinates.");

/** A NURBS curve. */
function nurbs(weight: z.ZodNumber, degree: z.ZodType<number>) {
  return z.object({
    degree,
    knotVector: z.array(z.number().min(0).max(1)).describe("Control points + degree + 1 values that do not fall."),
    controlPoints: z.array(z.object({ x: z.number(), y: z.number(), weight: weight.exactOptional() })),
  });
}

/** Trajectory of an edge of an order. */
export const orderTrajectory = nurbs(
  z.number().min(0),
  z.number().min(1).refine(Number.isInteger, { error: "expected a whole number" }).meta({ type: "integer" }),
);
/** Trajectory that a vehicle reports. */
export const stateTrajectory = nurbs(z.number(), integer);

const parameterValue = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.array(z.unknown()),
  z.record(z.string(), z.unknown()),
]);

export const blockingType = z
  .enum(["NONE", "SOFT", "HARD"])
  .describe("NONE: beside driving and other actions. SOFT: not while driving. HARD: alone and not while driving.");

/** An action of a node, an edge or an instant action (6.12). */
export const action = z
  .object({
    actionType: z.string(),
    actionId: z.string().describe("Never used again."),
    actionDescription: z.string().exactOptional(),
    blockingType,
    actionParameters: z.array(z.object({ key: z.string(), value: parameterValue })).exactOptional(),
  })
  .describe("Something that the vehicle is to do.");
