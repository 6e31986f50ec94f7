// `/`: the live page, its style and its bundled script. All of it comes from this server, nothing from elsewhere.
import { readFileSync } from "node:fs";
import type { FastifyInstance } from "fastify";
import { liveStyle } from "./live-style.ts";

export function addLivePage(app: FastifyInstance): void {
  app.get("/", (_request, reply) => reply.type("text/html; charset=utf-8").send(page));
  const [script, plotStyle] = ["live.js", "uplot.css"].map((name) =>
    readFileSync(new URL(name, import.meta.url), "utf8"),
  );
  const style = `${plotStyle}\n${liveStyle}`;
  app.get("/live.css", (_request, reply) => reply.type("text/css; charset=utf-8").send(style));
  app.get("/live.js", (_request, reply) => reply.type("text/javascript; charset=utf-8").send(script));
}

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>velha, live</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="live.css">
<script type="module" src="live.js"></script>
</head>
<body>
<header>
  <h1>velha</h1>
  <p id="server" class="note"></p>
  <p id="status" role="status" class="away">connecting</p>
</header>
<main>
  <noscript>This page needs JavaScript. The same is at <a href="api/players">api/players</a>,
    <a href="api/leaders">api/leaders</a> and <a href="metrics">metrics</a>.</noscript>
  <dl class="tiles">
    <div><dt>Players on</dt><dd id="players-on">–</dd></div>
    <div><dt>Playing</dt><dd id="players-playing">–</dd></div>
    <div><dt>Matches on</dt><dd id="matches-open">–</dd></div>
    <div><dt>Matches started</dt><dd id="matches-started">–</dd></div>
    <div class="wide"><dt>Matches ended</dt><dd id="matches-ended">–</dd></div>
  </dl>
  <div class="lists">
    <section>
      <h2>Who is on</h2>
      <div class="scroll" tabindex="0" role="region" aria-label="Who is on">
        <table><thead><tr><th>Player</th><th>State</th></tr></thead><tbody id="players"></tbody></table>
      </div>
    </section>
    <section>
      <h2>Leaderboard</h2>
      <div class="scroll" tabindex="0" role="region" aria-label="Leaderboard">
        <table><thead><tr><th>Player</th><th>Points</th></tr></thead><tbody id="leaders"></tbody></table>
      </div>
    </section>
  </div>
  <section id="servers-section" hidden>
    <h2>Servers of this game</h2>
    <p class="note">Players and leaderboard above are those of all servers; matches and charts are of this one.</p>
    <div class="scroll" tabindex="0" role="region" aria-label="Servers of this game">
      <table><thead><tr><th>Server</th><th>Players on it</th></tr></thead><tbody id="servers"></tbody></table>
    </div>
  </section>
  <section>
    <h2>The last five minutes</h2>
    <p class="note">Point at a chart, or choose one with Tab and a moment with the arrow keys.</p>
    <div id="charts"></div>
  </section>
</main>
</body>
</html>
`;
