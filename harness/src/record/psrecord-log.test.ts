import { expect, it } from "vitest";
import { sampleResult } from "../result/result.fixture.ts";
import { psrecordLog } from "./psrecord-log.ts";

it("The csv log has psrecord's columns, and the bytes of all sockets until then", () => {
  expect(psrecordLog(sampleResult(), { format: "csv", includeIo: false })).toBe(
    [
      "elapsed_time,nproc,cpu,mem_real,mem_virtual,bytes_sent,bytes_received",
      "0.100,1,10.000,80.000,0.000,1500,500",
      "0.200,1,20.000,70.000,0.000,1500,500",
      "",
    ].join("\n"),
  );
});

it("The plain log has the same figures in columns under a heading that is a comment", () => {
  const [heading, row] = psrecordLog(sampleResult(), { format: "plain", includeIo: false }).split("\n");
  expect(heading).toMatch(
    /^# Elapsed time +CPU \(%\) +Real \(MB\) +Virtual \(MB\) +Sent \(B\) +Received \(B\)$/,
  );
  expect(row?.trim().split(/\s+/)).toEqual(["0.100", "10.000", "80.000", "0.000", "1500", "500"]);
});

it("The log of a program that was never sampled is its heading", () => {
  expect(
    psrecordLog({ ...sampleResult(), processes: [] }, { format: "csv", includeIo: false }).split("\n"),
  ).toHaveLength(2);
});

it("With reads and writes the log has psrecord's columns of them; what is unknown is not 0", () => {
  const result = sampleResult();
  const [process] = result.processes;
  const io = { readCount: 7, writeCount: 5, readBytes: 4_096, writeBytes: 0 };
  const [first, second] = process!.samples;
  const sampled = { ...result, processes: [{ ...process!, samples: [{ ...first!, io }, second!] }] };
  expect(psrecordLog(sampled, { format: "csv", includeIo: true }).split("\n").slice(0, 3)).toEqual([
    "elapsed_time,nproc,cpu,mem_real,mem_virtual,read_count,write_count,read_bytes,write_bytes,bytes_sent,bytes_received",
    "0.100,1,10.000,80.000,0.000,7,5,4096,0,1500,500",
    "0.200,1,20.000,70.000,0.000,,,,,1500,500",
  ]);
});
