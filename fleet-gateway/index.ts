/** Public surface of the gateway: what stands between the engine and the outside. */

export { type EmbeddedBroker, startBroker } from "./broker/start-broker.ts";
export {
  createFleetDialog,
  type FleetDialog,
  type FleetDialogOptions,
  type LinkReport,
} from "./mqtt/fleet-dialog.ts";
export { connectVehicle, type VehicleClient, type VehicleClientOptions } from "./mqtt/vehicle-client.ts";
export { createVehicleDialog, type VehicleController, type VehicleDialog } from "./mqtt/vehicle-dialog.ts";
export { firstDifference, type RecordingDifference } from "./recording/first-difference.ts";
export type { RecordingSink } from "./recording/mcap-file.ts";
export * from "./recording/messages.ts";
export { type ReadMessage, type ReadOptions, RecordingError, readRecording } from "./recording/read-recording.ts";
export { createRunRecorder, type RecorderOptions, type RunRecorder } from "./recording/recorder.ts";
export { siteMessage } from "./recording/site-message.ts";
export { addRos2Options, parseRos2, type Ros2Choice, type Ros2Flags } from "./ros2/command-options.ts";
export { rosTime } from "./ros2/mapping/time.ts";
export { MemoryGraph, type MemoryGraphOptions } from "./ros2/memory-port.ts";
export { openRosPort } from "./ros2/open-port.ts";
export { RosNode } from "./ros2/ros-node.ts";
export { createRosVehicleLink, type RosVehicleLink } from "./ros2/vehicle-link.ts";
export { connectRosVehicle } from "./ros2/vehicle-node.ts";
export { asInputError, failHard, ownVersion, parsePort } from "./serve/command.ts";
export { ControlSystem, type InputRefusal } from "./serve/control-system.ts";
export { eventText } from "./serve/event-text.ts";
export { InputError } from "./serve/input-error.ts";
export { type RunningServe, type ServeOptions, startServe } from "./serve/start-serve.ts";
export { startTickLoop, type TickLoop } from "./serve/tick-loop.ts";
export { untilStopped } from "./serve/until-stopped.ts";
export type { Vda5050Factsheet } from "./vda5050/factsheet.ts";
export { viewerBundle } from "./viewer/viewer-bundle.ts";
