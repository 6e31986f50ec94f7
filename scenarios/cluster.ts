import { exitedCleanly } from "fiel";
import { clusterScenario } from "./shared/cluster-play.ts";

export default clusterScenario({
  name: "cluster",
  title: "Three servers, one game",
  description:
    "Three servers, each in a network of its own, share PostgreSQL and Redis; 30 bots spread over them play 60 matches with whoever is free, 30 s.",
  matches: 60,
  checks: [exitedCleanly("one"), exitedCleanly("two"), exitedCleanly("three")],
});
