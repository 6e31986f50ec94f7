// Numbers as people read them: rounded, grouped, with units. kB and MB are powers of 1000.

export function formatInterval(intervalMs: number): string {
  if (intervalMs < 1_000) return `${intervalMs} ms`;
  if (intervalMs < 60_000) return `${intervalMs / 1_000} s`;
  return `${intervalMs / 60_000} min`;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  const [size, unit] =
    bytes < 999_950 ? [bytes / 1e3, "kB"] : bytes < 999_950_000 ? [bytes / 1e6, "MB"] : [bytes / 1e9, "GB"];
  return `${size.toFixed(size < 100 ? 1 : 0)} ${unit}`;
}

export function formatMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

export function formatPercent(percent: number): string {
  return `${percent.toFixed(percent < 10 ? 1 : 0)} %`;
}

/** "1 connection", "2,000 connections". */
export function counted(count: number, one: string, many: string): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** 12345 → "12,345". */
export function grouped(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 6 });
}

export function rounded(value: number, digits = 2): number {
  const power = 10 ** digits;
  return Math.round(value * power) / power;
}

/** Three significant digits, or a whole number from 1,000 on. */
export function significant(value: number): number {
  return Math.abs(value) >= 1_000 ? Math.round(value) : Number(value.toPrecision(3));
}
