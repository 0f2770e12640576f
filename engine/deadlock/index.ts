export { DeadlockDetector, type DeadlockEpisode, type DeadlockOptions, type WaitFact } from "./detect-deadlock.ts";
