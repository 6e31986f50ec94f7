// How many connections there are of each flow, counted when somebody asks.

export interface OpenConnectionsSource {
  readonly controls: Iterable<{ readonly hasTls: boolean; readonly hasHeartbeat: boolean }>;
}

export interface OpenConnections {
  control: number;
  tls: number;
  heartbeat: number;
}

export function countConnections({ controls }: OpenConnectionsSource): OpenConnections {
  const open: OpenConnections = { control: 0, tls: 0, heartbeat: 0 };
  for (const { hasTls, hasHeartbeat } of controls) {
    open.control += 1;
    if (hasTls) open.tls += 1;
    if (hasHeartbeat) open.heartbeat += 1;
  }
  return open;
}
