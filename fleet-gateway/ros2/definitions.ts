/**
 * Definitions of ROS types by name: the standard ones of Jazzy (those used here are the same in Humble), and our own from
 * the `.msg` and `.srv` files of the ROS package in config/services/ros2, which is their only source.
 */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "@foxglove/rosmsg";
import { ros2humble, ros2jazzy } from "@foxglove/rosmsg-msgs-common";

/** A type by its fields, as the packages that parse definitions have it. */
export type MessageDefinition = ReturnType<typeof parse>[number];
export type MessageDefinitionField = MessageDefinition["definitions"][number];

const OWN_PACKAGE = "kalong_msgs";
const OWN_FOLDER = fileURLToPath(new URL(`../../config/services/ros2/${OWN_PACKAGE}`, import.meta.url));

type Definitions = Readonly<Record<string, MessageDefinition | undefined>>;
const STANDARD: Definitions = ros2jazzy;
/** For the test that compares the two. */
export const HUMBLE: Definitions = ros2humble;

const read = new Map<string, MessageDefinition>();

/**
 * The definition of a type and of every type in it, the type itself first.
 * @param type `nav_msgs/msg/Odometry`; of a service `kalong_msgs/srv/SelectVehicle_Request` or `_Response`
 * @throws RangeError if there is no such type, or one that it needs
 */
export function definitionsOf(type: string): readonly MessageDefinition[] {
  const root = definition(type);
  const found = new Map<string, MessageDefinition>([[root.name!, root]]);
  for (const each of found.values()) {
    for (const field of each.definitions) {
      if (field.isComplex === true && !found.has(field.type)) found.set(field.type, definition(field.type));
    }
  }
  return [...found.values()];
}

function definition(type: string): MessageDefinition {
  const [pkg, kind, name] =
    type.split("/").length === 3 ? type.split("/") : [type.split("/")[0], "msg", type.split("/")[1]];
  const key = `${pkg}/${name}`;
  const known = STANDARD[key] ?? read.get(key);
  if (known !== undefined) return known;
  if (pkg !== OWN_PACKAGE || name === undefined) throw new RangeError(`there is no definition of the ROS type ${type}`);
  const own = kind === "srv" ? readService(name) : readFile("msg", name);
  if (own === null) throw new RangeError(`there is no definition of the ROS type ${type}`);
  const parsed = { name: key, definitions: resolved(own) };
  read.set(key, parsed);
  return parsed;
}

function readFile(kind: "msg" | "srv", name: string): string | null {
  const file = `${OWN_FOLDER}/${kind}/${name}.${kind}`;
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}

function readService(name: string): string | null {
  const half = /^(.*)_(Request|Response)$/.exec(name);
  const text = half === null ? null : readFile("srv", half[1]!);
  if (half === null || text === null) return null;
  const line = text.indexOf("\n---\n");
  return half[2] === "Request" ? text.slice(0, line) : text.slice(line + "\n---\n".length);
}

/** Fields with the names of our own types in full. */
function resolved(text: string): MessageDefinition["definitions"] {
  const [root] = parse(text, { ros2: true, skipTypeFixup: true });
  return root!.definitions.map((field) =>
    field.isComplex === true && !field.type.includes("/") ? { ...field, type: `${OWN_PACKAGE}/${field.type}` } : field,
  );
}
