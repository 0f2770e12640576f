/**
 * Judges a run from its recording alone, in one pass and with bounded memory. It shares no code with planner, engine or
 * recorder: geometry, lanes and motion are worked out again from what the file says.
 */
import type { ReadMessage, RecordedReservation, RunSummary, VehicleSample } from "../../fleet-gateway/index.ts";
import { findConflicts } from "./conflicts.ts";
import { ContainerRule } from "./container-rule.ts";
import { Exceptions } from "./exceptions.ts";
import { FiguresRule } from "./figures-rule.ts";
import { GroundRules } from "./ground.ts";
import { MotionRule } from "./motion-rule.ts";
import { type DirectedLane, type RecordedSite, readSite } from "./recorded-site.ts";
import {
  Findings,
  metresText,
  type RuleId,
  ruleIds,
  ruleSentences,
  UnreadableRecording,
  type Violation,
} from "./rules.ts";
import { SeparationRule } from "./separation.ts";
import { StandstillRule } from "./standstill-rule.ts";
import { motionBetween, type Track } from "./track.ts";

export interface VerifyReport {
  /** True when no rule was broken. */
  readonly ok: boolean;
  /** Run time of the last message, seconds. */
  readonly simulatedS: number;
  readonly vehicles: number;
  readonly delivered: number;
  readonly collisions: number;
  readonly deadlocks: number;
  /** Least distance between two footprints, metres; null when none came within 10 m. */
  readonly minSeparationM: number | null;
  readonly minSeparationAt: { readonly t: number; readonly vehicles: readonly [string, string] } | null;
  /** How much was looked at. */
  readonly checked: {
    readonly messages: number;
    readonly samples: number;
    readonly reservations: number;
    readonly windows: number;
    readonly footprintPairs: number;
    readonly conflicts: number;
  };
  readonly rules: readonly { readonly id: RuleId; readonly sentence: string; readonly violations: number }[];
  /** The first ones of each rule. */
  readonly violations: readonly Violation[];
}

/** A vehicle whose samples stop for longer than this is told, and taken to stand. */
const sampleGapS = 10;
const historyLanes = 12;
const judgedTopics: readonly ReadMessage["topic"][] = ["/reservations", "/orders", "/events", "/kpi"];

/**
 * @param messages a recording's messages in the order of log time
 * @param summary  the run's summary.json, or null to judge without it
 * @param onTime   called with the run time reached, now and then
 * @throws UnreadableRecording when site or vehicles make no sense; whatever the messages' source throws
 */
export async function verifyRecording(
  messages: AsyncIterable<ReadMessage>,
  summary: RunSummary | null,
  onTime: (t: number) => void = () => {},
): Promise<VerifyReport> {
  let judge: Judge | null = null;
  const findings = new Findings();
  let early = 0;
  for await (const message of messages) {
    if (judge === null) {
      if (message.topic !== "/site") early++;
      else {
        judge = new Judge(readSite(message.message), findings);
        if (early > 0)
          findings.add("R10", 0, [], "site", `${early} messages come before /site, which must be the first`);
      }
    }
    judge?.take(message);
    if (judge !== null && judge.messages % 20_000 === 0) onTime(judge.now);
  }
  if (judge === null) throw new UnreadableRecording("The recording holds no /site message, so it cannot be judged");
  return judge.finish(summary);
}

class Judge {
  messages = 0;
  now = 0;
  readonly #site: RecordedSite;
  readonly #findings: Findings;
  readonly #separation: SeparationRule;
  readonly #ground: GroundRules;
  readonly #conflicts: number;
  readonly #exceptions = new Exceptions();
  readonly #motion: MotionRule;
  readonly #containers: ContainerRule;
  readonly #standstill: StandstillRule;
  readonly #figures: FiguresRule;
  readonly #tracks = new Map<string, Track>();
  readonly #gone = new Set<Track>();
  #trackList: Track[] = [];
  /** Messages other than samples that are not yet reached, by time. */
  #pending: ReadMessage[] = [];
  #pendingHead = 0;
  #samples = 0;
  #windows = 0;
  #groundChanged = true;
  #lastMs = 0;
  #lastSequence = -1;
  #lastPart = 1;

  constructor(site: RecordedSite, findings: Findings) {
    this.#site = site;
    this.#findings = findings;
    const types = [...site.types.values()];
    const least = (of: (type: (typeof types)[number]) => number): number => Math.min(...types.map(of));
    if (types.length === 0) throw new UnreadableRecording("/site describes no vehicle type");
    const followM = Math.max(...types.map((type) => type.length + type.standstillGap)) + 1;
    const conflicts = findConflicts(site, {
      lengthM: least((type) => type.length),
      widthM: least((type) => type.width),
      followM,
    });
    this.#conflicts = conflicts.ofLane.reduce((sum, list) => sum + list.length, 0) / 2;
    this.#separation = new SeparationRule(findings);
    this.#ground = new GroundRules(site, conflicts, findings);
    this.#motion = new MotionRule(findings, this.#exceptions);
    this.#containers = new ContainerRule(findings);
    this.#standstill = new StandstillRule(site, findings, this.#exceptions);
    this.#figures = new FiguresRule(findings);
  }

  take(message: ReadMessage): void {
    this.messages++;
    this.#judgeOrder(message);
    if (message.topic !== "/vehicles") {
      if (judgedTopics.includes(message.topic)) this.#pending.push(message);
      return;
    }
    const { t, vehicles } = message.message;
    for (const sample of vehicles) this.#sample(t, sample);
    this.#dropSilent(t);
    // Not up to the horizon itself: more messages of that moment may follow.
    const horizon = this.#horizon();
    this.#advance((next) => next < horizon);
  }

  finish(summary: RunSummary | null): VerifyReport {
    const horizon = this.#horizon();
    this.#advance((next) => next <= horizon);
    const end = this.#lastMs / 1000;
    // What was recorded after the last samples is judged with everybody where they last were.
    for (const track of this.#trackList) if (end > this.#latest(track)) this.#gone.add(track);
    this.#advance((next) => next <= end);
    this.#motion.finish(end);
    const last = new Map(this.#trackList.map((track) => [track.id, track.current.sample]));
    if (this.#tracks.size === 0)
      this.#findings.add("R10", end, [], "vehicles", "the recording holds no vehicle samples");
    this.#containers.finish(end, last);
    if (summary !== null) {
      this.#figures.summary(end, summary, {
        vehicles: this.#tracks.size,
        collisions: this.#separation.collisions,
        deadlocks: this.#standstill.deadlocks,
      });
      this.#judgeSeparationFigure(end, summary);
    }
    return {
      ok: this.#findings.total === 0,
      simulatedS: end,
      vehicles: this.#tracks.size,
      delivered: this.#figures.delivered,
      collisions: this.#separation.collisions,
      deadlocks: this.#standstill.deadlocks,
      minSeparationM: this.#separation.minSeparationM,
      minSeparationAt: this.#separation.minAt,
      checked: {
        messages: this.messages,
        samples: this.#samples,
        reservations: this.#ground.reservations,
        windows: this.#windows,
        footprintPairs: this.#separation.footprintChecks,
        conflicts: this.#conflicts,
      },
      rules: ruleIds.map((id) => ({ id, sentence: ruleSentences[id], violations: this.#findings.counts.get(id)! })),
      violations: this.#findings.listed,
    };
  }

  #judgeSeparationFigure(end: number, summary: RunSummary): void {
    const found = this.#separation.minSeparationM;
    const stated = summary.minSeparationM;
    // The run measures at its ticks, this at every 0.25 m: it may find less, but not much.
    if (found === null || stated === null || stated <= found + 0.5) return;
    const what = `summary.json minSeparationM is ${metresText(stated)}, by the recording it is ${metresText(found)}`;
    this.#findings.add("R10", end, [], "minSeparationM", what);
  }

  #judgeOrder(message: ReadMessage): void {
    const { logTimeMs, sequence, part } = message;
    const t = logTimeMs / 1000;
    const say = (key: string, what: string): void => this.#findings.add("R10", t, [], key, what);
    if (part === this.#lastPart && sequence <= this.#lastSequence) {
      say(
        "sequence",
        `message ${sequence} has an earlier time than message ${this.#lastSequence}, which was written before it`,
      );
    }
    this.#lastPart = part;
    this.#lastSequence = sequence;
    if (Math.abs(message.message.t - t) > 0.0005 && message.topic !== "/site") {
      say("log time", `a message on ${message.topic} says t = ${message.message.t} s, its log time is ${t} s`);
    }
    this.#lastMs = Math.max(this.#lastMs, logTimeMs);
  }

  #sample(t: number, sample: VehicleSample): void {
    this.#samples++;
    const known = this.#tracks.get(sample.id);
    if (sample.lane !== "" && !this.#site.laneIndex.has(sample.lane)) {
      this.#findings.add("R8", t, [sample.id], sample.lane, `is on lane ${sample.lane}, which the site does not have`);
    }
    if (known !== undefined) {
      if (this.#gone.delete(known)) known.ahead = [];
      known.ahead.push({ t, sample });
      return;
    }
    const type = this.#site.types.get(sample.type);
    if (type === undefined) {
      throw new UnreadableRecording(`Vehicle ${sample.id} is of type "${sample.type}", which /site does not describe`);
    }
    const history: DirectedLane[] = [];
    const lane = this.#site.laneIndex.get(sample.lane);
    if (lane !== undefined) history.push(this.#site.lanes[lane]!);
    const track: Track = { id: sample.id, since: t, type, current: { t, sample }, ahead: [], motion: null, history };
    this.#tracks.set(sample.id, track);
    this.#trackList = [...this.#tracks.values()];
    this.#containers.sample(t, sample);
    this.#standstill.sample(t, sample);
  }

  #latest(track: Track): number {
    return track.ahead.at(-1)?.t ?? track.current.t;
  }

  #dropSilent(t: number): void {
    for (const track of this.#trackList) {
      if (this.#gone.has(track) || t - this.#latest(track) <= sampleGapS) continue;
      this.#gone.add(track);
      this.#findings.add("R10", t, [track.id], "silent", `no sample since ${this.#latest(track).toFixed(1)} s`);
    }
  }

  /** Up to here the motion of every vehicle is known. */
  #horizon(): number {
    let horizon = Number.POSITIVE_INFINITY;
    for (const track of this.#trackList) if (!this.#gone.has(track)) horizon = Math.min(horizon, this.#latest(track));
    return horizon === Number.POSITIVE_INFINITY ? this.now : horizon;
  }

  /** Goes from event to event: in each window between two, every vehicle keeps one motion and holds the same ground. */
  #advance(known: (next: number) => boolean): void {
    for (;;) {
      let next = this.#pending[this.#pendingHead]?.message.t ?? Number.POSITIVE_INFINITY;
      for (const track of this.#trackList) {
        const ahead = track.ahead[0];
        if (ahead === undefined) continue;
        if (track.motion === null) this.#begin(track);
        if (ahead.t < next) next = ahead.t;
      }
      if (next === Number.POSITIVE_INFINITY || !known(next)) return;
      if (next > this.now) this.#window(this.now, next);
      this.now = next;
      this.#release(next);
      for (const track of this.#trackList) {
        // Several samples of one moment: each takes the place of the one before.
        while (track.ahead[0] !== undefined && track.ahead[0].t <= next) this.#reach(track);
      }
      this.#standstill.advance(next);
    }
  }

  #begin(track: Track): void {
    track.motion = motionBetween(this.#site, track.current, track.ahead[0]!);
    this.#motion.judge(track, track.motion);
  }

  #window(from: number, to: number): void {
    this.#windows++;
    const tracks = this.#trackList;
    this.#separation.window(tracks, from, to);
    const moved = (track: Track): boolean => this.#groundChanged || (track.motion !== null && track.motion.lengthM > 0);
    this.#ground.judgeBodies(from, tracks, moved);
    this.#groundChanged = false;
    this.#ground.judgeBodies(to, tracks, moved);
    for (const track of tracks) if (track.motion !== null) this.#figures.motion(track.motion, from, to);
  }

  /** The vehicle is at its next sample. */
  #reach(track: Track): void {
    if (track.motion === null) this.#begin(track);
    const motion = track.motion!;
    const lanes = motion.lanes;
    if (lanes.length === 0) {
      track.history.length = 0;
      const lane = this.#site.laneIndex.get(motion.to.sample.lane);
      if (lane !== undefined) track.history.push(this.#site.lanes[lane]!);
    } else {
      track.history.push(...lanes.slice(1));
      if (track.history.length > historyLanes) track.history.splice(0, track.history.length - historyLanes);
    }
    track.current = track.ahead.shift()!;
    track.motion = null;
    this.#containers.sample(track.current.t, track.current.sample);
    this.#standstill.sample(track.current.t, track.current.sample);
    if (track.ahead.length > 0) this.#begin(track);
  }

  /** Takes the messages of this moment. */
  #release(t: number): void {
    const reservations: RecordedReservation[] = [];
    for (; this.#pendingHead < this.#pending.length; this.#pendingHead++) {
      const message = this.#pending[this.#pendingHead]!;
      if (message.message.t > t) break;
      if (message.topic === "/reservations") reservations.push(message.message);
      else if (message.topic === "/orders") {
        this.#containers.apply(message.message);
        this.#figures.order(message.message);
      } else if (message.topic === "/events") this.#exceptions.apply(message.message);
      else if (message.topic === "/kpi") this.#figures.kpi(message.message);
    }
    if (this.#pendingHead > 1024 && this.#pendingHead * 2 > this.#pending.length) {
      this.#pending.splice(0, this.#pendingHead);
      this.#pendingHead = 0;
    }
    if (reservations.length > 0) {
      this.#groundChanged = true;
      this.#ground.apply(t, reservations, this.#tracks);
    }
  }
}
