import { readFileSync } from "node:fs";
import { z } from "zod";
import { isTopicPart } from "../mqtt/topics.ts";
import { InputError } from "./input-error.ts";

const topicPart = z.string().refine(isTopicPart, { error: "expected letters, digits and _ . : - only" });

/** `fleet.json`: the vehicles that may come online on a site. */
export const fleetFileSchema = z.strictObject({
  vehicles: z
    .array(
      z.strictObject({
        id: topicPart.describe("Name of the vehicle in this system."),
        type: z.string().describe("Vehicle type: a built-in id or a path beside this file."),
        manufacturer: topicPart.default("kalong").describe("As in its MQTT topics."),
        serialNumber: topicPart.optional().describe("As in its MQTT topics; the id if left out."),
        version: z
          .string()
          .regex(/^2\.\d+\.\d+$/)
          .default("2.1.0")
          .describe("Version of VDA 5050 that its controller expects in messages to it."),
        instantActionsKey: z
          .enum(["actions", "instantActions"])
          .default("actions")
          .describe("Key of the actions in the message instantActions; some controllers keep the older name."),
      }),
    )
    .min(1),
});

/** One listed vehicle. */
export interface ListedVehicle {
  readonly id: string;
  readonly type: string;
  readonly manufacturer: string;
  readonly serialNumber: string;
  readonly version: string;
  readonly instantActionsKey: "actions" | "instantActions";
}

/** Reads a fleet file. @throws InputError that says what is wrong and where */
export function loadFleet(file: string): readonly ListedVehicle[] {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    const why = missing ? "there is no such file" : error instanceof Error ? error.message : String(error);
    throw new InputError(
      `${file}: ${why}. A fleet file lists the vehicles of the site: {"vehicles": [{"id", "type"}]}.`,
    );
  }
  const parsed = fleetFileSchema.safeParse(content);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new InputError(`${file}: ${issue.path.join(".") || "the file"}: ${issue.message}.`);
  }
  const fleet = parsed.data.vehicles.map((vehicle) => ({
    ...vehicle,
    serialNumber: vehicle.serialNumber ?? vehicle.id,
  }));
  for (const key of ["id", "serialNumber"] as const) {
    const name = (vehicle: (typeof fleet)[number]): string =>
      key === "id" ? vehicle.id : `${vehicle.manufacturer}/${vehicle.serialNumber}`;
    const twice = fleet.find((vehicle, i) => fleet.findIndex((other) => name(other) === name(vehicle)) !== i);
    if (twice !== undefined) throw new InputError(`${file}: vehicle ${name(twice)} is listed twice.`);
  }
  return fleet;
}
