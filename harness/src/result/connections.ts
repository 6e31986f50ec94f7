// The connections of a run: each socket, both ends of each connection together, and the messages on it.
import { z } from "zod";
import { bytes, timeMs } from "./units.ts";

const endpoint = z.object({ address: z.string(), port: z.number().int().min(0).max(65535) });

export const socketSample = z.object({
  timeMs,
  bytesWritten: bytes.describe("cumulative"),
  bytesRead: bytes.describe("cumulative"),
  sinceMs: timeMs
    .optional()
    .describe("of a witness that looks seldom, its look before: the bytes moved some time in between"),
});

export const messageCount = z.object({
  type: z.string().describe("as the scenario names it; other, or unfinished"),
  count: z.number().int().positive(),
  bytes: bytes.describe("payload, separators included; under TLS the plaintext"),
});

export const wireCount = z.object({
  bytesWritten: bytes.describe("TCP payload, each byte once"),
  bytesRead: bytes
    .nullable()
    .describe("null from the kernel where it did not tell whether the peer's end is counted in"),
  segmentsWritten: z.number().int().nonnegative(),
  segmentsRead: z.number().int().nonnegative(),
  headerBytes: bytes.describe("of IP and TCP, of what it wrote; from the kernel reckoned, captured exact"),
  retransmittedBytes: bytes.describe("payload that it sent again"),
});

export const measuredSocket = z.object({
  id: z.string().describe("unique in the run, e.g. server#3"),
  processId: z.string(),
  flow: z.string().describe("name of the flow that the scenario's rules gave it; 'other' if none matched"),
  side: z.enum(["dialer", "acceptor"]),
  isTls: z.boolean(),
  local: endpoint,
  remote: endpoint,
  openedAtMs: timeMs,
  closedAtMs: timeMs.nullable(),
  end: z
    .enum(["fin", "reset", "killed", "open"])
    .describe(
      "fin: both directions ended in order; reset: an error closed it; killed: its process died with it; open: still open",
    ),
  bytesWritten: bytes.describe("bytes handed to the kernel, on the wire level (under TLS the ciphertext)"),
  bytesRead: bytes,
  samples: z.array(socketSample).describe("one entry each time a counter was seen changed"),
  messages: z
    .object({ written: z.array(messageCount), read: z.array(messageCount) })
    .optional()
    .describe("payload by type of message, where the scenario says what a message is"),
  kernel: wireCount.optional().describe("the kernel's last word on it; some are lost"),
  captured: wireCount.optional().describe("the same socket in the capture, if one was made"),
});

const relayedBytes = z.object({
  receivedBytes: bytes.describe("what the proxy read of the bytes that the writing end wrote"),
  sentBytes: bytes.describe("what it passed on of them"),
});

export const saidMessage = z.object({
  from: z.enum(["dialer", "acceptor"]),
  sentAtMs: timeMs.nullable().describe("null if its writer was in no measured process"),
  receivedAtMs: timeMs
    .nullable()
    .describe("when the other end's program had all of it; null if that was not seen"),
  bytes: bytes.describe("payload, separator included; under TLS the plaintext"),
  type: z.string().nullable().describe("as the scenario names it; null under TLS"),
  text: z
    .string()
    .nullable()
    .describe("its beginning without separator, masked as the scenario says; null under TLS"),
  isRoutine: z
    .boolean()
    .optional()
    .describe("comes again and again and tells nothing new, says the scenario"),
});

const conversation = z.object({
  messages: z.array(saidMessage).describe("in the order in which they were sent"),
  droppedCount: z.number().int().nonnegative().describe("messages after those, which were not kept"),
});

export const connection = z.object({
  flow: z.string(),
  dialerSocketId: z.string().nullable().describe("null if that end was in no measured process"),
  acceptorSocketId: z.string().nullable(),
  end: measuredSocket.shape.end,
  dialerToAcceptor: z.object({
    writtenBytes: bytes.nullable(),
    readBytes: bytes.nullable(),
    residualBytes: z
      .number()
      .int()
      .nullable()
      .describe("written minus read; null if one end was not measured"),
  }),
  acceptorToDialer: z.object({
    writtenBytes: bytes.nullable(),
    readBytes: bytes.nullable(),
    residualBytes: z.number().int().nullable(),
  }),
  proxy: z
    .object({ id: z.string(), dialerToAcceptor: relayedBytes, acceptorToDialer: relayedBytes })
    .optional()
    .describe("the fault proxy that it went through, and what that counted: a second witness of the bytes"),
  conversation: conversation.optional().describe("what was said, if that was to be kept"),
});
