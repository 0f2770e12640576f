/** The same link over a real mosquitto, in both versions of MQTT. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { order } from "../vda5050/fixtures.ts";
import { clientOptions, JumpingVehicle, testLink } from "./fixtures.ts";
import { type Mosquitto, mosquittoProgram, startMosquitto } from "./mosquitto.fixture.ts";
import { connectVehicle } from "./vehicle-client.ts";

describe.skipIf(mosquittoProgram === undefined)(
  "over mosquitto (skipped: KALONG_TEST_MOSQUITTO_PROGRAM names none)",
  () => {
    let broker: Mosquitto;
    beforeEach(async () => {
      broker = await startMosquitto(mosquittoProgram!);
    });
    afterEach(() => broker.stop());

    test.each([4, 5] as const)(
      "MQTT protocol %i: an order with its update is driven; the last will is heard",
      async (protocolVersion) => {
        const serial = `V${protocolVersion}`;
        const { link, seen } = testLink(broker.url, [serial], { protocolVersion });
        await link.ready;
        const controller = new JumpingVehicle(serial);
        const client = connectVehicle({ ...clientOptions(broker.url, serial, controller), protocolVersion });
        await client.ready;
        link.sendOrder({ ...order("o1", 0, [0, 1, 5]), vehicle: serial });
        await seen.when((event) => "state" in event && event.state.orderId === "o1");
        link.sendOrder({ ...order("o1", 1, [1, 3, 5]), vehicle: serial });
        await seen.when((event) => "state" in event && event.state.orderUpdateId === 1);
        controller.arrive();
        client.publishState();
        await seen.when((event) => "state" in event && event.state.lastNodeId === "n3");
        client.breakConnection();
        await seen.when((event) => "connection" in event && event.connection === "CONNECTIONBROKEN");
        expect([...link.counts.keys()]).toEqual(["broker-connected"]);
        await link.close();
        await client.close();
      },
      20_000,
    );
  },
);
