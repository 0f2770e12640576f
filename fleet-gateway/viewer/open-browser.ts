/** Opens an address in the person's browser, where there is one. */
import { spawn } from "node:child_process";

/** Does nothing where no desktop is: the address was printed. */
export function openBrowser(address: string): void {
  const [command, ...options] =
    process.platform === "darwin" ? ["open"] : process.platform === "win32" ? ["cmd", "/c", "start", ""] : ["xdg-open"];
  if (process.platform === "linux" && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return;
  const child = spawn(command!, [...options, address], { stdio: "ignore", detached: true });
  child.on("error", () => {});
  child.unref();
}
