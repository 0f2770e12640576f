import { expect, test } from "vitest";
import { DrawnBook } from "../drawn-book.fixture.ts";
import { setCleared, setServiceStarted } from "./book.ts";
import { grantWait, serviceWait } from "./grants.ts";

/** Two vehicles over lane L, which takes so many, each into a place of its own behind it. */
function overLane(fit: number): DrawnBook {
  const legs = ["a L", "b L", "L a2", "L b2"];
  const drawn = new DrawnBook({ havens: ["a", "b", "a2", "b2"], fleet: 2, lanes: { L: fit }, legs });
  drawn.plan(0, "L@1000+1:500 a2@5000");
  drawn.plan(1, "L@6000 b2@9000");
  return drawn;
}

test("onto a full lane: when the one ahead is granted off it, though its tail is still there", () => {
  const drawn = overLane(1);
  const lane = drawn.stand("L");
  expect(grantWait(drawn.book, drawn.step(1))).toEqual({ vehicle: 0, kind: "lane", resource: lane });
  drawn.drive(0);
  expect(grantWait(drawn.book, drawn.step(1))).toEqual({ vehicle: 0, kind: "room", resource: lane });
  drawn.serve(0);
  drawn.grant(0);
  expect(grantWait(drawn.book, drawn.step(1))).toBeNull();
});

test("off a lane: when the one ahead is granted off it", () => {
  const drawn = overLane(2);
  drawn.drive(0);
  drawn.drive(1);
  expect(grantWait(drawn.book, drawn.step(1))).toMatchObject({ vehicle: 0, kind: "lane" });
  drawn.serve(0);
  drawn.grant(0);
  expect(grantWait(drawn.book, drawn.step(1))).toBeNull();
});

test("a leg waits for the job before it, a job for the vehicle ahead on the lane, the station's job before, the station", () => {
  const legs = ["a L", "b L", "L a2", "L b2"];
  const drawn = new DrawnBook({ havens: ["a", "b", "a2", "b2"], fleet: 2, lanes: { L: 2 }, legs });
  drawn.plan(0, "L@1000+1:500 a2@5000");
  drawn.plan(1, "L@6000+1:500 b2@9000");
  drawn.drive(0);
  drawn.drive(1);
  const [first, second] = [0, 1].map((vehicle) => drawn.book.vehicles[vehicle]!.visits[0]!.services[0]!);
  expect(grantWait(drawn.book, drawn.step(0))).toMatchObject({ vehicle: 0, kind: "route" });
  expect(serviceWait(drawn.book, second!)).toMatchObject({ vehicle: 0, kind: "lane" });
  expect(serviceWait(drawn.book, first!)).toBeNull();
  drawn.book.stationOut[1] = 1;
  expect(serviceWait(drawn.book, first!)).toEqual({ vehicle: 0, kind: "blocked", resource: 1 });
  drawn.book.stationOut[1] = 0;
  setServiceStarted(drawn.book, first!);
  drawn.serve(0);
  drawn.grant(0);
  expect(serviceWait(drawn.book, second!)).toBeNull();
});

test("a job waits for the one before it at the station, in whatever bay", () => {
  const legs = ["a p", "p a", "b q", "q b"];
  const drawn = new DrawnBook({ havens: ["a", "b"], places: ["p", "q"], legs });
  drawn.plan(0, "p@1000+0:500 a@5000");
  drawn.plan(1, "q@2000+0:500 b@9000");
  drawn.drive(0);
  drawn.drive(1);
  const second = drawn.book.vehicles[1]!.visits[0]!.services[0]!;
  expect(serviceWait(drawn.book, second)).toEqual({ vehicle: 0, kind: "server", resource: 0 });
  drawn.serve(0);
  expect(serviceWait(drawn.book, second)).toBeNull();
});

test("an area is the other side's when all of a side have left, whoever of them leaves first", () => {
  const drawn = new DrawnBook({
    havens: ["a", "b", "c", "a2", "b2", "c2"],
    fleet: 3,
    legs: ["a a2 X/0", "b b2 X/0", "c c2 X/1"],
  });
  drawn.plan(0, "a2@1000");
  drawn.plan(1, "b2@1500");
  drawn.plan(2, "c2@9000");
  drawn.grant(0);
  drawn.grant(1);
  const area = drawn.graph.areas[0]!.index;
  for (const [leaves, waitsFor] of [
    [1, 0],
    [0, null],
  ] as const) {
    for (const clear of drawn.step(leaves).clears) setCleared(drawn.book, clear);
    const expected = waitsFor === null ? null : { vehicle: waitsFor, kind: "area", resource: area };
    expect(grantWait(drawn.book, drawn.step(2))).toEqual(expected);
  }
});
