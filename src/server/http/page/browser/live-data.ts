// What the server pushes to the live page.

export interface LiveSample {
  readonly atMs: number;
  readonly connections: { readonly control: number; readonly tls: number; readonly heartbeat: number };
  readonly matchesOpen: number;
  readonly matchesStarted: number;
  readonly matchesEnded: {
    readonly X: number;
    readonly O: number;
    readonly draw: number;
    readonly void: number;
  };
  readonly cpuPercent: number;
  readonly rssMb: number;
  /** The worst of its second. */
  readonly loopDelayMs: number;
}

export interface LivePeople {
  /** A single server has no name. */
  readonly servers: readonly { readonly server: string; readonly users: number; readonly isThis: boolean }[];
  readonly players: readonly { readonly user: string; readonly isPlaying: boolean }[];
  readonly areMorePlayers: boolean;
  readonly leaders: readonly { readonly user: string; readonly points: number }[];
}
