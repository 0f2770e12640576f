import { codecOf, MalformedMessageError, serviceCodecs } from "./cdr.ts";
import type { MessageType, RosMessages, RosServices, ServiceType } from "./messages.ts";
import type { Qos, RosPort, RosPortReport } from "./port.ts";

/** A port with messages in place of bytes. What cannot be read is reported with its topic and dropped. */
export class RosNode {
  readonly port: RosPort;
  readonly #onReport: (report: RosPortReport) => void;

  constructor(port: RosPort, onReport: (report: RosPortReport) => void) {
    this.port = port;
    this.#onReport = onReport;
  }

  publisher<Type extends MessageType>(topic: string, type: Type, qos: Qos): (message: RosMessages[Type]) => void {
    const codec = codecOf(type);
    const publish = this.port.advertise(topic, type, qos);
    return (message) => publish(codec.encode(message));
  }

  /** `receive` is told when a message came, on the port's clock, ms. */
  subscribe<Type extends MessageType>(
    topic: string,
    type: Type,
    qos: Qos,
    receive: (message: RosMessages[Type], receivedMs: number) => void,
  ): void {
    const codec = codecOf(type);
    this.port.subscribe(topic, type, qos, (bytes, receivedMs) => {
      const message = this.#read(topic, () => codec.decode(bytes));
      if (message !== null) receive(message, receivedMs);
    });
  }

  serve<Type extends ServiceType>(
    service: string,
    type: Type,
    serve: (request: RosServices[Type]["request"]) => Promise<RosServices[Type]["response"]>,
  ): void {
    const codecs = serviceCodecs(type);
    this.port.serve(service, type, async (bytes) => codecs.response.encode(await serve(codecs.request.decode(bytes))));
  }

  async call<Type extends ServiceType>(
    service: string,
    type: Type,
    request: RosServices[Type]["request"],
    timeoutMs: number,
  ): Promise<RosServices[Type]["response"]> {
    const codecs = serviceCodecs(type);
    return codecs.response.decode(await this.port.call(service, type, codecs.request.encode(request), timeoutMs));
  }

  #read<Message>(topic: string, read: () => Message): Message | null {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof MalformedMessageError)) throw error;
      this.#onReport({ code: "message-malformed", name: topic, reason: error.message });
      return null;
    }
  }
}
