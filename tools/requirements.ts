/** What some tests need beyond npm: real servers, a browser, the folder of shared reference data. One table for all. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const SHARED_FOLDER = fileURLToPath(new URL("../../shared", import.meta.url));

export interface Requirement {
  readonly name: string;
  /** A test file whose text matches needs it. */
  readonly mark: RegExp;
  readonly present: (env: Readonly<Record<string, string | undefined>>) => boolean;
  readonly missing: string;
}

/** A program that `npm run test:all` finds or installs and whose address it passes to the tests in `variable`. */
export interface ServerProgram {
  readonly name: "mosquitto" | "redis-server" | "chromium";
  readonly variable: "KALONG_TEST_MOSQUITTO" | "KALONG_TEST_REDIS" | "KALONG_TEST_CHROMIUM";
  /** File names under which it is looked for, best first. */
  readonly binaries: readonly string[];
  readonly debianPackage: string;
}

export const PROGRAMS: readonly ServerProgram[] = [
  { name: "mosquitto", variable: "KALONG_TEST_MOSQUITTO", binaries: ["mosquitto"], debianPackage: "mosquitto" },
  { name: "redis-server", variable: "KALONG_TEST_REDIS", binaries: ["redis-server"], debianPackage: "redis-server" },
  {
    name: "chromium",
    variable: "KALONG_TEST_CHROMIUM",
    binaries: ["chromium", "chromium-browser", "google-chrome"],
    debianPackage: "chromium",
  },
];

export const REQUIREMENTS: readonly Requirement[] = [
  ...PROGRAMS.map((program) => ({
    name: program.name,
    mark: new RegExp(program.variable),
    present: (env: Readonly<Record<string, string | undefined>>) => env[program.variable] !== undefined,
    missing: `${program.name} is missing (${program.variable} is not set; 'npm run test:all' installs it as root on Debian and Ubuntu)`,
  })),
  {
    name: "shared",
    mark: /["'`/]shared["'`/]|\.\.\/shared/,
    present: () => existsSync(SHARED_FOLDER),
    missing: "the folder ../shared beside the project is absent",
  },
  {
    name: "ROS 2",
    mark: /checkRcl\(\)/,
    present: (env) => env.ROS_DISTRO !== undefined,
    missing: "ROS 2 is not sourced (docs/ros2.md says what the test needs)",
  },
];
