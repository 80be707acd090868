// Writes docs/peers.md: npx tsx tools/peers/write.ts

import { writeFileSync } from "node:fs";
import { readJson } from "./ours.ts";
import { peersPage } from "./page.ts";
import type { Found } from "./select.ts";

writeFileSync(new URL("../../docs/peers.md", import.meta.url), peersPage(readJson<Found>("found.json")));
