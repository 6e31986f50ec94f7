// The bpftrace program that watches every socket of the machine, and what this kernel lets it see. Sources: the
// tracepoints' format files under tracefs, and struct tcp_sock (include/linux/tcp.h). Lines are read by socket-lines.ts.
import { readFileSync } from "node:fs";

export interface KernelFeatures {
  /** `sock:sock_send_length` and `sock_recv_length`, Linux 6.4: bytes over time, and the bytes of UDP. */
  hasLengths: boolean;
  /** `syscalls:sys_enter_connect`, `sys_enter_bind`: Unix sockets that have a name. */
  hasCalls: boolean;
  /** `tcp:tcp_probe` names the socket: bytes that move without a system call of their own (sendfile, splice, queues). */
  hasSegments: boolean;
}

const TRACEFS = ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"];
const TCP = 6;
const UDP = 17;
const AF_UNIX = 1;
const MSG_PEEK = 2;
/** enum sock_flags (include/net/sock.h): SOCK_DONE, set when the peer's FIN was received. */
const FIN_RECEIVED = 2;
const STATES = { established: 1, synSent: 2, close: 7, listen: 10 } as const;

/** Null where socket states cannot be traced at all. */
export function readKernelFeatures(folders: readonly string[] = TRACEFS): KernelFeatures | null {
  const formatOf = (tracepoint: string) =>
    folders.map((folder) => readText(`${folder}/events/${tracepoint}/format`)).find((text) => text !== null);
  if (!formatOf("sock/inet_sock_set_state")) return null;
  return {
    hasLengths: formatOf("sock/sock_send_length") !== undefined,
    hasCalls: formatOf("syscalls/sys_enter_connect") !== undefined,
    hasSegments: /\bskaddr\b/.test(formatOf("tcp/tcp_probe") ?? ""),
  };
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

/**
 * Counters are read from the kernel's own structure, never added up, so a lost line loses no byte of a socket that is
 * seen again. The cgroup is the one that the socket was created in, also where the event is the network's.
 */
export function socketProgram(features: KernelFeatures, intervalMs: number): string {
  const { hasLengths, hasSegments, hasCalls } = features;
  return [
    `BEGIN { printf("ready\\n"); }`,
    stateProbe,
    hasLengths ? lengthProbes(hasSegments, intervalMs) : "",
    hasSegments ? segmentProbe(intervalMs) : "",
    hasCalls ? unixProbes : "",
    tickProbe(hasLengths, intervalMs),
  ].join("\n");
}

/**
 * Sets $written: the payload that was sent at least once. A segment that could not leave, as the link was down, is in
 * bytes_sent each time it was tried and in bytes_retrans never; the sequence numbers advance once, also by one for each
 * of SYN and FIN.
 */
const countWritten = (hasSentEnd: string) => `
  $written = $tcp->bytes_sent - $tcp->bytes_retrans;
  $advanced = $tcp->bytes_acked + (uint64)(uint32)($tcp->snd_nxt - $tcp->snd_una);
  if ($written > $advanced) { $written = $advanced - @dialled[(uint64)$tcp] - (uint64)(${hasSentEnd}); }`;

// Each field of a tracepoint is read into a variable once: for each mention of one, bpftrace searches the kernel's list
// of events again while it compiles.
const stateProbe = `
tracepoint:sock:inet_sock_set_state /args->protocol == ${TCP}/ {
  $socket = args->skaddr;
  $old = args->oldstate;
  $new = args->newstate;
  $tcp = (struct tcp_sock *)$socket;
  $sk = (struct sock *)$socket;
  $group = $sk->sk_cgrp_data.cgroup->kn->id;
  $now = nsecs;
  $local = ntop(args->saddr_v6);
  $remote = ntop(args->daddr_v6);
  $localPort = args->sport;
  $remotePort = args->dport;
  if ($new == ${STATES.synSent} || $new == ${STATES.established} || $new == ${STATES.listen}) {
    if ($new == ${STATES.synSent}) { @dialled[(uint64)$socket] = (uint64)1; }
    if ($new != ${STATES.established} || @life[$socket] == 0) { @life[$socket] = $now; }
    printf("state %llu %llx %llu %d %d %d %s %d %s %d\\n", $now, (uint64)$socket, $group, pid,
      $old, $new, $local, $localPort, $remote, $remotePort);
  }
  if ($new == ${STATES.close}) {
    delete(@life[$socket]);${countWritten("$old != 1 && $old != 8")}
    delete(@dialled[(uint64)$socket]);
    printf("close %llu %llx %llu %d %d %s %d %s %d %llu %llu %llu %d %d %d %d\\n", $now, (uint64)$socket, $group, pid,
      $old, $local, $localPort, $remote, $remotePort,
      $written, $tcp->bytes_received, $tcp->bytes_retrans, $tcp->segs_out, $tcp->segs_in,
      $tcp->rx_opt.tstamp_ok, ($sk->__sk_common.skc_flags & ${FIN_RECEIVED}) != 0);
  }
}`;

/**
 * A socket that was open before the program was loaded is named when it is first used. The number of the interval is in
 * the key, so that bytes belong to the time at which they moved, however late bpftrace reads the map.
 */
const countCarried = (intervalMs: number) => `
    $tcp = (struct tcp_sock *)$socket;
    if (@life[$socket] == 0) {
      $sk = (struct sock *)$socket;
      $now = nsecs;
      @life[$socket] = $now;
      printf("found %llu %llx %llu %d\\n", $now, (uint64)$socket, $sk->sk_cgrp_data.cgroup->kn->id, pid);
    }${countWritten("0")}
    $interval = nsecs / ${intervalNsOf(intervalMs)};
    @written[$socket, @life[$socket], $interval] = $written;
    @read[$socket, @life[$socket], $interval] = $tcp->bytes_received;`;

/** A sender hears of each acknowledgement, so where segments are seen its calls need not be. */
function lengthProbes(hasSegments: boolean, intervalMs: number): string {
  return lengthProbe("send", !hasSegments, intervalMs) + lengthProbe("recv", true, intervalMs);
}

function lengthProbe(direction: "send" | "recv", isOfTcp: boolean, intervalMs: number): string {
  const isWhole = direction === "send" ? "" : ` && (args->flags & ${MSG_PEEK}) == 0`;
  const ofTcp = `
  if ($protocol == ${TCP}) {
    $socket = args->sk;${countCarried(intervalMs)}
  }`;
  return `
tracepoint:sock:sock_${direction}_length /args->family != ${AF_UNIX}${isWhole}/ {
  $protocol = args->protocol;
  $length = args->ret;
  if ($length <= 0) { return; }${isOfTcp ? ofTcp : ""}
  if ($protocol == ${UDP}) {
    @udp_${direction}_bytes[cgroup, pid] = sum($length);
    @udp_${direction}_count[cgroup, pid] = count();
  }
}`;
}

const segmentProbe = (intervalMs: number) => `
tracepoint:tcp:tcp_probe {
    $socket = args->skaddr;${countCarried(intervalMs)}
}`;

/**
 * A pair of sockets that a program makes for itself, its pipes for one, has no name and is no traffic; nor is a call that
 * fails, as of a program that looks whether anybody listens.
 */
const unixProbes = `
tracepoint:syscalls:sys_enter_bind /args->addrlen > 2 && *(uint16 *)uptr(args->umyaddr) == ${AF_UNIX}/ {
  printf("unix bind %llu %s\\n", cgroup, str(uptr((uint64)args->umyaddr + 2)));
}
tracepoint:syscalls:sys_enter_connect /args->addrlen > 2 && *(uint16 *)uptr(args->uservaddr) == ${AF_UNIX}/ {
  @path[tid] = (uint64)args->uservaddr + 2;
}
tracepoint:syscalls:sys_exit_connect /@path[tid] != 0/ {
  if (args->ret == 0) { printf("unix connect %llu %s\\n", cgroup, str(uptr(@path[tid]))); }
  delete(@path[tid]);
}`;

/** The length of the intervals to which bytes are assigned; they are numbered from the zero of the kernel's clock. */
export function intervalNsOf(intervalMs: number): number {
  return Math.round(intervalMs) * 1_000_000;
}

/** Maps are printed and emptied by bpftrace itself, after it has read the line before. */
function tickProbe(hasLengths: boolean, intervalMs: number): string {
  const maps = ["written", "read"];
  const sums = hasLengths ? ["udp_send_bytes", "udp_send_count", "udp_recv_bytes", "udp_recv_count"] : [];
  const printed = [...maps, ...sums].map((name) => `print(@${name}); clear(@${name});`).join(" ");
  return `
interval:ms:${Math.round(intervalMs)} { printf("tick %llu\\n", nsecs); ${printed} }
END { clear(@life); clear(@dialled); clear(@path); clear(@written); clear(@read); }`;
}
