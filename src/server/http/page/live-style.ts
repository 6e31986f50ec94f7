// How the live page looks, in the scheme that its reader's system prefers.

export const liveStyle = `
:root {
  color-scheme: light dark;
  --page: #f5f7fa; --card: #ffffff; --ink: #1b2430; --muted: #5b6776; --grid: #dfe5ec;
  --line-1: #1d5fd1; --line-2: #b3261e; --line-3: #0b7a4b; --good: #0b7a4b; --good-fill: #e2f5ec; --bad: #a3271f; --bad-fill: #fde8e6;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0e1319; --card: #161d26; --ink: #e8edf3; --muted: #9aa7b6; --grid: #2a3542;
    --line-1: #7cb2ff; --line-2: #ff8f87; --line-3: #57d39b; --good: #57d39b; --good-fill: #10352a; --bad: #ff9a92; --bad-fill: #41191d;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.45 system-ui, sans-serif; }
header, main { max-width: 1100px; margin: 0 auto; padding: 0 16px; }
header { display: flex; align-items: center; gap: 14px; padding-top: 20px; }
main { padding-bottom: 40px; }
h1 { font-size: 26px; margin: 0; letter-spacing: -0.01em; }
h2 { font-size: 17px; margin: 0 0 8px; }
a { color: var(--line-1); }
#server:empty { display: none; }
#server { margin: 0; overflow-wrap: anywhere; }
#status { margin: 0; padding: 2px 12px; border-radius: 99px; font-size: 14px; font-weight: 600; }
#status.live { background: var(--good-fill); color: var(--good); }
#status.away { background: var(--bad-fill); color: var(--bad); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: 12px; margin: 16px 0 0; }
.tiles div, section { background: var(--card); border: 1px solid var(--grid); border-radius: 12px; }
.tiles div { padding: 10px 16px; }
.tiles .wide { grid-column: span 2; }
dt, .note { color: var(--muted); font-size: 13px; }
.note { margin: 0 0 10px; }
dd { margin: 0; font-size: 20px; font-weight: 650; font-variant-numeric: tabular-nums; }
section { margin-top: 16px; padding: 16px 18px; min-width: 0; }
.lists { display: grid; grid-template-columns: repeat(auto-fit, minmax(260px, 1fr)); gap: 0 16px; }
.scroll { max-height: 320px; overflow: auto; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th { text-align: left; color: var(--muted); font-size: 13px; font-weight: 500; position: sticky; top: 0; background: var(--card); }
th, td { padding: 4px 8px 4px 0; border-bottom: 1px solid var(--grid); overflow-wrap: anywhere; }
th:last-child, td:last-child { text-align: right; }
td.empty { text-align: left; color: var(--muted); }
.playing { color: var(--line-3); font-weight: 600; }
.free { color: var(--muted); }
#charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 18px; }
figure { margin: 0; min-width: 0; border-radius: 6px; }
figcaption { display: flex; flex-wrap: wrap; gap: 0 12px; font-size: 14px; }
.readout { display: flex; flex-wrap: wrap; gap: 0 12px; color: var(--muted); font-variant-numeric: tabular-nums; }
.plot { height: 168px; overflow: hidden; }
.uplot, .u-wrap { font-family: inherit; }
.u-hz .u-cursor-x { border-right: 1px solid var(--muted); }
.value-1 { color: var(--line-1); }
.value-2 { color: var(--line-2); }
.value-3 { color: var(--line-3); }
:focus-visible { outline: 2px solid var(--line-1); outline-offset: 2px; }
@media (max-width: 480px) { .tiles { grid-template-columns: 1fr 1fr; } }
`;
