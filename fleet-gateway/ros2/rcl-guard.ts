/**
 * Whether rclnodejs can be imported here. It must be asked first: imported from a shell in which ROS 2 is not sourced,
 * rclnodejs starts to rebuild itself, which deletes what was built.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";

export type RclObstacle =
  | "not-sourced"
  | "rcl-library-missing"
  | "rclnodejs-not-installed"
  | "rclnodejs-not-built"
  | "messages-not-generated"
  | "own-messages-not-generated";

export type RclCheck =
  | { readonly ok: true }
  | { readonly ok: false; readonly obstacle: RclObstacle /** What is wrong and what to do. */; readonly text: string };

export interface RclSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** From where the package is looked for: a file or URL of this project. */
  readonly from: string;
  /** File that names the distribution of the operating system. */
  readonly osRelease: string;
}

const PACKAGE = "rclnodejs";
const VERSION = "2.2.0";
const SOURCE = "source /opt/ros/jazzy/setup.bash";
const INSTALL = `npm install --no-save ${PACKAGE}@${VERSION}`;
const GENERATE = "npx generate-ros-messages";
const BUILD_MESSAGES =
  "colcon build --base-paths config/services/ros2/kalong_msgs --build-base out/ros2/build --install-base out/ros2/install && source out/ros2/install/setup.bash";

/** The state of this process and machine. */
export const here: RclSurroundings = { env: process.env, from: import.meta.url, osRelease: "/etc/os-release" };

/** Looks, and imports nothing. */
export function checkRcl({ env, from, osRelease }: RclSurroundings = here): RclCheck {
  const parts = (name: string): string[] => (env[name] ?? "").split(":").filter((part) => part !== "");
  const distro = env.ROS_DISTRO ?? "";
  if (distro === "" || parts("AMENT_PREFIX_PATH").length === 0) {
    return refused(
      "not-sourced",
      `ROS 2 is not sourced in this shell. Run '${SOURCE}' (or your distribution's), '${INSTALL}' once, and start again.`,
    );
  }
  if (!parts("LD_LIBRARY_PATH").some((folder) => existsSync(join(folder, "librcl.so")))) {
    return refused(
      "rcl-library-missing",
      `ROS_DISTRO is ${distro}, but no folder of LD_LIBRARY_PATH holds librcl.so. Run 'source /opt/ros/${distro}/setup.bash' again.`,
    );
  }
  const root = packageRoot(from);
  if (root === null) {
    return refused(
      "rclnodejs-not-installed",
      `The package ${PACKAGE} is not installed. In this shell run '${INSTALL}'.`,
    );
  }
  const prebuilt = `prebuilds/linux-${process.arch}/${distro}-${codename(osRelease)}-${process.arch}-node-rclnodejs.node`;
  if (!existsSync(join(root, "build/Release/rclnodejs.node")) && !existsSync(join(root, prebuilt))) {
    return refused(
      "rclnodejs-not-built",
      `${PACKAGE} is installed without its native part for ROS 2 ${distro}. In this shell run 'npm rebuild ${PACKAGE}'; it compiles where no prebuilt part fits.`,
    );
  }
  if (!existsSync(join(root, "generated/std_msgs"))) {
    return refused("messages-not-generated", `${PACKAGE} has no messages yet. In this shell run '${GENERATE}'.`);
  }
  if (!existsSync(join(root, "generated/kalong_msgs"))) {
    return refused(
      "own-messages-not-generated",
      `${PACKAGE} does not know the messages of this project. Run '${BUILD_MESSAGES}', then '${GENERATE}'.`,
    );
  }
  return { ok: true };
}

function refused(obstacle: RclObstacle, text: string): RclCheck {
  return { ok: false, obstacle, text };
}

function packageRoot(from: string): string | null {
  try {
    return resolve(dirname(createRequire(from).resolve(PACKAGE)), "..");
  } catch {
    return null;
  }
}

function codename(osRelease: string): string {
  try {
    return /^VERSION_CODENAME=(.*)$/m.exec(readFileSync(osRelease, "utf8"))?.[1] ?? "";
  } catch {
    return "";
  }
}
