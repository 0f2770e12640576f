export {
  DEADLOCK_DEFAULTS,
  DeadlockDetector,
  type DeadlockEpisode,
  type DeadlockOptions,
  type WaitFact,
} from "./detect-deadlock.ts";
