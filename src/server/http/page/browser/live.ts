// The live page: listens to what the server pushes, and draws it.
import { byId, element } from "./elements.ts";
import { type ChartSpec, LiveChart, type Moment } from "./live-chart.ts";
import type { LivePeople, LiveSample } from "./live-data.ts";

const KEPT_SAMPLES = 300;

const specs: ChartSpec[] = [
  {
    title: "Connections",
    unit: "",
    digits: 0,
    lines: [
      { name: "control", colour: 1, read: ({ connections }) => connections.control },
      { name: "heartbeat", colour: 2, read: ({ connections }) => connections.heartbeat },
      { name: "TLS", colour: 3, read: ({ connections }) => connections.tls },
    ],
  },
  {
    title: "Matches",
    unit: "",
    digits: 0,
    lines: [{ name: "on", colour: 1, read: ({ matchesOpen }) => matchesOpen }],
  },
  {
    title: "CPU of the server",
    unit: "% of a core",
    digits: 1,
    lines: [{ name: "", colour: 3, read: ({ cpuPercent }) => cpuPercent }],
  },
  {
    title: "Memory of the server",
    unit: "MB",
    digits: 1,
    lines: [{ name: "", colour: 1, read: ({ rssMb }) => rssMb }],
  },
  {
    title: "Event-loop delay",
    unit: "ms",
    digits: 1,
    lines: [{ name: "worst of a second", colour: 2, read: ({ loopDelayMs }) => loopDelayMs }],
  },
];

let samples: LiveSample[] = [];
let moment: Moment = null;

const charts = specs.map((spec) => new LiveChart(spec, look));
byId("charts").append(...charts.map(({ figure }) => figure));
byId("charts").addEventListener("keydown", (event) => {
  const at = moment ?? samples.length - 1;
  const next: Record<string, Moment> = {
    ArrowLeft: Math.max(0, at - 1),
    ArrowRight: at + 1 >= samples.length ? null : at + 1,
    Home: 0,
    End: null,
    Escape: null,
  };
  const chosen = next[event.key];
  if (chosen === undefined) return;
  event.preventDefault();
  look(chosen);
});

const events = new EventSource("events");
events.onopen = () => say("live", "live");
// A browser reconnects automatically after a lost connection, but not after a refusal.
events.onerror = () =>
  events.readyState === EventSource.CLOSED
    ? say("away", "refused: reload to try again")
    : say("away", "the server is away; trying again");
on<LiveSample[]>("history", (history) => {
  samples = history;
  moment = null;
  draw();
});
on<LiveSample>("sample", (sample) => {
  samples.push(sample);
  if (samples.length > KEPT_SAMPLES) {
    samples.shift();
    if (moment !== null) moment = Math.max(0, moment - 1);
  }
  draw();
});
on<LivePeople>("people", showPeople);

function on<Data>(name: string, use: (data: Data) => void): void {
  events.addEventListener(name, (event) => use(JSON.parse(event.data) as Data));
}

function say(state: string, text: string): void {
  const status = byId("status");
  status.className = state;
  if (status.textContent !== text) status.textContent = text;
}

function look(at: Moment): void {
  moment = at;
  for (const chart of charts) chart.draw(samples, moment);
}

function draw(): void {
  look(moment);
  const newest = samples.at(-1);
  if (!newest) return;
  const { matchesEnded } = newest;
  byId("matches-open").textContent = `${newest.matchesOpen}`;
  byId("matches-started").textContent = `${newest.matchesStarted}`;
  byId("matches-ended").textContent =
    `${matchesEnded.X + matchesEnded.O} won, ${matchesEnded.draw} drawn, ${matchesEnded.void} void`;
}

function showPeople({ servers, players, areMorePlayers, leaders }: LivePeople): void {
  showServers(servers);
  const more = areMorePlayers ? "+" : "";
  byId("players-on").textContent = `${players.length}${more}`;
  byId("players-playing").textContent = `${players.filter(({ isPlaying }) => isPlaying).length}${more}`;
  const state = (isPlaying: boolean) =>
    element("span", { class: isPlaying ? "playing" : "free" }, isPlaying ? "playing" : "free");
  fill(
    "players",
    players.map(({ user, isPlaying }) => [user, state(isPlaying)]),
    "Nobody is on.",
  );
  fill(
    "leaders",
    leaders.map(({ user, points }) => [user, `${points}`]),
    "Nobody is registered.",
  );
}

/** With several servers, players and leaders are those of all, and everything else is this server's. */
function showServers(servers: LivePeople["servers"]): void {
  const own = servers.find(({ isThis }) => isThis)?.server ?? "";
  byId("servers-section").hidden = own === "";
  byId("server").textContent = own === "" ? "" : `server ${own}`;
  fill(
    "servers",
    servers.map(({ server, users, isThis }) => [`${server}${isThis ? " (this one)" : ""}`, `${users}`]),
    "No server is known.",
  );
}

function fill(id: string, rows: (string | Node)[][], ifEmpty: string): void {
  const lines = rows.map((cells) => element("tr", {}, ...cells.map((cell) => element("td", {}, cell))));
  const empty = element("tr", {}, element("td", { colspan: "2", class: "empty" }, ifEmpty));
  byId(id).replaceChildren(...(lines.length > 0 ? lines : [empty]));
}
