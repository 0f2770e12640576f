import { describe, expect, test } from "vitest";
import { resolveFile, vehicleTypeIds } from "./built-in.ts";
import { FileError, parseFile, readJson } from "./file-error.ts";
import { loadVehicleType } from "./load-vehicle-type.ts";
import { vehicleTypeFileSchema, vehicleTypeOf } from "./vehicle-type-file.ts";

type Json = Record<string, unknown>;
const content = (id = "igv") =>
  readJson(resolveFile("vehicle type", id)) as Json & { battery: Json; values: { keys: string[] }[] };

describe("a vehicle type is refused with place, finding and expectation", () => {
  const cases: readonly (readonly [string, (file: ReturnType<typeof content>) => void, string])[] = [
    ["no mass", (file) => delete file.massEmptyKg, "t.json: massEmptyKg: found nothing, expected a number."],
    [
      "text for a number",
      (file) => Object.assign(file, { widthM: "3" }),
      't.json: widthM: found "3", expected a number.',
    ],
    [
      "no width",
      (file) => Object.assign(file, { widthM: 0 }),
      "t.json: widthM: found 0, expected a number of more than 0.",
    ],
    [
      "an unknown key",
      (file) => Object.assign(file, { colour: "red" }),
      't.json: colour: found the unknown key "colour"',
    ],
    [
      "an unknown key inside",
      (file) => Object.assign(file.battery, { volts: 720 }),
      't.json: battery.volts: found the unknown key "volts"',
    ],
    [
      "no modes",
      (file) => Object.assign(file, { modes: [] }),
      "t.json: modes: found an empty list, expected a list of at least 1.",
    ],
    [
      "a share above 1",
      (file) => Object.assign(file.battery, { fullSoc: 90 }),
      "t.json: battery.fullSoc: found 90, expected a number of at most 1.",
    ],
    [
      "axles that do not fit",
      (file) => Object.assign(file, { wheelbaseM: 9 }),
      "t.json: lengthM: found 15, expected frontOverhangM + wheelbaseM + rearOverhangM = 16.",
    ],
    [
      "a weak emergency brake",
      (file) => Object.assign(file, { emergencyDecelerationMps2: 1 }),
      "t.json: emergencyDecelerationMps2: found 1, expected at least serviceDecelerationMps2 = 1.5.",
    ],
    [
      "a battery full at its reserve",
      (file) => Object.assign(file.battery, { fullSoc: 0.2 }),
      "t.json: battery.fullSoc: found 0.2, expected more than reserveSoc = 0.2.",
    ],
    [
      "an unknown confidence",
      (file) => Object.assign(file.values[0]!, { confidence: "sure" }),
      't.json: values[0].confidence: found "sure", expected one of "known", "inferred", "assumed".',
    ],
  ];
  test.each(cases)("%s", (_name, change, message) => {
    const file = content();
    change(file);
    expect(() => parseFile("t.json", file, vehicleTypeFileSchema)).toThrow(FileError);
    expect(() => parseFile("t.json", file, vehicleTypeFileSchema)).toThrow(message);
  });
  test("an unknown id", () => {
    expect(() => loadVehicleType("truck")).toThrow(
      "truck: the file: found no built-in vehicle type of this id, expected one of igv, igv-2030, or a path to a file.",
    );
  });
});

describe.each(vehicleTypeIds())("%s", (id) => {
  test("is named as its file, and says of each value how sure it is", () => {
    const file = content(id);
    const type = loadVehicleType(id);
    expect(type.type).toBe(id);
    const { type: _type, battery, consumption, ...plain } = type;
    const keys = [
      ...Object.keys(plain),
      ...Object.keys(battery).map((key) => `battery.${key}`),
      ...Object.keys(consumption).map((key) => `consumption.${key}`),
    ];
    expect(file.values.flatMap((value) => value.keys).sort()).toEqual(keys.sort());
  });
});

test("what is for people stays in the file", () => {
  const type = vehicleTypeOf(parseFile("t.json", content(), vehicleTypeFileSchema));
  expect(Object.keys(type)).not.toContain("$schema");
  expect(Object.keys(type)).not.toContain("values");
});
