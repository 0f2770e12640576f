import { expect, test } from "vitest";
import { parseRos2 } from "./command-options.ts";

test("without --ros2 and --rosbridge there is no bridge, and nothing to drive over it", () => {
  expect(parseRos2({})).toBeNull();
  expect(() => parseRos2({ ros2Vehicles: "V01" })).toThrow("--ros2-vehicles needs --ros2 or --rosbridge too.");
});

test("vehicles are named with commas between; a rosbridge address is checked at once", () => {
  const rosbridge = "ws://127.0.0.1:9090";
  expect(parseRos2({ rosbridge, ros2Vehicles: "V04, V05," })).toEqual({ rosbridge, vehicles: ["V04", "V05"] });
  expect(() => parseRos2({ rosbridge: "127.0.0.1:9090" })).toThrow(/expected an address such as ws:/);
});
