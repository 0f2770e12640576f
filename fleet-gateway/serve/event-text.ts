import type { EngineEvent } from "../../engine/index.ts";

/** An event in words: who it is about, its code as a phrase, and the ids and numbers that belong to it. */
export function eventText(event: EngineEvent): string {
  const phrase = event.code.replaceAll("-", " ");
  const facts = Object.entries(event.data).map(([name, value]) => `${name} ${value}`);
  const who = event.vehicle === null ? "" : `${event.vehicle}: `;
  return facts.length === 0 ? `${who}${phrase}` : `${who}${phrase} (${facts.join(", ")})`;
}
