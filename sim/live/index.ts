export { registerLive } from "./command.ts";
