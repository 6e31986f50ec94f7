// What fiel has to know of this project; everything else is the default.
import { defineConfig } from "fiel";

export default defineConfig({
  compare: { scenario: "match" },
});
