/**
 * A site as the planner sees it: checked values in local metres (ENU: x east, y north; angles in radians,
 * counter-clockwise from east). `config` makes it from GeoJSON; nothing here knows of files or of WGS84.
 */

/** A position in metres, ENU. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A driven line. A vehicle's reference point (the centre of its footprint) follows `points` from first to last. */
export interface Lane {
  readonly id: string;
  readonly points: readonly Point[];
  readonly speedLimitMps: number;
  readonly widthM: number;
  /** One shared strip that is used in either direction, one direction at a time. */
  readonly twoWay: boolean;
  readonly modes: readonly string[];
  /** Rise per metre in the direction of `points`. */
  readonly gradient: number;
  /** False: no planned standing anywhere on it, as on the bridge. */
  readonly holding: boolean;
}

export type StationRole = "gate" | "scanner" | "disinfection" | "inspection" | "crane" | "charger" | "swap" | "parking";

export type Side = "vn" | "cn";

/** How long a service takes, in seconds. `exception` replaces a draw with the given probability. */
export type Distribution = (
  | { readonly kind: "constant"; readonly valueS: number }
  | { readonly kind: "triangular"; readonly minS: number; readonly modeS: number; readonly maxS: number }
  | { readonly kind: "normal"; readonly meanS: number; readonly sdS: number }
  | { readonly kind: "lognormal"; readonly meanS: number; readonly cv: number }
  | { readonly kind: "gamma"; readonly meanS: number; readonly cv: number }
) & { readonly exception?: { readonly probability: number; readonly service: Distribution } };

/** One standing place of a station: `<station id>` when it is the only one, else `<station id>/<1-based number>`. */
export interface Bay {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

/** One crew, crane or scanner with the bays that it serves; it serves one vehicle at a time. */
export interface Station {
  readonly id: string;
  readonly role: StationRole;
  readonly side: Side;
  readonly bays: readonly Bay[];
  /** Null: nothing is done here (parking). A charger's time follows from the battery and is null too. */
  readonly service: Distribution | null;
  /** A vehicle may stay in each bay for ever: the bays are havens. */
  readonly resting: boolean;
  readonly modes: readonly string[];
}

export interface Surface {
  readonly id: string;
  readonly kind: "yard" | "deck" | "building" | "river";
  /** Outer ring first, then holes; closed rings. */
  readonly rings: readonly (readonly Point[])[];
}

export interface SiteFrame {
  readonly lat0: number;
  readonly lon0: number;
  /** Bearing of +y, radians clockwise from true north. */
  readonly bearing: number;
}

export interface Site {
  readonly id: string;
  readonly frame: SiteFrame;
  readonly lanes: readonly Lane[];
  readonly stations: readonly Station[];
  readonly surfaces: readonly Surface[];
  readonly border: readonly Point[];
}

/** Mean of a service distribution in seconds, exceptions included. */
export function meanServiceS(service: Distribution | null): number {
  if (service === null) return 0;
  const plain =
    service.kind === "constant"
      ? service.valueS
      : service.kind === "triangular"
        ? (service.minS + service.modeS + service.maxS) / 3
        : service.meanS;
  const exception = service.exception;
  if (exception === undefined) return plain;
  return plain * (1 - exception.probability) + exception.probability * meanServiceS(exception.service);
}
