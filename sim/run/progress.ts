import cliProgress from "cli-progress";

/** Where a run is. */
export interface RunProgress {
  readonly simulatedS: number;
  readonly durationS: number;
  readonly delivered: number;
  readonly wallS: number;
}

export interface ProgressView {
  show(progress: RunProgress): void;
  end(): void;
}

/** A bar is redrawn, and without a terminal a line is written, so often, seconds of wall time. */
const BAR_EVERY_S = 0.2;
const LINE_EVERY_S = 10;

/** Shows a run's progress on a stream: a bar on a terminal, a line every 10 s otherwise. */
export function progressView(stream: NodeJS.WriteStream): ProgressView {
  return stream.isTTY === true ? barView(stream) : lineView(stream);
}

function lineView(stream: NodeJS.WritableStream): ProgressView {
  let nextS = LINE_EVERY_S;
  return {
    show(progress) {
      if (progress.wallS < nextS) return;
      nextS = progress.wallS + LINE_EVERY_S;
      const { simulatedS, durationS, delivered, wallS } = progress;
      stream.write(
        `${hours(simulatedS)} of ${hours(durationS)} h, ${delivered} delivered, ${rate(simulatedS, wallS)} x real time\n`,
      );
    },
    end() {},
  };
}

function barView(stream: NodeJS.WriteStream): ProgressView {
  const bar = new cliProgress.SingleBar({
    stream,
    format: "{bar} {percentage}% | {simulated} of {of} h | {delivered} delivered | {rate} x real time",
    hideCursor: true,
    clearOnComplete: true,
  });
  let started = false;
  let nextS = 0;
  return {
    show({ simulatedS, durationS, delivered, wallS }) {
      if (wallS < nextS) return;
      nextS = wallS + BAR_EVERY_S;
      const payload = { simulated: hours(simulatedS), of: hours(durationS), delivered, rate: rate(simulatedS, wallS) };
      if (!started) bar.start(durationS, simulatedS, payload);
      else bar.update(simulatedS, payload);
      started = true;
      bar.render();
    },
    end() {
      if (started) bar.stop();
    },
  };
}

function hours(seconds: number): string {
  return (seconds / 3600).toFixed(1);
}

function rate(simulatedS: number, wallS: number): string {
  return wallS > 0 ? (simulatedS / wallS).toFixed(0) : "-";
}
