import type { WellFormedProblem } from "../planner/index.ts";

/** A problem of `site check` in one sentence: what, where, why, what to do. */
export function problemText(problem: WellFormedProblem): string {
  const { rule, subject, detail } = problem;
  const place = `x ${metres(detail.x)}, y ${metres(detail.y)}`;
  switch (rule) {
    case "W1":
      return `W1: a vehicle standing in ${subject} blocks the leg ${detail.leg}, which does not lead into or out of it. Move the bay, or the lane, further away.`;
    case "W2":
      return `W2: no way leads from ${detail.from} to ${detail.to} without passing another place. Join the lanes so that every place can be entered from and left into the same loop.`;
    case "W3":
      return `W3: ${detail.havens} havens (parking, chargers) can be reached and left, the fleet needs ${detail.needed}, one more than its vehicles. Add parking, or use fewer vehicles.`;
    case "W4":
      return detail.lane !== undefined
        ? `W4: from the loop of lanes through ${detail.lane} no place to stop can be reached. Join it to a lane on which a vehicle can stand clear of all branches.`
        : `W4: the leg ${detail.leg} ends without room for its vehicle clear of the areas behind it. Lengthen the lane before ${subject}.`;
    case "W5":
      return `W5: no charger can be reached from the haven ${subject}. Join it to a lane that leads to one.`;
    case "lane-end":
      return detail.turnsTooSharply === true
        ? `Lane ${subject} ${detail.end === "end" ? "ends" : "begins"} at ${place} beside lanes that turn off too sharply to drive on. Let them meet with the same heading.`
        : `Lane ${subject} ${detail.end === "end" ? "ends" : "begins"} at ${place} and meets nothing there. Join it to another lane within 0.25 m, or take it out.`;
    case "bay-off-lane":
      return `Bay ${subject} at ${place} has no lane end within 0.25 m. End a lane at it.`;
    case "bays-together":
      return `Bays ${subject} and ${detail.other} are at the same lane end. Give each an end of its own.`;
    case "no-standing":
      return `The station at ${subject} stands inside an area or on a lane without planned standing, where no vehicle may stop. Move it away from the branch, or allow holding.`;
    case "blocks-lane":
      return `A vehicle standing in ${subject} blocks a through lane: it cuts off ${detail.cutsOff}. Put the bay on a siding of its own.`;
    case "meets-itself":
      return `${subject} comes back to its own ground at ${metres(detail.atM)}: a vehicle on it could meet itself. Split the lane, or lead it further away.`;
  }
}

/** A lane that leaves the deck with a vehicle on it. */
export function offDeckText(lane: string, river: string, x: number, y: number): string {
  return `Lane ${lane}: the swept footprint with its margin leaves the deck over ${river} near x ${metres(x)}, y ${metres(y)}. Move the lane inwards, or correct the deck.`;
}

/** A bay that no static route reaches, or that none leaves. */
export function unreachableText(bay: string, reference: string, way: "to" | "from"): string {
  return way === "to"
    ? `Bay ${bay} cannot be reached: no way leads to it from ${reference}.`
    : `Bay ${bay} cannot be left: no way leads from it to ${reference}.`;
}

/** Branches that no stopping place separates. */
export function tooManyLegsText(stand: string): string {
  return `From ${stand} so many branches follow without a place to stop between them that they cannot be planned on. Leave a vehicle's length and gap between branches.`;
}

function metres(value: string | number | boolean | undefined): string {
  return `${Number(value).toFixed(1)} m`;
}
