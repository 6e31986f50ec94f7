// The files that `fiel init` writes, each explained by its own comments. Pure.
import { commandWords } from "../record/command-words.ts";

export interface Answers {
  /** As typed. */
  command: string;
  port: number;
}

export interface NewFile {
  /** Relative to the project. */
  path: string;
  content: string;
}

/** Relative to the project. */
export interface Places {
  config: string;
  scenarios: string;
  reports: string;
}

export const DEFAULT_PLACES: Places = {
  config: "fiel.config.ts",
  scenarios: "scenarios",
  reports: "reports",
};

export function newFiles(answers: Answers, { config, scenarios, reports }: Places): NewFile[] {
  return [
    { path: config, content: CONFIG },
    { path: `${scenarios}/first.ts`, content: scenario(answers) },
    { path: ".github/workflows/fiel.yml", content: workflow(reports) },
  ];
}

const CONFIG = `// What fiel has to know of this project. Every setting may be left out.
import { defineConfig } from "fiel";

export default defineConfig({
  scenarios: "${DEFAULT_PLACES.scenarios}",
  reports: "${DEFAULT_PLACES.reports}",
  compare: {
    // What "fiel compare main HEAD" plays on both revisions.
    scenario: "first",
    // How it builds them, each in a fresh checkout. By default "npm ci" and "npm run build", as far as
    // the project has them. In other projects, for example:
    // build: ["make"],
  },
});
`;

function scenario({ command, port }: Answers): string {
  const words = wordsOf(command);
  return `// A first scenario: a server and one client. Play it with: npx fiel run first --open
import { defineScenario, exitedCleanly, rssBelowMb } from "fiel";

const PORT = ${port};

// Stands in for your client: connects five times, sends a line, reads the answer. Replace it by your own command, such
// as ["python3", "client.py"].
const CLIENT = \`
  const { connect } = require("node:net");
  const talk = () => connect(\${PORT}, "localhost").resume().end("GET / HTTP/1.0\\\\r\\\\n\\\\r\\\\n");
  for (let time = 0; time < 5; time++) setTimeout(talk, time * 500);
\`;

export default defineScenario({
  name: "first",
  title: "A server and one client",
  description: "The server starts, one client talks to it, the server stops.",
  durationSeconds: 5,
  // Connections are named by the port that was dialled; bytes are reported by name.
  flows: [{ name: "requests", label: "requests", port: PORT }],
  async run(context) {
    context.phase("start");
    const server = await context.start({
      id: "server",
      command: ${JSON.stringify(words).replaceAll(",", ", ")},
    });
    await server.listens(PORT);
    context.phase("talk");
    const client = await context.start({ id: "client", command: ["node", "-e", CLIENT] });
    await client.ended();
    context.phase("idle");
    await context.until(context.durationMs);
    // To end by a signal that the scenario sent counts as a clean exit.
    server.signal("SIGTERM");
    await server.ended();
  },
  // A check that fails makes the exit code 1, and says what to do.
  checks: [exitedCleanly("server"), exitedCleanly("client"), rssBelowMb("server", 500)],
});
`;
}

/** A command that a shell has to read becomes one of the shell. */
function wordsOf(command: string): string[] {
  const { file, args } = commandWords(command)!;
  return [file, ...args];
}

function workflow(reports: string): string {
  return `# Plays the first scenario on every push, and keeps its charts, its page and its numbers.
name: fiel

on: [push, pull_request]

jobs:
  first:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 22
      # Installs what this project needs, and fiel. If fiel is in package.json, "npm ci" alone does it.
      - run: npm install --no-save fiel
      # Shared runners are slow now and then: limits of CPU and latency only warn here.
      - run: npx fiel run first --timing warn
      - name: Put the summary on the page of this run
        if: always()
        run: cat ${reports}/first/summary.md >> "$GITHUB_STEP_SUMMARY"
      - name: Keep the report
        if: always()
        uses: actions/upload-artifact@v4
        with:
          name: fiel-first
          path: |
            ${reports}/**/report.html
            ${reports}/**/*.png
            ${reports}/**/junit.xml
            ${reports}/**/result.json
`;
}
