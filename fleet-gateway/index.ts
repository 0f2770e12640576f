/** Public surface of the gateway: what stands between the engine and the outside. */
export type { RecordingSink } from "./recording/mcap-file.ts";
export * from "./recording/messages.ts";
export { partPath, recordingParts } from "./recording/parts.ts";
export { type ReadMessage, type ReadOptions, RecordingError, readRecording } from "./recording/read-recording.ts";
export { createRunRecorder, type RecorderOptions, type RunRecorder } from "./recording/recorder.ts";
export { siteMessage } from "./recording/site-message.ts";
