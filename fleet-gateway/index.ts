/** Public surface of the gateway: what stands between the engine and the outside. */

export { type EmbeddedBroker, startBroker } from "./broker/start-broker.ts";
export type { LinkReport } from "./mqtt/link.ts";
export {
  connectVehicle,
  type VehicleClient,
  type VehicleClientOptions,
  type VehicleController,
} from "./mqtt/vehicle-client.ts";
export { firstDifference, type RecordingDifference } from "./recording/first-difference.ts";
export type { RecordingSink } from "./recording/mcap-file.ts";
export * from "./recording/messages.ts";
export { type ReadMessage, type ReadOptions, RecordingError, readRecording } from "./recording/read-recording.ts";
export { createRunRecorder, type RecorderOptions, type RunRecorder } from "./recording/recorder.ts";
export { siteMessage } from "./recording/site-message.ts";
export { asInputError, failHard, ownVersion, parsePort } from "./serve/command.ts";
export { InputError } from "./serve/input-error.ts";
export { type RunningServe, type ServeOptions, startServe } from "./serve/start-serve.ts";
export { startTickLoop, type TickLoop } from "./serve/tick-loop.ts";
export { untilStopped } from "./serve/until-stopped.ts";
export type { Vda5050Factsheet } from "./vda5050/factsheet.ts";
export { viewerBundle } from "./viewer/viewer-bundle.ts";
